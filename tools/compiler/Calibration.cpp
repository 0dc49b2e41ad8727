//===- Calibration.cpp - Samples for the stage quantize ---------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/Calibration.h"

#include "passes/Cost/PriceTable.h"
#include "tools/compiler/Compiler.h"
#include "tools/compiler/Diagnostics.h"
#include "tools/compiler/Interpretation.h"
#include "tools/tensor-files/Samples.h"

namespace shiftadd::tools {

static bool fail(Failure &failure, std::vector<std::string> lines) {
  failure.code = ExitInvalidInput;
  failure.lines = std::move(lines);
  return false;
}

/// The prices of the table that the report uses as well.
static llvm::Error setPrices(const CompilerOptions &options,
                             calibration::CostBudget &budget) {
  auto table = PriceTable::load(options.priceTable);
  if (!table)
    return table.takeError();
  auto set = [&](OperationKind kind, double &price) {
    if (auto found = table->getPrice(kind, NumberFormat{false, 8}))
      price = found->picojoules;
  };
  set(OperationKind::Multiply, budget.multiplyPrice);
  set(OperationKind::Add, budget.addPrice);
  set(OperationKind::Shift, budget.shiftPrice);
  return llvm::Error::success();
}

bool calibrateModule(const CompilerOptions &options, mlir::ModuleOp module,
                     Failure &failure) {
  auto function = module.lookupSymbol<mlir::func::FuncOp>("main");
  if (!function)
    return fail(failure, {"error: --calibrate needs a function @main"});
  const CalibrationRequest &request = options.calibration;
  std::vector<TensorSpec> specs = getInputSpecs(function);
  Normalisation normalisation;
  if (!options.preprocessing.mean.empty())
    normalisation.mean = options.preprocessing.mean;
  if (!options.preprocessing.scale.empty())
    normalisation.scale = options.preprocessing.scale;
  Samples loaded;
  std::string error;
  if (!loadSamples(request.data, specs, normalisation, request.samples, loaded,
                   error))
    return fail(failure, {"error: " + error});
  calibration::CalibrationSamples samples;
  samples.count = loaded.count;
  for (auto [index, tensor] : llvm::enumerate(loaded.inputs))
    samples.arguments.push_back(
        {llvm::ArrayRef<char>(
             reinterpret_cast<const char *>(tensor.bytes.data()),
             tensor.bytes.size()),
         bool(loaded.plan.shared[index])});
  calibration::CalibrationOptions settings = request.options;
  settings.threads = options.threads;
  if (auto error = setPrices(options, settings.budget))
    return fail(failure, {"error: " + llvm::toString(std::move(error))});
  calibration::CalibrationReport report;
  DiagnosticCollector diagnostics(module.getContext());
  if (mlir::failed(calibration::calibrate(function, samples, settings, report)))
    return fail(failure, diagnostics.take());
  if (request.report)
    request.report(report);
  return true;
}

} // namespace shiftadd::tools

//===- Calibration.cpp - Samples for the stage quantize ---------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/Calibration.h"

#include "tools/compiler/Compiler.h"
#include "tools/compiler/Diagnostics.h"
#include "tools/compiler/Interpretation.h"
#include "tools/tensor-files/Samples.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace shiftadd::tools {

static bool fail(Failure &failure, std::vector<std::string> lines) {
  failure.code = ExitInvalidInput;
  failure.lines = std::move(lines);
  return false;
}

namespace {

/// While one is there, memory that is freed stays with the process. Values of
/// all samples are so large that the system would take their pages back, and
/// giving zeroed ones anew for every layer costs it half as much time as the
/// arithmetic takes.
class FreedMemoryIsKept {
public:
#ifdef __GLIBC__
  FreedMemoryIsKept() {
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, -1);
    mallopt(M_TOP_PAD, 64 << 20);
  }
  ~FreedMemoryIsKept() {
    // The defaults of the C library.
    mallopt(M_MMAP_MAX, 65536);
    mallopt(M_TRIM_THRESHOLD, 128 << 10);
    mallopt(M_TOP_PAD, 128 << 10);
    malloc_trim(0);
  }
#else
  FreedMemoryIsKept() {}
#endif
  FreedMemoryIsKept(const FreedMemoryIsKept &) = delete;
  FreedMemoryIsKept &operator=(const FreedMemoryIsKept &) = delete;
};

} // namespace

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
  if (loaded.hasPictures && loaded.inputs[0].type != SHIFTADD_UINT8 &&
      options.preprocessing.mean.empty() &&
      options.preprocessing.scale.empty() && request.options.warn)
    request.options.warn(request.data +
                         ": pictures are taken as values from 0 to 255; "
                         "--image-mean and --image-scale give others");
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
  auto prices = PriceTable::load(options.priceTable);
  if (!prices)
    return fail(failure, {"error: " + llvm::toString(prices.takeError())});
  settings.budget.prices = std::move(*prices);
  FreedMemoryIsKept memory;
  calibration::CalibrationReport report;
  DiagnosticCollector diagnostics(module.getContext());
  if (mlir::failed(calibration::calibrate(function, samples, settings, report)))
    return fail(failure, diagnostics.take());
  if (request.report)
    request.report(report);
  return true;
}

} // namespace shiftadd::tools

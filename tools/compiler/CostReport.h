//===- CostReport.h - What a network costs, before and after -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The report is one JSON document (docs/energy.md describes it); the table and
// the page print what it says, so that the three cannot disagree.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_COMPILER_COSTREPORT_H
#define SHIFTADD_TOOLS_COMPILER_COSTREPORT_H

#include "passes/Calibration/Calibrate.h"
#include "passes/Cost/NetworkCost.h"
#include "tools/compiler/Stages.h"

#include "llvm/Support/JSON.h"

#include <map>

namespace shiftadd::tools {

/// The schema of the report.
inline constexpr int64_t kReportVersion = 1;

/// Collects the costs of a network while it passes through the stages.
class CostReport {
public:
  CostReport(PriceTable table, std::string model)
      : table(std::move(table)), model(std::move(model)),
        memory(this->table.getMemory()) {}

  /// The network as imported: a module of the stage normalize.
  llvm::Error setImported(mlir::ModuleOp module);
  /// The compiled network: a module of any later stage.
  llvm::Error setCompiled(mlir::ModuleOp module);
  /// What the calibration has measured between the two.
  void setCalibration(const calibration::CalibrationReport &calibration);
  /// What the compiled library says about itself: the unit that runs each
  /// layer, the arena, the targets.
  llvm::Error setLibrary(llvm::StringRef libraryJson);

  llvm::json::Object build() const;

private:
  llvm::Expected<NetworkCost> count(mlir::ModuleOp module,
                                    const NetworkCost *before);
  llvm::json::Object buildLayer(const LayerCost &layer,
                                const LayerCost *before) const;
  /// Totals and the sentences that they allow (E15 to E17).
  void addTotals(llvm::json::Object &root) const;

  PriceTable table;
  std::string model;
  MemoryModel memory;
  std::optional<NetworkCost> imported, compiled;
  std::map<std::string, std::string> units;
  /// In dB, by the layers' ONNX nodes.
  std::map<std::string, double> signalToNoise;
  std::optional<llvm::json::Object> calibrated;
  llvm::json::Object library;
};

/// Counts, memory accesses and energy of one form of a layer or network.
llvm::json::Object getFormObject(const LayerForm &form,
                                 const PriceTable &table);

/// The energy of all taps if they ran at one format, for several tables.
llvm::json::Array getTapsAtFormats(const NetworkCost &network,
                                   const PriceTable &chosen);

/// The report as a text table, and as a page of HTML that needs nothing else.
std::string getReportTable(const llvm::json::Object &report);
std::string getReportPage(const llvm::json::Object &report);

/// Numbers as all forms of the report print them.
std::string formatCount(int64_t count);       ///< 40812544
std::string formatMicrojoules(double energy); ///< four significant digits
double roundForReport(double value);          ///< nine significant digits

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_COSTREPORT_H

//===- Report.cpp - Writes the report in the form asked for -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the report says is CostReport's; how it looks, that of each form.
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/Artifacts.h"
#include "tools/compiler/CostReport.h"

#include "llvm/Support/FormatVariadic.h"

namespace shiftadd::tools {

llvm::Error writeReport(const CostReport &report,
                        const CompilerOptions &options) {
  llvm::json::Object object = report.build();
  std::string text;
  switch (options.report) {
  case ReportForm::None:
    return llvm::Error::success();
  case ReportForm::Table:
    text = getReportTable(object);
    break;
  case ReportForm::Json:
    text = llvm::formatv("{0:2}\n", llvm::json::Value(std::move(object)));
    break;
  case ReportForm::Html:
    text = getReportPage(object);
    break;
  }
  return writeText(options.reportFile.empty() ? "-" : options.reportFile, text);
}

} // namespace shiftadd::tools

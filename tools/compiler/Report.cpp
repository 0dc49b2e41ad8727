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

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"

namespace shiftadd::tools {

static std::string print(const llvm::json::Object &report, ReportForm form) {
  switch (form) {
  case ReportForm::Table:
    return getReportTable(report);
  case ReportForm::Json:
    return llvm::formatv("{0:2}\n",
                         llvm::json::Value(llvm::json::Object(report)));
  case ReportForm::Html:
    return getReportPage(report);
  }
  return "";
}

llvm::Error writeReports(const CostReport &report,
                         const CompilerOptions &options) {
  llvm::json::Object object = report.build();
  // What has gone to the standard output cannot be taken back: files first.
  std::vector<std::string> written;
  for (bool toFile : {true, false})
    for (const ReportRequest &request : options.reports) {
      if (toFile == request.file.empty())
        continue;
      if (auto error = writeText(toFile ? request.file : "-",
                                 print(object, request.form))) {
        for (const std::string &file : written)
          llvm::sys::fs::remove(file);
        return error;
      }
      if (toFile)
        written.push_back(request.file);
    }
  return llvm::Error::success();
}

} // namespace shiftadd::tools

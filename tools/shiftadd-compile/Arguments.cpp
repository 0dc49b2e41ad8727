//===- Arguments.cpp - Arguments of shiftadd-compile that have a form -*- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/shiftadd-compile/Arguments.h"

#include "tools/compiler/FixedValues.h"
#include "tools/tensor-files/TensorFiles.h"

#include "llvm/ADT/StringExtras.h"

namespace shiftadd::tools {

static llvm::Error wrongForm(llvm::StringRef option, llvm::StringRef argument,
                             llvm::StringRef form) {
  return llvm::createStringError(option + " takes " + form + ", not '" +
                                 argument + "'");
}

static bool parseIntegers(llvm::StringRef text, std::vector<int64_t> &numbers) {
  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, ',');
  for (llvm::StringRef part : parts) {
    int64_t number = 0;
    if (part.trim().getAsInteger(10, number))
      return false;
    numbers.push_back(number);
  }
  return true;
}

llvm::Error addShape(llvm::StringRef argument, CompilerOptions &options) {
  // Names may hold '=' themselves; sizes cannot.
  auto [name, sizes] = argument.rsplit('=');
  std::vector<int64_t> shape;
  bool valid = argument.contains('=') && !name.empty();
  if (valid && !sizes.empty())
    valid = parseIntegers(sizes, shape);
  if (!valid || llvm::any_of(shape, [](int64_t size) { return size < 0; }))
    return wrongForm("--shape", argument, "NAME=1,3,224,224");
  options.import.shapes[name.str()] = shape;
  return llvm::Error::success();
}

llvm::Error addValue(llvm::StringRef argument, CompilerOptions &options) {
  auto [name, text] = argument.split('=');
  if (!argument.contains('=') || name.empty() || text.empty())
    return wrongForm("--value", argument,
                     "NAME=1,2,3 or NAME=FILE.npy or NAME=FILE.pb");
  onnx_import::FixedValue value;
  std::vector<int64_t> numbers;
  if (parseIntegers(text, numbers)) {
    value.type = 7;
    value.shape = {int64_t(numbers.size())};
    const char *start = reinterpret_cast<const char *>(numbers.data());
    value.bytes.assign(start, start + numbers.size() * sizeof(int64_t));
  } else {
    Tensor tensor;
    std::string error;
    if (!readTensor(text.str(), tensor, error))
      return llvm::createStringError(error);
    value = getFixedValue(tensor);
  }
  options.import.values[name.str()] = std::move(value);
  return llvm::Error::success();
}

llvm::Error addReport(llvm::StringRef argument, CompilerOptions &options) {
  auto [form, file] = argument.split(':');
  ReportRequest request;
  if (form == "table")
    request.form = ReportForm::Table;
  else if (form == "json")
    request.form = ReportForm::Json;
  else if (form == "html")
    request.form = ReportForm::Html;
  else
    return wrongForm("--report", argument,
                     "table, json or html, or one of them and :FILE");
  request.file = file.str();
  options.reports.push_back(std::move(request));
  return llvm::Error::success();
}

llvm::Expected<std::vector<double>> parseNumbers(llvm::StringRef option,
                                                 llvm::StringRef argument) {
  std::vector<double> numbers;
  if (argument.empty())
    return numbers;
  llvm::SmallVector<llvm::StringRef> parts;
  argument.split(parts, ',');
  for (llvm::StringRef part : parts) {
    double number = 0;
    if (part.trim().getAsDouble(number))
      return wrongForm(option, argument, "numbers separated by commas");
    numbers.push_back(number);
  }
  if (numbers.size() != 1 && numbers.size() != 3)
    return llvm::createStringError(option + " takes 1 or 3 numbers, not " +
                                   llvm::Twine(numbers.size()));
  return numbers;
}

} // namespace shiftadd::tools

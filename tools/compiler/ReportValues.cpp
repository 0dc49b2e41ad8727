//===- ReportValues.cpp - What the forms of the report read from it -*- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The report is the compiler's own, so nothing here fails.
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/ReportValues.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace shiftadd::tools {

/// What a missing member reads as.
static const llvm::json::Object &getNothing() {
  static const llvm::json::Object nothing;
  return nothing;
}

std::string ReportValues::text(llvm::StringRef key) const {
  return object.getString(key).value_or("").str();
}

int64_t ReportValues::count(llvm::StringRef key) const {
  return object.getInteger(key).value_or(0);
}

int64_t ReportValues::count(llvm::StringRef outer, llvm::StringRef key) const {
  return nested(outer).count(key);
}

double ReportValues::number(llvm::StringRef key) const {
  return object.getNumber(key).value_or(0);
}

std::vector<std::string> ReportValues::texts(llvm::StringRef key) const {
  std::vector<std::string> found;
  if (const auto *array = object.getArray(key))
    for (const llvm::json::Value &value : *array)
      if (auto word = value.getAsString())
        found.push_back(word->str());
  return found;
}

std::vector<ReportValues> ReportValues::objects(llvm::StringRef key) const {
  std::vector<ReportValues> found;
  if (const auto *array = object.getArray(key))
    for (const llvm::json::Value &value : *array)
      if (const auto *member = value.getAsObject())
        found.emplace_back(*member);
  return found;
}

ReportValues ReportValues::nested(llvm::StringRef key) const {
  const auto *member = object.getObject(key);
  return ReportValues(member ? *member : getNothing());
}

std::string ReportValues::output() const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (const auto *sizes = object.getArray("output_shape"))
    llvm::interleave(
        *sizes, stream,
        [&](const llvm::json::Value &size) {
          if (size.getAsInteger().value_or(0) < 0)
            stream << "?";
          else
            stream << size;
        },
        "x");
  if (!text.empty())
    stream << " " << object.getString("output_format").value_or("");
  return text;
}

std::string ReportValues::formats() const {
  if (!has("activation_format"))
    return "";
  return text("activation_format") + " x " + text("weight_format");
}

int64_t ReportValues::operations(llvm::StringRef form,
                                 llvm::StringRef operation) const {
  int64_t total = 0;
  ReportValues counts = nested(form);
  for (const char *part : {"operations_of_taps", "other_operations"})
    for (const ReportValues &row : counts.objects(part))
      if (row.text("operation") == operation)
        total += row.count("count");
  return total;
}

double ReportValues::energy(llvm::StringRef form, llvm::StringRef part) const {
  return nested(form).nested("energy_uj").number(part);
}

std::string ReportValues::sumsNote() const {
  bool fits = true;
  for (const ReportValues &layer : objects("layers"))
    for (const ReportValues &sum : layer.objects("sums"))
      fits &= sum.count("headroom_bits") >= 0;
  return std::string("Every interval follows from the weights and from the "
                     "codes that the inputs can have (N45): it is exact, and "
                     "for products of two activations a bound. ") +
         (fits ? "All sums fit their widths: none can overflow."
               : "Sums without headroom can overflow.");
}

std::vector<ComparedNetwork> ReportValues::networks() const {
  ReportValues totals = nested("totals");
  std::vector<ComparedNetwork> found;
  if (totals.has("imported"))
    found.push_back({"imported", "imported"});
  found.push_back({"baseline_int8", "int8 multipliers"});
  // The same figures twice say nothing.
  for (const char *part : {"arithmetic", "on_chip_memory", "dram"})
    if (totals.energy("baseline_equal_precision", part) !=
        totals.energy("baseline_int8", part)) {
      found.push_back({"baseline_equal_precision", "equal precision"});
      break;
    }
  found.push_back({"compiled", "compiled"});
  return found;
}

} // namespace shiftadd::tools

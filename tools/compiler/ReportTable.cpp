//===- ReportTable.cpp - The report as a text table -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Blocks of one row per layer: counts, integer sums, energy. Then the totals in
// words and everything the figures rest on.
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/CostReport.h"
#include "tools/compiler/ReportValues.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

namespace shiftadd::tools {

namespace {

/// Columns as wide as what stands in them; texts to the left, numbers to the
/// right. Columns with nothing below the first row are left out.
class TextTable {
public:
  void add(std::vector<std::string> cells) { rows.push_back(std::move(cells)); }
  /// Columns that hold texts.
  void setText(std::vector<size_t> columns) { texts = std::move(columns); }

  void print(llvm::raw_ostream &stream) const {
    std::vector<size_t> widths;
    std::vector<bool> used;
    for (const auto &row : rows)
      for (auto [column, cell] : llvm::enumerate(row)) {
        if (column == widths.size()) {
          widths.push_back(0);
          used.push_back(false);
        }
        widths[column] = std::max(widths[column], cell.size());
        used[column] = used[column] || (&row != &rows.front() && !cell.empty());
      }
    for (const auto &row : rows) {
      std::string line;
      for (auto [column, cell] : llvm::enumerate(row)) {
        if (!used[column])
          continue;
        std::string space(widths[column] - cell.size(), ' ');
        line += column ? "  " : "";
        line += llvm::is_contained(texts, column) ? cell + space : space + cell;
      }
      stream << llvm::StringRef(line).rtrim() << "\n";
    }
  }

private:
  std::vector<std::vector<std::string>> rows;
  std::vector<size_t> texts;
};

std::string describeTerms(const ReportValues &layer) {
  return layer.has("terms_per_tap")
             ? llvm::formatv("{0:f2}", layer.number("terms_per_tap")).str()
             : "";
}

std::string describeNoise(const ReportValues &layer) {
  return layer.has("signal_to_noise_db")
             ? llvm::formatv("{0:f1}", layer.number("signal_to_noise_db")).str()
             : "";
}

void printCounts(const ReportValues &report, llvm::raw_ostream &stream) {
  TextTable table;
  table.setText({0, 1, 2, 11, 12});
  table.add({"layer", "output", "formats", "taps", "mults", "adds", "shifts",
             "terms/tap", "weight bytes", "constant bytes", "SNR dB", "unit",
             "ops"});
  auto add = [&](const ReportValues &layer, const std::string &name,
                 const std::string &noise) {
    int64_t taps = 0;
    for (const char *kind : {"multiply", "shift", "adder"})
      taps += layer.count("taps", kind);
    table.add({name, layer.output(), layer.formats(), formatCount(taps),
               formatCount(layer.operations("compiled", "multiply")),
               formatCount(layer.operations("compiled", "add")),
               formatCount(layer.operations("compiled", "shift")),
               describeTerms(layer), formatCount(layer.count("weight_bytes")),
               formatCount(layer.count("constant_bytes")), noise,
               layer.text("unit"), llvm::join(layer.texts("ops"), " ")});
  };
  for (const ReportValues &layer : report.objects("layers"))
    add(layer, layer.text("name"), describeNoise(layer));
  add(report.nested("totals"), "total",
      describeNoise(report.nested("calibration")));
  table.print(stream);
}

/// What every sum of integers can reach, and what holds it.
void printSums(const ReportValues &report, llvm::raw_ostream &stream) {
  TextTable table;
  table.setText({0, 1, 8});
  table.add({"integer sums", "op", "smallest", "largest", "bits", "of",
             "headroom", "scaled bits", "scaled in"});
  bool any = false;
  for (const ReportValues &layer : report.objects("layers"))
    for (const ReportValues &sum : layer.objects("sums")) {
      any = true;
      table.add(
          {layer.text("name"), sum.text("op"), formatCount(sum.count("low")),
           formatCount(sum.count("high")), formatCount(sum.count("bits")),
           formatCount(sum.count("width")),
           formatCount(sum.count("headroom_bits")),
           sum.has("scaled_bits") ? formatCount(sum.count("scaled_bits")) : "",
           sum.text("arithmetic")});
    }
  if (!any)
    return;
  table.print(stream);
  stream << report.sumsNote() << "\n\n";
}

void printEnergy(const ReportValues &report, llvm::raw_ostream &stream) {
  const std::pair<const char *, const char *> parts[] = {
      {"arithmetic", "arithmetic:"},
      {"on_chip_memory", "on-chip memory:"},
      {"dram", "DRAM:"}};
  std::vector<ComparedNetwork> networks = report.networks();
  TextTable table;
  table.setText({0});
  std::vector<std::string> groups{"energy, uJ (modelled)"}, heading{""};
  for (const auto &[key, name] : parts)
    for (const ComparedNetwork &network : networks) {
      groups.push_back(&network == &networks.front() ? name : "");
      heading.push_back(network.heading.str());
    }
  table.add(std::move(groups));
  table.add(std::move(heading));
  auto add = [&](const ReportValues &layer, const std::string &name) {
    std::vector<std::string> row{name};
    for (const auto &[key, heading] : parts)
      for (const ComparedNetwork &network : networks)
        row.push_back(layer.has(network.key)
                          ? formatMicrojoules(layer.energy(network.key, key))
                          : "-");
    table.add(std::move(row));
  };
  for (const ReportValues &layer : report.objects("layers"))
    add(layer, layer.text("name"));
  add(report.nested("totals"), "total");
  table.print(stream);
}

void printTapsAtFormats(const ReportValues &report, llvm::raw_ostream &stream) {
  TextTable table;
  table.setText({0, 1});
  table.add({"arithmetic of the taps, uJ, if all ran at", "",
             "with multipliers", "as compiled"});
  for (const ReportValues &row : report.objects("taps_at_formats"))
    table.add({row.text("price_table"), row.text("format"),
               formatMicrojoules(row.number("multipliers_uj")),
               formatMicrojoules(row.number("compiled_uj"))});
  table.print(stream);
}

void printFoundations(const ReportValues &report, llvm::raw_ostream &stream) {
  for (const auto &[key, name] : {std::pair("price_table", "prices"),
                                  std::pair("memory_model", "memory")}) {
    ReportValues source = report.nested(key);
    stream << name << ": " << source.text("name") << ", version "
           << source.text("version") << "; source: " << source.text("source")
           << "\n";
  }
  std::vector<std::string> derived;
  for (const ReportValues &price : report.objects("prices"))
    if (price.text("origin") != "stated")
      derived.push_back(llvm::formatv(
          "{0} {1} {2} pJ ({3})", price.text("operation"), price.text("format"),
          formatMicrojoules(price.number("picojoules")), price.text("origin")));
  if (!derived.empty())
    stream << "prices that the table does not state: "
           << llvm::join(derived, ", ") << "\n";
  std::vector<std::string> unpriced;
  for (const ReportValues &price : report.objects("unpriced"))
    unpriced.push_back(price.text("operation") + " " + price.text("format"));
  if (!unpriced.empty())
    stream << "without a price, not part of the energy: "
           << llvm::join(unpriced, ", ") << "\n";
  for (const std::string &convention : report.texts("conventions"))
    stream << "- " << convention << "\n";
}

} // namespace

std::string getReportTable(const llvm::json::Object &object) {
  ReportValues report(object);
  std::string text;
  llvm::raw_string_ostream stream(text);
  printCounts(report, stream);
  ReportValues library = report.nested("library");
  if (library.has("targets"))
    stream << "arena " << library.count("arena_bytes") << " bytes (at least "
           << library.count("live_bytes") << " live at once); target "
           << llvm::join(library.texts("targets"), ", ") << "\n";
  if (ReportValues calibration = report.nested("calibration");
      calibration.count("samples"))
    stream
        << "SNR: signal-to-noise of each layer's sum, and in the last row of "
           "the outputs, against the float network over "
        << calibration.count("samples") << " calibration samples\n";
  stream << "\n";
  printSums(report, stream);
  printEnergy(report, stream);
  stream << "\n";
  for (const std::string &sentence : report.texts("sentences"))
    stream << sentence << "\n";
  stream << "\n";
  printTapsAtFormats(report, stream);
  stream << "\n";
  printFoundations(report, stream);
  return text;
}

} // namespace shiftadd::tools

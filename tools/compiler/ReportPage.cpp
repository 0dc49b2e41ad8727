//===- ReportPage.cpp - The report as a page of HTML -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One file without scripts and without anything from elsewhere. Every bar has
// its figure as text beside it.
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/CostReport.h"
#include "tools/compiler/ReportValues.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

namespace shiftadd::tools {

static constexpr llvm::StringLiteral kStyle[] = {
#include "tools/compiler/ReportPage.inc"
};

namespace {

/// Names come from model files: nothing in them may become markup.
std::string escape(llvm::StringRef text) {
  std::string safe;
  llvm::raw_string_ostream stream(safe);
  llvm::printHTMLEscaped(text, stream);
  return safe;
}

/// 40 812 544, with spaces that do not break.
std::string group(int64_t count) {
  std::string digits = std::to_string(count), grouped;
  if (count < 0)
    grouped = "&minus;";
  llvm::StringRef magnitude = llvm::StringRef(digits).drop_front(count < 0);
  for (auto [index, digit] : llvm::enumerate(magnitude)) {
    if (index && (magnitude.size() - index) % 3 == 0)
      grouped += "&#8239;";
    grouped += digit;
  }
  return grouped;
}

std::string microjoules(double energy) {
  return formatMicrojoules(energy) + "&nbsp;µJ";
}

class Page {
public:
  Page(const ReportValues &report, llvm::raw_ostream &stream)
      : report(report), stream(stream), networks(report.networks()) {}

  void print() {
    std::string model = escape(report.text("model"));
    stream << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
           << "<meta charset=\"utf-8\">\n"
           << "<meta name=\"viewport\" content=\"width=device-width, "
              "initial-scale=1\">\n"
           << "<title>Cost of " << model << "</title>\n<style>\n"
           << kStyle[0] << "</style>\n</head>\n<body>\n<header>\n<h1>Cost of "
           << model << "</h1>\n";
    ReportValues prices = report.nested("price_table");
    stream << "<p class=\"quiet\">Modelled, not measured. Prices: "
           << escape(prices.text("name")) << ", version "
           << escape(prices.text("version")) << ".</p>\n";
    printSentences();
    printKey();
    stream << "</header>\n<main>\n";
    printParts();
    printLayers();
    printSums();
    printTapsAtFormats();
    printFoundations();
    stream << "</main>\n</body>\n</html>\n";
  }

private:
  void printSentences() {
    stream << "<ul class=\"sentences\">\n";
    for (const std::string &sentence : report.texts("sentences"))
      stream << "<li>" << escape(sentence) << "</li>\n";
    stream << "</ul>\n";
  }

  void printKey() {
    stream << "<ul class=\"key\" aria-label=\"Colours of the bars\">\n";
    for (const ComparedNetwork &network : networks)
      stream << "<li><span class=\"" << network.key
             << "\" aria-hidden=\"true\"></span>" << network.heading
             << "</li>\n";
    stream << "</ul>\n";
  }

  void printTrack(llvm::StringRef key, double value, double most) {
    double width = most > 0 ? 100 * value / most : 0;
    stream << "<div class=\"track\" aria-hidden=\"true\">";
    if (width > 0)
      stream << "<i class=\"" << key
             << "\" style=\"width:" << llvm::formatv("{0:f2}", width)
             << "%\"></i>";
    stream << "</div>";
  }

  /// Totals by part; the parts are never added up.
  void printParts() {
    const std::pair<const char *, const char *> parts[] = {
        {"arithmetic", "Arithmetic"},
        {"on_chip_memory", "On-chip memory"},
        {"dram", "DRAM"}};
    ReportValues totals = report.nested("totals");
    stream << "<h2>The whole network</h2>\n<div class=\"parts\">\n";
    for (const auto &[part, heading] : parts) {
      double most = 0;
      for (const ComparedNetwork &network : networks)
        most = std::max(most, totals.energy(network.key, part));
      stream << "<section class=\"part\">\n<h3>" << heading << "</h3>\n";
      for (const ComparedNetwork &network : networks) {
        double value = totals.energy(network.key, part);
        stream << "<div class=\"row\"><span>" << network.heading << "</span>";
        printTrack(network.key, value, most);
        stream << "<output>" << microjoules(value) << "</output></div>\n";
      }
      stream << "</section>\n";
    }
    stream << "</div>\n";
  }

  /// Bars of some networks, on one scale for the whole column.
  void printBars(const ReportValues &layer,
                 llvm::ArrayRef<ComparedNetwork> shown, double most) {
    stream << "<td class=\"bars\">";
    for (const ComparedNetwork &network : shown) {
      if (!layer.has(network.key))
        continue;
      double value = layer.energy(network.key, "arithmetic");
      stream << "<div class=\"bar\">";
      printTrack(network.key, value, most);
      stream << "<output><span class=\"hidden\">" << network.heading
             << ": </span>" << microjoules(value) << "</output></div>";
    }
    stream << "</td>";
  }

  double getMost(llvm::ArrayRef<ReportValues> layers,
                 llvm::ArrayRef<ComparedNetwork> shown) const {
    double most = 0;
    for (const ReportValues &layer : layers)
      for (const ComparedNetwork &network : shown)
        most = std::max(most, layer.energy(network.key, "arithmetic"));
    return most;
  }

  void printCells(const ReportValues &layer, bool isTotal) {
    int64_t taps = 0;
    for (const char *kind : {"multiply", "shift", "adder"})
      taps += layer.count("taps", kind);
    auto number = [&](const std::string &text) {
      stream << "<td class=\"number" << (text == "0" ? " quiet" : "") << "\">"
             << text << "</td>";
    };
    auto text = [&](const std::string &words) {
      stream << "<td>" << escape(words) << "</td>";
    };
    stream << "<td>" << escape(isTotal ? "" : layer.output())
           << "<small class=\"quiet\">" << escape(layer.formats())
           << "</small></td>";
    if (hasUnits)
      text(layer.text("unit"));
    number(group(taps));
    for (const char *operation : {"multiply", "add", "shift"})
      number(group(layer.operations("compiled", operation)));
    number(layer.has("terms_per_tap")
               ? llvm::formatv("{0:f2}", layer.number("terms_per_tap")).str()
               : "");
    number(group(layer.count("weight_bytes")));
    if (hasNoise) {
      ReportValues source = isTotal ? report.nested("calibration") : layer;
      number(source.has("signal_to_noise_db")
                 ? llvm::formatv("{0:f1}&nbsp;dB",
                                 source.number("signal_to_noise_db"))
                       .str()
                 : "");
    }
    ReportValues range = layer.nested("accumulator");
    if (layer.has("accumulator"))
      stream << "<td>" << range.count("bits") << " of " << range.count("width")
             << " bits<span class=\"range quiet\">" << group(range.count("low"))
             << " to " << group(range.count("high")) << "</span></td>";
    else
      text("");
  }

  void printMemory(const ReportValues &layer) {
    for (const char *part : {"on_chip_memory", "dram"}) {
      stream << "<td class=\"number\">";
      for (llvm::StringRef key : {"baseline_int8", "compiled"})
        stream << (key == "compiled" ? "<br>" : "")
               << microjoules(layer.energy(key, part));
      stream << "</td>";
    }
  }

  void printLayers() {
    std::vector<ReportValues> layers = report.objects("layers");
    for (const ReportValues &layer : layers) {
      hasUnits |= layer.has("unit");
      hasNoise |= layer.has("signal_to_noise_db");
    }
    std::vector<ComparedNetwork> across, equal;
    for (const ComparedNetwork &network : networks) {
      if (network.key == "imported" || network.key == "compiled")
        across.push_back(network);
      if (network.key != "imported")
        equal.push_back(network);
    }
    bool hasImported = across.size() > 1;
    double mostAcross = getMost(layers, across),
           mostEqual = getMost(layers, equal);

    stream
        << "<h2>Layers</h2>\n<div class=\"scroll\" tabindex=\"0\" "
           "role=\"region\" aria-label=\"Layers\">\n<table>\n<caption>Counts "
           "are those of the compiled layer, per sample. Bars show "
           "arithmetic; each column of bars has one scale.</caption>\n"
           "<thead><tr><th scope=\"col\">Layer</th><th scope=\"col\">Output"
           "</th>";
    if (hasUnits)
      stream << "<th scope=\"col\">CPU unit</th>";
    for (const char *heading :
         {"Taps", "Mults", "Adds", "Shifts", "Terms per tap"})
      stream << "<th scope=\"col\" class=\"number\">" << heading << "</th>";
    stream << "<th scope=\"col\" class=\"number\">Weight bytes</th>";
    if (hasNoise)
      stream << "<th scope=\"col\" class=\"number\">Signal to noise<small "
                "class=\"quiet\">of the sum</small></th>";
    stream << "<th scope=\"col\">Accumulator</th>";
    if (hasImported)
      stream << "<th scope=\"col\">Arithmetic<small class=\"quiet\">imported, "
                "compiled</small></th>";
    stream << "<th scope=\"col\">Arithmetic<small class=\"quiet\">multipliers, "
              "compiled</small></th><th scope=\"col\" class=\"number\">On-chip "
              "memory<small class=\"quiet\">int8 multipliers, compiled</small>"
              "</th><th scope=\"col\" class=\"number\">DRAM<small "
              "class=\"quiet\">int8 multipliers, compiled</small></th>"
              "</tr></thead>\n<tbody>\n";
    for (const ReportValues &layer : layers) {
      stream << "<tr><th scope=\"row\">" << escape(layer.text("name"))
             << "<small>" << escape(llvm::join(layer.texts("ops"), ", "))
             << "</small></th>";
      printCells(layer, /*isTotal=*/false);
      if (hasImported)
        printBars(layer, across, mostAcross);
      printBars(layer, equal, mostEqual);
      printMemory(layer);
      stream << "</tr>\n";
    }
    ReportValues totals = report.nested("totals");
    stream << "</tbody>\n<tfoot><tr><th scope=\"row\">Total</th>";
    printCells(totals, /*isTotal=*/true);
    if (hasImported)
      printBars(totals, across, 0);
    printBars(totals, equal, 0);
    printMemory(totals);
    stream << "</tr></tfoot>\n</table>\n</div>\n";
  }

  /// The proof that no sum overflows.
  void printSums() {
    std::vector<std::pair<std::string, ReportValues>> sums;
    for (const ReportValues &layer : report.objects("layers"))
      for (const ReportValues &sum : layer.objects("sums"))
        sums.emplace_back(layer.text("name"), sum);
    if (sums.empty())
      return;
    stream << "<h2>What the integer sums reach</h2>\n<div class=\"scroll\" "
              "tabindex=\"0\" role=\"region\" aria-label=\"Integer "
              "sums\">\n<table class=\"small\">\n<caption>"
           << report.sumsNote()
           << "</caption>\n<thead><tr><th scope=\"col\">Layer</th><th "
              "scope=\"col\">Op</th>";
    for (const char *heading : {"Smallest", "Largest", "Bits", "Width",
                                "Headroom", "Bits when scaled"})
      stream << "<th scope=\"col\" class=\"number\">" << heading << "</th>";
    stream << "<th scope=\"col\">Scaled in</th></tr></thead>\n<tbody>\n";
    for (const auto &[name, sum] : sums) {
      stream << "<tr><th scope=\"row\">" << escape(name) << "</th><td>"
             << escape(sum.text("op")) << "</td>";
      for (const char *key :
           {"low", "high", "bits", "width", "headroom_bits", "scaled_bits"})
        stream << "<td class=\"number\">"
               << (sum.has(key) ? group(sum.count(key)) : std::string())
               << "</td>";
      stream << "<td>" << escape(sum.text("arithmetic")) << "</td></tr>\n";
    }
    stream << "</tbody>\n</table>\n</div>\n";
  }

  void printTapsAtFormats() {
    stream << "<h2>The same taps at other widths</h2>\n<div class=\"scroll\" "
              "tabindex=\"0\" role=\"region\" aria-label=\"Taps at other "
              "widths\">\n<table class=\"small\">\n<caption>Arithmetic of the "
              "sums over weights if all of them ran at one width; shifts and "
              "their additions run on integers of that width.</caption>\n"
              "<thead><tr><th scope=\"col\">Prices</th><th scope=\"col\">Width"
              "</th><th scope=\"col\" class=\"number\">With multipliers</th>"
              "<th scope=\"col\" class=\"number\">As compiled</th></tr>"
              "</thead>\n<tbody>\n";
    for (const ReportValues &row : report.objects("taps_at_formats"))
      stream << "<tr><td>" << escape(row.text("price_table")) << "</td><td>"
             << escape(row.text("format")) << "</td><td class=\"number\">"
             << microjoules(row.number("multipliers_uj"))
             << "</td><td class=\"number\">"
             << microjoules(row.number("compiled_uj")) << "</td></tr>\n";
    stream << "</tbody>\n</table>\n</div>\n";
  }

  void printFoundations() {
    stream << "<h2>What the figures rest on</h2>\n<dl>\n";
    for (const auto &[key, name] : {std::pair("price_table", "Prices"),
                                    std::pair("memory_model", "Memory")}) {
      ReportValues source = report.nested(key);
      stream << "<dt>" << name << "</dt><dd>" << escape(source.text("name"))
             << ", version " << escape(source.text("version"))
             << ". Source: " << escape(source.text("source")) << "</dd>\n";
    }
    stream << "</dl>\n<ul>\n";
    for (const std::string &convention : report.texts("conventions"))
      stream << "<li>" << escape(convention) << "</li>\n";
    stream
        << "</ul>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
           "aria-label=\"Prices\">\n<table class=\"small\">\n<caption>Prices "
           "that the figures use, and where each comes from.</caption>\n"
           "<thead><tr><th scope=\"col\">Operation</th><th scope=\"col\">"
           "Format</th><th scope=\"col\" class=\"number\">pJ</th>"
           "<th scope=\"col\">Origin</th></tr></thead>\n<tbody>\n";
    for (const ReportValues &price : report.objects("prices"))
      stream << "<tr><td>" << escape(price.text("operation")) << "</td><td>"
             << escape(price.text("format")) << "</td><td class=\"number\">"
             << formatMicrojoules(price.number("picojoules")) << "</td><td>"
             << escape(price.text("origin")) << "</td></tr>\n";
    for (const ReportValues &price : report.objects("unpriced"))
      stream << "<tr><td>" << escape(price.text("operation")) << "</td><td>"
             << escape(price.text("format"))
             << "</td><td class=\"number\">–</td><td>no price: not part of the "
                "energy</td></tr>\n";
    stream << "</tbody>\n</table>\n</div>\n";
  }

  const ReportValues &report;
  llvm::raw_ostream &stream;
  std::vector<ComparedNetwork> networks;
  bool hasUnits = false, hasNoise = false;
};

} // namespace

std::string getReportPage(const llvm::json::Object &object) {
  ReportValues report(object);
  std::string text;
  llvm::raw_string_ostream stream(text);
  Page(report, stream).print();
  return text;
}

} // namespace shiftadd::tools

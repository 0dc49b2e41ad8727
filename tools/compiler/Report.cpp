//===- Report.cpp - Layers of a compiled model as a table -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table shows what LIB.json says, so that the two cannot disagree.
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/Artifacts.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"

namespace shiftadd::tools {

static std::string join(const llvm::json::Array *items,
                        llvm::StringRef between) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (items)
    llvm::interleave(
        *items, stream,
        [&](const llvm::json::Value &item) {
          if (auto word = item.getAsString())
            stream << *word;
          else
            stream << item;
        },
        between);
  return text;
}

static void printTable(const llvm::json::Object &root,
                       llvm::raw_ostream &stream) {
  struct Row {
    std::string name, shape, ops;
    int64_t counts[4];
  };
  const char *keys[] = {"multiplications", "additions", "shifts",
                        "constant_bytes"};
  std::vector<Row> rows;
  Row total{"total", "", "", {0, 0, 0, 0}};
  size_t nameWidth = 5, shapeWidth = 6;
  if (const auto *layers = root.getArray("layers"))
    for (const llvm::json::Value &value : *layers) {
      const auto *layer = value.getAsObject();
      if (!layer)
        continue;
      Row row{layer->getString("name").value_or("").str(),
              join(layer->getArray("output_shape"), "x") + " " +
                  layer->getString("output_type").value_or("").str(),
              join(layer->getArray("ops"), " "),
              {}};
      for (int i = 0; i < 4; ++i) {
        row.counts[i] = layer->getInteger(keys[i]).value_or(0);
        total.counts[i] += row.counts[i];
      }
      nameWidth = std::max(nameWidth, row.name.size());
      shapeWidth = std::max(shapeWidth, row.shape.size());
      rows.push_back(std::move(row));
    }
  auto print = [&](const Row &row) {
    stream << llvm::left_justify(row.name, nameWidth) << "  "
           << llvm::left_justify(row.shape, shapeWidth);
    for (int64_t count : row.counts)
      stream << llvm::format("  %13lld", static_cast<long long>(count));
    stream << "  " << row.ops << "\n";
  };
  stream << llvm::left_justify("layer", nameWidth) << "  "
         << llvm::left_justify("output", shapeWidth)
         << "           mults           adds         shifts"
            "   const. bytes  ops\n";
  for (const Row &row : rows)
    print(row);
  print(total);
  stream << "arena " << root.getInteger("arena_bytes").value_or(0)
         << " bytes (at least " << root.getInteger("live_bytes").value_or(0)
         << " live at once); target " << join(root.getArray("targets"), ", ")
         << "\n";
}

llvm::Error writeReport(llvm::StringRef json, const CompilerOptions &options) {
  if (options.report == ReportForm::None)
    return llvm::Error::success();
  std::string path = options.reportFile.empty() ? "-" : options.reportFile;
  if (options.report == ReportForm::Json)
    return writeText(path, json);
  auto parsed = llvm::json::parse(json);
  if (!parsed)
    return parsed.takeError();
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (const auto *root = parsed->getAsObject())
    printTable(*root, stream);
  return writeText(path, text);
}

} // namespace shiftadd::tools

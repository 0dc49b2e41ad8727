//===- PriceTable.h - Energy per operation and per memory access -*- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prices are data: a JSON file with a name, a version and a source (E7, E18).
// What a table does not state is derived by one rule and marked as such, or is
// left unpriced; nothing is invented (E4).
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_COST_PRICETABLE_H
#define SHIFTADD_COST_PRICETABLE_H

#include "dialects/Interfaces/Interfaces.h"

#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace shiftadd {

/// "multiply", "add", ...
llvm::StringRef getName(OperationKind kind);
/// "int8", "float32", ...
std::string getName(NumberFormat format);

/// How a price was come by.
enum class PriceOrigin {
  Stated,       ///< a row of the table
  Corrected,    ///< a row that differs from what its source prints
  Interpolated, ///< between the rows of two widths, as a power of the width
  Extrapolated, ///< the same, beyond the widest row
  Narrowest,    ///< narrower than every row: the narrowest row
  AsAddition    ///< a comparison, which is a subtraction
};
llvm::StringRef getName(PriceOrigin origin);

struct Price {
  double picojoules = 0;
  PriceOrigin origin = PriceOrigin::Stated;
};

/// Energy of one access to a word at each level (E9), and the machine that the
/// accesses are counted for (E11).
struct MemoryPrices {
  double wordBits = 16;
  double dram = 0, globalBuffer = 0, network = 0, networkPartialSums = 0;
  double registerFile = 0, registerFileWeights = 0;
  int64_t processingElements = 192;
  int64_t globalBufferWords = 65536;
  std::string name, version, source;
};

class PriceTable {
public:
  /// Reads a table, or says in one line what is wrong with it; `path` is for
  /// the message. A table without a section "memory" takes the built-in one.
  static llvm::Expected<PriceTable> parse(llvm::StringRef text,
                                          llvm::StringRef path);
  /// A built-in table ("asic", "fpga", "asic-extended") or else a file.
  static llvm::Expected<PriceTable> load(llvm::StringRef nameOrFile);
  static llvm::ArrayRef<llvm::StringRef> getBuiltinNames();

  /// Nothing when the table says nothing about the operation.
  std::optional<Price> getPrice(OperationKind kind, NumberFormat format) const;

  const MemoryPrices &getMemory() const { return memory; }
  llvm::StringRef getName() const { return name; }
  llvm::StringRef getVersion() const { return version; }
  llvm::StringRef getSource() const { return source; }

private:
  struct Row {
    OperationKind kind;
    NumberFormat format;
    Price price;
  };
  /// Rows of an operation on integers or on floats, by width.
  std::vector<Row> getRows(OperationKind kind, bool isFloat) const;

  std::string name, version, source;
  std::vector<Row> rows;
  MemoryPrices memory;
};

} // namespace shiftadd

#endif // SHIFTADD_COST_PRICETABLE_H

//===- PriceTableTest.cpp - Prices of operations -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Cost/PriceTable.h"

#include "gtest/gtest.h"

namespace shiftadd {
namespace {

using Kind = OperationKind;
constexpr NumberFormat kFloat32{true, 32}, kFloat16{true, 16};
constexpr NumberFormat kInt32{false, 32}, kInt16{false, 16}, kInt8{false, 8};

PriceTable load(llvm::StringRef name) {
  auto table = PriceTable::load(name);
  EXPECT_TRUE(bool(table)) << name.str();
  return table ? *table : llvm::cantFail(PriceTable::load("asic"));
}

double price(const PriceTable &table, Kind kind, NumberFormat format) {
  auto found = table.getPrice(kind, format);
  EXPECT_TRUE(found);
  return found ? found->picojoules : -1;
}

/// How much less an operation costs than the multiplication of its format.
double saving(const PriceTable &table, Kind kind, NumberFormat format) {
  return price(table, Kind::Multiply, format) / price(table, kind, format);
}

std::string problemOf(llvm::StringRef text) {
  auto table = PriceTable::parse(text, "t.json");
  return table ? "" : llvm::toString(table.takeError());
}

// The savings that ShiftAddNet prints beside its prices (E1, E30).
TEST(PriceTable, SavingsOfThePaper) {
  PriceTable asic = load("asic"), fpga = load("fpga");
  EXPECT_NEAR(saving(asic, Kind::Add, kFloat32), 4.1, 0.05);
  EXPECT_NEAR(saving(asic, Kind::Add, kInt32), 31, 0.5);
  EXPECT_NEAR(saving(asic, Kind::Add, kInt8), 6.7, 0.05);
  EXPECT_NEAR(saving(asic, Kind::Shift, kInt32), 24, 0.5);
  EXPECT_NEAR(saving(asic, Kind::Shift, kInt8), 8.3, 0.05);
  EXPECT_NEAR(saving(fpga, Kind::Add, kFloat32), 47, 0.5);
  EXPECT_NEAR(saving(fpga, Kind::Add, kInt32), 196, 0.5);
  EXPECT_NEAR(saving(fpga, Kind::Add, kInt8), 2, 0.05);
  EXPECT_NEAR(saving(fpga, Kind::Shift, kInt32), 196, 0.5);
  EXPECT_NEAR(saving(fpga, Kind::Shift, kInt8), 8, 0.05);
}

// The two additions of an 8-bit adder tap cost one 8-bit multiplication (E2).
TEST(PriceTable, AdderTapOnTheFpga) {
  PriceTable fpga = load("fpga");
  EXPECT_DOUBLE_EQ(2 * price(fpga, Kind::Add, kInt8),
                   price(fpga, Kind::Multiply, kInt8));
}

// No table states 16-bit multiplications and additions (E4); the extended one
// states the 16-bit shift, which the interpolation of the other comes near to.
TEST(PriceTable, InterpolatesBetweenWidths) {
  PriceTable asic = load("asic");
  auto multiply = asic.getPrice(Kind::Multiply, kInt16);
  ASSERT_TRUE(multiply);
  EXPECT_EQ(multiply->origin, PriceOrigin::Interpolated);
  EXPECT_NEAR(multiply->picojoules, 0.787, 0.001);
  EXPECT_NEAR(price(asic, Kind::Shift, kInt16),
              price(load("asic-extended"), Kind::Shift, kInt16), 0.002);
  auto narrow = asic.getPrice(Kind::Multiply, {false, 4});
  ASSERT_TRUE(narrow);
  EXPECT_EQ(narrow->origin, PriceOrigin::Narrowest);
  EXPECT_EQ(narrow->picojoules, 0.2);
  auto wide = asic.getPrice(Kind::Add, {false, 64});
  ASSERT_TRUE(wide);
  EXPECT_EQ(wide->origin, PriceOrigin::Extrapolated);
  EXPECT_GT(wide->picojoules, 0.1);
}

TEST(PriceTable, InventsNothing) {
  PriceTable asic = load("asic");
  EXPECT_FALSE(asic.getPrice(Kind::Divide, kFloat32));
  EXPECT_FALSE(asic.getPrice(Kind::Function, kFloat32));
  EXPECT_FALSE(asic.getPrice(Kind::Lookup, kInt8));
  EXPECT_FALSE(asic.getPrice(Kind::Shift, kFloat32));
  EXPECT_FALSE(asic.getPrice(Kind::Multiply, {true, 64}));
  auto compare = asic.getPrice(Kind::Compare, kInt8);
  ASSERT_TRUE(compare);
  EXPECT_EQ(compare->origin, PriceOrigin::AsAddition);
  EXPECT_EQ(compare->picojoules, 0.03);
}

TEST(PriceTable, ExtendedTable) {
  PriceTable table = load("asic-extended");
  auto multiply = table.getPrice(Kind::Multiply, kFloat16);
  ASSERT_TRUE(multiply);
  EXPECT_EQ(multiply->picojoules, 1.1);
  EXPECT_EQ(multiply->origin, PriceOrigin::Corrected);
  EXPECT_EQ(price(table, Kind::Lookup, kInt8), 0.37);
}

TEST(PriceTable, MemoryHierarchy) {
  MemoryPrices memory = load("asic").getMemory();
  EXPECT_EQ(memory.dram, 200);
  EXPECT_DOUBLE_EQ(memory.globalBuffer, 6 * 3.7);
  EXPECT_EQ(memory.network, 7.4);
  EXPECT_EQ(memory.networkPartialSums, 3.7);
  EXPECT_EQ(memory.registerFile, 3.7);
  EXPECT_EQ(memory.registerFileWeights, 7.4);
  EXPECT_FALSE(memory.source.empty());
}

TEST(PriceTable, EveryTableHasASource) {
  for (llvm::StringRef name : PriceTable::getBuiltinNames()) {
    PriceTable table = load(name);
    EXPECT_FALSE(table.getSource().empty());
    EXPECT_FALSE(table.getVersion().empty());
  }
}

TEST(PriceTable, NamesWhatIsWrong) {
  const std::string head =
      R"("schema": 1, "name": "n", "version": "1", "source": "s")";
  const std::string row =
      R"({"operation": "add", "format": "int8", "picojoules": 1})";
  EXPECT_EQ(problemOf("{" + head + R"(, "operations": [)" + row + "]}"), "");
  EXPECT_EQ(problemOf(R"({"schema": 1, "name": "n", "version": "1",
                          "operations": []})"),
            "t.json: price table needs a text \"source\"");
  EXPECT_EQ(problemOf(R"({"schema": 1, "name": "n", "version": "1",
                          "source": " ", "operations": []})"),
            "t.json: price table needs a text \"source\"");
  EXPECT_EQ(problemOf("[]"), "t.json: price table is not a JSON object");
  EXPECT_EQ(problemOf("{}"), "t.json: price table needs \"schema\": 1");
  EXPECT_EQ(problemOf(R"({"schema": 2})"),
            "t.json: price table needs \"schema\": 1");
  EXPECT_NE(problemOf("{").find("t.json: not JSON: "), std::string::npos);
  EXPECT_EQ(problemOf("{" + head + "}"),
            "t.json: price table needs an array \"operations\" that is not "
            "empty");
  auto withRow = [&](const std::string &text) {
    return problemOf("{" + head + R"(, "operations": [)" + text + "]}");
  };
  EXPECT_EQ(withRow("1"), "t.json: price table: row 1 is not a JSON object");
  EXPECT_EQ(withRow(row + "," + row),
            "t.json: price table: row 2 repeats add int8");
  EXPECT_EQ(
      withRow(R"({"operation": "add", "format": "int8", "picojoules": -1})"),
      "t.json: price table: row 1 needs a number \"picojoules\" that is not "
      "negative");
  EXPECT_EQ(
      withRow(R"({"operation": "add", "format": "fix8", "picojoules": 1})"),
      "t.json: price table: row 1 has a format \"fix8\"; formats are int or "
      "float and a width, as in int8");
  EXPECT_NE(
      withRow(R"({"operation": "mult", "format": "int8", "picojoules": 1})")
          .find("has an operation \"mult\""),
      std::string::npos);
  EXPECT_EQ(problemOf("{" + head + R"(, "operations": [)" + row +
                      R"(], "memory": {"dram": 1}})"),
            "t.json: price table: \"memory\" needs a number \"global_buffer\" "
            "that is not negative");
}

TEST(PriceTable, NamesAFileThatIsMissing) {
  auto table = PriceTable::load("no-such-table.json");
  ASSERT_FALSE(bool(table));
  EXPECT_EQ(llvm::toString(table.takeError()),
            "cannot read the price table 'no-such-table.json': No such file or "
            "directory (built in: asic, fpga, asic-extended)");
}

} // namespace
} // namespace shiftadd

//===- PriceTable.cpp - Energy per operation and per memory access -*- C++
//-*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every message of the parser names the file and what is wrong in it.
//
//===----------------------------------------------------------------------===//
#include "passes/Cost/PriceTable.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cmath>

namespace shiftadd {

static constexpr llvm::StringLiteral kOperationNames[] = {
    "multiply", "add", "shift", "compare", "divide", "lookup", "function"};
static_assert(std::size(kOperationNames) == kOperationKinds);

static constexpr llvm::StringLiteral kTables[] = {
#include "passes/Cost/Tables.inc"
};
static constexpr unsigned kMemoryTable = 3;

llvm::ArrayRef<llvm::StringRef> PriceTable::getBuiltinNames() {
  static constexpr llvm::StringRef names[] = {"asic", "fpga", "asic-extended"};
  return names;
}

llvm::StringRef getName(OperationKind kind) {
  return kOperationNames[unsigned(kind)];
}

std::string getName(NumberFormat format) {
  return (format.isFloat ? "float" : "int") + std::to_string(format.bits);
}

llvm::StringRef getName(PriceOrigin origin) {
  switch (origin) {
  case PriceOrigin::Stated:
    return "stated";
  case PriceOrigin::Corrected:
    return "corrected";
  case PriceOrigin::Interpolated:
    return "interpolated";
  case PriceOrigin::Extrapolated:
    return "extrapolated";
  case PriceOrigin::Narrowest:
    return "narrowest";
  case PriceOrigin::AsAddition:
    return "as addition";
  }
  return "";
}

static std::optional<NumberFormat> parseFormat(llvm::StringRef text) {
  NumberFormat format;
  format.isFloat = text.consume_front("float");
  if (!format.isFloat && !text.consume_front("int"))
    return std::nullopt;
  if (text.getAsInteger(10, format.bits) || format.bits == 0 ||
      format.bits > 1024)
    return std::nullopt;
  return format;
}

namespace {

/// Reads members of one object and keeps the first problem.
class Reader {
public:
  Reader(const llvm::json::Object &object, std::string where)
      : object(object), where(std::move(where)) {}

  std::string text(llvm::StringRef key) {
    auto value = object.getString(key);
    if (!value || value->trim().empty())
      complain("needs a text \"" + key + "\"");
    return value ? value->trim().str() : "";
  }
  double energy(llvm::StringRef key) {
    auto value = object.getNumber(key);
    if (!value || !(*value >= 0) || !std::isfinite(*value))
      complain("needs a number \"" + key + "\" that is not negative");
    return value.value_or(0);
  }
  int64_t positive(llvm::StringRef key, int64_t otherwise) {
    if (!object.get(key))
      return otherwise;
    auto value = object.getInteger(key);
    if (!value || *value <= 0)
      complain("needs a positive integer \"" + key + "\"");
    return value.value_or(otherwise);
  }
  void complain(const llvm::Twine &problem) {
    if (message.empty())
      message = (where + " " + problem).str();
  }
  llvm::Error take() {
    return message.empty() ? llvm::Error::success()
                           : llvm::createStringError(message);
  }

private:
  const llvm::json::Object &object;
  std::string where, message;
};

} // namespace

static llvm::Expected<MemoryPrices>
parseMemory(const llvm::json::Object &object, const std::string &where) {
  Reader reader(object, where + ": \"memory\"");
  MemoryPrices prices;
  prices.wordBits = reader.positive("word_bits", 16);
  prices.dram = reader.energy("dram");
  prices.globalBuffer = reader.energy("global_buffer");
  prices.network = reader.energy("network");
  prices.networkPartialSums = reader.energy("network_partial_sums");
  prices.registerFile = reader.energy("register_file");
  prices.registerFileWeights = reader.energy("register_file_weights");
  prices.processingElements =
      reader.positive("processing_elements", prices.processingElements);
  prices.globalBufferWords =
      reader.positive("global_buffer_words", prices.globalBufferWords);
  if (auto error = reader.take())
    return error;
  return prices;
}

llvm::Expected<PriceTable> PriceTable::parse(llvm::StringRef text,
                                             llvm::StringRef path) {
  std::string where = path.str() + ": price table";
  auto parsed = llvm::json::parse(text);
  if (!parsed) {
    std::string problem = llvm::toString(parsed.takeError());
    return llvm::createStringError(path + ": not JSON: " + problem);
  }
  const llvm::json::Object *root = parsed->getAsObject();
  if (!root)
    return llvm::createStringError(where + " is not a JSON object");
  if (root->getInteger("schema").value_or(0) != 1)
    return llvm::createStringError(where + " needs \"schema\": 1");
  PriceTable table;
  Reader reader(*root, where);
  table.name = reader.text("name");
  table.version = reader.text("version");
  // A figure without a source is worth nothing (E18, E30).
  table.source = reader.text("source");
  if (auto error = reader.take())
    return error;

  const llvm::json::Array *operations = root->getArray("operations");
  const llvm::json::Object *memory = root->getObject("memory");
  if ((!operations || operations->empty()) && !memory)
    return llvm::createStringError(
        where + " needs an array \"operations\" that is not empty");
  for (size_t i = 0; operations && i < operations->size(); ++i) {
    std::string place = where + ": row " + std::to_string(i + 1);
    const llvm::json::Object *object = (*operations)[i].getAsObject();
    if (!object)
      return llvm::createStringError(place + " is not a JSON object");
    Reader row(*object, place);
    std::string operation = row.text("operation");
    std::string formatName = row.text("format");
    double picojoules = row.energy("picojoules");
    const auto *kind = llvm::find(kOperationNames, operation);
    auto format = parseFormat(formatName);
    if (kind == std::end(kOperationNames))
      row.complain("has an operation \"" + llvm::Twine(operation) +
                   "\"; there are multiply, add, shift, compare, divide, "
                   "lookup and function");
    else if (!format)
      row.complain("has a format \"" + llvm::Twine(formatName) +
                   "\"; formats are int or float and a width, as in int8");
    PriceOrigin origin = PriceOrigin::Stated;
    if (auto tag = object->getString("tag")) {
      if (*tag != "corrected" && *tag != "stated")
        row.complain("has a tag \"" + *tag +
                     "\"; there are stated and corrected");
      if (*tag == "corrected")
        origin = PriceOrigin::Corrected;
    }
    if (auto error = row.take())
      return error;
    OperationKind parsedKind =
        OperationKind(kind - std::begin(kOperationNames));
    for (const Row &other : table.rows)
      if (other.kind == parsedKind && other.format == *format)
        return llvm::createStringError(place + " repeats " + operation + " " +
                                       formatName);
    table.rows.push_back({parsedKind, *format, {picojoules, origin}});
  }

  if (memory) {
    auto prices = parseMemory(*memory, where);
    if (!prices)
      return prices.takeError();
    table.memory = *prices;
    table.memory.name = table.name;
    table.memory.version = table.version;
    table.memory.source = table.source;
    return table;
  }
  auto builtin = parse(kTables[kMemoryTable], "memory");
  if (!builtin)
    return builtin.takeError();
  table.memory = builtin->memory;
  return table;
}

llvm::Expected<PriceTable> PriceTable::load(llvm::StringRef nameOrFile) {
  for (auto [index, name] : llvm::enumerate(getBuiltinNames()))
    if (name == nameOrFile)
      return parse(kTables[index], name);
  auto buffer = llvm::MemoryBuffer::getFile(nameOrFile, /*IsText=*/true);
  if (!buffer) {
    std::string names;
    for (llvm::StringRef name : getBuiltinNames())
      names += (names.empty() ? "" : ", ") + name.str();
    return llvm::createStringError(
        "cannot read the price table '" + nameOrFile +
        "': " + buffer.getError().message() + " (built in: " + names + ")");
  }
  auto table = parse((*buffer)->getBuffer(), nameOrFile);
  if (table && table->rows.empty())
    return llvm::createStringError(
        nameOrFile + ": price table needs an array \"operations\" that "
                     "is not empty");
  return table;
}

std::vector<PriceTable::Row> PriceTable::getRows(OperationKind kind,
                                                 bool isFloat) const {
  std::vector<Row> found;
  for (const Row &row : rows)
    if (row.kind == kind && row.format.isFloat == isFloat)
      found.push_back(row);
  llvm::sort(found, [](const Row &lhs, const Row &rhs) {
    return lhs.format.bits < rhs.format.bits;
  });
  return found;
}

std::optional<Price> PriceTable::getPrice(OperationKind kind,
                                          NumberFormat format) const {
  std::vector<Row> known = getRows(kind, format.isFloat);
  if (known.empty()) {
    if (kind != OperationKind::Compare)
      return std::nullopt;
    auto addition = getPrice(OperationKind::Add, format);
    if (addition)
      addition->origin = PriceOrigin::AsAddition;
    return addition;
  }
  auto above = llvm::find_if(
      known, [&](const Row &row) { return row.format.bits >= format.bits; });
  if (above != known.end() && above->format.bits == format.bits)
    return above->price;
  if (above == known.begin())
    return Price{above->price.picojoules, PriceOrigin::Narrowest};
  PriceOrigin origin = PriceOrigin::Interpolated;
  if (above == known.end()) {
    if (known.size() < 2)
      return std::nullopt;
    origin = PriceOrigin::Extrapolated;
    above = std::prev(known.end());
  }
  const Row &low = *std::prev(above), &high = *above;
  // Prices of zero have no logarithm; a straight line does then.
  double a = low.price.picojoules, b = high.price.picojoules;
  double lowBits = low.format.bits, highBits = high.format.bits;
  if (a > 0 && b > 0) {
    double exponent = std::log(b / a) / std::log(highBits / lowBits);
    return Price{a * std::pow(format.bits / lowBits, exponent), origin};
  }
  double slope = (b - a) / (highBits - lowBits);
  return Price{std::max(0.0, a + slope * (format.bits - lowBits)), origin};
}

} // namespace shiftadd

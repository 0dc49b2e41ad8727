//===- NpyFile.cpp - NumPy's .npy format ----------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The header is a Python dictionary in text form. Only the literals that NumPy
// itself writes are understood: strings, True, False and tuples of integers.
//
//===----------------------------------------------------------------------===//

#include "tools/tensor-files/NpyFile.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <string_view>

namespace shiftadd::tools {
namespace {

static_assert(std::endian::native == std::endian::little,
              "tensors are held in little-endian order");

constexpr char magic[] = "\x93NUMPY";
constexpr size_t magicBytes = 6;

/// Reads the literals of the header dictionary.
class HeaderParser {
public:
  explicit HeaderParser(std::string_view text) : text(text) {}

  bool parse(std::string &error) {
    if (!dictionary()) {
      error = "malformed .npy header";
      return false;
    }
    if (!haveDescr || !haveOrder || !haveShape) {
      error = "the .npy header lacks descr, fortran_order or shape";
      return false;
    }
    return true;
  }

  std::string descr;
  bool structured = false;
  bool fortranOrder = false;
  std::vector<int64_t> shape;

private:
  void skipSpace() {
    while (at < text.size() && std::strchr(" \t\r\n", text[at]) && text[at])
      ++at;
  }

  bool take(char c) {
    skipSpace();
    if (at >= text.size() || text[at] != c)
      return false;
    ++at;
    return true;
  }

  bool word(std::string_view expected) {
    skipSpace();
    if (text.substr(at, expected.size()) != expected)
      return false;
    at += expected.size();
    return true;
  }

  bool string(std::string &value) {
    skipSpace();
    if (at >= text.size() || (text[at] != '\'' && text[at] != '"'))
      return false;
    size_t end = text.find(text[at], at + 1);
    if (end == std::string_view::npos)
      return false;
    value = text.substr(at + 1, end - at - 1);
    at = end + 1;
    return true;
  }

  bool integer(int64_t &value) {
    skipSpace();
    bool negative = at < text.size() && text[at] == '-';
    if (negative)
      ++at;
    size_t start = at;
    uint64_t magnitude = 0;
    constexpr uint64_t limit = std::numeric_limits<int64_t>::max();
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      uint64_t digit = uint64_t(text[at] - '0');
      if (magnitude > (limit - digit) / 10)
        return false;
      magnitude = magnitude * 10 + digit;
    }
    if (at == start)
      return false;
    // Python 2 wrote long integers with a suffix.
    if (at < text.size() && text[at] == 'L')
      ++at;
    value = negative ? -int64_t(magnitude) : int64_t(magnitude);
    return true;
  }

  bool tuple(std::vector<int64_t> &values) {
    if (!take('('))
      return false;
    while (!take(')')) {
      int64_t value;
      if (!integer(value))
        return false;
      values.push_back(value);
      if (!take(',')) {
        if (!take(')'))
          return false;
        break;
      }
    }
    return true;
  }

  bool descrValue() {
    skipSpace();
    if (at < text.size() && text[at] == '[') {
      structured = true;
      return skipBrackets();
    }
    return string(descr);
  }

  /// Steps over a nested list whose contents do not matter.
  bool skipBrackets() {
    int depth = 0;
    for (; at < text.size(); ++at) {
      if (text[at] == '[')
        ++depth;
      else if (text[at] == ']' && --depth == 0) {
        ++at;
        return true;
      }
    }
    return false;
  }

  bool orderValue() {
    fortranOrder = word("True");
    return fortranOrder || word("False");
  }

  bool entry() {
    std::string key;
    if (!string(key) || !take(':'))
      return false;
    if (key == "descr" && !haveDescr)
      return haveDescr = descrValue();
    if (key == "fortran_order" && !haveOrder)
      return haveOrder = orderValue();
    if (key == "shape" && !haveShape)
      return haveShape = tuple(shape);
    return false;
  }

  bool dictionary() {
    if (!take('{'))
      return false;
    while (!take('}')) {
      if (!entry())
        return false;
      if (!take(',')) {
        if (!take('}'))
          return false;
        break;
      }
    }
    skipSpace();
    return at == text.size();
  }

  std::string_view text;
  size_t at = 0;
  bool haveDescr = false, haveOrder = false, haveShape = false;
};

struct TypeCode {
  std::string_view code; ///< kind and size, without the byte order
  shiftadd_type type;
};

constexpr TypeCode typeCodes[] = {
    {"b1", SHIFTADD_BOOL},     {"i1", SHIFTADD_INT8},
    {"i2", SHIFTADD_INT16},    {"i4", SHIFTADD_INT32},
    {"i8", SHIFTADD_INT64},    {"u1", SHIFTADD_UINT8},
    {"u2", SHIFTADD_UINT16},   {"u4", SHIFTADD_UINT32},
    {"u8", SHIFTADD_UINT64},   {"f2", SHIFTADD_FLOAT16},
    {"V2", SHIFTADD_BFLOAT16}, {"f4", SHIFTADD_FLOAT32},
    {"f8", SHIFTADD_FLOAT64},
};

bool parseDescr(const HeaderParser &header, shiftadd_type &type,
                bool &bigEndian, std::string &error) {
  if (header.structured) {
    error = "structured arrays are not tensors";
    return false;
  }
  std::string_view code = header.descr;
  bigEndian = !code.empty() && code[0] == '>';
  if (!code.empty() && std::strchr("<>|=", code[0]) && code[0])
    code.remove_prefix(1);
  for (const TypeCode &known : typeCodes) {
    if (known.code == code) {
      type = known.type;
      return true;
    }
  }
  error = "arrays of dtype '" + header.descr + "' are not supported";
  return false;
}

void swapBytes(std::vector<uint8_t> &bytes, unsigned element) {
  for (size_t i = 0; i + element <= bytes.size(); i += element)
    std::reverse(bytes.begin() + i, bytes.begin() + i + element);
}

/// Reorders elements whose first index varies fastest.
std::vector<uint8_t> fromFortranOrder(const std::vector<uint8_t> &bytes,
                                      const std::vector<int64_t> &shape,
                                      unsigned element) {
  std::vector<uint8_t> result(bytes.size());
  std::vector<size_t> strides(shape.size());
  size_t stride = element;
  for (size_t d = 0; d < shape.size(); ++d) {
    strides[d] = stride;
    stride *= size_t(shape[d]);
  }
  std::vector<int64_t> index(shape.size(), 0);
  size_t source = 0;
  for (size_t at = 0; at < bytes.size(); at += element) {
    std::memcpy(result.data() + at, bytes.data() + source, element);
    for (size_t d = shape.size(); d-- > 0;) {
      source += strides[d];
      if (++index[d] < shape[d])
        break;
      source -= strides[d] * size_t(shape[d]);
      index[d] = 0;
    }
  }
  return result;
}

/// Finds the header's text and the start of the data.
bool locateHeader(const std::vector<uint8_t> &file, std::string_view &text,
                  size_t &dataStart, std::string &error) {
  if (!isNpy(file)) {
    error = "not an .npy file";
    return false;
  }
  if (file.size() < magicBytes + 2) {
    error = "truncated .npy header";
    return false;
  }
  unsigned version = file[magicBytes];
  if (version < 1 || version > 3) {
    error = ".npy format version " + std::to_string(version) +
            " is not supported (1 to 3 are)";
    return false;
  }
  size_t lengthBytes = version == 1 ? 2 : 4;
  size_t headerStart = magicBytes + 2 + lengthBytes;
  size_t length = 0;
  if (file.size() >= headerStart)
    for (size_t i = 0; i < lengthBytes; ++i)
      length |= size_t(file[magicBytes + 2 + i]) << (8 * i);
  if (file.size() < headerStart || file.size() - headerStart < length) {
    error = "truncated .npy header";
    return false;
  }
  text = std::string_view(
      reinterpret_cast<const char *>(file.data()) + headerStart, length);
  dataStart = headerStart + length;
  return true;
}

} // namespace

bool isNpy(const std::vector<uint8_t> &file) {
  return file.size() >= magicBytes &&
         std::memcmp(file.data(), magic, magicBytes) == 0;
}

bool decodeNpy(std::vector<uint8_t> file, Tensor &tensor, std::string &error) {
  std::string_view text;
  size_t dataStart;
  if (!locateHeader(file, text, dataStart, error))
    return false;
  HeaderParser header(text);
  bool bigEndian;
  uint64_t bytes;
  if (!header.parse(error) ||
      !parseDescr(header, tensor.type, bigEndian, error) ||
      !tensorBytes(tensor.type, header.shape, bytes, error))
    return false;
  uint64_t stored = file.size() - dataStart;
  if (stored != bytes) {
    error = std::string(stored < bytes ? "truncated" : "overlong") + ": " +
            describe(tensor.type, header.shape) + " needs " +
            std::to_string(bytes) + " bytes, the file has " +
            std::to_string(stored);
    return false;
  }
  tensor.shape = std::move(header.shape);
  // In place: inputs can be a large part of the memory.
  file.erase(file.begin(), file.begin() + dataStart);
  unsigned element = elementBytes(tensor.type);
  if (bigEndian)
    swapBytes(file, element);
  if (header.fortranOrder && tensor.shape.size() > 1)
    file = fromFortranOrder(file, tensor.shape, element);
  if (tensor.type == SHIFTADD_BOOL)
    for (uint8_t &value : file)
      value = value != 0;
  tensor.bytes = std::move(file);
  return true;
}

std::vector<uint8_t> encodeNpy(const Tensor &tensor) {
  std::string header = "{'descr': '";
  for (const TypeCode &known : typeCodes)
    if (known.type == tensor.type)
      header += (elementBytes(tensor.type) == 1 ? "|" : "<") +
                std::string(known.code);
  header += "', 'fortran_order': False, 'shape': (";
  for (size_t i = 0; i < tensor.shape.size(); ++i)
    header += (i ? ", " : "") + std::to_string(tensor.shape[i]);
  header += tensor.shape.size() == 1 ? ",), }" : "), }";
  // NumPy aligns the data to 64 bytes and ends the header with a newline.
  size_t prefix = magicBytes + 4;
  bool longHeader = header.size() + 64 > 0xffff;
  if (longHeader)
    prefix += 2;
  header.append(63 - (prefix + header.size()) % 64, ' ');
  header += '\n';

  std::vector<uint8_t> file(prefix + header.size() + tensor.bytes.size());
  std::memcpy(file.data(), magic, magicBytes);
  file[magicBytes] = longHeader ? 2 : 1;
  for (size_t at = magicBytes + 2; at < prefix; ++at)
    file[at] = uint8_t(header.size() >> (8 * (at - magicBytes - 2)));
  std::memcpy(file.data() + prefix, header.data(), header.size());
  if (!tensor.bytes.empty())
    std::memcpy(file.data() + prefix + header.size(), tensor.bytes.data(),
                tensor.bytes.size());
  return file;
}

} // namespace shiftadd::tools

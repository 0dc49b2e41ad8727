//===- Model.h - An ONNX model as plain structs -----------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the importer reads: the content of an ONNX file without protobuf, so
// that the MLIR side sees neither its headers nor its exceptions. Element types
// are plain numbers of onnx.TensorProto.DataType, since files may be newer than
// any list of them.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_FRONTEND_ONNX_MODEL_H
#define SHIFTADD_FRONTEND_ONNX_MODEL_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace shiftadd::onnx_import {

/// Numbers of onnx.TensorProto.DataType that have a meaning here.
enum DataType : int32_t {
  kUndefined = 0,
  kFloat = 1,
  kUInt8 = 2,
  kInt8 = 3,
  kUInt16 = 4,
  kInt16 = 5,
  kInt32 = 6,
  kInt64 = 7,
  kString = 8,
  kBool = 9,
  kFloat16 = 10,
  kDouble = 11,
  kUInt32 = 12,
  kUInt64 = 13,
  kBFloat16 = 16
};

/// Bytes of one element; 0 for types that the importer does not read.
unsigned dataTypeBytes(int32_t type);
/// The ONNX name, e.g. "float8e4m3fn", or "type 31" for a number unknown here.
std::string dataTypeName(int32_t type);

/// A tensor's content. `bytes` is dense, row-major and little-endian, one byte
/// per boolean; it is empty when dataTypeBytes(type) is 0. Copies share it.
struct TensorData {
  std::string name;
  int32_t type = kUndefined;
  std::vector<int64_t> shape;
  std::shared_ptr<const std::string> bytes;

  std::string_view view() const { return bytes ? *bytes : std::string_view(); }
};

/// One dimension of a declared type: a size, a name, or neither.
struct Dimension {
  std::optional<int64_t> size;
  std::string name;
};

/// The declared type of a graph's input, output or inner value.
struct ValueInfo {
  enum Kind { Tensor, Other };
  std::string name;
  Kind kind = Tensor;
  std::string otherKind; ///< "sequence", "optional"... of kind Other
  int32_t type = kUndefined;
  bool hasShape = false;
  std::vector<Dimension> shape;
};

struct Graph;

/// The value of a node's attribute. An attribute of a kind that nothing here
/// reads (sparse tensors, types) is a monostate.
struct Attribute {
  std::variant<std::monostate, int64_t, float, std::string, TensorData,
               std::shared_ptr<Graph>, std::vector<int64_t>, std::vector<float>,
               std::vector<std::string>>
      value;
  std::string kind;      ///< the ONNX name of the kind, for messages
  std::string reference; ///< inside a function: the caller's attribute
};

struct Node {
  std::string type;
  std::string domain; ///< the empty text for the default domain
  std::string overload;
  std::string name;
  std::vector<std::string> inputs;  ///< an empty text is an absent operand
  std::vector<std::string> outputs; ///< likewise
  std::map<std::string, Attribute> attributes;
  int64_t index = 0;   ///< position in the file, counted from 0
  int64_t version = 0; ///< of the operator set, 0 when it is not imported

  /// The node's name, or its type and first output where it has none.
  std::string label() const;
};

struct Graph {
  std::string name;
  std::vector<Node> nodes;
  std::vector<TensorData> initializers;
  std::vector<std::string> sparseInitializers;
  std::vector<ValueInfo> inputs, outputs, values;
};

struct Function {
  std::string name, domain, overload;
  std::vector<std::string> inputs, outputs;
  /// Attribute names, and the defaults of those that have one.
  std::vector<std::string> attributes;
  std::map<std::string, Attribute> defaults;
  std::map<std::string, int64_t> operatorSets;
  std::vector<Node> nodes;
};

struct Model {
  std::string path;
  int64_t irVersion = 0;
  std::map<std::string, int64_t> operatorSets; ///< version by domain
  Graph graph;
  std::vector<Function> functions;
  bool hasTraining = false;
};

} // namespace shiftadd::onnx_import

#endif // SHIFTADD_FRONTEND_ONNX_MODEL_H

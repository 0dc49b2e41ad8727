//===- ModelReader.cpp - Reads ONNX files ---------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Copies the messages into plain structs and checks on the way what a consumer
// would otherwise have to check everywhere: sizes of tensors, versions, names.
// Fields younger than the installed message classes are found among the fields
// that protobuf keeps as unknown.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/ModelReader.h"

#include "frontend/Onnx/ExternalData.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/unknown_field_set.h>
#include <limits>
#include <onnx/onnx_pb.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shiftadd::onnx_import {
namespace {

/// What stops the reading; caught in readModel().
struct ReadError {
  std::string text;
  bool unsupported = false;
};

// Numbers of fields that onnx 1.12's messages do not have.
constexpr int kNodeOverload = 8;
constexpr int kFunctionAttributes = 11;
constexpr int kFunctionOverload = 13;

template <typename Callback>
void forUnknownTexts(const google::protobuf::UnknownFieldSet &fields,
                     int number, Callback callback) {
  for (int i = 0; i < fields.field_count(); ++i) {
    const google::protobuf::UnknownField &field = fields.field(i);
    if (field.number() == number &&
        field.type() == google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED)
      callback(field.length_delimited());
  }
}

class Reader {
public:
  explicit Reader(Model &model) : model(model) {}

  void readModelMessage(onnx::ModelProto &proto);

private:
  void readGraph(onnx::GraphProto &proto, Graph &graph);
  void readNode(onnx::NodeProto &proto, int64_t index, Node &node);
  void readAttribute(onnx::AttributeProto &proto, Attribute &attribute);
  void readTensor(onnx::TensorProto &proto, TensorData &tensor);
  void readTypedField(const onnx::TensorProto &proto, int64_t count,
                      std::string &bytes);
  void readExternal(const onnx::TensorProto &proto, std::string &bytes);
  void readFunction(onnx::FunctionProto &proto, Function &function);
  ValueInfo readValue(const onnx::ValueInfoProto &proto);

  Model &model;
};

std::string canonicalDomain(const std::string &domain) {
  return domain == "ai.onnx" ? "" : domain;
}

/// Appends the low bytes of every value of a typed field.
template <typename Element, typename Field>
void appendField(const Field &field, int64_t count, const std::string &name,
                 std::string &bytes) {
  if (field.size() != count)
    throw ReadError{"tensor '" + name + "' has " +
                    std::to_string(field.size()) + " elements, its shape " +
                    std::to_string(count)};
  bytes.resize(size_t(count) * sizeof(Element));
  for (int64_t i = 0; i < count; ++i) {
    auto element = static_cast<Element>(field.Get(int(i)));
    std::memcpy(bytes.data() + i * sizeof(Element), &element, sizeof(Element));
  }
}

void Reader::readTypedField(const onnx::TensorProto &proto, int64_t count,
                            std::string &bytes) {
  const std::string &name = proto.name();
  switch (proto.data_type()) {
  case kFloat:
    return appendField<float>(proto.float_data(), count, name, bytes);
  case kDouble:
    return appendField<double>(proto.double_data(), count, name, bytes);
  case kInt64:
    return appendField<int64_t>(proto.int64_data(), count, name, bytes);
  case kUInt64:
    return appendField<uint64_t>(proto.uint64_data(), count, name, bytes);
  case kUInt32:
    return appendField<uint32_t>(proto.uint64_data(), count, name, bytes);
  case kInt32:
    return appendField<int32_t>(proto.int32_data(), count, name, bytes);
  case kUInt16:
  case kInt16:
  case kFloat16:
  case kBFloat16:
    return appendField<uint16_t>(proto.int32_data(), count, name, bytes);
  default:
    return appendField<uint8_t>(proto.int32_data(), count, name, bytes);
  }
}

int64_t parseInteger(const std::string &text, const std::string &tensor) {
  int64_t value = 0;
  auto [end, code] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || value < 0)
    throw ReadError{"tensor '" + tensor + "': bad number '" + text +
                    "' in its external data"};
  return value;
}

void Reader::readExternal(const onnx::TensorProto &proto, std::string &bytes) {
  std::string location;
  int64_t offset = 0, length = -1;
  for (const auto &entry : proto.external_data()) {
    if (entry.key() == "location")
      location = entry.value();
    else if (entry.key() == "offset")
      offset = parseInteger(entry.value(), proto.name());
    else if (entry.key() == "length")
      length = parseInteger(entry.value(), proto.name());
  }
  std::string error;
  if (!readExternalData(model.path, location, offset, length, bytes, error))
    throw ReadError{"tensor '" + proto.name() + "': " + error};
}

void Reader::readTensor(onnx::TensorProto &proto, TensorData &tensor) {
  tensor.name = proto.name();
  tensor.type = proto.data_type();
  tensor.shape.assign(proto.dims().begin(), proto.dims().end());
  unsigned width = dataTypeBytes(tensor.type);
  int64_t count = 1;
  bool empty = false;
  for (int64_t size : tensor.shape) {
    if (size < 0)
      throw ReadError{"tensor '" + tensor.name + "' has a negative dimension"};
    empty |= size == 0;
  }
  for (int64_t size : tensor.shape) {
    if (empty)
      size = 0;
    else if (count > std::numeric_limits<int64_t>::max() / 16 / size)
      throw ReadError{"tensor '" + tensor.name + "' is too large"};
    count *= size;
  }
  if (!width)
    return; // reported by whoever uses it
  std::string bytes;
  if (proto.has_segment())
    throw ReadError{"tensor '" + tensor.name + "' is stored in segments", true};
  if (proto.data_location() == onnx::TensorProto::EXTERNAL)
    readExternal(proto, bytes);
  else if (proto.has_raw_data())
    bytes = std::move(*proto.mutable_raw_data());
  else
    readTypedField(proto, count, bytes);
  if (bytes.size() != size_t(count) * width)
    throw ReadError{"tensor '" + tensor.name + "' has " +
                    std::to_string(bytes.size()) + " bytes, its shape needs " +
                    std::to_string(uint64_t(count) * width)};
  if (tensor.type == kBool)
    for (char &byte : bytes)
      byte = byte != 0;
  tensor.bytes = std::make_shared<const std::string>(std::move(bytes));
}

ValueInfo Reader::readValue(const onnx::ValueInfoProto &proto) {
  ValueInfo value;
  value.name = proto.name();
  const onnx::TypeProto &type = proto.type();
  if (!type.has_tensor_type()) {
    value.kind = ValueInfo::Other;
    value.otherKind = type.has_sequence_type()        ? "sequence"
                      : type.has_map_type()           ? "map"
                      : type.has_optional_type()      ? "optional"
                      : type.has_sparse_tensor_type() ? "sparse tensor"
                                                      : "value without a type";
    return value;
  }
  value.type = type.tensor_type().elem_type();
  value.hasShape = type.tensor_type().has_shape();
  for (const auto &size : type.tensor_type().shape().dim()) {
    Dimension dimension;
    if (size.has_dim_value())
      dimension.size = size.dim_value();
    else
      dimension.name = size.dim_param();
    if (dimension.size && *dimension.size < 0)
      throw ReadError{"'" + value.name + "' has a negative dimension"};
    value.shape.push_back(std::move(dimension));
  }
  return value;
}

void Reader::readAttribute(onnx::AttributeProto &proto, Attribute &attribute) {
  attribute.reference = proto.ref_attr_name();
  switch (proto.type()) {
  case onnx::AttributeProto::INT:
    attribute.kind = "int";
    attribute.value = int64_t(proto.i());
    break;
  case onnx::AttributeProto::FLOAT:
    attribute.kind = "float";
    attribute.value = proto.f();
    break;
  case onnx::AttributeProto::STRING:
    attribute.kind = "string";
    attribute.value = proto.s();
    break;
  case onnx::AttributeProto::TENSOR: {
    attribute.kind = "tensor";
    TensorData tensor;
    readTensor(*proto.mutable_t(), tensor);
    attribute.value = std::move(tensor);
    break;
  }
  case onnx::AttributeProto::GRAPH: {
    attribute.kind = "graph";
    auto graph = std::make_shared<Graph>();
    readGraph(*proto.mutable_g(), *graph);
    attribute.value = std::move(graph);
    break;
  }
  case onnx::AttributeProto::INTS:
    attribute.kind = "ints";
    attribute.value =
        std::vector<int64_t>(proto.ints().begin(), proto.ints().end());
    break;
  case onnx::AttributeProto::FLOATS:
    attribute.kind = "floats";
    attribute.value =
        std::vector<float>(proto.floats().begin(), proto.floats().end());
    break;
  case onnx::AttributeProto::STRINGS:
    attribute.kind = "strings";
    attribute.value = std::vector<std::string>(proto.strings().begin(),
                                               proto.strings().end());
    break;
  default:
    attribute.kind = "another kind";
    break;
  }
}

void Reader::readNode(onnx::NodeProto &proto, int64_t index, Node &node) {
  node.type = proto.op_type();
  node.domain = canonicalDomain(proto.domain());
  node.name = proto.name();
  node.index = index;
  forUnknownTexts(proto.unknown_fields(), kNodeOverload,
                  [&](const std::string &text) { node.overload = text; });
  node.inputs.assign(proto.input().begin(), proto.input().end());
  node.outputs.assign(proto.output().begin(), proto.output().end());
  for (auto &attribute : *proto.mutable_attribute())
    readAttribute(attribute, node.attributes[attribute.name()]);
}

void Reader::readGraph(onnx::GraphProto &proto, Graph &graph) {
  graph.name = proto.name();
  for (auto &tensor : *proto.mutable_initializer())
    readTensor(tensor, graph.initializers.emplace_back());
  for (const auto &tensor : proto.sparse_initializer())
    graph.sparseInitializers.push_back(tensor.values().name());
  int64_t index = 0;
  for (auto &node : *proto.mutable_node())
    readNode(node, index++, graph.nodes.emplace_back());
  for (const auto &value : proto.input())
    graph.inputs.push_back(readValue(value));
  for (const auto &value : proto.output())
    graph.outputs.push_back(readValue(value));
  for (const auto &value : proto.value_info())
    graph.values.push_back(readValue(value));
}

void Reader::readFunction(onnx::FunctionProto &proto, Function &function) {
  function.name = proto.name();
  function.domain = canonicalDomain(proto.domain());
  function.inputs.assign(proto.input().begin(), proto.input().end());
  function.outputs.assign(proto.output().begin(), proto.output().end());
  function.attributes.assign(proto.attribute().begin(),
                             proto.attribute().end());
  forUnknownTexts(proto.unknown_fields(), kFunctionOverload,
                  [&](const std::string &text) { function.overload = text; });
  forUnknownTexts(proto.unknown_fields(), kFunctionAttributes,
                  [&](const std::string &text) {
                    onnx::AttributeProto attribute;
                    if (!attribute.ParseFromString(text))
                      throw ReadError{"function '" + function.name +
                                      "' has a damaged attribute"};
                    function.attributes.push_back(attribute.name());
                    readAttribute(attribute,
                                  function.defaults[attribute.name()]);
                  });
  for (const auto &set : proto.opset_import())
    function.operatorSets[canonicalDomain(set.domain())] = set.version();
  int64_t index = 0;
  for (auto &node : *proto.mutable_node())
    readNode(node, index++, function.nodes.emplace_back());
}

void Reader::readModelMessage(onnx::ModelProto &proto) {
  if (!proto.has_ir_version() && !proto.has_graph())
    throw ReadError{"is not an ONNX model"};
  model.irVersion = proto.ir_version();
  if (model.irVersion < kMinIrVersion || model.irVersion > kMaxIrVersion)
    throw ReadError{"has IR version " + std::to_string(model.irVersion) +
                        "; versions " + std::to_string(kMinIrVersion) + " to " +
                        std::to_string(kMaxIrVersion) + " are read",
                    model.irVersion > 0};
  if (!proto.has_graph())
    throw ReadError{"holds no graph (is the file complete?)"};
  if (proto.opset_import().empty())
    throw ReadError{"names no operator set (is the file complete?)"};
  for (const auto &set : proto.opset_import())
    model.operatorSets[canonicalDomain(set.domain())] = set.version();
  model.hasTraining = proto.training_info_size() > 0;
  for (auto &function : *proto.mutable_functions())
    readFunction(function, model.functions.emplace_back());
  readGraph(*proto.mutable_graph(), model.graph);
}

void readFile(const std::string &path, Model &model) {
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    throw ReadError{std::string("cannot be opened: ") + std::strerror(errno)};
  google::protobuf::io::FileInputStream stream(file);
  stream.SetCloseOnDelete(true);
  struct stat status;
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
    throw ReadError{"is not a regular file"};
  constexpr int limit = std::numeric_limits<int>::max();
  if (status.st_size > limit)
    throw ReadError{"is larger than 2 GiB; store the weights as external data"};
  if (status.st_size == 0)
    throw ReadError{"is empty"};

  google::protobuf::io::CodedInputStream coded(&stream);
  coded.SetTotalBytesLimit(limit);
  onnx::ModelProto proto;
  // The text of protobuf's own complaint says nothing to a user.
  if (!proto.ParsePartialFromCodedStream(&coded) ||
      !coded.ConsumedEntireMessage())
    throw ReadError{"is not an ONNX model, or is damaged or incomplete"};
  Reader(model).readModelMessage(proto);
}

} // namespace

bool readModel(const std::string &path, Model &model, std::string &error,
               bool &unsupported) {
  unsupported = false;
  google::protobuf::SetLogHandler(nullptr);
  model.path = path;
  try {
    readFile(path, model);
    return true;
  } catch (const ReadError &problem) {
    error = problem.text;
    unsupported = problem.unsupported;
  } catch (const std::exception &problem) {
    error = std::string("cannot be read: ") + problem.what();
  }
  return false;
}

} // namespace shiftadd::onnx_import

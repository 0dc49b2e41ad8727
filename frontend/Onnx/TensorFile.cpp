//===- TensorFile.cpp - TensorProto files as plain bytes ------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only message class used here is TensorProto; a model is read elsewhere.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/TensorFile.h"

#include <bit>
#include <cstring>
#include <exception>
#include <google/protobuf/stubs/logging.h>
#include <limits>
#include <onnx/onnx_pb.h>

namespace shiftadd::onnx_import {
namespace {

static_assert(std::endian::native == std::endian::little,
              "raw_data is little endian and copied as it is");

using onnx::TensorProto;

/// protobuf's largest message.
constexpr uint64_t messageLimit = std::numeric_limits<int32_t>::max();

bool elementCount(const TensorProto &proto, uint64_t &count,
                  std::string &error) {
  count = 1;
  for (int64_t dimension : proto.dims()) {
    if (dimension < 0) {
      error = "negative dimension " + std::to_string(dimension);
      return false;
    }
    // No element takes less than a byte of the message.
    if (dimension != 0 && count > messageLimit / uint64_t(dimension)) {
      error = "the shape is larger than the file";
      return false;
    }
    count *= uint64_t(dimension);
  }
  return true;
}

template <typename Element, typename Field>
bool checkedCast(Field value, Element &element) {
  element = static_cast<Element>(value);
  return static_cast<Field>(element) == value;
}

/// Copies a typed field whose values are at least as wide as the elements.
template <typename Element, typename Field>
bool copyField(const google::protobuf::RepeatedField<Field> &field,
               uint64_t count, std::vector<uint8_t> &bytes,
               std::string &error) {
  if (uint64_t(field.size()) != count) {
    error = "the shape needs " + std::to_string(count) +
            " elements, the file has " + std::to_string(field.size());
    return false;
  }
  bytes.resize(count * sizeof(Element));
  for (uint64_t i = 0; i < count; ++i) {
    Field value = field.Get(int(i));
    Element element;
    if constexpr (std::is_integral_v<Element>) {
      if (!checkedCast(value, element)) {
        error = "element " + std::to_string(i) + " (" + std::to_string(value) +
                ") does not fit its type";
        return false;
      }
    } else {
      element = value;
    }
    std::memcpy(bytes.data() + i * sizeof(Element), &element, sizeof(Element));
  }
  return true;
}

bool copyTypedField(const TensorProto &proto, uint64_t count,
                    std::vector<uint8_t> &bytes, std::string &error) {
  switch (proto.data_type()) {
  case TensorProto::BOOL:
    return copyField<bool>(proto.int32_data(), count, bytes, error);
  case TensorProto::INT8:
    return copyField<int8_t>(proto.int32_data(), count, bytes, error);
  case TensorProto::INT16:
    return copyField<int16_t>(proto.int32_data(), count, bytes, error);
  case TensorProto::INT32:
    return copyField<int32_t>(proto.int32_data(), count, bytes, error);
  case TensorProto::UINT8:
    return copyField<uint8_t>(proto.int32_data(), count, bytes, error);
  // The two half precision types store their bits.
  case TensorProto::UINT16:
  case TensorProto::FLOAT16:
  case TensorProto::BFLOAT16:
    return copyField<uint16_t>(proto.int32_data(), count, bytes, error);
  case TensorProto::INT64:
    return copyField<int64_t>(proto.int64_data(), count, bytes, error);
  case TensorProto::UINT32:
    return copyField<uint32_t>(proto.uint64_data(), count, bytes, error);
  case TensorProto::UINT64:
    return copyField<uint64_t>(proto.uint64_data(), count, bytes, error);
  case TensorProto::FLOAT:
    return copyField<float>(proto.float_data(), count, bytes, error);
  case TensorProto::DOUBLE:
    return copyField<double>(proto.double_data(), count, bytes, error);
  default:
    return false; // excluded by the caller
  }
}

bool copyRawData(const TensorProto &proto, uint64_t count,
                 std::vector<uint8_t> &bytes, std::string &error) {
  const std::string &raw = proto.raw_data();
  uint64_t expected = count * tensorElementBytes(proto.data_type());
  if (raw.size() != expected) {
    error = "the shape needs " + std::to_string(expected) +
            " bytes, the file has " + std::to_string(raw.size());
    return false;
  }
  bytes.assign(raw.begin(), raw.end());
  if (proto.data_type() == TensorProto::BOOL)
    for (uint8_t &value : bytes)
      value = value != 0;
  return true;
}

bool decode(const TensorProto &proto, PlainTensor &tensor, std::string &error) {
  if (!tensorElementBytes(proto.data_type())) {
    const std::string &name =
        TensorProto::DataType_IsValid(proto.data_type())
            ? TensorProto::DataType_Name(
                  TensorProto::DataType(proto.data_type()))
            : std::to_string(proto.data_type());
    error = "element type " + name + " is not supported";
    return false;
  }
  if (proto.data_location() == TensorProto::EXTERNAL ||
      proto.external_data_size()) {
    error = "tensors with external data are only read as part of a model";
    return false;
  }
  if (proto.has_segment()) {
    error = "segmented tensors are not supported";
    return false;
  }
  uint64_t count;
  if (!elementCount(proto, count, error))
    return false;
  tensor.name = proto.name();
  tensor.dataType = proto.data_type();
  tensor.shape.assign(proto.dims().begin(), proto.dims().end());
  return proto.has_raw_data()
             ? copyRawData(proto, count, tensor.bytes, error)
             : copyTypedField(proto, count, tensor.bytes, error);
}

} // namespace

unsigned tensorElementBytes(int32_t dataType) {
  switch (dataType) {
  case TensorProto::BOOL:
  case TensorProto::INT8:
  case TensorProto::UINT8:
    return 1;
  case TensorProto::INT16:
  case TensorProto::UINT16:
  case TensorProto::FLOAT16:
  case TensorProto::BFLOAT16:
    return 2;
  case TensorProto::INT32:
  case TensorProto::UINT32:
  case TensorProto::FLOAT:
    return 4;
  case TensorProto::INT64:
  case TensorProto::UINT64:
  case TensorProto::DOUBLE:
    return 8;
  default:
    return 0;
  }
}

bool decodeTensorFile(const std::vector<uint8_t> &file, PlainTensor &tensor,
                      std::string &error) {
  // protobuf would print its own lines about what is reported here.
  google::protobuf::LogSilencer silence;
  try {
    TensorProto proto;
    if (file.size() > messageLimit ||
        !proto.ParseFromArray(file.data(), int(file.size()))) {
      error = "not an onnx.TensorProto, or truncated";
      return false;
    }
    return decode(proto, tensor, error);
  } catch (const std::exception &exception) {
    error = exception.what();
    return false;
  }
}

bool encodeTensorFile(const PlainTensor &tensor, std::vector<uint8_t> &file,
                      std::string &error) {
  google::protobuf::LogSilencer silence;
  try {
    if (!tensorElementBytes(tensor.dataType)) {
      error = "unknown element type number " + std::to_string(tensor.dataType);
      return false;
    }
    TensorProto proto;
    proto.set_name(tensor.name);
    proto.set_data_type(tensor.dataType);
    for (int64_t dimension : tensor.shape)
      proto.add_dims(dimension);
    proto.set_raw_data(tensor.bytes.data(), tensor.bytes.size());
    uint64_t size = proto.ByteSizeLong();
    if (size > messageLimit) {
      error = "exceeds the 2 GiB limit of protobuf files";
      return false;
    }
    file.resize(size);
    if (!proto.SerializeToArray(file.data(), int(size))) {
      error = "cannot be serialised";
      return false;
    }
    return true;
  } catch (const std::exception &exception) {
    error = exception.what();
    return false;
  }
}

} // namespace shiftadd::onnx_import

//===- Constants.cpp - Constants of launches as bytes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "codegen/Emit/Constants.h"

#include "codegen/Emit/KernelSpecs.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include "llvm/Support/SHA256.h"

namespace shiftadd {

uint64_t WeightSection::add(const std::vector<uint8_t> &blob) {
  auto digest = llvm::SHA256::hash(blob);
  llvm::StringRef key(reinterpret_cast<const char *>(digest.data()),
                      digest.size());
  auto [entry, isNew] = known.try_emplace(key);
  if (!isNew)
    return entry->second;
  // Vector loads may pass the end of a blob by less than one vector.
  uint64_t offset = llvm::alignTo(bytes.size(), 64);
  bytes.resize(llvm::alignTo(offset + blob.size() + 64, 64));
  std::copy(blob.begin(), blob.end(), bytes.begin() + offset);
  entry->second = offset;
  return offset;
}

/// Powers of two as the numbers that the kernel multiplies with.
static llvm::SmallVector<char, 0> decode(const WeightView &view,
                                         PowerOfTwoType type, DecodedAs form) {
  num::PowerOfTwoFormat format = getFormat(type);
  llvm::SmallVector<char, 0> bytes;
  auto append = [&](auto value) {
    const char *start = reinterpret_cast<const char *>(&value);
    bytes.append(start, start + sizeof(value));
  };
  for (int64_t i = 0; i < view.size(); ++i) {
    auto code = static_cast<uint64_t>(view.getInteger(i));
    if (form == DecodedAs::Float) {
      append(static_cast<float>(format.decode(code)));
      continue;
    }
    int64_t value = format.decodeInteger(code);
    switch (getDecodedInteger(type)) {
    case halide_gen::ScalarType::Int8:
      append(static_cast<int8_t>(value));
      break;
    case halide_gen::ScalarType::Int16:
      append(static_cast<int16_t>(value));
      break;
    case halide_gen::ScalarType::Int32:
      append(static_cast<int32_t>(value));
      break;
    default:
      append(value);
    }
  }
  return bytes;
}

llvm::Expected<halide_gen::PackedConstants>
packLaunch(LaunchOp launch, KernelOp kernel,
           const halide_gen::KernelSpec &spec) {
  std::vector<llvm::SmallVector<char, 0>> storage(launch.getInputs().size());
  // Some views own the bytes they give: they live until the end.
  std::vector<std::optional<WeightView>> views(launch.getInputs().size());
  std::vector<const uint8_t *> data(launch.getInputs().size(), nullptr);
  for (auto [index, input] : llvm::enumerate(launch.getInputs())) {
    if (!kernel.getConstants()[index])
      continue;
    std::optional<WeightView> &view = views[index];
    view = WeightView::get(input);
    if (!view)
      return llvm::createStringError("a constant operand has no data");
    llvm::ArrayRef<char> bytes;
    if (auto form = getDecodedForm(kernel, index))
      storage[index] = decode(
          *view, llvm::cast<PowerOfTwoType>(tensorType(input).getElementType()),
          *form);
    else if (auto dense = view->getDenseBytes())
      bytes = *dense;
    else
      storage[index] = view->toBytes();
    if (!storage[index].empty())
      bytes = storage[index];
    data[index] = reinterpret_cast<const uint8_t *>(bytes.data());
  }
  halide_gen::PackedConstants packed;
  std::string error;
  if (!halide_gen::packConstants(spec, data, packed, error))
    return llvm::createStringError(error);
  return packed;
}

} // namespace shiftadd

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
static llvm::SmallVector<char, 0> decode(mlir::Value value, KernelOp kernel,
                                         unsigned index, DecodedAs form) {
  llvm::SmallVector<char, 0> bytes;
  auto append = [&](auto value) {
    const char *start = reinterpret_cast<const char *>(&value);
    bytes.append(start, start + sizeof(value));
  };
  if (form == DecodedAs::Float) {
    auto view = *WeightView::get(value);
    num::PowerOfTwoFormat format = getFormat(
        llvm::cast<PowerOfTwoType>(tensorType(value).getElementType()));
    for (int64_t i = 0; i < view.size(); ++i)
      append(static_cast<float>(
          format.decode(static_cast<uint64_t>(view.getInteger(i)))));
    return bytes;
  }
  halide_gen::ScalarType scalar = getDecodedInteger(kernel, index);
  std::vector<int64_t> integers = *readCodedIntegers(value);
  for (int64_t integer : integers) {
    switch (scalar) {
    case halide_gen::ScalarType::Int8:
      append(static_cast<int8_t>(integer));
      break;
    case halide_gen::ScalarType::Int16:
      append(static_cast<int16_t>(integer));
      break;
    case halide_gen::ScalarType::Int32:
      append(static_cast<int32_t>(integer));
      break;
    default:
      append(integer);
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
      storage[index] = decode(input, kernel, index, *form);
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

//===- Constants.h - Constants of launches as bytes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_EMIT_CONSTANTS_H
#define SHIFTADD_CODEGEN_EMIT_CONSTANTS_H

#include "codegen/Halide/Compile.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <vector>

namespace shiftadd {

/// The weights section: packed constants, each at a 64-byte boundary, equal
/// ones stored once.
class WeightSection {
public:
  /// Byte offset of `blob` in the section.
  uint64_t add(const std::vector<uint8_t> &blob);
  std::vector<uint8_t> take() { return std::move(bytes); }

private:
  std::vector<uint8_t> bytes;
  llvm::StringMap<uint64_t> known; ///< offsets by SHA-256
};

/// Packs the constant operands of a launch as its kernel takes them.
llvm::Expected<halide_gen::PackedConstants>
packLaunch(LaunchOp launch, KernelOp kernel,
           const halide_gen::KernelSpec &spec);

} // namespace shiftadd

#endif // SHIFTADD_CODEGEN_EMIT_CONSTANTS_H

//===- KernelSpecs.h - From kernel ops to kernel specs -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Describes a `shiftadd.kernel` as the plain data that the Halide backend
// takes. The translation is generic: ops keep their mnemonics and attributes
// their names, so a new op needs nothing here.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_EMIT_KERNELSPECS_H
#define SHIFTADD_CODEGEN_EMIT_KERNELSPECS_H

#include "codegen/Halide/KernelSpec.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "llvm/Support/Error.h"

namespace shiftadd {

/// How codes of signed powers of two reach a kernel: as floats, or as integers
/// on the grid of their smallest exponent (N14).
enum class DecodedAs { Float, Integer };

/// The form in which argument `index` of the kernel takes `!shiftadd.pot`
/// codes; nothing when it has another element type.
std::optional<DecodedAs> getDecodedForm(KernelOp kernel, unsigned index);

/// The integer type in which the kernel takes the codes of argument `index`:
/// the narrowest that holds the decoded constants of all its launches, `i32`
/// for multipliers of a requantisation.
halide_gen::ScalarType getDecodedInteger(KernelOp kernel, unsigned index);

/// The scalar type in which an element type is stored.
std::optional<halide_gen::ScalarType> getScalarType(mlir::Type elementType);

llvm::Expected<halide_gen::KernelSpec> getKernelSpec(KernelOp kernel);

/// Makes the spec one without multiply instructions and states how many terms
/// the multipliers of all launches need.
void useShiftAdd(KernelOp kernel, halide_gen::KernelSpec &spec);

} // namespace shiftadd

#endif // SHIFTADD_CODEGEN_EMIT_KERNELSPECS_H

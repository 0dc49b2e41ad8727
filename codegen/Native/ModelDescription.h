//===- ModelDescription.h - The constant that describes a model -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes `shiftadd_description`, through which the support code of a model
// library knows the model.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_NATIVE_MODELDESCRIPTION_H
#define SHIFTADD_CODEGEN_NATIVE_MODELDESCRIPTION_H

#include "codegen/Native/ModelImage.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace shiftadd::native {

/// Says which tensor or target contradicts itself or another one.
llvm::Error checkDescription(const ModelImage &model);

/// Adds the constant to the module, laid out as runtime/model/description.h
/// says. `executors` belong to the model's targets, in order.
void buildDescription(llvm::Module &module, const ModelImage &model,
                      llvm::ArrayRef<llvm::Function *> executors);

} // namespace shiftadd::native

#endif // SHIFTADD_CODEGEN_NATIVE_MODELDESCRIPTION_H

//===- Templates.h - The templates of anchored kernels ----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Makers of the templates, listed in AnchorTemplates.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_TEMPLATES_TEMPLATES_H
#define SHIFTADD_CODEGEN_HALIDE_TEMPLATES_TEMPLATES_H

#include "codegen/Halide/AnchorTemplate.h"

#include <memory>

namespace shiftadd::halide_gen {

std::unique_ptr<AnchorTemplate> createShiftAdd();
std::unique_ptr<AnchorTemplate> createSparseBlocks();
std::unique_ptr<AnchorTemplate> createNarrowWeights();
std::unique_ptr<AnchorTemplate> createConvolutionFloat();
std::unique_ptr<AnchorTemplate> createAdderFloat();
std::unique_ptr<AnchorTemplate> createAdderInteger();
std::unique_ptr<AnchorTemplate> createConvolutionInteger();
std::unique_ptr<AnchorTemplate> createDepthwiseFloat();
std::unique_ptr<AnchorTemplate> createDepthwiseInteger();

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_TEMPLATES_TEMPLATES_H

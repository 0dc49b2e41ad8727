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

/// Channels follow each other in memory and the halo of the input covers the
/// padding, so that the templates need no boundary tests.
bool readsStoredWindows(const Anchor &anchor);

/// One filter per channel: groups, channels and outputs are equal.
bool isDepthwise(const Anchor &anchor);

std::unique_ptr<AnchorTemplate> createShiftAdd();
std::unique_ptr<AnchorTemplate> createSparseBlocks();
std::unique_ptr<AnchorTemplate> createNarrowWeights();
/// No panel of outputs belongs to two groups.
bool hasWholeGroupPanels(const Anchor &anchor);

std::unique_ptr<AnchorTemplate> createConvolutionFloat();
std::unique_ptr<AnchorTemplate> createAdderFloat();
std::unique_ptr<AnchorTemplate> createAdderInteger();
std::unique_ptr<AnchorTemplate> createConvolutionInteger();
std::unique_ptr<AnchorTemplate> createDepthwiseFloat();
std::unique_ptr<AnchorTemplate> createDepthwiseInteger();

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_TEMPLATES_TEMPLATES_H

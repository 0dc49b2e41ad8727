//===- AnchorForm.h - What templates ask of an anchor -----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Properties that several templates decide by. They stand below the templates,
// whose list (Templates.h) stands above.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_TEMPLATES_ANCHORFORM_H
#define SHIFTADD_CODEGEN_HALIDE_TEMPLATES_ANCHORFORM_H

#include "codegen/Halide/AnchorTemplate.h"

namespace shiftadd::halide_gen {

/// Channels follow each other in memory and the halo of the input covers the
/// padding, so that the templates need no boundary tests.
bool readsStoredWindows(const Anchor &anchor);

/// One filter per channel: groups, channels and outputs are equal.
bool isDepthwise(const Anchor &anchor);

/// No panel of outputs belongs to two groups.
bool hasWholeGroupPanels(const Anchor &anchor);

/// Elements of the input are integers of one byte.
bool hasByteInput(const Anchor &anchor);

/// Elements of the input are signed integers.
bool hasSignedInput(const Anchor &anchor);

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_TEMPLATES_ANCHORFORM_H

//===- SparseBlocks.h - Facts about pruned filters --------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which blocks of a filter are zero is a property of its values, which a kernel
// does not see: the schedule stage states how many blocks a panel keeps as an
// attribute of the op.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_TEMPLATES_SPARSEBLOCKS_H
#define SHIFTADD_CODEGEN_HALIDE_TEMPLATES_SPARSEBLOCKS_H

namespace shiftadd::halide_gen::sparse {

/// Blocks that any panel of 16 outputs keeps at most. A block is all weights of
/// the panel for four elements (8-bit codes) or one (floats) of the window, in
/// the order of the filter.
constexpr const char *keptBlocks = "shiftadd.kept_blocks";

} // namespace shiftadd::halide_gen::sparse

#endif // SHIFTADD_CODEGEN_HALIDE_TEMPLATES_SPARSEBLOCKS_H

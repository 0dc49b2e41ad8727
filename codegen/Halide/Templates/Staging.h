//===- Staging.h - The converted input of a tile ----------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where the elements of the input are not what an instruction takes, they are
// converted once for a tile of pixels and all its blocks of channels.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_TEMPLATES_STAGING_H
#define SHIFTADD_CODEGEN_HALIDE_TEMPLATES_STAGING_H

#include "codegen/Halide/Templates/Blocks.h"

#include <functional>

namespace shiftadd::halide_gen {

class StagedInput {
public:
  /// `runElements`: how many elements are read from the start of a run on.
  /// `columnTaps`: runs along the row.
  StagedInput(const Anchor &anchor, const PixelSpace &space, const Tile &tile,
              int64_t runElements, int64_t columnTaps);

  /// Elements of one tile.
  int64_t elements() const;

  /// Rows of converted elements; `convert` is given a stored one.
  void define(const AnchorContext &context,
              const std::function<Halide::Expr(const Halide::Expr &)> &convert);
  /// The element of a tap; see PixelSpace::inputAt.
  Halide::Expr at(const std::vector<Halide::Expr> &arguments,
                  const Halide::Expr &columnTap,
                  const std::vector<Halide::Expr> &outerTaps,
                  const Halide::Expr &inRun) const;
  void computeAt(const BlockLevels &levels);

private:
  const PixelSpace &space;
  Halide::Func func{"staged"};
  int64_t pixelStride = 1, rowElements = 0;
};

/// The distance of signed codes from the lowest, as unsigned bytes.
Halide::Expr withoutSign(const Halide::Expr &code);

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_TEMPLATES_STAGING_H

//===- AnchorTemplates.cpp - The list of templates --------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which templates exist and what all of them ask of an anchor.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Templates/Templates.h"

namespace shiftadd::halide_gen {

const std::vector<const AnchorTemplate *> &anchorTemplates() {
  static const std::vector<std::unique_ptr<AnchorTemplate>> owned = [] {
    std::vector<std::unique_ptr<AnchorTemplate>> all;
    all.push_back(createShiftAdd());
    all.push_back(createSparseBlocks());
    all.push_back(createNarrowWeights());
    all.push_back(createConvolutionFloat());
    all.push_back(createAdderFloat());
    all.push_back(createAdderInteger());
    all.push_back(createConvolutionInteger());
    all.push_back(createDepthwiseFloat());
    all.push_back(createDepthwiseInteger());
    return all;
  }();
  static const std::vector<const AnchorTemplate *> list = [] {
    std::vector<const AnchorTemplate *> all;
    for (const std::unique_ptr<AnchorTemplate> &one : owned)
      all.push_back(one.get());
    return all;
  }();
  return list;
}

} // namespace shiftadd::halide_gen

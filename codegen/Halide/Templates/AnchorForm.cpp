//===- AnchorForm.cpp - What templates ask of an anchor ---------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layouts, groups and element types.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Templates/AnchorForm.h"

#include "codegen/Halide/Templates/Tile.h"

namespace shiftadd::halide_gen {

bool readsStoredWindows(const Anchor &anchor) {
  return anchor.paddingStored && !anchor.inputLayout.strides.empty() &&
         anchor.inputLayout.strides.back() == 1;
}

bool isDepthwise(const Anchor &anchor) {
  return !anchor.dense && anchor.groups > 1 &&
         anchor.filterType.shape.front() == anchor.groups &&
         anchor.filterType.shape.back() == 1 &&
         anchor.inputType.shape.back() == anchor.groups;
}

bool hasWholeGroupPanels(const Anchor &anchor) {
  return anchor.groups == 1 ||
         anchor.filterType.shape.front() % (anchor.groups * panelChannels) == 0;
}

bool hasByteInput(const Anchor &anchor) {
  return anchor.inputType.scalar == ScalarType::UInt8 ||
         anchor.inputType.scalar == ScalarType::Int8;
}

bool hasSignedInput(const Anchor &anchor) {
  return anchor.inputType.scalar == ScalarType::Int8 ||
         anchor.inputType.scalar == ScalarType::Int16 ||
         anchor.inputType.scalar == ScalarType::Int32 ||
         anchor.inputType.scalar == ScalarType::Int64;
}

} // namespace shiftadd::halide_gen

//===- Pack.h - In which form each constant reaches a kernel ----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Packing runs apart from code generation (with data, once for all CPU levels),
// so both derive the same plan from the spec: a list of blobs, each a buffer of
// the kernel. The plan of an anchored kernel starts with its template's blobs.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_PACK_H
#define SHIFTADD_CODEGEN_HALIDE_PACK_H

#include "codegen/Halide/AnchorTemplate.h"

#include <optional>
#include <vector>

namespace shiftadd::halide_gen {

enum class BlobKind {
  Template,        ///< made by the anchor's template
  Dense,           ///< argument `source`, row-major
  OutputInnermost, ///< filter `source` as [k..., C/groups, O]
  RequantizeScale, ///< multiplier `source` * 2^-(shift `second`), float64
  RequantizeBias,  ///< bias `source` as float64
  Terms, ///< integers `source` as terms (see ShiftAddTerms.h), one plane of
         ///< channels behind the other, int8
  // Of op number `source` in folded form (see Scaling.h); `second` is 0 for the
  // sum and 1 for the residual, -1 where there is no choice.
  FoldedMultiplier, ///< int32
  FoldedLeftShift,  ///< uint32
  FoldedRightShift, ///< uint32
  FoldedOffset,     ///< uint32
  RealOffset,       ///< float64; see RealScaling
  Scales,           ///< per-axis scales of value `source`, float32
  ZeroPoints        ///< per-axis zero points of value `source`, int32
};

struct Blob {
  BlobKind kind = BlobKind::Dense;
  int source = -1;
  int second = -1;
  Halide::Type type;
  int64_t count = 0; ///< elements, without the surplus
};

/// Blobs are filled with zeros up to a multiple of this many elements, so that
/// vectors of per-channel constants need no tail.
constexpr int64_t blobMultiple = 64;

struct ConstantPlan {
  std::optional<Anchor> anchor;
  const AnchorTemplate *anchorTemplate = nullptr;
  std::vector<Blob> blobs;

  /// -1 when the plan has no such blob.
  int find(BlobKind kind, int source, int second = -1) const;
};

/// Planes of a constant in the form of BlobKind::Terms, and the elements of
/// one.
int64_t termPlanes(const KernelSpec &spec, int argument);
int64_t termPlaneElements(const KernelSpec &spec, int argument);

/// Value numbers, ranks and shapes; throws SpecError.
void checkForm(const KernelSpec &spec);

/// Of a spec of good form; throws SpecError.
ConstantPlan planConstants(const KernelSpec &spec);

PackedConstants packPlan(const KernelSpec &spec, const ConstantPlan &plan,
                         const std::vector<const uint8_t *> &data);

/// Element-by-element ops: operands broadcast to the result.
bool isElementwise(const Op &op);
/// Sums of products or of absolute differences over a window or the last
/// dimension, operand 1 being the filter.
bool isFilterOp(const Op &op);

/// The spec seen as an anchored kernel, if it has that form.
std::optional<Anchor> matchAnchor(const KernelSpec &spec);

/// Whether the pixels (all dimensions before the last) follow each other at one
/// stride.
bool pixelsLinear(const std::vector<int64_t> &shape, const Layout &layout);

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_PACK_H

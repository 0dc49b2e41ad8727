//===- AnchorTemplate.h - Hand-tuned kernels for one heavy op ---*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An anchored kernel is one convolution or dense op with a constant filter (the
// anchor) followed by ops that work element by element on its result (the
// epilogue). Such kernels take nearly all the time of a network, so they are
// built by templates, each with its own packing and schedule. A template deals
// with the sum of products only: where the input lies, its padding and the
// epilogue come from the context as expressions. Specs that no template takes
// are compiled by the generic emitter.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_HALIDE_ANCHORTEMPLATE_H
#define SHIFTADD_CODEGEN_HALIDE_ANCHORTEMPLATE_H

#include "codegen/Halide/Compile.h"

#include <Halide.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace shiftadd::halide_gen {

/// One expression per dimension, in the order of the shape (row-major: the last
/// one is contiguous). Halide's own order is the reverse.
using Coordinates = std::vector<Halide::Expr>;

/// The anchor of a spec. A dense op appears as a convolution without spatial
/// dimensions: input [pixels..., K], filter [O, K].
struct Anchor {
  enum class Arithmetic { MultiplyAdd, AbsoluteDifference };

  const KernelSpec *spec = nullptr;
  int opNumber = 0; ///< index into spec->ops
  Arithmetic arithmetic = Arithmetic::MultiplyAdd;
  bool dense = false;
  int input = 0;        ///< argument number, a run-time buffer
  int filter = 0;       ///< argument number, a constant
  ValueType inputType;  ///< [N, spatial..., C] or [..., K]
  ValueType filterType; ///< [O, k..., C/groups] or [O, K]
  ValueType resultType; ///< [N, spatial..., O] or [..., O]; the accumulator
  Layout inputLayout;
  /// One per spatial dimension; empty for dense.
  std::vector<int64_t> strides, dilations, paddingLow, paddingHigh;
  int64_t groups = 1;
  /// What a tap in the padding reads: the zero point's code, 0 otherwise.
  int64_t paddingValue = 0;
  /// Every tap lies in the stored box of the input, whose halo holds
  /// paddingValue: no boundary test is needed.
  bool paddingStored = false;
};

/// What a template builds with. Nothing of it survives the build call.
struct AnchorContext {
  CpuLevel level = CpuLevel::X86_64_V3;
  Halide::Target target;

  /// The input as one dimension of stored elements, its first element being
  /// that of the stored box (halo included); see inputIndex. bfloat16 comes as
  /// UInt(16), bool as UInt(8), the others as their own type.
  Halide::ImageParam input;
  /// Index into `input` of logical coordinates (linear in them; the halo has
  /// coordinates below 0 and from the shape upwards).
  std::function<Halide::Expr(const Coordinates &)> inputIndex;
  /// The element at coordinates that may lie in the padding, as stored. Reads
  /// without a test when `anchor.paddingStored`, else with a boundary
  /// condition.
  std::function<Halide::Expr(const Coordinates &)> paddedInput;

  /// One per AnchorTemplate::packedTypes, one-dimensional, in that order.
  std::vector<Halide::ImageParam> packed;

  /// The stored values of the kernel's outputs at output coordinates
  /// [N, spatial..., O], given the accumulator there in its compute type
  /// (Float(32) for f16, bf16 and f32; Int(32) or Int(64) as anchor.resultType
  /// says). It adds the anchor's own bias operand too. Per-channel constants
  /// are stored up to a multiple of 64 channels; residual inputs only up to
  /// their shape.
  std::function<std::vector<Halide::Expr>(const Halide::Expr &accumulator,
                                          const Coordinates &)>
      epilogue;

  /// Layouts of the outputs, all of the shape of the anchor's result.
  std::vector<Layout> outputLayouts;
  /// The pixels of the output (and of every residual input) follow each other
  /// at one stride, so that its spatial dimensions may be built as one.
  bool outputPixelsLinear = false;
  /// The same for the pixels of the input.
  bool inputPixelsLinear = false;

  /// The kernel is large enough to be worth threads: run the outermost useful
  /// loop parallel.
  bool parallel = false;

  /// Fixes the output buffers of `output` (a Tuple for several outputs):
  /// `shape` row-major as the template defined its dimensions, which is either
  /// the full shape or, when outputPixelsLinear, any regrouping of the
  /// dimensions before the channels, for example [pixels, O].
  std::function<void(Halide::Func output, const std::vector<int64_t> &shape)>
      bindOutput;
};

class AnchorTemplate {
public:
  virtual ~AnchorTemplate() = default;

  /// Short name, part of the texts.
  virtual std::string name() const = 0;

  /// Whether this template takes the anchor. The decision may depend on the
  /// anchor only, since packing is the same for every CPU level.
  virtual bool matches(const Anchor &anchor) const = 0;

  /// Element types of the packed constants that replace the filter.
  virtual std::vector<Halide::Type> packedTypes(const Anchor &anchor) const = 0;

  /// Packs the filter, given as dense row-major bytes; one blob per type above.
  virtual PackedConstants pack(const Anchor &anchor,
                               const uint8_t *filter) const = 0;

  /// What the sums run on, see arithmeticUnit(). The default follows from the
  /// element types.
  virtual std::string unit(const Anchor &anchor, CpuLevel level) const;

  /// Whether floating-point products may be contracted into fused multiply-add.
  /// The epilogue keeps its operations one by one in either case.
  virtual bool contracts(const Anchor &anchor) const {
    return anchor.resultType.scalar == ScalarType::Float32 ||
           anchor.resultType.scalar == ScalarType::Float64;
  }

  /// Defines and schedules the pipeline, calls context.bindOutput and returns
  /// the output Func (a Tuple for several outputs). Names of Funcs must be
  /// fixed texts.
  virtual Halide::Func build(const Anchor &anchor,
                             const AnchorContext &context) const = 0;
};

/// All templates; the first that matches is taken.
const std::vector<const AnchorTemplate *> &anchorTemplates();

} // namespace shiftadd::halide_gen

#endif // SHIFTADD_CODEGEN_HALIDE_ANCHORTEMPLATE_H

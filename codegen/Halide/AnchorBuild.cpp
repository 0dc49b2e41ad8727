//===- AnchorBuild.cpp - Hands an anchored kernel to its template -*- C++ -*-=//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Provides the template with access to the padded input, to the packed filter
// and to the epilogue as an expression.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Emitter.h"
#include "codegen/Halide/Types.h"

using namespace Halide;

namespace shiftadd::halide_gen {

std::vector<Expr> Emitter::epilogue(const Expr &accumulator,
                                    const Coordinates &at) const {
  std::vector<Expr> known(values.size());
  auto valueAt = [&](int value) {
    return isArgument(value) ? readBroadcast(value, at)
                             : known[static_cast<size_t>(value)];
  };
  known[static_cast<size_t>(firstResult[0])] =
      biased(spec.ops[0], accumulator, at);
  for (size_t i = 1; i < spec.ops.size(); ++i) {
    const Op &op = spec.ops[i];
    known[static_cast<size_t>(firstResult[i])] =
        cast(computeType(op.results[0].scalar),
             element(
                 static_cast<int>(i),
                 [&](int operand) {
                   if (operand >= static_cast<int>(op.operands.size()) ||
                       op.operands[operand] < 0)
                     throw SpecError(op.op + ": an operand is missing");
                   return valueAt(op.operands[operand]);
                 },
                 at));
  }
  std::vector<Expr> results;
  for (const Output &output : spec.outputs) {
    Expr value = toStorage(typeOf(output.value).scalar, valueAt(output.value));
    // Contraction is for the sum of products only.
    results.push_back(
        target.has_feature(Target::StrictFloat) ? value : strict_float(value));
  }
  return results;
}

Pipeline Emitter::emitAnchored() {
  const Anchor &anchor = *plan.anchor;
  AnchorContext context;
  context.level = level;
  context.target = target;
  context.input = buffers[static_cast<size_t>(anchor.input)];
  context.inputIndex = [&](const Coordinates &at) {
    return bufferIndex(anchor.input, at);
  };
  const std::vector<int64_t> &shape = anchor.inputType.shape;
  Expr outside;
  switch (anchor.inputType.scalar) {
  case ScalarType::BFloat16:
    outside = constant(UInt(16), int64_t(0));
    break;
  default:
    outside = constant(storageType(anchor.inputType.scalar),
                       static_cast<double>(anchor.paddingValue));
  }
  context.paddedInput = [&, outside](const Coordinates &at) -> Expr {
    Coordinates inside = at;
    Expr isOutside;
    for (size_t d = 1; d + 1 < shape.size() && !anchor.paddingStored; ++d) {
      int32_t size = static_cast<int32_t>(shape[d]);
      Expr test = at[d] < 0 || at[d] >= size;
      isOutside = isOutside.defined() ? isOutside || test : test;
      inside[d] = clamp(likely(at[d]), 0, size - 1);
    }
    Expr element = context.input(bufferIndex(anchor.input, inside));
    return isOutside.defined() ? select(isOutside, outside, likely(element))
                               : element;
  };
  for (size_t i = 0; i < plan.blobs.size(); ++i)
    if (plan.blobs[i].kind == BlobKind::Template)
      context.packed.push_back(blobs[i]);
  context.epilogue = [&](const Expr &accumulator, const Coordinates &at) {
    return epilogue(accumulator, at);
  };
  context.inputPixelsLinear = pixelsLinear(shape, anchor.inputLayout);
  context.outputPixelsLinear = true;
  const std::vector<int64_t> &resultShape = anchor.resultType.shape;
  for (const Output &output : spec.outputs) {
    context.outputLayouts.push_back(output.layout);
    context.outputPixelsLinear =
        context.outputPixelsLinear && pixelsLinear(resultShape, output.layout);
  }
  for (size_t i = 1; i < spec.ops.size(); ++i)
    for (int value : spec.ops[i].operands) {
      if (value < 0 || !isArgument(value))
        continue;
      const ValueType &type = typeOf(value);
      bool perChannel = elementCount(type.shape) ==
                        (type.shape.empty() ? 1 : type.shape.back());
      bool linear = type.shape == resultShape &&
                    !spec.arguments[value].constant &&
                    pixelsLinear(resultShape, spec.arguments[value].layout);
      context.outputPixelsLinear =
          context.outputPixelsLinear && (perChannel || linear);
    }
  context.parallel = parallel;
  context.bindOutput = [&](Func output, const std::vector<int64_t> &bound) {
    for (size_t i = 0; i < spec.outputs.size(); ++i) {
      const Layout &layout = spec.outputs[i].layout;
      // Regrouped pixels: one stride serves them all, the innermost one's.
      Layout own = layout;
      if (bound.size() != resultShape.size() || bound != resultShape) {
        if (!context.outputPixelsLinear)
          throw SpecError("a template regroups pixels that are not linear");
        int64_t pixel = layout.strides.back() * resultShape.back();
        for (size_t d = resultShape.size() - 1; d-- > 0;)
          if (resultShape[d] > 1) {
            pixel = layout.strides[d];
            break;
          }
        int64_t offset = 0;
        for (size_t d = 0; d < resultShape.size(); ++d)
          offset += layout.low[d] * layout.strides[d];
        own.strides.assign(bound.size(), layout.strides.back());
        for (size_t d = bound.size() - 1; d-- > 0;) {
          own.strides[d] = pixel;
          pixel *= bound[d];
        }
        own.low.assign(bound.size(), 0);
        own.high.assign(bound.size(), 0);
        bind(output, static_cast<int>(i), bound, own);
        places.back().offset = offset;
        continue;
      }
      bind(output, static_cast<int>(i), bound, own);
    }
  };
  Func output = plan.anchorTemplate->build(anchor, context);
  return Pipeline(output);
}

} // namespace shiftadd::halide_gen

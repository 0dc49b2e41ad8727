//===- IntegerAverages.cpp - Averages of codes -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An average is the exact sum of the codes, scaled by 1 / count in the
// requantisation (N56).
//
//===----------------------------------------------------------------------===//
#include "passes/Quantize/IntegerForms.h"

#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/Shapes.h"

namespace shiftadd {

namespace {

/// The sum of `count` codes, each scaled by `factor`.
std::optional<IntegerSum> makeSum(mlir::Operation *op, mlir::Value codes,
                                  int64_t count, double factor) {
  auto x = getUniform(codes);
  Interval range = *getCodeRange(x);
  IntegerSum sum{nullptr, op->getLoc()};
  auto shape = shapeOf(op->getResult(0));
  sum.channels = shape.empty() ? 1 : shape.back();
  sum.range = {{range.low * count, range.high * count}};
  if (count < 1 || !sum.range.front().fits(32))
    return std::nullopt;
  sum.grid = {x.getScale() * factor};
  sum.zeroPointTerm = {-__int128(x.getZeroPoint()) * count};
  return sum;
}

std::optional<IntegerSum> matchPool(AvgPoolOp pool) {
  mlir::Value codes = getCodes(pool.getInput());
  auto padded = [](int64_t amount) { return amount != 0; };
  if (!codes ||
      (llvm::any_of(pool.getPadding(), padded) && !pool.getCountIncludePad()))
    return std::nullopt;
  // With padding counted, the window's size is the divisor everywhere only
  // when no window reaches beyond the padding; inference guarantees that.
  int64_t area = elementsPerSample(pool.getKernel());
  auto sum = makeSum(pool, codes, area, 1.0 / double(area));
  if (sum)
    sum->build = [pool,
                  codes](mlir::OpBuilder &builder) mutable -> mlir::Value {
      return buildInferred<SumPoolOp>(builder, pool->getLoc(),
                                      builder.getI32Type(), codes,
                                      pool.getKernel(), pool.getStrides(),
                                      pool.getPadding(), pool.getDilations());
    };
  return sum;
}

/// A mean over all spatial dimensions is a pool; over others, a reduction.
mlir::Value buildSum(mlir::OpBuilder &builder, mlir::Operation *op,
                     mlir::Value codes, llvm::ArrayRef<int64_t> axes,
                     bool keepDims) {
  auto type = tensorType(codes);
  int64_t spatial = type.getRank() - 2;
  bool pools = spatial >= 1 && spatial <= 3 && int64_t(axes.size()) == spatial;
  for (auto [i, axis] : llvm::enumerate(axes))
    pools &= axis == int64_t(i) + 1;
  mlir::Type i32 = builder.getI32Type();
  if (!pools) {
    auto cast = [&](mlir::Value value, mlir::Type element) -> mlir::Value {
      return CastOp::create(
          builder, op->getLoc(),
          mlir::RankedTensorType::get(type.getShape(), element), value);
    };
    mlir::Value wide =
        cast(cast(codes, getStorageType(type.getElementType())), i32);
    return buildInferred<ReduceSumOp>(builder, op->getLoc(), i32, wide, axes,
                                      keepDims);
  }
  llvm::SmallVector<int64_t> kernel(type.getShape().slice(1, spatial));
  llvm::SmallVector<int64_t> ones(spatial, 1), none(2 * spatial, 0);
  // The dimensions of size 1 go after the requantisation, which then stands at
  // its sum.
  return buildInferred<SumPoolOp>(builder, op->getLoc(), i32, codes, kernel,
                                  ones, none, ones);
}

template <typename OpTy>
std::optional<IntegerSum> matchReduction(OpTy op, bool averages) {
  mlir::Value codes = getCodes(op.getInput());
  if (!codes)
    return std::nullopt;
  int64_t count = 1;
  for (int64_t axis : op.getAxes()) {
    int64_t size = shapeOf(codes)[axis];
    if (mlir::ShapedType::isDynamic(size) || size > (1 << 24))
      return std::nullopt;
    count *= size;
  }
  if (count < 1 || count > (1 << 24))
    return std::nullopt;
  auto sum = makeSum(op, codes, count, averages ? 1.0 / double(count) : 1.0);
  if (sum)
    sum->build = [op, codes](mlir::OpBuilder &builder) mutable {
      return buildSum(builder, op, codes, op.getAxes(), op.getKeepDims());
    };
  return sum;
}

} // namespace

std::optional<IntegerSum> matchAverage(mlir::Operation *op) {
  if (auto pool = llvm::dyn_cast<AvgPoolOp>(op))
    return matchPool(pool);
  if (auto mean = llvm::dyn_cast<ReduceMeanOp>(op))
    return matchReduction(mean, /*averages=*/true);
  if (auto total = llvm::dyn_cast<ReduceSumOp>(op))
    return matchReduction(total, /*averages=*/false);
  return std::nullopt;
}

} // namespace shiftadd

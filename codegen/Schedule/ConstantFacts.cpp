//===- ConstantFacts.cpp - What kernels may know of constants ---*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The names of the attributes are those that codegen/Halide reads (Scaling.h,
// Chunk.h); packing proves them once more from the data.
//
//===----------------------------------------------------------------------===//
#include "codegen/Schedule/ConstantFacts.h"

#include "codegen/Schedule/WeightFacts.h"

#include "dialects/ShiftAdd/IR/WeightView.h"

#include "mlir/IR/Builders.h"

namespace shiftadd {
namespace {

using Integers = std::vector<int64_t>;

class Facts {
public:
  explicit Facts(LayerOp layer) : layer(layer), builder(layer) {}

  void run() {
    for (mlir::Operation &op : layer.getBody().front()) {
      if (auto requantize = llvm::dyn_cast<RequantizeOp>(op))
        stateScaling(requantize, mlir::Value(), 0);
      else if (auto residual = llvm::dyn_cast<RequantizeResidualOp>(op))
        stateScaling(residual, residual.getResidualMultiplier(),
                     zeroPointOf(residual.getResidual()));
      else if (llvm::isa<ConvOp, ShiftConvOp, DenseOp, ShiftDenseOp>(op)) {
        stateChunk(&op);
        if (auto filter = llvm::dyn_cast<mlir::BlockArgument>(op.getOperand(1)))
          stateWeightFacts(&op, layer->getOperand(filter.getArgNumber()));
      }
    }
  }

private:
  /// Of a value in the layer's body that stands for a constant.
  std::optional<Integers> integersOf(mlir::Value value) const {
    auto argument = llvm::dyn_cast_or_null<mlir::BlockArgument>(value);
    if (!argument)
      return std::nullopt;
    return readCodedIntegers(layer->getOperand(argument.getArgNumber()));
  }

  void state(mlir::Operation *op, llvm::StringRef name, int64_t value) {
    op->setAttr(("shiftadd." + name).str(), builder.getI64IntegerAttr(value));
  }

  static int64_t zeroPointOf(mlir::Value codes) {
    auto quantized = llvm::dyn_cast<mlir::quant::UniformQuantizedType>(
        tensorType(codes).getElementType());
    return quantized ? quantized.getZeroPoint() : 0;
  }

  /// One offset of all that is added to the scaled sum is exact in float64, and
  /// the result fits 32 bits before it is saturated.
  static bool hasRealOffset(const Integers &multipliers, const Integers &shifts,
                            const Integers &biases, const Integers &residuals,
                            int64_t residualZero,
                            mlir::quant::UniformQuantizedType type) {
    auto pick = [](const Integers &list, size_t channel) {
      return list[std::min(channel, list.size() - 1)];
    };
    // A code less the lowest one is an i32, and never negative.
    int64_t lowest = type.getStorageTypeMin();
    if (type.getStorageTypeMax() - lowest > INT32_MAX ||
        type.getZeroPoint() < lowest)
      return false;
    size_t channels = std::max(
        {multipliers.size(), shifts.size(), biases.size(), residuals.size()});
    for (size_t c = 0; c < channels; ++c) {
      int64_t shift = pick(shifts, c);
      if (shift < 1 || shift > 51)
        return false;
      auto magnitude = [](int64_t a, int64_t b) {
        return __int128(std::abs(a)) * std::abs(b);
      };
      int64_t multiplier = pick(multipliers, c), bias = pick(biases, c),
              residual = pick(residuals, c);
      __int128 zero = __int128(type.getZeroPoint()) - lowest;
      __int128 rest = (__int128(1) << (shift - 1)) + (zero << shift);
      __int128 steps = magnitude(bias, multiplier) +
                       magnitude(residualZero, residual) + rest;
      // Whatever the sum and the residual are, in 32 and 16 bits.
      __int128 reach =
          ((__int128(1) << 31) + std::abs(bias)) * std::abs(multiplier) +
          (__int128(1) << 17) * std::abs(residual) + rest;
      if (steps >= (__int128(1) << 52) || reach >= __int128(1) << (31 + shift))
        return false;
    }
    return true;
  }

  template <typename OpTy>
  void stateScaling(OpTy op, mlir::Value residualMultiplier,
                    int64_t residualZero) {
    auto quantized = llvm::dyn_cast<mlir::quant::UniformQuantizedType>(
        tensorType(op.getResult()).getElementType());
    bool halfUp = op.getRounding() == Rounding::HalfUp;
    auto multipliers = integersOf(op.getMultiplier());
    auto shifts = integersOf(op.getShift());
    std::optional<Integers> residuals;
    if (residualMultiplier)
      residuals = integersOf(residualMultiplier);
    std::optional<Integers> biases = Integers{0};
    if (op.getBias())
      biases = integersOf(op.getBias());
    if (quantized && op.getArithmetic() == Arithmetic::Double && halfUp &&
        multipliers && shifts && biases && (!residualMultiplier || residuals) &&
        !tensorType(op.getInput()).getElementType().isInteger(64) &&
        hasRealOffset(*multipliers, *shifts, *biases,
                      residuals ? *residuals : Integers{0}, residualZero,
                      quantized))
      state(op, "real_offset", 1);
    if (!quantized || op.getArithmetic() != Arithmetic::Int32 ||
        (!halfUp && op.getRounding() != Rounding::Floor) || !multipliers ||
        !shifts || multipliers->empty() || shifts->empty() ||
        (residualMultiplier && (!residuals || residuals->empty())))
      return;
    auto arePowers = [](const Integers &list) {
      return llvm::all_of(list, [](int64_t value) {
        return value > 0 && llvm::isPowerOf2_64(value);
      });
    };
    bool powers =
        arePowers(*multipliers) && (!residuals || arePowers(*residuals));
    auto pick = [](const Integers &list, size_t channel) {
      return list[std::min(channel, list.size() - 1)];
    };
    size_t channels = std::max({multipliers->size(), shifts->size(),
                                residuals ? residuals->size() : size_t(1)});
    // Equal in all channels so far; -1 once they differ.
    std::optional<int64_t> left, residualLeft, right;
    auto join = [](std::optional<int64_t> &common, int64_t value) {
      common = !common || *common == value ? value : int64_t(-1);
    };
    bool zeroFits = true;
    for (size_t c = 0; c < channels; ++c) {
      int64_t shift = pick(*shifts, c);
      if (powers) {
        int64_t power = llvm::Log2_64(pick(*multipliers, c));
        int64_t residualPower =
            residuals ? int64_t(llvm::Log2_64(pick(*residuals, c))) : power;
        int64_t common = std::min({power, residualPower, shift});
        join(left, power - common);
        join(residualLeft, residualPower - common);
        shift -= common;
      }
      shift = std::min<int64_t>(shift, 31);
      join(right, shift);
      // The product is below 2^30; it, half a unit and the zero point have to
      // stay below 2^31.
      __int128 half = halfUp && shift > 0 ? __int128(1) << (shift - 1) : 0;
      __int128 zero = __int128(std::abs(quantized.getZeroPoint())) << shift;
      zeroFits = zeroFits && half + zero < (__int128(1) << 30);
    }
    auto stateIfCommon = [&](llvm::StringRef name,
                             const std::optional<int64_t> &value) {
      if (value && *value >= 0)
        state(op, name, *value);
    };
    if (powers) {
      state(op, "powers_of_two", 1);
      stateIfCommon("left_shift", left);
      if (residuals)
        stateIfCommon("residual_shift", residualLeft);
    }
    stateIfCommon("right_shift", right);
    if (zeroFits && quantized.getZeroPoint() != 0)
      state(op, "zero_folded", 1);
  }

  /// The longest stretch of a run, dividing it into equal parts, whose sums of
  /// pairs fit 16 bits in every output.
  static int64_t longestChunk(llvm::ArrayRef<int64_t> weights, int64_t run,
                              int64_t highestCode) {
    constexpr int64_t quad = 4;
    int64_t quads = llvm::divideCeil(run, quad);
    int64_t runs = int64_t(weights.size()) / run;
    auto fits = [&](int64_t chunk) {
      for (int64_t r = 0; r < runs; ++r)
        for (int64_t first = 0; first < quads; first += chunk)
          for (int64_t half : {0, 2}) {
            int64_t positive = 0, negative = 0;
            for (int64_t q = first; q < first + chunk; ++q)
              for (int64_t i : {half, half + 1}) {
                int64_t at = q * quad + i;
                int64_t weight = at < run ? weights[r * run + at] : 0;
                (weight > 0 ? positive : negative) += std::abs(weight);
              }
            if (positive * highestCode > INT16_MAX ||
                negative * highestCode > -int64_t(INT16_MIN))
              return false;
          }
      return true;
    };
    for (int64_t chunk = quads; chunk > 0; --chunk)
      if (quads % chunk == 0 && fits(chunk))
        return chunk * quad;
    return 0;
  }

  void stateChunk(mlir::Operation *op) {
    auto input = tensorType(op->getOperand(0));
    auto codes =
        llvm::dyn_cast<mlir::quant::QuantizedType>(input.getElementType());
    auto weights = integersOf(op->getOperand(1));
    if (!codes || codes.getStorageTypeIntegralWidth() != 8 || !weights ||
        weights->empty() || !llvm::all_of(*weights, [](int64_t weight) {
          return llvm::isInt<8>(weight);
        }))
      return;
    auto filter = tensorType(op->getOperand(1)).getShape();
    int64_t run = filter.back();
    if (auto geometry = llvm::dyn_cast<ConvolutionGeometryOpInterface>(op)) {
      // One filter per channel has no run to speak of.
      if (run == 1 && geometry.getGroups() > 1)
        return;
      if (geometry.getGroups() == 1 && filter[filter.size() - 2] > 1 &&
          geometry.getDilations().back() == 1)
        run *= filter[filter.size() - 2];
    }
    // Signed codes are taken plus 128.
    int64_t highest = codes.isSigned()
                          ? 255
                          : std::min<int64_t>(255, codes.getStorageTypeMax());
    int64_t chunk = longestChunk(*weights, run, highest);
    if (chunk == 0)
      return;
    state(op, "chunk", chunk);
    state(op, "chunk_run", run);
  }

  LayerOp layer;
  mlir::Builder builder;
};

} // namespace

void stateConstantFacts(LayerOp layer) { Facts(layer).run(); }

} // namespace shiftadd

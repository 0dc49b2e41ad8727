//===- HandlersQonnx.cpp - QONNX operators --------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// QONNX quantises and dequantises in one node, with any bit width and a choice
// of roundings. Constants become codes of that width at once. Values become a
// `quantize` whose type has the bounds of the width, and a `dequantize`;
// roundings other than to the nearest, halves to even, are done in front, on
// the grid of the codes.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/Handlers.h"

#include <cmath>

namespace shiftadd::onnx_import {
namespace {

using mlir::quant::QuantizationFlags::Signed;

/// Scales and zero points of a Quant node.
struct Grid {
  std::vector<double> scales, zeroPoints;
  int64_t axis = -1; ///< of scales that differ along a dimension
};

/// Elements of a constant that broadcasts against a tensor of `shape` along at
/// most one dimension.
std::optional<std::vector<double>> readAlongAxis(NodeImporter &n, size_t index,
                                                 llvm::StringRef what,
                                                 const Shape &shape,
                                                 int64_t &axis) {
  auto tensor = n.constant(index);
  if (!tensor) {
    if (!n.failed)
      n.unsupported("a " + what + " that is not known at compile time");
    return std::nullopt;
  }
  int64_t offset = int64_t(shape.size()) - tensor->getRank();
  for (int64_t d = 0; d < tensor->getRank(); ++d) {
    int64_t size = tensor->getDimension(d);
    if (size == 1)
      continue;
    if (offset + d < 0 || shape[offset + d] != size ||
        (axis >= 0 && axis != offset + d)) {
      n.unsupported("a " + what + " for each of several dimensions");
      return std::nullopt;
    }
    axis = offset + d;
  }
  std::vector<double> values;
  for (int64_t i = 0; i < tensor->getElementCount(); ++i)
    values.push_back(tensor->getDouble(i));
  return values;
}

std::optional<Grid> readGrid(NodeImporter &n, const Shape &shape,
                             bool hasZeroPoint) {
  Grid grid;
  auto scales = readAlongAxis(n, 1, "scale", shape, grid.axis);
  if (!scales || scales->empty())
    return std::nullopt;
  grid.scales = *scales;
  for (double scale : grid.scales)
    if (!std::isnormal(scale) || scale < 0) {
      n.invalid("its scale is no positive number");
      return std::nullopt;
    }
  grid.zeroPoints = {0.0};
  if (hasZeroPoint) {
    auto zeroPoints = readAlongAxis(n, 2, "zero point", shape, grid.axis);
    if (!zeroPoints || zeroPoints->empty())
      return std::nullopt;
    grid.zeroPoints = *zeroPoints;
  }
  for (double zero : grid.zeroPoints)
    if (zero != std::nearbyint(zero) || std::fabs(zero) > 0x1p30) {
      n.unsupported("a zero point that is no integer");
      return std::nullopt;
    }
  return grid;
}

std::optional<int64_t> readBits(NodeImporter &n, size_t index,
                                llvm::StringRef what) {
  auto bits = n.constantFloat(index, what);
  if (!bits)
    return std::nullopt;
  if (*bits != std::nearbyint(*bits) || *bits < 1 || *bits > 32) {
    n.unsupported("a bit width that is no integer from 1 to 32");
    return std::nullopt;
  }
  return int64_t(*bits);
}

/// The codes of a bit width.
struct Codes {
  int64_t low, high;

  static Codes get(int64_t bits, bool isSigned, bool isNarrow) {
    if (isSigned)
      return {-(int64_t(1) << (bits - 1)) + isNarrow,
              (int64_t(1) << (bits - 1)) - 1};
    return {0, (int64_t(1) << bits) - 1 - isNarrow};
  }
};

double pick(const std::vector<double> &values, int64_t i) {
  return values[values.size() == 1 ? 0 : size_t(i)];
}

/// The type of codes on a grid, in integers of at least `fewestBits` bits.
mlir::Type codeType(NodeImporter &n, const Grid &grid, Codes codes,
                    unsigned fewestBits) {
  bool isSigned = codes.low < 0;
  unsigned bits = 2;
  while (isSigned ? codes.high >= (int64_t(1) << (bits - 1)) ||
                        codes.low < -(int64_t(1) << (bits - 1))
                  : codes.high >= (int64_t(1) << bits))
    ++bits;
  // Above a byte there are words.
  if (bits > 8)
    bits = bits > 16 ? 32 : 16;
  bits = std::max(bits, fewestBits);
  if (bits > 32 || (bits == 32 && !isSigned && codes.high > INT32_MAX)) {
    n.unsupported("codes of more than 32 bits");
    return {};
  }
  isSigned |= bits == 32;
  auto emitError = [&] {
    return mlir::emitError(n.location) << "scale out of range";
  };
  mlir::Type storage = n.builder.getIntegerType(bits);
  mlir::Type f32 = n.builder.getF32Type();
  unsigned flags = isSigned ? Signed : 0;
  auto zeroPoint = [&](int64_t i) { return int64_t(pick(grid.zeroPoints, i)); };
  if (grid.axis < 0)
    return mlir::quant::UniformQuantizedType::getChecked(
        emitError, flags, storage, f32, grid.scales[0], zeroPoint(0), codes.low,
        codes.high);
  size_t channels = std::max(grid.scales.size(), grid.zeroPoints.size());
  llvm::SmallVector<double> scales;
  llvm::SmallVector<int64_t> zeroPoints;
  for (size_t c = 0; c < channels; ++c) {
    scales.push_back(pick(grid.scales, int64_t(c)));
    zeroPoints.push_back(zeroPoint(int64_t(c)));
  }
  return mlir::quant::UniformQuantizedPerAxisType::getChecked(
      emitError, flags, storage, f32, scales, zeroPoints, int32_t(grid.axis),
      codes.low, codes.high);
}

/// As numpy rounds; HALF_UP and HALF_DOWN look at the magnitude.
std::optional<double> roundAs(llvm::StringRef mode, double value) {
  double magnitude = std::fabs(value);
  if (mode == "ROUND")
    return std::nearbyint(value);
  if (mode == "FLOOR")
    return std::floor(value);
  if (mode == "CEIL")
    return std::ceil(value);
  if (mode == "UP")
    return std::copysign(std::ceil(magnitude), value);
  if (mode == "DOWN")
    return std::trunc(value);
  if (mode == "HALF_UP")
    return std::copysign(std::floor(magnitude + 0.5), value);
  if (mode == "HALF_DOWN")
    return std::copysign(std::ceil(magnitude - 0.5), value);
  return std::nullopt;
}

/// The same in ops.
mlir::Value buildRounding(NodeImporter &n, llvm::StringRef mode,
                          mlir::Value x) {
  mlir::Type f32 = n.builder.getF32Type();
  if (mode == "ROUND")
    return n.unary<RoundOp>(x);
  if (mode == "FLOOR")
    return n.unary<FloorOp>(x);
  if (mode == "CEIL")
    return n.unary<CeilOp>(x);
  mlir::Value magnitude = n.unary<AbsOp>(x);
  if (mode == "UP")
    magnitude = n.unary<CeilOp>(magnitude);
  else if (mode == "DOWN")
    magnitude = n.unary<FloorOp>(magnitude);
  else if (mode == "HALF_UP")
    magnitude = n.unary<FloorOp>(n.add(magnitude, n.scalar(f32, 0.5)));
  else
    magnitude = n.unary<CeilOp>(n.sub(magnitude, n.scalar(f32, 0.5)));
  return n.mul(magnitude, n.unary<SignOp>(x));
}

std::optional<std::string> readRounding(NodeImporter &n,
                                        llvm::StringRef otherwise) {
  std::string mode =
      llvm::StringRef(n.getString("rounding_mode", otherwise)).upper();
  if (n.failed)
    return std::nullopt;
  if (!roundAs(mode, 0.0)) {
    n.unsupported("the rounding mode '" + mode + "'");
    return std::nullopt;
  }
  return mode;
}

/// A constant of codes: convert(x / scale + zero point, in f32) cut to `codes`.
template <typename Convert>
mlir::Value makeCodes(NodeImporter &n, const ref::Tensor &x, const Grid &grid,
                      Codes codes, Convert convert) {
  mlir::Type type = codeType(n, grid, codes, 0);
  if (!type)
    return {};
  auto tensor = ref::Tensor::create(type, x.getShape());
  if (!tensor) {
    n.invalid(llvm::toString(tensor.takeError()));
    return {};
  }
  int64_t inner = 1, channels = 1;
  if (grid.axis >= 0) {
    channels = x.getDimension(grid.axis);
    for (int64_t size : x.getShape().drop_front(grid.axis + 1))
      inner *= size;
  }
  for (int64_t i = 0; i < x.getElementCount(); ++i) {
    int64_t c = i / inner % channels;
    float steps = float(x.getDouble(i)) / float(pick(grid.scales, c)) +
                  float(pick(grid.zeroPoints, c));
    if (std::isnan(steps)) {
      n.invalid("quantises a constant that is no number");
      return {};
    }
    double code = convert(
        std::clamp(double(steps), double(codes.low), double(codes.high)));
    tensor->setInteger(i, int64_t(code));
  }
  return n.constant(tensor->getType(), tensor->getBytes(), n.node.inputs[0]);
}

mlir::Value dequantized(NodeImporter &n, mlir::Value codes) {
  return n.make<DequantizeOp>(n.builder.getF32Type(), codes);
}

/// The scale or zero point as the model has it, for elementwise ops.
mlir::Value parameter(NodeImporter &n, size_t index) {
  return n.cast(n.input(index), n.builder.getF32Type());
}

} // namespace

bool importQonnxQuant(NodeImporter &n) {
  if (!n.requireInputs(4))
    return false;
  Shape shape = n.inputShape(0);
  bool isSigned = n.getInt("signed", 1) != 0;
  bool isNarrow = n.getInt("narrow", 0) != 0;
  auto mode = readRounding(n, "ROUND");
  auto bits = mode ? readBits(n, 3, "the bit width") : std::nullopt;
  auto grid = bits ? readGrid(n, shape, true) : std::nullopt;
  if (!grid)
    return false;
  // One signed bit has no 0: it says which side of the zero point.
  bool isBipolar = *bits == 1 && isSigned;
  Codes codes =
      isBipolar ? Codes{-1, 1} : Codes::get(*bits, isSigned, isNarrow);
  if (codes.low >= codes.high)
    return n.unsupported("a range of one code");
  if (auto x = n.constant(0))
    return n.set(0,
                 dequantized(n, makeCodes(n, *x, *grid, codes, [&](double y) {
                               return isBipolar ? (y >= 0 ? 1.0 : -1.0)
                                                : *roundAs(*mode, y);
                             })));
  if (n.failed)
    return false;
  if (*bits > 16)
    return n.unsupported("values of more than 16 bits");
  mlir::Value x = n.input(0);
  mlir::Type f32 = n.builder.getF32Type();
  if (n.elementType(x) != f32)
    return n.unsupported("values that are no f32");
  // `quantize` adds the zero point behind the rounding: the same on halves when
  // it is even.
  bool plain = *mode == "ROUND" && llvm::all_of(grid->zeroPoints, [](double z) {
    return std::fmod(z, 2.0) == 0.0;
  });
  if (!plain || isBipolar) {
    mlir::Value scale = parameter(n, 1), zero = parameter(n, 2);
    mlir::Value steps = n.add(n.div(x, scale), zero);
    if (isBipolar)
      steps = n.make<WhereOp>(f32,
                              n.make<GreaterEqualOp>(n.builder.getI1Type(),
                                                     steps, n.scalar(f32, 0)),
                              n.scalar(f32, 1), n.scalar(f32, -1));
    else
      steps = buildRounding(n, *mode, steps);
    x = n.mul(n.sub(steps, zero), scale);
  }
  mlir::Type type = codeType(n, *grid, codes, 8);
  if (!type)
    return false;
  return n.set(0, dequantized(n, n.make<QuantizeOp>(type, x)));
}

bool importQonnxBipolarQuant(NodeImporter &n) {
  if (!n.requireInputs(2))
    return false;
  auto grid = readGrid(n, n.inputShape(0), false);
  if (!grid)
    return false;
  Codes codes{-1, 1};
  if (auto x = n.constant(0))
    return n.set(0, dequantized(n, makeCodes(n, *x, *grid, codes, [](double y) {
                                  return y >= 0 ? 1.0 : -1.0;
                                })));
  if (n.failed)
    return false;
  mlir::Value x = n.input(0);
  mlir::Type f32 = n.builder.getF32Type();
  if (n.elementType(x) != f32)
    return n.unsupported("values that are no f32");
  mlir::Value side = n.make<WhereOp>(
      f32, n.make<GreaterEqualOp>(n.builder.getI1Type(), x, n.scalar(f32, 0)),
      n.scalar(f32, 1), n.scalar(f32, -1));
  mlir::Type type = codeType(n, *grid, codes, 8);
  if (!type)
    return false;
  return n.set(0, dequantized(n, n.make<QuantizeOp>(
                                     type, n.mul(side, parameter(n, 1)))));
}

/// Drops the low bits of codes: an exact sum that is requantised by a shift.
bool importQonnxTrunc(NodeImporter &n) {
  if (!n.requireInputs(5))
    return false;
  if (n.inputCount() > 5)
    return n.unsupported("an output scale of its own");
  auto mode = readRounding(n, "FLOOR");
  auto from = mode ? readBits(n, 3, "the input's bit width") : std::nullopt;
  auto to = from ? readBits(n, 4, "the output's bit width") : std::nullopt;
  auto grid = to ? readGrid(n, n.inputShape(0), true) : std::nullopt;
  if (!grid)
    return false;
  if (*to > *from)
    return n.invalid("truncates to more bits than there are");
  bool truncates = *mode == "DOWN" && grid->zeroPoints[0] == 0;
  if (*mode != "FLOOR" && *mode != "ROUND" && !truncates)
    return n.unsupported("the rounding mode '" + *mode + "'");
  if (grid->axis >= 0)
    return n.unsupported("a scale for each channel");
  if (*to > 15)
    return n.unsupported("values of more than 15 bits");
  mlir::Value x = n.input(0);
  if (!n.isFloat(x) || !n.elementType(x).isF32())
    return n.unsupported("values that are no f32");
  mlir::Type wide = codeType(n, *grid, {INT32_MIN, INT32_MAX}, 32);
  mlir::Type narrow = codeType(n, *grid, {INT16_MIN, INT16_MAX}, 16);
  if (!wide || !narrow)
    return false;
  int64_t shift = *from - *to;
  // The zero point stays in the codes, which are shifted as they are.
  auto bias = int64_t(-grid->zeroPoints[0] * double(int64_t(1) << shift));
  mlir::Type i32 = n.builder.getI32Type();
  mlir::Value codes = n.cast(n.make<QuantizeOp>(wide, x), i32);
  auto vector = [&](int64_t number) -> mlir::Value {
    return n.cast(n.ints({number}), i32);
  };
  if (bias != int64_t(int32_t(bias)))
    return n.unsupported("a zero point of so many bits");
  Rounding rounding = *mode == "FLOOR"   ? Rounding::Floor
                      : *mode == "ROUND" ? Rounding::HalfEven
                                         : Rounding::TruncZero;
  return n.set(
      0, dequantized(n, n.make<RequantizeOp>(narrow, codes, vector(bias),
                                             vector(1), vector(shift), rounding,
                                             ArithmeticAttr())));
}

} // namespace shiftadd::onnx_import

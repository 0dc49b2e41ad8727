// Adder layers on codes (N31, N44, N106), with the batch normalisation behind
// them (N53). Scales and factors are powers of two, so that results are equal
// bit by bit: padded corners, strides, groups, dilation (N99).

// RUN: split-file %s %t
// RUN: shiftadd-opt %t/exact.mlir --shiftadd-move-dequantize --shiftadd-integer-layers | FileCheck %t/exact.mlir --implicit-check-not=shiftadd.dequantize
// RUN: shiftadd-opt %t/exact.mlir --compare-by-running="func.func(shiftadd-move-dequantize,shiftadd-integer-layers,shiftadd-choose-arithmetic)" --runs=10 | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %t/exact.mlir --compare-by-running="func.func(shiftadd-move-dequantize,shiftadd-integer-layers{shifts=true narrow-products=true})" --runs=3 | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %t/stays.mlir --shiftadd-integer-layers | FileCheck %t/stays.mlir --implicit-check-not=shiftadd.requantize

// EQUAL: equal: {{[1-9][0-9]*}} runs

//--- exact.mlir

!x = !quant.uniform<u8:f32, 0.5:13>
!w = !quant.uniform<i16:f32, 0.5:13>
!y = !quant.uniform<i8:f32, 16.0:5>

// Padding everywhere, stride 2 in one dimension, dilation in the other.
// CHECK-LABEL: func.func @conv(
// CHECK: %[[ACC:.*]] = shiftadd.adder_conv %arg0, {{.*}} -> tensor<?x3x5x2xi32>
// CHECK: shiftadd.requantize %[[ACC]]
func.func @conv(%x: tensor<?x5x5x2x!x>) -> tensor<?x3x5x2x!y> {
  %wq = shiftadd.constant dense<[[[[20, -300], [13, 14], [255, 0]], [[1, 2], [3, 4], [5, 6]]], [[[-20, 30], [100, 120], [13, 13]], [[500, -7], [8, 9], [10, 11]]]]> : tensor<2x2x3x2xi16> as tensor<2x2x3x2x!w>
  %w = shiftadd.dequantize %wq : (tensor<2x2x3x2x!w>) -> tensor<2x2x3x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x5x5x2x!x>) -> tensor<?x5x5x2xf32>
  %1 = shiftadd.adder_conv %0, %w {dilations = array<i64: 1, 2>, groups = 1 : i64, padding = array<i64: 1, 1, 2, 2>, strides = array<i64: 2, 1>} : (tensor<?x5x5x2xf32>, tensor<2x2x3x2xf32>) -> tensor<?x3x5x2xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x3x5x2xf32>) -> tensor<?x3x5x2x!y>
  return %2 : tensor<?x3x5x2x!y>
}

// Groups; weights whose zero point is another one than the input's; a bias.
// CHECK-LABEL: func.func @groups(
// CHECK-DAG: shiftadd.constant dense<{{\[\[}}[-1], [16]], {{\[}}[53], [-125]]]> : tensor<2x2x1xi16>
// CHECK: %[[ACC:.*]] = shiftadd.adder_conv %arg0, {{.*}}groups = 2
// CHECK: shiftadd.requantize %[[ACC]]
func.func @groups(%x: tensor<?x7x2x!x>) -> tensor<?x4x2x!y> {
  %wq = shiftadd.constant dense<[[[-4], [13]], [[50], [-128]]]> : tensor<2x2x1xi8> as tensor<2x2x1x!quant.uniform<i8:f32, 0.5:10>>
  %b = shiftadd.constant dense<[100.0, -3.5]> : tensor<2xf32> as tensor<2xf32>
  %w = shiftadd.dequantize %wq : (tensor<2x2x1x!quant.uniform<i8:f32, 0.5:10>>) -> tensor<2x2x1xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x7x2x!x>) -> tensor<?x7x2xf32>
  %1 = shiftadd.adder_conv %0, %w, bias %b {dilations = array<i64: 1>, groups = 2 : i64, padding = array<i64: 1, 0>, strides = array<i64: 2>} : (tensor<?x7x2xf32>, tensor<2x2x1xf32>, tensor<2xf32>) -> tensor<?x4x2xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x4x2xf32>) -> tensor<?x4x2x!y>
  return %2 : tensor<?x4x2x!y>
}

// A factor and an offset per channel: positive, negative, zero. A zero factor
// leaves its offset, -21.3, in steps of 16, above what the sum, at most 926, can
// reach.
// CHECK-LABEL: func.func @normalized(
// CHECK-DAG: shiftadd.constant dense<[1, -1, 1]> : tensor<3xi32>
// CHECK-DAG: shiftadd.constant dense<[6, 8, 12]> : tensor<3xi32>
// CHECK: %[[ACC:.*]] = shiftadd.adder_dense
// CHECK: shiftadd.requantize %[[ACC]]
func.func @normalized(%x: tensor<?x4x!x>) -> tensor<?x3x!y> {
  %wq = shiftadd.constant dense<[[1, 2, 3, 4], [100, -50, 300, 13], [0, 13, 26, 200]]> : tensor<3x4xi16> as tensor<3x4x!w>
  %factor = shiftadd.constant dense<[0.5, -0.125, 0.0]> : tensor<3xf32> as tensor<3xf32>
  %offset = shiftadd.constant dense<[100.0, 3.75, -21.3]> : tensor<3xf32> as tensor<3xf32>
  %w = shiftadd.dequantize %wq : (tensor<3x4x!w>) -> tensor<3x4xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x4x!x>) -> tensor<?x4xf32>
  %1 = shiftadd.adder_dense %0, %w : (tensor<?x4xf32>, tensor<3x4xf32>) -> tensor<?x3xf32>
  %2 = shiftadd.mul %1, %factor : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %3 = shiftadd.add %2, %offset : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %4 = shiftadd.quantize %3 : (tensor<?x3xf32>) -> tensor<?x3x!y>
  return %4 : tensor<?x3x!y>
}

// A shift layer, codes, an adder layer (ShiftAddNet): between them one scale
// by a power of two.
// CHECK-LABEL: func.func @shift_and_add(
// CHECK-DAG: %[[ONE:.*]] = shiftadd.constant dense<1> : tensor<2xi32>
// CHECK-DAG: %[[THREE:.*]] = shiftadd.constant dense<3> : tensor<2xi32>
// CHECK: %[[A:.*]] = shiftadd.shift_conv
// CHECK: %[[Q:.*]] = shiftadd.requantize %[[A]], multiplier %[[ONE]], shift %[[THREE]],
// CHECK: %[[B:.*]] = shiftadd.adder_conv %[[Q]],
// CHECK: shiftadd.requantize %[[B]]
func.func @shift_and_add(%x: tensor<?x4x2x!x>) -> tensor<?x4x1x!y> {
  %w = shiftadd.constant dense<[[[81]], [[192]]]> : tensor<2x1x1xui8> as tensor<2x1x2x!shiftadd.pot<bits = 4, terms = 1, min_exponent = -3, max_exponent = 3, zero = true>>
  %vq = shiftadd.constant dense<[[[3, 60], [255, 13], [0, 1]]]> : tensor<1x3x2xui8> as tensor<1x3x2x!x>
  %v = shiftadd.dequantize %vq : (tensor<1x3x2x!x>) -> tensor<1x3x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x4x2x!x>) -> tensor<?x4x2xf32>
  %1 = shiftadd.shift_conv %0, %w {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x4x2xf32>, tensor<2x1x2x!shiftadd.pot<bits = 4, terms = 1, min_exponent = -3, max_exponent = 3, zero = true>>) -> tensor<?x4x2xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x4x2xf32>) -> tensor<?x4x2x!x>
  %3 = shiftadd.dequantize %2 : (tensor<?x4x2x!x>) -> tensor<?x4x2xf32>
  %4 = shiftadd.adder_conv %3, %v {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 1, 1>, strides = array<i64: 1>} : (tensor<?x4x2xf32>, tensor<1x3x2xf32>) -> tensor<?x4x1xf32>
  %5 = shiftadd.quantize %4 : (tensor<?x4x1xf32>) -> tensor<?x4x1x!y>
  return %5 : tensor<?x4x1x!y>
}

//--- stays.mlir

// Other scales of input and weights (N31).
// CHECK-LABEL: func.func @scales_differ(
func.func @scales_differ(%x: tensor<?x2x!quant.uniform<u8:f32, 0.5>>) -> tensor<?x1x!quant.uniform<u8:f32, 0.5>> {
  %wq = shiftadd.constant dense<[[2, -3]]> : tensor<1x2xi8> as tensor<1x2x!quant.uniform<i8:f32, 0.25>>
  %w = shiftadd.dequantize %wq : (tensor<1x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<1x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!quant.uniform<u8:f32, 0.5>>) -> tensor<?x2xf32>
  %1 = shiftadd.adder_dense %0, %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x1xf32>) -> tensor<?x1x!quant.uniform<u8:f32, 0.5>>
  return %2 : tensor<?x1x!quant.uniform<u8:f32, 0.5>>
}

// An addition of codes behind a layer joins its requantisation (N117): one
// rounding for both. Scales are powers of two, so that the integer form equals
// the computation on real values bit by bit.

// RUN: shiftadd-opt %s --shiftadd-move-dequantize --shiftadd-integer-layers | FileCheck %s --implicit-check-not=shiftadd.dequantize --implicit-check-not=shiftadd.requantize_add
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-move-dequantize,shiftadd-integer-layers,shiftadd-choose-arithmetic)" --runs=5 | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-move-dequantize,shiftadd-integer-layers{shifts=true narrow-products=true})" --runs=5 | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %s --shiftadd-move-dequantize --shiftadd-integer-layers="half-up=true" | FileCheck %s --check-prefix=UP

// EQUAL: equal: {{[1-9][0-9]*}} runs

!x = !quant.uniform<u8:f32, 0.5:13>
!r = !quant.uniform<i8:f32, 0.25:-5>
!y = !quant.uniform<u8:f32, 2.0:100>

// The sum's step is 2^-3 or 2^-4, that of the result 2: multipliers 2 and 1 at
// a shift of 5, and 4 for the residual's 2^-2.
// CHECK-LABEL: func.func @dense(
// CHECK-DAG: %[[M:.*]] = shiftadd.constant dense<1> : tensor<2xi32>
// CHECK-DAG: %[[S:.*]] = shiftadd.constant dense<[4, 5]> : tensor<2xi32>
// CHECK-DAG: %[[MR:.*]] = shiftadd.constant dense<[2, 4]> : tensor<2xi32>
// CHECK-DAG: %[[B:.*]] = shiftadd.constant dense<[16, 6]> : tensor<2xi32>
// CHECK: %[[ACC:.*]] = shiftadd.dense %arg0
// CHECK: %[[Q:.*]] = shiftadd.requantize_residual %[[ACC]], multiplier %[[M]], shift %[[S]], residual %arg1, residual_multiplier %[[MR]], bias %[[B]] {rounding = #shiftadd<rounding half_even>}
// CHECK-NEXT: return %[[Q]]
// UP-LABEL: func.func @dense(
// UP: shiftadd.requantize_residual {{.*}}rounding half_up
func.func @dense(%x: tensor<?x2x!x>, %r: tensor<?x2x!r>) -> tensor<?x2x!y> {
  %wq = shiftadd.constant dense<[[2, -3], [127, -128]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32:0, {0.25, 0.125}>>
  %bq = shiftadd.constant dense<[3, -7]> : tensor<2xi32> as tensor<2x!quant.uniform<i32:f32:0, {0.125, 0.0625}>>
  %w = shiftadd.dequantize %wq : (tensor<2x2x!quant.uniform<i8:f32:0, {0.25, 0.125}>>) -> tensor<2x2xf32>
  %b = shiftadd.dequantize %bq : (tensor<2x!quant.uniform<i32:f32:0, {0.125, 0.0625}>>) -> tensor<2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!x>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %w, bias %b : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %2 = shiftadd.dequantize %r : (tensor<?x2x!r>) -> tensor<?x2xf32>
  %3 = shiftadd.add %1, %2 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %4 = shiftadd.quantize %3 : (tensor<?x2xf32>) -> tensor<?x2x!y>
  return %4 : tensor<?x2x!y>
}

// The residual on the left, a clamp behind, the layer's own input as residual.
// CHECK-LABEL: func.func @conv(
// CHECK: %[[ACC:.*]] = shiftadd.conv %arg0
// CHECK: %[[Q:.*]] = shiftadd.requantize_residual %[[ACC]], {{.*}}residual %arg0,
// CHECK-NEXT: shiftadd.clamp %[[Q]]
func.func @conv(%x: tensor<?x5x5x2x!x>) -> tensor<?x5x5x2x!y> {
  %wq = shiftadd.constant dense<[[[[1, 2], [3, -4], [0, 5]]], [[[-1, 0], [7, 7], [-128, 3]]]]> : tensor<2x1x3x2xi8> as tensor<2x1x3x2x!quant.uniform<i8:f32, 0.25>>
  %w = shiftadd.dequantize %wq : (tensor<2x1x3x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<2x1x3x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x5x5x2x!x>) -> tensor<?x5x5x2xf32>
  %1 = shiftadd.conv %0, %w {dilations = array<i64: 1, 2>, groups = 1 : i64, padding = array<i64: 0, 0, 2, 2>, strides = array<i64: 1, 1>} : (tensor<?x5x5x2xf32>, tensor<2x1x3x2xf32>) -> tensor<?x5x5x2xf32>
  %2 = shiftadd.add %0, %1 : (tensor<?x5x5x2xf32>, tensor<?x5x5x2xf32>) -> tensor<?x5x5x2xf32>
  %3 = shiftadd.clamp %2 {minimum = -20.0 : f64, maximum = 6.0 : f64} : (tensor<?x5x5x2xf32>) -> tensor<?x5x5x2xf32>
  %4 = shiftadd.quantize %3 : (tensor<?x5x5x2xf32>) -> tensor<?x5x5x2x!y>
  return %4 : tensor<?x5x5x2x!y>
}

// Weights that are codes of powers of two: 1.5 = 2^0 + 2^-1, on a grid of 2^-3.
// CHECK-LABEL: func.func @shifts(
// CHECK: %[[ACC:.*]] = shiftadd.shift_dense %arg0, {{.*}} -> tensor<?x1xi32>
// CHECK: shiftadd.requantize_residual %[[ACC]],
func.func @shifts(%x: tensor<?x2x!x>, %r: tensor<?x1x!r>) -> tensor<?x1x!y> {
  %w = shiftadd.constant dense<[[199, 20]]> : tensor<1x2xui8> as tensor<1x2x!shiftadd.pot<bits = 8, terms = 2, min_exponent = -3, max_exponent = 3, zero = true>>
  %b = shiftadd.constant dense<2.5> : tensor<1xf32> as tensor<1xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!x>) -> tensor<?x2xf32>
  %1 = shiftadd.shift_dense %0, %w, bias %b : (tensor<?x2xf32>, tensor<1x2x!shiftadd.pot<bits = 8, terms = 2, min_exponent = -3, max_exponent = 3, zero = true>>, tensor<1xf32>) -> tensor<?x1xf32>
  %2 = shiftadd.dequantize %r : (tensor<?x1x!r>) -> tensor<?x1xf32>
  %3 = shiftadd.add %2, %1 : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
  %4 = shiftadd.quantize %3 : (tensor<?x1xf32>) -> tensor<?x1x!y>
  return %4 : tensor<?x1x!y>
}

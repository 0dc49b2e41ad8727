// Scales are powers of two wherever results are compared bit by bit: then the
// multiplier is exact, and so is the computation on real values.

// RUN: split-file %s %t
// RUN: shiftadd-opt %t/exact.mlir --shiftadd-integer-layers | FileCheck %t/exact.mlir
// RUN: shiftadd-opt %t/exact.mlir --compare-by-running="func.func(shiftadd-integer-layers)" --runs=5 | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %t/exact.mlir --compare-by-running="func.func(shiftadd-integer-layers{multiplier-bits=2})" | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %t/close.mlir --shiftadd-integer-layers | FileCheck %t/close.mlir
// RUN: shiftadd-opt %t/close.mlir --compare-by-running="func.func(shiftadd-integer-layers)" --runs=5 --tolerance=0.008 | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %t/stays.mlir --shiftadd-integer-layers | FileCheck %t/stays.mlir --implicit-check-not=shiftadd.requantize

// EQUAL: equal: {{[1-9][0-9]+}} runs

//--- exact.mlir

!x = !quant.uniform<u8:f32, 0.5:13>
!y = !quant.uniform<u8:f32, 4.0:100>

// The zero point's constant goes into the bias: 3 - 13 * (2 - 3), and so on.
// CHECK-LABEL: func.func @dense(
// CHECK-DAG: %[[W:.*]] = shiftadd.constant dense<{{\[\[}}2, -3], [127, -128]]> : tensor<2x2xi8>
// CHECK-DAG: %[[B:.*]] = shiftadd.constant dense<[16, 6]> : tensor<2xi32>
// CHECK: %[[ACC:.*]] = shiftadd.dense %arg0, %[[W]] : {{.*}} -> tensor<?x2xi32>
// CHECK-NEXT: %[[Q:.*]] = shiftadd.requantize %[[ACC]], {{.*}}rounding = #shiftadd<rounding half_even>
// CHECK-NEXT: return %[[Q]]
func.func @dense(%x: tensor<?x2x!x>) -> tensor<?x2x!y> {
  %wq = shiftadd.constant dense<[[2, -3], [127, -128]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32:0, {0.25, 0.125}>>
  %bq = shiftadd.constant dense<[3, -7]> : tensor<2xi32> as tensor<2x!quant.uniform<i32:f32:0, {0.125, 0.0625}>>
  %w = shiftadd.dequantize %wq : (tensor<2x2x!quant.uniform<i8:f32:0, {0.25, 0.125}>>) -> tensor<2x2xf32>
  %b = shiftadd.dequantize %bq : (tensor<2x!quant.uniform<i32:f32:0, {0.125, 0.0625}>>) -> tensor<2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!x>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %w, bias %b : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x2xf32>) -> tensor<?x2x!y>
  return %2 : tensor<?x2x!y>
}

// A bias in real values; padding; strides; two groups; weights in a resource.
// CHECK-LABEL: func.func @conv(
// CHECK: %[[ACC:.*]] = shiftadd.conv %arg0, {{.*}}groups = 2 : i64, padding = array<i64: 1, 0, 0, 2>, strides = array<i64: 2, 1>} : {{.*}} -> tensor<?x3x6x2xi32>
// CHECK-NEXT: shiftadd.requantize %[[ACC]]
func.func @conv(%x: tensor<?x5x5x2x!x>) -> tensor<?x3x6x2x!y> {
  %wq = shiftadd.constant dense_resource<weights> : tensor<2x2x2x1xi8> as tensor<2x2x2x1x!quant.uniform<i8:f32, 0.25>>
  %b = shiftadd.constant dense<[1.0, -2.5]> : tensor<2xf32> as tensor<2xf32>
  %w = shiftadd.dequantize %wq : (tensor<2x2x2x1x!quant.uniform<i8:f32, 0.25>>) -> tensor<2x2x2x1xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x5x5x2x!x>) -> tensor<?x5x5x2xf32>
  %1 = shiftadd.conv %0, %w, bias %b {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 1, 0, 0, 2>, strides = array<i64: 2, 1>} : (tensor<?x5x5x2xf32>, tensor<2x2x2x1xf32>, tensor<2xf32>) -> tensor<?x3x6x2xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x3x6x2xf32>) -> tensor<?x3x6x2x!y>
  return %2 : tensor<?x3x6x2x!y>
}

// Weights with a zero point are stored without it.
// CHECK-LABEL: func.func @weight_zero_point(
// CHECK: shiftadd.constant dense<{{\[\[}}-138, 117], [0, 1]]> : tensor<2x2xi16>
// CHECK: %[[ACC:.*]] = shiftadd.dense
// CHECK-NEXT: shiftadd.requantize
func.func @weight_zero_point(%x: tensor<?x2x!x>) -> tensor<?x2x!y> {
  %wq = shiftadd.constant dense<[[-128, 127], [10, 11]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32, 0.25:10>>
  %w = shiftadd.dequantize %wq : (tensor<2x2x!quant.uniform<i8:f32, 0.25:10>>) -> tensor<2x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!x>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x2xf32>) -> tensor<?x2x!y>
  return %2 : tensor<?x2x!y>
}

// A bias at the limits of 32 bits: the sum with it needs 64 (N45); the results
// saturate to opposite ends.
// CHECK-LABEL: func.func @large_bias(
// CHECK-DAG: dense<[2147483660, -2147483622]> : tensor<2xi64>
// CHECK: shiftadd.dense {{.*}} -> tensor<?x2xi32>
// CHECK-NEXT: shiftadd.requantize {{.*}} tensor<2xi64>
func.func @large_bias(%x: tensor<?x2x!x>) -> tensor<?x2x!y> {
  %wq = shiftadd.constant dense<[[2, -3], [-3, 1]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32, 0.25>>
  %bq = shiftadd.constant dense<[2147483647, -2147483648]> : tensor<2xi32> as tensor<2x!quant.uniform<i32:f32, 0.125>>
  %w = shiftadd.dequantize %wq : (tensor<2x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<2x2xf32>
  %b = shiftadd.dequantize %bq : (tensor<2x!quant.uniform<i32:f32, 0.125>>) -> tensor<2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!x>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %w, bias %b : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x2xf32>) -> tensor<?x2x!y>
  return %2 : tensor<?x2x!y>
}

// 16-bit codes: three products can exceed 32 bits, two cannot.
// CHECK-LABEL: func.func @wide_sum(
// CHECK: shiftadd.dense {{.*}} -> tensor<?x1xi64>
// CHECK-NEXT: shiftadd.requantize
func.func @wide_sum(%x: tensor<?x3x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x1x!quant.uniform<i16:f32, 32768.0>> {
  %wq = shiftadd.constant dense<[[32767, -32767, 32767]]> : tensor<1x3xi16> as tensor<1x3x!quant.uniform<i16:f32, 0.5>>
  %w = shiftadd.dequantize %wq : (tensor<1x3x!quant.uniform<i16:f32, 0.5>>) -> tensor<1x3xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x3x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x3xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x1xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x1xf32>) -> tensor<?x1x!quant.uniform<i16:f32, 32768.0>>
  return %2 : tensor<?x1x!quant.uniform<i16:f32, 32768.0>>
}

// CHECK-LABEL: func.func @two_products(
// CHECK: shiftadd.dense {{.*}} -> tensor<?x1xi32>
// CHECK-NEXT: shiftadd.requantize
func.func @two_products(%x: tensor<?x2x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x1x!quant.uniform<i16:f32, 32768.0>> {
  %wq = shiftadd.constant dense<[[32767, -32767]]> : tensor<1x2xi16> as tensor<1x2x!quant.uniform<i16:f32, 0.5>>
  %w = shiftadd.dequantize %wq : (tensor<1x2x!quant.uniform<i16:f32, 0.5>>) -> tensor<1x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x1xf32>) -> tensor<?x1x!quant.uniform<i16:f32, 32768.0>>
  return %2 : tensor<?x1x!quant.uniform<i16:f32, 32768.0>>
}

// A residual, on one grid (N36); the smaller scale is a part of the larger.
// CHECK-LABEL: func.func @residual(
// CHECK-NEXT: %[[Q:.*]] = shiftadd.requantize_add %arg0, %arg1 {
// CHECK-NEXT: return %[[Q]]
func.func @residual(%x: tensor<?x8x!x>, %y: tensor<?x8x!quant.uniform<i8:f32, 0.25:-5>>) -> tensor<?x8x!quant.uniform<u8:f32, 1.0:50>> {
  %0 = shiftadd.dequantize %x : (tensor<?x8x!x>) -> tensor<?x8xf32>
  %1 = shiftadd.dequantize %y : (tensor<?x8x!quant.uniform<i8:f32, 0.25:-5>>) -> tensor<?x8xf32>
  %2 = shiftadd.add %0, %1 : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  %3 = shiftadd.quantize %2 : (tensor<?x8xf32>) -> tensor<?x8x!quant.uniform<u8:f32, 1.0:50>>
  return %3 : tensor<?x8x!quant.uniform<u8:f32, 1.0:50>>
}

// Averages of 4 and of 16: sums with a scale (N56).
// CHECK-LABEL: func.func @averages(
// CHECK: %[[A:.*]] = shiftadd.sum_pool %arg0 {{.*}}kernel = array<i64: 2, 2>{{.*}} -> tensor<?x2x2x2xi32>
// CHECK-NEXT: shiftadd.requantize %[[A]]
// CHECK: %[[B:.*]] = shiftadd.sum_pool %arg0 {{.*}}kernel = array<i64: 4, 4>{{.*}} -> tensor<?x1x1x2xi32>
// CHECK-NEXT: %[[C:.*]] = shiftadd.requantize %[[B]]
// CHECK-NEXT: %[[D:.*]] = shiftadd.reshape %[[C]] [-1, 2]
func.func @averages(%x: tensor<?x4x4x2x!x>) -> (tensor<?x2x2x2x!y>, tensor<?x2x!quant.uniform<u8:f32, 1.0:3>>) {
  %0 = shiftadd.dequantize %x : (tensor<?x4x4x2x!x>) -> tensor<?x4x4x2xf32>
  %1 = shiftadd.avg_pool %0 {count_include_pad = true, dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<?x4x4x2xf32>) -> tensor<?x2x2x2xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x2x2x2xf32>) -> tensor<?x2x2x2x!y>
  %3 = shiftadd.reduce_mean %0 {axes = array<i64: 1, 2>, keep_dims = false} : (tensor<?x4x4x2xf32>) -> tensor<?x2xf32>
  %4 = shiftadd.quantize %3 : (tensor<?x2xf32>) -> tensor<?x2x!quant.uniform<u8:f32, 1.0:3>>
  return %2, %4 : tensor<?x2x2x2x!y>, tensor<?x2x!quant.uniform<u8:f32, 1.0:3>>
}

// Padded positions of a pool count as the zero point when they count at all.
// CHECK-LABEL: func.func @padded_average(
// CHECK: shiftadd.sum_pool
// CHECK: shiftadd.requantize
func.func @padded_average(%x: tensor<?x4x2x!x>) -> tensor<?x3x2x!quant.uniform<u8:f32, 1.0:3>> {
  %0 = shiftadd.dequantize %x : (tensor<?x4x2x!x>) -> tensor<?x4x2xf32>
  %1 = shiftadd.avg_pool %0 {count_include_pad = true, dilations = array<i64: 1>, kernel = array<i64: 2>, padding = array<i64: 1, 1>, strides = array<i64: 2>} : (tensor<?x4x2xf32>) -> tensor<?x3x2xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x3x2xf32>) -> tensor<?x3x2x!quant.uniform<u8:f32, 1.0:3>>
  return %2 : tensor<?x3x2x!quant.uniform<u8:f32, 1.0:3>>
}

// Means over other dimensions than all spatial ones are reductions.
// CHECK-LABEL: func.func @partial_mean(
// CHECK: %[[A:.*]] = shiftadd.reduce_sum %{{.*}} {axes = array<i64: 1>, keep_dims = false} : (tensor<?x4x8x2xi32>) -> tensor<?x8x2xi32>
// CHECK: shiftadd.requantize %[[A]]
// CHECK: %[[B:.*]] = shiftadd.reduce_sum %{{.*}} {axes = array<i64: 2, 3>, keep_dims = false} : (tensor<?x4x8x2xi32>) -> tensor<?x4xi32>
// CHECK: shiftadd.requantize %[[B]]
func.func @partial_mean(%x: tensor<?x4x8x2x!x>) -> (tensor<?x8x2x!y>, tensor<?x4x!quant.uniform<u8:f32, 1.0:3>>) {
  %0 = shiftadd.dequantize %x : (tensor<?x4x8x2x!x>) -> tensor<?x4x8x2xf32>
  %1 = shiftadd.reduce_mean %0 {axes = array<i64: 1>, keep_dims = false} : (tensor<?x4x8x2xf32>) -> tensor<?x8x2xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x8x2xf32>) -> tensor<?x8x2x!y>
  %3 = shiftadd.reduce_mean %0 {axes = array<i64: 2, 3>, keep_dims = false} : (tensor<?x4x8x2xf32>) -> tensor<?x4xf32>
  %4 = shiftadd.quantize %3 : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<u8:f32, 1.0:3>>
  return %2, %4 : tensor<?x8x2x!y>, tensor<?x4x!quant.uniform<u8:f32, 1.0:3>>
}

// The codes of the layer's input are read elsewhere too, and its result is
// quantised twice.
// CHECK-LABEL: func.func @two_uses(
// CHECK-COUNT-2: shiftadd.requantize
func.func @two_uses(%x: tensor<?x2x!x>) -> (tensor<?x1x!y>, tensor<?x1x!quant.uniform<i8:f32, 2.0>>, tensor<?x2xf32>) {
  %wq = shiftadd.constant dense<[[2, -3]]> : tensor<1x2xi8> as tensor<1x2x!quant.uniform<i8:f32, 0.25>>
  %w = shiftadd.dequantize %wq : (tensor<1x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<1x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!x>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x1xf32>) -> tensor<?x1x!y>
  %3 = shiftadd.quantize %1 : (tensor<?x1xf32>) -> tensor<?x1x!quant.uniform<i8:f32, 2.0>>
  return %2, %3, %0 : tensor<?x1x!y>, tensor<?x1x!quant.uniform<i8:f32, 2.0>>, tensor<?x2xf32>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x0100000001FF7F80030405FE"
    }
  }
#-}

//--- close.mlir

// Any scales: at most one step apart where the multiplier is rounded.
// CHECK-LABEL: func.func @dense(
// CHECK: shiftadd.requantize
func.func @dense(%x: tensor<?x4x!quant.uniform<u8:f32, 0.0173:31>>) -> tensor<?x2x!quant.uniform<u8:f32, 0.0311:120>> {
  %wq = shiftadd.constant dense<[[20, -33, 71, 5], [127, -128, 3, 90]]> : tensor<2x4xi8> as tensor<2x4x!quant.uniform<i8:f32:0, {0.011, 0.0073}>>
  %bq = shiftadd.constant dense<[312, -701]> : tensor<2xi32> as tensor<2x!quant.uniform<i32:f32:0, {0.0001903, 0.00012629}>>
  %w = shiftadd.dequantize %wq : (tensor<2x4x!quant.uniform<i8:f32:0, {0.011, 0.0073}>>) -> tensor<2x4xf32>
  %b = shiftadd.dequantize %bq : (tensor<2x!quant.uniform<i32:f32:0, {0.0001903, 0.00012629}>>) -> tensor<2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x4x!quant.uniform<u8:f32, 0.0173:31>>) -> tensor<?x4xf32>
  %1 = shiftadd.dense %0, %w, bias %b : (tensor<?x4xf32>, tensor<2x4xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x2xf32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.0311:120>>
  return %2 : tensor<?x2x!quant.uniform<u8:f32, 0.0311:120>>
}

// CHECK-LABEL: func.func @residual(
// CHECK: shiftadd.requantize_add
func.func @residual(%x: tensor<?x32x!quant.uniform<u8:f32, 0.0173:31>>, %y: tensor<?x32x!quant.uniform<i8:f32, 0.0021:-4>>) -> tensor<?x32x!quant.uniform<u8:f32, 0.0211:70>> {
  %0 = shiftadd.dequantize %x : (tensor<?x32x!quant.uniform<u8:f32, 0.0173:31>>) -> tensor<?x32xf32>
  %1 = shiftadd.dequantize %y : (tensor<?x32x!quant.uniform<i8:f32, 0.0021:-4>>) -> tensor<?x32xf32>
  %2 = shiftadd.add %0, %1 : (tensor<?x32xf32>, tensor<?x32xf32>) -> tensor<?x32xf32>
  %3 = shiftadd.quantize %2 : (tensor<?x32xf32>) -> tensor<?x32x!quant.uniform<u8:f32, 0.0211:70>>
  return %3 : tensor<?x32x!quant.uniform<u8:f32, 0.0211:70>>
}

// CHECK-LABEL: func.func @mean_of_49(
// CHECK: shiftadd.requantize
func.func @mean_of_49(%x: tensor<?x7x7x2x!quant.uniform<u8:f32, 0.0173:31>>) -> tensor<?x1x1x2x!quant.uniform<u8:f32, 0.0101:50>> {
  %0 = shiftadd.dequantize %x : (tensor<?x7x7x2x!quant.uniform<u8:f32, 0.0173:31>>) -> tensor<?x7x7x2xf32>
  %1 = shiftadd.reduce_mean %0 {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<?x7x7x2xf32>) -> tensor<?x1x1x2xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x1x1x2xf32>) -> tensor<?x1x1x2x!quant.uniform<u8:f32, 0.0101:50>>
  return %2 : tensor<?x1x1x2x!quant.uniform<u8:f32, 0.0101:50>>
}

//--- stays.mlir

// Real input.
// CHECK-LABEL: func.func @real_input(
func.func @real_input(%x: tensor<?x2xf32>) -> tensor<?x1x!quant.uniform<u8:f32, 0.5>> {
  %wq = shiftadd.constant dense<[[2, -3]]> : tensor<1x2xi8> as tensor<1x2x!quant.uniform<i8:f32, 0.25>>
  %w = shiftadd.dequantize %wq : (tensor<1x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<1x2xf32>
  %1 = shiftadd.dense %x, %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x1xf32>) -> tensor<?x1x!quant.uniform<u8:f32, 0.5>>
  return %2 : tensor<?x1x!quant.uniform<u8:f32, 0.5>>
}

// Weights, then a bias, that are not constant.
// CHECK-LABEL: func.func @variable_parameters(
func.func @variable_parameters(%x: tensor<?x2x!quant.uniform<u8:f32, 0.5>>, %v: tensor<1x2x!quant.uniform<i8:f32, 0.25>>, %b: tensor<1xf32>) -> (tensor<?x1x!quant.uniform<u8:f32, 0.5>>, tensor<?x1x!quant.uniform<u8:f32, 0.5>>) {
  %wq = shiftadd.constant dense<[[2, -3]]> : tensor<1x2xi8> as tensor<1x2x!quant.uniform<i8:f32, 0.25>>
  %w = shiftadd.dequantize %wq : (tensor<1x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<1x2xf32>
  %u = shiftadd.dequantize %v : (tensor<1x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<1x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!quant.uniform<u8:f32, 0.5>>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %u : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x1xf32>) -> tensor<?x1x!quant.uniform<u8:f32, 0.5>>
  %3 = shiftadd.dense %0, %w, bias %b : (tensor<?x2xf32>, tensor<1x2xf32>, tensor<1xf32>) -> tensor<?x1xf32>
  %4 = shiftadd.quantize %3 : (tensor<?x1xf32>) -> tensor<?x1x!quant.uniform<u8:f32, 0.5>>
  return %2, %4 : tensor<?x1x!quant.uniform<u8:f32, 0.5>>, tensor<?x1x!quant.uniform<u8:f32, 0.5>>
}

// Scales on the columns of the weights.
// CHECK-LABEL: func.func @column_scales(
func.func @column_scales(%x: tensor<?x2x!quant.uniform<u8:f32, 0.5>>) -> tensor<?x1x!quant.uniform<u8:f32, 0.5>> {
  %wq = shiftadd.constant dense<[[2, -3]]> : tensor<1x2xi8> as tensor<1x2x!quant.uniform<i8:f32:1, {0.25, 0.5}>>
  %w = shiftadd.dequantize %wq : (tensor<1x2x!quant.uniform<i8:f32:1, {0.25, 0.5}>>) -> tensor<1x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!quant.uniform<u8:f32, 0.5>>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x1xf32>) -> tensor<?x1x!quant.uniform<u8:f32, 0.5>>
  return %2 : tensor<?x1x!quant.uniform<u8:f32, 0.5>>
}

// A factor of 2^20 needs more than the multiplier has.
// CHECK-LABEL: func.func @scales_too_far_apart(
func.func @scales_too_far_apart(%x: tensor<?x2x!quant.uniform<u8:f32, 1048576.0>>) -> tensor<?x1x!quant.uniform<u8:f32, 0.25>> {
  %wq = shiftadd.constant dense<[[2, -3]]> : tensor<1x2xi8> as tensor<1x2x!quant.uniform<i8:f32, 0.25>>
  %w = shiftadd.dequantize %wq : (tensor<1x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<1x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!quant.uniform<u8:f32, 1048576.0>>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x1xf32>) -> tensor<?x1x!quant.uniform<u8:f32, 0.25>>
  return %2 : tensor<?x1x!quant.uniform<u8:f32, 0.25>>
}

// The divisor differs from window to window.
// CHECK-LABEL: func.func @uneven_average(
func.func @uneven_average(%x: tensor<?x4x2x!quant.uniform<u8:f32, 0.5>>) -> tensor<?x3x2x!quant.uniform<u8:f32, 0.5>> {
  %0 = shiftadd.dequantize %x : (tensor<?x4x2x!quant.uniform<u8:f32, 0.5>>) -> tensor<?x4x2xf32>
  %1 = shiftadd.avg_pool %0 {count_include_pad = false, dilations = array<i64: 1>, kernel = array<i64: 2>, padding = array<i64: 1, 1>, strides = array<i64: 2>} : (tensor<?x4x2xf32>) -> tensor<?x3x2xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x3x2xf32>) -> tensor<?x3x2x!quant.uniform<u8:f32, 0.5>>
  return %2 : tensor<?x3x2x!quant.uniform<u8:f32, 0.5>>
}

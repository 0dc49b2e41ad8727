// Elementwise ops on codes. Powers of two as scales: equal bit by bit.

// RUN: shiftadd-opt %s --shiftadd-move-dequantize --shiftadd-integer-layers | FileCheck %s --implicit-check-not=shiftadd.dequantize
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-move-dequantize,shiftadd-integer-layers,shiftadd-choose-arithmetic)" --runs=5 | FileCheck %s --check-prefix=EQUAL

// EQUAL: equal: {{[1-9][0-9]*}} runs

!x = !quant.uniform<u8:f32, 0.5:13>
!r = !quant.uniform<i8:f32, 0.25:-5>
!y = !quant.uniform<u8:f32, 2.0:100>

// CHECK-LABEL: func.func @difference(
// CHECK-NEXT: %[[Q:.*]] = shiftadd.requantize_add %arg0, %arg1 {lhs_multiplier = 2 : i64, rhs_multiplier = -1 : i64, rounding = #shiftadd<rounding half_even>, shift = 3 : i64}
// CHECK-NEXT: return %[[Q]]
func.func @difference(%x: tensor<?x64x!x>, %r: tensor<?x64x!r>) -> tensor<?x64x!y> {
  %0 = shiftadd.dequantize %x : (tensor<?x64x!x>) -> tensor<?x64xf32>
  %1 = shiftadd.dequantize %r : (tensor<?x64x!r>) -> tensor<?x64xf32>
  %2 = shiftadd.sub %0, %1 : (tensor<?x64xf32>, tensor<?x64xf32>) -> tensor<?x64xf32>
  %3 = shiftadd.quantize %2 : (tensor<?x64xf32>) -> tensor<?x64x!y>
  return %3 : tensor<?x64x!y>
}

// A gate per channel, as squeeze-and-excitation has it (N118).
// CHECK-LABEL: func.func @gate(
// CHECK-NEXT: %[[Q:.*]] = shiftadd.requantize_mul %arg0, %arg1 {multiplier = 1 : i64, rounding = #shiftadd<rounding half_even>, shift = 4 : i64}
// CHECK-NEXT: return %[[Q]]
func.func @gate(%x: tensor<?x4x4x8x!x>, %r: tensor<?x1x1x8x!r>) -> tensor<?x4x4x8x!y> {
  %0 = shiftadd.dequantize %x : (tensor<?x4x4x8x!x>) -> tensor<?x4x4x8xf32>
  %1 = shiftadd.dequantize %r : (tensor<?x1x1x8x!r>) -> tensor<?x1x1x8xf32>
  %2 = shiftadd.mul %0, %1 : (tensor<?x4x4x8xf32>, tensor<?x1x1x8xf32>) -> tensor<?x4x4x8xf32>
  %3 = shiftadd.quantize %2 : (tensor<?x4x4x8xf32>) -> tensor<?x4x4x8x!y>
  return %3 : tensor<?x4x4x8x!y>
}

// Operands of a concatenation that differ in scale meet on that of the result.
// CHECK-LABEL: func.func @concat(
// CHECK: %[[A:.*]] = shiftadd.requantize %arg0, {{.*}} -> tensor<?x4x!quant.uniform<u8:f32, 2.{{.*}}>>
// CHECK: %[[B:.*]] = shiftadd.requantize %arg1, {{.*}} -> tensor<?x8x!quant.uniform<u8:f32, 2.{{.*}}>>
// CHECK: shiftadd.concat %[[A]], %[[B]]
func.func @concat(%x: tensor<?x4x!x>, %r: tensor<?x8x!r>) -> tensor<?x12x!y> {
  %0 = shiftadd.dequantize %x : (tensor<?x4x!x>) -> tensor<?x4xf32>
  %1 = shiftadd.dequantize %r : (tensor<?x8x!r>) -> tensor<?x8xf32>
  %2 = shiftadd.concat %0, %1 {axis = 1 : i64} : (tensor<?x4xf32>, tensor<?x8xf32>) -> tensor<?x12xf32>
  %3 = shiftadd.quantize %2 : (tensor<?x12xf32>) -> tensor<?x12x!y>
  return %3 : tensor<?x12x!y>
}

// A batch normalisation of its own, with an offset between the steps of the
// input.
// CHECK-LABEL: func.func @normalized(
// CHECK: %[[SUM:.*]] = shiftadd.bit_shift
// CHECK: shiftadd.requantize %[[SUM]]
func.func @normalized(%x: tensor<?x64x3x!x>) -> tensor<?x64x3x!y> {
  %factor = shiftadd.constant dense<[0.5, -2.0, 1.0]> : tensor<3xf32> as tensor<3xf32>
  %offset = shiftadd.constant dense<[0.0625, 3.75, -1.1875]> : tensor<3xf32> as tensor<3xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x64x3x!x>) -> tensor<?x64x3xf32>
  %1 = shiftadd.mul %0, %factor : (tensor<?x64x3xf32>, tensor<3xf32>) -> tensor<?x64x3xf32>
  %2 = shiftadd.sub %1, %offset : (tensor<?x64x3xf32>, tensor<3xf32>) -> tensor<?x64x3xf32>
  %3 = shiftadd.quantize %2 : (tensor<?x64x3xf32>) -> tensor<?x64x3x!y>
  return %3 : tensor<?x64x3x!y>
}

// Slopes per channel: the negative codes are a sum, the others its residual.
// CHECK-LABEL: func.func @prelu(
// CHECK-DAG: %[[P:.*]] = shiftadd.clamp %arg0 {minimum = 0.000000e+00 : f64}
// CHECK-DAG: %[[N:.*]] = shiftadd.clamp %arg0 {maximum = 0.000000e+00 : f64}
// CHECK: shiftadd.requantize_residual %[[N]], {{.*}}residual %[[P]],
func.func @prelu(%x: tensor<?x64x3x!x>) -> tensor<?x64x3x!y> {
  %slope = shiftadd.constant dense<[0.25, -0.5, 0.0]> : tensor<3xf32> as tensor<3xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x64x3x!x>) -> tensor<?x64x3xf32>
  %1 = shiftadd.prelu %0, %slope : (tensor<?x64x3xf32>, tensor<3xf32>) -> tensor<?x64x3xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x64x3xf32>) -> tensor<?x64x3x!y>
  return %2 : tensor<?x64x3x!y>
}

// Maxima of codes are codes.
// CHECK-LABEL: func.func @maxima(
// CHECK-NEXT: %[[A:.*]] = shiftadd.reduce_max %arg0
// CHECK-NEXT: %[[B:.*]] = shiftadd.min %arg0, %arg1
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @maxima(%x: tensor<?x64x3x!x>, %y: tensor<?x64x3x!x>) -> (tensor<?x3x!x>, tensor<?x64x3x!x>) {
  %0 = shiftadd.dequantize %x : (tensor<?x64x3x!x>) -> tensor<?x64x3xf32>
  %1 = shiftadd.dequantize %y : (tensor<?x64x3x!x>) -> tensor<?x64x3xf32>
  %2 = shiftadd.reduce_max %0 {axes = array<i64: 1>, keep_dims = false} : (tensor<?x64x3xf32>) -> tensor<?x3xf32>
  %3 = shiftadd.min %0, %1 : (tensor<?x64x3xf32>, tensor<?x64x3xf32>) -> tensor<?x64x3xf32>
  %4 = shiftadd.quantize %2 : (tensor<?x3xf32>) -> tensor<?x3x!x>
  %5 = shiftadd.quantize %3 : (tensor<?x64x3xf32>) -> tensor<?x64x3x!x>
  return %4, %5 : tensor<?x3x!x>, tensor<?x64x3x!x>
}

// Two tensors of codes: their zero points go first.
// CHECK-LABEL: func.func @matmul(
// CHECK: %[[A:.*]] = shiftadd.requantize %arg0, {{.*}} -> tensor<?x3x5x!quant.uniform<i16:f32,
// CHECK: %[[ACC:.*]] = shiftadd.matmul %[[A]], %{{.*}} -> tensor<?x3x4xi32>
// CHECK: shiftadd.requantize %[[ACC]]
func.func @matmul(%a: tensor<?x3x5x!x>, %b: tensor<?x5x4x!r>) -> tensor<?x3x4x!quant.uniform<u8:f32, 64.0:100>> {
  %0 = shiftadd.dequantize %a : (tensor<?x3x5x!x>) -> tensor<?x3x5xf32>
  %1 = shiftadd.dequantize %b : (tensor<?x5x4x!r>) -> tensor<?x5x4xf32>
  %2 = shiftadd.matmul %0, %1 : (tensor<?x3x5xf32>, tensor<?x5x4xf32>) -> tensor<?x3x4xf32>
  %3 = shiftadd.quantize %2 : (tensor<?x3x4xf32>) -> tensor<?x3x4x!quant.uniform<u8:f32, 64.0:100>>
  return %3 : tensor<?x3x4x!quant.uniform<u8:f32, 64.0:100>>
}

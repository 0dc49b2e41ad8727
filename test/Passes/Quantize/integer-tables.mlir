// Functions of one 8-bit code are tables with the interpreter's own results
// (N119): no result changes, whatever the scales.

// RUN: split-file %s %t
// RUN: shiftadd-opt %t/tables.mlir --shiftadd-integer-layers | FileCheck %t/tables.mlir --implicit-check-not=shiftadd.dequantize --implicit-check-not=xf32
// RUN: shiftadd-opt %t/tables.mlir --compare-by-running="func.func(shiftadd-integer-layers{half-up=true})" --runs=5 | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %t/softmax.mlir --shiftadd-integer-layers | FileCheck %t/softmax.mlir
// RUN: shiftadd-opt %t/softmax.mlir --compare-by-running="func.func(shiftadd-integer-layers)" --runs=20 --tolerance=0.004 | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %t/stays.mlir --shiftadd-integer-layers | FileCheck %t/stays.mlir --implicit-check-not=shiftadd.lookup

// EQUAL: equal: {{[1-9][0-9]*}} runs

//--- tables.mlir

!x = !quant.uniform<u8:f32, 0.0471:131>
!s = !quant.uniform<i8:f32, 0.031:-17>
!n = !quant.uniform<u4:f32, 0.5:3>
!y = !quant.uniform<u8:f32, 0.0039:7>

// CHECK-LABEL: func.func @sigmoid(
// CHECK: %[[T:.*]] = shiftadd.constant {{.*}}tensor<256x!quant.uniform<u8:f32,
// CHECK: %[[Q:.*]] = shiftadd.lookup %arg0, %[[T]]
// CHECK-NEXT: return %[[Q]]
func.func @sigmoid(%x: tensor<?x300x!x>) -> tensor<?x300x!y> {
  %0 = shiftadd.dequantize %x : (tensor<?x300x!x>) -> tensor<?x300xf32>
  %1 = shiftadd.sigmoid %0 : (tensor<?x300xf32>) -> tensor<?x300xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x300xf32>) -> tensor<?x300x!y>
  return %2 : tensor<?x300x!y>
}

// x * min(max(x + 3, 0), 6) / 6, signed codes.
// CHECK-LABEL: func.func @hard_swish(
// CHECK: %[[Q:.*]] = shiftadd.lookup %arg0
// CHECK-NEXT: return %[[Q]]
func.func @hard_swish(%x: tensor<?x300x!s>) -> tensor<?x300x!y> {
  %three = shiftadd.constant dense<3.0> : tensor<f32> as tensor<f32>
  %six = shiftadd.constant dense<6.0> : tensor<1xf32> as tensor<1xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x300x!s>) -> tensor<?x300xf32>
  %1 = shiftadd.add %0, %three : (tensor<?x300xf32>, tensor<f32>) -> tensor<?x300xf32>
  %2 = shiftadd.clamp %1 {minimum = 0.0 : f64, maximum = 6.0 : f64} : (tensor<?x300xf32>) -> tensor<?x300xf32>
  %3 = shiftadd.mul %0, %2 : (tensor<?x300xf32>, tensor<?x300xf32>) -> tensor<?x300xf32>
  %4 = shiftadd.div %3, %six : (tensor<?x300xf32>, tensor<1xf32>) -> tensor<?x300xf32>
  %5 = shiftadd.quantize %4 : (tensor<?x300xf32>) -> tensor<?x300x!y>
  return %5 : tensor<?x300x!y>
}

// x / 2 * (1 + erf(x / sqrt 2)), with constants of full shape.
// CHECK-LABEL: func.func @gelu(
// CHECK: shiftadd.lookup %arg0
func.func @gelu(%x: tensor<?x2x150x!x>) -> tensor<?x2x150x!s> {
  %half = shiftadd.constant dense<0.5> : tensor<1x2x150xf32> as tensor<1x2x150xf32>
  %one = shiftadd.constant dense<1.0> : tensor<f32> as tensor<f32>
  %root = shiftadd.constant dense<1.41421354> : tensor<f32> as tensor<f32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x150x!x>) -> tensor<?x2x150xf32>
  %1 = shiftadd.div %0, %root : (tensor<?x2x150xf32>, tensor<f32>) -> tensor<?x2x150xf32>
  %2 = shiftadd.erf %1 : (tensor<?x2x150xf32>) -> tensor<?x2x150xf32>
  %3 = shiftadd.add %2, %one : (tensor<?x2x150xf32>, tensor<f32>) -> tensor<?x2x150xf32>
  %4 = shiftadd.mul %0, %3 : (tensor<?x2x150xf32>, tensor<?x2x150xf32>) -> tensor<?x2x150xf32>
  %5 = shiftadd.mul %4, %half : (tensor<?x2x150xf32>, tensor<1x2x150xf32>) -> tensor<?x2x150xf32>
  %6 = shiftadd.quantize %5 : (tensor<?x2x150xf32>) -> tensor<?x2x150x!s>
  return %6 : tensor<?x2x150x!s>
}

// Narrow codes have small tables; the result may be wide.
// CHECK-LABEL: func.func @leaky(
// CHECK: shiftadd.constant {{.*}}tensor<16x!quant.uniform<i16:f32,
// CHECK: shiftadd.lookup %arg0
func.func @leaky(%x: tensor<?x64x!n>) -> tensor<?x64x!quant.uniform<i16:f32, 0.001>> {
  %0 = shiftadd.dequantize %x : (tensor<?x64x!n>) -> tensor<?x64xf32>
  %1 = shiftadd.leaky_relu %0 {alpha = 0.3 : f64} : (tensor<?x64xf32>) -> tensor<?x64xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x64xf32>) -> tensor<?x64x!quant.uniform<i16:f32, 0.001>>
  return %2 : tensor<?x64x!quant.uniform<i16:f32, 0.001>>
}

//--- softmax.mlir

// One step of the result is 1 / 256: at most one apart from real arithmetic,
// which rounds the exponentials more often.
// CHECK-LABEL: func.func @softmax(
// CHECK: %[[E:.*]] = shiftadd.constant {{.*}} : tensor<256xi32>
// CHECK: %[[Q:.*]] = shiftadd.quantized_softmax %arg0, %[[E]] {axis = 1 : i64, multiplier = 256 : i64, shift = 0 : i64}
// CHECK-NEXT: return %[[Q]]
func.func @softmax(%x: tensor<?x10x!quant.uniform<u8:f32, 0.0471:131>>) -> tensor<?x10x!quant.uniform<u8:f32, 0.00390625>> {
  %0 = shiftadd.dequantize %x : (tensor<?x10x!quant.uniform<u8:f32, 0.0471:131>>) -> tensor<?x10xf32>
  %1 = shiftadd.softmax %0 {axis = 1 : i64} : (tensor<?x10xf32>) -> tensor<?x10xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x10xf32>) -> tensor<?x10x!quant.uniform<u8:f32, 0.00390625>>
  return %2 : tensor<?x10x!quant.uniform<u8:f32, 0.00390625>>
}

// Any scale, another axis, signed codes.
// CHECK-LABEL: func.func @columns(
// CHECK: shiftadd.quantized_softmax {{.*}}axis = 1 : i64
func.func @columns(%x: tensor<?x7x3x!quant.uniform<i8:f32, 0.02:-5>>) -> tensor<?x7x3x!quant.uniform<i8:f32, 0.0041:-128>> {
  %0 = shiftadd.dequantize %x : (tensor<?x7x3x!quant.uniform<i8:f32, 0.02:-5>>) -> tensor<?x7x3xf32>
  %1 = shiftadd.softmax %0 {axis = 1 : i64} : (tensor<?x7x3xf32>) -> tensor<?x7x3xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x7x3xf32>) -> tensor<?x7x3x!quant.uniform<i8:f32, 0.0041:-128>>
  return %2 : tensor<?x7x3x!quant.uniform<i8:f32, 0.0041:-128>>
}

// Codes of 16 bits.
// CHECK-LABEL: func.func @fine(
// CHECK: shiftadd.quantized_softmax {{.*}}multiplier = 65536 : i64, shift = 0 : i64
func.func @fine(%x: tensor<?x10x!quant.uniform<u8:f32, 0.0471:131>>) -> tensor<?x10x!quant.uniform<u16:f32, 1.52587890625e-05>> {
  %0 = shiftadd.dequantize %x : (tensor<?x10x!quant.uniform<u8:f32, 0.0471:131>>) -> tensor<?x10xf32>
  %1 = shiftadd.softmax %0 {axis = 1 : i64} : (tensor<?x10xf32>) -> tensor<?x10xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x10xf32>) -> tensor<?x10x!quant.uniform<u16:f32, 1.52587890625e-05>>
  return %2 : tensor<?x10x!quant.uniform<u16:f32, 1.52587890625e-05>>
}

//--- stays.mlir

// Steps that are finer than what a table of exponentials resolves.
// CHECK-LABEL: func.func @too_fine(
// CHECK: shiftadd.softmax
func.func @too_fine(%x: tensor<?x10x!quant.uniform<u8:f32, 0.0471:131>>) -> tensor<?x10x!quant.uniform<u8:f32, 2.4e-08>> {
  %0 = shiftadd.dequantize %x : (tensor<?x10x!quant.uniform<u8:f32, 0.0471:131>>) -> tensor<?x10xf32>
  %1 = shiftadd.softmax %0 {axis = 1 : i64} : (tensor<?x10xf32>) -> tensor<?x10xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x10xf32>) -> tensor<?x10x!quant.uniform<u8:f32, 2.4e-08>>
  return %2 : tensor<?x10x!quant.uniform<u8:f32, 2.4e-08>>
}

// 16-bit codes, constants that differ, two tensors of codes, two values of one.
// CHECK-LABEL: func.func @no_tables(
func.func @no_tables(%w: tensor<?x2x!quant.uniform<i16:f32, 0.5>>, %x: tensor<?x2x!quant.uniform<u8:f32, 0.5>>, %y: tensor<?x2x!quant.uniform<u8:f32, 0.5>>) -> (tensor<?x2x!quant.uniform<u8:f32, 0.5>>, tensor<?x2x!quant.uniform<u8:f32, 0.5>>, tensor<?x2x!quant.uniform<u8:f32, 0.5>>) {
  %c = shiftadd.constant dense<[0.5, 0.25]> : tensor<2xf32> as tensor<2xf32>
  %0 = shiftadd.dequantize %w : (tensor<?x2x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x2xf32>
  %1 = shiftadd.sigmoid %0 : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x2xf32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.5>>
  %3 = shiftadd.dequantize %x : (tensor<?x2x!quant.uniform<u8:f32, 0.5>>) -> tensor<?x2xf32>
  %4 = shiftadd.max %3, %c : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %5 = shiftadd.quantize %4 : (tensor<?x2xf32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.5>>
  %6 = shiftadd.dequantize %y : (tensor<?x2x!quant.uniform<u8:f32, 0.5>>) -> tensor<?x2xf32>
  %7 = shiftadd.div %3, %6 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %8 = shiftadd.quantize %7 : (tensor<?x2xf32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.5>>
  return %2, %5, %8 : tensor<?x2x!quant.uniform<u8:f32, 0.5>>, tensor<?x2x!quant.uniform<u8:f32, 0.5>>, tensor<?x2x!quant.uniform<u8:f32, 0.5>>
}

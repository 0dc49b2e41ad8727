// How a real factor becomes a multiplier and a shift (N127, N128).

// RUN: shiftadd-opt %s --shiftadd-integer-layers | FileCheck %s
// RUN: shiftadd-opt %s --shiftadd-integer-layers="narrow-products=true half-up=true" | FileCheck %s --check-prefix=NARROW
// RUN: shiftadd-opt %s --shiftadd-integer-layers="narrow-products=true" --shiftadd-choose-arithmetic --shiftadd-print-ranges -o /dev/null 2>&1 | FileCheck %s --check-prefix=RANGE
// RUN: shiftadd-opt %s --shiftadd-integer-layers="shifts=true" | FileCheck %s --check-prefix=SHIFT

!x = !quant.uniform<u8:f32, 0.5>
!y = !quant.uniform<u8:f32, 1.0>
!r = !quant.uniform<u8:f32, 0.0999>

// Factors of 0.3, 1/8 and 0.0999. With 20 bits: 0.3 * 2^21 = 629146, less a
// zero at its end, and 0.0999 * 2^23 = 838022, less one too.
// CHECK-LABEL: func.func @factors(
// CHECK-DAG: shiftadd.constant dense<[314573, 1, 419011]> : tensor<3xi32>
// CHECK-DAG: shiftadd.constant dense<[20, 3, 22]> : tensor<3xi32>
// CHECK: rounding half_even

// Sums reach 255 * 127 * 2 = 64770: multipliers up to 16577 keep the products
// below 2^30. 0.3 * 2^15 = 9830 and 0.0999 * 2^17 = 13094 are the largest.
// NARROW-LABEL: func.func @factors(
// NARROW-DAG: shiftadd.constant dense<[4915, 1, 6547]> : tensor<3xi32>
// NARROW-DAG: shiftadd.constant dense<[14, 3, 16]> : tensor<3xi32>
// NARROW: rounding half_up
// RANGE: shiftadd.dense: sum in [0, 64770], 17 bits in 'i32'; with bias |sum| <= 64770; products up to 424049190, 30 bits in int32

// 1229 = 2^10 + 2^8 - 2^6 + 2^4 - 2^2 + 1 and 1637 = 2^11 - 2^9 + 2^7 - 2^5 +
// 2^2 + 1 are within 2^-12 of the factors; fewer digits are not.
// SHIFT-LABEL: func.func @factors(
// SHIFT-DAG: shiftadd.constant dense<[1229, 1, 1637]> : tensor<3xi32>
// SHIFT-DAG: shiftadd.constant dense<[12, 3, 14]> : tensor<3xi32>
func.func @factors(%x: tensor<?x2x!x>) -> tensor<?x3x!y> {
  %wq = shiftadd.constant dense<127> : tensor<3x2xi8> as tensor<3x2x!quant.uniform<i8:f32:0, {0.6, 0.25, 0.1998}>>
  %w = shiftadd.dequantize %wq : (tensor<3x2x!quant.uniform<i8:f32:0, {0.6, 0.25, 0.1998}>>) -> tensor<3x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!x>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x2xf32>, tensor<3x2xf32>) -> tensor<?x3xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x3xf32>) -> tensor<?x3x!y>
  return %2 : tensor<?x3x!y>
}

// Sums reach 640 * 255 * 127, which leaves 5 bits: enough for 5 * 2^-18, and
// too few for 0.3 * 2^-15, which takes 20 bits and a wider product.
// NARROW-LABEL: func.func @few_bits(
// NARROW-DAG: shiftadd.constant dense<[5, 314573]> : tensor<2xi32>
// NARROW-DAG: shiftadd.constant dense<[18, 35]> : tensor<2xi32>
func.func @few_bits(%x: tensor<?x640x!x>) -> tensor<?x2x!y> {
  %wq = shiftadd.constant dense<127> : tensor<2x640xi8> as tensor<2x640x!quant.uniform<i8:f32:0, {3.814697265625e-05, 1.8310546875e-05}>>
  %w = shiftadd.dequantize %wq : (tensor<2x640x!quant.uniform<i8:f32:0, {3.814697265625e-05, 1.8310546875e-05}>>) -> tensor<2x640xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x640x!x>) -> tensor<?x640xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x640xf32>, tensor<2x640xf32>) -> tensor<?x2xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x2xf32>) -> tensor<?x2x!y>
  return %2 : tensor<?x2x!y>
}

// The residual's factor of 0.0999 has 20 bits with a shift of 22, which the
// sum's 5 * 2^-18 leaves no room for; with a shift of 21 that is still exact.
// NARROW-LABEL: func.func @few_bits_residual(
// NARROW-DAG: shiftadd.constant dense<40> : tensor<1xi32>
// NARROW-DAG: shiftadd.constant dense<209505> : tensor<1xi32>
func.func @few_bits_residual(%x: tensor<?x640x!x>, %r: tensor<?x1x!r>) -> tensor<?x1x!y> {
  %wq = shiftadd.constant dense<127> : tensor<1x640xi8> as tensor<1x640x!quant.uniform<i8:f32, 3.814697265625e-05>>
  %w = shiftadd.dequantize %wq : (tensor<1x640x!quant.uniform<i8:f32, 3.814697265625e-05>>) -> tensor<1x640xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x640x!x>) -> tensor<?x640xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x640xf32>, tensor<1x640xf32>) -> tensor<?x1xf32>
  %2 = shiftadd.dequantize %r : (tensor<?x1x!r>) -> tensor<?x1xf32>
  %3 = shiftadd.add %1, %2 : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
  %4 = shiftadd.quantize %3 : (tensor<?x1xf32>) -> tensor<?x1x!y>
  return %4 : tensor<?x1x!y>
}

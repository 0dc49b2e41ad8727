// Constant weights and scales as sums of powers of two: the smallest exact
// code, for every width, and nothing else changes.

// RUN: split-file %s %t
// RUN: shiftadd-opt %t/exact.mlir --shiftadd-decompose-mul | FileCheck %t/exact.mlir
// RUN: shiftadd-opt %t/exact.mlir --compare-by-running="func.func(shiftadd-decompose-mul)" --runs=10 | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %t/exact.mlir --shiftadd-decompose-mul --shiftadd-verify-multiplier-free -o /dev/null
// RUN: shiftadd-opt %t/exact.mlir --shiftadd-decompose-mul="weights=false" | FileCheck %t/exact.mlir --check-prefix=SCALES --implicit-check-not=shiftadd.shift_
// RUN: shiftadd-opt %t/exact.mlir --shiftadd-decompose-mul="scales=false" | FileCheck %t/exact.mlir --check-prefix=WEIGHTS
// RUN: shiftadd-opt %t/stays.mlir --shiftadd-decompose-mul=max-terms=2 | FileCheck %t/stays.mlir --implicit-check-not=shiftadd.shift_
// RUN: not shiftadd-opt %t/stays.mlir --shiftadd-decompose-mul="max-terms=2 strict=true" 2>&1 | FileCheck %s --check-prefix=STRICT
// RUN: not shiftadd-opt %t/stays.mlir --shiftadd-decompose-mul=max-terms=17 2>&1 | FileCheck %s --check-prefix=TERMS

// EQUAL: equal: {{[1-9][0-9]*}} runs
// STRICT: error: has weights that need more than 2 powers of two; calibrate the network for this scheme, or allow an error
// TERMS: error: max-error is not negative, max-terms at most 16; got 0.000000e+00 and 17

//--- exact.mlir

!x = !quant.uniform<u8:f32, 0.5:13>
!y = !quant.uniform<u8:f32, 4.0:100>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.25, 0.125}>

// 2, -3, 127, -128: at most two terms, exponents up to 7, 17 values per term.
// The scale 52429 has 9 signed digits, 2^19 one.
// CHECK-LABEL: func.func @dense(
// CHECK: %[[W:.*]] = shiftadd.constant {{.*}} as tensor<2x2x!shiftadd.pot<bits = 10, terms = 2, min_exponent = 0, max_exponent = 7, zero = true>>
// CHECK-NEXT: %[[A:.*]] = shiftadd.shift_dense %arg0, %[[W]]
// CHECK-NEXT: %[[M:.*]] = shiftadd.constant {{.*}} as tensor<2x!shiftadd.pot<bits = 54, terms = 9, min_exponent = 0, max_exponent = 19, zero = true>>
// CHECK-NEXT: %[[Y:.*]] = shiftadd.requantize %[[A]], multiplier %[[M]]
// CHECK-NEXT: return %[[Y]]
// SCALES-LABEL: func.func @dense(
// SCALES: shiftadd.dense
// SCALES: shiftadd.requantize {{.*}} tensor<2x!shiftadd.pot
// WEIGHTS-LABEL: func.func @dense(
// WEIGHTS: shiftadd.shift_dense
// WEIGHTS: shiftadd.requantize {{.*}} (tensor<?x2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>)
func.func @dense(%x: tensor<?x2x!x>) -> tensor<?x2x!y> {
  %w = shiftadd.constant dense<[[2, -3], [127, -128]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32:0, {0.25, 0.125}>>
  %b = shiftadd.constant dense<[16, 6]> : tensor<2xi32> as tensor<2xi32>
  %m = shiftadd.constant dense<[52429, 524288]> : tensor<2xi32> as tensor<2xi32>
  %s = shiftadd.constant dense<[20, 21]> : tensor<2xi32> as tensor<2xi32>
  %0 = shiftadd.dense %x, %w : (tensor<?x2x!x>, tensor<2x2x!quant.uniform<i8:f32:0, {0.25, 0.125}>>) -> tensor<?x2xi32>
  %1 = shiftadd.requantize %0, multiplier %m, shift %s, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<?x2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x2x!y>
  return %1 : tensor<?x2x!y>
}

// Strides, padding, dilation, groups stay as they are. 85 and -85 have four
// terms, 5 and -120 two, so that a term may be zero: 17 values, 5 bits.
// CHECK-LABEL: func.func @conv(
// CHECK: as tensor<2x2x1x!shiftadd.pot<bits = 20, terms = 4, min_exponent = 0, max_exponent = 7, zero = true>>
// CHECK-NEXT: shiftadd.shift_conv %arg0, {{.*}} {dilations = array<i64: 2>, groups = 2 : i64, padding = array<i64: 1, 0>, strides = array<i64: 2>}
func.func @conv(%x: tensor<?x6x2x!x>) -> tensor<?x3x2xi32> {
  %w = shiftadd.constant dense<[[[85], [-85]], [[5], [-120]]]> : tensor<2x2x1xi8> as tensor<2x2x1x!w>
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 2>, groups = 2 : i64, padding = array<i64: 1, 0>, strides = array<i64: 2>} : (tensor<?x6x2x!x>, tensor<2x2x1x!w>) -> tensor<?x3x2xi32>
  return %0 : tensor<?x3x2xi32>
}

// Signs only: two bits with a zero, one without.
// CHECK-LABEL: func.func @ternary(
// CHECK-DAG: !shiftadd.pot<bits = 2, terms = 1, min_exponent = 0, max_exponent = 0, zero = true>
// CHECK-DAG: !shiftadd.pot<bits = 1, terms = 1, min_exponent = 0, max_exponent = 0, zero = false>
// CHECK: return
func.func @ternary(%x: tensor<?x2x!x>) -> (tensor<?x2xi32>, tensor<?x2xi32>) {
  %t = shiftadd.constant dense<[[1, 0], [-1, -1]]> : tensor<2x2xi8> as tensor<2x2xi8>
  %b = shiftadd.constant dense<[[1, -1], [-1, -1]]> : tensor<2x2xi8> as tensor<2x2xi8>
  %0 = shiftadd.dense %x, %t : (tensor<?x2x!x>, tensor<2x2xi8>) -> tensor<?x2xi32>
  %1 = shiftadd.dense %x, %b : (tensor<?x2x!x>, tensor<2x2xi8>) -> tensor<?x2xi32>
  return %0, %1 : tensor<?x2xi32>, tensor<?x2xi32>
}

// 96 and -48 are 64 + 32 and -(32 + 16): no need for 128 - 32. Both have two
// terms, so there is no zero.
// CHECK-LABEL: func.func @lower_exponents(
// CHECK: !shiftadd.pot<bits = 8, terms = 2, min_exponent = 0, max_exponent = 6, zero = false>
// CHECK: return
func.func @lower_exponents(%x: tensor<?x2x!x>) -> tensor<?x1xi32> {
  %w = shiftadd.constant dense<[[96, -48]]> : tensor<1x2xi8> as tensor<1x2xi8>
  %0 = shiftadd.dense %x, %w : (tensor<?x2x!x>, tensor<1x2xi8>) -> tensor<?x1xi32>
  return %0 : tensor<?x1xi32>
}

// All zero.
// CHECK-LABEL: func.func @nothing(
// CHECK: !shiftadd.pot<bits = 2, terms = 1, min_exponent = 0, max_exponent = 0, zero = true>
func.func @nothing(%x: tensor<?x2x!x>) -> tensor<?x1xi32> {
  %w = shiftadd.constant dense<0> : tensor<1x2xi8> as tensor<1x2xi8>
  %0 = shiftadd.dense %x, %w : (tensor<?x2x!x>, tensor<1x2xi8>) -> tensor<?x1xi32>
  return %0 : tensor<?x1xi32>
}

// 16 bits: 21845 and -21845 have eight terms.
// CHECK-LABEL: func.func @wide(
// CHECK: !shiftadd.pot<bits = 48, terms = 8, min_exponent = 0, max_exponent = 15, zero = true>
// CHECK: return
func.func @wide(%x: tensor<?x4x!x>) -> tensor<?x1xi64> {
  %w = shiftadd.constant dense<[[21845, -21845, 32767, -32768]]> : tensor<1x4xi16> as tensor<1x4xi16>
  %0 = shiftadd.dense %x, %w : (tensor<?x4x!x>, tensor<1x4xi16>) -> tensor<?x1xi64>
  return %0 : tensor<?x1xi64>
}

// Floats that are powers of two and sums of few, with exponents of both signs.
// CHECK-LABEL: func.func @floats(
// CHECK-DAG: !shiftadd.pot<bits = 4, terms = 1, min_exponent = -2, max_exponent = 3, zero = true>
// CHECK-DAG: !shiftadd.pot<bits = 12, terms = 3, min_exponent = -4, max_exponent = 1, zero = true>
// CHECK-NOT: shiftadd.dense
// CHECK: return
func.func @floats(%x: tensor<?x3xf32>) -> (tensor<?x1xf32>, tensor<?x1xf32>) {
  %p = shiftadd.constant dense<[[0.25, -8.0, 0.0]]> : tensor<1x3xf32> as tensor<1x3xf32>
  %s = shiftadd.constant dense<[[3.0, -0.0625, 1.3125]]> : tensor<1x3xf32> as tensor<1x3xf32>
  %b = shiftadd.constant dense<0.3> : tensor<1xf32> as tensor<1xf32>
  %0 = shiftadd.dense %x, %p : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x1xf32>
  %1 = shiftadd.dense %x, %s, bias %b : (tensor<?x3xf32>, tensor<1x3xf32>, tensor<1xf32>) -> tensor<?x1xf32>
  return %0, %1 : tensor<?x1xf32>, tensor<?x1xf32>
}

// CHECK-LABEL: func.func @residuals(
// CHECK: shiftadd.requantize_residual {{.*}}!shiftadd.pot{{.*}}!shiftadd.pot
// CHECK: shiftadd.requantize_add {{.*}}shift_add
func.func @residuals(%x: tensor<?x2xi32>, %y: tensor<?x2x!x>) -> (tensor<?x2x!y>, tensor<?x2x!y>) {
  %m = shiftadd.constant dense<[7, 1024]> : tensor<2xi32> as tensor<2xi32>
  %n = shiftadd.constant dense<1048575> : tensor<1xi32> as tensor<1xi32>
  %s = shiftadd.constant dense<20> : tensor<1xi32> as tensor<1xi32>
  %0 = shiftadd.requantize_residual %x, multiplier %m, shift %s, residual %y, residual_multiplier %n {rounding = #shiftadd<rounding half_up>} : (tensor<?x2xi32>, tensor<2xi32>, tensor<1xi32>, tensor<?x2x!x>, tensor<1xi32>) -> tensor<?x2x!y>
  %1 = shiftadd.requantize_add %y, %y {lhs_multiplier = 3 : i64, rhs_multiplier = 4 : i64, rounding = #shiftadd<rounding half_up>, shift = 3 : i64} : (tensor<?x2x!x>, tensor<?x2x!x>) -> tensor<?x2x!y>
  return %0, %1 : tensor<?x2x!y>, tensor<?x2x!y>
}

//--- stays.mlir

!x = !quant.uniform<u8:f32, 0.5:13>

// 85 has four terms.
// CHECK-LABEL: func.func @many_terms(
// CHECK: shiftadd.dense
func.func @many_terms(%x: tensor<?x2x!x>) -> tensor<?x1xi32> {
  %w = shiftadd.constant dense<[[85, 1]]> : tensor<1x2xi8> as tensor<1x2xi8>
  %0 = shiftadd.dense %x, %w : (tensor<?x2x!x>, tensor<1x2xi8>) -> tensor<?x1xi32>
  return %0 : tensor<?x1xi32>
}

// 0.1 is a sum of 13 powers of two; the span of the others is too wide.
// CHECK-LABEL: func.func @floats(
// CHECK-COUNT-2: shiftadd.dense
func.func @floats(%x: tensor<?x2xf32>) -> (tensor<?x1xf32>, tensor<?x1xf32>) {
  %w = shiftadd.constant dense<[[0.1, 1.0]]> : tensor<1x2xf32> as tensor<1x2xf32>
  %v = shiftadd.constant dense<[[1.0e-30, 1.0]]> : tensor<1x2xf32> as tensor<1x2xf32>
  %0 = shiftadd.dense %x, %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %1 = shiftadd.dense %x, %v : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  return %0, %1 : tensor<?x1xf32>, tensor<?x1xf32>
}

// Weights that are no constant; a scale that is none.
// CHECK-LABEL: func.func @variables(
// CHECK: shiftadd.dense
// CHECK: shiftadd.requantize {{.*}}tensor<1xi32>, tensor<1xi32>)
func.func @variables(%x: tensor<?x2x!x>, %w: tensor<1x2xi8>, %m: tensor<1xi32>) -> tensor<?x1x!x> {
  %0 = shiftadd.dense %x, %w : (tensor<?x2x!x>, tensor<1x2xi8>) -> tensor<?x1xi32>
  %1 = shiftadd.requantize %0, multiplier %m, shift %m {rounding = #shiftadd<rounding half_up>} : (tensor<?x1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x1x!x>
  return %1 : tensor<?x1x!x>
}

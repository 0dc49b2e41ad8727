// One function per fold and pattern, with the nearest case that must stay.

// RUN: shiftadd-opt %s --canonicalize | FileCheck %s
// RUN: shiftadd-opt %s --compare-by-running=canonicalize | FileCheck %s --check-prefix=EQUAL

// EQUAL: equal: {{[1-9][0-9]*}} runs

// CHECK-LABEL: func.func @add_zero(
// CHECK-SAME: %[[X:.*]]: tensor<2x3xi32>
// CHECK-NEXT: return %[[X]], %[[X]]
func.func @add_zero(%x: tensor<2x3xi32>) -> (tensor<2x3xi32>, tensor<2x3xi32>) {
  %zero = shiftadd.constant dense<0> : tensor<3xi32> as tensor<3xi32>
  %0 = shiftadd.add %x, %zero : (tensor<2x3xi32>, tensor<3xi32>) -> tensor<2x3xi32>
  %1 = shiftadd.add %zero, %x : (tensor<3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %0, %1 : tensor<2x3xi32>, tensor<2x3xi32>
}

// x + 0.0 is 0.0, not x, for x = -0.0; x + -0.0 is always x.
// CHECK-LABEL: func.func @add_float_zero(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>
// CHECK: %[[SUM:.*]] = shiftadd.add %[[X]]
// CHECK-NEXT: return %[[SUM]], %[[X]]
func.func @add_float_zero(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %plus = shiftadd.constant dense<0.0> : tensor<1xf32> as tensor<1xf32>
  %minus = shiftadd.constant dense<-0.0> : tensor<1xf32> as tensor<1xf32>
  %0 = shiftadd.add %x, %plus : (tensor<3xf32>, tensor<1xf32>) -> tensor<3xf32>
  %1 = shiftadd.add %x, %minus : (tensor<3xf32>, tensor<1xf32>) -> tensor<3xf32>
  return %0, %1 : tensor<3xf32>, tensor<3xf32>
}

// A zero that stretches the other operand does more than add.
// CHECK-LABEL: func.func @add_stretching_zero(
// CHECK: shiftadd.add
func.func @add_stretching_zero(%x: tensor<3xi32>) -> tensor<2x3xi32> {
  %zero = shiftadd.constant dense<0> : tensor<2x3xi32> as tensor<2x3xi32>
  %0 = shiftadd.add %x, %zero : (tensor<3xi32>, tensor<2x3xi32>) -> tensor<2x3xi32>
  return %0 : tensor<2x3xi32>
}

// CHECK-LABEL: func.func @add_something(
// CHECK: shiftadd.add
func.func @add_something(%x: tensor<2xi32>) -> tensor<2xi32> {
  %c = shiftadd.constant dense<[0, 1]> : tensor<2xi32> as tensor<2xi32>
  %0 = shiftadd.add %x, %c : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// CHECK-LABEL: func.func @sub_zero(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>
// CHECK: %[[MINUS:.*]] = shiftadd.sub %[[X]]
// CHECK: %[[FROM:.*]] = shiftadd.sub {{.*}}, %[[X]]
// CHECK-NEXT: return %[[X]], %[[MINUS]], %[[FROM]]
func.func @sub_zero(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) {
  %plus = shiftadd.constant dense<0.0> : tensor<f32> as tensor<f32>
  %minus = shiftadd.constant dense<-0.0> : tensor<f32> as tensor<f32>
  %0 = shiftadd.sub %x, %plus : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %1 = shiftadd.sub %x, %minus : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %2 = shiftadd.sub %plus, %x : (tensor<f32>, tensor<3xf32>) -> tensor<3xf32>
  return %0, %1, %2 : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @mul_one(
// CHECK-SAME: %[[X:.*]]: tensor<?x3xf32>
// CHECK: %[[STAYS:.*]] = shiftadd.mul
// CHECK-NEXT: return %[[X]], %[[X]], %[[STAYS]]
func.func @mul_one(%x: tensor<?x3xf32>) -> (tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xf32>) {
  %one = shiftadd.constant dense<1.0> : tensor<f32> as tensor<f32>
  %minus = shiftadd.constant dense<-1.0> : tensor<f32> as tensor<f32>
  %0 = shiftadd.mul %x, %one : (tensor<?x3xf32>, tensor<f32>) -> tensor<?x3xf32>
  %1 = shiftadd.mul %one, %x : (tensor<f32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  %2 = shiftadd.mul %x, %minus : (tensor<?x3xf32>, tensor<f32>) -> tensor<?x3xf32>
  return %0, %1, %2 : tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xf32>
}

// CHECK-LABEL: func.func @div_one(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>
// CHECK: %[[STAYS:.*]] = shiftadd.div
// CHECK-NEXT: return %[[X]], %[[STAYS]]
func.func @div_one(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %one = shiftadd.constant dense<1.0> : tensor<f32> as tensor<f32>
  %0 = shiftadd.div %x, %one : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  %1 = shiftadd.div %one, %x : (tensor<f32>, tensor<3xf32>) -> tensor<3xf32>
  return %0, %1 : tensor<3xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @relu(
// CHECK: shiftadd.clamp {{.*}} {minimum = 0.000000e+00 : f64}
func.func @relu(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = shiftadd.relu %x : (tensor<3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// CHECK-LABEL: func.func @clamp_without_bounds(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>
// CHECK: %[[BOUND:.*]] = shiftadd.clamp
// CHECK-NEXT: return %[[X]], %[[BOUND]]
func.func @clamp_without_bounds(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %0 = shiftadd.clamp %x : (tensor<3xf32>) -> tensor<3xf32>
  %1 = shiftadd.clamp %x {maximum = 0.5 : f64} : (tensor<3xf32>) -> tensor<3xf32>
  return %0, %1 : tensor<3xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @cast_to_same(
// CHECK-SAME: %[[X:.*]]: tensor<3xf32>
// CHECK: %[[CAST:.*]] = shiftadd.cast
// CHECK-NEXT: return %[[X]], %[[CAST]]
func.func @cast_to_same(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xi32>) {
  %0 = shiftadd.cast %x : (tensor<3xf32>) -> tensor<3xf32>
  %1 = shiftadd.cast %x : (tensor<3xf32>) -> tensor<3xi32>
  return %0, %1 : tensor<3xf32>, tensor<3xi32>
}

// CHECK-LABEL: func.func @transpose_identity(
// CHECK-SAME: %[[X:.*]]: tensor<2x2xf32>
// CHECK: %[[STAYS:.*]] = shiftadd.transpose %[[X]] [1, 0]
// CHECK-NEXT: return %[[X]], %[[STAYS]]
func.func @transpose_identity(%x: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  %0 = shiftadd.transpose %x [0, 1] : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %1 = shiftadd.transpose %x [1, 0] : (tensor<2x2xf32>) -> tensor<2x2xf32>
  return %0, %1 : tensor<2x2xf32>, tensor<2x2xf32>
}

// Two rotations are one; of a permutation that is not its own inverse.
// CHECK-LABEL: func.func @transpose_twice(
// CHECK-SAME: %[[X:.*]]: tensor<2x3x5x7xf32>
// CHECK-NEXT: %[[ONE:.*]] = shiftadd.transpose %[[X]] [2, 0, 3, 1]
// CHECK-NEXT: return %[[ONE]], %[[X]]
func.func @transpose_twice(%x: tensor<2x3x5x7xf32>) -> (tensor<5x2x7x3xf32>, tensor<2x3x5x7xf32>) {
  %0 = shiftadd.transpose %x [2, 3, 0, 1] : (tensor<2x3x5x7xf32>) -> tensor<5x7x2x3xf32>
  %1 = shiftadd.transpose %0 [0, 2, 1, 3] : (tensor<5x7x2x3xf32>) -> tensor<5x2x7x3xf32>
  %2 = shiftadd.transpose %x [0, 2, 3, 1] : (tensor<2x3x5x7xf32>) -> tensor<2x5x7x3xf32>
  %3 = shiftadd.transpose %2 [0, 3, 1, 2] : (tensor<2x5x7x3xf32>) -> tensor<2x3x5x7xf32>
  return %1, %3 : tensor<5x2x7x3xf32>, tensor<2x3x5x7xf32>
}

// CHECK-LABEL: func.func @reshape(
// CHECK-SAME: %[[X:.*]]: tensor<?x6xf32>
// CHECK-NEXT: %[[ONE:.*]] = shiftadd.reshape %[[X]] [-1, 3, 2]
// CHECK-NEXT: return %[[ONE]], %[[X]]
func.func @reshape(%x: tensor<?x6xf32>) -> (tensor<?x3x2xf32>, tensor<?x6xf32>) {
  %0 = shiftadd.reshape %x [-1, 2, 3] : (tensor<?x6xf32>) -> tensor<?x2x3xf32>
  %1 = shiftadd.reshape %0 [-1, 3, 2] : (tensor<?x2x3xf32>) -> tensor<?x3x2xf32>
  %2 = shiftadd.reshape %0 [-1, 6] : (tensor<?x2x3xf32>) -> tensor<?x6xf32>
  return %1, %2 : tensor<?x3x2xf32>, tensor<?x6xf32>
}

// CHECK-LABEL: func.func @pad_nothing(
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>
// CHECK: %[[SHIFT:.*]] = shiftadd.pad
// CHECK-NEXT: return %[[X]], %[[SHIFT]]
func.func @pad_nothing(%x: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = shiftadd.pad %x {low = array<i64: 0, 0>, high = array<i64: 0, 0>, mode = #shiftadd<pad_mode constant>, value = 1.0 : f64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = shiftadd.pad %x {low = array<i64: 0, 1>, high = array<i64: 0, -1>, mode = #shiftadd<pad_mode constant>, value = 1.0 : f64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0, %1 : tensor<2x3xf32>, tensor<2x3xf32>
}

// CHECK-LABEL: func.func @concat_one(
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32>
// CHECK: %[[TWO:.*]] = shiftadd.concat %[[X]], %[[X]]
// CHECK-NEXT: return %[[X]], %[[TWO]]
func.func @concat_one(%x: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x6xf32>) {
  %0 = shiftadd.concat %x {axis = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = shiftadd.concat %x, %x {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
  return %0, %1 : tensor<2x3xf32>, tensor<2x6xf32>
}

// CHECK-LABEL: func.func @slice_all(
// CHECK-SAME: %[[X:.*]]: tensor<?x3xf32>
// CHECK: %[[REVERSED:.*]] = shiftadd.slice
// CHECK-NEXT: return %[[X]], %[[REVERSED]]
func.func @slice_all(%x: tensor<?x3xf32>) -> (tensor<?x3xf32>, tensor<?x3xf32>) {
  %0 = shiftadd.slice %x {starts = array<i64: 0, 0>, sizes = array<i64: -1, 3>, steps = array<i64: 1, 1>} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %1 = shiftadd.slice %x {starts = array<i64: 0, 2>, sizes = array<i64: -1, 3>, steps = array<i64: 1, -1>} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  return %0, %1 : tensor<?x3xf32>, tensor<?x3xf32>
}

// CHECK-LABEL: func.func @broadcast_to_same(
// CHECK-SAME: %[[X:.*]]: tensor<1x3xf32>
// CHECK: %[[STRETCHED:.*]] = shiftadd.broadcast
// CHECK-NEXT: return %[[X]], %[[STRETCHED]]
func.func @broadcast_to_same(%x: tensor<1x3xf32>) -> (tensor<1x3xf32>, tensor<2x3xf32>) {
  %0 = shiftadd.broadcast %x [1, 3] : (tensor<1x3xf32>) -> tensor<1x3xf32>
  %1 = shiftadd.broadcast %x [2, 3] : (tensor<1x3xf32>) -> tensor<2x3xf32>
  return %0, %1 : tensor<1x3xf32>, tensor<2x3xf32>
}

// CHECK-LABEL: func.func @quantize_dequantized(
// CHECK-SAME: %[[X:.*]]: tensor<3x!quant.uniform<u8:f32, 3.000000e-01:7>>
// CHECK-NEXT: return %[[X]]
func.func @quantize_dequantized(%x: tensor<3x!quant.uniform<u8:f32, 0.3:7>>) -> tensor<3x!quant.uniform<u8:f32, 0.3:7>> {
  %0 = shiftadd.dequantize %x : (tensor<3x!quant.uniform<u8:f32, 0.3:7>>) -> tensor<3xf32>
  %1 = shiftadd.quantize %0 : (tensor<3xf32>) -> tensor<3x!quant.uniform<u8:f32, 0.3:7>>
  return %1 : tensor<3x!quant.uniform<u8:f32, 0.3:7>>
}

// Another scale clamps and rounds; 32-bit codes do not survive f32.
// CHECK-LABEL: func.func @quantize_otherwise(
// CHECK-COUNT-2: shiftadd.quantize
func.func @quantize_otherwise(%x: tensor<3x!quant.uniform<u8:f32, 0.3:7>>, %w: tensor<3x!quant.uniform<i32:f32, 0.3>>) -> (tensor<3x!quant.uniform<u8:f32, 0.2:7>>, tensor<3x!quant.uniform<i32:f32, 0.3>>) {
  %0 = shiftadd.dequantize %x : (tensor<3x!quant.uniform<u8:f32, 0.3:7>>) -> tensor<3xf32>
  %1 = shiftadd.quantize %0 : (tensor<3xf32>) -> tensor<3x!quant.uniform<u8:f32, 0.2:7>>
  %2 = shiftadd.dequantize %w : (tensor<3x!quant.uniform<i32:f32, 0.3>>) -> tensor<3xf32>
  %3 = shiftadd.quantize %2 : (tensor<3xf32>) -> tensor<3x!quant.uniform<i32:f32, 0.3>>
  return %1, %3 : tensor<3x!quant.uniform<u8:f32, 0.2:7>>, tensor<3x!quant.uniform<i32:f32, 0.3>>
}

// Equal constants become one, unused ones vanish.
// CHECK-LABEL: func.func @constants(
// CHECK-COUNT-1: shiftadd.constant
// CHECK-NOT: shiftadd.constant
func.func @constants(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = shiftadd.constant dense<[1.0, 2.0]> : tensor<2xf32> as tensor<2xf32>
  %1 = shiftadd.constant dense<[1.0, 2.0]> : tensor<2xf32> as tensor<2xf32>
  %2 = shiftadd.constant dense<[3.0, 2.0]> : tensor<2xf32> as tensor<2xf32>
  %3 = shiftadd.mul %x, %0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %4 = shiftadd.add %3, %1 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %4 : tensor<2xf32>
}

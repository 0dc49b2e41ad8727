// Movement that no window explains stays; the layer reads what it leaves.

// RUN: shiftadd-opt %s --shiftadd-recognize-adder-layers | FileCheck %s --implicit-check-not=shiftadd.abs
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-recognize-adder-layers)" --tolerance=1e-5 | FileCheck %s --check-prefix=EQUAL

// EQUAL: equal: 21 runs

// One window element comes twice, another not at all.
// CHECK-LABEL: func.func @element_twice(
// CHECK: shiftadd.gather
// CHECK: shiftadd.adder_conv {{.*}} (tensor<2x3x3x1xf32>, tensor<1x3x1x1xf32>)
func.func @element_twice(%x: tensor<2x1x5xf32>) -> tensor<2x1x3xf32> {
  %w = shiftadd.constant dense<[[[[0.5], [-0.25], [0.75]]]]> : tensor<1x1x3x1xf32> as tensor<1x1x3x1xf32>
  %i = shiftadd.constant dense<[[0, 1, 2], [1, 2, 3], [1, 2, 3]]> : tensor<3x3xi64> as tensor<3x3xi64>
  %0 = shiftadd.gather %x, %i {axis = 2 : i64} : (tensor<2x1x5xf32>, tensor<3x3xi64>) -> tensor<2x1x3x3xf32>
  %1 = shiftadd.sub %0, %w : (tensor<2x1x3x3xf32>, tensor<1x1x3x1xf32>) -> tensor<2x1x3x3xf32>
  %2 = shiftadd.abs %1 : (tensor<2x1x3x3xf32>) -> tensor<2x1x3x3xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x1x3x3xf32>) -> tensor<2x1x3xf32>
  %4 = shiftadd.neg %3 : (tensor<2x1x3xf32>) -> tensor<2x1x3xf32>
  return %4 : tensor<2x1x3xf32>
}

// One number in the middle of an otherwise perfect window is wrong.
// CHECK-LABEL: func.func @one_element_off(
// CHECK: shiftadd.gather
// CHECK: shiftadd.adder_conv {{.*}} (tensor<2x3x4x1xf32>, tensor<1x3x1x1xf32>)
func.func @one_element_off(%x: tensor<2x1x6xf32>) -> tensor<2x1x4xf32> {
  %w = shiftadd.constant dense<[[[[0.5], [-0.25], [0.75]]]]> : tensor<1x1x3x1xf32> as tensor<1x1x3x1xf32>
  %i = shiftadd.constant dense<[[0, 1, 2, 3], [1, 2, 5, 4], [2, 3, 4, 5]]> : tensor<3x4xi64> as tensor<3x4xi64>
  %0 = shiftadd.gather %x, %i {axis = 2 : i64} : (tensor<2x1x6xf32>, tensor<3x4xi64>) -> tensor<2x1x3x4xf32>
  %1 = shiftadd.sub %0, %w : (tensor<2x1x3x4xf32>, tensor<1x1x3x1xf32>) -> tensor<2x1x3x4xf32>
  %2 = shiftadd.abs %1 : (tensor<2x1x3x4xf32>) -> tensor<2x1x3x4xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x1x3x4xf32>) -> tensor<2x1x4xf32>
  %4 = shiftadd.neg %3 : (tensor<2x1x4xf32>) -> tensor<2x1x4xf32>
  return %4 : tensor<2x1x4xf32>
}

// The windows run backwards.
// CHECK-LABEL: func.func @reversed_windows(
// CHECK: shiftadd.gather
// CHECK: shiftadd.adder_conv {{.*}} (tensor<2x3x4x1xf32>, tensor<1x3x1x1xf32>)
func.func @reversed_windows(%x: tensor<2x1x6xf32>) -> tensor<2x1x4xf32> {
  %w = shiftadd.constant dense<[[[[0.5], [-0.25], [0.75]]]]> : tensor<1x1x3x1xf32> as tensor<1x1x3x1xf32>
  %i = shiftadd.constant dense<[[3, 2, 1, 0], [4, 3, 2, 1], [5, 4, 3, 2]]> : tensor<3x4xi64> as tensor<3x4xi64>
  %0 = shiftadd.gather %x, %i {axis = 2 : i64} : (tensor<2x1x6xf32>, tensor<3x4xi64>) -> tensor<2x1x3x4xf32>
  %1 = shiftadd.sub %0, %w : (tensor<2x1x3x4xf32>, tensor<1x1x3x1xf32>) -> tensor<2x1x3x4xf32>
  %2 = shiftadd.abs %1 : (tensor<2x1x3x4xf32>) -> tensor<2x1x3x4xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x1x3x4xf32>) -> tensor<2x1x4xf32>
  %4 = shiftadd.neg %3 : (tensor<2x1x4xf32>) -> tensor<2x1x4xf32>
  return %4 : tensor<2x1x4xf32>
}

// Samples change places.
// CHECK-LABEL: func.func @samples_swapped(
// CHECK: shiftadd.slice
// CHECK: shiftadd.adder_conv {{.*}} (tensor<2x4x4x1xf32>, tensor<3x2x2x1xf32>)
func.func @samples_swapped(%x: tensor<2x4x4x1xf32>) -> tensor<2x3x3x3xf32> {
  %w = shiftadd.constant dense<[[[[0.5, -0.25, 0.75, 1.0]]], [[[0.1, 0.2, -0.3, 0.4]]], [[[-1.0, 0.0, 0.3, 0.6]]]]> : tensor<3x1x1x4xf32> as tensor<3x1x1x4xf32>
  %i = shiftadd.constant dense<[[0, 1], [1, 2], [2, 3]]> : tensor<3x2xi64> as tensor<3x2xi64>
  %r = shiftadd.slice %x {starts = array<i64: 1, 0, 0, 0>, sizes = array<i64: 2, 4, 4, 1>, steps = array<i64: -1, 1, 1, 1>} : (tensor<2x4x4x1xf32>) -> tensor<2x4x4x1xf32>
  %0 = shiftadd.gather %r, %i {axis = 1 : i64} : (tensor<2x4x4x1xf32>, tensor<3x2xi64>) -> tensor<2x3x2x4x1xf32>
  %1 = shiftadd.gather %0, %i {axis = 3 : i64} : (tensor<2x3x2x4x1xf32>, tensor<3x2xi64>) -> tensor<2x3x2x3x2x1xf32>
  %2 = shiftadd.transpose %1 [0, 1, 3, 2, 4, 5] : (tensor<2x3x2x3x2x1xf32>) -> tensor<2x3x3x2x2x1xf32>
  %3 = shiftadd.reshape %2 [2, 1, 3, 3, 4] : (tensor<2x3x3x2x2x1xf32>) -> tensor<2x1x3x3x4xf32>
  %4 = shiftadd.sub %3, %w : (tensor<2x1x3x3x4xf32>, tensor<3x1x1x4xf32>) -> tensor<2x3x3x3x4xf32>
  %5 = shiftadd.abs %4 : (tensor<2x3x3x3x4xf32>) -> tensor<2x3x3x3x4xf32>
  %6 = shiftadd.reduce_sum %5 {axes = array<i64: 4>, keep_dims = false} : (tensor<2x3x3x3x4xf32>) -> tensor<2x3x3x3xf32>
  %7 = shiftadd.neg %6 : (tensor<2x3x3x3xf32>) -> tensor<2x3x3x3xf32>
  return %7 : tensor<2x3x3x3xf32>
}

// Padding that mirrors is data movement like any other.
// CHECK-LABEL: func.func @mirrored_padding(
// CHECK: shiftadd.pad
// CHECK: shiftadd.adder_conv {{.*}} (tensor<2x6x1xf32>, tensor<1x3x1xf32>)
func.func @mirrored_padding(%x: tensor<2x1x4xf32>) -> tensor<2x1x4xf32> {
  %w = shiftadd.constant dense<[[[[0.5], [-0.25], [0.75]]]]> : tensor<1x1x3x1xf32> as tensor<1x1x3x1xf32>
  %i = shiftadd.constant dense<[[0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5]]> : tensor<3x4xi64> as tensor<3x4xi64>
  %p = shiftadd.pad %x {low = array<i64: 0, 0, 1>, high = array<i64: 0, 0, 1>, mode = #shiftadd<pad_mode reflect>, value = 0.0 : f64} : (tensor<2x1x4xf32>) -> tensor<2x1x6xf32>
  %0 = shiftadd.gather %p, %i {axis = 2 : i64} : (tensor<2x1x6xf32>, tensor<3x4xi64>) -> tensor<2x1x3x4xf32>
  %1 = shiftadd.sub %0, %w : (tensor<2x1x3x4xf32>, tensor<1x1x3x1xf32>) -> tensor<2x1x3x4xf32>
  %2 = shiftadd.abs %1 : (tensor<2x1x3x4xf32>) -> tensor<2x1x3x4xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x1x3x4xf32>) -> tensor<2x1x4xf32>
  %4 = shiftadd.neg %3 : (tensor<2x1x4xf32>) -> tensor<2x1x4xf32>
  return %4 : tensor<2x1x4xf32>
}

// A layer pads with zeros only; 0.3 is not one, not even as an integer.
// CHECK-LABEL: func.func @padded_with_others(
// CHECK: shiftadd.pad
// CHECK: shiftadd.adder_conv {{.*}} (tensor<2x6x1xf32>, tensor<1x3x1xf32>)
func.func @padded_with_others(%x: tensor<2x1x4xf32>) -> tensor<2x1x4xf32> {
  %w = shiftadd.constant dense<[[[[0.5], [-0.25], [0.75]]]]> : tensor<1x1x3x1xf32> as tensor<1x1x3x1xf32>
  %i = shiftadd.constant dense<[[0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5]]> : tensor<3x4xi64> as tensor<3x4xi64>
  %p = shiftadd.pad %x {low = array<i64: 0, 0, 1>, high = array<i64: 0, 0, 1>, mode = #shiftadd<pad_mode constant>, value = 0.3 : f64} : (tensor<2x1x4xf32>) -> tensor<2x1x6xf32>
  %0 = shiftadd.gather %p, %i {axis = 2 : i64} : (tensor<2x1x6xf32>, tensor<3x4xi64>) -> tensor<2x1x3x4xf32>
  %1 = shiftadd.sub %0, %w : (tensor<2x1x3x4xf32>, tensor<1x1x3x1xf32>) -> tensor<2x1x3x4xf32>
  %2 = shiftadd.abs %1 : (tensor<2x1x3x4xf32>) -> tensor<2x1x3x4xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x1x3x4xf32>) -> tensor<2x1x4xf32>
  %4 = shiftadd.neg %3 : (tensor<2x1x4xf32>) -> tensor<2x1x4xf32>
  return %4 : tensor<2x1x4xf32>
}

// Window elements that only ever see padding have no place in a window.
// CHECK-LABEL: func.func @only_padding(
// CHECK: shiftadd.pad
// CHECK: shiftadd.adder_conv {{.*}} (tensor<2x3x1xf32>, tensor<1x3x1xf32>)
func.func @only_padding(%x: tensor<2x1x1xf32>) -> tensor<2x1x1xf32> {
  %w = shiftadd.constant dense<[[[0.5], [-0.25], [0.75]]]> : tensor<1x3x1xf32> as tensor<1x3x1xf32>
  %p = shiftadd.pad %x {low = array<i64: 0, 1, 0>, high = array<i64: 0, 1, 0>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<2x1x1xf32>) -> tensor<2x3x1xf32>
  %1 = shiftadd.sub %p, %w : (tensor<2x3x1xf32>, tensor<1x3x1xf32>) -> tensor<2x3x1xf32>
  %2 = shiftadd.abs %1 : (tensor<2x3x1xf32>) -> tensor<2x3x1xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 1>, keep_dims = true} : (tensor<2x3x1xf32>) -> tensor<2x1x1xf32>
  %4 = shiftadd.neg %3 : (tensor<2x1x1xf32>) -> tensor<2x1x1xf32>
  return %4 : tensor<2x1x1xf32>
}

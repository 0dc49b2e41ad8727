// What is no adder layer, or only nearly one, stays as it is.

// RUN: shiftadd-opt %s --shiftadd-recognize-adder-layers > %t
// RUN: FileCheck %s --implicit-check-not=shiftadd.adder < %t
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-recognize-adder-layers)" | FileCheck %s --check-prefix=EQUAL

// EQUAL: equal: 24 runs

// CHECK-LABEL: func.func @without_negation(
// CHECK: shiftadd.reduce_sum
func.func @without_negation(%x: tensor<2x4xf32>) -> tensor<2x3xf32> {
  %w = shiftadd.constant dense<[[0.5, -0.25, 0.75, 1.0], [0.1, 0.2, -0.3, 0.4], [-1.0, 0.0, 0.3, 0.6]]> : tensor<3x4xf32> as tensor<3x4xf32>
  %0 = shiftadd.reshape %x [2, 1, 4] : (tensor<2x4xf32>) -> tensor<2x1x4xf32>
  %1 = shiftadd.sub %0, %w : (tensor<2x1x4xf32>, tensor<3x4xf32>) -> tensor<2x3x4xf32>
  %2 = shiftadd.abs %1 : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @times_minus_two(
// CHECK: shiftadd.reduce_sum
func.func @times_minus_two(%x: tensor<2x4xf32>) -> tensor<2x3xf32> {
  %w = shiftadd.constant dense<[[0.5, -0.25, 0.75, 1.0], [0.1, 0.2, -0.3, 0.4], [-1.0, 0.0, 0.3, 0.6]]> : tensor<3x4xf32> as tensor<3x4xf32>
  %m = shiftadd.constant dense<-2.0> : tensor<f32> as tensor<f32>
  %0 = shiftadd.reshape %x [2, 1, 4] : (tensor<2x4xf32>) -> tensor<2x1x4xf32>
  %1 = shiftadd.sub %0, %w : (tensor<2x1x4xf32>, tensor<3x4xf32>) -> tensor<2x3x4xf32>
  %2 = shiftadd.abs %1 : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<2x3xf32>
  %4 = shiftadd.mul %3, %m : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %4 : tensor<2x3xf32>
}

// Every step has one more use, which would need it anyway.
// CHECK-LABEL: func.func @other_uses(
// CHECK-COUNT-3: shiftadd.neg
func.func @other_uses(%x: tensor<2x4xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<2x3xf32>) {
  %w = shiftadd.constant dense<[[0.5, -0.25, 0.75, 1.0], [0.1, 0.2, -0.3, 0.4], [-1.0, 0.0, 0.3, 0.6]]> : tensor<3x4xf32> as tensor<3x4xf32>
  %v = shiftadd.constant dense<[[1.5, -0.25, 0.75, 1.0], [0.1, 0.2, -0.3, 0.4], [-1.0, 0.0, 0.3, 0.6]]> : tensor<3x4xf32> as tensor<3x4xf32>
  %u = shiftadd.constant dense<[[2.5, -0.25, 0.75, 1.0], [0.1, 0.2, -0.3, 0.4], [-1.0, 0.0, 0.3, 0.6]]> : tensor<3x4xf32> as tensor<3x4xf32>
  %0 = shiftadd.reshape %x [2, 1, 4] : (tensor<2x4xf32>) -> tensor<2x1x4xf32>
  %1 = shiftadd.sub %0, %w : (tensor<2x1x4xf32>, tensor<3x4xf32>) -> tensor<2x3x4xf32>
  %2 = shiftadd.abs %1 : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<2x3xf32>
  %4 = shiftadd.neg %3 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %5 = shiftadd.sub %0, %v : (tensor<2x1x4xf32>, tensor<3x4xf32>) -> tensor<2x3x4xf32>
  %6 = shiftadd.abs %5 : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %7 = shiftadd.reduce_sum %6 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<2x3xf32>
  %8 = shiftadd.neg %7 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %9 = shiftadd.sub %0, %u : (tensor<2x1x4xf32>, tensor<3x4xf32>) -> tensor<2x3x4xf32>
  %10 = shiftadd.abs %9 : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %11 = shiftadd.reduce_sum %10 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<2x3xf32>
  %12 = shiftadd.neg %11 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %4, %8, %12, %1, %6, %11 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<2x3xf32>
}

// CHECK-LABEL: func.func @weights_not_constant(
// CHECK: shiftadd.abs
func.func @weights_not_constant(%x: tensor<2x4xf32>, %w: tensor<3x4xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.reshape %x [2, 1, 4] : (tensor<2x4xf32>) -> tensor<2x1x4xf32>
  %1 = shiftadd.sub %0, %w : (tensor<2x1x4xf32>, tensor<3x4xf32>) -> tensor<2x3x4xf32>
  %2 = shiftadd.abs %1 : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<2x3xf32>
  %4 = shiftadd.neg %3 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %4 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @both_constant(
// CHECK: shiftadd.abs
func.func @both_constant() -> tensor<1xf32> {
  %w = shiftadd.constant dense<[[0.5, -0.25]]> : tensor<1x2xf32> as tensor<1x2xf32>
  %v = shiftadd.constant dense<[[1.5, -0.25]]> : tensor<1x2xf32> as tensor<1x2xf32>
  %1 = shiftadd.sub %v, %w : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %2 = shiftadd.abs %1 : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 1>, keep_dims = false} : (tensor<1x2xf32>) -> tensor<1xf32>
  %4 = shiftadd.neg %3 : (tensor<1xf32>) -> tensor<1xf32>
  return %4 : tensor<1xf32>
}

// Integers wrap, sums of codes do not.
// CHECK-LABEL: func.func @integers(
// CHECK: shiftadd.abs
func.func @integers(%x: tensor<2x4xi32>) -> tensor<2x3xi32> {
  %w = shiftadd.constant dense<[[5, -2, 7, 1], [1, 2, -3, 4], [-1, 0, 3, 6]]> : tensor<3x4xi32> as tensor<3x4xi32>
  %0 = shiftadd.reshape %x [2, 1, 4] : (tensor<2x4xi32>) -> tensor<2x1x4xi32>
  %1 = shiftadd.sub %0, %w : (tensor<2x1x4xi32>, tensor<3x4xi32>) -> tensor<2x3x4xi32>
  %2 = shiftadd.abs %1 : (tensor<2x3x4xi32>) -> tensor<2x3x4xi32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x3x4xi32>) -> tensor<2x3xi32>
  %4 = shiftadd.neg %3 : (tensor<2x3xi32>) -> tensor<2x3xi32>
  return %4 : tensor<2x3xi32>
}

// Filters that differ per output position and channel.
// CHECK-LABEL: func.func @weights_per_position(
// CHECK: shiftadd.abs
func.func @weights_per_position(%x: tensor<2x1x3x4xf32>) -> tensor<2x2x3xf32> {
  %w = shiftadd.constant dense<[[[0.5, -0.25, 0.75, 1.0], [0.1, 0.2, -0.3, 0.4], [-1.0, 0.0, 0.3, 0.6]], [[0.5, -0.5, 0.75, 1.0], [0.25, 0.2, -0.3, 0.4], [-1.0, 0.125, 0.3, 0.6]]]> : tensor<2x3x4xf32> as tensor<2x3x4xf32>
  %1 = shiftadd.sub %x, %w : (tensor<2x1x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x2x3x4xf32>
  %2 = shiftadd.abs %1 : (tensor<2x2x3x4xf32>) -> tensor<2x2x3x4xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 3>, keep_dims = false} : (tensor<2x2x3x4xf32>) -> tensor<2x2x3xf32>
  %4 = shiftadd.neg %3 : (tensor<2x2x3xf32>) -> tensor<2x2x3xf32>
  return %4 : tensor<2x2x3xf32>
}

// Two sources.
// CHECK-LABEL: func.func @two_sources(
// CHECK: shiftadd.abs
func.func @two_sources(%x: tensor<2x2xf32>, %y: tensor<2x2xf32>) -> tensor<2x3xf32> {
  %w = shiftadd.constant dense<[[0.5, -0.25, 0.75, 1.0], [0.1, 0.2, -0.3, 0.4], [-1.0, 0.0, 0.3, 0.6]]> : tensor<3x4xf32> as tensor<3x4xf32>
  %c = shiftadd.concat %x, %y {axis = 1 : i64} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x4xf32>
  %s = shiftadd.slice %c {starts = array<i64: 0, 0>, sizes = array<i64: 2, 2>, steps = array<i64: 1, 1>} : (tensor<2x4xf32>) -> tensor<2x2xf32>
  %t = shiftadd.concat %s, %y {axis = 1 : i64} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x4xf32>
  %0 = shiftadd.reshape %t [2, 1, 4] : (tensor<2x4xf32>) -> tensor<2x1x4xf32>
  %1 = shiftadd.sub %0, %w : (tensor<2x1x4xf32>, tensor<3x4xf32>) -> tensor<2x3x4xf32>
  %2 = shiftadd.abs %1 : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<2x3xf32>
  %4 = shiftadd.neg %3 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %4 : tensor<2x3xf32>
}

// Every form becomes one layer that computes the same.

// RUN: shiftadd-opt %s --shiftadd-fold-constants --shiftadd-recognize-adder-layers | FileCheck %s --implicit-check-not=shiftadd.abs
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-fold-constants,shiftadd-recognize-adder-layers)" --tolerance=1e-5 --batch=3

// Gather, as unfold is exported. The reshape behind joins with the layer.
// CHECK-LABEL: func.func @unfold(
// CHECK: %[[LAST:.*]] = shiftadd.transpose %{{.*}} [0, 2, 3, 1]
// CHECK: %[[Y:.*]] = shiftadd.adder_conv %{{.*}} {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
// CHECK-NEXT: %[[FIRST:.*]] = shiftadd.transpose %[[Y]] [0, 3, 1, 2]
// CHECK-NEXT: return %[[FIRST]]
func.func @unfold(%x: tensor<2x2x5x6xf32>) -> tensor<2x3x5x6xf32> {
  %0 = shiftadd.pad %x {low = array<i64: 0, 0, 1, 1>, high = array<i64: 0, 0, 1, 1>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<2x2x5x6xf32>) -> tensor<2x2x7x8xf32>
  %1 = shiftadd.constant dense<[[0, 1, 2, 3, 4], [1, 2, 3, 4, 5], [2, 3, 4, 5, 6]]> : tensor<3x5xi64> as tensor<3x5xi64>
  %2 = shiftadd.constant dense<[[0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6], [2, 3, 4, 5, 6, 7]]> : tensor<3x6xi64> as tensor<3x6xi64>
  %3 = shiftadd.gather %0, %1 {axis = 2 : i64} : (tensor<2x2x7x8xf32>, tensor<3x5xi64>) -> tensor<2x2x3x5x8xf32>
  %4 = shiftadd.gather %3, %2 {axis = 4 : i64} : (tensor<2x2x3x5x8xf32>, tensor<3x6xi64>) -> tensor<2x2x3x5x3x6xf32>
  %5 = shiftadd.transpose %4 [0, 1, 2, 4, 3, 5] : (tensor<2x2x3x5x3x6xf32>) -> tensor<2x2x3x3x5x6xf32>
  %6 = shiftadd.reshape %5 [2, 1, 18, 30] : (tensor<2x2x3x3x5x6xf32>) -> tensor<2x1x18x30xf32>
  %7 = shiftadd.constant dense<[1.0, 0.25, -0.5]> : tensor<3xf32> as tensor<3xf32>
  %8 = shiftadd.constant dense<[-0.5625, -0.115, 0.3325, -0.345, 0.1025, 0.55, -0.1275, 0.32, -0.3575, 0.09, 0.5375, -0.14, 0.3075, -0.37, 0.0775, 0.525, -0.1525, 0.295]> : tensor<18xf32> as tensor<18xf32>
  %9 = shiftadd.reshape %7 [3, 1] : (tensor<3xf32>) -> tensor<3x1xf32>
  %10 = shiftadd.mul %9, %8 : (tensor<3x1xf32>, tensor<18xf32>) -> tensor<3x18xf32>
  %11 = shiftadd.reshape %10 [1, 3, 18, 1] : (tensor<3x18xf32>) -> tensor<1x3x18x1xf32>
  %12 = shiftadd.sub %6, %11 : (tensor<2x1x18x30xf32>, tensor<1x3x18x1xf32>) -> tensor<2x3x18x30xf32>
  %13 = shiftadd.abs %12 : (tensor<2x3x18x30xf32>) -> tensor<2x3x18x30xf32>
  %14 = shiftadd.reduce_sum %13 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x3x18x30xf32>) -> tensor<2x3x30xf32>
  %15 = shiftadd.neg %14 : (tensor<2x3x30xf32>) -> tensor<2x3x30xf32>
  %16 = shiftadd.reshape %15 [2, 3, 5, 6] : (tensor<2x3x30xf32>) -> tensor<2x3x5x6xf32>
  return %16 : tensor<2x3x5x6xf32>
}

// Free batch, stride 2; the last column of the padding is never read.
// CHECK-LABEL: func.func @unfold_free_batch_stride(
// CHECK: %[[LAST:.*]] = shiftadd.transpose %{{.*}} [0, 2, 3, 1]
// CHECK: %[[Y:.*]] = shiftadd.adder_conv %{{.*}} {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 0, 1, 1>, strides = array<i64: 2, 2>}
// CHECK-NEXT: %[[FIRST:.*]] = shiftadd.transpose %[[Y]] [0, 3, 1, 2]
// CHECK-NEXT: return %[[FIRST]]
func.func @unfold_free_batch_stride(%x: tensor<?x2x6x7xf32>) -> tensor<?x3x3x4xf32> {
  %0 = shiftadd.pad %x {low = array<i64: 0, 0, 1, 1>, high = array<i64: 0, 0, 1, 1>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<?x2x6x7xf32>) -> tensor<?x2x8x9xf32>
  %1 = shiftadd.constant dense<[[0, 2, 4], [1, 3, 5], [2, 4, 6]]> : tensor<3x3xi64> as tensor<3x3xi64>
  %2 = shiftadd.constant dense<[[0, 2, 4, 6], [1, 3, 5, 7], [2, 4, 6, 8]]> : tensor<3x4xi64> as tensor<3x4xi64>
  %3 = shiftadd.gather %0, %1 {axis = 2 : i64} : (tensor<?x2x8x9xf32>, tensor<3x3xi64>) -> tensor<?x2x3x3x9xf32>
  %4 = shiftadd.gather %3, %2 {axis = 4 : i64} : (tensor<?x2x3x3x9xf32>, tensor<3x4xi64>) -> tensor<?x2x3x3x3x4xf32>
  %5 = shiftadd.transpose %4 [0, 1, 2, 4, 3, 5] : (tensor<?x2x3x3x3x4xf32>) -> tensor<?x2x3x3x3x4xf32>
  %6 = shiftadd.reshape %5 [-1, 1, 18, 12] : (tensor<?x2x3x3x3x4xf32>) -> tensor<?x1x18x12xf32>
  %7 = shiftadd.constant dense<[1.0, 0.25, -0.5]> : tensor<3xf32> as tensor<3xf32>
  %8 = shiftadd.constant dense<[-0.5625, -0.115, 0.3325, -0.345, 0.1025, 0.55, -0.1275, 0.32, -0.3575, 0.09, 0.5375, -0.14, 0.3075, -0.37, 0.0775, 0.525, -0.1525, 0.295]> : tensor<18xf32> as tensor<18xf32>
  %9 = shiftadd.reshape %7 [3, 1] : (tensor<3xf32>) -> tensor<3x1xf32>
  %10 = shiftadd.mul %9, %8 : (tensor<3x1xf32>, tensor<18xf32>) -> tensor<3x18xf32>
  %11 = shiftadd.reshape %10 [1, 3, 18, 1] : (tensor<3x18xf32>) -> tensor<1x3x18x1xf32>
  %12 = shiftadd.sub %6, %11 : (tensor<?x1x18x12xf32>, tensor<1x3x18x1xf32>) -> tensor<?x3x18x12xf32>
  %13 = shiftadd.abs %12 : (tensor<?x3x18x12xf32>) -> tensor<?x3x18x12xf32>
  %14 = shiftadd.reduce_sum %13 {axes = array<i64: 2>, keep_dims = false} : (tensor<?x3x18x12xf32>) -> tensor<?x3x12xf32>
  %15 = shiftadd.neg %14 : (tensor<?x3x12xf32>) -> tensor<?x3x12xf32>
  %16 = shiftadd.reshape %15 [-1, 3, 3, 4] : (tensor<?x3x12xf32>) -> tensor<?x3x3x4xf32>
  return %16 : tensor<?x3x3x4xf32>
}

// Dilation and stride per dimension, one input channel.
// CHECK-LABEL: func.func @unfold_dilated(
// CHECK: shiftadd.adder_conv %{{.*}} {dilations = array<i64: 3, 2>, groups = 1 : i64, padding = array<i64: 0, 0, 2, 2>, strides = array<i64: 1, 2>}
func.func @unfold_dilated(%x: tensor<1x1x7x9xf32>) -> tensor<1x2x4x5xf32> {
  %0 = shiftadd.pad %x {low = array<i64: 0, 0, 0, 2>, high = array<i64: 0, 0, 0, 2>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<1x1x7x9xf32>) -> tensor<1x1x7x13xf32>
  %1 = shiftadd.constant dense<[[0, 1, 2, 3], [3, 4, 5, 6]]> : tensor<2x4xi64> as tensor<2x4xi64>
  %2 = shiftadd.constant dense<[[0, 2, 4, 6, 8], [2, 4, 6, 8, 10], [4, 6, 8, 10, 12]]> : tensor<3x5xi64> as tensor<3x5xi64>
  %3 = shiftadd.gather %0, %1 {axis = 2 : i64} : (tensor<1x1x7x13xf32>, tensor<2x4xi64>) -> tensor<1x1x2x4x13xf32>
  %4 = shiftadd.gather %3, %2 {axis = 4 : i64} : (tensor<1x1x2x4x13xf32>, tensor<3x5xi64>) -> tensor<1x1x2x4x3x5xf32>
  %5 = shiftadd.transpose %4 [0, 1, 2, 4, 3, 5] : (tensor<1x1x2x4x3x5xf32>) -> tensor<1x1x2x3x4x5xf32>
  %6 = shiftadd.reshape %5 [1, 1, 6, 20] : (tensor<1x1x2x3x4x5xf32>) -> tensor<1x1x6x20xf32>
  %7 = shiftadd.constant dense<[1.0, 0.25]> : tensor<2xf32> as tensor<2xf32>
  %8 = shiftadd.constant dense<[-0.1875, -0.115, -0.0425, 0.03, 0.1025, 0.175]> : tensor<6xf32> as tensor<6xf32>
  %9 = shiftadd.reshape %7 [2, 1] : (tensor<2xf32>) -> tensor<2x1xf32>
  %10 = shiftadd.mul %9, %8 : (tensor<2x1xf32>, tensor<6xf32>) -> tensor<2x6xf32>
  %11 = shiftadd.reshape %10 [1, 2, 6, 1] : (tensor<2x6xf32>) -> tensor<1x2x6x1xf32>
  %12 = shiftadd.sub %6, %11 : (tensor<1x1x6x20xf32>, tensor<1x2x6x1xf32>) -> tensor<1x2x6x20xf32>
  %13 = shiftadd.abs %12 : (tensor<1x2x6x20xf32>) -> tensor<1x2x6x20xf32>
  %14 = shiftadd.reduce_sum %13 {axes = array<i64: 2>, keep_dims = false} : (tensor<1x2x6x20xf32>) -> tensor<1x2x20xf32>
  %15 = shiftadd.neg %14 : (tensor<1x2x20xf32>) -> tensor<1x2x20xf32>
  %16 = shiftadd.reshape %15 [1, 2, 4, 5] : (tensor<1x2x20xf32>) -> tensor<1x2x4x5xf32>
  return %16 : tensor<1x2x4x5xf32>
}

// Slice and Concat, weights in tap-major order.
// CHECK-LABEL: func.func @slices(
// CHECK: %[[LAST:.*]] = shiftadd.transpose %{{.*}} [0, 2, 3, 1]
// CHECK: %[[Y:.*]] = shiftadd.adder_conv %{{.*}} {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>}
// CHECK-NEXT: %[[FIRST:.*]] = shiftadd.transpose %[[Y]] [0, 3, 1, 2]
// CHECK-NEXT: return %[[FIRST]]
func.func @slices(%x: tensor<?x2x5x5xf32>) -> tensor<?x3x3x3xf32> {
  %0 = shiftadd.pad %x {low = array<i64: 0, 0, 1, 1>, high = array<i64: 0, 0, 1, 1>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<?x2x5x5xf32>) -> tensor<?x2x7x7xf32>
  %1 = shiftadd.slice %0 {starts = array<i64: 0, 0, 0, 0>, sizes = array<i64: -1, 2, 3, 3>, steps = array<i64: 1, 1, 2, 2>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x3x3xf32>
  %2 = shiftadd.slice %0 {starts = array<i64: 0, 0, 0, 1>, sizes = array<i64: -1, 2, 3, 3>, steps = array<i64: 1, 1, 2, 2>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x3x3xf32>
  %3 = shiftadd.slice %0 {starts = array<i64: 0, 0, 0, 2>, sizes = array<i64: -1, 2, 3, 3>, steps = array<i64: 1, 1, 2, 2>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x3x3xf32>
  %4 = shiftadd.slice %0 {starts = array<i64: 0, 0, 1, 0>, sizes = array<i64: -1, 2, 3, 3>, steps = array<i64: 1, 1, 2, 2>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x3x3xf32>
  %5 = shiftadd.slice %0 {starts = array<i64: 0, 0, 1, 1>, sizes = array<i64: -1, 2, 3, 3>, steps = array<i64: 1, 1, 2, 2>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x3x3xf32>
  %6 = shiftadd.slice %0 {starts = array<i64: 0, 0, 1, 2>, sizes = array<i64: -1, 2, 3, 3>, steps = array<i64: 1, 1, 2, 2>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x3x3xf32>
  %7 = shiftadd.slice %0 {starts = array<i64: 0, 0, 2, 0>, sizes = array<i64: -1, 2, 3, 3>, steps = array<i64: 1, 1, 2, 2>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x3x3xf32>
  %8 = shiftadd.slice %0 {starts = array<i64: 0, 0, 2, 1>, sizes = array<i64: -1, 2, 3, 3>, steps = array<i64: 1, 1, 2, 2>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x3x3xf32>
  %9 = shiftadd.slice %0 {starts = array<i64: 0, 0, 2, 2>, sizes = array<i64: -1, 2, 3, 3>, steps = array<i64: 1, 1, 2, 2>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x3x3xf32>
  %10 = shiftadd.concat %1, %2, %3, %4, %5, %6, %7, %8, %9 {axis = 1 : i64} : (tensor<?x2x3x3xf32>, tensor<?x2x3x3xf32>, tensor<?x2x3x3xf32>, tensor<?x2x3x3xf32>, tensor<?x2x3x3xf32>, tensor<?x2x3x3xf32>, tensor<?x2x3x3xf32>, tensor<?x2x3x3xf32>, tensor<?x2x3x3xf32>) -> tensor<?x18x3x3xf32>
  %11 = shiftadd.reshape %10 [-1, 1, 18, 3, 3] : (tensor<?x18x3x3xf32>) -> tensor<?x1x18x3x3xf32>
  %12 = shiftadd.constant dense<[1.0, 0.25, -0.5]> : tensor<3xf32> as tensor<3xf32>
  %13 = shiftadd.constant dense<[-0.5625, -0.115, 0.3325, -0.345, 0.1025, 0.55, -0.1275, 0.32, -0.3575, 0.09, 0.5375, -0.14, 0.3075, -0.37, 0.0775, 0.525, -0.1525, 0.295]> : tensor<18xf32> as tensor<18xf32>
  %14 = shiftadd.reshape %12 [3, 1] : (tensor<3xf32>) -> tensor<3x1xf32>
  %15 = shiftadd.mul %14, %13 : (tensor<3x1xf32>, tensor<18xf32>) -> tensor<3x18xf32>
  %16 = shiftadd.reshape %15 [1, 3, 18, 1, 1] : (tensor<3x18xf32>) -> tensor<1x3x18x1x1xf32>
  %17 = shiftadd.sub %11, %16 : (tensor<?x1x18x3x3xf32>, tensor<1x3x18x1x1xf32>) -> tensor<?x3x18x3x3xf32>
  %18 = shiftadd.abs %17 : (tensor<?x3x18x3x3xf32>) -> tensor<?x3x18x3x3xf32>
  %19 = shiftadd.reduce_sum %18 {axes = array<i64: 2>, keep_dims = false} : (tensor<?x3x18x3x3xf32>) -> tensor<?x3x3x3xf32>
  %20 = shiftadd.neg %19 : (tensor<?x3x3x3xf32>) -> tensor<?x3x3x3xf32>
  return %20 : tensor<?x3x3x3xf32>
}

// The source is channels-last behind a transpose: no transpose in front.
// CHECK-LABEL: func.func @channels_last_source(
// CHECK-NOT: shiftadd.transpose
// CHECK: %[[Y:.*]] = shiftadd.adder_conv %arg0
// CHECK-NEXT: %[[FIRST:.*]] = shiftadd.transpose %[[Y]] [0, 3, 1, 2]
// CHECK-NEXT: return %[[FIRST]]
func.func @channels_last_source(%x: tensor<?x5x5x2xf32>) -> tensor<?x3x5x5xf32> {
  %0 = shiftadd.transpose %x [0, 3, 1, 2] : (tensor<?x5x5x2xf32>) -> tensor<?x2x5x5xf32>
  %1 = shiftadd.pad %0 {low = array<i64: 0, 0, 1, 1>, high = array<i64: 0, 0, 1, 1>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<?x2x5x5xf32>) -> tensor<?x2x7x7xf32>
  %2 = shiftadd.slice %1 {starts = array<i64: 0, 0, 0, 0>, sizes = array<i64: -1, 2, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x5x5xf32>
  %3 = shiftadd.slice %1 {starts = array<i64: 0, 0, 0, 1>, sizes = array<i64: -1, 2, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x5x5xf32>
  %4 = shiftadd.slice %1 {starts = array<i64: 0, 0, 0, 2>, sizes = array<i64: -1, 2, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x5x5xf32>
  %5 = shiftadd.slice %1 {starts = array<i64: 0, 0, 1, 0>, sizes = array<i64: -1, 2, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x5x5xf32>
  %6 = shiftadd.slice %1 {starts = array<i64: 0, 0, 1, 1>, sizes = array<i64: -1, 2, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x5x5xf32>
  %7 = shiftadd.slice %1 {starts = array<i64: 0, 0, 1, 2>, sizes = array<i64: -1, 2, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x5x5xf32>
  %8 = shiftadd.slice %1 {starts = array<i64: 0, 0, 2, 0>, sizes = array<i64: -1, 2, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x5x5xf32>
  %9 = shiftadd.slice %1 {starts = array<i64: 0, 0, 2, 1>, sizes = array<i64: -1, 2, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x5x5xf32>
  %10 = shiftadd.slice %1 {starts = array<i64: 0, 0, 2, 2>, sizes = array<i64: -1, 2, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x2x7x7xf32>) -> tensor<?x2x5x5xf32>
  %11 = shiftadd.concat %2, %3, %4, %5, %6, %7, %8, %9, %10 {axis = 1 : i64} : (tensor<?x2x5x5xf32>, tensor<?x2x5x5xf32>, tensor<?x2x5x5xf32>, tensor<?x2x5x5xf32>, tensor<?x2x5x5xf32>, tensor<?x2x5x5xf32>, tensor<?x2x5x5xf32>, tensor<?x2x5x5xf32>, tensor<?x2x5x5xf32>) -> tensor<?x18x5x5xf32>
  %12 = shiftadd.reshape %11 [-1, 1, 18, 5, 5] : (tensor<?x18x5x5xf32>) -> tensor<?x1x18x5x5xf32>
  %13 = shiftadd.constant dense<[1.0, 0.25, -0.5]> : tensor<3xf32> as tensor<3xf32>
  %14 = shiftadd.constant dense<[-0.5625, -0.115, 0.3325, -0.345, 0.1025, 0.55, -0.1275, 0.32, -0.3575, 0.09, 0.5375, -0.14, 0.3075, -0.37, 0.0775, 0.525, -0.1525, 0.295]> : tensor<18xf32> as tensor<18xf32>
  %15 = shiftadd.reshape %13 [3, 1] : (tensor<3xf32>) -> tensor<3x1xf32>
  %16 = shiftadd.mul %15, %14 : (tensor<3x1xf32>, tensor<18xf32>) -> tensor<3x18xf32>
  %17 = shiftadd.reshape %16 [1, 3, 18, 1, 1] : (tensor<3x18xf32>) -> tensor<1x3x18x1x1xf32>
  %18 = shiftadd.sub %12, %17 : (tensor<?x1x18x5x5xf32>, tensor<1x3x18x1x1xf32>) -> tensor<?x3x18x5x5xf32>
  %19 = shiftadd.abs %18 : (tensor<?x3x18x5x5xf32>) -> tensor<?x3x18x5x5xf32>
  %20 = shiftadd.reduce_sum %19 {axes = array<i64: 2>, keep_dims = false} : (tensor<?x3x18x5x5xf32>) -> tensor<?x3x5x5xf32>
  %21 = shiftadd.neg %20 : (tensor<?x3x5x5xf32>) -> tensor<?x3x5x5xf32>
  return %21 : tensor<?x3x5x5xf32>
}

// One filter per channel.
// CHECK-LABEL: func.func @depthwise(
// CHECK: shiftadd.adder_conv %{{.*}} {dilations = array<i64: 1, 1>, groups = 3 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
func.func @depthwise(%x: tensor<?x3x5x5xf32>) -> tensor<?x3x5x5xf32> {
  %0 = shiftadd.pad %x {low = array<i64: 0, 0, 1, 1>, high = array<i64: 0, 0, 1, 1>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<?x3x5x5xf32>) -> tensor<?x3x7x7xf32>
  %1 = shiftadd.slice %0 {starts = array<i64: 0, 0, 0, 0>, sizes = array<i64: -1, 3, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x3x7x7xf32>) -> tensor<?x3x5x5xf32>
  %2 = shiftadd.reshape %1 [-1, 3, 1, 5, 5] : (tensor<?x3x5x5xf32>) -> tensor<?x3x1x5x5xf32>
  %3 = shiftadd.slice %0 {starts = array<i64: 0, 0, 0, 1>, sizes = array<i64: -1, 3, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x3x7x7xf32>) -> tensor<?x3x5x5xf32>
  %4 = shiftadd.reshape %3 [-1, 3, 1, 5, 5] : (tensor<?x3x5x5xf32>) -> tensor<?x3x1x5x5xf32>
  %5 = shiftadd.slice %0 {starts = array<i64: 0, 0, 0, 2>, sizes = array<i64: -1, 3, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x3x7x7xf32>) -> tensor<?x3x5x5xf32>
  %6 = shiftadd.reshape %5 [-1, 3, 1, 5, 5] : (tensor<?x3x5x5xf32>) -> tensor<?x3x1x5x5xf32>
  %7 = shiftadd.slice %0 {starts = array<i64: 0, 0, 1, 0>, sizes = array<i64: -1, 3, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x3x7x7xf32>) -> tensor<?x3x5x5xf32>
  %8 = shiftadd.reshape %7 [-1, 3, 1, 5, 5] : (tensor<?x3x5x5xf32>) -> tensor<?x3x1x5x5xf32>
  %9 = shiftadd.slice %0 {starts = array<i64: 0, 0, 1, 1>, sizes = array<i64: -1, 3, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x3x7x7xf32>) -> tensor<?x3x5x5xf32>
  %10 = shiftadd.reshape %9 [-1, 3, 1, 5, 5] : (tensor<?x3x5x5xf32>) -> tensor<?x3x1x5x5xf32>
  %11 = shiftadd.slice %0 {starts = array<i64: 0, 0, 1, 2>, sizes = array<i64: -1, 3, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x3x7x7xf32>) -> tensor<?x3x5x5xf32>
  %12 = shiftadd.reshape %11 [-1, 3, 1, 5, 5] : (tensor<?x3x5x5xf32>) -> tensor<?x3x1x5x5xf32>
  %13 = shiftadd.slice %0 {starts = array<i64: 0, 0, 2, 0>, sizes = array<i64: -1, 3, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x3x7x7xf32>) -> tensor<?x3x5x5xf32>
  %14 = shiftadd.reshape %13 [-1, 3, 1, 5, 5] : (tensor<?x3x5x5xf32>) -> tensor<?x3x1x5x5xf32>
  %15 = shiftadd.slice %0 {starts = array<i64: 0, 0, 2, 1>, sizes = array<i64: -1, 3, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x3x7x7xf32>) -> tensor<?x3x5x5xf32>
  %16 = shiftadd.reshape %15 [-1, 3, 1, 5, 5] : (tensor<?x3x5x5xf32>) -> tensor<?x3x1x5x5xf32>
  %17 = shiftadd.slice %0 {starts = array<i64: 0, 0, 2, 2>, sizes = array<i64: -1, 3, 5, 5>, steps = array<i64: 1, 1, 1, 1>} : (tensor<?x3x7x7xf32>) -> tensor<?x3x5x5xf32>
  %18 = shiftadd.reshape %17 [-1, 3, 1, 5, 5] : (tensor<?x3x5x5xf32>) -> tensor<?x3x1x5x5xf32>
  %19 = shiftadd.concat %2, %4, %6, %8, %10, %12, %14, %16, %18 {axis = 2 : i64} : (tensor<?x3x1x5x5xf32>, tensor<?x3x1x5x5xf32>, tensor<?x3x1x5x5xf32>, tensor<?x3x1x5x5xf32>, tensor<?x3x1x5x5xf32>, tensor<?x3x1x5x5xf32>, tensor<?x3x1x5x5xf32>, tensor<?x3x1x5x5xf32>, tensor<?x3x1x5x5xf32>) -> tensor<?x3x9x5x5xf32>
  %20 = shiftadd.constant dense<[1.0, 0.25, -0.5]> : tensor<3xf32> as tensor<3xf32>
  %21 = shiftadd.constant dense<[-0.25, 0.1975, 0.0825, -0.0325, -0.1475, 0.3, 0.185, 0.07, -0.045]> : tensor<9xf32> as tensor<9xf32>
  %22 = shiftadd.reshape %20 [3, 1] : (tensor<3xf32>) -> tensor<3x1xf32>
  %23 = shiftadd.mul %22, %21 : (tensor<3x1xf32>, tensor<9xf32>) -> tensor<3x9xf32>
  %24 = shiftadd.reshape %23 [1, 3, 9, 1, 1] : (tensor<3x9xf32>) -> tensor<1x3x9x1x1xf32>
  %25 = shiftadd.sub %19, %24 : (tensor<?x3x9x5x5xf32>, tensor<1x3x9x1x1xf32>) -> tensor<?x3x9x5x5xf32>
  %26 = shiftadd.abs %25 : (tensor<?x3x9x5x5xf32>) -> tensor<?x3x9x5x5xf32>
  %27 = shiftadd.reduce_sum %26 {axes = array<i64: 2>, keep_dims = false} : (tensor<?x3x9x5x5xf32>) -> tensor<?x3x5x5xf32>
  %28 = shiftadd.neg %27 : (tensor<?x3x5x5xf32>) -> tensor<?x3x5x5xf32>
  return %28 : tensor<?x3x5x5xf32>
}

// |w - x| times -1.
// CHECK-LABEL: func.func @no_padding_swapped(
// CHECK: shiftadd.adder_conv %{{.*}} {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
func.func @no_padding_swapped(%x: tensor<1x2x4x4xf32>) -> tensor<1x2x3x3xf32> {
  %0 = shiftadd.slice %x {starts = array<i64: 0, 0, 0, 0>, sizes = array<i64: 1, 2, 3, 3>, steps = array<i64: 1, 1, 1, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x2x3x3xf32>
  %1 = shiftadd.slice %x {starts = array<i64: 0, 0, 0, 1>, sizes = array<i64: 1, 2, 3, 3>, steps = array<i64: 1, 1, 1, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x2x3x3xf32>
  %2 = shiftadd.slice %x {starts = array<i64: 0, 0, 1, 0>, sizes = array<i64: 1, 2, 3, 3>, steps = array<i64: 1, 1, 1, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x2x3x3xf32>
  %3 = shiftadd.slice %x {starts = array<i64: 0, 0, 1, 1>, sizes = array<i64: 1, 2, 3, 3>, steps = array<i64: 1, 1, 1, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x2x3x3xf32>
  %4 = shiftadd.concat %0, %1, %2, %3 {axis = 1 : i64} : (tensor<1x2x3x3xf32>, tensor<1x2x3x3xf32>, tensor<1x2x3x3xf32>, tensor<1x2x3x3xf32>) -> tensor<1x8x3x3xf32>
  %5 = shiftadd.reshape %4 [1, 1, 8, 3, 3] : (tensor<1x8x3x3xf32>) -> tensor<1x1x8x3x3xf32>
  %6 = shiftadd.constant dense<[1.0, 0.25]> : tensor<2xf32> as tensor<2xf32>
  %7 = shiftadd.constant dense<[-0.25, 0.1975, 0.145, 0.0925, 0.04, -0.0125, -0.065, -0.1175]> : tensor<8xf32> as tensor<8xf32>
  %8 = shiftadd.reshape %6 [2, 1] : (tensor<2xf32>) -> tensor<2x1xf32>
  %9 = shiftadd.mul %8, %7 : (tensor<2x1xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  %10 = shiftadd.reshape %9 [1, 2, 8, 1, 1] : (tensor<2x8xf32>) -> tensor<1x2x8x1x1xf32>
  %11 = shiftadd.sub %10, %5 : (tensor<1x2x8x1x1xf32>, tensor<1x1x8x3x3xf32>) -> tensor<1x2x8x3x3xf32>
  %12 = shiftadd.abs %11 : (tensor<1x2x8x3x3xf32>) -> tensor<1x2x8x3x3xf32>
  %13 = shiftadd.reduce_sum %12 {axes = array<i64: 2>, keep_dims = false} : (tensor<1x2x8x3x3xf32>) -> tensor<1x2x3x3xf32>
  %14 = shiftadd.constant dense<-1.0> : tensor<1xf32> as tensor<1xf32>
  %15 = shiftadd.mul %13, %14 : (tensor<1x2x3x3xf32>, tensor<1xf32>) -> tensor<1x2x3x3xf32>
  return %15 : tensor<1x2x3x3xf32>
}

// 0 - x, with the reduced dimension kept.
// CHECK-LABEL: func.func @kept_dims_zero_minus(
// CHECK: shiftadd.adder_conv %{{.*}} {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>}
func.func @kept_dims_zero_minus(%x: tensor<1x2x4x4xf32>) -> tensor<1x2x1x4xf32> {
  %0 = shiftadd.constant dense<[[0, 2], [1, 3]]> : tensor<2x2xi64> as tensor<2x2xi64>
  %1 = shiftadd.constant dense<[[0, 2], [1, 3]]> : tensor<2x2xi64> as tensor<2x2xi64>
  %2 = shiftadd.gather %x, %0 {axis = 2 : i64} : (tensor<1x2x4x4xf32>, tensor<2x2xi64>) -> tensor<1x2x2x2x4xf32>
  %3 = shiftadd.gather %2, %1 {axis = 4 : i64} : (tensor<1x2x2x2x4xf32>, tensor<2x2xi64>) -> tensor<1x2x2x2x2x2xf32>
  %4 = shiftadd.transpose %3 [0, 1, 2, 4, 3, 5] : (tensor<1x2x2x2x2x2xf32>) -> tensor<1x2x2x2x2x2xf32>
  %5 = shiftadd.reshape %4 [1, 1, 8, 4] : (tensor<1x2x2x2x2x2xf32>) -> tensor<1x1x8x4xf32>
  %6 = shiftadd.constant dense<[1.0, 0.25]> : tensor<2xf32> as tensor<2xf32>
  %7 = shiftadd.constant dense<[-0.25, 0.1975, 0.145, 0.0925, 0.04, -0.0125, -0.065, -0.1175]> : tensor<8xf32> as tensor<8xf32>
  %8 = shiftadd.reshape %6 [2, 1] : (tensor<2xf32>) -> tensor<2x1xf32>
  %9 = shiftadd.mul %8, %7 : (tensor<2x1xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  %10 = shiftadd.reshape %9 [1, 2, 8, 1] : (tensor<2x8xf32>) -> tensor<1x2x8x1xf32>
  %11 = shiftadd.sub %5, %10 : (tensor<1x1x8x4xf32>, tensor<1x2x8x1xf32>) -> tensor<1x2x8x4xf32>
  %12 = shiftadd.abs %11 : (tensor<1x2x8x4xf32>) -> tensor<1x2x8x4xf32>
  %13 = shiftadd.reduce_sum %12 {axes = array<i64: 2>, keep_dims = true} : (tensor<1x2x8x4xf32>) -> tensor<1x2x1x4xf32>
  %14 = shiftadd.constant dense<0.0> : tensor<f32> as tensor<f32>
  %15 = shiftadd.sub %14, %13 : (tensor<f32>, tensor<1x2x1x4xf32>) -> tensor<1x2x1x4xf32>
  return %15 : tensor<1x2x1x4xf32>
}

// A 1x1 window.
// CHECK-LABEL: func.func @one_by_one(
// CHECK: shiftadd.adder_conv %{{.*}} {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
func.func @one_by_one(%x: tensor<?x3x4x5xf32>) -> tensor<?x2x4x5xf32> {
  %0 = shiftadd.constant dense<[[0, 1, 2, 3]]> : tensor<1x4xi64> as tensor<1x4xi64>
  %1 = shiftadd.constant dense<[[0, 1, 2, 3, 4]]> : tensor<1x5xi64> as tensor<1x5xi64>
  %2 = shiftadd.gather %x, %0 {axis = 2 : i64} : (tensor<?x3x4x5xf32>, tensor<1x4xi64>) -> tensor<?x3x1x4x5xf32>
  %3 = shiftadd.gather %2, %1 {axis = 4 : i64} : (tensor<?x3x1x4x5xf32>, tensor<1x5xi64>) -> tensor<?x3x1x4x1x5xf32>
  %4 = shiftadd.transpose %3 [0, 1, 2, 4, 3, 5] : (tensor<?x3x1x4x1x5xf32>) -> tensor<?x3x1x1x4x5xf32>
  %5 = shiftadd.reshape %4 [-1, 1, 3, 20] : (tensor<?x3x1x1x4x5xf32>) -> tensor<?x1x3x20xf32>
  %6 = shiftadd.constant dense<[1.0, 0.25]> : tensor<2xf32> as tensor<2xf32>
  %7 = shiftadd.constant dense<[-0.0625, 0.01, 0.0825]> : tensor<3xf32> as tensor<3xf32>
  %8 = shiftadd.reshape %6 [2, 1] : (tensor<2xf32>) -> tensor<2x1xf32>
  %9 = shiftadd.mul %8, %7 : (tensor<2x1xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %10 = shiftadd.reshape %9 [1, 2, 3, 1] : (tensor<2x3xf32>) -> tensor<1x2x3x1xf32>
  %11 = shiftadd.sub %5, %10 : (tensor<?x1x3x20xf32>, tensor<1x2x3x1xf32>) -> tensor<?x2x3x20xf32>
  %12 = shiftadd.abs %11 : (tensor<?x2x3x20xf32>) -> tensor<?x2x3x20xf32>
  %13 = shiftadd.reduce_sum %12 {axes = array<i64: 2>, keep_dims = false} : (tensor<?x2x3x20xf32>) -> tensor<?x2x20xf32>
  %14 = shiftadd.neg %13 : (tensor<?x2x20xf32>) -> tensor<?x2x20xf32>
  %15 = shiftadd.reshape %14 [-1, 2, 4, 5] : (tensor<?x2x20xf32>) -> tensor<?x2x4x5xf32>
  return %15 : tensor<?x2x4x5xf32>
}

// x[..., 1, K] - w[N, K] summed over K.
// CHECK-LABEL: func.func @dense(
// CHECK: %[[Y:.*]] = shiftadd.adder_dense %arg0, %{{.*}} : (tensor<?x4xf32>, tensor<3x4xf32>) -> tensor<?x3xf32>
// CHECK-NEXT: return %[[Y]]
func.func @dense(%x: tensor<?x4xf32>) -> tensor<?x3xf32> {
  %w = shiftadd.constant dense<[[0.5, -0.25, 0.75, 1.0], [0.1, 0.2, -0.3, 0.4], [-1.0, 0.0, 0.3, 0.6]]> : tensor<3x4xf32> as tensor<3x4xf32>
  %0 = shiftadd.reshape %x [-1, 1, 4] : (tensor<?x4xf32>) -> tensor<?x1x4xf32>
  %1 = shiftadd.sub %0, %w : (tensor<?x1x4xf32>, tensor<3x4xf32>) -> tensor<?x3x4xf32>
  %2 = shiftadd.abs %1 : (tensor<?x3x4xf32>) -> tensor<?x3x4xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 2>, keep_dims = false} : (tensor<?x3x4xf32>) -> tensor<?x3xf32>
  %4 = shiftadd.neg %3 : (tensor<?x3xf32>) -> tensor<?x3xf32>
  return %4 : tensor<?x3xf32>
}

// The inputs of each token, in reversed order.
// CHECK-LABEL: func.func @dense_tokens(
// CHECK: shiftadd.adder_dense %arg0, %{{.*}} : (tensor<2x5x4xf32>, tensor<3x4xf32>) -> tensor<2x5x3xf32>
func.func @dense_tokens(%x: tensor<2x5x4xf32>) -> tensor<2x5x3xf32> {
  %w = shiftadd.constant dense<[[0.5, -0.25, 0.75, 1.0], [0.1, 0.2, -0.3, 0.4], [-1.0, 0.0, 0.3, 0.6]]> : tensor<3x4xf32> as tensor<3x4xf32>
  %r = shiftadd.slice %x {starts = array<i64: 0, 0, 3>, sizes = array<i64: 2, 5, 4>, steps = array<i64: 1, 1, -1>} : (tensor<2x5x4xf32>) -> tensor<2x5x4xf32>
  %0 = shiftadd.reshape %r [2, 5, 1, 4] : (tensor<2x5x4xf32>) -> tensor<2x5x1x4xf32>
  %1 = shiftadd.sub %0, %w : (tensor<2x5x1x4xf32>, tensor<3x4xf32>) -> tensor<2x5x3x4xf32>
  %2 = shiftadd.abs %1 : (tensor<2x5x3x4xf32>) -> tensor<2x5x3x4xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 3>, keep_dims = false} : (tensor<2x5x3x4xf32>) -> tensor<2x5x3xf32>
  %4 = shiftadd.neg %3 : (tensor<2x5x3xf32>) -> tensor<2x5x3xf32>
  return %4 : tensor<2x5x3xf32>
}

// One spatial dimension; zeros that pad come from a Concat.
// CHECK-LABEL: func.func @one_dimension(
// CHECK: shiftadd.adder_conv %{{.*}} {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 1, 0>, strides = array<i64: 2>}
func.func @one_dimension(%x: tensor<2x1x5xf32>) -> tensor<2x2x3xf32> {
  %w = shiftadd.constant dense<[[[[0.5], [-0.25]], [[0.1], [0.2]]]]> : tensor<1x2x2x1xf32> as tensor<1x2x2x1xf32>
  %z = shiftadd.constant dense<0.0> : tensor<2x1x1xf32> as tensor<2x1x1xf32>
  %i = shiftadd.constant dense<[[0, 2, 4], [1, 3, 5]]> : tensor<2x3xi64> as tensor<2x3xi64>
  %p = shiftadd.concat %z, %x {axis = 2 : i64} : (tensor<2x1x1xf32>, tensor<2x1x5xf32>) -> tensor<2x1x6xf32>
  %0 = shiftadd.gather %p, %i {axis = 2 : i64} : (tensor<2x1x6xf32>, tensor<2x3xi64>) -> tensor<2x1x2x3xf32>
  %1 = shiftadd.sub %0, %w : (tensor<2x1x2x3xf32>, tensor<1x2x2x1xf32>) -> tensor<2x2x2x3xf32>
  %2 = shiftadd.abs %1 : (tensor<2x2x2x3xf32>) -> tensor<2x2x2x3xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x2x2x3xf32>) -> tensor<2x2x3xf32>
  %4 = shiftadd.neg %3 : (tensor<2x2x3xf32>) -> tensor<2x2x3xf32>
  return %4 : tensor<2x2x3xf32>
}

// Both operands written out to the full size.
// CHECK-LABEL: func.func @stretched_operands(
// CHECK: shiftadd.adder_dense %arg0, %{{.*}} : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>
func.func @stretched_operands(%x: tensor<2x4xf32>) -> tensor<2x3xf32> {
  %w = shiftadd.constant dense<[[0.5, -0.25, 0.75, 1.0], [0.1, 0.2, -0.3, 0.4], [-1.0, 0.0, 0.3, 0.6]]> : tensor<3x4xf32> as tensor<3x4xf32>
  %b = shiftadd.broadcast %w [2, 3, 4] : (tensor<3x4xf32>) -> tensor<2x3x4xf32>
  %0 = shiftadd.reshape %x [2, 1, 4] : (tensor<2x4xf32>) -> tensor<2x1x4xf32>
  %a = shiftadd.tile %0 [1, 3, 1] : (tensor<2x1x4xf32>) -> tensor<2x3x4xf32>
  %1 = shiftadd.sub %a, %b : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %2 = shiftadd.abs %1 : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %3 = shiftadd.reduce_sum %2 {axes = array<i64: 2>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<2x3xf32>
  %4 = shiftadd.neg %3 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %4 : tensor<2x3xf32>
}

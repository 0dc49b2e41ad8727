// RUN: shiftadd-opt %s --shiftadd-fuse-layers | FileCheck %s
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-fuse-layers)" --tolerance=0

// A layer takes in bias, residual addition and activation behind it.
// CHECK-LABEL: func.func @residual
// CHECK: %[[FIRST:.*]] = shiftadd.layer "conv"
// CHECK-NEXT: ^bb0
// CHECK-NEXT: shiftadd.conv
// CHECK-NEXT: shiftadd.clamp
// CHECK-NEXT: shiftadd.yield
// CHECK: %[[SECOND:.*]] = shiftadd.layer "conv_2"
// CHECK: shiftadd.conv
// CHECK-NEXT: shiftadd.add
// CHECK-NEXT: shiftadd.clamp
// CHECK-NEXT: shiftadd.yield
// CHECK: return %[[SECOND]]
func.func @residual(%x: tensor<?x4x4x2xf32>) -> tensor<?x4x4x2xf32> {
  %w = shiftadd.constant dense<0.25> : tensor<2x1x1x2xf32> as tensor<2x1x1x2xf32>
  %a = shiftadd.conv %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x4x2xf32>, tensor<2x1x1x2xf32>) -> tensor<?x4x4x2xf32>
  %b = shiftadd.clamp %a {minimum = 0.0 : f64} : (tensor<?x4x4x2xf32>) -> tensor<?x4x4x2xf32>
  %c = shiftadd.conv %b, %w {strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x4x2xf32>, tensor<2x1x1x2xf32>) -> tensor<?x4x4x2xf32>
  %d = shiftadd.add %c, %b : (tensor<?x4x4x2xf32>, tensor<?x4x4x2xf32>) -> tensor<?x4x4x2xf32>
  %e = shiftadd.clamp %d {minimum = 0.0 : f64} : (tensor<?x4x4x2xf32>) -> tensor<?x4x4x2xf32>
  return %e : tensor<?x4x4x2xf32>
}

// A value with two uses ends its layer; a larger result starts another.
// CHECK-LABEL: func.func @notFused
// CHECK: shiftadd.layer "exp"
// CHECK-NEXT: ^bb0
// CHECK-NEXT: shiftadd.exp
// CHECK-NEXT: shiftadd.yield
// CHECK: shiftadd.layer "neg"
// CHECK: shiftadd.layer "mul"
// CHECK-NEXT: ^bb0
// CHECK-NEXT: shiftadd.mul
// CHECK-NEXT: shiftadd.yield
func.func @notFused(%x: tensor<3x1xf32>, %y: tensor<3x4xf32>) -> (tensor<3x1xf32>, tensor<3x4xf32>) {
  %a = shiftadd.exp %x : (tensor<3x1xf32>) -> tensor<3x1xf32>
  %b = shiftadd.neg %a : (tensor<3x1xf32>) -> tensor<3x1xf32>
  %c = shiftadd.mul %a, %y : (tensor<3x1xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return %b, %c : tensor<3x1xf32>, tensor<3x4xf32>
}

// Reshapes stay views; the argument that is a result too is copied.
// CHECK-LABEL: func.func @outputs
// CHECK: %[[VIEW:.*]] = shiftadd.reshape %arg0
// CHECK: %[[SUM:.*]] = shiftadd.layer "add"
// CHECK: %[[COPY:.*]] = shiftadd.layer "transpose"
// CHECK: return %[[SUM]], %[[COPY]]
func.func @outputs(%x: tensor<2x6xf32>) -> (tensor<3x4xf32>, tensor<2x6xf32>) {
  %v = shiftadd.reshape %x [3, 4] : (tensor<2x6xf32>) -> tensor<3x4xf32>
  %s = shiftadd.add %v, %v : (tensor<3x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  return %s, %x : tensor<3x4xf32>, tensor<2x6xf32>
}

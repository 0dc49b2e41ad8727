// RUN: shiftadd-opt %s --shiftadd-recognize-shift-layers | FileCheck %s
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-recognize-shift-layers)" | FileCheck %s --check-prefix=EQUAL

// EQUAL: equal: {{[1-9][0-9]*}} runs

// 2^-6 to 2^2, and 0.
// CHECK-LABEL: func.func @conv(
// CHECK: %[[W:.*]] = shiftadd.constant {{.*}} as tensor<2x2x1x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 2, zero = true>>
// CHECK: shiftadd.shift_conv %arg0, %[[W]], bias %arg1 {dilations = array<i64: 1>, groups = 2 : i64, padding = array<i64: 1, 0>, strides = array<i64: 2>}
func.func @conv(%x: tensor<?x5x2xf32>, %b: tensor<2xf32>) -> tensor<?x3x2xf32> {
  %w = shiftadd.constant dense<[[[0.5], [-4.0]], [[0.0], [0.015625]]]> : tensor<2x2x1xf32> as tensor<2x2x1xf32>
  %0 = shiftadd.conv %x, %w, bias %b {dilations = array<i64: 1>, groups = 2 : i64, padding = array<i64: 1, 0>, strides = array<i64: 2>} : (tensor<?x5x2xf32>, tensor<2x2x1xf32>, tensor<2xf32>) -> tensor<?x3x2xf32>
  return %0 : tensor<?x3x2xf32>
}

// CHECK-LABEL: func.func @dense(
// CHECK: shiftadd.shift_dense %arg0, {{.*}}min_exponent = 0, max_exponent = 0, zero = false
func.func @dense(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = shiftadd.constant dense<[[1.0, -1.0], [1.0, 1.0]]> : tensor<2x2xf32> as tensor<2x2xf32>
  %0 = shiftadd.dense %x, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

// One weight that is none; nothing but zeros; exponents too far apart for a
// byte; weights that are not constant.
// CHECK-LABEL: func.func @stays(
// CHECK-COUNT-4: shiftadd.dense
func.func @stays(%x: tensor<?x2xf32>, %v: tensor<1x2xf32>) -> (tensor<?x1xf32>, tensor<?x1xf32>, tensor<?x1xf32>, tensor<?x1xf32>) {
  %three = shiftadd.constant dense<[[0.5, 3.0]]> : tensor<1x2xf32> as tensor<1x2xf32>
  %zero = shiftadd.constant dense<0.0> : tensor<1x2xf32> as tensor<1x2xf32>
  %far = shiftadd.constant dense<[[1.26765060e+30, 7.88860905e-31]]> : tensor<1x2xf32> as tensor<1x2xf32>
  %0 = shiftadd.dense %x, %three : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %1 = shiftadd.dense %x, %zero : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %2 = shiftadd.dense %x, %far : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %3 = shiftadd.dense %x, %v : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  return %0, %1, %2, %3 : tensor<?x1xf32>, tensor<?x1xf32>, tensor<?x1xf32>, tensor<?x1xf32>
}

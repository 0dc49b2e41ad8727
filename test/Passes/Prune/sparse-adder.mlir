// RUN: shiftadd-opt %s --shiftadd-sparse-adder --canonicalize | FileCheck %s
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-sparse-adder)" | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-sparse-adder{min-sparsity=0})" | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-sparse-adder{floats=1 min-sparsity=0})" --tolerance=1e-5 | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %s --shiftadd-sparse-adder=floats=1 | FileCheck %s --check-prefix=FLOATS

// EQUAL: equal: {{[0-9]+}} runs

// Two of six taps: T once, and two differences for each of three outputs, the
// second output filled up with a weight of zero.
// CHECK-LABEL: func.func @plain(
// CHECK-NOT: adder_conv
// CHECK-DAG: shiftadd.constant dense<[1, 4, 5, 0, 0, 2]> : tensor<6xi64>
// CHECK-DAG: shiftadd.constant dense<{{\[\[}}3, -2], [1, 0], [7, 100]]> : tensor<3x2xi32>
// CHECK: shiftadd.reduce_sum
// CHECK: shiftadd.neg
func.func @plain(%x: tensor<?x5x2xi8>) -> tensor<?x3x3xi32> {
  %w = shiftadd.constant dense<[[[0, 3], [0, 0], [-2, 0]], [[0, 0], [0, 0], [0, 1]], [[7, 0], [100, 0], [0, 0]]]> : tensor<3x3x2xi8> as tensor<3x3x2xi8>
  %0 = shiftadd.adder_conv %x, %w {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x5x2xi8>, tensor<3x3x2xi8>) -> tensor<?x3x3xi32>
  return %0 : tensor<?x3x3xi32>
}

// Padding is an operand with the zero point's code; stride 2, dilation, groups,
// bias; a code equal to the zero point is a weight of zero.
!x = !quant.uniform<u8:f32, 0.5:3>
// CHECK-LABEL: func.func @padded(
// CHECK-NOT: adder_conv
// CHECK: shiftadd.pad
// CHECK: shiftadd.gather
// CHECK: return
func.func @padded(%x: tensor<?x5x5x4x!x>) -> tensor<?x3x3x2xi32> {
  %w = shiftadd.constant dense<[[[[3, 3], [3, 9]], [[0, 3], [3, 3]]], [[[3, 255], [3, 3]], [[3, 3], [3, 3]]]]> : tensor<2x2x2x2xui8> as tensor<2x2x2x2x!x>
  %b = shiftadd.constant dense<[5, -6]> : tensor<2xi32> as tensor<2xi32>
  %0 = shiftadd.adder_conv %x, %w, bias %b {dilations = array<i64: 2, 1>, groups = 2 : i64, padding = array<i64: 1, 1, 0, 2>, strides = array<i64: 2, 2>} : (tensor<?x5x5x4x!x>, tensor<2x2x2x2x!x>, tensor<2xi32>) -> tensor<?x3x3x2xi32>
  return %0 : tensor<?x3x3x2xi32>
}

// One channel in and out per group, the batch fixed.
// CHECK-LABEL: func.func @depthwise(
// CHECK-NOT: adder_conv
// CHECK: return
func.func @depthwise(%x: tensor<2x6x3xi16>) -> tensor<2x6x3xi64> {
  %w = shiftadd.constant dense<[[[0], [5], [0]], [[-9], [0], [0]], [[0], [0], [0]]]> : tensor<3x3x1xi16> as tensor<3x3x1xi16>
  %0 = shiftadd.adder_conv %x, %w {dilations = array<i64: 1>, groups = 3 : i64, padding = array<i64: 1, 1>, strides = array<i64: 1>} : (tensor<2x6x3xi16>, tensor<3x3x1xi16>) -> tensor<2x6x3xi64>
  return %0 : tensor<2x6x3xi64>
}

// CHECK-LABEL: func.func @dense(
// CHECK-NOT: adder_dense
// CHECK: return
func.func @dense(%x: tensor<?x3x4xi8>) -> tensor<?x3x2xi32> {
  %w = shiftadd.constant dense<[[0, 0, 5, 0], [-128, 0, 0, 127]]> : tensor<2x4xi8> as tensor<2x4xi8>
  %0 = shiftadd.adder_dense %x, %w : (tensor<?x3x4xi8>, tensor<2x4xi8>) -> tensor<?x3x2xi32>
  return %0 : tensor<?x3x2xi32>
}

// Nothing but zeros: only T is left, and a tap of zero.
// CHECK-LABEL: func.func @zeros(
// CHECK-NOT: adder_dense
// CHECK: return
func.func @zeros(%x: tensor<?x4xi8>) -> tensor<?x2xi32> {
  %w = shiftadd.constant dense<0> : tensor<2x4xi8> as tensor<2x4xi8>
  %0 = shiftadd.adder_dense %x, %w : (tensor<?x4xi8>, tensor<2x4xi8>) -> tensor<?x2xi32>
  return %0 : tensor<?x2xi32>
}

// Less than half of one output's weights are zero.
// CHECK-LABEL: func.func @too_few(
// CHECK: shiftadd.adder_dense
func.func @too_few(%x: tensor<?x4xi8>) -> tensor<?x2xi32> {
  %w = shiftadd.constant dense<[[0, 0, 0, 0], [1, 2, 3, 0]]> : tensor<2x4xi8> as tensor<2x4xi8>
  %0 = shiftadd.adder_dense %x, %w : (tensor<?x4xi8>, tensor<2x4xi8>) -> tensor<?x2xi32>
  return %0 : tensor<?x2xi32>
}

// Floats only when asked: sums of |x - w| - |x| round otherwise.
// CHECK-LABEL: func.func @floats(
// CHECK: shiftadd.adder_dense
// FLOATS-LABEL: func.func @floats(
// FLOATS-NOT: shiftadd.adder_dense
// FLOATS: return
func.func @floats(%x: tensor<?x4xf32>) -> tensor<?x1xf32> {
  %w = shiftadd.constant dense<[[0.0, 1.5, 0.0, 0.0]]> : tensor<1x4xf32> as tensor<1x4xf32>
  %0 = shiftadd.adder_dense %x, %w : (tensor<?x4xf32>, tensor<1x4xf32>) -> tensor<?x1xf32>
  return %0 : tensor<?x1xf32>
}

// A convolution is another thing.
// CHECK-LABEL: func.func @product(
// CHECK: shiftadd.dense
func.func @product(%x: tensor<?x4xi8>) -> tensor<?x1xi32> {
  %w = shiftadd.constant dense<0> : tensor<1x4xi8> as tensor<1x4xi8>
  %0 = shiftadd.dense %x, %w : (tensor<?x4xi8>, tensor<1x4xi8>) -> tensor<?x1xi32>
  return %0 : tensor<?x1xi32>
}

// Channels that nothing reads are removed exactly, whatever they hold.
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-finish-pruning{channels=1})" | FileCheck %s
// RUN: shiftadd-opt %s --shiftadd-finish-pruning=channels=1 | FileCheck %s --check-prefix=FORM

// CHECK: equal: {{[0-9]+}} runs

// FORM-LABEL: func.func @network(
// FORM: shiftadd.conv {{.*}} -> tensor<?x4x3xf32>
// FORM: shiftadd.conv {{.*}} -> tensor<?x4x2xf32>
// FORM: shiftadd.conv {{.*}} -> tensor<?x4x2xf32>
// FORM: shiftadd.conv {{.*}} -> tensor<?x4x2xf32>
// FORM: shiftadd.dense {{.*}}tensor<1x8xf32>
func.func @network(%x: tensor<?x4x2xf32>) -> tensor<?x1xf32> {
  %f = shiftadd.constant dense<[[[1.0, -2.0]], [[0.5, 1.0]], [[0.25, 0.75]]]> : tensor<3x1x2xf32> as tensor<3x1x2xf32>
  %w = shiftadd.constant dense<[[[1.0, 2.0, 3.0]], [[4.0, 5.0, 6.0]], [[-1.0, 0.5, 2.0]]]> : tensor<3x1x3xf32> as tensor<3x1x3xf32>
  %b = shiftadd.constant dense<[0.25, 7.0, -0.5]> : tensor<3xf32> as tensor<3xf32>
  %d = shiftadd.constant dense<[[[2.0]], [[3.0]], [[4.0]]]> : tensor<3x1x1xf32> as tensor<3x1x1xf32>
  %r = shiftadd.constant dense<[[[1.0, 0.0, 3.0]], [[0.0, 0.0, 1.0]], [[-1.0, 0.0, 2.0]]]> : tensor<3x1x3xf32> as tensor<3x1x3xf32>
  %v = shiftadd.constant dense<[[1.0, 0.0, 3.0, 4.0, 0.0, 5.0, 6.0, 0.0, 7.0, 8.0, 0.0, 9.0]]> : tensor<1x12xf32> as tensor<1x12xf32>
  %0 = shiftadd.conv %x, %f {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x4x2xf32>, tensor<3x1x2xf32>) -> tensor<?x4x3xf32>
  %1 = shiftadd.conv %0, %w, bias %b {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x4x3xf32>, tensor<3x1x3xf32>, tensor<3xf32>) -> tensor<?x4x3xf32>
  %2 = shiftadd.conv %1, %d {dilations = array<i64: 1>, groups = 3 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x4x3xf32>, tensor<3x1x1xf32>) -> tensor<?x4x3xf32>
  %3 = shiftadd.conv %2, %r {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x4x3xf32>, tensor<3x1x3xf32>) -> tensor<?x4x3xf32>
  %4 = shiftadd.add %2, %3 : (tensor<?x4x3xf32>, tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  %5 = shiftadd.reshape %4 [-1, 12] : (tensor<?x4x3xf32>) -> tensor<?x12xf32>
  %6 = shiftadd.dense %5, %v : (tensor<?x12xf32>, tensor<1x12xf32>) -> tensor<?x1xf32>
  return %6 : tensor<?x1xf32>
}

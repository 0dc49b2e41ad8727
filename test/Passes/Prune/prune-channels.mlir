// RUN: shiftadd-opt %s --shiftadd-prune-channels="fraction=0.5" --canonicalize | FileCheck %s
// Channels whose weights and bias are zero give nothing to whoever reads them.
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-prune-channels{fraction=0.5})" --tolerance=1e-6 | FileCheck %s --check-prefix=EQUAL

// EQUAL: equal: {{[0-9]+}} runs


// Through a clamp, a depthwise layer, a batch normalisation and a pool: two of
// four channels go. The first layer and the output keep theirs.
// CHECK-LABEL: func.func @chain(
// CHECK: shiftadd.conv {{.*}} -> tensor<?x6x3xf32>
// CHECK: shiftadd.conv {{.*}}(tensor<?x6x3xf32>, tensor<2x1x3xf32>, tensor<2xf32>) -> tensor<?x6x2xf32>
// CHECK: shiftadd.clamp {{.*}} -> tensor<?x6x2xf32>
// CHECK: shiftadd.conv {{.*}}groups = 2 : i64{{.*}}tensor<2x1x1xf32>) -> tensor<?x6x2xf32>
// CHECK: shiftadd.batch_norm {{.*}}(tensor<?x6x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x6x2xf32>
// CHECK: shiftadd.mul {{.*}}(tensor<?x6x2xf32>, tensor<2xf32>) -> tensor<?x6x2xf32>
// CHECK: shiftadd.max_pool {{.*}} -> tensor<?x3x2xf32>
// CHECK: shiftadd.reduce_mean {{.*}} -> tensor<?x1x2xf32>
// CHECK: shiftadd.reshape {{.*}} [-1, 2] {{.*}} -> tensor<?x2xf32>
// CHECK: shiftadd.dense {{.*}}tensor<3x2xf32>) -> tensor<?x3xf32>
func.func @chain(%x: tensor<?x6x2xf32>) -> tensor<?x3xf32> {
  %f = shiftadd.constant dense<[[[1.0, -2.0]], [[0.5, 1.0]], [[0.0, 0.0]]]> : tensor<3x1x2xf32> as tensor<3x1x2xf32>
  %w = shiftadd.constant dense<[[[1.0, 2.0, 3.0]], [[0.0, 0.0, 0.0]], [[-1.0, 0.5, 2.0]], [[0.0, 0.0, 0.0]]]> : tensor<4x1x3xf32> as tensor<4x1x3xf32>
  %b = shiftadd.constant dense<[0.25, 0.0, -0.5, 0.0]> : tensor<4xf32> as tensor<4xf32>
  %d = shiftadd.constant dense<[[[2.0]], [[3.0]], [[4.0]], [[5.0]]]> : tensor<4x1x1xf32> as tensor<4x1x1xf32>
  %zero = shiftadd.constant dense<0.0> : tensor<4xf32> as tensor<4xf32>
  %scale = shiftadd.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32> as tensor<4xf32>
  %one = shiftadd.constant dense<1.0> : tensor<4xf32> as tensor<4xf32>
  %v = shiftadd.constant dense<[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [0.0, 0.0, 0.0, 0.0]]> : tensor<3x4xf32> as tensor<3x4xf32>
  %0 = shiftadd.conv %x, %f {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x6x2xf32>, tensor<3x1x2xf32>) -> tensor<?x6x3xf32>
  %1 = shiftadd.conv %0, %w, bias %b {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x6x3xf32>, tensor<4x1x3xf32>, tensor<4xf32>) -> tensor<?x6x4xf32>
  %2 = shiftadd.clamp %1 {minimum = 0.0 : f64} : (tensor<?x6x4xf32>) -> tensor<?x6x4xf32>
  %3 = shiftadd.conv %2, %d {dilations = array<i64: 1>, groups = 4 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x6x4xf32>, tensor<4x1x1xf32>) -> tensor<?x6x4xf32>
  %4 = shiftadd.batch_norm %3, %scale, %zero, %zero, %one {axis = 2 : i64, epsilon = 1.0 : f64} : (tensor<?x6x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x6x4xf32>
  %5 = shiftadd.mul %4, %scale : (tensor<?x6x4xf32>, tensor<4xf32>) -> tensor<?x6x4xf32>
  %6 = shiftadd.max_pool %5 {dilations = array<i64: 1>, kernel = array<i64: 2>, padding = array<i64: 0, 0>, strides = array<i64: 2>} : (tensor<?x6x4xf32>) -> tensor<?x3x4xf32>
  %7 = shiftadd.reduce_mean %6 {axes = array<i64: 1>, keep_dims = true} : (tensor<?x3x4xf32>) -> tensor<?x1x4xf32>
  %8 = shiftadd.reshape %7 [-1, 4] : (tensor<?x1x4xf32>) -> tensor<?x4xf32>
  %9 = shiftadd.dense %8, %v : (tensor<?x4xf32>, tensor<3x4xf32>) -> tensor<?x3xf32>
  return %9 : tensor<?x3xf32>
}

// What an addition joins goes together: the channels that are zero in both.
// CHECK-LABEL: func.func @residual(
// CHECK: shiftadd.dense {{.*}} -> tensor<?x2xf32>
// CHECK: %[[A:.*]] = shiftadd.dense {{.*}} -> tensor<?x2xf32>
// CHECK: %[[B:.*]] = shiftadd.dense {{.*}} -> tensor<?x2xf32>
// CHECK: shiftadd.add %[[A]], %[[B]] : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
// CHECK: shiftadd.dense {{.*}}tensor<1x2xf32>) -> tensor<?x1xf32>
func.func @residual(%x: tensor<?x2xf32>) -> tensor<?x1xf32> {
  %f = shiftadd.constant dense<[[1.0, -2.0], [0.5, 1.0]]> : tensor<2x2xf32> as tensor<2x2xf32>
  %a = shiftadd.constant dense<[[1.0, 2.0], [0.0, 0.0], [0.1, 0.1], [0.0, 0.0]]> : tensor<4x2xf32> as tensor<4x2xf32>
  %b = shiftadd.constant dense<[[0.1, 0.1], [0.0, 0.0], [3.0, 4.0], [0.0, 0.0]]> : tensor<4x2xf32> as tensor<4x2xf32>
  %v = shiftadd.constant dense<[[1.0, 2.0, 3.0, 4.0]]> : tensor<1x4xf32> as tensor<1x4xf32>
  %0 = shiftadd.dense %x, %f : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %a : (tensor<?x2xf32>, tensor<4x2xf32>) -> tensor<?x4xf32>
  %2 = shiftadd.dense %0, %b : (tensor<?x2xf32>, tensor<4x2xf32>) -> tensor<?x4xf32>
  %3 = shiftadd.add %1, %2 : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %4 = shiftadd.dense %3, %v : (tensor<?x4xf32>, tensor<1x4xf32>) -> tensor<?x1xf32>
  return %4 : tensor<?x1xf32>
}

// A flattening repeats the channels; quantised weights take their scales along.
// CHECK-LABEL: func.func @flatten(
// CHECK: shiftadd.conv {{.*}} -> tensor<?x2x1xf32>
// CHECK: shiftadd.reshape {{.*}} [-1, 2] {{.*}} -> tensor<?x2xf32>
// CHECK: shiftadd.dense {{.*}}tensor<1x2xf32>) -> tensor<?x1xf32>
func.func @flatten(%x: tensor<?x2x1xf32>) -> tensor<?x1xf32> {
  %f = shiftadd.constant dense<[[[1.0]], [[-2.0]]]> : tensor<2x1x1xf32> as tensor<2x1x1xf32>
  %c = shiftadd.constant dense<[[[0, 0]], [[3, -4]]]> : tensor<2x1x2xi8> as tensor<2x1x2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>
  %w = shiftadd.dequantize %c : (tensor<2x1x2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>) -> tensor<2x1x2xf32>
  %v = shiftadd.constant dense<[[1.0, 2.0, 3.0, 4.0]]> : tensor<1x4xf32> as tensor<1x4xf32>
  %0 = shiftadd.conv %x, %f {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x2x1xf32>, tensor<2x1x1xf32>) -> tensor<?x2x2xf32>
  %1 = shiftadd.conv %0, %w {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x2x2xf32>, tensor<2x1x2xf32>) -> tensor<?x2x2xf32>
  %2 = shiftadd.reshape %1 [-1, 4] : (tensor<?x2x2xf32>) -> tensor<?x4xf32>
  %3 = shiftadd.dense %2, %v : (tensor<?x4xf32>, tensor<1x4xf32>) -> tensor<?x1xf32>
  return %3 : tensor<?x1xf32>
}

// What must stay: an output of the graph, what a softmax or a transpose meets,
// what an adder layer reads.
// CHECK-LABEL: func.func @frozen(
// CHECK: shiftadd.dense {{.*}} -> tensor<?x4xf32>
// CHECK: shiftadd.dense {{.*}} -> tensor<?x4xf32>
// CHECK: shiftadd.softmax
// CHECK: shiftadd.dense {{.*}} -> tensor<?x4xf32>
// CHECK: shiftadd.adder_dense
// CHECK: shiftadd.dense {{.*}} -> tensor<?x4xf32>
func.func @frozen(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %w = shiftadd.constant dense<[[1.0, 2.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 3.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]> : tensor<4x4xf32> as tensor<4x4xf32>
  %0 = shiftadd.dense %x, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %2 = shiftadd.softmax %1 {axis = 1 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %3 = shiftadd.dense %2, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %4 = shiftadd.adder_dense %3, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  %5 = shiftadd.dense %4, %w : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
  return %5, %3 : tensor<?x4xf32>, tensor<?x4xf32>
}

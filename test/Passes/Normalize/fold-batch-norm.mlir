// RUN: shiftadd-opt %s --shiftadd-fold-batch-norm | FileCheck %s
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-fold-batch-norm)" --tolerance=1e-5 | FileCheck %s --check-prefix=EQUAL

// EQUAL: equal: 27 runs

// (w * 2 / sqrt(4), 2 * (0.5 - 3) / sqrt(4) + 1): the factor of each channel.
// CHECK-LABEL: func.func @conv(
// CHECK-DAG: %[[W:.*]] = shiftadd.constant dense<{{\[\[\[}}1.000000e+00]], {{\[\[}}-8.000000e+00]]]> : tensor<2x1x1xf32>
// CHECK-DAG: %[[B:.*]] = shiftadd.constant dense<[-1.500000e+00, 5.000000e+00]>
// CHECK: %[[Y:.*]] = shiftadd.conv %arg0, %[[W]], bias %[[B]]
// CHECK-NEXT: return %[[Y]]
func.func @conv(%x: tensor<?x4x1xf32>) -> tensor<?x4x2xf32> {
  %w = shiftadd.constant dense<[[[1.0]], [[2.0]]]> : tensor<2x1x1xf32> as tensor<2x1x1xf32>
  %b = shiftadd.constant dense<[0.5, -1.0]> : tensor<2xf32> as tensor<2xf32>
  %scale = shiftadd.constant dense<[2.0, -4.0]> : tensor<2xf32> as tensor<2xf32>
  %bias = shiftadd.constant dense<[1.0, 1.0]> : tensor<2xf32> as tensor<2xf32>
  %mean = shiftadd.constant dense<[3.0, 0.0]> : tensor<2xf32> as tensor<2xf32>
  %variance = shiftadd.constant dense<[3.0, 0.0]> : tensor<2xf32> as tensor<2xf32>
  %0 = shiftadd.conv %x, %w, bias %b {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x4x1xf32>, tensor<2x1x1xf32>, tensor<2xf32>) -> tensor<?x4x2xf32>
  %1 = shiftadd.batch_norm %0, %scale, %bias, %mean, %variance {axis = 2 : i64, epsilon = 1.0 : f64} : (tensor<?x4x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x4x2xf32>
  return %1 : tensor<?x4x2xf32>
}

// Padding adds zeros to the sum, not the offset; groups; weights in a resource.
// CHECK-LABEL: func.func @padded_groups(
// CHECK: %[[Y:.*]] = shiftadd.conv {{.*}} bias
// CHECK-NEXT: return %[[Y]]
func.func @padded_groups(%x: tensor<?x3x3x2xf32>) -> tensor<?x2x2x2xf32> {
  %w = shiftadd.constant dense_resource<weights> : tensor<2x2x1x1xf32> as tensor<2x2x1x1xf32>
  %scale = shiftadd.constant dense<[2.0, -4.0]> : tensor<2xf32> as tensor<2xf32>
  %bias = shiftadd.constant dense<[1.0, 0.3]> : tensor<2xf32> as tensor<2xf32>
  %mean = shiftadd.constant dense<[3.0, 0.7]> : tensor<2xf32> as tensor<2xf32>
  %variance = shiftadd.constant dense<[3.0, 0.1]> : tensor<2xf32> as tensor<2xf32>
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 1, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<?x3x3x2xf32>, tensor<2x2x1x1xf32>) -> tensor<?x2x2x2xf32>
  %1 = shiftadd.batch_norm %0, %scale, %bias, %mean, %variance {axis = 3 : i64, epsilon = 1.0e-5 : f64} : (tensor<?x2x2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2x2x2xf32>
  return %1 : tensor<?x2x2x2xf32>
}

// CHECK-LABEL: func.func @dense(
// CHECK: %[[Y:.*]] = shiftadd.dense {{.*}} bias
// CHECK-NEXT: return %[[Y]]
func.func @dense(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = shiftadd.constant dense<[[1.0, 0.3], [2.0, -0.1]]> : tensor<2x2xf32> as tensor<2x2xf32>
  %scale = shiftadd.constant dense<[2.0, -4.0]> : tensor<2xf32> as tensor<2xf32>
  %bias = shiftadd.constant dense<[1.0, 0.3]> : tensor<2xf32> as tensor<2xf32>
  %mean = shiftadd.constant dense<[3.0, 0.7]> : tensor<2xf32> as tensor<2xf32>
  %variance = shiftadd.constant dense<[3.0, 0.1]> : tensor<2xf32> as tensor<2xf32>
  %0 = shiftadd.dense %x, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %1 = shiftadd.batch_norm %0, %scale, %bias, %mean, %variance {axis = 1 : i64, epsilon = 1.0e-5 : f64} : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// Another use needs the layer as it is.
// CHECK-LABEL: func.func @two_uses(
// CHECK: %[[Y:.*]] = shiftadd.dense %arg0, %{{[0-9]+}} :
// CHECK: %[[SCALED:.*]] = shiftadd.mul %[[Y]]
// CHECK-NEXT: %[[SHIFTED:.*]] = shiftadd.add %[[SCALED]]
// CHECK-NEXT: return %[[Y]], %[[SHIFTED]]
func.func @two_uses(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
  %w = shiftadd.constant dense<[[1.0, 0.3], [2.0, -0.1]]> : tensor<2x2xf32> as tensor<2x2xf32>
  %scale = shiftadd.constant dense<[2.0, -4.0]> : tensor<2xf32> as tensor<2xf32>
  %bias = shiftadd.constant dense<[1.0, 0.3]> : tensor<2xf32> as tensor<2xf32>
  %mean = shiftadd.constant dense<[3.0, 0.7]> : tensor<2xf32> as tensor<2xf32>
  %variance = shiftadd.constant dense<[3.0, 0.1]> : tensor<2xf32> as tensor<2xf32>
  %0 = shiftadd.dense %x, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %1 = shiftadd.batch_norm %0, %scale, %bias, %mean, %variance {axis = 1 : i64, epsilon = 1.0e-5 : f64} : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %0, %1 : tensor<?x2xf32>, tensor<?x2xf32>
}

// Weights that come from outside.
// CHECK-LABEL: func.func @weights_not_constant(
// CHECK: shiftadd.dense %arg0, %arg1 :
// CHECK: shiftadd.mul
// CHECK: shiftadd.add
func.func @weights_not_constant(%x: tensor<?x2xf32>, %w: tensor<2x2xf32>) -> tensor<?x2xf32> {
  %scale = shiftadd.constant dense<[2.0, -4.0]> : tensor<2xf32> as tensor<2xf32>
  %bias = shiftadd.constant dense<[1.0, 0.3]> : tensor<2xf32> as tensor<2xf32>
  %mean = shiftadd.constant dense<[3.0, 0.7]> : tensor<2xf32> as tensor<2xf32>
  %variance = shiftadd.constant dense<[3.0, 0.1]> : tensor<2xf32> as tensor<2xf32>
  %0 = shiftadd.dense %x, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %1 = shiftadd.batch_norm %0, %scale, %bias, %mean, %variance {axis = 1 : i64, epsilon = 1.0e-5 : f64} : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// CHECK-LABEL: func.func @bias_not_constant(
// CHECK: shiftadd.dense %arg0, %{{[0-9]+}}, bias %arg1 :
// CHECK: shiftadd.mul
// CHECK: shiftadd.add
func.func @bias_not_constant(%x: tensor<?x2xf32>, %b: tensor<2xf32>) -> tensor<?x2xf32> {
  %w = shiftadd.constant dense<[[1.0, 0.3], [2.0, -0.1]]> : tensor<2x2xf32> as tensor<2x2xf32>
  %p = shiftadd.constant dense<[2.0, 4.0]> : tensor<2xf32> as tensor<2xf32>
  %0 = shiftadd.dense %x, %w, bias %b : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %1 = shiftadd.batch_norm %0, %p, %p, %p, %p {axis = 1 : i64, epsilon = 1.0e-5 : f64} : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// |x - w| does not scale with w (N53).
// CHECK-LABEL: func.func @adder(
// CHECK: shiftadd.adder_dense %arg0, %{{[0-9]+}} :
// CHECK: shiftadd.mul
// CHECK: shiftadd.add
func.func @adder(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = shiftadd.constant dense<[[1.0, 0.3], [2.0, -0.1]]> : tensor<2x2xf32> as tensor<2x2xf32>
  %p = shiftadd.constant dense<[2.0, 4.0]> : tensor<2xf32> as tensor<2xf32>
  %0 = shiftadd.adder_dense %x, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %1 = shiftadd.batch_norm %0, %p, %p, %p, %p {axis = 1 : i64, epsilon = 1.0e-5 : f64} : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// Another axis than the last: factors [C, 1, 1].
// CHECK-LABEL: func.func @channels_first(
// CHECK: shiftadd.mul %arg0, %{{.*}} : (tensor<?x2x3x4xf32>, tensor<2x1x1xf32>) -> tensor<?x2x3x4xf32>
// CHECK: shiftadd.add %{{.*}}, %{{.*}} : (tensor<?x2x3x4xf32>, tensor<2x1x1xf32>) -> tensor<?x2x3x4xf32>
func.func @channels_first(%x: tensor<?x2x3x4xf32>) -> tensor<?x2x3x4xf32> {
  %p = shiftadd.constant dense<[2.0, 4.0]> : tensor<2xf32> as tensor<2xf32>
  %1 = shiftadd.batch_norm %x, %p, %p, %p, %p {axis = 1 : i64, epsilon = 1.0e-5 : f64} : (tensor<?x2x3x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2x3x4xf32>
  return %1 : tensor<?x2x3x4xf32>
}

// CHECK-LABEL: func.func @parameters_not_constant(
// CHECK: shiftadd.batch_norm
func.func @parameters_not_constant(%x: tensor<?x2xf32>, %mean: tensor<2xf32>) -> tensor<?x2xf32> {
  %p = shiftadd.constant dense<[2.0, 4.0]> : tensor<2xf32> as tensor<2xf32>
  %1 = shiftadd.batch_norm %x, %p, %p, %mean, %p {axis = 1 : i64, epsilon = 1.0e-5 : f64} : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803F000000400000404000008040"
    }
  }
#-}

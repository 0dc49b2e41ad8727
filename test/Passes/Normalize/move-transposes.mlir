// RUN: shiftadd-opt %s --shiftadd-move-transposes --shiftadd-fold-constants --canonicalize | FileCheck %s
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-move-transposes)" | FileCheck %s --check-prefix=EQUAL

// EQUAL: equal: {{[1-9][0-9]+}} runs

// Two channels-first layers: the transposes between them vanish, those at the
// borders stay.
// CHECK-LABEL: func.func @layers(
// CHECK-NEXT: %[[IN:.*]] = shiftadd.transpose %arg0 [0, 2, 3, 1]
// CHECK-NEXT: %[[A:.*]] = shiftadd.conv %[[IN]], %arg1
// CHECK-NEXT: %[[R:.*]] = shiftadd.clamp %[[A]]
// CHECK-NEXT: %[[B:.*]] = shiftadd.conv %[[R]], %arg2
// CHECK-NEXT: %[[OUT:.*]] = shiftadd.transpose %[[B]] [0, 3, 1, 2]
// CHECK-NEXT: return %[[OUT]]
func.func @layers(%x: tensor<?x2x4x4xf32>, %w: tensor<3x1x1x2xf32>, %v: tensor<2x3x3x3xf32>) -> tensor<?x2x2x2xf32> {
  %0 = shiftadd.transpose %x [0, 2, 3, 1] : (tensor<?x2x4x4xf32>) -> tensor<?x4x4x2xf32>
  %1 = shiftadd.conv %0, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<?x4x4x2xf32>, tensor<3x1x1x2xf32>) -> tensor<?x4x4x3xf32>
  %2 = shiftadd.transpose %1 [0, 3, 1, 2] : (tensor<?x4x4x3xf32>) -> tensor<?x3x4x4xf32>
  %3 = shiftadd.clamp %2 {minimum = 0.0 : f64} : (tensor<?x3x4x4xf32>) -> tensor<?x3x4x4xf32>
  %4 = shiftadd.transpose %3 [0, 2, 3, 1] : (tensor<?x3x4x4xf32>) -> tensor<?x4x4x3xf32>
  %5 = shiftadd.conv %4, %v {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 1, 0, 1>, strides = array<i64: 2, 2>} : (tensor<?x4x4x3xf32>, tensor<2x3x3x3xf32>) -> tensor<?x2x2x2xf32>
  %6 = shiftadd.transpose %5 [0, 3, 1, 2] : (tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
  return %6 : tensor<?x2x2x2xf32>
}

// A residual: both branches are transposed in the same way.
// CHECK-LABEL: func.func @residual(
// CHECK-NEXT: %[[SUM:.*]] = shiftadd.add %arg0, %arg1 : (tensor<?x4x5x2xf32>, tensor<?x4x5x2xf32>)
// CHECK-NEXT: %[[OUT:.*]] = shiftadd.transpose %[[SUM]] [0, 3, 1, 2]
// CHECK-NEXT: return %[[OUT]], %[[SUM]]
func.func @residual(%x: tensor<?x4x5x2xf32>, %y: tensor<?x4x5x2xf32>) -> (tensor<?x2x4x5xf32>, tensor<?x4x5x2xf32>) {
  %0 = shiftadd.transpose %x [0, 3, 1, 2] : (tensor<?x4x5x2xf32>) -> tensor<?x2x4x5xf32>
  %1 = shiftadd.transpose %y [0, 3, 1, 2] : (tensor<?x4x5x2xf32>) -> tensor<?x2x4x5xf32>
  %2 = shiftadd.add %0, %1 : (tensor<?x2x4x5xf32>, tensor<?x2x4x5xf32>) -> tensor<?x2x4x5xf32>
  %3 = shiftadd.transpose %2 [0, 2, 3, 1] : (tensor<?x2x4x5xf32>) -> tensor<?x4x5x2xf32>
  return %2, %3 : tensor<?x2x4x5xf32>, tensor<?x4x5x2xf32>
}

// One branch is not transposed: adding needs a transpose either way.
// CHECK-LABEL: func.func @other_operand(
// CHECK-NEXT: %[[T:.*]] = shiftadd.transpose %arg0 [0, 3, 1, 2]
// CHECK-NEXT: shiftadd.add %[[T]], %arg1
func.func @other_operand(%x: tensor<2x4x5x2xf32>, %y: tensor<2x2x4x5xf32>) -> tensor<2x2x4x5xf32> {
  %0 = shiftadd.transpose %x [0, 3, 1, 2] : (tensor<2x4x5x2xf32>) -> tensor<2x2x4x5xf32>
  %1 = shiftadd.add %0, %y : (tensor<2x2x4x5xf32>, tensor<2x2x4x5xf32>) -> tensor<2x2x4x5xf32>
  return %1 : tensor<2x2x4x5xf32>
}

// Constants [C, 1, 1] and scalars follow.
// CHECK-LABEL: func.func @constants(
// CHECK: %[[MUL:.*]] = shiftadd.mul %arg0, %{{.*}} : (tensor<?x4x5x2xf32>, tensor<1x1x1x2xf32>) -> tensor<?x4x5x2xf32>
// CHECK: %[[PRELU:.*]] = shiftadd.prelu %[[MUL]], %{{.*}} : (tensor<?x4x5x2xf32>, tensor<f32>) -> tensor<?x4x5x2xf32>
// CHECK: %[[SUB:.*]] = shiftadd.sub %{{.*}}, %[[PRELU]] : (tensor<1x1x5x1xf32>, tensor<?x4x5x2xf32>) -> tensor<?x4x5x2xf32>
// CHECK-NEXT: shiftadd.transpose %[[SUB]] [0, 3, 1, 2]
func.func @constants(%x: tensor<?x4x5x2xf32>) -> tensor<?x2x4x5xf32> {
  %c = shiftadd.constant dense<[[[1.5]], [[-2.0]]]> : tensor<2x1x1xf32> as tensor<2x1x1xf32>
  %s = shiftadd.constant dense<0.25> : tensor<f32> as tensor<f32>
  %r = shiftadd.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : tensor<5xf32> as tensor<5xf32>
  %0 = shiftadd.transpose %x [0, 3, 1, 2] : (tensor<?x4x5x2xf32>) -> tensor<?x2x4x5xf32>
  %1 = shiftadd.mul %0, %c : (tensor<?x2x4x5xf32>, tensor<2x1x1xf32>) -> tensor<?x2x4x5xf32>
  %2 = shiftadd.prelu %1, %s : (tensor<?x2x4x5xf32>, tensor<f32>) -> tensor<?x2x4x5xf32>
  %3 = shiftadd.sub %r, %2 : (tensor<5xf32>, tensor<?x2x4x5xf32>) -> tensor<?x2x4x5xf32>
  return %3 : tensor<?x2x4x5xf32>
}

// Attributes that name dimensions follow, of a permutation that is not its own
// inverse.
// CHECK-LABEL: func.func @attributes(
// CHECK-NEXT: %[[PAD:.*]] = shiftadd.pad %arg0 {high = array<i64: 0, 1, 0, 0>, low = array<i64: 0, 0, 2, 0>, {{.*}} -> tensor<?x5x7x2xf32>
// CHECK-NEXT: %[[SLICE:.*]] = shiftadd.slice %[[PAD]] {sizes = array<i64: -1, 2, 3, 2>, starts = array<i64: 0, 1, 2, 0>, steps = array<i64: 1, 2, 1, 1>}
// CHECK-NEXT: %[[JOIN:.*]] = shiftadd.concat %[[SLICE]], %[[SLICE]] {axis = 3 : i64}
// CHECK-NEXT: %[[TILE:.*]] = shiftadd.tile %[[JOIN]] [1, 1, 2, 1]
// CHECK-NEXT: %[[SOFT:.*]] = shiftadd.softmax %[[TILE]] {axis = 1 : i64}
// CHECK-NEXT: %[[LOG:.*]] = shiftadd.log_softmax %[[SOFT]] {axis = 3 : i64}
// CHECK-NEXT: %[[LRN:.*]] = shiftadd.lrn %[[LOG]] {{.*}}axis = 3 : i64
// CHECK-NEXT: shiftadd.transpose %[[LRN]] [0, 3, 1, 2]
func.func @attributes(%x: tensor<?x4x5x2xf32>) -> tensor<?x4x2x6xf32> {
  %0 = shiftadd.transpose %x [0, 3, 1, 2] : (tensor<?x4x5x2xf32>) -> tensor<?x2x4x5xf32>
  %1 = shiftadd.pad %0 {low = array<i64: 0, 0, 0, 2>, high = array<i64: 0, 0, 1, 0>, mode = #shiftadd<pad_mode edge>, value = 0.0 : f64} : (tensor<?x2x4x5xf32>) -> tensor<?x2x5x7xf32>
  %2 = shiftadd.slice %1 {starts = array<i64: 0, 0, 1, 2>, sizes = array<i64: -1, 2, 2, 3>, steps = array<i64: 1, 1, 2, 1>} : (tensor<?x2x5x7xf32>) -> tensor<?x2x2x3xf32>
  %3 = shiftadd.concat %2, %2 {axis = 1 : i64} : (tensor<?x2x2x3xf32>, tensor<?x2x2x3xf32>) -> tensor<?x4x2x3xf32>
  %4 = shiftadd.tile %3 [1, 1, 1, 2] : (tensor<?x4x2x3xf32>) -> tensor<?x4x2x6xf32>
  %5 = shiftadd.softmax %4 {axis = 2 : i64} : (tensor<?x4x2x6xf32>) -> tensor<?x4x2x6xf32>
  %6 = shiftadd.log_softmax %5 {axis = 1 : i64} : (tensor<?x4x2x6xf32>) -> tensor<?x4x2x6xf32>
  %7 = shiftadd.lrn %6 {size = 3 : i64, alpha = 0.5 : f64, beta = 0.75 : f64, bias = 2.0 : f64, axis = 1 : i64} : (tensor<?x4x2x6xf32>) -> tensor<?x4x2x6xf32>
  return %7 : tensor<?x4x2x6xf32>
}

// CHECK-LABEL: func.func @broadcast(
// CHECK-NEXT: %[[B:.*]] = shiftadd.broadcast %arg0 [2, 1, 5, 3]
// CHECK-NEXT: shiftadd.transpose %[[B]] [0, 3, 1, 2]
func.func @broadcast(%x: tensor<2x1x5x1xf32>) -> tensor<2x3x1x5xf32> {
  %0 = shiftadd.transpose %x [0, 3, 1, 2] : (tensor<2x1x5x1xf32>) -> tensor<2x1x1x5xf32>
  %1 = shiftadd.broadcast %0 [2, 3, 1, 5] : (tensor<2x1x1x5xf32>) -> tensor<2x3x1x5xf32>
  return %1 : tensor<2x3x1x5xf32>
}

// A broadcast that adds dimensions stays where it is.
// CHECK-LABEL: func.func @broadcast_new_rank(
// CHECK-NEXT: shiftadd.transpose
// CHECK-NEXT: shiftadd.broadcast
func.func @broadcast_new_rank(%x: tensor<3x2xf32>) -> tensor<4x2x3xf32> {
  %0 = shiftadd.transpose %x [1, 0] : (tensor<3x2xf32>) -> tensor<2x3xf32>
  %1 = shiftadd.broadcast %0 [4, 2, 3] : (tensor<2x3xf32>) -> tensor<4x2x3xf32>
  return %1 : tensor<4x2x3xf32>
}

// CHECK-LABEL: func.func @batch_norm(
// CHECK: %[[Y:.*]] = shiftadd.batch_norm %arg0, %arg1, %arg1, %arg1, %arg2 {axis = 3 : i64
// CHECK-NEXT: shiftadd.transpose %[[Y]] [0, 3, 1, 2]
func.func @batch_norm(%x: tensor<?x4x5x2xf32>, %p: tensor<2xf32>, %v: tensor<2xf32>) -> tensor<?x2x4x5xf32> {
  %0 = shiftadd.transpose %x [0, 3, 1, 2] : (tensor<?x4x5x2xf32>) -> tensor<?x2x4x5xf32>
  %1 = shiftadd.batch_norm %0, %p, %p, %p, %v {axis = 1 : i64, epsilon = 2.0 : f64} : (tensor<?x2x4x5xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2x4x5xf32>
  return %1 : tensor<?x2x4x5xf32>
}

// Global average pooling, with and without the reduced dimensions.
// CHECK-LABEL: func.func @reductions(
// CHECK-DAG: %[[KEPT:.*]] = shiftadd.reduce_mean %arg0 {axes = array<i64: 1, 2>, keep_dims = true}
// CHECK-DAG: shiftadd.transpose %[[KEPT]] [0, 3, 1, 2]
// CHECK-DAG: shiftadd.reduce_sum %arg0 {axes = array<i64: 1, 2>, keep_dims = false}
// CHECK-DAG: %[[MAX:.*]] = shiftadd.reduce_max %arg0 {axes = array<i64: 1>, keep_dims = false} : (tensor<?x4x5x2xf32>) -> tensor<?x5x2xf32>
// CHECK-DAG: shiftadd.transpose %[[MAX]] [0, 2, 1]
// CHECK-DAG: shiftadd.reduce_min %arg0 {axes = array<i64: 3>, keep_dims = false}
func.func @reductions(%x: tensor<?x4x5x2xf32>) -> (tensor<?x2x1x1xf32>, tensor<?x2xf32>, tensor<?x2x5xf32>, tensor<?x4x5xf32>) {
  %0 = shiftadd.transpose %x [0, 3, 1, 2] : (tensor<?x4x5x2xf32>) -> tensor<?x2x4x5xf32>
  %1 = shiftadd.reduce_mean %0 {axes = array<i64: 2, 3>, keep_dims = true} : (tensor<?x2x4x5xf32>) -> tensor<?x2x1x1xf32>
  %2 = shiftadd.reduce_sum %0 {axes = array<i64: 2, 3>, keep_dims = false} : (tensor<?x2x4x5xf32>) -> tensor<?x2xf32>
  %3 = shiftadd.reduce_max %0 {axes = array<i64: 2>, keep_dims = false} : (tensor<?x2x4x5xf32>) -> tensor<?x2x5xf32>
  %4 = shiftadd.reduce_min %0 {axes = array<i64: 1>, keep_dims = false} : (tensor<?x2x4x5xf32>) -> tensor<?x4x5xf32>
  return %1, %2, %3, %4 : tensor<?x2x1x1xf32>, tensor<?x2xf32>, tensor<?x2x5xf32>, tensor<?x4x5xf32>
}

// A flatten permutes the columns of the weights behind it; these are in a
// resource.
// CHECK-LABEL: func.func @flatten(
// CHECK-NOT: shiftadd.transpose
// CHECK: %[[FLAT:.*]] = shiftadd.reshape %arg0 [-1, 4]
// CHECK-NEXT: shiftadd.dense %[[FLAT]], %{{.*}} : (tensor<?x4xf32>, tensor<1x4xf32>) -> tensor<?x1xf32>
func.func @flatten(%x: tensor<?x2x1x2xf32>) -> tensor<?x1xf32> {
  %w = shiftadd.constant dense_resource<weights> : tensor<1x4xf32> as tensor<1x4xf32>
  %0 = shiftadd.transpose %x [0, 3, 1, 2] : (tensor<?x2x1x2xf32>) -> tensor<?x2x2x1xf32>
  %1 = shiftadd.reshape %0 [-1, 4] : (tensor<?x2x2x1xf32>) -> tensor<?x4xf32>
  %2 = shiftadd.dense %1, %w : (tensor<?x4xf32>, tensor<1x4xf32>) -> tensor<?x1xf32>
  return %2 : tensor<?x1xf32>
}

// Also of codes with one scale per row, and of an adder layer.
// CHECK-LABEL: func.func @flatten_codes(
// CHECK-NOT: shiftadd.transpose
// CHECK-DAG: dense<{{\[\[}}0, 3, 1, 4, 2, 5], [6, 9, 7, 10, 8, 11]]> : tensor<2x6xi8> as tensor<2x6x!quant.uniform<i8:f32:0, {5.000000e-01,2.500000e-01}>>
// CHECK-DAG: dense<{{\[\[}}0.000000e+00, 3.000000e+00, 1.000000e+00, 4.000000e+00, 2.000000e+00, 5.000000e+00]]> : tensor<1x6xf32>
// CHECK: shiftadd.dense
// CHECK: shiftadd.adder_dense
func.func @flatten_codes(%x: tensor<?x3x2xf32>) -> (tensor<?x2xf32>, tensor<?x1xf32>) {
  %q = shiftadd.constant dense<[[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]> : tensor<2x6xi8> as tensor<2x6x!quant.uniform<i8:f32:0, {0.5, 0.25}>>
  %w = shiftadd.dequantize %q : (tensor<2x6x!quant.uniform<i8:f32:0, {0.5, 0.25}>>) -> tensor<2x6xf32>
  %v = shiftadd.constant dense<[[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]]> : tensor<1x6xf32> as tensor<1x6xf32>
  %0 = shiftadd.transpose %x [0, 2, 1] : (tensor<?x3x2xf32>) -> tensor<?x2x3xf32>
  %1 = shiftadd.reshape %0 [-1, 6] : (tensor<?x2x3xf32>) -> tensor<?x6xf32>
  %2 = shiftadd.dense %1, %w : (tensor<?x6xf32>, tensor<2x6xf32>) -> tensor<?x2xf32>
  %3 = shiftadd.adder_dense %1, %v : (tensor<?x6xf32>, tensor<1x6xf32>) -> tensor<?x1xf32>
  return %2, %3 : tensor<?x2xf32>, tensor<?x1xf32>
}

// Scales of the columns would have to move with them.
// CHECK-LABEL: func.func @flatten_column_scales(
// CHECK: shiftadd.transpose
// CHECK-NEXT: shiftadd.reshape
func.func @flatten_column_scales(%x: tensor<?x2x2xf32>) -> tensor<?x1xf32> {
  %q = shiftadd.constant dense<[[0, 1, 2, 3]]> : tensor<1x4xi8> as tensor<1x4x!quant.uniform<i8:f32:1, {0.5, 0.25, 1.0, 2.0}>>
  %w = shiftadd.dequantize %q : (tensor<1x4x!quant.uniform<i8:f32:1, {0.5, 0.25, 1.0, 2.0}>>) -> tensor<1x4xf32>
  %0 = shiftadd.transpose %x [0, 2, 1] : (tensor<?x2x2xf32>) -> tensor<?x2x2xf32>
  %1 = shiftadd.reshape %0 [-1, 4] : (tensor<?x2x2xf32>) -> tensor<?x4xf32>
  %2 = shiftadd.dense %1, %w : (tensor<?x4xf32>, tensor<1x4xf32>) -> tensor<?x1xf32>
  return %2 : tensor<?x1xf32>
}

// A reshape across samples is no flatten.
// CHECK-LABEL: func.func @across_samples(
// CHECK: shiftadd.transpose
// CHECK-NEXT: shiftadd.reshape
func.func @across_samples(%x: tensor<4x3x2xf32>, %v: tensor<1x12xf32>) -> tensor<2x1xf32> {
  %w = shiftadd.constant dense<[[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0]]> : tensor<1x12xf32> as tensor<1x12xf32>
  %0 = shiftadd.transpose %x [0, 2, 1] : (tensor<4x3x2xf32>) -> tensor<4x2x3xf32>
  %1 = shiftadd.reshape %0 [2, 12] : (tensor<4x2x3xf32>) -> tensor<2x12xf32>
  %2 = shiftadd.dense %1, %w : (tensor<2x12xf32>, tensor<1x12xf32>) -> tensor<2x1xf32>
  return %2 : tensor<2x1xf32>
}

// Weights that are no constants cannot be permuted for free.
// CHECK-LABEL: func.func @flatten_variable_weights(
// CHECK: shiftadd.transpose
// CHECK-NEXT: shiftadd.reshape
func.func @flatten_variable_weights(%x: tensor<?x3x2xf32>, %w: tensor<1x6xf32>) -> tensor<?x1xf32> {
  %0 = shiftadd.transpose %x [0, 2, 1] : (tensor<?x3x2xf32>) -> tensor<?x2x3xf32>
  %1 = shiftadd.reshape %0 [-1, 6] : (tensor<?x2x3xf32>) -> tensor<?x6xf32>
  %2 = shiftadd.dense %1, %w : (tensor<?x6xf32>, tensor<1x6xf32>) -> tensor<?x1xf32>
  return %2 : tensor<?x1xf32>
}

// Codes and comparisons.
// CHECK-LABEL: func.func @codes(
// CHECK: %[[Q:.*]] = shiftadd.quantize %arg0
// CHECK-NEXT: %[[X:.*]] = shiftadd.dequantize %[[Q]]
// CHECK-NEXT: %[[L:.*]] = shiftadd.less %[[X]], %arg1 : (tensor<?x3x2xf32>, tensor<?x3x2xf32>) -> tensor<?x3x2xi1>
// CHECK-NEXT: %[[W:.*]] = shiftadd.where %[[L]], %[[X]], %{{.*}} : (tensor<?x3x2xi1>, tensor<?x3x2xf32>, tensor<1x1x2xf32>) -> tensor<?x3x2xf32>
// CHECK-NEXT: shiftadd.transpose %[[W]] [0, 2, 1]
func.func @codes(%x: tensor<?x3x2xf32>, %y: tensor<?x3x2xf32>) -> tensor<?x2x3xf32> {
  %c = shiftadd.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32> as tensor<2x1xf32>
  %0 = shiftadd.transpose %x [0, 2, 1] : (tensor<?x3x2xf32>) -> tensor<?x2x3xf32>
  %1 = shiftadd.quantize %0 : (tensor<?x2x3xf32>) -> tensor<?x2x3x!quant.uniform<i8:f32, 0.1:3>>
  %2 = shiftadd.dequantize %1 : (tensor<?x2x3x!quant.uniform<i8:f32, 0.1:3>>) -> tensor<?x2x3xf32>
  %3 = shiftadd.transpose %y [0, 2, 1] : (tensor<?x3x2xf32>) -> tensor<?x2x3xf32>
  %4 = shiftadd.less %2, %3 : (tensor<?x2x3xf32>, tensor<?x2x3xf32>) -> tensor<?x2x3xi1>
  %5 = shiftadd.where %4, %2, %c : (tensor<?x2x3xi1>, tensor<?x2x3xf32>, tensor<2x1xf32>) -> tensor<?x2x3xf32>
  return %5 : tensor<?x2x3xf32>
}

// One scale per channel names a dimension by itself.
// CHECK-LABEL: func.func @codes_per_axis(
// CHECK-NEXT: shiftadd.transpose
// CHECK-NEXT: shiftadd.quantize
func.func @codes_per_axis(%x: tensor<4x3x2xf32>) -> tensor<4x2x3x!quant.uniform<i8:f32:1, {0.1, 0.2}>> {
  %0 = shiftadd.transpose %x [0, 2, 1] : (tensor<4x3x2xf32>) -> tensor<4x2x3xf32>
  %1 = shiftadd.quantize %0 : (tensor<4x2x3xf32>) -> tensor<4x2x3x!quant.uniform<i8:f32:1, {0.1, 0.2}>>
  return %1 : tensor<4x2x3x!quant.uniform<i8:f32:1, {0.1, 0.2}>>
}

// The transpose has another use: it stays for that, and is passed by this.
// CHECK-LABEL: func.func @two_uses(
// CHECK-DAG: shiftadd.neg %arg0
// CHECK-DAG: %[[T:.*]] = shiftadd.transpose %arg0 [0, 2, 1]
// CHECK-DAG: shiftadd.matmul %[[T]], %arg0
func.func @two_uses(%x: tensor<4x3x2xf32>) -> (tensor<4x3x2xf32>, tensor<4x2x2xf32>) {
  %0 = shiftadd.transpose %x [0, 2, 1] : (tensor<4x3x2xf32>) -> tensor<4x2x3xf32>
  %1 = shiftadd.neg %0 : (tensor<4x2x3xf32>) -> tensor<4x2x3xf32>
  %2 = shiftadd.transpose %1 [0, 2, 1] : (tensor<4x2x3xf32>) -> tensor<4x3x2xf32>
  %3 = shiftadd.matmul %0, %x : (tensor<4x2x3xf32>, tensor<4x3x2xf32>) -> tensor<4x2x2xf32>
  return %2, %3 : tensor<4x3x2xf32>, tensor<4x2x2xf32>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803F000000400000404000008040"
    }
  }
#-}

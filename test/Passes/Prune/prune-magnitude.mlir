// RUN: shiftadd-opt %s --shiftadd-prune-magnitude="fraction=0.5" --canonicalize --split-input-file | FileCheck %s
// RUN: shiftadd-opt %s --shiftadd-prune-magnitude="fraction=0.5 per-layer" --canonicalize --split-input-file | FileCheck %s --check-prefix=LAYER
// RUN: shiftadd-opt %s --shiftadd-prune-magnitude="fraction=0" --canonicalize --split-input-file | FileCheck %s --check-prefix=NONE
// RUN: not shiftadd-opt %s --shiftadd-prune-magnitude="fraction=1" 2>&1 | FileCheck %s --check-prefix=SHARE

// SHARE: error: the share to prune is at least 0 and below 1, not 1

// One ranking of both layers behind the first one; of equal weights the first
// goes first. The first layer stays as it is.
// CHECK-LABEL: func.func @network(
// CHECK-DAG: %[[A:.*]] = shiftadd.constant dense<{{\[\[}}1.000000e+00, -2.000000e+00], [3.000000e+00, 4.000000e+00]]>
// CHECK-DAG: %[[B:.*]] = shiftadd.constant dense<{{\[\[}}0.000000e+00, 0.000000e+00], [0.000000e+00, -5.000000e-01]]>
// CHECK-DAG: %[[C:.*]] = shiftadd.constant dense<{{\[\[}}8.000000e+00, 0.000000e+00], [-7.000000e+00, 6.000000e+00]]>
// CHECK: %[[X:.*]] = shiftadd.dense %arg0, %[[A]] :
// CHECK: %[[Y:.*]] = shiftadd.dense %[[X]], %[[B]] {shiftadd.pruned}
// CHECK: shiftadd.dense %[[Y]], %[[C]] {shiftadd.pruned}
// LAYER-LABEL: func.func @network(
// LAYER-DAG: shiftadd.constant dense<{{\[\[}}1.000000e+00, -2.000000e+00], [3.000000e+00, 4.000000e+00]]>
// LAYER-DAG: shiftadd.constant dense<{{\[\[}}2.500000e-01, 0.000000e+00], [0.000000e+00, -5.000000e-01]]>
// LAYER-DAG: shiftadd.constant dense<{{\[\[}}8.000000e+00, 0.000000e+00], [-7.000000e+00, 0.000000e+00]]>
// NONE-LABEL: func.func @network(
// NONE-DAG: shiftadd.constant dense<{{\[\[}}2.500000e-01, -1.250000e-01], [0.000000e+00, -5.000000e-01]]>
func.func @network(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %a = shiftadd.constant dense<[[1.0, -2.0], [3.0, 4.0]]> : tensor<2x2xf32> as tensor<2x2xf32>
  %b = shiftadd.constant dense<[[0.25, -0.125], [0.0, -0.5]]> : tensor<2x2xf32> as tensor<2x2xf32>
  %c = shiftadd.constant dense<[[8.0, 0.125], [-7.0, 6.0]]> : tensor<2x2xf32> as tensor<2x2xf32>
  %0 = shiftadd.dense %x, %a : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %b : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %2 = shiftadd.dense %1, %c : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}

// -----

// Codes are ranked by what they stand for: 4 is larger than 2^-1 (codes of
// [-1, 2] with a zero: +2^P is 1 + 2 (P + 1)). The largest stay, whatever the
// exponent's own magnitude.
!p = !shiftadd.pot<bits = 8, terms = 1, min_exponent = -1, max_exponent = 2, zero = true>

// CHECK-LABEL: func.func @codes(
// CHECK: shiftadd.constant dense<{{\[\[}}0, 0, 7, 6]]> : tensor<1x4xui8> as tensor<1x4x!{{.*}}pot
// CHECK: shiftadd.shift_dense {{.*}} {shiftadd.pruned}
func.func @codes(%x: tensor<?x1xf32>) -> tensor<?x1xf32> {
  %a = shiftadd.constant dense<[[1.0], [3.0], [1.0], [1.0]]> : tensor<4x1xf32> as tensor<4x1xf32>
  %w = shiftadd.constant dense<[[1, 4, 7, 6]]> : tensor<1x4xui8> as tensor<1x4x!p>
  %0 = shiftadd.dense %x, %a : (tensor<?x1xf32>, tensor<4x1xf32>) -> tensor<?x4xf32>
  %1 = shiftadd.shift_dense %0, %w : (tensor<?x4xf32>, tensor<1x4x!p>) -> tensor<?x1xf32>
  return %1 : tensor<?x1xf32>
}

// -----

// A format without a zero gets one: four values need two bits, five three.
!q = !shiftadd.pot<bits = 2, terms = 1, min_exponent = 0, max_exponent = 1, zero = false>

// CHECK-LABEL: func.func @no_zero(
// CHECK: shiftadd.constant {{.*}} as tensor<1x4x!shiftadd.pot<bits = 3, terms = 1, min_exponent = 0, max_exponent = 1, zero = true>>
// CHECK: shiftadd.shift_dense
func.func @no_zero(%x: tensor<?x1xf32>) -> tensor<?x1xf32> {
  %a = shiftadd.constant dense<[[1.0], [3.0], [1.0], [1.0]]> : tensor<4x1xf32> as tensor<4x1xf32>
  // Codes 0, 1, 2, 3: 1, -1, 2, -2.
  %w = shiftadd.constant dense<[[228]]> : tensor<1x1xui8> as tensor<1x4x!q>
  %0 = shiftadd.dense %x, %a : (tensor<?x1xf32>, tensor<4x1xf32>) -> tensor<?x4xf32>
  %1 = shiftadd.shift_dense %0, %w : (tensor<?x4xf32>, tensor<1x4x!q>) -> tensor<?x1xf32>
  return %1 : tensor<?x1xf32>
}

// -----

// Quantised weights become their zero point, scales count, and the constant
// that another layer also reads stays for that one. Depthwise layers keep their
// weights; adder layers have their own ranking.
!w = !quant.uniform<i8:f32:0, {0.5, 4.0}>

// CHECK-LABEL: func.func @kinds(
// CHECK-DAG: %[[OLD:.*]] = shiftadd.constant dense<{{\[\[}}9, -10], [2, 3]]>
// CHECK-DAG: %[[NEW:.*]] = shiftadd.constant dense<{{\[\[}}0, 0], [2, 3]]>
// CHECK-DAG: %[[ADDER:.*]] = shiftadd.constant dense<{{\[\[}}0.000000e+00, 1.000000e+02]]>
// CHECK: %[[OLDF:.*]] = shiftadd.dequantize %[[OLD]]
// CHECK: shiftadd.dense %arg0, %[[OLDF]] :
// CHECK: %[[NEWF:.*]] = shiftadd.dequantize %[[NEW]]
// CHECK: shiftadd.dense %{{.*}}, %[[NEWF]] {shiftadd.pruned}
// CHECK: shiftadd.conv {{.*}}groups = 2 : i64
// CHECK-NOT: pruned
// CHECK: shiftadd.adder_dense %{{.*}}, %[[ADDER]] {shiftadd.pruned}
func.func @kinds(%x: tensor<?x2xf32>) -> tensor<?x1xf32> {
  %c = shiftadd.constant dense<[[9, -10], [2, 3]]> : tensor<2x2xi8> as tensor<2x2x!w>
  %d = shiftadd.constant dense<0.001> : tensor<2x1x1xf32> as tensor<2x1x1xf32>
  %e = shiftadd.constant dense<[[-90.0, 100.0]]> : tensor<1x2xf32> as tensor<1x2xf32>
  %w = shiftadd.dequantize %c : (tensor<2x2x!w>) -> tensor<2x2xf32>
  %0 = shiftadd.dense %x, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %2 = shiftadd.reshape %1 [-1, 1, 2] : (tensor<?x2xf32>) -> tensor<?x1x2xf32>
  %3 = shiftadd.conv %2, %d {dilations = array<i64: 1>, groups = 2 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x1x2xf32>, tensor<2x1x1xf32>) -> tensor<?x1x2xf32>
  %4 = shiftadd.reshape %3 [-1, 2] : (tensor<?x1x2xf32>) -> tensor<?x2xf32>
  %5 = shiftadd.adder_dense %4, %e : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  return %5 : tensor<?x1xf32>
}

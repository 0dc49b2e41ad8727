// RUN: shiftadd-opt %s --shiftadd-equalize-layers --canonicalize | FileCheck %s
// Factors are powers of two: no result changes.
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-equalize-layers)" | FileCheck %s --check-prefix=EQUAL

// EQUAL: equal: {{[0-9]+}} runs

// The largest weights 8 and 0.5 of the first channel become 2 and 2, so do 1
// and 4 of the second; the bias goes along. The last channel is read by nobody.
// CHECK-LABEL: func.func @dense(
// CHECK-DAG: dense<{{\[\[}}2.000000e+00, -1.000000e+00], [2.000000e+00, 1.000000e+00], [6.400000e+01, 1.000000e+00]]>
// CHECK-DAG: dense<[7.500000e-01, -1.000000e+00, 7.000000e+00]>
// CHECK-DAG: dense<{{\[\[}}2.000000e+00, -2.000000e+00, 0.000000e+00]]>
func.func @dense(%x: tensor<?x2xf32>) -> tensor<?x1xf32> {
  %v = shiftadd.constant dense<[[8.0, -4.0], [1.0, 0.5], [64.0, 1.0]]> : tensor<3x2xf32> as tensor<3x2xf32>
  %b = shiftadd.constant dense<[3.0, -0.5, 7.0]> : tensor<3xf32> as tensor<3xf32>
  %w = shiftadd.constant dense<[[0.5, -4.0, 0.0]]> : tensor<1x3xf32> as tensor<1x3xf32>
  %0 = shiftadd.dense %x, %v, bias %b : (tensor<?x2xf32>, tensor<3x2xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %1 = shiftadd.relu %0 : (tensor<?x3xf32>) -> tensor<?x3xf32>
  %2 = shiftadd.dense %1, %w : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x1xf32>
  return %2 : tensor<?x1xf32>
}

// Through a clamp without an upper bound, a depthwise layer and a pool: the
// factors of a chain settle.
// CHECK-LABEL: func.func @chain(
// CHECK-DAG: dense<{{\[\[\[}}4.000000e+00]], {{\[\[}}-4.000000e+00]]]>
// CHECK-DAG: dense<4.000000e+00> : tensor<2x1x1xf32>
// CHECK-DAG: dense<{{\[\[\[}}2.000000e+00, -4.000000e+00]]]>
func.func @chain(%x: tensor<?x6x1xf32>) -> tensor<?x3x1xf32> {
  %v = shiftadd.constant dense<[[[64.0]], [[-1.0]]]> : tensor<2x1x1xf32> as tensor<2x1x1xf32>
  %d = shiftadd.constant dense<[[[1.0]], [[4.0]]]> : tensor<2x1x1xf32> as tensor<2x1x1xf32>
  %w = shiftadd.constant dense<[[[0.5, -16.0]]]> : tensor<1x1x2xf32> as tensor<1x1x2xf32>
  %0 = shiftadd.conv %x, %v {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x6x1xf32>, tensor<2x1x1xf32>) -> tensor<?x6x2xf32>
  %1 = shiftadd.clamp %0 {minimum = 0.0 : f64} : (tensor<?x6x2xf32>) -> tensor<?x6x2xf32>
  %2 = shiftadd.conv %1, %d {dilations = array<i64: 1>, groups = 2 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x6x2xf32>, tensor<2x1x1xf32>) -> tensor<?x6x2xf32>
  %3 = shiftadd.max_pool %2 {dilations = array<i64: 1>, kernel = array<i64: 2>, padding = array<i64: 0, 0>, strides = array<i64: 2>} : (tensor<?x6x2xf32>) -> tensor<?x3x2xf32>
  %4 = shiftadd.conv %3, %w {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x3x2xf32>, tensor<1x1x2xf32>) -> tensor<?x3x1xf32>
  return %4 : tensor<?x3x1xf32>
}

// Another reader, an upper bound, an activation that is not homogeneous, and
// the graph's own output: everything stays.
// CHECK-LABEL: func.func @refused(
// CHECK-NEXT: shiftadd.constant dense<{{1.600000e\+01|2.500000e-01}}>
// CHECK-NEXT: shiftadd.constant dense<{{1.600000e\+01|2.500000e-01}}>
// CHECK-NOT: shiftadd.constant
func.func @refused(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>) {
  %a = shiftadd.constant dense<16.0> : tensor<2x2xf32> as tensor<2x2xf32>
  %b = shiftadd.constant dense<0.25> : tensor<2x2xf32> as tensor<2x2xf32>
  %0 = shiftadd.dense %x, %a : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %b : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %2 = shiftadd.neg %0 : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %3 = shiftadd.dense %x, %a : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %4 = shiftadd.clamp %3 {minimum = 0.0 : f64, maximum = 6.0 : f64} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %5 = shiftadd.dense %4, %b : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %6 = shiftadd.dense %x, %a : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %7 = shiftadd.sigmoid %6 : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %8 = shiftadd.dense %7, %b : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %9 = shiftadd.dense %x, %a : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %1, %2, %5, %8, %9 : tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>
}

// Weights that are next to nothing do not lift their bias above the others.
// CHECK-LABEL: func.func @dead(
// CHECK-DAG: dense<{{\[\[}}1.000000e+00, 5.000000e-01], [9.53674316E-7, 9.53674316E-7]]>
// CHECK-DAG: dense<[5.000000e-01, 1.000000e+00]>
func.func @dead(%x: tensor<?x2xf32>) -> tensor<?x1xf32> {
  %v = shiftadd.constant dense<[[1.0, 0.5], [9.53674316E-7, 9.53674316E-7]]> : tensor<2x2xf32> as tensor<2x2xf32>
  %b = shiftadd.constant dense<[0.5, 1.0]> : tensor<2xf32> as tensor<2xf32>
  %w = shiftadd.constant dense<[[1.0, 1.0]]> : tensor<1x2xf32> as tensor<1x2xf32>
  %0 = shiftadd.dense %x, %v, bias %b : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %1 = shiftadd.relu %0 : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %2 = shiftadd.dense %1, %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  return %2 : tensor<?x1xf32>
}

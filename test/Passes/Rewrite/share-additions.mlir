// Constant matrices and scales as graphs of shared additions: the same bits as
// the layer, and back.

// RUN: split-file %s %t
// RUN: shiftadd-opt %t/changes.mlir --shiftadd-share-additions 2> %t/remarks | FileCheck %t/changes.mlir --implicit-check-not=shiftadd.dense
// RUN: FileCheck %s --check-prefix=COUNTS < %t/remarks
// RUN: shiftadd-opt %t/changes.mlir --compare-by-running="func.func(shiftadd-share-additions)" --runs=10 | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %t/changes.mlir --compare-by-running="func.func(shiftadd-decompose-mul,shiftadd-share-additions)" | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %t/changes.mlir --compare-by-running="func.func(shiftadd-share-additions,shiftadd-lower-adder-graphs)" | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %t/changes.mlir --shiftadd-share-additions --shiftadd-lower-adder-graphs | FileCheck %t/changes.mlir --check-prefix=BACK --implicit-check-not=adder_graph
// RUN: shiftadd-opt %t/changes.mlir --shiftadd-share-additions --shiftadd-verify-multiplier-free -o /dev/null
// RUN: shiftadd-opt %t/changes.mlir --shiftadd-share-additions="max-size=1" | FileCheck %t/changes.mlir --check-prefix=SMALL
// RUN: shiftadd-opt %t/stays.mlir --shiftadd-share-additions | FileCheck %t/stays.mlir --implicit-check-not=adder_graph

// EQUAL: equal: {{[1-9][0-9]*}} runs
// COUNTS: remark: 4 additions instead of 7
// COUNTS: remark: 3 additions instead of 4
// COUNTS: remark: {{[0-9]+}} additions instead of {{[0-9]+}}

//--- changes.mlir

!x = !quant.uniform<u8:f32, 0.5:13>
!y = !quant.uniform<u8:f32, 4.0:100>

// The sum of the first two inputs is computed once; the last row is 0.
// CHECK-LABEL: func.func @dense(
// CHECK: %[[G:.*]] = adder_graph.graph %arg0 {{.*}} -> tensor<?x4xi32> {
// CHECK-NEXT: ^bb0(%[[A:.*]]: i64, %[[B:.*]]: i64, %[[C:.*]]: i64):
// CHECK-NEXT: %[[AB:.*]] = adder_graph.shift_add %[[A]] shl 0, %[[B]] shl 0
// CHECK: %[[Z:.*]] = adder_graph.zero
// CHECK: adder_graph.output {{.*}}%[[Z]]
// CHECK: return %[[G]]
// BACK-LABEL: func.func @dense(
// BACK: shiftadd.constant dense<{{\[\[}}1, 1, 4], [3, 3, -1], [-1, -1, 0], [0, 0, 0]]> : tensor<4x3xi8>
// BACK: shiftadd.dense
// SMALL-LABEL: func.func @dense(
// SMALL-NOT: adder_graph
func.func @dense(%x: tensor<?x3x!x>) -> tensor<?x4xi32> {
  %w = shiftadd.constant dense<[[1, 1, 4], [3, 3, -1], [-1, -1, 0], [0, 0, 0]]> : tensor<4x3xi8> as tensor<4x3xi8>
  %0 = shiftadd.dense %x, %w : (tensor<?x3x!x>, tensor<4x3xi8>) -> tensor<?x4xi32>
  return %0 : tensor<?x4xi32>
}

// The bias is scaled with the sum: 1000 * 45 and -7 * 7.
// CHECK-LABEL: func.func @scale(
// CHECK: %[[G:.*]] = adder_graph.graph %arg0 {{.*}} -> tensor<?x5x2xi64> {
// CHECK-DAG: shiftadd.constant dense<[45000, -49]> : tensor<2xi64>
// CHECK-DAG: %[[ONE:.*]] = shiftadd.constant dense<1> : tensor<1xi32>
// CHECK: shiftadd.requantize %[[G]], multiplier %[[ONE]]
func.func @scale(%x: tensor<?x5x2xi32>) -> tensor<?x5x2x!y> {
  %b = shiftadd.constant dense<[1000, -7]> : tensor<2xi32> as tensor<2xi32>
  %m = shiftadd.constant dense<[45, 7]> : tensor<2xi32> as tensor<2xi32>
  %s = shiftadd.constant dense<10> : tensor<1xi32> as tensor<1xi32>
  %0 = shiftadd.requantize %x, multiplier %m, shift %s, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<?x5x2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<1xi32>) -> tensor<?x5x2x!y>
  return %0 : tensor<?x5x2x!y>
}

// One multiplier for all channels, no bias.
// CHECK-LABEL: func.func @one_scale(
// CHECK: adder_graph.graph
func.func @one_scale(%x: tensor<?x3xi32>) -> tensor<?x3x!y> {
  %m = shiftadd.constant dense<1000> : tensor<1xi32> as tensor<1xi32>
  %s = shiftadd.constant dense<10> : tensor<1xi32> as tensor<1xi32>
  %0 = shiftadd.requantize %x, multiplier %m, shift %s {rounding = #shiftadd<rounding half_up>} : (tensor<?x3xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x3x!y>
  return %0 : tensor<?x3x!y>
}

//--- stays.mlir

!x = !quant.uniform<u8:f32, 0.5:13>

// Floats; more than 64 columns; a matrix of the run; a sum of 64 bits.
// CHECK-LABEL: func.func @others(
// CHECK-COUNT-3: shiftadd.dense
// CHECK: shiftadd.requantize
func.func @others(%f: tensor<?x2xf32>, %x: tensor<?x65x!x>, %w: tensor<2x65xi8>, %s: tensor<?x2xi64>) -> (tensor<?x1xf32>, tensor<?x1xi32>, tensor<?x2xi32>, tensor<?x2x!x>) {
  %a = shiftadd.constant dense<[[3.0, 4.0]]> : tensor<1x2xf32> as tensor<1x2xf32>
  %b = shiftadd.constant dense<3> : tensor<1x65xi8> as tensor<1x65xi8>
  %m = shiftadd.constant dense<3> : tensor<1xi32> as tensor<1xi32>
  %0 = shiftadd.dense %f, %a : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  %1 = shiftadd.dense %x, %b : (tensor<?x65x!x>, tensor<1x65xi8>) -> tensor<?x1xi32>
  %2 = shiftadd.dense %x, %w : (tensor<?x65x!x>, tensor<2x65xi8>) -> tensor<?x2xi32>
  %3 = shiftadd.requantize %s, multiplier %m, shift %m {rounding = #shiftadd<rounding half_up>} : (tensor<?x2xi64>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x2x!x>
  return %0, %1, %2, %3 : tensor<?x1xf32>, tensor<?x1xi32>, tensor<?x2xi32>, tensor<?x2x!x>
}

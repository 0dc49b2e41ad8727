// RUN: shiftadd-opt %s --shiftadd-prune-blocks="fraction=0.5" --canonicalize | FileCheck %s
// RUN: shiftadd-opt %s --shiftadd-prune-blocks="fraction=0.99" --canonicalize | FileCheck %s --check-prefix=ONE

// Three blocks of 4, 4 and 2 inputs: half of them is two, those of the least
// energy. The first layer has no blocks to lose.
// CHECK-LABEL: func.func @blocks(
// CHECK-DAG: %[[FIRST:.*]] = shiftadd.constant dense<1.000000e+00> : tensor<10x1xf32>
// CHECK-DAG: %[[W:.*]] = shiftadd.constant dense<{{\[\[}}0.000000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00, 1.000000e+00, -2.000000e+00, 1.000000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00], [0.000000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00, 2.000000e+00, 2.000000e+00, 0.000000e+00, 5.000000e-01, 0.000000e+00, 0.000000e+00]]>
// CHECK: shiftadd.dense %arg0, %[[FIRST]] :
// CHECK: shiftadd.dense %{{.*}}, %[[W]] {shiftadd.pruned}
// ONE-LABEL: func.func @blocks(
// ONE: 0.000000e+00, 1.000000e+00, -2.000000e+00, 1.000000e+00
func.func @blocks(%x: tensor<?x1xf32>) -> tensor<?x2xf32> {
  %a = shiftadd.constant dense<1.0> : tensor<10x1xf32> as tensor<10x1xf32>
  %w = shiftadd.constant dense<[[1.0, 1.0, 1.0, 1.0, 1.0, -2.0, 1.0, 0.0, 1.5, 1.0],
                                [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 0.0, 0.5, 1.0, 1.0]]> : tensor<2x10xf32> as tensor<2x10xf32>
  %0 = shiftadd.dense %x, %a : (tensor<?x1xf32>, tensor<10x1xf32>) -> tensor<?x10xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x10xf32>, tensor<2x10xf32>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// Every 16 outputs lose the same number of blocks, each its own.
// CHECK-LABEL: func.func @tiles(
// CHECK: shiftadd.constant dense<"0x000000000000000000000000000000000000803F0000803F0000803F0000803F000000000000000000000000000000000000803F0000803F0000803F0000803F
// CHECK-SAME: {{^[0-9A-F]*}}000000000000000000000000000000000000803F0000803F0000803F0000803F0000004000000040000000400000004000000000000000000000000000000000">
func.func @tiles(%x: tensor<?x1xf32>) -> tensor<?x17xf32> {
  %a = shiftadd.constant dense<1.0> : tensor<8x1xf32> as tensor<8x1xf32>
  %w = shiftadd.constant dense<[
    [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0], [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0],
    [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0], [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0],
    [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0], [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0],
    [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0], [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0],
    [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0], [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0],
    [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0], [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0],
    [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0], [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0],
    [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0], [0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0],
    [2.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0]]> : tensor<17x8xf32> as tensor<17x8xf32>
  %0 = shiftadd.dense %x, %a : (tensor<?x1xf32>, tensor<8x1xf32>) -> tensor<?x8xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x8xf32>, tensor<17x8xf32>) -> tensor<?x17xf32>
  return %1 : tensor<?x17xf32>
}

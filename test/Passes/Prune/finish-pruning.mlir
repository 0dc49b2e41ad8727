// RUN: shiftadd-opt %s --shiftadd-finish-pruning --canonicalize --split-input-file | FileCheck %s
// RUN: shiftadd-opt %s --shiftadd-finish-pruning=channels=1 --canonicalize --split-input-file | FileCheck %s --check-prefix=CHANNELS
// What pruning marks, finishing removes.
// RUN: shiftadd-opt %S/prune-magnitude.mlir --shiftadd-prune-magnitude="fraction=0.5 mark" --shiftadd-finish-pruning --canonicalize --split-input-file | FileCheck %S/prune-magnitude.mlir
// RUN: shiftadd-opt %S/prune-blocks.mlir --shiftadd-prune-blocks="fraction=0.5 mark" --shiftadd-finish-pruning --canonicalize | FileCheck %S/prune-blocks.mlir
// RUN: shiftadd-opt %S/prune-channels.mlir --shiftadd-prune-channels="fraction=0.5 mark" --shiftadd-finish-pruning=channels=1 --canonicalize | FileCheck %S/prune-channels.mlir
// RUN: shiftadd-opt %S/prune-magnitude.mlir --shiftadd-prune-magnitude="fraction=0.5 mark" --canonicalize --split-input-file | FileCheck %s --check-prefix=MARKED

// MARKED-LABEL: func.func @network(
// MARKED-DAG: shiftadd.constant dense<{{\[\[}}2.500000e-01, -1.250000e-01], [0.000000e+00, -5.000000e-01]]>
// MARKED: shiftadd.dense {{.*}} {shiftadd.pruned = dense<{{\[\[}}true, true], [true, false]]> : tensor<2x2xi1>}
// MARKED: shiftadd.dense {{.*}} {shiftadd.pruned = dense<{{\[\[}}false, true], [false, false]]> : tensor<2x2xi1>}

// The codes that calibration has chosen meanwhile become zero.
// CHECK-LABEL: func.func @codes(
// CHECK: shiftadd.constant dense<{{\[\[}}0, 5], [-6, 0]]>
// CHECK: shiftadd.dense {{.*}} {shiftadd.pruned} :
func.func @codes(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %c = shiftadd.constant dense<[[4, 5], [-6, 7]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>
  %w = shiftadd.dequantize %c : (tensor<2x2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>) -> tensor<2x2xf32>
  %0 = shiftadd.dense %x, %w {shiftadd.pruned = dense<[[true, false], [false, true]]> : tensor<2x2xi1>} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

// -----

// Two layers read the channels behind codes: the first channel has no reader.
// Its weights and bias do not matter; the scales of the filter go along.
// CHECK-LABEL: func.func @unread(
// CHECK: -> tensor<?x3xf32>
// CHANNELS-LABEL: func.func @unread(
// CHANNELS: shiftadd.constant dense<{{\[\[}}3, -3], [4, -4]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32:0, {2.500000e-01,1.250000e-01}>>
// CHANNELS: shiftadd.dense {{.*}} bias {{.*}}tensor<2xf32>) -> tensor<?x2xf32>
// CHANNELS: shiftadd.quantize {{.*}} -> tensor<?x2x!quant.uniform<u8:f32, 1.000000e+00>>
// CHANNELS: shiftadd.dense {{.*}}tensor<1x2xf32>) -> tensor<?x1xf32>
// CHANNELS: shiftadd.dense {{.*}}tensor<1x2xf32>) -> tensor<?x1xf32>
func.func @unread(%x: tensor<?x2xf32>) -> (tensor<?x1xf32>, tensor<?x1xf32>) {
  %f = shiftadd.constant dense<[[1.0, -2.0], [0.5, 1.0]]> : tensor<2x2xf32> as tensor<2x2xf32>
  %c = shiftadd.constant dense<[[2, -2], [3, -3], [4, -4]]> : tensor<3x2xi8> as tensor<3x2x!quant.uniform<i8:f32:0, {0.5, 0.25, 0.125}>>
  %b = shiftadd.constant dense<[9.0, 1.0, 2.0]> : tensor<3xf32> as tensor<3xf32>
  %u = shiftadd.constant dense<[[0.0, 2.0, 0.0]]> : tensor<1x3xf32> as tensor<1x3xf32>
  %v = shiftadd.constant dense<[[0.0, 0.0, -3.0]]> : tensor<1x3xf32> as tensor<1x3xf32>
  %w = shiftadd.dequantize %c : (tensor<3x2x!quant.uniform<i8:f32:0, {0.5, 0.25, 0.125}>>) -> tensor<3x2xf32>
  %0 = shiftadd.dense %x, %f : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %w, bias %b : (tensor<?x2xf32>, tensor<3x2xf32>, tensor<3xf32>) -> tensor<?x3xf32>
  %2 = shiftadd.quantize %1 : (tensor<?x3xf32>) -> tensor<?x3x!quant.uniform<u8:f32, 1.0>>
  %3 = shiftadd.dequantize %2 : (tensor<?x3x!quant.uniform<u8:f32, 1.0>>) -> tensor<?x3xf32>
  %4 = shiftadd.dense %3, %u : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x1xf32>
  %5 = shiftadd.dense %3, %v : (tensor<?x3xf32>, tensor<1x3xf32>) -> tensor<?x1xf32>
  return %4, %5 : tensor<?x1xf32>, tensor<?x1xf32>
}

// Adder layers with minima (N33): equal on codes with padded corners, strides,
// dilation and groups; on floats only if asked, and only nearly.

// RUN: split-file %s %t
// RUN: shiftadd-opt %t/codes.mlir --shiftadd-expand-min-form | FileCheck %t/codes.mlir --implicit-check-not=adder_conv --implicit-check-not=adder_dense
// RUN: shiftadd-opt %t/codes.mlir --compare-by-running="func.func(shiftadd-expand-min-form)" --runs=10 | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %t/floats.mlir --shiftadd-expand-min-form | FileCheck %t/floats.mlir
// RUN: shiftadd-opt %t/floats.mlir --shiftadd-expand-min-form=floats=true | FileCheck %t/floats.mlir --check-prefix=EXPANDED
// RUN: shiftadd-opt %t/floats.mlir --compare-by-running="func.func(shiftadd-expand-min-form{floats=true})" --tolerance=1e-6 | FileCheck %s --check-prefix=EQUAL

// EQUAL: equal: {{[1-9][0-9]*}} runs

//--- codes.mlir

!x = !quant.uniform<u8:f32, 0.5:13>

// CHECK-LABEL: func.func @dense(
// CHECK: shiftadd.min
// CHECK: shiftadd.reduce_sum
// CHECK: return
func.func @dense(%x: tensor<?x5x!x>) -> tensor<?x3xi32> {
  %w = shiftadd.constant dense<[[0, 255, 13, 7, 200], [1, 2, 3, 4, 5], [128, 127, 126, 13, 12]]> : tensor<3x5xui8> as tensor<3x5x!x>
  %0 = shiftadd.adder_dense %x, %w : (tensor<?x5x!x>, tensor<3x5x!x>) -> tensor<?x3xi32>
  return %0 : tensor<?x3xi32>
}

// A padded tap has the zero point's code.
// CHECK-LABEL: func.func @padded(
// CHECK: shiftadd.pad {{.*}}value = 1.300000e+01
// CHECK-COUNT-9: shiftadd.min
// CHECK: return
func.func @padded(%x: tensor<?x5x5x2x!x>) -> tensor<?x5x5x3xi32> {
  %w = shiftadd.constant dense_resource<weights> : tensor<3x3x3x2xui8> as tensor<3x3x3x2x!x>
  %0 = shiftadd.adder_conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<?x5x5x2x!x>, tensor<3x3x3x2x!x>) -> tensor<?x5x5x3xi32>
  return %0 : tensor<?x5x5x3xi32>
}

// CHECK-LABEL: func.func @strided(
// CHECK: return
func.func @strided(%x: tensor<2x7x6x2x!x>) -> tensor<2x4x3x3xi32> {
  %w = shiftadd.constant dense_resource<weights> : tensor<3x3x3x2xui8> as tensor<3x3x3x2x!x>
  %0 = shiftadd.adder_conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 1, 0, 1>, strides = array<i64: 2, 2>} : (tensor<2x7x6x2x!x>, tensor<3x3x3x2x!x>) -> tensor<2x4x3x3xi32>
  return %0 : tensor<2x4x3x3xi32>
}

// Two groups, dilation, a bias in the sum.
// CHECK-LABEL: func.func @grouped(
// CHECK: shiftadd.concat
// CHECK: return
func.func @grouped(%x: tensor<?x6x6x4x!x>) -> tensor<?x4x2x4xi32> {
  %w = shiftadd.constant dense<[[[[0, 9], [255, 13]], [[14, 12], [7, 77]]], [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[99, 98], [97, 96]], [[13, 13], [13, 13]]], [[[200, 100], [50, 25]], [[12, 6], [3, 1]]]]> : tensor<4x2x2x2xui8> as tensor<4x2x2x2x!x>
  %b = shiftadd.constant dense<[1, -2, 3, -4]> : tensor<4xi32> as tensor<4xi32>
  %0 = shiftadd.adder_conv %x, %w, bias %b {dilations = array<i64: 2, 3>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 1>, strides = array<i64: 1, 2>} : (tensor<?x6x6x4x!x>, tensor<4x2x2x2x!x>, tensor<4xi32>) -> tensor<?x4x2x4xi32>
  return %0 : tensor<?x4x2x4xi32>
}

// One channel per group: no sum over channels.
// CHECK-LABEL: func.func @depthwise(
// CHECK-NOT: shiftadd.reduce_sum
// CHECK: return
func.func @depthwise(%x: tensor<?x6x3x!x>) -> tensor<?x6x3xi64> {
  %w = shiftadd.constant dense<[[[1], [200], [13]], [[2], [100], [12]], [[3], [50], [14]]]> : tensor<3x3x1xui8> as tensor<3x3x1x!x>
  %0 = shiftadd.adder_conv %x, %w {dilations = array<i64: 1>, groups = 3 : i64, padding = array<i64: 1, 1>, strides = array<i64: 1>} : (tensor<?x6x3x!x>, tensor<3x3x1x!x>) -> tensor<?x6x3xi64>
  return %0 : tensor<?x6x3xi64>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x0100000000010203FF0D0E0C0B80817F7E0B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14395E83A8CDF2173C6186ABD0F51A3F6489AED3"
    }
  }
#-}

//--- floats.mlir

// CHECK-LABEL: func.func @dense(
// CHECK: shiftadd.adder_dense
// EXPANDED-LABEL: func.func @dense(
// EXPANDED: shiftadd.min
func.func @dense(%x: tensor<?x5xf32>) -> tensor<?x2xf32> {
  %w = shiftadd.constant dense<[[0.0, 2.5, -1.0, 7.0, 0.25], [1.0, 2.0, 3.0, -4.0, 5.0]]> : tensor<2x5xf32> as tensor<2x5xf32>
  %b = shiftadd.constant dense<[1.0, -2.0]> : tensor<2xf32> as tensor<2xf32>
  %0 = shiftadd.adder_dense %x, %w, bias %b : (tensor<?x5xf32>, tensor<2x5xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

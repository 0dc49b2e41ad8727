// What the values of constants prove becomes an attribute of the kernel's ops.
// RUN: shiftadd-opt %s --pass-pipeline="builtin.module(func.func(shiftadd-fuse-layers),shiftadd-outline-kernels)" | FileCheck %s
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-fuse-layers),shiftadd-outline-kernels" --tolerance=0

!u8 = !quant.uniform<u8:f32, 0.5:3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>

// The residual is scaled in the kernel of the convolution whose sums it joins.
// CHECK: shiftadd.kernel @conv_
// CHECK: shiftadd.conv
// Two products of 100 * 255 leave 16 bits.
// CHECK-NOT: shiftadd.chunk
// CHECK: shiftadd.requantize_residual
// CHECK-SAME: shiftadd.left_shift = 0 : i64
// CHECK-SAME: shiftadd.powers_of_two = 1 : i64
// CHECK-SAME: shiftadd.residual_shift = 3 : i64
// CHECK-SAME: shiftadd.right_shift = 5 : i64
// CHECK-SAME: shiftadd.zero_folded = 1 : i64
// CHECK: shiftadd.kernel @conv_
// CHECK: shiftadd.conv
// CHECK-SAME: shiftadd.chunk = 8 : i64
// CHECK-SAME: shiftadd.chunk_run = 8 : i64
// CHECK: shiftadd.requantize
// CHECK-NOT: powers_of_two
// CHECK: shiftadd.right_shift = 6 : i64
func.func @main(%x: tensor<1x4x4x8x!u8>) -> tensor<1x4x4x2x!u8> {
  %w = shiftadd.constant dense<[[[[1, -2, 3, 4, 5, 6, 7, 8]]], [[[8, 7, 6, 5, 4, 3, 2, 1]]]]> : tensor<2x1x1x8xi8> as tensor<2x1x1x8x!w>
  %large = shiftadd.constant dense<[[[[100, 100, 3, 4, 5, 6, 7, 8]]], [[[8, 7, 6, 5, 4, 3, 2, 1]]]]> : tensor<2x1x1x8xi8> as tensor<2x1x1x8x!w>
  %m = shiftadd.constant dense<[5, 7]> : tensor<2xi32> as tensor<2xi32>
  %s = shiftadd.constant dense<6> : tensor<2xi32> as tensor<2xi32>
  %four = shiftadd.constant dense<4> : tensor<2xi32> as tensor<2xi32>
  %thirtytwo = shiftadd.constant dense<32> : tensor<2xi32> as tensor<2xi32>
  %seven = shiftadd.constant dense<7> : tensor<2xi32> as tensor<2xi32>
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x4x4x8x!u8>, tensor<2x1x1x8x!w>) -> tensor<1x4x4x2xi32>
  %1 = shiftadd.requantize %0, multiplier %m, shift %s {arithmetic = #shiftadd<arithmetic int32>, rounding = #shiftadd<rounding half_up>} : (tensor<1x4x4x2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<1x4x4x2x!u8>
  %2 = shiftadd.conv %x, %large {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x4x4x8x!u8>, tensor<2x1x1x8x!w>) -> tensor<1x4x4x2xi32>
  %3 = shiftadd.requantize_residual %2, multiplier %four, shift %seven, residual %1, residual_multiplier %thirtytwo {arithmetic = #shiftadd<arithmetic int32>, rounding = #shiftadd<rounding half_up>} : (tensor<1x4x4x2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<1x4x4x2x!u8>, tensor<2xi32>) -> tensor<1x4x4x2x!u8>
  return %3 : tensor<1x4x4x2x!u8>
}

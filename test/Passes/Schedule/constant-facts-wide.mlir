// RUN: shiftadd-opt %s --pass-pipeline="builtin.module(func.func(shiftadd-fuse-layers),shiftadd-outline-kernels)" | FileCheck %s

// Codes of more than 31 bits, less the lowest one, do not fit the integer that a
// single offset is made for.
// CHECK: shiftadd.kernel @requantize_
// CHECK: shiftadd.requantize
// CHECK-SAME: arithmetic double
// CHECK-NOT: shiftadd.real_offset
// CHECK: shiftadd.yield
func.func @wide_codes(%x: tensor<1x4xi32>) -> tensor<1x4x!quant.uniform<i32<-1073741824:1073741824>:f32, 0.5>> {
  %m = shiftadd.constant dense<3> : tensor<1xi32> as tensor<1xi32>
  %s = shiftadd.constant dense<4> : tensor<1xi32> as tensor<1xi32>
  %0 = shiftadd.requantize %x, multiplier %m, shift %s {arithmetic = #shiftadd<arithmetic double>, rounding = #shiftadd<rounding half_up>} : (tensor<1x4xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<1x4x!quant.uniform<i32<-1073741824:1073741824>:f32, 0.5>>
  return %0 : tensor<1x4x!quant.uniform<i32<-1073741824:1073741824>:f32, 0.5>>
}

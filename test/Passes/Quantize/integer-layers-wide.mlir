// RUN: shiftadd-opt %s --shiftadd-integer-layers | FileCheck %s
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-integer-layers)" --tolerance=0
// RUN: shiftadd-opt %s --shiftadd-integer-layers --shiftadd-choose-arithmetic -o /dev/null

// What integers of the widths here cannot hold stays float.

// Weights less their zero point take more than 16 bits.
// CHECK-LABEL: func.func @wide_weights
// CHECK-NOT: shiftadd.requantize
// CHECK: return
func.func @wide_weights(%x: tensor<1x2x!quant.uniform<u8:f32, 0.5>>) -> tensor<1x1x!quant.uniform<u8:f32, 64.0>> {
  %c = shiftadd.constant dense<[[60000, 1000]]> : tensor<1x2xui16> as tensor<1x2x!quant.uniform<u16:f32, 0.001:5000>>
  %w = shiftadd.dequantize %c : (tensor<1x2x!quant.uniform<u16:f32, 0.001:5000>>) -> tensor<1x2xf32>
  %r = shiftadd.dequantize %x : (tensor<1x2x!quant.uniform<u8:f32, 0.5>>) -> tensor<1x2xf32>
  %d = shiftadd.dense %r, %w : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  %q = shiftadd.quantize %d : (tensor<1x1xf32>) -> tensor<1x1x!quant.uniform<u8:f32, 64.0>>
  return %q : tensor<1x1x!quant.uniform<u8:f32, 64.0>>
}

// The sum of the window takes more than 32 bits.
// CHECK-LABEL: func.func @wide_sum
// CHECK-NOT: shiftadd.sum_pool
// CHECK: return
func.func @wide_sum(%x: tensor<1x256x256x1x!quant.uniform<u16:f32, 0.5>>) -> tensor<1x1x1x1x!quant.uniform<u16:f32, 0.5>> {
  %r = shiftadd.dequantize %x : (tensor<1x256x256x1x!quant.uniform<u16:f32, 0.5>>) -> tensor<1x256x256x1xf32>
  %a = shiftadd.reduce_mean %r {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<1x256x256x1xf32>) -> tensor<1x1x1x1xf32>
  %q = shiftadd.quantize %a : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1x!quant.uniform<u16:f32, 0.5>>
  return %q : tensor<1x1x1x1x!quant.uniform<u16:f32, 0.5>>
}

// The second channel's weights are so small that its bias has more steps than
// a product holds: the channel is the constant 20 + 3 (N126).
// CHECK-LABEL: func.func @bias_of_many_steps
// CHECK-DAG: shiftadd.constant dense<[3, 14]> : tensor<2xi32>
// CHECK-DAG: shiftadd.constant dense<[64, 327680]> : tensor<2xi32>
// CHECK: shiftadd.requantize
func.func @bias_of_many_steps(%x: tensor<1x2x!quant.uniform<u8:f32, 0.5>>) -> tensor<1x2x!quant.uniform<u8:f32, 0.5:3>> {
  %c = shiftadd.constant dense<[[6, 7], [8, -9]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32:0, {0.125, 1.0e-15}>>
  %w = shiftadd.dequantize %c : (tensor<2x2x!quant.uniform<i8:f32:0, {0.125, 1.0e-15}>>) -> tensor<2x2xf32>
  %b = shiftadd.constant dense<[4.0, 10.0]> : tensor<2xf32> as tensor<2xf32>
  %r = shiftadd.dequantize %x : (tensor<1x2x!quant.uniform<u8:f32, 0.5>>) -> tensor<1x2xf32>
  %d = shiftadd.dense %r, %w, bias %b : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %q = shiftadd.quantize %d : (tensor<1x2xf32>) -> tensor<1x2x!quant.uniform<u8:f32, 0.5:3>>
  return %q : tensor<1x2x!quant.uniform<u8:f32, 0.5:3>>
}

// RUN: shiftadd-opt %s --shiftadd-choose-arithmetic --shiftadd-print-ranges --verify-diagnostics -o /dev/null

!q = !quant.uniform<u8:f32, 0.5>

// 2 * 255 and -3 * 255; 11 bits hold it.
func.func @products(%x: tensor<?x2x!q>, %r: tensor<?x1x!q>) -> (tensor<?x1x!q>, tensor<?x1x!q>) {
  %w = shiftadd.constant dense<[[2, -3]]> : tensor<1x2xi8> as tensor<1x2x!quant.uniform<i8:f32, 0.25>>
  %m = shiftadd.constant dense<-1000> : tensor<1xi32> as tensor<1xi32>
  %s = shiftadd.constant dense<10> : tensor<1xi32> as tensor<1xi32>
  %b = shiftadd.constant dense<-7> : tensor<1xi32> as tensor<1xi32>
  %0 = shiftadd.dense %x, %w : (tensor<?x2x!q>, tensor<1x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x1xi32>
  // expected-remark@+1 {{shiftadd.dense: sum in [-765, 510], 11 bits in 'i32'; with bias |sum| <= 772; products up to 772000, 21 bits in int32}}
  %1 = shiftadd.requantize %0, multiplier %m, shift %s, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<?x1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x1x!q>
  // The residual adds 255 * 1000.
  // expected-remark@+1 {{shiftadd.dense: sum in [-765, 510], 11 bits in 'i32'; with bias |sum| <= 772; products up to 1027000, 21 bits in int32}}
  %2 = shiftadd.requantize_residual %0, multiplier %m, shift %s, residual %r, residual_multiplier %m, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<?x1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<?x1x!q>, tensor<1xi32>) -> tensor<?x1x!q>
  return %1, %2 : tensor<?x1x!q>, tensor<?x1x!q>
}

// Distances: 255 + 253 below 0, never above; padding counts as code 0.
func.func @distances(%x: tensor<?x1x1x!q>) -> tensor<?x2x1x!q> {
  %w = shiftadd.constant dense<[[[255], [2]]]> : tensor<1x2x1xui8> as tensor<1x2x1x!q>
  %m = shiftadd.constant dense<1> : tensor<1xi32> as tensor<1xi32>
  %0 = shiftadd.adder_conv %x, %w {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 1, 1>, strides = array<i64: 1>} : (tensor<?x1x1x!q>, tensor<1x2x1x!q>) -> tensor<?x2x1xi32>
  // expected-remark@+1 {{shiftadd.adder_conv: sum in [-508, 0], 10 bits in 'i32'; with bias |sum| <= 508; products up to 508, 10 bits in int32}}
  %1 = shiftadd.requantize %0, multiplier %m, shift %m {rounding = #shiftadd<rounding half_up>} : (tensor<?x2x1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x2x1x!q>
  return %1 : tensor<?x2x1x!q>
}

// Matrices of codes, less a zero point: 7 * 245 * 255, of either sign.
func.func @matrices(%a: tensor<?x2x7x!quant.uniform<u8:f32, 0.5:10>>, %b: tensor<?x7x3x!q>) -> tensor<?x2x3x!q> {
  %z = shiftadd.constant dense<-10> : tensor<1xi32> as tensor<1xi32>
  %m = shiftadd.constant dense<1> : tensor<1xi32> as tensor<1xi32>
  %s = shiftadd.constant dense<0> : tensor<1xi32> as tensor<1xi32>
  // expected-remark@+1 {{argument: type holds [0, 255], 9 bits in}}
  %0 = shiftadd.requantize %a, multiplier %m, shift %s, bias %z {rounding = #shiftadd<rounding floor>} : (tensor<?x2x7x!quant.uniform<u8:f32, 0.5:10>>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x2x7x!quant.uniform<i16:f32, 0.5>>
  %1 = shiftadd.matmul %0, %b : (tensor<?x2x7x!quant.uniform<i16:f32, 0.5>>, tensor<?x7x3x!q>) -> tensor<?x2x3xi32>
  // expected-remark@+1 {{shiftadd.matmul: sum in [-437325, 437325], 20 bits in 'i32'}}
  %2 = shiftadd.requantize %1, multiplier %m, shift %s {rounding = #shiftadd<rounding half_up>} : (tensor<?x2x3xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x2x3x!q>
  return %2 : tensor<?x2x3x!q>
}

// The checks of a function that holds them; the results go to the output.
// RUN: shiftadd-opt --run %s | FileCheck %s

// Every rounding mode on ties, negatives and a saturation (N50, N101).
// CHECK-LABEL: @rounding
func.func @rounding() {
  %acc = shiftadd.constant dense<[-5, -3, -1, 1, 3, 5, 300, -300]> : tensor<8xi32> as tensor<8xi32>
  %zero = shiftadd.constant dense<0> : tensor<1xi32> as tensor<1xi32>
  %one = shiftadd.constant dense<1> : tensor<1xi32> as tensor<1xi32>

  %0 = shiftadd.requantize %acc, multiplier %one, shift %one, bias %zero {rounding = #shiftadd<rounding half_even>} : (tensor<8xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<8x!quant.uniform<i8:f32, 1.0>>
  %e0 = shiftadd.constant dense<[-2, -2, 0, 0, 2, 2, 127, -128]> : tensor<8xi8> as tensor<8x!quant.uniform<i8:f32, 1.0>>
  shiftadd.check_equal %0, %e0 : tensor<8x!quant.uniform<i8:f32, 1.0>>, tensor<8x!quant.uniform<i8:f32, 1.0>>

  %1 = shiftadd.requantize %acc, multiplier %one, shift %one, bias %zero {rounding = #shiftadd<rounding half_up>} : (tensor<8xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<8x!quant.uniform<i8:f32, 1.0>>
  %e1 = shiftadd.constant dense<[-2, -1, 0, 1, 2, 3, 127, -128]> : tensor<8xi8> as tensor<8x!quant.uniform<i8:f32, 1.0>>
  shiftadd.check_equal %1, %e1 : tensor<8x!quant.uniform<i8:f32, 1.0>>, tensor<8x!quant.uniform<i8:f32, 1.0>>

  %2 = shiftadd.requantize %acc, multiplier %one, shift %one, bias %zero {rounding = #shiftadd<rounding floor>} : (tensor<8xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<8x!quant.uniform<i8:f32, 1.0>>
  %e2 = shiftadd.constant dense<[-3, -2, -1, 0, 1, 2, 127, -128]> : tensor<8xi8> as tensor<8x!quant.uniform<i8:f32, 1.0>>
  shiftadd.check_equal %2, %e2 : tensor<8x!quant.uniform<i8:f32, 1.0>>, tensor<8x!quant.uniform<i8:f32, 1.0>>

  %3 = shiftadd.requantize %acc, multiplier %one, shift %one, bias %zero {rounding = #shiftadd<rounding trunc_zero>} : (tensor<8xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<8x!quant.uniform<i8:f32, 1.0>>
  %e3 = shiftadd.constant dense<[-2, -1, 0, 0, 1, 2, 127, -128]> : tensor<8xi8> as tensor<8x!quant.uniform<i8:f32, 1.0>>
  shiftadd.check_equal %3, %e3 : tensor<8x!quant.uniform<i8:f32, 1.0>>, tensor<8x!quant.uniform<i8:f32, 1.0>>
  return
}

// A padded position of an adder layer contributes -|0 - w| (N26): each corner
// has 4 taps of |5 - 2| and 5 of |0 - 2|.
// CHECK-LABEL: @adder_padding
// CHECK-NEXT: result 0: tensor<1x2x2x1xf32> {{\[\[\[\[}}-22], [-22]], {{\[\[}}-22], [-22]]]]
func.func @adder_padding() -> tensor<1x2x2x1xf32> {
  %x = shiftadd.constant dense<5.0> : tensor<1x2x2x1xf32> as tensor<1x2x2x1xf32>
  %w = shiftadd.constant dense<2.0> : tensor<1x3x3x1xf32> as tensor<1x3x3x1xf32>
  %0 = shiftadd.adder_conv %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x2x1xf32>, tensor<1x3x3x1xf32>) -> tensor<1x2x2x1xf32>
  return %0 : tensor<1x2x2x1xf32>
}

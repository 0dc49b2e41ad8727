// Constants pack codes of odd widths along the last axis, low bits first, rows
// padded to a byte; every reader sees one code per element.

// RUN: shiftadd-opt %s --run | FileCheck %s
// RUN: shiftadd-opt %s | FileCheck --check-prefix=FORM %s

!code = !shiftadd.pot<bits = 5, terms = 1, min_exponent = 0, max_exponent = 6, zero = true>
!nibble = !quant.uniform<i4:f32, 0.5>
!scale = !shiftadd.pot<bits = 10, terms = 2, min_exponent = 0, max_exponent = 9, zero = true>
!input = !quant.uniform<i8:f32, 1.0>

// CHECK: @shift_dense
func.func @shift_dense() {
  %x = shiftadd.constant dense<[[1, 2, 3]]> : tensor<1x3xi8> as tensor<1x3x!input>
  // Rows [1, -2, 64] and [0, 4, 1]: codes [1, 4, 13] and [0, 5, 1].
  // FORM: shiftadd.constant dense<{{\[\[}}129, 52], [160, 4]]> : tensor<2x2xui8> as tensor<2x3x!shiftadd.pot<bits = 5
  %w = shiftadd.constant dense<[[129, 52], [160, 4]]> : tensor<2x2xui8> as tensor<2x3x!code>
  %y = shiftadd.shift_dense %x, %w : (tensor<1x3x!input>, tensor<2x3x!code>) -> tensor<1x2xi32>
  %z = shiftadd.constant dense<[[189, 11]]> : tensor<1x2xi32> as tensor<1x2xi32>
  shiftadd.check_equal %y, %z : tensor<1x2xi32>, tensor<1x2xi32>
  return
}

// CHECK: @nibbles
func.func @nibbles() {
  // -8, 7 and -1.
  %q = shiftadd.constant dense<[120, 15]> : tensor<2xui8> as tensor<3x!nibble>
  %x = shiftadd.dequantize %q : (tensor<3x!nibble>) -> tensor<3xf32>
  %y = shiftadd.constant dense<[-4.0, 3.5, -0.5]> : tensor<3xf32> as tensor<3xf32>
  shiftadd.check_equal %x, %y : tensor<3xf32>, tensor<3xf32>
  return
}

// CHECK: @multiplier_codes
func.func @multiplier_codes() {
  // 5 = 4 + 1: the fields 1 + 2 * 0 and 1 + 2 * 2, of 5 bits.
  %sum = shiftadd.constant dense<[[100, -7]]> : tensor<1x2xi32> as tensor<1x2xi32>
  %m = shiftadd.constant dense<[161, 0]> : tensor<2xui8> as tensor<1x!scale>
  %s = shiftadd.constant dense<2> : tensor<1xi32> as tensor<1xi32>
  %q = shiftadd.requantize %sum, multiplier %m, shift %s {rounding = #shiftadd<rounding half_up>} : (tensor<1x2xi32>, tensor<1x!scale>, tensor<1xi32>) -> tensor<1x2x!input>
  %e = shiftadd.constant dense<[[125, -9]]> : tensor<1x2xi8> as tensor<1x2x!input>
  shiftadd.check_equal %q, %e : tensor<1x2x!input>, tensor<1x2x!input>
  return
}

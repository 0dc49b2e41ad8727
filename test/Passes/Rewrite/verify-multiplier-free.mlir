// Every multiplication is named with its reason (N108); shifts and additions
// are not.

// RUN: shiftadd-opt %s --shiftadd-verify-multiplier-free --split-input-file --verify-diagnostics -o /dev/null

!x = !quant.uniform<u8:f32, 0.5:13>
!k = !shiftadd.pot<bits = 8, terms = 2, min_exponent = 0, max_exponent = 6, zero = true>

func.func @layers(%x: tensor<?x2x!x>, %f: tensor<?x2xf32>, %v: tensor<2x2xi8>) -> (tensor<?x2xi32>, tensor<?x2xi32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<?x2xi32>) {
  %w = shiftadd.constant dense<[[3, 4], [1, 2]]> : tensor<2x2xi8> as tensor<2x2xi8>
  %p = shiftadd.constant dense<[[-4, 0], [64, -128]]> : tensor<2x2xi8> as tensor<2x2xi8>
  %r = shiftadd.constant dense<[[3.0, 4.0], [1.0, 2.0]]> : tensor<2x2xf32> as tensor<2x2xf32>
  // expected-error@+1 {{'shiftadd.dense' multiplies by constants that are not decomposed into powers of two (N108)}}
  %0 = shiftadd.dense %x, %w : (tensor<?x2x!x>, tensor<2x2xi8>) -> tensor<?x2xi32>
  // expected-error@+1 {{'shiftadd.dense' multiplies two values of the run}}
  %1 = shiftadd.dense %x, %v : (tensor<?x2x!x>, tensor<2x2xi8>) -> tensor<?x2xi32>
  // expected-error@+1 {{'shiftadd.dense' multiplies floats}}
  %2 = shiftadd.dense %f, %r : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  // Powers of two as they are.
  %3 = shiftadd.dense %x, %p : (tensor<?x2x!x>, tensor<2x2xi8>) -> tensor<?x2xi32>
  %c = shiftadd.constant dense<[[77, 12], [0, 48]]> : tensor<2x2xui8> as tensor<2x2x!k>
  %4 = shiftadd.shift_dense %x, %c : (tensor<?x2x!x>, tensor<2x2x!k>) -> tensor<?x2xi32>
  return %0, %1, %2, %3, %4 : tensor<?x2xi32>, tensor<?x2xi32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<?x2xi32>
}

// -----

!x = !quant.uniform<u8:f32, 0.5:13>
!s = !shiftadd.pot<bits = 8, terms = 2, min_exponent = 0, max_exponent = 6, zero = true>

func.func @scales(%x: tensor<?x2xi32>, %m: tensor<1xi32>, %y: tensor<?x2x!x>) -> (tensor<?x2x!x>, tensor<?x2x!x>, tensor<?x2x!x>, tensor<?x2x!x>, tensor<?x2x!x>, tensor<?x2x!x>) {
  %three = shiftadd.constant dense<3> : tensor<1xi32> as tensor<1xi32>
  %four = shiftadd.constant dense<4> : tensor<1xi32> as tensor<1xi32>
  %code = shiftadd.constant dense<18> : tensor<1xui8> as tensor<1x!s>
  // expected-error@+1 {{'shiftadd.requantize' scales by multipliers that are not decomposed into powers of two (N108)}}
  %0 = shiftadd.requantize %x, multiplier %three, shift %four {rounding = #shiftadd<rounding half_up>} : (tensor<?x2xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x2x!x>
  // expected-error@+1 {{'shiftadd.requantize' scales by a multiplier of the run}}
  %1 = shiftadd.requantize %x, multiplier %m, shift %four {rounding = #shiftadd<rounding half_up>} : (tensor<?x2xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x2x!x>
  %2 = shiftadd.requantize %x, multiplier %four, shift %four {rounding = #shiftadd<rounding half_up>} : (tensor<?x2xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x2x!x>
  %3 = shiftadd.requantize %x, multiplier %code, shift %four {rounding = #shiftadd<rounding half_up>} : (tensor<?x2xi32>, tensor<1x!s>, tensor<1xi32>) -> tensor<?x2x!x>
  // expected-error@+1 {{'shiftadd.requantize_add' scales by a multiplier that is not decomposed}}
  %4 = shiftadd.requantize_add %y, %y {lhs_multiplier = 3 : i64, rhs_multiplier = 4 : i64, rounding = #shiftadd<rounding half_up>, shift = 3 : i64} : (tensor<?x2x!x>, tensor<?x2x!x>) -> tensor<?x2x!x>
  %5 = shiftadd.requantize_add %y, %y {lhs_multiplier = 3 : i64, rhs_multiplier = 4 : i64, rounding = #shiftadd<rounding half_up>, shift = 3 : i64, shift_add} : (tensor<?x2x!x>, tensor<?x2x!x>) -> tensor<?x2x!x>
  return %0, %1, %2, %3, %4, %5 : tensor<?x2x!x>, tensor<?x2x!x>, tensor<?x2x!x>, tensor<?x2x!x>, tensor<?x2x!x>, tensor<?x2x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5:13>

func.func @elementwise(%a: tensor<?x2xi32>, %b: tensor<?x2xi32>, %f: tensor<?x2xf32>) -> (tensor<?x2xi32>, tensor<?x2xi32>, tensor<?x2xi32>, tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>) {
  %three = shiftadd.constant dense<3> : tensor<1xi32> as tensor<1xi32>
  %third = shiftadd.constant dense<0.3> : tensor<1xf32> as tensor<1xf32>
  %half = shiftadd.constant dense<0.5> : tensor<1xf32> as tensor<1xf32>
  // expected-error@+1 {{'shiftadd.mul' multiplies two values of the run}}
  %0 = shiftadd.mul %a, %b : (tensor<?x2xi32>, tensor<?x2xi32>) -> tensor<?x2xi32>
  // expected-error@+1 {{'shiftadd.mul' multiplies by constants that are not decomposed}}
  %1 = shiftadd.mul %a, %three : (tensor<?x2xi32>, tensor<1xi32>) -> tensor<?x2xi32>
  // expected-error@+1 {{'shiftadd.div' divides by a value of the run}}
  %2 = shiftadd.div %a, %b : (tensor<?x2xi32>, tensor<?x2xi32>) -> tensor<?x2xi32>
  // expected-error@+1 {{'shiftadd.mul' multiplies floats}}
  %3 = shiftadd.mul %f, %third : (tensor<?x2xf32>, tensor<1xf32>) -> tensor<?x2xf32>
  %4 = shiftadd.mul %f, %half : (tensor<?x2xf32>, tensor<1xf32>) -> tensor<?x2xf32>
  // expected-error@+1 {{'shiftadd.sigmoid' computes a function of floats}}
  %5 = shiftadd.sigmoid %4 : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %6 = shiftadd.add %4, %3 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<?x2xi32>, tensor<?x2xi32>, tensor<?x2xi32>, tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>
}

// -----

!x = !quant.uniform<u8:f32, 0.5:13>

// The caller's floats are converted at the border; conversions inside are the
// network's own arithmetic.
func.func @border(%f: tensor<?x2x2xf32>) -> tensor<?x4xf32> {
  %0 = shiftadd.transpose %f [0, 2, 1] : (tensor<?x2x2xf32>) -> tensor<?x2x2xf32>
  // expected-remark@+1 {{'shiftadd.quantize' converts between floats and codes at the network's border}}
  %1 = shiftadd.quantize %0 : (tensor<?x2x2xf32>) -> tensor<?x2x2x!x>
  // expected-error@+1 {{'shiftadd.dequantize' converts between floats and codes (N108)}}
  %2 = shiftadd.dequantize %1 : (tensor<?x2x2x!x>) -> tensor<?x2x2xf32>
  %3 = shiftadd.abs %2 : (tensor<?x2x2xf32>) -> tensor<?x2x2xf32>
  // expected-error@+1 {{'shiftadd.quantize' converts between floats and codes (N108)}}
  %4 = shiftadd.quantize %3 : (tensor<?x2x2xf32>) -> tensor<?x2x2x!x>
  %5 = shiftadd.max_pool %4 {dilations = array<i64: 1>, kernel = array<i64: 1>, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<?x2x2x!x>) -> tensor<?x2x2x!x>
  // expected-remark@+1 {{'shiftadd.dequantize' converts between floats and codes at the network's border}}
  %6 = shiftadd.dequantize %5 : (tensor<?x2x2x!x>) -> tensor<?x2x2xf32>
  %7 = shiftadd.reshape %6 [-1, 4] : (tensor<?x2x2xf32>) -> tensor<?x4xf32>
  return %7 : tensor<?x4xf32>
}

// -----

// Inside a layer the weights are looked up outside of it.
func.func @layer(%x: tensor<?x2xi8>) -> tensor<?x2xi32> {
  %w = shiftadd.constant dense<[[3, 4], [1, 2]]> : tensor<2x2xi8> as tensor<2x2xi8>
  %p = shiftadd.constant dense<[[-4, 0], [64, -128]]> : tensor<2x2xi8> as tensor<2x2xi8>
  %0 = shiftadd.layer "a" (%x, %w, %p) : (tensor<?x2xi8>, tensor<2x2xi8>, tensor<2x2xi8>) -> tensor<?x2xi32> {
  ^bb0(%a: tensor<?x2xi8>, %b: tensor<2x2xi8>, %c: tensor<2x2xi8>):
    // expected-error@+1 {{multiplies by constants that are not decomposed}}
    %1 = shiftadd.dense %a, %b : (tensor<?x2xi8>, tensor<2x2xi8>) -> tensor<?x2xi32>
    %2 = shiftadd.dense %a, %c : (tensor<?x2xi8>, tensor<2x2xi8>) -> tensor<?x2xi32>
    %3 = shiftadd.add %1, %2 : (tensor<?x2xi32>, tensor<?x2xi32>) -> tensor<?x2xi32>
    shiftadd.yield %3 : tensor<?x2xi32>
  }
  return %0 : tensor<?x2xi32>
}

// One case per rule of every verifier.

// RUN: shiftadd-opt %s --split-input-file --verify-diagnostics

//===--- Quantisation. ---===//

// N51.
func.func @quantize_input(%x: tensor<2x3xf64>) {
  // expected-error@+1 {{takes f32, got 'tensor<2x3xf64>'}}
  %0 = shiftadd.quantize %x : (tensor<2x3xf64>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N51.
func.func @quantize_result(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{needs a !quant.uniform element type}}
  %0 = shiftadd.quantize %x : (tensor<2x3xf32>) -> tensor<2x3xui8>
  return
}

// -----

func.func @quantize_axis(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{has 2 scales on dimension 1}}
  %0 = shiftadd.quantize %x : (tensor<2x3xf32>) -> tensor<2x3x!quant.uniform<i8:f32:1, {0.5,0.25}>>
  return
}

// -----

func.func @dequantize_result(%x: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  // expected-error@+1 {{gives f32, not 'tensor<2x3xf64>'}}
  %0 = shiftadd.dequantize %x : (tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) -> tensor<2x3xf64>
  return
}

// -----

func.func @dequantize_input(%x: tensor<2x3xui8>) {
  // expected-error@+1 {{needs a !quant.uniform element type}}
  %0 = shiftadd.dequantize %x : (tensor<2x3xui8>) -> tensor<2x3xf32>
  return
}

// -----

// N50.
func.func @requantize_accumulator(%x: tensor<2x3xi16>, %m: tensor<3xi32>, %s: tensor<1xi32>, %b: tensor<3xi32>) {
  // expected-error@+1 {{scales an i32 or i64 accumulator or codes of at most 16 bits, got 'i16'}}
  %0 = shiftadd.requantize %x, multiplier %m, shift %s, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<2x3xi16>, tensor<3xi32>, tensor<3xi32>, tensor<1xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N50.
func.func @requantize_result(%x: tensor<2x3xi32>, %m: tensor<3xi32>, %s: tensor<1xi32>, %b: tensor<3xi32>) {
  // expected-error@+1 {{gives a per-tensor !quant.uniform, not}}
  %0 = shiftadd.requantize %x, multiplier %m, shift %s, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<2x3xi32>, tensor<3xi32>, tensor<3xi32>, tensor<1xi32>) -> tensor<2x3xui8>
  return
}

// -----

// N50.
func.func @requantize_multipliers(%x: tensor<2x3xi32>, %m: tensor<2xi32>, %s: tensor<1xi32>, %b: tensor<3xi32>) {
  // expected-error@+1 {{needs parameters of 1 or 3 i32 elements}}
  %0 = shiftadd.requantize %x, multiplier %m, shift %s, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<2x3xi32>, tensor<3xi32>, tensor<2xi32>, tensor<1xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N50.
func.func @requantize_multiplier_rank(%x: tensor<2x3xi32>, %m: tensor<1x3xi32>, %s: tensor<1xi32>, %b: tensor<3xi32>) {
  // expected-error@+1 {{needs parameters of 1 or 3 i32 elements}}
  %0 = shiftadd.requantize %x, multiplier %m, shift %s, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<2x3xi32>, tensor<3xi32>, tensor<1x3xi32>, tensor<1xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N50.
func.func @requantize_wide_multiplier(%x: tensor<2x3xi32>, %m: tensor<3xi64>, %s: tensor<1xi32>, %b: tensor<3xi32>) {
  // expected-error@+1 {{needs parameters of 1 or 3 i32 elements}}
  %0 = shiftadd.requantize %x, multiplier %m, shift %s, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<2x3xi32>, tensor<3xi32>, tensor<3xi64>, tensor<1xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N50.
func.func @requantize_narrow_bias(%x: tensor<2x3xi32>, %m: tensor<3xi32>, %s: tensor<1xi32>, %b: tensor<3xi16>) {
  // expected-error@+1 {{needs parameters of 1 or 3 i32 elements}}
  %0 = shiftadd.requantize %x, multiplier %m, shift %s, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<2x3xi32>, tensor<3xi16>, tensor<3xi32>, tensor<1xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N52.
func.func @requantize_multiplier_bits(%x: tensor<2x3xi32>, %m: tensor<3xi32>, %s: tensor<1xi32>, %b: tensor<3xi32>) {
  %c = shiftadd.constant dense<[1, 1048576, 2]> : tensor<3xi32> as tensor<3xi32>
  // expected-error@+1 {{multipliers have at most 20 bits, got 1048576 for channel 1}}
  %0 = shiftadd.requantize %x, multiplier %c, shift %s, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<2x3xi32>, tensor<3xi32>, tensor<3xi32>, tensor<1xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N52.
func.func @requantize_multiplier_negative(%x: tensor<2x3xi32>, %m: tensor<3xi32>, %s: tensor<1xi32>, %b: tensor<3xi32>) {
  %c = shiftadd.constant dense<-1048576> : tensor<3xi32> as tensor<3xi32>
  // expected-error@+1 {{multipliers have at most 20 bits, got -1048576 for channel 0}}
  %0 = shiftadd.requantize %x, multiplier %c, shift %s, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<2x3xi32>, tensor<3xi32>, tensor<3xi32>, tensor<1xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N50.
func.func @requantize_shift(%x: tensor<2x3xi32>, %m: tensor<3xi32>, %s: tensor<1xi32>, %b: tensor<3xi32>) {
  %c = shiftadd.constant dense<63> : tensor<1xi32> as tensor<1xi32>
  // expected-error@+1 {{shifts lie between 0 and 62, got 63 for channel 0}}
  %0 = shiftadd.requantize %x, multiplier %m, shift %c, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<2x3xi32>, tensor<3xi32>, tensor<3xi32>, tensor<1xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N36.
func.func @requantize_add_types(%a: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, %b: tensor<2x3xui8>) {
  // expected-error@+1 {{needs per-tensor !quant.uniform types}}
  %0 = shiftadd.requantize_add %a, %b {lhs_multiplier = 1 : i64, rhs_multiplier = 1 : i64, rounding = #shiftadd<rounding half_even>, shift = 0 : i64} : (tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<2x3xui8>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N36.
func.func @requantize_add_multiplier(%a: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, %b: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  // expected-error@+1 {{multipliers have at most 20 bits, got 1048576}}
  %0 = shiftadd.requantize_add %a, %b {lhs_multiplier = 1 : i64, rhs_multiplier = 1048576 : i64, rounding = #shiftadd<rounding half_even>, shift = 0 : i64} : (tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N36.
func.func @requantize_add_negative(%a: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, %b: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  // expected-error@+1 {{multipliers have at most 20 bits}}
  %0 = shiftadd.requantize_add %a, %b {lhs_multiplier = -1048576 : i64, rhs_multiplier = 1 : i64, rounding = #shiftadd<rounding half_even>, shift = 0 : i64} : (tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N36.
func.func @requantize_add_shift(%a: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, %b: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  // expected-error@+1 {{the shift lies between 0 and 62, got 63}}
  %0 = shiftadd.requantize_add %a, %b {lhs_multiplier = 1 : i64, rhs_multiplier = 1 : i64, rounding = #shiftadd<rounding half_even>, shift = 63 : i64} : (tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

func.func @requantize_add_broadcast(%a: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, %b: tensor<2x2x!quant.uniform<u8:f32, 0.5:10>>) {
  // expected-error@+1 {{operands do not broadcast}}
  %0 = shiftadd.requantize_add %a, %b {lhs_multiplier = 1 : i64, rhs_multiplier = 1 : i64, rounding = #shiftadd<rounding half_even>, shift = 0 : i64} : (tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<2x2x!quant.uniform<u8:f32, 0.5:10>>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

//===--- Constants. ---===//

func.func @constant_shape() {
  // expected-error@+1 {{value and result differ in shape}}
  %0 = shiftadd.constant dense<[1, 2]> : tensor<2xi32> as tensor<1x2xi32>
  return
}

// -----

func.func @constant_type() {
  // expected-error@+1 {{stores 'ui8' elements, got 'i32'}}
  %0 = shiftadd.constant dense<[1, 2]> : tensor<2xi32> as tensor<2xui8>
  return
}

// -----

// N105.
func.func @constant_code() {
  // expected-error@+1 {{element 1 (15) is no code of}}
  %0 = shiftadd.constant dense<[0, 15]> : tensor<2xui8> as tensor<2x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>
  return
}

// -----

// N105.
func.func @constant_code_splat() {
  // expected-error@+1 {{element 0 (255) is no code of}}
  %0 = shiftadd.constant dense<255> : tensor<2xui8> as tensor<2x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>
  return
}

// -----

func.func @constant_range() {
  // expected-error@+1 {{element 1 (-128) is outside [-127, 127]}}
  %0 = shiftadd.constant dense<[0, -128]> : tensor<2xi8> as tensor<2x!quant.uniform<i8<-127:127>:f32, 0.5>>
  return
}

// -----

func.func @constant_axis() {
  // expected-error@+1 {{needs one scale per index of its axis}}
  %0 = shiftadd.constant dense<0> : tensor<2xi8> as tensor<2x!quant.uniform<i8:f32:0, {0.5,0.25,1.0}>>
  return
}

// -----

func.func @constant_blob() {
  // expected-error@+1 {{has no readable data of type}}
  %0 = shiftadd.constant dense_resource<missing> : tensor<2xf32> as tensor<2xf32>
  return
}

// -----

// N117.
func.func @requantize_residual_type(%x: tensor<2x3xi32>, %m: tensor<1xi32>, %s: tensor<1xi32>, %r: tensor<2x3xi32>) {
  // expected-error@+1 {{needs a residual of per-tensor codes}}
  %0 = shiftadd.requantize_residual %x, multiplier %s, shift %s, residual %r, residual_multiplier %m {rounding = #shiftadd<rounding half_even>} : (tensor<2x3xi32>, tensor<1xi32>, tensor<1xi32>, tensor<2x3xi32>, tensor<1xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N117.
func.func @requantize_residual_wide(%x: tensor<2x3xi32>, %m: tensor<1xi32>, %s: tensor<1xi32>, %r: tensor<2x3x!quant.uniform<i32:f32, 0.5>>) {
  // expected-error@+1 {{needs a residual of per-tensor codes of at most 16 bits}}
  %0 = shiftadd.requantize_residual %x, multiplier %s, shift %s, residual %r, residual_multiplier %m {rounding = #shiftadd<rounding half_even>} : (tensor<2x3xi32>, tensor<1xi32>, tensor<1xi32>, tensor<2x3x!quant.uniform<i32:f32, 0.5>>, tensor<1xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N117.
func.func @requantize_residual_shape(%x: tensor<2x3xi32>, %m: tensor<1xi32>, %s: tensor<1xi32>, %r: tensor<2x1x!quant.uniform<u8:f32, 0.5:10>>) {
  // expected-error@+1 {{needs a residual of the accumulator's shape}}
  %0 = shiftadd.requantize_residual %x, multiplier %s, shift %s, residual %r, residual_multiplier %m {rounding = #shiftadd<rounding half_even>} : (tensor<2x3xi32>, tensor<1xi32>, tensor<1xi32>, tensor<2x1x!quant.uniform<u8:f32, 0.5:10>>, tensor<1xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N117.
func.func @requantize_residual_parameters(%x: tensor<2x3xi32>, %m: tensor<2xi32>, %s: tensor<1xi32>, %r: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  // expected-error@+1 {{needs parameters of 1 or 3 i32 elements}}
  %0 = shiftadd.requantize_residual %x, multiplier %s, shift %s, residual %r, residual_multiplier %m {rounding = #shiftadd<rounding half_even>} : (tensor<2x3xi32>, tensor<1xi32>, tensor<1xi32>, tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<2xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N117.
func.func @requantize_residual_multiplier(%x: tensor<2x3xi32>, %m: tensor<1xi32>, %s: tensor<1xi32>, %r: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  %c = shiftadd.constant dense<1048576> : tensor<1xi32> as tensor<1xi32>
  // expected-error@+1 {{multipliers have at most 20 bits, got 1048576 for channel 0}}
  %0 = shiftadd.requantize_residual %x, multiplier %s, shift %s, residual %r, residual_multiplier %c {rounding = #shiftadd<rounding half_even>} : (tensor<2x3xi32>, tensor<1xi32>, tensor<1xi32>, tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<1xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N118.
func.func @requantize_mul_type(%a: tensor<2x3x!quant.uniform<i16:f32, 0.5>>, %b: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  // expected-error@+1 {{needs per-tensor codes of at most 8 bits}}
  %0 = shiftadd.requantize_mul %a, %b {multiplier = 1 : i64, rounding = #shiftadd<rounding half_even>, shift = 0 : i64} : (tensor<2x3x!quant.uniform<i16:f32, 0.5>>, tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N118.
func.func @requantize_mul_multiplier(%a: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, %b: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  // expected-error@+1 {{multipliers have at most 20 bits, got 1048576}}
  %0 = shiftadd.requantize_mul %a, %b {multiplier = 1048576 : i64, rounding = #shiftadd<rounding half_even>, shift = 0 : i64} : (tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N118.
func.func @requantize_mul_shift(%a: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, %b: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  // expected-error@+1 {{the shift lies between 0 and 62, got 63}}
  %0 = shiftadd.requantize_mul %a, %b {multiplier = 1 : i64, rounding = #shiftadd<rounding half_even>, shift = 63 : i64} : (tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N118.
func.func @requantize_mul_shape(%a: tensor<2x2x!quant.uniform<u8:f32, 0.5:10>>, %b: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  // expected-error@+1 {{operands do not broadcast}}
  %0 = shiftadd.requantize_mul %a, %b {multiplier = 1 : i64, rounding = #shiftadd<rounding half_even>, shift = 0 : i64} : (tensor<2x2x!quant.uniform<u8:f32, 0.5:10>>, tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N119.
func.func @lookup_codes(%x: tensor<3xi16>, %t: tensor<256xi8>) {
  // expected-error@+1 {{needs per-tensor codes or integers of 2 to 8 bits}}
  %0 = shiftadd.lookup %x, %t : (tensor<3xi16>, tensor<256xi8>) -> tensor<3xi8>
  return
}

// -----

// N119.
func.func @lookup_table(%x: tensor<3x!quant.uniform<u8:f32, 0.5:10>>, %t: tensor<255xi8>) {
  // expected-error@+1 {{needs a table of 256 elements}}
  %0 = shiftadd.lookup %x, %t : (tensor<3x!quant.uniform<u8:f32, 0.5:10>>, tensor<255xi8>) -> tensor<3xi8>
  return
}

// -----

// N119.
func.func @lookup_narrow(%x: tensor<3x!quant.uniform<u4:f32, 0.5>>, %t: tensor<256xi8>) {
  // expected-error@+1 {{needs a table of 16 elements}}
  %0 = shiftadd.lookup %x, %t : (tensor<3x!quant.uniform<u4:f32, 0.5>>, tensor<256xi8>) -> tensor<3xi8>
  return
}

// -----

// N119.
func.func @lookup_result(%x: tensor<3x!quant.uniform<u8:f32, 0.5:10>>, %t: tensor<256xi8>) {
  // expected-error@+1 {{gives elements of its table}}
  %0 = shiftadd.lookup %x, %t : (tensor<3x!quant.uniform<u8:f32, 0.5:10>>, tensor<256xi8>) -> tensor<3xi16>
  return
}

// -----

// N120.
func.func @quantized_softmax_table(%x: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  %t = shiftadd.constant dense<4> : tensor<2xi32> as tensor<2xi32>
  // expected-error@+1 {{needs a table of 256 elements}}
  %0 = shiftadd.quantized_softmax %x, %t {axis = 1 : i64, multiplier = 256 : i64, shift = 0 : i64} : (tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<2xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N120.
func.func @quantized_softmax_type(%x: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  %t = shiftadd.constant dense<4> : tensor<256xi64> as tensor<256xi64>
  // expected-error@+1 {{needs a table of i32}}
  %0 = shiftadd.quantized_softmax %x, %t {axis = 1 : i64, multiplier = 256 : i64, shift = 0 : i64} : (tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<256xi64>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N120.
func.func @quantized_softmax_axis(%x: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  %t = shiftadd.constant dense<4> : tensor<256xi32> as tensor<256xi32>
  // expected-error@+1 {{dimension}}
  %0 = shiftadd.quantized_softmax %x, %t {axis = 2 : i64, multiplier = 256 : i64, shift = 0 : i64} : (tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<256xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N120.
func.func @quantized_softmax_negative(%x: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  %t = shiftadd.constant dense<-1> : tensor<256xi32> as tensor<256xi32>
  // expected-error@+1 {{needs exponentials of at least 0, the first one positive, got -1 at 0}}
  %0 = shiftadd.quantized_softmax %x, %t {axis = 1 : i64, multiplier = 256 : i64, shift = 0 : i64} : (tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<256xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N120.
func.func @quantized_softmax_overflow(%x: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  %t = shiftadd.constant dense<1073741824> : tensor<256xi32> as tensor<256xi32>
  // expected-error@+1 {{sums over 3 exponentials of up to 1073741824 could exceed 62 bits}}
  %0 = shiftadd.quantized_softmax %x, %t {axis = 1 : i64, multiplier = 256 : i64, shift = 30 : i64} : (tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<256xi32>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
  return
}

// -----

// N120.
func.func @quantized_softmax_result(%x: tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) {
  %t = shiftadd.constant dense<4> : tensor<256xi32> as tensor<256xi32>
  // expected-error@+1 {{gives a per-tensor !quant.uniform}}
  %0 = shiftadd.quantized_softmax %x, %t {axis = 1 : i64, multiplier = 256 : i64, shift = 0 : i64} : (tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<256xi32>) -> tensor<2x3xi8>
  return
}

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
  // expected-error@+1 {{scales an i32 or i64 accumulator, got 'i16'}}
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
  %c = shiftadd.constant dense<-1> : tensor<3xi32> as tensor<3xi32>
  // expected-error@+1 {{multipliers have at most 20 bits, got -1 for channel 0}}
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
  %0 = shiftadd.requantize_add %a, %b {lhs_multiplier = -1 : i64, rhs_multiplier = 1 : i64, rounding = #shiftadd<rounding half_even>, shift = 0 : i64} : (tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>, tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>) -> tensor<2x3x!quant.uniform<u8:f32, 0.5:10>>
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

// One case per rule of every verifier.

// RUN: shiftadd-opt %s --split-input-file --verify-diagnostics

//===--- Types and layouts. ---===//

// N105.
// expected-error@+1 {{a code has 1 to 16 terms}}
func.func private @code_terms(tensor<1x!shiftadd.pot<bits = 8, terms = 0, min_exponent = -6, max_exponent = 0, zero = true>>)

// -----

// expected-error@+1 {{a code has at most 64 bits, the same number for each term}}
func.func private @code_bits(tensor<1x!shiftadd.pot<bits = 7, terms = 2, min_exponent = -1, max_exponent = 0, zero = true>>)

// -----

// expected-error@+1 {{the exponent range is empty}}
func.func private @code_range_empty(tensor<1x!shiftadd.pot<bits = 8, terms = 1, min_exponent = 1, max_exponent = 0, zero = true>>)

// -----

// expected-error@+1 {{exponents lie between -126 and 126}}
func.func private @code_exponents(tensor<1x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -127, max_exponent = -100, zero = true>>)

// -----

// expected-error@+1 {{the exponent range spans more than 57 powers}}
func.func private @code_range(tensor<1x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -60, max_exponent = 0, zero = true>>)

// -----

// expected-error@+1 {{the terms do not fit into their bits}}
func.func private @code_fields(tensor<1x!shiftadd.pot<bits = 3, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>)

// -----

// expected-error@+1 {{a layout has as many high as low amounts}}
module attributes {test.layout = #shiftadd.layout<low = [0], high = [0, 0]>} {}

// -----

// expected-error@+1 {{a layout's halo cannot be negative}}
module attributes {test.layout = #shiftadd.layout<low = [0], high = [-1]>} {}

// -----

//===--- Layers, kernels, launches. ---===//

func.func @layer_arguments(%x: tensor<2xf32>) {
  // expected-error@+1 {{region takes 'tensor<3xf32>' but is given 'tensor<2xf32>'}}
  %0 = shiftadd.layer "l"(%x) : (tensor<2xf32>) -> tensor<3xf32> {
  ^bb0(%y: tensor<3xf32>):
    shiftadd.yield %y : tensor<3xf32>
  }
  return
}

// -----

func.func @layer_results(%x: tensor<2xf32>) {
  // expected-error@+1 {{region does not yield 'tensor<3xf32>'}}
  %0 = shiftadd.layer "l"(%x) : (tensor<2xf32>) -> tensor<3xf32> {
  ^bb0(%y: tensor<2xf32>):
    shiftadd.yield %y : tensor<2xf32>
  }
  return
}

// -----

// expected-error@+1 {{needs one layout per argument}}
shiftadd.kernel @argument_layouts attributes {argument_layouts = [], constants = array<i1: false>, result_layouts = [#shiftadd.layout<low = [0], high = [0]>]} {
^bb0(%x: tensor<2xf32>):
  shiftadd.yield %x : tensor<2xf32>
}

// -----

// expected-error@+1 {{needs one layout per result}}
shiftadd.kernel @result_layouts attributes {argument_layouts = [#shiftadd.layout<low = [0], high = [0]>], constants = array<i1: false>, result_layouts = []} {
^bb0(%x: tensor<2xf32>):
  shiftadd.yield %x : tensor<2xf32>
}

// -----

// expected-error@+1 {{needs static shapes, got 'tensor<?xf32>'}}
shiftadd.kernel @free_batch attributes {argument_layouts = [#shiftadd.layout<low = [0], high = [0]>], constants = array<i1: false>, result_layouts = [#shiftadd.layout<low = [0], high = [0]>]} {
^bb0(%x: tensor<?xf32>):
  shiftadd.yield %x : tensor<?xf32>
}

// -----

// expected-error@+1 {{does not fit 'tensor<2xf32>'}}
shiftadd.kernel @layout_rank attributes {argument_layouts = [#shiftadd.layout<low = [0, 0], high = [0, 0]>], constants = array<i1: false>, result_layouts = [#shiftadd.layout<low = [0], high = [0]>]} {
^bb0(%x: tensor<2xf32>):
  shiftadd.yield %x : tensor<2xf32>
}

// -----

// expected-error@+1 {{needs one `constants` entry per argument}}
shiftadd.kernel @constants attributes {argument_layouts = [#shiftadd.layout<low = [0], high = [0]>], constants = array<i1>, result_layouts = [#shiftadd.layout<low = [0], high = [0]>]} {
^bb0(%x: tensor<2xf32>):
  shiftadd.yield %x : tensor<2xf32>
}

// -----

func.func @launch_nothing(%x: tensor<2xf32>) {
  // expected-error@+1 {{names no kernel: @missing}}
  %0 = shiftadd.launch @missing "l"(%x) {arena_offsets = array<i64: 0>} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

shiftadd.kernel @kernel attributes {argument_layouts = [#shiftadd.layout<low = [0], high = [0]>], constants = array<i1: false>, result_layouts = [#shiftadd.layout<low = [0], high = [0]>]} {
^bb0(%x: tensor<2xf32>):
  shiftadd.yield %x : tensor<2xf32>
}
func.func @launch_signature(%x: tensor<3xf32>) {
  // expected-error@+1 {{does not fit the signature of kernel @kernel}}
  %0 = shiftadd.launch @kernel "l"(%x) {arena_offsets = array<i64: 0>} : (tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

shiftadd.kernel @kernel attributes {argument_layouts = [#shiftadd.layout<low = [0], high = [0]>], constants = array<i1: false>, result_layouts = [#shiftadd.layout<low = [0], high = [0]>]} {
^bb0(%x: tensor<2xf32>):
  shiftadd.yield %x : tensor<2xf32>
}
func.func @launch_element_type(%x: tensor<2xi32>) {
  // expected-error@+1 {{does not fit the signature of kernel @kernel}}
  %0 = shiftadd.launch @kernel "l"(%x) {arena_offsets = array<i64: 0>} : (tensor<2xi32>) -> tensor<2xi32>
  return
}

// -----

shiftadd.kernel @kernel attributes {argument_layouts = [#shiftadd.layout<low = [0], high = [0]>], constants = array<i1: false>, result_layouts = [#shiftadd.layout<low = [0], high = [0]>]} {
^bb0(%x: tensor<2xf32>):
  shiftadd.yield %x : tensor<2xf32>
}
func.func @launch_offsets(%x: tensor<2xf32>) {
  // expected-error@+1 {{needs one arena offset per result}}
  %0 = shiftadd.launch @kernel "l"(%x) {arena_offsets = array<i64>} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @yield_outside(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects parent op to be one of}}
  shiftadd.yield %x : tensor<2xf32>
}

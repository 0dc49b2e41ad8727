// One case per rule of the verifiers.

// RUN: shiftadd-opt %s --split-input-file --verify-diagnostics

func.func @inputs(%x: tensor<?x3xi8>) -> tensor<?x1xi32> {
  // expected-error@+1 {{has 2 inputs for 'tensor<?x3xi8>'}}
  %0 = adder_graph.graph %x : (tensor<?x3xi8>) -> tensor<?x1xi32> {
  ^bb0(%a: i64, %b: i64):
    adder_graph.output %a
  }
  return %0 : tensor<?x1xi32>
}

// -----

func.func @outputs(%x: tensor<?x2xi8>) -> tensor<?x1xi32> {
  // expected-error@+1 {{its shape must be [?, 2]}}
  %0 = adder_graph.graph %x : (tensor<?x2xi8>) -> tensor<?x1xi32> {
  ^bb0(%a: i64, %b: i64):
    adder_graph.output %a, %b
  }
  return %0 : tensor<?x1xi32>
}

// -----

func.func @no_dimension(%x: tensor<i8>) -> tensor<i32> {
  // expected-error@+1 {{needs an input with a last dimension}}
  %0 = adder_graph.graph %x : (tensor<i8>) -> tensor<i32> {
  ^bb0(%a: i64):
    adder_graph.output %a
  }
  return %0 : tensor<i32>
}

// -----

func.func @argument_type(%x: tensor<?x1xi8>) -> tensor<?x1xi32> {
  // expected-error@+1 {{computes with i64, not 'i8'}}
  %0 = adder_graph.graph %x : (tensor<?x1xi8>) -> tensor<?x1xi32> {
  ^bb0(%a: i8):
    %z = adder_graph.zero
    adder_graph.output %z
  }
  return %0 : tensor<?x1xi32>
}

// -----

func.func @result_type(%x: tensor<?x1xi8>) -> tensor<?x1xi16> {
  // expected-error@+1 {{gives i32 or i64 sums, not 'i16'}}
  %0 = adder_graph.graph %x : (tensor<?x1xi8>) -> tensor<?x1xi16> {
  ^bb0(%a: i64):
    adder_graph.output %a
  }
  return %0 : tensor<?x1xi16>
}

// -----

func.func @floats(%x: tensor<?x1xf32>) -> tensor<?x1xi32> {
  // expected-error@+1 {{takes integers}}
  %0 = adder_graph.graph %x : (tensor<?x1xf32>) -> tensor<?x1xi32> {
  ^bb0(%a: i64):
    adder_graph.output %a
  }
  return %0 : tensor<?x1xi32>
}

// -----

func.func @shift(%x: tensor<?x1xi8>) -> tensor<?x1xi64> {
  %0 = adder_graph.graph %x : (tensor<?x1xi8>) -> tensor<?x1xi64> {
  ^bb0(%a: i64):
    // expected-error@+1 {{shifts lie between 0 and 62, got 63}}
    %b = adder_graph.shift %a shl 63
    adder_graph.output %b
  }
  return %0 : tensor<?x1xi64>
}

// -----

func.func @shift_of_sum(%x: tensor<?x1xi8>) -> tensor<?x1xi64> {
  %0 = adder_graph.graph %x : (tensor<?x1xi8>) -> tensor<?x1xi64> {
  ^bb0(%a: i64):
    // expected-error@+1 {{shifts lie between 0 and 62, got -1}}
    %b = adder_graph.shift_add %a shl 0, %a shl -1
    adder_graph.output %b
  }
  return %0 : tensor<?x1xi64>
}

// -----

// 2^56 * 128 needs 64 bits and a sign.
func.func @value_range(%x: tensor<?x1xi8>) -> tensor<?x1xi64> {
  %0 = adder_graph.graph %x : (tensor<?x1xi8>) -> tensor<?x1xi64> {
  ^bb0(%a: i64):
    %b = adder_graph.shift %a shl 56
    // expected-error@+1 {{could leave 64 bits (N52)}}
    %c = adder_graph.shift_add %b shl 0, %a shl 0
    adder_graph.output %c
  }
  return %0 : tensor<?x1xi64>
}

// -----

// 128 * 2^24 does not fit; -128 * 2^24 would.
func.func @output_range(%x: tensor<?x1xi8>) -> tensor<?x2xi32> {
  // expected-error@+1 {{output 1 could leave 'i32' (N52)}}
  %0 = adder_graph.graph %x : (tensor<?x1xi8>) -> tensor<?x2xi32> {
  ^bb0(%a: i64):
    %b = adder_graph.shift %a shl 24
    %c = adder_graph.negate %b
    adder_graph.output %b, %c
  }
  return %0 : tensor<?x2xi32>
}

// -----

// The interval is that of the whole value: 7 a = 8 a - a.
func.func @exact_range(%x: tensor<?x1xi8>) -> tensor<?x1xi32> {
  %0 = adder_graph.graph %x : (tensor<?x1xi8>) -> tensor<?x1xi32> {
  ^bb0(%a: i64):
    %b = adder_graph.shift_add %a shl 24, %a shl 23 subtract
    %c = adder_graph.shift_add %b shl 0, %a shl 23
    adder_graph.output %c
  }
  return %0 : tensor<?x1xi32>
}

// -----

func.func @other_op(%x: tensor<?x1xi8>, %y: tensor<1xi8>) -> tensor<?x1xi64> {
  %0 = adder_graph.graph %x : (tensor<?x1xi8>) -> tensor<?x1xi64> {
  ^bb0(%a: i64):
    // expected-error@+1 {{does not belong into an adder graph}}
    %c = shiftadd.constant dense<1> : tensor<1xi8> as tensor<1xi8>
    adder_graph.output %a
  }
  return %0 : tensor<?x1xi64>
}

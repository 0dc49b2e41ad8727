// One case per rule of every verifier.

// RUN: shiftadd-opt %s --split-input-file --verify-diagnostics

//===--- Element types of elementwise ops. ---===//

func.func @operands_differ(%a: tensor<2x3xf32>, %b: tensor<2x3xf64>) {
  // expected-error@+1 {{needs operands of one element type}}
  %0 = shiftadd.add %a, %b : (tensor<2x3xf32>, tensor<2x3xf64>) -> tensor<2x3xf32>
  return
}

// -----

func.func @comparison_not_boolean(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) {
  // expected-error@+1 {{gives booleans (i1), not 'f32'}}
  %0 = shiftadd.less %a, %b : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @result_differs(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) {
  // expected-error@+1 {{result has element type 'f64' but the operands have 'f32'}}
  %0 = shiftadd.mul %a, %b : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf64>
  return
}

// -----

func.func @no_broadcast(%a: tensor<2x3xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{operands do not broadcast}}
  %0 = shiftadd.sub %a, %b : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<2x3xf32>
  return
}

// -----

//===--- Inferred shapes. ---===//

func.func @shape_disagrees(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{result 0 has type 'tensor<3x2xf32>' but its shape must be [2, 3]}}
  %0 = shiftadd.abs %x : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return
}

// -----

func.func @rank_disagrees(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{but its shape must be [2, 3]}}
  %0 = shiftadd.abs %x : (tensor<2x3xf32>) -> tensor<6xf32>
  return
}

// -----

func.func @free_shape_disagrees(%x: tensor<?x3xf32>) {
  // expected-error@+1 {{but its shape must be [?, 3]}}
  %0 = shiftadd.neg %x : (tensor<?x3xf32>) -> tensor<?x4xf32>
  return
}

// -----

//===--- Data movement. ---===//

func.func @permutation_short(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{`permutation` has 1 entries for 2 dimensions}}
  %0 = shiftadd.transpose %x [1] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @permutation_repeats(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{`permutation` must name every dimension once}}
  %0 = shiftadd.transpose %x [1, 1] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @permutation_outside(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{`permutation` must name every dimension once}}
  %0 = shiftadd.transpose %x [0, 2] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @reshape_free_second(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{only the leading dimension may be free, on both sides}}
  %0 = shiftadd.reshape %x [2, -1] : (tensor<2x3xf32>) -> tensor<2x?xf32>
  return
}

// -----

func.func @reshape_loses_batch(%x: tensor<?x6xf32>) {
  // expected-error@+1 {{only the leading dimension may be free, on both sides}}
  %0 = shiftadd.reshape %x [6] : (tensor<?x6xf32>) -> tensor<6xf32>
  return
}

// -----

func.func @reshape_count(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{cannot reshape 6 elements to 5}}
  %0 = shiftadd.reshape %x [5] : (tensor<2x3xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @pad_low(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{`low` has 1 entries for 2 dimensions}}
  %0 = shiftadd.pad %x {high = array<i64: 0, 0>, low = array<i64: 0>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @pad_high(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{`high` has 1 entries for 2 dimensions}}
  %0 = shiftadd.pad %x {high = array<i64: 0>, low = array<i64: 0, 0>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @pad_batch(%x: tensor<?x3xf32>) {
  // expected-error@+1 {{cannot pad the free batch}}
  %0 = shiftadd.pad %x {high = array<i64: 0, 0>, low = array<i64: 1, 0>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @pad_removes(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{removes more elements than there are}}
  %0 = shiftadd.pad %x {high = array<i64: 0, -2>, low = array<i64: 0, -2>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @pad_removes_one_side(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{removes more elements than there are}}
  %0 = shiftadd.pad %x {high = array<i64: 0, 8>, low = array<i64: 0, -4>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<2x3xf32>) -> tensor<2x7xf32>
  return
}

// -----

func.func @pad_reflects(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{reflects further than the tensor reaches}}
  %0 = shiftadd.pad %x {high = array<i64: 0, 0>, low = array<i64: 0, 3>, mode = #shiftadd<pad_mode reflect>, value = 0.0 : f64} : (tensor<2x3xf32>) -> tensor<2x6xf32>
  return
}

// -----

func.func @pad_empty(%x: tensor<2x0xf32>) {
  // expected-error@+1 {{has no elements to pad with}}
  %0 = shiftadd.pad %x {high = array<i64: 0, 0>, low = array<i64: 0, 1>, mode = #shiftadd<pad_mode edge>, value = 0.0 : f64} : (tensor<2x0xf32>) -> tensor<2x1xf32>
  return
}

// -----

func.func @concat_nothing() {
  // expected-error@+1 {{needs at least one input}}
  %0 = shiftadd.concat {axis = 0 : i64} : () -> tensor<0xf32>
  return
}

// -----

func.func @concat_axis(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) {
  // expected-error@+1 {{axis 2 is outside the 2 dimensions}}
  %0 = shiftadd.concat %a, %b {axis = 2 : i64} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @concat_shapes(%a: tensor<2x3xf32>, %b: tensor<3x3xf32>) {
  // expected-error@+1 {{inputs differ in more than the axis}}
  %0 = shiftadd.concat %a, %b {axis = 1 : i64} : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @concat_ranks(%a: tensor<2x3xf32>, %b: tensor<3xf32>) {
  // expected-error@+1 {{inputs differ in more than the axis}}
  %0 = shiftadd.concat %a, %b {axis = 1 : i64} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @concat_batch(%a: tensor<?x3xf32>, %b: tensor<?x3xf32>) {
  // expected-error@+1 {{cannot join along the free batch}}
  %0 = shiftadd.concat %a, %b {axis = 0 : i64} : (tensor<?x3xf32>, tensor<?x3xf32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @slice_starts(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{`starts` has 1 entries for 2 dimensions}}
  %0 = shiftadd.slice %x {sizes = array<i64: 2, 3>, starts = array<i64: 0>, steps = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @slice_sizes(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{`sizes` has 1 entries for 2 dimensions}}
  %0 = shiftadd.slice %x {sizes = array<i64: 2>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @slice_steps(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{`steps` has 1 entries for 2 dimensions}}
  %0 = shiftadd.slice %x {sizes = array<i64: 2, 3>, starts = array<i64: 0, 0>, steps = array<i64: 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @slice_step_zero(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{steps must not be 0}}
  %0 = shiftadd.slice %x {sizes = array<i64: 2, 3>, starts = array<i64: 0, 0>, steps = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @slice_batch(%x: tensor<?x3xf32>) {
  // expected-error@+1 {{cannot take a part of the free batch}}
  %0 = shiftadd.slice %x {sizes = array<i64: 1, 3>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<?x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

func.func @slice_outside(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{reaches outside dimension 1}}
  %0 = shiftadd.slice %x {sizes = array<i64: 2, 2>, starts = array<i64: 0, 2>, steps = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<2x2xf32>
  return
}

// -----

func.func @slice_before(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{reaches outside dimension 1}}
  %0 = shiftadd.slice %x {sizes = array<i64: 2, 2>, starts = array<i64: 0, 0>, steps = array<i64: 1, -1>} : (tensor<2x3xf32>) -> tensor<2x2xf32>
  return
}

// -----

func.func @gather_axis(%a: tensor<2x3xf32>, %b: tensor<2xi64>) {
  // expected-error@+1 {{axis -1 is outside the 2 dimensions}}
  %0 = shiftadd.gather %a, %b {axis = -1 : i64} : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  return
}

// -----

func.func @gather_batch(%a: tensor<?x3xf32>, %b: tensor<2xi64>) {
  // expected-error@+1 {{cannot pick from the free batch}}
  %0 = shiftadd.gather %a, %b {axis = 0 : i64} : (tensor<?x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  return
}

// -----

func.func @gather_free_indices(%a: tensor<2x3xf32>, %b: tensor<?xi64>) {
  // expected-error@+1 {{would move the free batch from the first dimension}}
  %0 = shiftadd.gather %a, %b {axis = 1 : i64} : (tensor<2x3xf32>, tensor<?xi64>) -> tensor<2x?xf32>
  return
}

// -----

func.func @broadcast_shrinks(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{cannot stretch 'tensor<2x3xf32>'}}
  %0 = shiftadd.broadcast %x [1, 3] : (tensor<2x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

func.func @tile_rank(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{`repeats` has 1 entries for 2 dimensions}}
  %0 = shiftadd.tile %x [2] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @tile_negative(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{repeat counts must not be negative}}
  %0 = shiftadd.tile %x [1, -1] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @tile_batch(%x: tensor<?x3xf32>) {
  // expected-error@+1 {{cannot repeat the free batch}}
  %0 = shiftadd.tile %x [2, 1] : (tensor<?x3xf32>) -> tensor<?x3xf32>
  return
}

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

// -----

//===--- Convolutions: shapes (N27). ---===//

func.func @conv_rank(%x: tensor<1x4xf32>, %w: tensor<6x4xf32>) {
  // expected-error@+1 {{needs an input [N, spatial..., C] and a filter [O, kernel..., C / groups] with 1 to 3 spatial dimensions}}
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x4xf32>, tensor<6x4xf32>) -> tensor<1x6xf32>
  return
}

// -----

func.func @conv_filter_rank(%x: tensor<1x8x8x4xf32>, %w: tensor<6x3x4xf32>) {
  // expected-error@+1 {{needs an input [N, spatial..., C] and a filter}}
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x4xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @conv_strides(%x: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>) {
  // expected-error@+1 {{needs one stride, one dilation and a (low, high) padding pair per spatial dimension}}
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @conv_stride_zero(%x: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>) {
  // expected-error@+1 {{strides and dilations must be positive}}
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 0, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @conv_padding_negative(%x: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>) {
  // expected-error@+1 {{padding must not be negative}}
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, -1, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @conv_channels(%x: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x3xf32>) {
  // expected-error@+1 {{cannot split 4 input and 6 output channels into 1 groups of filters with 3 channels}}
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x3xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @conv_groups(%x: tensor<1x8x8x4xf32>, %w: tensor<5x3x3x2xf32>) {
  // expected-error@+1 {{cannot split 4 input and 5 output channels into 2 groups of filters with 2 channels}}
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<5x3x3x2xf32>) -> tensor<1x6x6x5xf32>
  return
}

// -----

func.func @conv_window(%x: tensor<1x8x2x4xf32>, %w: tensor<6x3x3x4xf32>) {
  // expected-error@+1 {{the window does not fit into dimension 2}}
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x2x4xf32>, tensor<6x3x3x4xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @conv_bias(%x: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<5xf32>) {
  // expected-error@+1 {{needs one bias per output channel (6)}}
  %0 = shiftadd.conv %x, %w, bias %b {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<5xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @conv_shape(%x: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>) {
  // expected-error@+1 {{but its shape must be [1, 4, 3, 6]}}
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 3>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @transposed_output_padding(%x: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>) {
  // expected-error@+1 {{needs one output padding per spatial dimension}}
  %0 = shiftadd.conv_transpose %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, output_padding = array<i64: 0>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @transposed_size(%x: tensor<1x1x1x4xf32>, %w: tensor<6x1x1x4xf32>) {
  // expected-error@+1 {{dimension 1 has no output size}}
  %0 = shiftadd.conv_transpose %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, output_padding = array<i64: 0, 0>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x1x1x4xf32>, tensor<6x1x1x4xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

//===--- Convolutions and dense layers: element types. ---===//

// N14.
func.func @conv_codes(%x: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>) {
  // expected-error@+1 {{takes no power-of-two codes; use the shift form}}
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>) -> tensor<1x6x6x6xf32>
  return
}

// -----

// N14.
func.func @shift_conv_plain(%x: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf32>) {
  // expected-error@+1 {{needs a filter of !shiftadd.pot codes (N14)}}
  %0 = shiftadd.shift_conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf32>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @conv_float_types(%x: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf64>) {
  // expected-error@+1 {{on floats needs one element type throughout}}
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf64>) -> tensor<1x6x6x6xf32>
  return
}

// -----

func.func @conv_accumulator(%x: tensor<1x8x8x4xi8>, %w: tensor<6x3x3x4xi8>) {
  // expected-error@+1 {{on integers gives an i32 or i64 accumulator, not}}
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4xi8>, tensor<6x3x3x4xi8>) -> tensor<1x6x6x6xi16>
  return
}

// -----

func.func @conv_mixed(%x: tensor<1x8x8x4xi8>, %w: tensor<6x3x3x4xf32>) {
  // expected-error@+1 {{mixes integers and floats}}
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4xi8>, tensor<6x3x3x4xf32>) -> tensor<1x6x6x6xi32>
  return
}

// -----

func.func @adder_types(%x: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4xf64>) {
  // expected-error@+1 {{needs operands of one element type}}
  %0 = shiftadd.adder_conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4xf64>) -> tensor<1x6x6x6xf32>
  return
}

// -----

// N31, N106.
func.func @adder_scales(%x: tensor<1x8x8x4x!quant.uniform<i8:f32, 0.5:0>>, %w: tensor<6x3x3x4x!quant.uniform<i8:f32, 0.25:0>>) {
  // expected-error@+1 {{operands must share scale and zero point (N106)}}
  %0 = shiftadd.adder_conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4x!quant.uniform<i8:f32, 0.5:0>>, tensor<6x3x3x4x!quant.uniform<i8:f32, 0.25:0>>) -> tensor<1x6x6x6xi32>
  return
}

// -----

// N31, N106.
func.func @adder_zero_points(%x: tensor<1x8x8x4x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<6x3x3x4x!quant.uniform<i8:f32, 0.5:0>>) {
  // expected-error@+1 {{operands must share scale and zero point (N106)}}
  %0 = shiftadd.adder_conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<6x3x3x4x!quant.uniform<i8:f32, 0.5:0>>) -> tensor<1x6x6x6xi32>
  return
}

// -----

func.func @adder_one_quantized(%x: tensor<1x8x8x4x!quant.uniform<i8:f32, 0.5:0>>, %w: tensor<6x3x3x4xi8>) {
  // expected-error@+1 {{needs operands of one element type}}
  %0 = shiftadd.adder_conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4x!quant.uniform<i8:f32, 0.5:0>>, tensor<6x3x3x4xi8>) -> tensor<1x6x6x6xi32>
  return
}

// -----

func.func @transposed_codes(%x: tensor<1x8x8x4xf32>, %w: tensor<6x3x3x4x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>) {
  // expected-error@+1 {{takes no power-of-two codes}}
  %0 = shiftadd.conv_transpose %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, output_padding = array<i64: 0, 0>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x8x8x4xf32>, tensor<6x3x3x4x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>) -> tensor<1x10x10x6xf32>
  return
}

// -----

func.func @dense_shapes(%a: tensor<2x4xf32>, %b: tensor<6x5xf32>) {
  // expected-error@+1 {{needs an input [..., K] and a filter [N, K]}}
  %0 = shiftadd.dense %a, %b : (tensor<2x4xf32>, tensor<6x5xf32>) -> tensor<2x6xf32>
  return
}

// -----

// N14.
func.func @dense_codes(%a: tensor<2x4xf32>, %b: tensor<6x4x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>) {
  // expected-error@+1 {{takes no power-of-two codes}}
  %0 = shiftadd.dense %a, %b : (tensor<2x4xf32>, tensor<6x4x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>) -> tensor<2x6xf32>
  return
}

// -----

// N14.
func.func @shift_dense_plain(%a: tensor<2x4xf32>, %b: tensor<6x4xf32>) {
  // expected-error@+1 {{needs a filter of !shiftadd.pot codes (N14)}}
  %0 = shiftadd.shift_dense %a, %b : (tensor<2x4xf32>, tensor<6x4xf32>) -> tensor<2x6xf32>
  return
}

// -----

func.func @adder_dense_types(%a: tensor<2x4xf32>, %b: tensor<6x4xf64>) {
  // expected-error@+1 {{needs operands of one element type}}
  %0 = shiftadd.adder_dense %a, %b : (tensor<2x4xf32>, tensor<6x4xf64>) -> tensor<2x6xf32>
  return
}

// -----

func.func @dense_bias(%x: tensor<2x4xf32>, %w: tensor<6x4xf32>, %b: tensor<1xf32>) {
  // expected-error@+1 {{needs one bias per output channel (6)}}
  %0 = shiftadd.dense %x, %w, bias %b : (tensor<2x4xf32>, tensor<6x4xf32>, tensor<1xf32>) -> tensor<2x6xf32>
  return
}

// -----

func.func @matmul_shapes(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) {
  // expected-error@+1 {{needs [..., M, K] and [..., K, N]}}
  %0 = shiftadd.matmul %a, %b : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @matmul_batch(%a: tensor<4x2x3xf32>, %b: tensor<5x3x2xf32>) {
  // expected-error@+1 {{leading dimensions do not broadcast}}
  %0 = shiftadd.matmul %a, %b : (tensor<4x2x3xf32>, tensor<5x3x2xf32>) -> tensor<4x2x2xf32>
  return
}

// -----

//===--- Pooling and normalisation. ---===//

func.func @pool_rank(%x: tensor<1x4xf32>) {
  // expected-error@+1 {{needs an input [N, spatial..., C]}}
  %0 = shiftadd.max_pool %x {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @pool_kernel(%x: tensor<1x8x8x4xf32>) {
  // expected-error@+1 {{needs one kernel size per spatial dimension}}
  %0 = shiftadd.max_pool %x {dilations = array<i64: 1, 1>, kernel = array<i64: 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  return
}

// -----

func.func @pool_strides(%x: tensor<1x8x8x4xf32>) {
  // expected-error@+1 {{needs one stride, one dilation}}
  %0 = shiftadd.max_pool %x {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  return
}

// -----

func.func @pool_window(%x: tensor<1x8x8x4xf32>) {
  // expected-error@+1 {{the window does not fit into dimension 1}}
  %0 = shiftadd.max_pool %x {dilations = array<i64: 1, 1>, kernel = array<i64: 9, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  return
}

// -----

func.func @max_pool_type(%x: tensor<1x8x8x4xf32>) {
  // expected-error@+1 {{keeps the element type}}
  %0 = shiftadd.max_pool %x {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf64>
  return
}

// -----

func.func @max_pool_indices(%x: tensor<1x8x8x4xf32>) {
  // expected-error@+1 {{gives i64 indices}}
  %0, %1 = shiftadd.max_pool_with_indices %x {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>) -> (tensor<1x4x4x4xf32>, tensor<1x4x4x4xi32>)
  return
}

// -----

func.func @avg_pool_type(%x: tensor<1x8x8x4xf32>) {
  // expected-error@+1 {{keeps the element type}}
  %0 = shiftadd.avg_pool %x {count_include_pad = true, dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf64>
  return
}

// -----

func.func @sum_pool_type(%x: tensor<1x8x8x4x!quant.uniform<i8:f32, 0.5:0>>) {
  // expected-error@+1 {{on codes gives an i32 accumulator}}
  %0 = shiftadd.sum_pool %x {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x8x8x4x!quant.uniform<i8:f32, 0.5:0>>) -> tensor<1x4x4x4xi16>
  return
}

// -----

func.func @lp_pool_p(%x: tensor<1x8x8x4xf32>) {
  // expected-error@+1 {{needs a positive p}}
  %0 = shiftadd.lp_pool %x {p = 0 : i64, dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  return
}

// -----

func.func @lrn_size(%x: tensor<1x8x8x4xf32>) {
  // expected-error@+1 {{needs a positive size}}
  %0 = shiftadd.lrn %x {alpha = 1.0 : f64, axis = 3 : i64, beta = 1.0 : f64, bias = 1.0 : f64, size = 0 : i64} : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  return
}

// -----

func.func @lrn_axis(%x: tensor<1x8x8x4xf32>) {
  // expected-error@+1 {{axis 4 is outside the 4 dimensions}}
  %0 = shiftadd.lrn %x {alpha = 1.0 : f64, axis = 4 : i64, beta = 1.0 : f64, bias = 1.0 : f64, size = 5 : i64} : (tensor<1x8x8x4xf32>) -> tensor<1x8x8x4xf32>
  return
}

// -----

func.func @batch_norm_axis(%x: tensor<1x8x8x4xf32>, %s: tensor<4xf32>) {
  // expected-error@+1 {{axis 4 is outside the 4 dimensions}}
  %0 = shiftadd.batch_norm %x, %s, %s, %s, %s {axis = 4 : i64, epsilon = 1.0 : f64} : (tensor<1x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x8x8x4xf32>
  return
}

// -----

// N54.
func.func @batch_norm_parameters(%x: tensor<1x8x8x4xf32>, %s: tensor<4xf32>, %v: tensor<8xf32>) {
  // expected-error@+1 {{needs parameters of 4 elements, got 'tensor<8xf32>'}}
  %0 = shiftadd.batch_norm %x, %s, %s, %s, %v {axis = 3 : i64, epsilon = 1.0 : f64} : (tensor<1x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<8xf32>) -> tensor<1x8x8x4xf32>
  return
}

// -----

//===--- Reductions. ---===//

func.func @axes_unsorted(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{axes must be sorted and differ}}
  %0 = shiftadd.reduce_sum %x {axes = array<i64: 1, 0>, keep_dims = true} : (tensor<2x3xf32>) -> tensor<1x1xf32>
  return
}

// -----

func.func @axes_repeated(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{axes must be sorted and differ}}
  %0 = shiftadd.reduce_max %x {axes = array<i64: 1, 1>, keep_dims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return
}

// -----

func.func @axis_outside(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{axis 2 is outside the 2 dimensions}}
  %0 = shiftadd.reduce_mean %x {axes = array<i64: 2>, keep_dims = true} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @keeps_no_dims(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{but its shape must be [2]}}
  %0 = shiftadd.reduce_min %x {axes = array<i64: 1>, keep_dims = false} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return
}

// -----

func.func @arg_max_axis(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{axis 2 is outside the 2 dimensions}}
  %0 = shiftadd.arg_max %x {axis = 2 : i64, keep_dims = false, select_last_index = false} : (tensor<2x3xf32>) -> tensor<2xi64>
  return
}

// -----

func.func @arg_min_empty(%x: tensor<2x0xf32>) {
  // expected-error@+1 {{has no elements to choose from}}
  %0 = shiftadd.arg_min %x {axis = 1 : i64, keep_dims = false, select_last_index = false} : (tensor<2x0xf32>) -> tensor<2xi64>
  return
}

// -----

func.func @top_k_count(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{cannot take 4 of 3 elements}}
  %0, %1 = shiftadd.top_k %x {axis = 1 : i64, k = 4 : i64, largest = true} : (tensor<2x3xf32>) -> (tensor<2x4xf32>, tensor<2x4xi64>)
  return
}

// -----

func.func @top_k_axis(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{axis -1 is outside the 2 dimensions}}
  %0, %1 = shiftadd.top_k %x {axis = -1 : i64, k = 1 : i64, largest = true} : (tensor<2x3xf32>) -> (tensor<2x1xf32>, tensor<2x1xi64>)
  return
}

// -----

func.func @softmax_axis(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{axis 2 is outside the 2 dimensions}}
  %0 = shiftadd.softmax %x {axis = 2 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @log_softmax_axis(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{axis 2 is outside the 2 dimensions}}
  %0 = shiftadd.log_softmax %x {axis = 2 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

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

// -----

//===--- Types and layouts. ---===//

// N105.
// expected-error@+1 {{a code has 1 to 16 terms}}
func.func private @code_terms(tensor<1x!shiftadd.pot<bits = 8, terms = 0, min_exponent = -6, max_exponent = 0, zero = true>>)

// -----

// expected-error@+1 {{a code has at most 32 bits, the same number for each term}}
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

// One case per rule of every verifier.

// RUN: shiftadd-opt %s --split-input-file --verify-diagnostics

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

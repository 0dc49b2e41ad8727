// RUN: shiftadd-opt %s --shiftadd-fuse-padding | FileCheck %s
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-fuse-padding)" | FileCheck %s --check-prefix=EQUAL

// EQUAL: equal: 30 runs

// Asymmetric amounts add to the layer's own.
// CHECK-LABEL: func.func @conv(
// CHECK-NEXT: shiftadd.conv %arg0, %arg1 {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 3, 1, 1>, strides = array<i64: 2, 1>} : (tensor<?x5x6x2xf32>,
func.func @conv(%x: tensor<?x5x6x2xf32>, %w: tensor<3x3x3x2xf32>) -> tensor<?x4x6x3xf32> {
  %0 = shiftadd.pad %x {low = array<i64: 0, 0, 1, 0>, high = array<i64: 0, 2, 0, 0>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<?x5x6x2xf32>) -> tensor<?x7x7x2xf32>
  %1 = shiftadd.conv %0, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 1, 0, 1>, strides = array<i64: 2, 1>} : (tensor<?x7x7x2xf32>, tensor<3x3x3x2xf32>) -> tensor<?x4x6x3xf32>
  return %1 : tensor<?x4x6x3xf32>
}

// CHECK-LABEL: func.func @shift_conv(
// CHECK-NEXT: shiftadd.shift_conv %arg0, %arg1 {{.*}}padding = array<i64: 1, 0>
func.func @shift_conv(%x: tensor<2x5x2xf32>, %w: tensor<3x3x2x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>) -> tensor<2x4x3xf32> {
  %0 = shiftadd.pad %x {low = array<i64: 0, 1, 0>, high = array<i64: 0, 0, 0>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<2x5x2xf32>) -> tensor<2x6x2xf32>
  %1 = shiftadd.shift_conv %0, %w {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<2x6x2xf32>, tensor<3x3x2x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>) -> tensor<2x4x3xf32>
  return %1 : tensor<2x4x3xf32>
}

// Padding is a real operand of an adder layer (N25); two uses of the padding.
// CHECK-LABEL: func.func @adder_conv(
// CHECK-NOT: shiftadd.pad
// CHECK: shiftadd.adder_conv %arg0, {{.*}}padding = array<i64: 1, 1, 1, 1>
// CHECK: shiftadd.adder_conv %arg0, {{.*}}padding = array<i64: 1, 0, 1, 0>
func.func @adder_conv(%x: tensor<2x4x4x2xf32>, %w: tensor<3x3x3x2xf32>, %v: tensor<1x3x3x2xf32>) -> (tensor<2x4x4x3xf32>, tensor<2x2x2x1xf32>) {
  %0 = shiftadd.pad %x {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 1, 1, 0>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<2x4x4x2xf32>) -> tensor<2x6x6x2xf32>
  %1 = shiftadd.adder_conv %0, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<2x6x6x2xf32>, tensor<3x3x3x2xf32>) -> tensor<2x4x4x3xf32>
  %2 = shiftadd.adder_conv %0, %v {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<2x6x6x2xf32>, tensor<1x3x3x2xf32>) -> tensor<2x2x2x1xf32>
  return %1, %2 : tensor<2x4x4x3xf32>, tensor<2x2x2x1xf32>
}

// On codes both mean the zero point.
// CHECK-LABEL: func.func @codes(
// CHECK-NEXT: shiftadd.conv %arg0, %arg1 {{.*}}padding = array<i64: 1, 1>
func.func @codes(%x: tensor<2x5x2x!quant.uniform<u8:f32, 0.5:13>>, %w: tensor<3x3x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<2x5x3xi32> {
  %0 = shiftadd.pad %x {low = array<i64: 0, 1, 0>, high = array<i64: 0, 1, 0>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<2x5x2x!quant.uniform<u8:f32, 0.5:13>>) -> tensor<2x7x2x!quant.uniform<u8:f32, 0.5:13>>
  %1 = shiftadd.conv %0, %w {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<2x7x2x!quant.uniform<u8:f32, 0.5:13>>, tensor<3x3x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<2x5x3xi32>
  return %1 : tensor<2x5x3xi32>
}

// CHECK-LABEL: func.func @not_zero(
// CHECK: shiftadd.pad
func.func @not_zero(%x: tensor<2x5x2xf32>, %w: tensor<3x3x2xf32>) -> tensor<2x5x3xf32> {
  %0 = shiftadd.pad %x {low = array<i64: 0, 1, 0>, high = array<i64: 0, 1, 0>, mode = #shiftadd<pad_mode constant>, value = 1.0 : f64} : (tensor<2x5x2xf32>) -> tensor<2x7x2xf32>
  %1 = shiftadd.conv %0, %w {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<2x7x2xf32>, tensor<3x3x2xf32>) -> tensor<2x5x3xf32>
  return %1 : tensor<2x5x3xf32>
}

// CHECK-LABEL: func.func @mirrored(
// CHECK: shiftadd.pad
func.func @mirrored(%x: tensor<2x5x2xf32>, %w: tensor<3x3x2xf32>) -> tensor<2x5x3xf32> {
  %0 = shiftadd.pad %x {low = array<i64: 0, 1, 0>, high = array<i64: 0, 1, 0>, mode = #shiftadd<pad_mode reflect>, value = 0.0 : f64} : (tensor<2x5x2xf32>) -> tensor<2x7x2xf32>
  %1 = shiftadd.conv %0, %w {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<2x7x2xf32>, tensor<3x3x2xf32>) -> tensor<2x5x3xf32>
  return %1 : tensor<2x5x3xf32>
}

// CHECK-LABEL: func.func @removes(
// CHECK: shiftadd.pad
func.func @removes(%x: tensor<2x5x2xf32>, %w: tensor<3x3x2xf32>) -> tensor<2x4x3xf32> {
  %0 = shiftadd.pad %x {low = array<i64: 0, 2, 0>, high = array<i64: 0, -1, 0>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<2x5x2xf32>) -> tensor<2x6x2xf32>
  %1 = shiftadd.conv %0, %w {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<2x6x2xf32>, tensor<3x3x2xf32>) -> tensor<2x4x3xf32>
  return %1 : tensor<2x4x3xf32>
}

// CHECK-LABEL: func.func @channels(
// CHECK: shiftadd.pad
func.func @channels(%x: tensor<2x5x2xf32>, %w: tensor<3x3x3xf32>) -> tensor<2x3x3xf32> {
  %0 = shiftadd.pad %x {low = array<i64: 0, 0, 0>, high = array<i64: 0, 0, 1>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<2x5x2xf32>) -> tensor<2x5x3xf32>
  %1 = shiftadd.conv %0, %w {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<2x5x3xf32>, tensor<3x3x3xf32>) -> tensor<2x3x3xf32>
  return %1 : tensor<2x3x3xf32>
}

// A padded sample is a sample more.
// CHECK-LABEL: func.func @batch(
// CHECK: shiftadd.pad
func.func @batch(%x: tensor<2x5x2xf32>, %w: tensor<3x3x2xf32>) -> tensor<3x3x3xf32> {
  %0 = shiftadd.pad %x {low = array<i64: 1, 0, 0>, high = array<i64: 0, 0, 0>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<2x5x2xf32>) -> tensor<3x5x2xf32>
  %1 = shiftadd.conv %0, %w {dilations = array<i64: 1>, groups = 1 : i64, padding = array<i64: 0, 0>, strides = array<i64: 1>} : (tensor<3x5x2xf32>, tensor<3x3x2xf32>) -> tensor<3x3x3xf32>
  return %1 : tensor<3x3x3xf32>
}

// Windows with a stride of 2 end in front of the last padded element; with a
// dilation of 2 and a stride of 3, in front of the last two.
// CHECK-LABEL: func.func @unread(
// CHECK: shiftadd.adder_conv {{.*}}padding = array<i64: 1, 0, 2, 0>
// CHECK: shiftadd.max_pool {{.*}}padding = array<i64: 0, 0>
// CHECK: shiftadd.avg_pool {{.*}}padding = array<i64: 1, 1>
func.func @unread(%x: tensor<2x4x6x2xf32>, %w: tensor<3x3x3x2xf32>, %y: tensor<2x4x2xf32>) -> (tensor<2x2x2x3xf32>, tensor<2x2x2xf32>, tensor<2x3x2xf32>) {
  %0 = shiftadd.adder_conv %x, %w {dilations = array<i64: 1, 2>, groups = 1 : i64, padding = array<i64: 1, 1, 2, 2>, strides = array<i64: 2, 3>} : (tensor<2x4x6x2xf32>, tensor<3x3x3x2xf32>) -> tensor<2x2x2x3xf32>
  %1 = shiftadd.max_pool %y {dilations = array<i64: 1>, kernel = array<i64: 2>, padding = array<i64: 0, 1>, strides = array<i64: 2>} : (tensor<2x4x2xf32>) -> tensor<2x2x2xf32>
  %2 = shiftadd.avg_pool %y {count_include_pad = true, dilations = array<i64: 1>, kernel = array<i64: 2>, padding = array<i64: 1, 1>, strides = array<i64: 2>} : (tensor<2x4x2xf32>) -> tensor<2x3x2xf32>
  return %0, %1, %2 : tensor<2x2x2x3xf32>, tensor<2x2x2xf32>, tensor<2x3x2xf32>
}

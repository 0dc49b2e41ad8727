// RUN: shiftadd-opt %s --shiftadd-move-dequantize | FileCheck %s
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-move-dequantize)" --runs=5 | FileCheck %s --check-prefix=EQUAL

// EQUAL: equal: {{[1-9][0-9]+}} runs

!u8 = !quant.uniform<u8:f32, 0.3:7>
!i8 = !quant.uniform<i8:f32, 0.1:-3>

// Movement and max pooling work on codes.
// CHECK-LABEL: func.func @movement(
// CHECK-NEXT: %[[POOL:.*]] = shiftadd.max_pool %arg0
// CHECK-NEXT: %[[PAD:.*]] = shiftadd.pad %[[POOL]] {{.*}} -> tensor<?x3x2x2x!quant.uniform<u8:f32, 3.000000e-01:7>>
// CHECK-NEXT: %[[SLICE:.*]] = shiftadd.slice %[[PAD]]
// CHECK-NEXT: %[[JOIN:.*]] = shiftadd.concat %[[SLICE]], %[[SLICE]]
// CHECK-NEXT: %[[T:.*]] = shiftadd.transpose %[[JOIN]]
// CHECK-NEXT: %[[R:.*]] = shiftadd.reshape %[[T]]
// CHECK-NEXT: %[[D:.*]] = shiftadd.dequantize %[[R]]
// CHECK-NEXT: return %[[D]]
func.func @movement(%x: tensor<?x4x4x2x!u8>) -> tensor<?x12xf32> {
  %0 = shiftadd.dequantize %x : (tensor<?x4x4x2x!u8>) -> tensor<?x4x4x2xf32>
  %1 = shiftadd.max_pool %0 {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 1, 0, 0>, strides = array<i64: 2, 2>} : (tensor<?x4x4x2xf32>) -> tensor<?x2x2x2xf32>
  %2 = shiftadd.pad %1 {low = array<i64: 0, 1, 0, 0>, high = array<i64: 0, 0, 0, 0>, mode = #shiftadd<pad_mode constant>, value = 0.0 : f64} : (tensor<?x2x2x2xf32>) -> tensor<?x3x2x2xf32>
  %3 = shiftadd.slice %2 {starts = array<i64: 0, 2, 0, 0>, sizes = array<i64: -1, 3, 1, 2>, steps = array<i64: 1, -1, 1, 1>} : (tensor<?x3x2x2xf32>) -> tensor<?x3x1x2xf32>
  %4 = shiftadd.concat %3, %3 {axis = 2 : i64} : (tensor<?x3x1x2xf32>, tensor<?x3x1x2xf32>) -> tensor<?x3x2x2xf32>
  %5 = shiftadd.transpose %4 [0, 3, 1, 2] : (tensor<?x3x2x2xf32>) -> tensor<?x2x3x2xf32>
  %6 = shiftadd.reshape %5 [-1, 12] : (tensor<?x2x3x2xf32>) -> tensor<?x12xf32>
  return %6 : tensor<?x12xf32>
}

// CHECK-LABEL: func.func @picks(
// CHECK-NEXT: %[[G:.*]] = shiftadd.gather %arg0, %arg1 {axis = 1 : i64} : (tensor<?x5x!quant.uniform<u8:f32, 3.000000e-01:7>>, tensor<2xi64>)
// CHECK-NEXT: %[[T:.*]] = shiftadd.tile %[[G]]
// CHECK-NEXT: shiftadd.dequantize %[[T]]
func.func @picks(%x: tensor<?x5x!u8>, %i: tensor<2xi64>) -> tensor<?x6xf32> {
  %0 = shiftadd.dequantize %x : (tensor<?x5x!u8>) -> tensor<?x5xf32>
  %1 = shiftadd.gather %0, %i {axis = 1 : i64} : (tensor<?x5xf32>, tensor<2xi64>) -> tensor<?x2xf32>
  %2 = shiftadd.tile %1 [1, 3] : (tensor<?x2xf32>) -> tensor<?x6xf32>
  return %2 : tensor<?x6xf32>
}

// Padding with another value may have no code.
// CHECK-LABEL: func.func @pad_with_value(
// CHECK-NEXT: shiftadd.dequantize
// CHECK-NEXT: shiftadd.pad
func.func @pad_with_value(%x: tensor<2x!u8>) -> tensor<3xf32> {
  %0 = shiftadd.dequantize %x : (tensor<2x!u8>) -> tensor<2xf32>
  %1 = shiftadd.pad %0 {low = array<i64: 1>, high = array<i64: 0>, mode = #shiftadd<pad_mode constant>, value = 1.0 : f64} : (tensor<2xf32>) -> tensor<3xf32>
  return %1 : tensor<3xf32>
}

// CHECK-LABEL: func.func @scales_differ(
// CHECK-COUNT-2: shiftadd.dequantize
// CHECK-NEXT: shiftadd.concat
func.func @scales_differ(%x: tensor<2x!u8>, %y: tensor<2x!i8>) -> tensor<4xf32> {
  %0 = shiftadd.dequantize %x : (tensor<2x!u8>) -> tensor<2xf32>
  %1 = shiftadd.dequantize %y : (tensor<2x!i8>) -> tensor<2xf32>
  %2 = shiftadd.concat %0, %1 {axis = 0 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// One scale per channel does not survive a reshape.
// CHECK-LABEL: func.func @per_axis(
// CHECK-NEXT: shiftadd.dequantize
// CHECK-NEXT: shiftadd.reshape
func.func @per_axis(%x: tensor<2x3x!quant.uniform<i8:f32:0, {0.1, 0.2}>>) -> tensor<6xf32> {
  %0 = shiftadd.dequantize %x : (tensor<2x3x!quant.uniform<i8:f32:0, {0.1, 0.2}>>) -> tensor<2x3xf32>
  %1 = shiftadd.reshape %0 [6] : (tensor<2x3xf32>) -> tensor<6xf32>
  return %1 : tensor<6xf32>
}

// Arithmetic is no movement.
// CHECK-LABEL: func.func @computes(
// CHECK-NEXT: shiftadd.dequantize
// CHECK-NEXT: shiftadd.neg
func.func @computes(%x: tensor<2x!u8>) -> tensor<2xf32> {
  %0 = shiftadd.dequantize %x : (tensor<2x!u8>) -> tensor<2xf32>
  %1 = shiftadd.neg %0 : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// A clamp between a layer and its quantisation, with bounds between two codes
// and outside of all codes.
// CHECK-LABEL: func.func @clamp(
// CHECK-NEXT: %[[Q:.*]] = shiftadd.quantize %arg0
// CHECK-NEXT: %[[C:.*]] = shiftadd.clamp %[[Q]] {maximum = 2.000000e+00 : f64, minimum = -1.000000e+02 : f64}
// CHECK-NEXT: return %[[C]]
func.func @clamp(%x: tensor<64xf32>) -> tensor<64x!i8> {
  %1 = shiftadd.clamp %x {minimum = -100.0 : f64, maximum = 2.0 : f64} : (tensor<64xf32>) -> tensor<64xf32>
  %2 = shiftadd.quantize %1 : (tensor<64xf32>) -> tensor<64x!i8>
  return %2 : tensor<64x!i8>
}

// CHECK-LABEL: func.func @clamp_between_codes(
// CHECK-NEXT: shiftadd.quantize
// CHECK-NEXT: shiftadd.clamp
func.func @clamp_between_codes(%x: tensor<4x64xf32>) -> tensor<4x64x!i8> {
  %1 = shiftadd.clamp %x {minimum = -0.3333 : f64, maximum = 0.05 : f64} : (tensor<4x64xf32>) -> tensor<4x64xf32>
  %2 = shiftadd.quantize %1 : (tensor<4x64xf32>) -> tensor<4x64x!i8>
  return %2 : tensor<4x64x!i8>
}

// A residual network's tail: codes meet codes, and both vanish.
// CHECK-LABEL: func.func @meet(
// CHECK-NEXT: %[[POOL:.*]] = shiftadd.max_pool %arg0
// CHECK-NEXT: %[[R:.*]] = shiftadd.reshape %[[POOL]]
// CHECK-NEXT: return %[[R]]
func.func @meet(%x: tensor<?x4x2x!u8>) -> tensor<?x4x!u8> {
  %0 = shiftadd.dequantize %x : (tensor<?x4x2x!u8>) -> tensor<?x4x2xf32>
  %1 = shiftadd.max_pool %0 {dilations = array<i64: 1>, kernel = array<i64: 2>, padding = array<i64: 0, 0>, strides = array<i64: 2>} : (tensor<?x4x2xf32>) -> tensor<?x2x2xf32>
  %2 = shiftadd.reshape %1 [-1, 4] : (tensor<?x2x2xf32>) -> tensor<?x4xf32>
  %3 = shiftadd.quantize %2 : (tensor<?x4xf32>) -> tensor<?x4x!u8>
  return %3 : tensor<?x4x!u8>
}

// Inputs of a join that come from layers are quantised one by one.
// CHECK-LABEL: func.func @join(
// CHECK-COUNT-2: shiftadd.quantize
// CHECK-NEXT: shiftadd.concat {{.*}} -> tensor<4x!quant.uniform<u8:f32, 3.000000e-01:7>>
func.func @join(%x: tensor<2xf32>, %y: tensor<2xf32>) -> tensor<4x!u8> {
  %0 = shiftadd.concat %x, %y {axis = 0 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  %1 = shiftadd.quantize %0 : (tensor<4xf32>) -> tensor<4x!u8>
  return %1 : tensor<4x!u8>
}

// Two uses: the values are needed anyway.
// CHECK-LABEL: func.func @two_uses(
// CHECK-NEXT: shiftadd.clamp %arg0
// CHECK-NEXT: shiftadd.quantize
func.func @two_uses(%x: tensor<64xf32>) -> (tensor<64x!u8>, tensor<64xf32>) {
  %0 = shiftadd.clamp %x {minimum = 0.0 : f64} : (tensor<64xf32>) -> tensor<64xf32>
  %1 = shiftadd.quantize %0 : (tensor<64xf32>) -> tensor<64x!u8>
  return %1, %0 : tensor<64x!u8>, tensor<64xf32>
}

// The padding of a pool is left out, not read as a code.
// CHECK-LABEL: func.func @pool_border(
// CHECK-NEXT: shiftadd.max_pool
// CHECK-NEXT: shiftadd.dequantize
func.func @pool_border(%x: tensor<2x3x1x!i8>) -> tensor<2x3x1xf32> {
  %0 = shiftadd.dequantize %x : (tensor<2x3x1x!i8>) -> tensor<2x3x1xf32>
  %1 = shiftadd.max_pool %0 {dilations = array<i64: 1>, kernel = array<i64: 3>, padding = array<i64: 1, 1>, strides = array<i64: 1>} : (tensor<2x3x1xf32>) -> tensor<2x3x1xf32>
  return %1 : tensor<2x3x1xf32>
}

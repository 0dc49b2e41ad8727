// Layers on codes whose results stay real, as logits do: their sums in 32-bit
// codes, read once.

// RUN: shiftadd-opt %s --shiftadd-integer-layers | FileCheck %s
// RUN: shiftadd-opt %s --shiftadd-integer-layers="outputs=false" | FileCheck %s --check-prefix=REAL --implicit-check-not=shiftadd.requantize
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-integer-layers,shiftadd-choose-arithmetic)" --runs=5 --tolerance=1e-4 | FileCheck %s --check-prefix=EQUAL

// EQUAL: equal: {{[1-9][0-9]*}} runs

!x = !quant.uniform<u8:f32, 0.5:13>

// One scale for all channels: the codes are the sums.
// CHECK-LABEL: func.func @one_scale(
// CHECK: %[[ACC:.*]] = shiftadd.dense
// CHECK-DAG: %[[ONE:.*]] = shiftadd.constant dense<1> : tensor<2xi32>
// CHECK-DAG: %[[ZERO:.*]] = shiftadd.constant dense<0> : tensor<2xi32>
// CHECK: %[[Q:.*]] = shiftadd.requantize %[[ACC]], multiplier %[[ONE]], shift %[[ZERO]], {{.*}}!quant.uniform<i32:f32, 1.250000e-01>
// CHECK: %[[R:.*]] = shiftadd.dequantize %[[Q]]
// CHECK: return %[[R]]
// REAL-LABEL: func.func @one_scale(
func.func @one_scale(%x: tensor<?x2x!x>) -> tensor<?x2xf32> {
  %wq = shiftadd.constant dense<[[2, -3], [127, -128]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32, 0.25>>
  %b = shiftadd.constant dense<[0.125, -2.5]> : tensor<2xf32> as tensor<2xf32>
  %w = shiftadd.dequantize %wq : (tensor<2x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<2x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!x>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %w, bias %b : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// A scale per channel: codes of 24 bits, which f32 holds exactly.
// CHECK-LABEL: func.func @scales(
// CHECK: %[[Q:.*]] = shiftadd.requantize
// CHECK: %[[R:.*]] = shiftadd.dequantize %[[Q]]
// CHECK: return %[[R]]
func.func @scales(%x: tensor<?x2x!x>) -> tensor<?x2xf32> {
  %wq = shiftadd.constant dense<[[2, -3], [127, -128]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32:0, {0.0173, 0.00311}>>
  %w = shiftadd.dequantize %wq : (tensor<2x2x!quant.uniform<i8:f32:0, {0.0173, 0.00311}>>) -> tensor<2x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!x>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// The scale and offset behind a layer belong to it, the offset on a
// finer grid than the sum's; what follows stays real.
// CHECK-LABEL: func.func @normalized(
// CHECK: %[[ACC:.*]] = shiftadd.adder_dense {{.*}} -> tensor<?x2xi32>
// CHECK: shiftadd.bit_shift %[[ACC]]
// CHECK: shiftadd.requantize
// CHECK: %[[R:.*]] = shiftadd.dequantize
// CHECK: shiftadd.softmax %[[R]]
func.func @normalized(%x: tensor<?x2x!x>) -> tensor<?x2xf32> {
  %wq = shiftadd.constant dense<[[2, 3], [127, 128]]> : tensor<2x2xui8> as tensor<2x2x!x>
  %factor = shiftadd.constant dense<[0.01, -0.03]> : tensor<2xf32> as tensor<2xf32>
  %offset = shiftadd.constant dense<[0.1, 0.2]> : tensor<2xf32> as tensor<2xf32>
  %w = shiftadd.dequantize %wq : (tensor<2x2x!x>) -> tensor<2x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!x>) -> tensor<?x2xf32>
  %1 = shiftadd.adder_dense %0, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %2 = shiftadd.mul %1, %factor : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %3 = shiftadd.add %2, %offset : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %4 = shiftadd.softmax %3 {axis = 1 : i64} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %4 : tensor<?x2xf32>
}

// The second channel's numbers are below the step that 24 bits leave for those
// of the first: both stay real.
// CHECK-LABEL: func.func @scales_far_apart(
// CHECK-NOT: shiftadd.requantize
// CHECK: shiftadd.dense {{.*}} -> tensor<?x2xf32>
// CHECK-NEXT: return
// REAL-LABEL: func.func @scales_far_apart(
func.func @scales_far_apart(%x: tensor<?x2x!x>) -> tensor<?x2xf32> {
  %wq = shiftadd.constant dense<[[2, -3], [127, -128]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32:0, {64.0, 1.0e-6}>>
  %w = shiftadd.dequantize %wq : (tensor<2x2x!quant.uniform<i8:f32:0, {64.0, 1.0e-6}>>) -> tensor<2x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!x>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

// A channel whose factor is 0 is its offset, far above the others.
// CHECK-LABEL: func.func @constant_channel(
// CHECK: shiftadd.requantize
func.func @constant_channel(%x: tensor<?x2x!x>) -> tensor<?x2xf32> {
  %wq = shiftadd.constant dense<[[2, -3], [127, -128]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32, 0.00390625>>
  %f = shiftadd.constant dense<[0.01, 0.0]> : tensor<2xf32> as tensor<2xf32>
  %o = shiftadd.constant dense<[0.1, 50.0]> : tensor<2xf32> as tensor<2xf32>
  %w = shiftadd.dequantize %wq : (tensor<2x2x!quant.uniform<i8:f32, 0.00390625>>) -> tensor<2x2xf32>
  %0 = shiftadd.dequantize %x : (tensor<?x2x!x>) -> tensor<?x2xf32>
  %1 = shiftadd.dense %0, %w : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %2 = shiftadd.mul %1, %f : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %3 = shiftadd.add %2, %o : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %3 : tensor<?x2xf32>
}

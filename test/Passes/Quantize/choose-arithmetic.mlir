// RUN: shiftadd-opt %s --shiftadd-choose-arithmetic --split-input-file --verify-diagnostics | FileCheck %s

!q = !quant.uniform<u8:f32, 0.5>

// |acc| <= 255 * 5 = 1275, times 1000 + bias: below 2^30.
// CHECK-LABEL: func.func @int32(
// CHECK: shiftadd.requantize {{.*}}arithmetic = #shiftadd<arithmetic int32>
func.func @int32(%x: tensor<?x2x!q>) -> tensor<?x1x!q> {
  %w = shiftadd.constant dense<[[2, -3]]> : tensor<1x2xi8> as tensor<1x2x!quant.uniform<i8:f32, 0.25>>
  %m = shiftadd.constant dense<1000> : tensor<1xi32> as tensor<1xi32>
  %s = shiftadd.constant dense<10> : tensor<1xi32> as tensor<1xi32>
  %b = shiftadd.constant dense<-7> : tensor<1xi32> as tensor<1xi32>
  %0 = shiftadd.dense %x, %w : (tensor<?x2x!q>, tensor<1x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x1xi32>
  %1 = shiftadd.requantize %0, multiplier %m, shift %s, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<?x1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x1x!q>
  return %1 : tensor<?x1x!q>
}

// The largest sum is 255 * 3 = 765: with 2^20 - 1 as the multiplier that fits
// 30 bits, and so it does with a bias of 258, but not of 259.
// CHECK-LABEL: func.func @limit(
// CHECK: shiftadd.requantize {{.*}}arithmetic = #shiftadd<arithmetic int32>
// CHECK: shiftadd.requantize {{.*}}arithmetic = #shiftadd<arithmetic int32>
// CHECK: shiftadd.requantize {{.*}}arithmetic = #shiftadd<arithmetic double>
func.func @limit(%x: tensor<?x1x!q>) -> (tensor<?x1x!q>, tensor<?x1x!q>, tensor<?x1x!q>) {
  %w = shiftadd.constant dense<3> : tensor<1x1xi8> as tensor<1x1x!quant.uniform<i8:f32, 0.25>>
  %m = shiftadd.constant dense<1048575> : tensor<1xi32> as tensor<1xi32>
  %s = shiftadd.constant dense<22> : tensor<1xi32> as tensor<1xi32>
  %fits = shiftadd.constant dense<258> : tensor<1xi32> as tensor<1xi32>
  %over = shiftadd.constant dense<260> : tensor<1xi32> as tensor<1xi32>
  %0 = shiftadd.dense %x, %w : (tensor<?x1x!q>, tensor<1x1x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x1xi32>
  %1 = shiftadd.requantize %0, multiplier %m, shift %s {rounding = #shiftadd<rounding half_even>} : (tensor<?x1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x1x!q>
  %2 = shiftadd.requantize %0, multiplier %m, shift %s, bias %fits {rounding = #shiftadd<rounding half_even>} : (tensor<?x1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x1x!q>
  %3 = shiftadd.requantize %0, multiplier %m, shift %s, bias %over {rounding = #shiftadd<rounding half_even>} : (tensor<?x1xi32>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x1x!q>
  return %1, %2, %3 : tensor<?x1x!q>, tensor<?x1x!q>, tensor<?x1x!q>
}

// One channel decides for all; a bias at the limit of 32 bits.
// CHECK-LABEL: func.func @worst_channel(
// CHECK: shiftadd.requantize {{.*}}arithmetic = #shiftadd<arithmetic double>
func.func @worst_channel(%x: tensor<?x2x!q>) -> tensor<?x2x!q> {
  %w = shiftadd.constant dense<[[2, -3], [1, 1]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32, 0.25>>
  %m = shiftadd.constant dense<[1, 1]> : tensor<2xi32> as tensor<2xi32>
  %s = shiftadd.constant dense<30> : tensor<1xi32> as tensor<1xi32>
  %b = shiftadd.constant dense<[0, 2147483647]> : tensor<2xi32> as tensor<2xi32>
  %0 = shiftadd.dense %x, %w : (tensor<?x2x!q>, tensor<2x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2xi32>
  %1 = shiftadd.requantize %0, multiplier %m, shift %s, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<?x2xi32>, tensor<2xi32>, tensor<2xi32>, tensor<1xi32>) -> tensor<?x2x!q>
  return %1 : tensor<?x2x!q>
}

// An accumulator of unknown origin uses all its 32 bits.
// CHECK-LABEL: func.func @unknown_sum(
// CHECK: shiftadd.requantize {{.*}}arithmetic = #shiftadd<arithmetic double>
func.func @unknown_sum(%x: tensor<?x2xi32>) -> tensor<?x2x!q> {
  %m = shiftadd.constant dense<1048575> : tensor<1xi32> as tensor<1xi32>
  %s = shiftadd.constant dense<30> : tensor<1xi32> as tensor<1xi32>
  %1 = shiftadd.requantize %x, multiplier %m, shift %s {rounding = #shiftadd<rounding half_even>} : (tensor<?x2xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x2x!q>
  return %1 : tensor<?x2x!q>
}

// 2^37 * 2^20 exceeds a double's 53 bits, not 63.
// CHECK-LABEL: func.func @int64(
// CHECK: shiftadd.requantize {{.*}}arithmetic = #shiftadd<arithmetic int64>
func.func @int64(%x: tensor<?x2xi32>) -> tensor<?x2x!q> {
  %m = shiftadd.constant dense<1048575> : tensor<1xi32> as tensor<1xi32>
  %s = shiftadd.constant dense<30> : tensor<1xi32> as tensor<1xi32>
  %b = shiftadd.constant dense<137438953472> : tensor<1xi64> as tensor<1xi64>
  %1 = shiftadd.requantize %x, multiplier %m, shift %s, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<?x2xi32>, tensor<1xi64>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x2x!q>
  return %1 : tensor<?x2x!q>
}

// Sums of codes in a pool: 9 * 255 * 1000.
// CHECK-LABEL: func.func @pool(
// CHECK: shiftadd.requantize {{.*}}arithmetic = #shiftadd<arithmetic int32>
func.func @pool(%x: tensor<?x3x3x2x!q>) -> tensor<?x1x1x2x!q> {
  %m = shiftadd.constant dense<1000> : tensor<1xi32> as tensor<1xi32>
  %s = shiftadd.constant dense<13> : tensor<1xi32> as tensor<1xi32>
  %0 = shiftadd.sum_pool %x {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<?x3x3x2x!q>) -> tensor<?x1x1x2xi32>
  %1 = shiftadd.requantize %0, multiplier %m, shift %s {rounding = #shiftadd<rounding half_even>} : (tensor<?x1x1x2xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x1x1x2x!q>
  return %1 : tensor<?x1x1x2x!q>
}

// -----

// N52.
func.func @too_wide(%x: tensor<?x2xi64>) -> tensor<?x2x!quant.uniform<u8:f32, 0.5>> {
  %m = shiftadd.constant dense<1048575> : tensor<1xi32> as tensor<1xi32>
  %s = shiftadd.constant dense<30> : tensor<1xi32> as tensor<1xi32>
  // expected-error@+1 {{a sum times its multiplier could exceed 63 bits (N52)}}
  %1 = shiftadd.requantize %x, multiplier %m, shift %s {rounding = #shiftadd<rounding half_even>} : (tensor<?x2xi64>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.5>>
  return %1 : tensor<?x2x!quant.uniform<u8:f32, 0.5>>
}

// -----

!q = !quant.uniform<u8:f32, 0.5>

// Four products of 64-bit numbers reach 2^128: nothing is known of their sum.
func.func @wide_products(%x: tensor<2x4xi64>, %y: tensor<4x3xi64>) -> tensor<2x3x!q> {
  %m = shiftadd.constant dense<1> : tensor<1xi32> as tensor<1xi32>
  %0 = shiftadd.matmul %x, %y : (tensor<2x4xi64>, tensor<4x3xi64>) -> tensor<2x3xi64>
  // expected-error @below {{a sum times its multiplier could exceed 63 bits (N52); lower the multiplier bits}}
  %1 = shiftadd.requantize %0, multiplier %m, shift %m {rounding = #shiftadd<rounding half_up>} : (tensor<2x3xi64>, tensor<1xi32>, tensor<1xi32>) -> tensor<2x3x!q>
  return %1 : tensor<2x3x!q>
}

// Codes with a stated error: the fewest terms that keep it, the zero point's
// constant in the bias, and refusals.

// RUN: split-file %s %t
// RUN: shiftadd-opt %t/integers.mlir --shiftadd-decompose-mul=max-error=0.2 | FileCheck %t/integers.mlir --check-prefixes=CHECK,ONE
// RUN: shiftadd-opt %t/integers.mlir --shiftadd-decompose-mul=max-error=0.05 | FileCheck %t/integers.mlir --check-prefixes=CHECK,TWO
// RUN: shiftadd-opt %t/integers.mlir --shiftadd-decompose-mul="max-error=0.05 per-channel=true" | FileCheck %t/integers.mlir --check-prefixes=CHECK,CHANNEL
// RUN: shiftadd-opt %t/integers.mlir --shiftadd-decompose-mul=max-error=0.0001 | FileCheck %t/integers.mlir --check-prefixes=CHECK,EXACT
// RUN: shiftadd-opt %t/integers.mlir --compare-by-running="func.func(shiftadd-decompose-mul{max-error=0.0001})" | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %t/integers.mlir --compare-by-running="func.func(shiftadd-decompose-mul{max-error=0.05})" --tolerance=0.06 | FileCheck %s --check-prefix=EQUAL
// RUN: not shiftadd-opt %t/integers.mlir --shiftadd-decompose-mul="max-error=0.05 max-terms=1" 2>&1 | FileCheck %s --check-prefix=REFUSED
// RUN: shiftadd-opt %t/floats.mlir --shiftadd-decompose-mul=max-error=0.01 | FileCheck %t/floats.mlir
// RUN: shiftadd-opt %t/floats.mlir --compare-by-running="func.func(shiftadd-decompose-mul{max-error=0.01})" --tolerance=0.06 | FileCheck %s --check-prefix=EQUAL
// RUN: not shiftadd-opt %t/infinite.mlir --shiftadd-decompose-mul=max-error=0.01 2>&1 | FileCheck %s --check-prefix=INFINITE

// EQUAL: equal: 3 runs
// REFUSED: loc("head"): no sum of at most 1 powers of two brings the weights within a relative error of 5.000000e-02: output channel 0 has {{.*}}; allow more terms or a larger error
// INFINITE: error: has weights that are infinite or not a number

//--- integers.mlir

!x = !quant.uniform<u8:f32, 0.5:10>
!y = !quant.uniform<u8:f32, 4.0:100>

// 100 is nearest to 128 of the powers of two, to 96 of sums of two, and
// 128 - 32 + 4; channel 1 has one term throughout.
// CHECK-LABEL: func.func @dense(
// ONE: terms = 1,
// TWO: terms = 2,
// CHANNEL: terms = 2,
// EXACT: terms = 3,
// CHANNEL: shiftadd.shift_dense {{.*}}shiftadd.terms = array<i32: 2, 1>
// CHECK: shiftadd.requantize
func.func @dense(%x: tensor<?x3x!x>) -> tensor<?x2x!y> {
  %w = shiftadd.constant dense<[[100, -3, 1], [64, -32, 1]]> : tensor<2x3xi8> as tensor<2x3xi8>
  %b = shiftadd.constant dense<[1000, -7]> : tensor<2xi32> as tensor<2xi32>
  %m = shiftadd.constant dense<1> : tensor<1xi32> as tensor<1xi32>
  %s = shiftadd.constant dense<7> : tensor<1xi32> as tensor<1xi32>
  %0 = shiftadd.dense %x, %w : (tensor<?x3x!x>, tensor<2x3xi8>) -> tensor<?x2xi32> loc("head")
  %1 = shiftadd.requantize %0, multiplier %m, shift %s, bias %b {rounding = #shiftadd<rounding half_even>} : (tensor<?x2xi32>, tensor<2xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x2x!y>
  return %1 : tensor<?x2x!y>
}

//--- floats.mlir

// CHECK-LABEL: func.func @dense(
// CHECK: !shiftadd.pot
// CHECK: shiftadd.shift_dense
// CHECK-NOT: shiftadd.dense
func.func @dense(%x: tensor<?x4xf32>) -> tensor<?x2xf32> {
  %w = shiftadd.constant dense<[[0.1, -3.3, 0.7, 1.9], [0.01, 0.022, 0.037, -0.051]]> : tensor<2x4xf32> as tensor<2x4xf32>
  %b = shiftadd.constant dense<[0.3, -0.1]> : tensor<2xf32> as tensor<2xf32>
  %0 = shiftadd.dense %x, %w, bias %b : (tensor<?x4xf32>, tensor<2x4xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

//--- infinite.mlir

func.func @dense(%x: tensor<?x2xf32>) -> tensor<?x1xf32> {
  %w = shiftadd.constant dense<[[0x7F800000, 1.0]]> : tensor<1x2xf32> as tensor<1x2xf32>
  %0 = shiftadd.dense %x, %w : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
  return %0 : tensor<?x1xf32>
}

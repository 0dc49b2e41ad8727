// Other networks with the same shapes: what becomes of the first, an inner and
// the last layer.

// RUN: split-file %s %t
// RUN: shiftadd-opt %t/network.mlir --shiftadd-convert-network=form=shift | FileCheck %t/network.mlir --check-prefix=SHIFT
// RUN: shiftadd-opt %t/network.mlir --shiftadd-convert-network=form=adder | FileCheck %t/network.mlir --check-prefix=ADDER
// RUN: shiftadd-opt %t/network.mlir --shiftadd-convert-network=form=shiftaddnet | FileCheck %t/network.mlir --check-prefix=BOTH
// RUN: shiftadd-opt %t/network.mlir --shiftadd-convert-network=form=shiftaddnet --run | FileCheck %t/network.mlir --check-prefix=RUNS
// RUN: shiftadd-opt %t/network.mlir --shiftadd-convert-network=form=shiftaddnet --shiftadd-verify-multiplier-free -o /dev/null
// RUN: not shiftadd-opt %t/network.mlir --shiftadd-convert-network 2>&1 | FileCheck %s --check-prefix=FORM
// RUN: not shiftadd-opt %t/codes.mlir --shiftadd-convert-network=form=shift 2>&1 | FileCheck %s --check-prefix=CODES

// FORM: error: the form is shift, adder or shiftaddnet, not ''
// CODES: error: has no constant float weights; networks are converted before they are quantised

//--- network.mlir

// SHIFT: shiftadd.shift_conv %arg0, {{.*}}, bias {{.*}} tensor<4x3x3x2x!shiftadd.pot<bits = 5, terms = 1, min_exponent = -15, max_exponent = -1, zero = true>>
// SHIFT: shiftadd.shift_conv {{.*}}groups = 2
// SHIFT: shiftadd.shift_conv {{.*}}strides = array<i64: 2, 2>
// SHIFT: shiftadd.shift_dense
// SHIFT-NOT: {{shiftadd.(adder|conv|dense)}}
// SHIFT: return

// ADDER: shiftadd.conv
// ADDER: shiftadd.adder_conv {{.*}}groups = 2
// ADDER: shiftadd.adder_conv {{.*}}strides = array<i64: 2, 2>
// ADDER: shiftadd.dense
// ADDER: return

// The pair of an inner layer: geometry in the shift layer, then 3x3 or 1x1 with
// stride 1, and the bias behind both.
// BOTH: shiftadd.shift_conv {{.*}}, bias
// BOTH: %[[S:.*]] = shiftadd.shift_conv %{{[0-9]+}}, %{{[0-9]+}} {{{.*}}groups = 2
// BOTH-NEXT: %[[W:.*]] = shiftadd.constant {{.*}} tensor<4x3x3x2xf32>
// BOTH-NEXT: shiftadd.adder_conv %[[S]], %[[W]], bias %{{.*}} {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
// BOTH: %[[S:.*]] = shiftadd.shift_conv {{.*}}strides = array<i64: 2, 2>
// BOTH-NEXT: %[[W:.*]] = shiftadd.constant {{.*}} tensor<3x1x1x3xf32>
// BOTH-NEXT: shiftadd.adder_conv %[[S]], %[[W]] {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
// BOTH: shiftadd.shift_dense
// BOTH-NOT: adder_dense
// BOTH: return

// RUNS: result 0: tensor<2x3xf32>
func.func @main(%x: tensor<?x6x6x2xf32>) -> tensor<?x3xf32> {
  %w0 = shiftadd.constant dense<0.7> : tensor<4x3x3x2xf32> as tensor<4x3x3x2xf32>
  %b = shiftadd.constant dense<[0.1, 0.2, 0.3, 0.4]> : tensor<4xf32> as tensor<4xf32>
  %w1 = shiftadd.constant dense<-0.3> : tensor<4x3x3x2xf32> as tensor<4x3x3x2xf32>
  %w2 = shiftadd.constant dense<0.0> : tensor<3x1x1x4xf32> as tensor<3x1x1x4xf32>
  %w3 = shiftadd.constant dense<1.5> : tensor<3x27xf32> as tensor<3x27xf32>
  %0 = shiftadd.conv %x, %w0, bias %b {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<?x6x6x2xf32>, tensor<4x3x3x2xf32>, tensor<4xf32>) -> tensor<?x6x6x4xf32>
  %1 = shiftadd.conv %0, %w1, bias %b {dilations = array<i64: 1, 1>, groups = 2 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<?x6x6x4xf32>, tensor<4x3x3x2xf32>, tensor<4xf32>) -> tensor<?x6x6x4xf32>
  %2 = shiftadd.conv %1, %w2 {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<?x6x6x4xf32>, tensor<3x1x1x4xf32>) -> tensor<?x3x3x3xf32>
  %3 = shiftadd.reshape %2 [-1, 27] : (tensor<?x3x3x3xf32>) -> tensor<?x27xf32>
  %4 = shiftadd.dense %3, %w3 : (tensor<?x27xf32>, tensor<3x27xf32>) -> tensor<?x3xf32>
  return %4 : tensor<?x3xf32>
}

//--- codes.mlir

func.func @main(%x: tensor<?x2xi8>) -> tensor<?x1xi32> {
  %w = shiftadd.constant dense<[[85, 1]]> : tensor<1x2xi8> as tensor<1x2xi8>
  %0 = shiftadd.dense %x, %w : (tensor<?x2xi8>, tensor<1x2xi8>) -> tensor<?x1xi32>
  return %0 : tensor<?x1xi32>
}

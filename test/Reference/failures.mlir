// What a failing run says: the function, the op, the place and the reason.
// RUN: not shiftadd-opt --run --run-function=differs %s 2>&1 | FileCheck %s --check-prefix=DIFFERS
// RUN: not shiftadd-opt --run --run-function=overflows %s 2>&1 | FileCheck %s --check-prefix=OVERFLOWS
// RUN: not shiftadd-opt --run --run-function=unknown %s 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// DIFFERS: in @differs: 'shiftadd.check_equal' ({{.*}}): element [1] is 2, expected 3 (1 of 2 elements differ)
func.func @differs() {
  %0 = shiftadd.constant dense<[1.0, 2.0]> : tensor<2xf32> as tensor<2xf32>
  %1 = shiftadd.constant dense<[1.0, 3.0]> : tensor<2xf32> as tensor<2xf32>
  shiftadd.check_equal %0, %1 : tensor<2xf32>, tensor<2xf32>
  return
}

// N52
// OVERFLOWS: 'shiftadd.dense' ({{.*}}): accumulator overflow at [0, 0]: 4294967296 does not fit into i32
func.func @overflows() -> tensor<1x1xi32> {
  %0 = shiftadd.constant dense<65536> : tensor<1x1xi32> as tensor<1x1xi32>
  %1 = shiftadd.dense %0, %0 : (tensor<1x1xi32>, tensor<1x1xi32>) -> tensor<1x1xi32>
  return %1 : tensor<1x1xi32>
}

// UNKNOWN: 'shiftadd.onnx_node' ({{.*}}): cannot be executed
func.func @unknown(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = shiftadd.onnx_node "ai.onnx" "Foo" version 9 (%x) {} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

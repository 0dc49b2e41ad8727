// Text and bytecode hold the same module, weights in resources included.

// RUN: shiftadd-opt %S/ops.mlir > %t.text
// RUN: shiftadd-opt %S/ops.mlir --emit-bytecode -o %t.bytecode
// RUN: shiftadd-opt %t.bytecode | diff %t.text -
// RUN: shiftadd-opt %S/ops.mlir --verify-roundtrip > %t.verified
// RUN: diff %t.text %t.verified

// The same results come out of both.
// RUN: shiftadd-opt %s --emit-bytecode -o %t.weights
// RUN: shiftadd-opt %s --run > %t.from-text
// RUN: shiftadd-opt %t.weights --run | diff %t.from-text -
// RUN: FileCheck %s < %t.from-text

// CHECK: @weights
// CHECK-NEXT: result 0: tensor<2x2xf32> {{\[\[}}1, 2], [3, 4]]
func.func @weights() -> tensor<2x2xf32> {
  %0 = shiftadd.constant dense_resource<weights> : tensor<2x2xf32> as tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803F000000400000404000008040"
    }
  }
#-}

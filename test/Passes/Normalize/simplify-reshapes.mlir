// RUN: shiftadd-opt %s --shiftadd-simplify-reshapes | FileCheck %s
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-simplify-reshapes)" | FileCheck %s --check-prefix=EQUAL

// EQUAL: equal: 12 runs

// CHECK-LABEL: func.func @unit_dimensions(
// CHECK-NEXT: %[[Y:.*]] = shiftadd.reshape %arg0 [2, 3, 1, 5, 1]
// CHECK-NEXT: return %[[Y]]
func.func @unit_dimensions(%x: tensor<1x2x3x5x1xf32>) -> tensor<2x3x1x5x1xf32> {
  %0 = shiftadd.transpose %x [1, 2, 0, 3, 4] : (tensor<1x2x3x5x1xf32>) -> tensor<2x3x1x5x1xf32>
  return %0 : tensor<2x3x1x5x1xf32>
}

// CHECK-LABEL: func.func @free_batch(
// CHECK-NEXT: %[[Y:.*]] = shiftadd.reshape %arg0 [-1, 1, 1, 8]
// CHECK-NEXT: return %[[Y]]
func.func @free_batch(%x: tensor<?x8x1x1xf32>) -> tensor<?x1x1x8xf32> {
  %0 = shiftadd.transpose %x [0, 2, 3, 1] : (tensor<?x8x1x1xf32>) -> tensor<?x1x1x8xf32>
  return %0 : tensor<?x1x1x8xf32>
}

// Joins with the flatten behind it.
// CHECK-LABEL: func.func @flatten(
// CHECK-NEXT: %[[Y:.*]] = shiftadd.reshape %arg0 [-1, 8]
// CHECK-NEXT: return %[[Y]]
func.func @flatten(%x: tensor<?x1x1x8xf32>) -> tensor<?x8xf32> {
  %0 = shiftadd.transpose %x [0, 3, 1, 2] : (tensor<?x1x1x8xf32>) -> tensor<?x8x1x1xf32>
  %1 = shiftadd.reshape %0 [-1, 8] : (tensor<?x8x1x1xf32>) -> tensor<?x8xf32>
  return %1 : tensor<?x8xf32>
}

// CHECK-LABEL: func.func @moves(
// CHECK-NEXT: shiftadd.transpose
func.func @moves(%x: tensor<?x8x1x2xf32>) -> tensor<?x1x2x8xf32> {
  %0 = shiftadd.transpose %x [0, 2, 3, 1] : (tensor<?x8x1x2xf32>) -> tensor<?x1x2x8xf32>
  return %0 : tensor<?x1x2x8xf32>
}

// RUN: shiftadd-opt %s --shiftadd-fold-constants | FileCheck %s --check-prefixes=CHECK,KEEP
// RUN: shiftadd-opt %s --shiftadd-fold-constants=fold-dequantize=true | FileCheck %s --check-prefixes=CHECK,FOLD
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-fold-constants)" | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-fold-constants{fold-dequantize=true})" | FileCheck %s --check-prefix=EQUAL

// EQUAL: equal: 18 runs

// A chain of several kinds of ops.
// CHECK-LABEL: func.func @chain(
// CHECK: %[[C:.*]] = shiftadd.constant dense<{{\[\[}}2.600000e+01, 2.000000e+01], [3.700000e+01, 2.600000e+01]]> : tensor<2x2xf32>
// CHECK-NEXT: return %[[C]]
func.func @chain() -> tensor<2x2xf32> {
  %0 = shiftadd.constant dense<[1, 2, 6, 4]> : tensor<4xi32> as tensor<4xi32>
  %1 = shiftadd.cast %0 : (tensor<4xi32>) -> tensor<4xf32>
  %2 = shiftadd.reshape %1 [2, 2] : (tensor<4xf32>) -> tensor<2x2xf32>
  %3 = shiftadd.constant dense<[1, 0]> : tensor<2xi64> as tensor<2xi64>
  %4 = shiftadd.gather %2, %3 {axis = 1 : i64} : (tensor<2x2xf32>, tensor<2xi64>) -> tensor<2x2xf32>
  %5 = shiftadd.transpose %4 [1, 0] : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %6 = shiftadd.matmul %5, %2 : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %6 : tensor<2x2xf32>
}

// Only the constant part of a computation.
// CHECK-LABEL: func.func @partly(
// CHECK: %[[C:.*]] = shiftadd.constant dense<[3.000000e+00, 5.000000e+00]>
// CHECK-NEXT: %[[Y:.*]] = shiftadd.mul %arg0, %[[C]]
// CHECK-NEXT: return %[[Y]]
func.func @partly(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %0 = shiftadd.constant dense<[1.0, 3.0]> : tensor<2xf32> as tensor<2xf32>
  %1 = shiftadd.constant dense<2.0> : tensor<f32> as tensor<f32>
  %2 = shiftadd.add %0, %1 : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %3 = shiftadd.mul %x, %2 : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %3 : tensor<?x2xf32>
}

// Two results.
// CHECK-LABEL: func.func @two_results(
// CHECK-DAG: dense<[5, 3]> : tensor<2xi32>
// CHECK-DAG: dense<[2, 0]> : tensor<2xi64>
// CHECK-NOT: shiftadd.top_k
func.func @two_results() -> (tensor<2xi32>, tensor<2xi64>) {
  %0 = shiftadd.constant dense<[3, 1, 5]> : tensor<3xi32> as tensor<3xi32>
  %1, %2 = shiftadd.top_k %0 {axis = 0 : i64, k = 2 : i64, largest = true} : (tensor<3xi32>) -> (tensor<2xi32>, tensor<2xi64>)
  return %1, %2 : tensor<2xi32>, tensor<2xi64>
}

// The movement of codes is evaluated, their reading only on demand.
// CHECK-LABEL: func.func @codes(
// KEEP: %[[CODES:.*]] = shiftadd.constant dense<{{\[\[}}1, 3], [2, -4]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32:1, {5.000000e-01,2.500000e-01}>>
// KEEP-NEXT: %[[READ:.*]] = shiftadd.dequantize %[[CODES]]
// FOLD: %[[READ:.*]] = shiftadd.constant dense<{{\[\[}}5.000000e-01, 7.500000e-01], [1.000000e+00, -1.000000e+00]]>
// CHECK-NEXT: return %[[READ]]
func.func @codes() -> tensor<2x2xf32> {
  %0 = shiftadd.constant dense<[[1, 2], [3, -4]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>
  %1 = shiftadd.transpose %0 [1, 0] : (tensor<2x2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>) -> tensor<2x2x!quant.uniform<i8:f32:1, {0.5, 0.25}>>
  %2 = shiftadd.dequantize %1 : (tensor<2x2x!quant.uniform<i8:f32:1, {0.5, 0.25}>>) -> tensor<2x2xf32>
  return %2 : tensor<2x2xf32>
}

// Data in a resource.
// CHECK-LABEL: func.func @resource(
// CHECK: %[[C:.*]] = shiftadd.constant dense<{{\[\[}}-1.000000e+00, -2.000000e+00], [-3.000000e+00, -4.000000e+00]]>
// CHECK-NEXT: return %[[C]]
func.func @resource() -> tensor<2x2xf32> {
  %0 = shiftadd.constant dense_resource<weights> : tensor<2x2xf32> as tensor<2x2xf32>
  %1 = shiftadd.neg %0 : (tensor<2x2xf32>) -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}

// Checks are no values.
// CHECK-LABEL: func.func @checks(
// CHECK: shiftadd.check_equal
func.func @checks() {
  %0 = shiftadd.constant dense<1> : tensor<i32> as tensor<i32>
  shiftadd.check_equal %0, %0 : tensor<i32>, tensor<i32>
  return
}

// A result much larger than its operands is computed when it is needed.
// CHECK-LABEL: func.func private @too_large(
// CHECK: shiftadd.broadcast
func.func private @too_large() -> tensor<4097x8192xf32> {
  %0 = shiftadd.constant dense<[1.0]> : tensor<1xf32> as tensor<1xf32>
  %1 = shiftadd.broadcast %0 [4097, 8192] : (tensor<1xf32>) -> tensor<4097x8192xf32>
  return %1 : tensor<4097x8192xf32>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803F000000400000404000008040"
    }
  }
#-}

// One shift per exponent (N49): the same sums with padding, strides, dilation,
// groups, several terms and zero points.

// RUN: shiftadd-opt %s --shiftadd-group-exponents | FileCheck %s
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-group-exponents)" --runs=10 | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %s --shiftadd-decompose-mul --compare-by-running="func.func(shiftadd-group-exponents)" | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %s --shiftadd-group-exponents --shiftadd-verify-multiplier-free=fail=false --verify-diagnostics -o /dev/null

// EQUAL: equal: {{[1-9][0-9]*}} runs

!x = !quant.uniform<u8:f32, 0.5:13>
!k = !shiftadd.pot<bits = 4, terms = 1, min_exponent = 0, max_exponent = 6, zero = true>
!k2 = !shiftadd.pot<bits = 8, terms = 2, min_exponent = 0, max_exponent = 6, zero = true>

// 64, -2, 0 and 2 (as codes 13, 4, 0, 3): the exponents 1 and 6.
// CHECK-LABEL: func.func @dense(
// CHECK-DAG: %[[LOW:.*]] = shiftadd.constant dense<{{.*}}> : tensor<2x1xui8> as tensor<2x2x!shiftadd.pot<bits = 2, terms = 1, min_exponent = 0, max_exponent = 0, zero = true>>
// CHECK-DAG: %[[A:.*]] = shiftadd.shift_dense %arg0, %[[LOW]]
// CHECK-DAG: %[[ONE:.*]] = shiftadd.constant dense<1> : tensor<i32>
// CHECK-DAG: %[[B:.*]] = shiftadd.bit_shift %[[A]], %[[ONE]]
// CHECK-DAG: %[[C:.*]] = shiftadd.shift_dense %arg0
// CHECK-DAG: %[[SIX:.*]] = shiftadd.constant dense<6> : tensor<i32>
// CHECK-DAG: %[[D:.*]] = shiftadd.bit_shift %[[C]], %[[SIX]]
// CHECK: %[[R:.*]] = shiftadd.add %[[B]], %[[D]]
// CHECK-NEXT: return %[[R]]
func.func @dense(%x: tensor<?x2x!x>) -> tensor<?x2xi32> {
  %w = shiftadd.constant dense<[[77], [48]]> : tensor<2x1xui8> as tensor<2x2x!k>
  %0 = shiftadd.shift_dense %x, %w : (tensor<?x2x!x>, tensor<2x2x!k>) -> tensor<?x2xi32>
  return %0 : tensor<?x2xi32>
}

// Corners see the zero point's code in every group.
// CHECK-LABEL: func.func @padded(
// CHECK: shiftadd.shift_conv
// CHECK: shiftadd.bit_shift
// CHECK: shiftadd.shift_conv
// CHECK: return
func.func @padded(%x: tensor<?x4x4x2x!x>) -> tensor<?x2x4x2xi32> {
  %w = shiftadd.constant dense<[[[[18, 52], [86, 120]], [[154, 188], [222, 17]]], [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]]> : tensor<2x2x2x2xui8> as tensor<2x2x2x2x!k2>
  %0 = shiftadd.shift_conv %x, %w {dilations = array<i64: 2, 1>, groups = 1 : i64, padding = array<i64: 1, 1, 0, 1>, strides = array<i64: 2, 1>} : (tensor<?x4x4x2x!x>, tensor<2x2x2x2x!k2>) -> tensor<?x2x4x2xi32>
  return %0 : tensor<?x2x4x2xi32>
}

// CHECK-LABEL: func.func @grouped(
// CHECK: groups = 2
// CHECK: return
func.func @grouped(%x: tensor<?x5x4x!x>) -> tensor<?x3x4xi64> {
  %w = shiftadd.constant dense<[[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]], [[13, 14], [18, 35], [0, 224]], [[52, 65], [99, 86], [17, 130]]]> : tensor<4x3x2xui8> as tensor<4x3x2x!k2>
  %0 = shiftadd.shift_conv %x, %w {dilations = array<i64: 1>, groups = 2 : i64, padding = array<i64: 1, 1>, strides = array<i64: 2>} : (tensor<?x5x4x!x>, tensor<4x3x2x!k2>) -> tensor<?x3x4xi64>
  return %0 : tensor<?x3x4xi64>
}

// 98303 = 2^17 - 2^15 - 1: 20000 * 2^17 needs more than 32 bits, the sum does
// not.
// CHECK-LABEL: func.func @no_room(
// CHECK-COUNT-1: shiftadd.shift_dense
// CHECK-NOT: shiftadd.bit_shift
// CHECK: return
!i = !quant.uniform<i16<-20000:20000>:f32, 0.5>
!k3 = !shiftadd.pot<bits = 24, terms = 3, min_exponent = 0, max_exponent = 17, zero = true>
func.func @no_room(%x: tensor<?x1x!i>) -> tensor<?x1xi32> {
  %w = shiftadd.constant dense<[[2, 32, 35]]> : tensor<1x3xui8> as tensor<1x1x!k3>
  %0 = shiftadd.shift_dense %x, %w : (tensor<?x1x!i>, tensor<1x1x!k3>) -> tensor<?x1xi32>
  return %0 : tensor<?x1xi32>
}

// Identities on integers and floats: what they make of an op, that results stay
// the same bit for bit, and what is left alone.

// RUN: split-file %s %t
// RUN: shiftadd-opt %t/changes.mlir --shiftadd-simplify-arithmetic | FileCheck %t/changes.mlir
// RUN: shiftadd-opt %t/changes.mlir --compare-by-running="func.func(shiftadd-simplify-arithmetic)" --runs=10 | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %t/changes.mlir --compare-by-running="func.func(shiftadd-simplify-arithmetic{max-terms=64})" | FileCheck %s --check-prefix=EQUAL
// RUN: shiftadd-opt %t/stays.mlir --shiftadd-simplify-arithmetic | FileCheck %t/stays.mlir --implicit-check-not=shiftadd.neg --implicit-check-not=shiftadd.bit_shift

// EQUAL: equal: {{[1-9][0-9]+}} runs

//--- changes.mlir

// CHECK-LABEL: func.func @double(
// CHECK: %[[ONE:.*]] = shiftadd.constant dense<1> : tensor<i32>
// CHECK: %[[R:.*]] = shiftadd.bit_shift %arg0, %[[ONE]] {direction = #shiftadd<shift_direction left>}
// CHECK-NEXT: return %[[R]]
func.func @double(%x: tensor<?x4xi32>) -> tensor<?x4xi32> {
  %0 = shiftadd.add %x, %x : (tensor<?x4xi32>, tensor<?x4xi32>) -> tensor<?x4xi32>
  return %0 : tensor<?x4xi32>
}

// CHECK-LABEL: func.func @power_of_two(
// CHECK: %[[N:.*]] = shiftadd.constant dense<5> : tensor<1xi16>
// CHECK: %[[R:.*]] = shiftadd.bit_shift %arg0, %[[N]]
// CHECK-NEXT: return %[[R]]
func.func @power_of_two(%x: tensor<?x4xi16>) -> tensor<?x4xi16> {
  %c = shiftadd.constant dense<32> : tensor<1xi16> as tensor<1xi16>
  %0 = shiftadd.mul %x, %c : (tensor<?x4xi16>, tensor<1xi16>) -> tensor<?x4xi16>
  return %0 : tensor<?x4xi16>
}

// Powers of two per channel.
// CHECK-LABEL: func.func @powers_of_two(
// CHECK: %[[N:.*]] = shiftadd.constant dense<[0, 3, 31, 1]> : tensor<4xi32>
// CHECK: shiftadd.bit_shift %arg0, %[[N]]
// CHECK-NOT: shiftadd.mul
func.func @powers_of_two(%x: tensor<?x4xi32>) -> tensor<?x4xi32> {
  %c = shiftadd.constant dense<[1, 8, -2147483648, 2]> : tensor<4xi32> as tensor<4xi32>
  %0 = shiftadd.mul %c, %x : (tensor<4xi32>, tensor<?x4xi32>) -> tensor<?x4xi32>
  return %0 : tensor<?x4xi32>
}

// 7 = 8 - 1, and -6 = 2 - 8: two digits each.
// CHECK-LABEL: func.func @digits(
// CHECK-COUNT-3: shiftadd.bit_shift
// CHECK-NOT: shiftadd.mul
// CHECK: return
func.func @digits(%x: tensor<?x4xi32>) -> (tensor<?x4xi32>, tensor<?x4xi32>) {
  %7 = shiftadd.constant dense<7> : tensor<i32> as tensor<i32>
  %6 = shiftadd.constant dense<-6> : tensor<4xi32> as tensor<4xi32>
  %0 = shiftadd.mul %x, %7 : (tensor<?x4xi32>, tensor<i32>) -> tensor<?x4xi32>
  %1 = shiftadd.mul %x, %6 : (tensor<?x4xi32>, tensor<4xi32>) -> tensor<?x4xi32>
  return %0, %1 : tensor<?x4xi32>, tensor<?x4xi32>
}

// Modulo 256 a factor of 255 is -1, and 254 is -2.
// CHECK-LABEL: func.func @unsigned(
// CHECK: shiftadd.neg %arg0
// CHECK: shiftadd.bit_shift
// CHECK: shiftadd.neg
// CHECK-NOT: shiftadd.mul
// CHECK: return
func.func @unsigned(%x: tensor<?x4xui8>) -> (tensor<?x4xui8>, tensor<?x4xui8>) {
  %c = shiftadd.constant dense<255> : tensor<ui8> as tensor<ui8>
  %d = shiftadd.constant dense<254> : tensor<ui8> as tensor<ui8>
  %0 = shiftadd.mul %x, %c : (tensor<?x4xui8>, tensor<ui8>) -> tensor<?x4xui8>
  %1 = shiftadd.mul %x, %d : (tensor<?x4xui8>, tensor<ui8>) -> tensor<?x4xui8>
  return %0, %1 : tensor<?x4xui8>, tensor<?x4xui8>
}

// The lowest integer is one digit, and its own negative.
// CHECK-LABEL: func.func @lowest(
// CHECK: shiftadd.constant dense<63> : tensor<i64>
// CHECK-NOT: shiftadd.mul
// CHECK: return
func.func @lowest(%x: tensor<?x4xi64>) -> tensor<?x4xi64> {
  %c = shiftadd.constant dense<-9223372036854775808> : tensor<i64> as tensor<i64>
  %0 = shiftadd.mul %x, %c : (tensor<?x4xi64>, tensor<i64>) -> tensor<?x4xi64>
  return %0 : tensor<?x4xi64>
}

// CHECK-LABEL: func.func @minus_one(
// CHECK-NEXT: %[[A:.*]] = shiftadd.neg %arg0
// CHECK-NEXT: %[[B:.*]] = shiftadd.neg %arg1
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @minus_one(%x: tensor<?x4xf32>, %y: tensor<?x4xi32>) -> (tensor<?x4xf32>, tensor<?x4xi32>) {
  %f = shiftadd.constant dense<-1.0> : tensor<f32> as tensor<f32>
  %i = shiftadd.constant dense<-1> : tensor<i32> as tensor<i32>
  %0 = shiftadd.mul %x, %f : (tensor<?x4xf32>, tensor<f32>) -> tensor<?x4xf32>
  %1 = shiftadd.mul %y, %i : (tensor<?x4xi32>, tensor<i32>) -> tensor<?x4xi32>
  return %0, %1 : tensor<?x4xf32>, tensor<?x4xi32>
}

// -0.0 - x and 0 - x are negations; two of them are none.
// CHECK-LABEL: func.func @negations(
// CHECK-NEXT: %[[B:.*]] = shiftadd.neg %arg1
// CHECK-NEXT: return %arg0, %[[B]]
func.func @negations(%x: tensor<?x4xf32>, %y: tensor<?x4xi32>) -> (tensor<?x4xf32>, tensor<?x4xi32>) {
  %f = shiftadd.constant dense<-0.0> : tensor<f32> as tensor<f32>
  %i = shiftadd.constant dense<0> : tensor<i32> as tensor<i32>
  %0 = shiftadd.sub %f, %x : (tensor<f32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %1 = shiftadd.neg %0 : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %2 = shiftadd.sub %i, %y : (tensor<i32>, tensor<?x4xi32>) -> tensor<?x4xi32>
  return %1, %2 : tensor<?x4xf32>, tensor<?x4xi32>
}

// CHECK-LABEL: func.func @negated_operands(
// CHECK-DAG: %[[A:.*]] = shiftadd.sub %arg0, %arg1
// CHECK-DAG: %[[B:.*]] = shiftadd.sub %arg0, %arg1
// CHECK-DAG: %[[C:.*]] = shiftadd.add %arg0, %arg1
// CHECK: return
func.func @negated_operands(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  %n = shiftadd.neg %y : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %0 = shiftadd.add %x, %n : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %1 = shiftadd.add %n, %x : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %2 = shiftadd.sub %x, %n : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %0, %1, %2 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// CHECK-LABEL: func.func @divisions(
// CHECK-DAG: dense<[1.250000e-01, -4.000000e+00]> : tensor<2xf32>
// CHECK-DAG: dense<4> : tensor<ui16>
// CHECK-DAG: shiftadd.mul %arg0
// CHECK-DAG: shiftadd.bit_shift %arg1, {{.*}} {direction = #shiftadd<shift_direction right>}
// CHECK-NOT: shiftadd.div
// CHECK: return
func.func @divisions(%x: tensor<?x2xf32>, %y: tensor<?x2xui16>) -> (tensor<?x2xf32>, tensor<?x2xui16>) {
  %c = shiftadd.constant dense<[8.0, -0.25]> : tensor<2xf32> as tensor<2xf32>
  %d = shiftadd.constant dense<16> : tensor<ui16> as tensor<ui16>
  %0 = shiftadd.div %x, %c : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  %1 = shiftadd.div %y, %d : (tensor<?x2xui16>, tensor<ui16>) -> tensor<?x2xui16>
  return %0, %1 : tensor<?x2xf32>, tensor<?x2xui16>
}

// Nothing is left of x * 1 and x + 0.
// CHECK-LABEL: func.func @neutral(
// CHECK-NEXT: return %arg0, %arg1
func.func @neutral(%x: tensor<?x4xf32>, %y: tensor<?x4xi32>) -> (tensor<?x4xf32>, tensor<?x4xi32>) {
  %f = shiftadd.constant dense<1.0> : tensor<f32> as tensor<f32>
  %i = shiftadd.constant dense<0> : tensor<i32> as tensor<i32>
  %0 = shiftadd.mul %x, %f : (tensor<?x4xf32>, tensor<f32>) -> tensor<?x4xf32>
  %1 = shiftadd.add %y, %i : (tensor<?x4xi32>, tensor<i32>) -> tensor<?x4xi32>
  return %0, %1 : tensor<?x4xf32>, tensor<?x4xi32>
}

//--- stays.mlir

// x + x on floats is as cheap as anything.
// CHECK-LABEL: func.func @float_double(
// CHECK: shiftadd.add
func.func @float_double(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = shiftadd.add %x, %x : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// 341 = 256 + 64 + 16 + 4 + 1 has five signed digits.
// CHECK-LABEL: func.func @many_digits(
// CHECK: shiftadd.mul
func.func @many_digits(%x: tensor<?x4xi32>) -> tensor<?x4xi32> {
  %c = shiftadd.constant dense<341> : tensor<i32> as tensor<i32>
  %0 = shiftadd.mul %x, %c : (tensor<?x4xi32>, tensor<i32>) -> tensor<?x4xi32>
  return %0 : tensor<?x4xi32>
}

// Factors that differ and are no powers of two; two variables; a constant that
// stretches the other operand.
// CHECK-LABEL: func.func @other_factors(
// CHECK-COUNT-3: shiftadd.mul
func.func @other_factors(%x: tensor<1x4xi32>, %y: tensor<1x4xi32>) -> (tensor<1x4xi32>, tensor<1x4xi32>, tensor<2x4xi32>) {
  %c = shiftadd.constant dense<[2, 4, 6, 8]> : tensor<4xi32> as tensor<4xi32>
  %d = shiftadd.constant dense<2> : tensor<2x4xi32> as tensor<2x4xi32>
  %0 = shiftadd.mul %x, %c : (tensor<1x4xi32>, tensor<4xi32>) -> tensor<1x4xi32>
  %1 = shiftadd.mul %x, %y : (tensor<1x4xi32>, tensor<1x4xi32>) -> tensor<1x4xi32>
  %2 = shiftadd.mul %x, %d : (tensor<1x4xi32>, tensor<2x4xi32>) -> tensor<2x4xi32>
  return %0, %1, %2 : tensor<1x4xi32>, tensor<1x4xi32>, tensor<2x4xi32>
}

// 0.0 - 0.0 is 0.0, and -0.0 is not.
// CHECK-LABEL: func.func @positive_zero(
// CHECK: shiftadd.sub
func.func @positive_zero(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %c = shiftadd.constant dense<0.0> : tensor<f32> as tensor<f32>
  %0 = shiftadd.sub %c, %x : (tensor<f32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// The inverse of 3 is rounded, that of 2^127 too small for a normal number, and
// signed integers truncate toward zero.
// CHECK-LABEL: func.func @other_divisors(
// CHECK-COUNT-3: shiftadd.div
func.func @other_divisors(%x: tensor<?x4xf32>, %y: tensor<?x4xi32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xi32>) {
  %c = shiftadd.constant dense<3.0> : tensor<f32> as tensor<f32>
  %d = shiftadd.constant dense<0x7F000000> : tensor<f32> as tensor<f32>
  %i = shiftadd.constant dense<4> : tensor<i32> as tensor<i32>
  %0 = shiftadd.div %x, %c : (tensor<?x4xf32>, tensor<f32>) -> tensor<?x4xf32>
  %1 = shiftadd.div %x, %d : (tensor<?x4xf32>, tensor<f32>) -> tensor<?x4xf32>
  %2 = shiftadd.div %y, %i : (tensor<?x4xi32>, tensor<i32>) -> tensor<?x4xi32>
  return %0, %1, %2 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xi32>
}

// Truth values.
// CHECK-LABEL: func.func @truth_values(
// CHECK: shiftadd.div
func.func @truth_values(%x: tensor<?x4xi1>) -> tensor<?x4xi1> {
  %c = shiftadd.constant dense<true> : tensor<4xi1> as tensor<4xi1>
  %0 = shiftadd.div %x, %c : (tensor<?x4xi1>, tensor<4xi1>) -> tensor<?x4xi1>
  return %0 : tensor<?x4xi1>
}

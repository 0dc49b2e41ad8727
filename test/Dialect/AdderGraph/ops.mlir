// Every op, through text and bytecode, and what a graph computes.

// RUN: shiftadd-opt %s | FileCheck %s
// RUN: shiftadd-opt %s --emit-bytecode | shiftadd-opt | FileCheck %s
// RUN: shiftadd-opt %s --run | FileCheck %s --check-prefix=VALUE

// CHECK-LABEL: func.func @graph(
// CHECK: adder_graph.graph %arg0 : (tensor<?x2xi8>) -> tensor<?x5xi32> {
// CHECK-NEXT: ^bb0(%[[A:.*]]: i64, %[[B:.*]]: i64):
// CHECK-NEXT: %[[S:.*]] = adder_graph.shift_add %[[A]] shl 2, %[[B]] shl 0
// CHECK-NEXT: %[[D:.*]] = adder_graph.shift_add %[[S]] shl 0, %[[B]] shl 3 subtract
// CHECK-NEXT: %[[N:.*]] = adder_graph.negate %[[D]]
// CHECK-NEXT: %[[T:.*]] = adder_graph.shift %[[S]] shl 4
// CHECK-NEXT: %[[Z:.*]] = adder_graph.zero
// CHECK-NEXT: adder_graph.output %[[S]], %[[D]], %[[N]], %[[T]], %[[Z]]
func.func @graph(%x: tensor<?x2xi8>) -> tensor<?x5xi32> {
  %0 = adder_graph.graph %x : (tensor<?x2xi8>) -> tensor<?x5xi32> {
  ^bb0(%a: i64, %b: i64):
    %s = adder_graph.shift_add %a shl 2, %b shl 0
    %d = adder_graph.shift_add %s shl 0, %b shl 3 subtract
    %n = adder_graph.negate %d
    %t = adder_graph.shift %s shl 4
    %z = adder_graph.zero
    adder_graph.output %s, %d, %n, %t, %z
  }
  return %0 : tensor<?x5xi32>
}

// 4 * 3 - 5 = 7, and so on; codes are read as they are stored.
// VALUE: @values
// VALUE-NEXT: result 0: tensor<2x3xi32> {{\[\[}}7, 47, -11], [1, -7, 1]]
func.func @values() -> tensor<2x3xi32> {
  %x = shiftadd.constant dense<[[3, -5], [0, 1]]> : tensor<2x2xi8> as tensor<2x2x!quant.uniform<i8:f32, 0.5:7>>
  %0 = adder_graph.graph %x : (tensor<2x2x!quant.uniform<i8:f32, 0.5:7>>) -> tensor<2x3xi32> {
  ^bb0(%a: i64, %b: i64):
    %s = adder_graph.shift_add %a shl 2, %b shl 0
    %d = adder_graph.shift_add %s shl 0, %b shl 3 subtract
    %e = adder_graph.shift_add %b shl 0, %a shl 1
    %n = adder_graph.shift_add %e shl 0, %b shl 1
    %f = adder_graph.shift_add %n shl 0, %e shl 1 subtract
    adder_graph.output %s, %d, %f
  }
  return %0 : tensor<2x3xi32>
}

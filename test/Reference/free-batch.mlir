// A free batch takes the size of the input; layers, kernels and their launches
// run as they stand.
// RUN: shiftadd-opt --run --batch=3 %s | FileCheck %s
// RUN: shiftadd-opt --run --batch=1 %s | FileCheck %s --check-prefix=ONE

// CHECK-LABEL: @main
// CHECK-NEXT: result 0: tensor<3x1xi1>
// ONE-LABEL: @main
// ONE-NEXT: result 0: tensor<1x1xi1>
shiftadd.kernel @difference attributes {
    argument_layouts = [#shiftadd.layout<low = [0, 0], high = [0, 0]>,
                        #shiftadd.layout<low = [0], high = [0]>],
    result_layouts = [#shiftadd.layout<low = [0, 0], high = [0, 0]>],
    constants = array<i1: false, true>} {
^bb0(%x: tensor<1x4xi32>, %w: tensor<4xi32>):
  %0 = shiftadd.sub %x, %w : (tensor<1x4xi32>, tensor<4xi32>) -> tensor<1x4xi32>
  %1 = shiftadd.reshape %0 [1, 4] : (tensor<1x4xi32>) -> tensor<1x4xi32>
  shiftadd.yield %1 : tensor<1x4xi32>
}

func.func @main(%x: tensor<?x4xi32>) -> tensor<?x1xi1> {
  %w = shiftadd.constant dense<[1, 2, 3, 4]> : tensor<4xi32> as tensor<4xi32>
  %0 = shiftadd.launch @difference "first" (%x, %w) {arena_offsets = array<i64: 0>} : (tensor<?x4xi32>, tensor<4xi32>) -> tensor<?x4xi32>
  %1 = shiftadd.layer "second" (%0, %w) : (tensor<?x4xi32>, tensor<4xi32>) -> tensor<?x4xi32> {
  ^bb0(%a: tensor<?x4xi32>, %b: tensor<4xi32>):
    %2 = shiftadd.add %a, %b : (tensor<?x4xi32>, tensor<4xi32>) -> tensor<?x4xi32>
    shiftadd.yield %2 : tensor<?x4xi32>
  }
  shiftadd.check_equal %1, %x : tensor<?x4xi32>, tensor<?x4xi32>
  %3 = shiftadd.equal %1, %x : (tensor<?x4xi32>, tensor<?x4xi32>) -> tensor<?x4xi1>
  %4 = shiftadd.reduce_min %3 {axes = array<i64: 1>, keep_dims = true} : (tensor<?x4xi1>) -> tensor<?x1xi1>
  return %4 : tensor<?x1xi1>
}

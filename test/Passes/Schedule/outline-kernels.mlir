// RUN: shiftadd-opt %s --pass-pipeline="builtin.module(func.func(shiftadd-fuse-layers),shiftadd-outline-kernels,func.func(shiftadd-plan-arena))" | FileCheck %s
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-fuse-layers),shiftadd-outline-kernels,func.func(shiftadd-plan-arena)" --tolerance=0

// Two equal layers share a kernel. The caller's buffer is copied into the arena
// with the halo that the first convolution reads; its result has one too.
// CHECK-DAG: shiftadd.kernel @[[COPY:transpose_[0-9]+]] attributes {{.*}}result_layouts = [#shiftadd.layout<low = [0, 1, 1, 0], high = [0, 1, 1, 0]>]
// CHECK-DAG: shiftadd.kernel @[[CONV:conv_[0-9]+]] attributes {argument_layouts = [#shiftadd.layout<low = [0, 1, 1, 0], high = [0, 1, 1, 0]>, {{.*}}constants = array<i1: false, true>, result_layouts = [#shiftadd.layout<low = [0, 1, 1, 0], high = [0, 1, 1, 0]>]
// CHECK: func.func @main
// CHECK-SAME: shiftadd.arena_bytes = [[BYTES:[0-9]+]]
// CHECK-SAME: shiftadd.live_bytes = [[BYTES]]
// CHECK: %[[A:.*]] = shiftadd.launch @[[COPY]] "conv/input0"(%arg0) {arena_offsets = array<i64: {{[0-9]+}}>}
// CHECK: %[[B:.*]] = shiftadd.launch @[[CONV]] "conv"(%[[A]], %{{.*}}) {arena_offsets = array<i64: {{[0-9]+}}>}
// CHECK: %[[C:.*]] = shiftadd.launch @[[CONV]] "conv_2"(%[[B]], %{{.*}}) {arena_offsets = array<i64: {{[0-9]+}}>}
// The third convolution's result needs no halo: another layout, another kernel.
// CHECK-NOT: @[[CONV]] "conv_3"
// CHECK: %[[D:.*]] = shiftadd.launch @{{conv_[0-9]+}} "conv_3"(%[[C]], %{{.*}})
// CHECK: shiftadd.launch @{{[a-z]+_[0-9]+}} "exp"(%[[D]]) {arena_offsets = array<i64: -1>}
func.func @main(%x: tensor<?x4x4x2xf32>) -> tensor<?x4x4x2xf32> {
  %w = shiftadd.constant dense<0.25> : tensor<2x3x3x2xf32> as tensor<2x3x3x2xf32>
  %v = shiftadd.constant dense<-0.5> : tensor<2x3x3x2xf32> as tensor<2x3x3x2xf32>
  %a = shiftadd.conv %x, %w {strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x4x2xf32>, tensor<2x3x3x2xf32>) -> tensor<?x4x4x2xf32>
  %b = shiftadd.conv %a, %v {strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x4x2xf32>, tensor<2x3x3x2xf32>) -> tensor<?x4x4x2xf32>
  %c = shiftadd.conv %b, %w {strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x4x2xf32>, tensor<2x3x3x2xf32>) -> tensor<?x4x4x2xf32>
  %t = shiftadd.transpose %c [0, 2, 1, 3] : (tensor<?x4x4x2xf32>) -> tensor<?x4x4x2xf32>
  %e = shiftadd.exp %t : (tensor<?x4x4x2xf32>) -> tensor<?x4x4x2xf32>
  return %e : tensor<?x4x4x2xf32>
}

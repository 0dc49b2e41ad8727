// What `--run` prints and how its options act.

// RUN: split-file %s %t
// RUN: shiftadd-opt --run %t/results.mlir | FileCheck %t/results.mlir --strict-whitespace --match-full-lines
// RUN: shiftadd-opt --run --run-function=hidden %t/results.mlir | FileCheck %t/results.mlir --check-prefix=HIDDEN --implicit-check-not=@
// RUN: shiftadd-opt --run --run-function=batch --batch=5 %t/results.mlir | FileCheck %t/results.mlir --check-prefix=BATCH

// The same seed gives the same inputs, another one others; a pass in front of
// the run is applied.
// RUN: shiftadd-opt --run --run-function=batch --seed=7 %t/results.mlir > %t.seven
// RUN: shiftadd-opt --run --run-function=batch --seed=7 --canonicalize %t/results.mlir | diff %t.seven -
// RUN: shiftadd-opt --run --run-function=batch --seed=8 %t/results.mlir | not diff %t.seven -
// RUN: shiftadd-opt --run --run-function=negates --shiftadd-fold-constants %t/results.mlir | FileCheck %t/results.mlir --check-prefix=NEGATES

// RUN: not shiftadd-opt --run --run-function=missing %t/results.mlir 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not shiftadd-opt --run %t/private.mlir 2>&1 | FileCheck %s --check-prefix=PRIVATE
// RUN: not shiftadd-opt --run %t/absent.mlir 2>&1 | FileCheck %s --check-prefix=ABSENT
// RUN: not shiftadd-opt --run %t/unknown.mlir 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// MISSING: error: has no function @missing to run
// PRIVATE: error: has no public function to run
// ABSENT: absent.mlir
// UNKNOWN: error: in @main: 'shiftadd.onnx_node' (n1): cannot be executed

//--- results.mlir

//      CHECK:@scalar
// CHECK-NEXT:  result 0: tensor<i32> -3
func.func @scalar() -> tensor<i32> {
  %0 = shiftadd.constant dense<-3> : tensor<i32> as tensor<i32>
  return %0 : tensor<i32>
}

// CHECK-NEXT:@several
// CHECK-NEXT:  result 0: tensor<2x2xf32> {{\[\[1, 2.5\], \[-0, 0.1(0000000[0-9]*)?\]\]}}
// CHECK-NEXT:  result 1: tensor<0xf32> []
// CHECK-NEXT:  result 2: tensor<2x!quant.uniform<u8:f32, 5.000000e-01:10>> [0, 255]
func.func @several() -> (tensor<2x2xf32>, tensor<0xf32>, tensor<2x!quant.uniform<u8:f32, 0.5:10>>) {
  %0 = shiftadd.constant dense<[[1.0, 2.5], [-0.0, 0.1]]> : tensor<2x2xf32> as tensor<2x2xf32>
  %1 = shiftadd.constant dense<[]> : tensor<0xf32> as tensor<0xf32>
  %2 = shiftadd.constant dense<[0, 255]> : tensor<2xui8> as tensor<2x!quant.uniform<u8:f32, 0.5:10>>
  return %0, %1, %2 : tensor<2x2xf32>, tensor<0xf32>, tensor<2x!quant.uniform<u8:f32, 0.5:10>>
}

// CHECK-NEXT:@large
// CHECK-NEXT:  result 0: tensor<8x8xi32> {{\[\[1, 1, .*\]\]}}
// CHECK-NEXT:  result 1: tensor<65xi32> checksum 0x{{[0-9a-f]+}}
func.func @large() -> (tensor<8x8xi32>, tensor<65xi32>) {
  %0 = shiftadd.constant dense<1> : tensor<8x8xi32> as tensor<8x8xi32>
  %1 = shiftadd.constant dense<1> : tensor<65xi32> as tensor<65xi32>
  return %0, %1 : tensor<8x8xi32>, tensor<65xi32>
}

// An argument that may have one value only.
// CHECK-NEXT:@required
// CHECK-NEXT:  result 0: tensor<2xf32> [0.5, 0.25]
func.func @required(%x: tensor<2xf32> {shiftadd.required_value = dense<[0.5, 0.25]> : tensor<2xf32>}) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}

// CHECK-NEXT:@batch
// CHECK-NEXT:  result 0: tensor<2x3xf32> {{\[\[.*\], \[.*\]\]}}
// BATCH: result 0: tensor<5x3xf32>
func.func @batch(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %0 = shiftadd.relu %x : (tensor<?x3xf32>) -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}

// CHECK-NEXT:@negates
// CHECK-NEXT:  result 0: tensor<2xi32> [-1, -2]
// NEGATES: result 0: tensor<2xi32> [-1, -2]
func.func @negates() -> tensor<2xi32> {
  %0 = shiftadd.constant dense<[1, 2]> : tensor<2xi32> as tensor<2xi32>
  %1 = shiftadd.neg %0 : (tensor<2xi32>) -> tensor<2xi32>
  return %1 : tensor<2xi32>
}

//  CHECK-NOT:{{.+}}
// HIDDEN: @hidden
// HIDDEN-NEXT: result 0: tensor<1xi32> [7]
func.func private @hidden() -> tensor<1xi32> {
  %0 = shiftadd.constant dense<7> : tensor<1xi32> as tensor<1xi32>
  return %0 : tensor<1xi32>
}

//--- private.mlir

func.func private @hidden() {
  return
}

//--- unknown.mlir

func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = shiftadd.onnx_node "ai.test" "Unknown" version 7(%x) {} : (tensor<2xf32>) -> tensor<2xf32> loc("n1")
  return %0 : tensor<2xf32>
}

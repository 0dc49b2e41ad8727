// Every op in its printed form, which parses back to the same.

// RUN: shiftadd-opt %s | FileCheck %s
// RUN: shiftadd-opt %s > %t.text
// RUN: shiftadd-opt %t.text | diff %t.text -
// RUN: shiftadd-opt --mlir-print-op-generic %s | shiftadd-opt | diff %t.text -

// No op of the dialect is missing here.
// RUN: cat %root/dialects/ShiftAdd/IR/*.td | sed -n 's/^def ShiftAdd_[A-Za-z]*Op : [A-Za-z_]*<"\([a-z_]*\)".*/shiftadd.\1/p' | sort -u > %t.defined
// RUN: grep -v '^//' %s | grep -o 'shiftadd\.[a-z_]*' | sort -u > %t.used
// RUN: comm -23 %t.defined %t.used | count 0

// CHECK-LABEL: func.func @add(
// CHECK: %{{.*}} = shiftadd.add %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
func.func @add(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.add %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @sub(
// CHECK: %{{.*}} = shiftadd.sub %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
func.func @sub(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.sub %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @mul(
// CHECK: %{{.*}} = shiftadd.mul %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
func.func @mul(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.mul %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @div(
// CHECK: %{{.*}} = shiftadd.div %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
func.func @div(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.div %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @pow(
// CHECK: %{{.*}} = shiftadd.pow %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
func.func @pow(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.pow %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @min(
// CHECK: %{{.*}} = shiftadd.min %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
func.func @min(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.min %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @max(
// CHECK: %{{.*}} = shiftadd.max %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
func.func @max(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.max %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @prelu(
// CHECK: %{{.*}} = shiftadd.prelu %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
func.func @prelu(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.prelu %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @mod(
// CHECK: %{{.*}} = shiftadd.mod %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
func.func @mod(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.mod %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @mod_fmod(
// CHECK: %{{.*}} = shiftadd.mod %{{.*}}, %{{.*}} {fmod} : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
func.func @mod_fmod(%a: tensor<2xi32>, %b: tensor<2xi32>) -> tensor<2xi32> {
  %0 = shiftadd.mod %a, %b {fmod} : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// CHECK-LABEL: func.func @equal(
// CHECK: %{{.*}} = shiftadd.equal %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
func.func @equal(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xi1> {
  %0 = shiftadd.equal %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// CHECK-LABEL: func.func @less(
// CHECK: %{{.*}} = shiftadd.less %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
func.func @less(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xi1> {
  %0 = shiftadd.less %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// CHECK-LABEL: func.func @less_equal(
// CHECK: %{{.*}} = shiftadd.less_equal %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
func.func @less_equal(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xi1> {
  %0 = shiftadd.less_equal %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// CHECK-LABEL: func.func @greater(
// CHECK: %{{.*}} = shiftadd.greater %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
func.func @greater(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xi1> {
  %0 = shiftadd.greater %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// CHECK-LABEL: func.func @greater_equal(
// CHECK: %{{.*}} = shiftadd.greater_equal %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
func.func @greater_equal(%a: tensor<2x3xf32>, %b: tensor<3xf32>) -> tensor<2x3xi1> {
  %0 = shiftadd.greater_equal %a, %b : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// CHECK-LABEL: func.func @and(
// CHECK: %{{.*}} = shiftadd.and %{{.*}}, %{{.*}} : (tensor<2x3xi1>, tensor<3xi1>) -> tensor<2x3xi1>
func.func @and(%a: tensor<2x3xi1>, %b: tensor<3xi1>) -> tensor<2x3xi1> {
  %0 = shiftadd.and %a, %b : (tensor<2x3xi1>, tensor<3xi1>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// CHECK-LABEL: func.func @or(
// CHECK: %{{.*}} = shiftadd.or %{{.*}}, %{{.*}} : (tensor<2x3xi1>, tensor<3xi1>) -> tensor<2x3xi1>
func.func @or(%a: tensor<2x3xi1>, %b: tensor<3xi1>) -> tensor<2x3xi1> {
  %0 = shiftadd.or %a, %b : (tensor<2x3xi1>, tensor<3xi1>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// CHECK-LABEL: func.func @xor(
// CHECK: %{{.*}} = shiftadd.xor %{{.*}}, %{{.*}} : (tensor<2x3xi1>, tensor<3xi1>) -> tensor<2x3xi1>
func.func @xor(%a: tensor<2x3xi1>, %b: tensor<3xi1>) -> tensor<2x3xi1> {
  %0 = shiftadd.xor %a, %b : (tensor<2x3xi1>, tensor<3xi1>) -> tensor<2x3xi1>
  return %0 : tensor<2x3xi1>
}

// CHECK-LABEL: func.func @bit_shift(
// CHECK: %{{.*}} = shiftadd.bit_shift %{{.*}}, %{{.*}} {direction = #shiftadd<shift_direction left>} : (tensor<4xui8>, tensor<1xui8>) -> tensor<4xui8>
func.func @bit_shift(%a: tensor<4xui8>, %b: tensor<1xui8>) -> tensor<4xui8> {
  %0 = shiftadd.bit_shift %a, %b {direction = #shiftadd<shift_direction left>} : (tensor<4xui8>, tensor<1xui8>) -> tensor<4xui8>
  return %0 : tensor<4xui8>
}

// CHECK-LABEL: func.func @where(
// CHECK: %{{.*}} = shiftadd.where %{{.*}}, %{{.*}}, %{{.*}} : (tensor<3xi1>, tensor<2x1xf32>, tensor<f32>) -> tensor<2x3xf32>
func.func @where(%c: tensor<3xi1>, %a: tensor<2x1xf32>, %b: tensor<f32>) -> tensor<2x3xf32> {
  %0 = shiftadd.where %c, %a, %b : (tensor<3xi1>, tensor<2x1xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @abs(
// CHECK: %{{.*}} = shiftadd.abs %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @abs(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.abs %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @neg(
// CHECK: %{{.*}} = shiftadd.neg %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @neg(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.neg %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @sign(
// CHECK: %{{.*}} = shiftadd.sign %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @sign(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.sign %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @sqrt(
// CHECK: %{{.*}} = shiftadd.sqrt %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @sqrt(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.sqrt %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @exp(
// CHECK: %{{.*}} = shiftadd.exp %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @exp(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.exp %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @log(
// CHECK: %{{.*}} = shiftadd.log %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @log(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.log %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @reciprocal(
// CHECK: %{{.*}} = shiftadd.reciprocal %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @reciprocal(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.reciprocal %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @round(
// CHECK: %{{.*}} = shiftadd.round %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @round(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.round %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @floor(
// CHECK: %{{.*}} = shiftadd.floor %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @floor(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.floor %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @ceil(
// CHECK: %{{.*}} = shiftadd.ceil %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @ceil(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.ceil %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @sin(
// CHECK: %{{.*}} = shiftadd.sin %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @sin(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.sin %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @cos(
// CHECK: %{{.*}} = shiftadd.cos %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @cos(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.cos %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @erf(
// CHECK: %{{.*}} = shiftadd.erf %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @erf(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.erf %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @sigmoid(
// CHECK: %{{.*}} = shiftadd.sigmoid %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @sigmoid(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.sigmoid %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @tanh(
// CHECK: %{{.*}} = shiftadd.tanh %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @tanh(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.tanh %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @softplus(
// CHECK: %{{.*}} = shiftadd.softplus %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @softplus(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.softplus %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @relu(
// CHECK: %{{.*}} = shiftadd.relu %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @relu(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.relu %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @not(
// CHECK: %{{.*}} = shiftadd.not %{{.*}} : (tensor<4xi1>) -> tensor<4xi1>
func.func @not(%x: tensor<4xi1>) -> tensor<4xi1> {
  %0 = shiftadd.not %x : (tensor<4xi1>) -> tensor<4xi1>
  return %0 : tensor<4xi1>
}

// CHECK-LABEL: func.func @leaky_relu(
// CHECK: %{{.*}} = shiftadd.leaky_relu %{{.*}} {alpha = 1.000000e-01 : f64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @leaky_relu(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.leaky_relu %x {alpha = 1.000000e-01 : f64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @elu(
// CHECK: %{{.*}} = shiftadd.elu %{{.*}} {alpha = 1.000000e+00 : f64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @elu(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.elu %x {alpha = 1.000000e+00 : f64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @hard_sigmoid(
// CHECK: %{{.*}} = shiftadd.hard_sigmoid %{{.*}} {alpha = 2.000000e-01 : f64, beta = 5.000000e-01 : f64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @hard_sigmoid(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.hard_sigmoid %x {alpha = 2.000000e-01 : f64, beta = 5.000000e-01 : f64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @clamp(
// CHECK: %{{.*}} = shiftadd.clamp %{{.*}} {maximum = 6.000000e+00 : f64, minimum = 0.000000e+00 : f64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @clamp(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.clamp %x {maximum = 6.000000e+00 : f64, minimum = 0.000000e+00 : f64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @cast(
// CHECK: %{{.*}} = shiftadd.cast %{{.*}} : (tensor<?x3xf32>) -> tensor<?x3xui8>
func.func @cast(%x: tensor<?x3xf32>) -> tensor<?x3xui8> {
  %0 = shiftadd.cast %x : (tensor<?x3xf32>) -> tensor<?x3xui8>
  return %0 : tensor<?x3xui8>
}

// CHECK-LABEL: func.func @transpose(
// CHECK: %{{.*}} = shiftadd.transpose %{{.*}} [0, 2, 1] : (tensor<?x3x5xf32>) -> tensor<?x5x3xf32>
func.func @transpose(%x: tensor<?x3x5xf32>) -> tensor<?x5x3xf32> {
  %0 = shiftadd.transpose %x [0, 2, 1] : (tensor<?x3x5xf32>) -> tensor<?x5x3xf32>
  return %0 : tensor<?x5x3xf32>
}

// CHECK-LABEL: func.func @reshape(
// CHECK: %{{.*}} = shiftadd.reshape %{{.*}} [-1, 15] : (tensor<?x3x5xf32>) -> tensor<?x15xf32>
func.func @reshape(%x: tensor<?x3x5xf32>) -> tensor<?x15xf32> {
  %0 = shiftadd.reshape %x [-1, 15] : (tensor<?x3x5xf32>) -> tensor<?x15xf32>
  return %0 : tensor<?x15xf32>
}

// CHECK-LABEL: func.func @pad(
// CHECK: %{{.*}} = shiftadd.pad %{{.*}} {high = array<i64: 0, 2>, low = array<i64: 0, -1>, mode = #shiftadd<pad_mode constant>, value = 0.000000e+00 : f64} : (tensor<2x3xf32>) -> tensor<2x4xf32>
func.func @pad(%x: tensor<2x3xf32>) -> tensor<2x4xf32> {
  %0 = shiftadd.pad %x {high = array<i64: 0, 2>, low = array<i64: 0, -1>, mode = #shiftadd<pad_mode constant>, value = 0.000000e+00 : f64} : (tensor<2x3xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @concat(
// CHECK: %{{.*}} = shiftadd.concat %{{.*}}, %{{.*}} {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
func.func @concat(%a: tensor<2x3xf32>, %b: tensor<2x1xf32>) -> tensor<2x4xf32> {
  %0 = shiftadd.concat %a, %b {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @slice(
// CHECK: %{{.*}} = shiftadd.slice %{{.*}} {sizes = array<i64: -1, 2>, starts = array<i64: 0, 4>, steps = array<i64: 1, -2>} : (tensor<?x5xf32>) -> tensor<?x2xf32>
func.func @slice(%x: tensor<?x5xf32>) -> tensor<?x2xf32> {
  %0 = shiftadd.slice %x {sizes = array<i64: -1, 2>, starts = array<i64: 0, 4>, steps = array<i64: 1, -2>} : (tensor<?x5xf32>) -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

// CHECK-LABEL: func.func @gather(
// CHECK: %{{.*}} = shiftadd.gather %{{.*}}, %{{.*}} {axis = 1 : i64} : (tensor<?x5xf32>, tensor<2x2xi64>) -> tensor<?x2x2xf32>
func.func @gather(%a: tensor<?x5xf32>, %i: tensor<2x2xi64>) -> tensor<?x2x2xf32> {
  %0 = shiftadd.gather %a, %i {axis = 1 : i64} : (tensor<?x5xf32>, tensor<2x2xi64>) -> tensor<?x2x2xf32>
  return %0 : tensor<?x2x2xf32>
}

// CHECK-LABEL: func.func @broadcast(
// CHECK: %{{.*}} = shiftadd.broadcast %{{.*}} [2, 3] : (tensor<3xf32>) -> tensor<2x3xf32>
func.func @broadcast(%x: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.broadcast %x [2, 3] : (tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @tile(
// CHECK: %{{.*}} = shiftadd.tile %{{.*}} [2, 1] : (tensor<2x3xf32>) -> tensor<4x3xf32>
func.func @tile(%x: tensor<2x3xf32>) -> tensor<4x3xf32> {
  %0 = shiftadd.tile %x [2, 1] : (tensor<2x3xf32>) -> tensor<4x3xf32>
  return %0 : tensor<4x3xf32>
}

// CHECK-LABEL: func.func @conv(
// CHECK: %{{.*}} = shiftadd.conv %{{.*}}, %{{.*}}, bias %{{.*}} {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>) -> tensor<?x4x4x6xf32>
func.func @conv(%x: tensor<?x8x8x4xf32>, %w: tensor<6x3x3x4xf32>, %b: tensor<6xf32>) -> tensor<?x4x4x6xf32> {
  %0 = shiftadd.conv %x, %w, bias %b {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>, tensor<6x3x3x4xf32>, tensor<6xf32>) -> tensor<?x4x4x6xf32>
  return %0 : tensor<?x4x4x6xf32>
}

// CHECK-LABEL: func.func @conv_grouped_1d(
// CHECK: %{{.*}} = shiftadd.conv %{{.*}}, %{{.*}} {dilations = array<i64: 2>, groups = 4 : i64, padding = array<i64: 0, 1>, strides = array<i64: 1>} : (tensor<2x9x4xi8>, tensor<4x3x1xi8>) -> tensor<2x6x4xi32>
func.func @conv_grouped_1d(%x: tensor<2x9x4xi8>, %w: tensor<4x3x1xi8>) -> tensor<2x6x4xi32> {
  %0 = shiftadd.conv %x, %w {dilations = array<i64: 2>, groups = 4 : i64, padding = array<i64: 0, 1>, strides = array<i64: 1>} : (tensor<2x9x4xi8>, tensor<4x3x1xi8>) -> tensor<2x6x4xi32>
  return %0 : tensor<2x6x4xi32>
}

// CHECK-LABEL: func.func @shift_conv(
// CHECK: %{{.*}} = shiftadd.shift_conv %{{.*}}, %{{.*}} {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>, tensor<6x3x3x4x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>) -> tensor<?x4x4x6xf32>
func.func @shift_conv(%x: tensor<?x8x8x4xf32>, %w: tensor<6x3x3x4x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>) -> tensor<?x4x4x6xf32> {
  %0 = shiftadd.shift_conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>, tensor<6x3x3x4x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>) -> tensor<?x4x4x6xf32>
  return %0 : tensor<?x4x4x6xf32>
}

// CHECK-LABEL: func.func @adder_conv(
// CHECK: %{{.*}} = shiftadd.adder_conv %{{.*}}, %{{.*}} {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>, tensor<6x3x3x4xf32>) -> tensor<?x4x4x6xf32>
func.func @adder_conv(%x: tensor<?x8x8x4xf32>, %w: tensor<6x3x3x4xf32>) -> tensor<?x4x4x6xf32> {
  %0 = shiftadd.adder_conv %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>, tensor<6x3x3x4xf32>) -> tensor<?x4x4x6xf32>
  return %0 : tensor<?x4x4x6xf32>
}

// CHECK-LABEL: func.func @conv_transpose(
// CHECK: %{{.*}} = shiftadd.conv_transpose %{{.*}}, %{{.*}} {dilations = array<i64: 1, 1>, groups = 1 : i64, output_padding = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>, tensor<6x3x3x4xf32>) -> tensor<?x16x16x6xf32>
func.func @conv_transpose(%x: tensor<?x8x8x4xf32>, %w: tensor<6x3x3x4xf32>) -> tensor<?x16x16x6xf32> {
  %0 = shiftadd.conv_transpose %x, %w {dilations = array<i64: 1, 1>, groups = 1 : i64, output_padding = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>, tensor<6x3x3x4xf32>) -> tensor<?x16x16x6xf32>
  return %0 : tensor<?x16x16x6xf32>
}

// CHECK-LABEL: func.func @dense(
// CHECK: %{{.*}} = shiftadd.dense %{{.*}}, %{{.*}}, bias %{{.*}} : (tensor<?x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<?x6xf32>
func.func @dense(%x: tensor<?x4xf32>, %w: tensor<6x4xf32>, %b: tensor<6xf32>) -> tensor<?x6xf32> {
  %0 = shiftadd.dense %x, %w, bias %b : (tensor<?x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  return %0 : tensor<?x6xf32>
}

// CHECK-LABEL: func.func @shift_dense(
// CHECK: %{{.*}} = shiftadd.shift_dense %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<6x4x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>) -> tensor<?x6xf32>
func.func @shift_dense(%x: tensor<?x4xf32>, %w: tensor<6x4x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>) -> tensor<?x6xf32> {
  %0 = shiftadd.shift_dense %x, %w : (tensor<?x4xf32>, tensor<6x4x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>) -> tensor<?x6xf32>
  return %0 : tensor<?x6xf32>
}

// CHECK-LABEL: func.func @adder_dense(
// CHECK: %{{.*}} = shiftadd.adder_dense %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<6x4xf32>) -> tensor<?x6xf32>
func.func @adder_dense(%x: tensor<?x4xf32>, %w: tensor<6x4xf32>) -> tensor<?x6xf32> {
  %0 = shiftadd.adder_dense %x, %w : (tensor<?x4xf32>, tensor<6x4xf32>) -> tensor<?x6xf32>
  return %0 : tensor<?x6xf32>
}

// CHECK-LABEL: func.func @matmul(
// CHECK: %{{.*}} = shiftadd.matmul %{{.*}}, %{{.*}} : (tensor<5x2x3xf32>, tensor<3x4xf32>) -> tensor<5x2x4xf32>
func.func @matmul(%a: tensor<5x2x3xf32>, %b: tensor<3x4xf32>) -> tensor<5x2x4xf32> {
  %0 = shiftadd.matmul %a, %b : (tensor<5x2x3xf32>, tensor<3x4xf32>) -> tensor<5x2x4xf32>
  return %0 : tensor<5x2x4xf32>
}

// CHECK-LABEL: func.func @max_pool(
// CHECK: %{{.*}} = shiftadd.max_pool %{{.*}} {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32>
func.func @max_pool(%x: tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32> {
  %0 = shiftadd.max_pool %x {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32>
  return %0 : tensor<?x4x4x4xf32>
}

// CHECK-LABEL: func.func @max_pool_with_indices(
// CHECK: %{{.*}}, %{{.*}} = shiftadd.max_pool_with_indices %{{.*}} {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>) -> (tensor<?x4x4x4xf32>, tensor<?x4x4x4xi64>)
func.func @max_pool_with_indices(%x: tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32> {
  %0, %1 = shiftadd.max_pool_with_indices %x {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>) -> (tensor<?x4x4x4xf32>, tensor<?x4x4x4xi64>)
  return %0 : tensor<?x4x4x4xf32>
}

// CHECK-LABEL: func.func @avg_pool(
// CHECK: %{{.*}} = shiftadd.avg_pool %{{.*}} {count_include_pad = false, dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32>
func.func @avg_pool(%x: tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32> {
  %0 = shiftadd.avg_pool %x {count_include_pad = false, dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32>
  return %0 : tensor<?x4x4x4xf32>
}

// CHECK-LABEL: func.func @sum_pool(
// CHECK: %{{.*}} = shiftadd.sum_pool %{{.*}} {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32>
func.func @sum_pool(%x: tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32> {
  %0 = shiftadd.sum_pool %x {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32>
  return %0 : tensor<?x4x4x4xf32>
}

// CHECK-LABEL: func.func @lp_pool(
// CHECK: %{{.*}} = shiftadd.lp_pool %{{.*}} {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, p = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32>
func.func @lp_pool(%x: tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32> {
  %0 = shiftadd.lp_pool %x {dilations = array<i64: 1, 1>, kernel = array<i64: 2, 2>, p = 2 : i64, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32>
  return %0 : tensor<?x4x4x4xf32>
}

// CHECK-LABEL: func.func @lrn(
// CHECK: %{{.*}} = shiftadd.lrn %{{.*}} {alpha = 1.000000e-04 : f64, axis = 3 : i64, beta = 7.500000e-01 : f64, bias = 1.000000e+00 : f64, size = 5 : i64} : (tensor<?x8x8x4xf32>) -> tensor<?x8x8x4xf32>
func.func @lrn(%x: tensor<?x8x8x4xf32>) -> tensor<?x8x8x4xf32> {
  %0 = shiftadd.lrn %x {alpha = 1.000000e-04 : f64, axis = 3 : i64, beta = 7.500000e-01 : f64, bias = 1.000000e+00 : f64, size = 5 : i64} : (tensor<?x8x8x4xf32>) -> tensor<?x8x8x4xf32>
  return %0 : tensor<?x8x8x4xf32>
}

// CHECK-LABEL: func.func @batch_norm(
// CHECK: %{{.*}} = shiftadd.batch_norm %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {axis = 3 : i64, epsilon = 1.000000e-05 : f64} : (tensor<?x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x8x8x4xf32>
func.func @batch_norm(%x: tensor<?x8x8x4xf32>, %s: tensor<4xf32>, %b: tensor<4xf32>, %m: tensor<4xf32>, %v: tensor<4xf32>) -> tensor<?x8x8x4xf32> {
  %0 = shiftadd.batch_norm %x, %s, %b, %m, %v {axis = 3 : i64, epsilon = 1.000000e-05 : f64} : (tensor<?x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x8x8x4xf32>
  return %0 : tensor<?x8x8x4xf32>
}

// CHECK-LABEL: func.func @reduce_sum(
// CHECK: %{{.*}} = shiftadd.reduce_sum %{{.*}} {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<?x8x8x4xf32>) -> tensor<?x1x1x4xf32>
func.func @reduce_sum(%x: tensor<?x8x8x4xf32>) -> tensor<?x1x1x4xf32> {
  %0 = shiftadd.reduce_sum %x {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<?x8x8x4xf32>) -> tensor<?x1x1x4xf32>
  return %0 : tensor<?x1x1x4xf32>
}

// CHECK-LABEL: func.func @reduce_mean(
// CHECK: %{{.*}} = shiftadd.reduce_mean %{{.*}} {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<?x8x8x4xf32>) -> tensor<?x1x1x4xf32>
func.func @reduce_mean(%x: tensor<?x8x8x4xf32>) -> tensor<?x1x1x4xf32> {
  %0 = shiftadd.reduce_mean %x {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<?x8x8x4xf32>) -> tensor<?x1x1x4xf32>
  return %0 : tensor<?x1x1x4xf32>
}

// CHECK-LABEL: func.func @reduce_max(
// CHECK: %{{.*}} = shiftadd.reduce_max %{{.*}} {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<?x8x8x4xf32>) -> tensor<?x1x1x4xf32>
func.func @reduce_max(%x: tensor<?x8x8x4xf32>) -> tensor<?x1x1x4xf32> {
  %0 = shiftadd.reduce_max %x {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<?x8x8x4xf32>) -> tensor<?x1x1x4xf32>
  return %0 : tensor<?x1x1x4xf32>
}

// CHECK-LABEL: func.func @reduce_min(
// CHECK: %{{.*}} = shiftadd.reduce_min %{{.*}} {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<?x8x8x4xf32>) -> tensor<?x1x1x4xf32>
func.func @reduce_min(%x: tensor<?x8x8x4xf32>) -> tensor<?x1x1x4xf32> {
  %0 = shiftadd.reduce_min %x {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<?x8x8x4xf32>) -> tensor<?x1x1x4xf32>
  return %0 : tensor<?x1x1x4xf32>
}

// CHECK-LABEL: func.func @reduce_prod(
// CHECK: %{{.*}} = shiftadd.reduce_prod %{{.*}} {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<?x8x8x4xf32>) -> tensor<?x1x1x4xf32>
func.func @reduce_prod(%x: tensor<?x8x8x4xf32>) -> tensor<?x1x1x4xf32> {
  %0 = shiftadd.reduce_prod %x {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<?x8x8x4xf32>) -> tensor<?x1x1x4xf32>
  return %0 : tensor<?x1x1x4xf32>
}

// CHECK-LABEL: func.func @arg_max(
// CHECK: %{{.*}} = shiftadd.arg_max %{{.*}} {axis = 1 : i64, keep_dims = false, select_last_index = true} : (tensor<?x10xf32>) -> tensor<?xi64>
func.func @arg_max(%x: tensor<?x10xf32>) -> tensor<?xi64> {
  %0 = shiftadd.arg_max %x {axis = 1 : i64, keep_dims = false, select_last_index = true} : (tensor<?x10xf32>) -> tensor<?xi64>
  return %0 : tensor<?xi64>
}

// CHECK-LABEL: func.func @arg_min(
// CHECK: %{{.*}} = shiftadd.arg_min %{{.*}} {axis = 1 : i64, keep_dims = false, select_last_index = true} : (tensor<?x10xf32>) -> tensor<?xi64>
func.func @arg_min(%x: tensor<?x10xf32>) -> tensor<?xi64> {
  %0 = shiftadd.arg_min %x {axis = 1 : i64, keep_dims = false, select_last_index = true} : (tensor<?x10xf32>) -> tensor<?xi64>
  return %0 : tensor<?xi64>
}

// CHECK-LABEL: func.func @top_k(
// CHECK: %{{.*}}, %{{.*}} = shiftadd.top_k %{{.*}} {axis = 1 : i64, k = 3 : i64, largest = true} : (tensor<?x10xf32>) -> (tensor<?x3xf32>, tensor<?x3xi64>)
func.func @top_k(%x: tensor<?x10xf32>) -> tensor<?x3xf32> {
  %0, %1 = shiftadd.top_k %x {axis = 1 : i64, k = 3 : i64, largest = true} : (tensor<?x10xf32>) -> (tensor<?x3xf32>, tensor<?x3xi64>)
  return %0 : tensor<?x3xf32>
}

// CHECK-LABEL: func.func @softmax(
// CHECK: %{{.*}} = shiftadd.softmax %{{.*}} {axis = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @softmax(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.softmax %x {axis = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @log_softmax(
// CHECK: %{{.*}} = shiftadd.log_softmax %{{.*}} {axis = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @log_softmax(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.log_softmax %x {axis = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @quantize(
// CHECK: %{{.*}} = shiftadd.quantize %{{.*}} : (tensor<?x3xf32>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
func.func @quantize(%x: tensor<?x3xf32>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>> {
  %0 = shiftadd.quantize %x : (tensor<?x3xf32>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
  return %0 : tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
}

// CHECK-LABEL: func.func @dequantize(
// CHECK: %{{.*}} = shiftadd.dequantize %{{.*}} : (tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>) -> tensor<?x3xf32>
func.func @dequantize(%x: tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>) -> tensor<?x3xf32> {
  %0 = shiftadd.dequantize %x : (tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>) -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}

// CHECK-LABEL: func.func @dequantize_per_axis(
// CHECK: %{{.*}} = shiftadd.dequantize %{{.*}} : (tensor<2x3x!quant.uniform<i8:f32:0, {5.000000e-01,2.500000e-01}>>) -> tensor<2x3xf32>
func.func @dequantize_per_axis(%x: tensor<2x3x!quant.uniform<i8:f32:0, {5.000000e-01,2.500000e-01}>>) -> tensor<2x3xf32> {
  %0 = shiftadd.dequantize %x : (tensor<2x3x!quant.uniform<i8:f32:0, {5.000000e-01,2.500000e-01}>>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @requantize(
// CHECK: %{{.*}} = shiftadd.requantize %{{.*}}, multiplier %{{.*}}, shift %{{.*}}, bias %{{.*}} {arithmetic = #shiftadd<arithmetic int64>, rounding = #shiftadd<rounding half_even>} : (tensor<?x3xi32>, tensor<3xi64>, tensor<3xi32>, tensor<1xi32>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
func.func @requantize(%x: tensor<?x3xi32>, %b: tensor<3xi64>, %m: tensor<3xi32>, %s: tensor<1xi32>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>> {
  %0 = shiftadd.requantize %x, multiplier %m, shift %s, bias %b {arithmetic = #shiftadd<arithmetic int64>, rounding = #shiftadd<rounding half_even>} : (tensor<?x3xi32>, tensor<3xi64>, tensor<3xi32>, tensor<1xi32>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
  return %0 : tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
}

// CHECK-LABEL: func.func @requantize_plain(
// CHECK: %{{.*}} = shiftadd.requantize %{{.*}}, multiplier %{{.*}}, shift %{{.*}} {rounding = #shiftadd<rounding floor>} : (tensor<?x3xi64>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
func.func @requantize_plain(%x: tensor<?x3xi64>, %m: tensor<1xi32>, %s: tensor<1xi32>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>> {
  %0 = shiftadd.requantize %x, multiplier %m, shift %s {rounding = #shiftadd<rounding floor>} : (tensor<?x3xi64>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
  return %0 : tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
}

// CHECK-LABEL: func.func @requantize_codes(
// CHECK: %{{.*}} = shiftadd.requantize %{{.*}}, multiplier %{{.*}}, shift %{{.*}}, bias %{{.*}} {rounding = #shiftadd<rounding floor>} : (tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x3x!quant.uniform<i16:f32, 5.000000e-01>>
func.func @requantize_codes(%x: tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, %b: tensor<1xi32>, %m: tensor<1xi32>, %s: tensor<1xi32>) -> tensor<?x3x!quant.uniform<i16:f32, 5.000000e-01>> {
  %0 = shiftadd.requantize %x, multiplier %m, shift %s, bias %b {rounding = #shiftadd<rounding floor>} : (tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?x3x!quant.uniform<i16:f32, 5.000000e-01>>
  return %0 : tensor<?x3x!quant.uniform<i16:f32, 5.000000e-01>>
}

// CHECK-LABEL: func.func @requantize_residual(
// CHECK: %{{.*}} = shiftadd.requantize_residual %{{.*}}, multiplier %{{.*}}, shift %{{.*}}, residual %{{.*}}, residual_multiplier %{{.*}}, bias %{{.*}} {rounding = #shiftadd<rounding half_up>} : (tensor<?x3xi32>, tensor<3xi64>, tensor<3xi32>, tensor<1xi32>, tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, tensor<3xi32>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
func.func @requantize_residual(%x: tensor<?x3xi32>, %b: tensor<3xi64>, %m: tensor<3xi32>, %s: tensor<1xi32>, %r: tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>> {
  %0 = shiftadd.requantize_residual %x, multiplier %m, shift %s, residual %r, residual_multiplier %m, bias %b {rounding = #shiftadd<rounding half_up>} : (tensor<?x3xi32>, tensor<3xi64>, tensor<3xi32>, tensor<1xi32>, tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, tensor<3xi32>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
  return %0 : tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
}

// CHECK-LABEL: func.func @requantize_mul(
// CHECK: %{{.*}} = shiftadd.requantize_mul %{{.*}}, %{{.*}} {multiplier = -3 : i64, rounding = #shiftadd<rounding half_up>, shift = 2 : i64} : (tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, tensor<3x!quant.uniform<u8:f32, 5.000000e-01:10>>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
func.func @requantize_mul(%a: tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, %b: tensor<3x!quant.uniform<u8:f32, 5.000000e-01:10>>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>> {
  %0 = shiftadd.requantize_mul %a, %b {multiplier = -3 : i64, rounding = #shiftadd<rounding half_up>, shift = 2 : i64} : (tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, tensor<3x!quant.uniform<u8:f32, 5.000000e-01:10>>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
  return %0 : tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
}

// CHECK-LABEL: func.func @lookup(
// CHECK: %{{.*}} = shiftadd.lookup %{{.*}}, %{{.*}} : (tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, tensor<256xf32>) -> tensor<?x3xf32>
func.func @lookup(%x: tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, %t: tensor<256xf32>) -> tensor<?x3xf32> {
  %0 = shiftadd.lookup %x, %t : (tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, tensor<256xf32>) -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}

// CHECK-LABEL: func.func @quantized_softmax(
// CHECK: %{{.*}} = shiftadd.quantized_softmax %{{.*}}, %{{.*}} {axis = 1 : i64, multiplier = 255 : i64, shift = 0 : i64} : (tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, tensor<256xi32>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
func.func @quantized_softmax(%x: tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, %e: tensor<256xi32>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>> {
  %0 = shiftadd.quantized_softmax %x, %e {axis = 1 : i64, multiplier = 255 : i64, shift = 0 : i64} : (tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, tensor<256xi32>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
  return %0 : tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
}

// CHECK-LABEL: func.func @requantize_add(
// CHECK: %{{.*}} = shiftadd.requantize_add %{{.*}}, %{{.*}} {lhs_multiplier = 3 : i64, rhs_multiplier = 5 : i64, rounding = #shiftadd<rounding half_up>, shift = 2 : i64} : (tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
func.func @requantize_add(%a: tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, %b: tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>> {
  %0 = shiftadd.requantize_add %a, %b {lhs_multiplier = 3 : i64, rhs_multiplier = 5 : i64, rounding = #shiftadd<rounding half_up>, shift = 2 : i64} : (tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>) -> tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
  return %0 : tensor<?x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
}

// CHECK-LABEL: func.func @constant(
// CHECK: %{{.*}} = shiftadd.constant dense<[1, -2]> : tensor<2xi32> as tensor<2xi32>
func.func @constant() -> tensor<2xi32> {
  %0 = shiftadd.constant dense<[1, -2]> : tensor<2xi32> as tensor<2xi32>
  return %0 : tensor<2xi32>
}

// CHECK-LABEL: func.func @constant_quantized(
// CHECK: %{{.*}} = shiftadd.constant dense<[0, 255]> : tensor<2xui8> as tensor<2x!quant.uniform<u8:f32, 5.000000e-01:10>>
func.func @constant_quantized() -> tensor<2x!quant.uniform<u8:f32, 5.000000e-01:10>> {
  %0 = shiftadd.constant dense<[0, 255]> : tensor<2xui8> as tensor<2x!quant.uniform<u8:f32, 5.000000e-01:10>>
  return %0 : tensor<2x!quant.uniform<u8:f32, 5.000000e-01:10>>
}

// CHECK-LABEL: func.func @constant_codes(
// CHECK: %{{.*}} = shiftadd.constant dense<[0, 14]> : tensor<2xui8> as tensor<2x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>
func.func @constant_codes() -> tensor<2x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>> {
  %0 = shiftadd.constant dense<[0, 14]> : tensor<2xui8> as tensor<2x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>
  return %0 : tensor<2x!shiftadd.pot<bits = 8, terms = 1, min_exponent = -6, max_exponent = 0, zero = true>>
}

// CHECK-LABEL: func.func @constant_resource(
// CHECK: %{{.*}} = shiftadd.constant dense_resource<weights> : tensor<2x2xf32> as tensor<2x2xf32>
func.func @constant_resource() -> tensor<2x2xf32> {
  %0 = shiftadd.constant dense_resource<weights> : tensor<2x2xf32> as tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @layer(
// CHECK: %{{.*}} = shiftadd.layer "conv1"(%{{.*}}) : (tensor<2x3xf32>) -> tensor<2x3xf32> {
// CHECK: %{{.*}} = shiftadd.neg %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK: shiftadd.yield %{{.*}} : tensor<2x3xf32>
// CHECK: }
func.func @layer(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.layer "conv1"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32> {
  ^bb0(%y: tensor<2x3xf32>):
    %1 = shiftadd.neg %y : (tensor<2x3xf32>) -> tensor<2x3xf32>
    shiftadd.yield %1 : tensor<2x3xf32>
  }
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @launch(
// CHECK: %{{.*}} = shiftadd.launch @kernel "conv1"(%{{.*}}) {arena_offsets = array<i64: 64>} : (tensor<?x3xf32>) -> tensor<?x3xf32>
func.func @launch(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %0 = shiftadd.launch @kernel "conv1"(%x) {arena_offsets = array<i64: 64>} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}

// CHECK-LABEL: func.func @onnx_node(
// CHECK: %{{.*}} = shiftadd.onnx_node "ai.test" "Unknown" version 7(%{{.*}}) {alpha = 5 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
func.func @onnx_node(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = shiftadd.onnx_node "ai.test" "Unknown" version 7(%x) {alpha = 5 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @checks(
// CHECK: shiftadd.check_equal %{{.*}}, %{{.*}} : tensor<2x3xf32>, tensor<2x3xf32>
// CHECK: shiftadd.check_close %{{.*}}, %{{.*}} {tolerance = 1.000000e-05 : f64} : tensor<2x3xf32>, tensor<2x3xf32>
func.func @checks(%x: tensor<2x3xf32>) {
  shiftadd.check_equal %x, %x : tensor<2x3xf32>, tensor<2x3xf32>
  shiftadd.check_close %x, %x {tolerance = 1.000000e-05 : f64} : tensor<2x3xf32>, tensor<2x3xf32>
  return
}

// CHECK-LABEL: shiftadd.kernel @kernel
// CHECK-SAME: attributes {argument_layouts = [#shiftadd.layout<low = [0, 1], high = [0, 2]>], constants = array<i1: false>, result_layouts = [#shiftadd.layout<low = [0, 0], high = [0, 0]>]} {
// CHECK: shiftadd.yield
shiftadd.kernel @kernel attributes {argument_layouts = [#shiftadd.layout<low = [0, 1], high = [0, 2]>], constants = array<i1: false>, result_layouts = [#shiftadd.layout<low = [0, 0], high = [0, 0]>]} {
^bb0(%x: tensor<1x3xf32>):
  %0 = shiftadd.exp %x : (tensor<1x3xf32>) -> tensor<1x3xf32>
  shiftadd.yield %0 : tensor<1x3xf32>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803F000000400000404000008040"
    }
  }
#-}

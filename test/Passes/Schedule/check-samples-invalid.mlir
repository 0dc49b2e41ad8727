// RUN: shiftadd-opt %s --shiftadd-check-samples --split-input-file --verify-diagnostics

func.func @perSample(%x: tensor<?x4xf32>, %w: tensor<4x2xf32>) -> tensor<?x2xf32> {
  %a = shiftadd.softmax %x {axis = 1 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %b = shiftadd.matmul %a, %w : (tensor<?x4xf32>, tensor<4x2xf32>) -> tensor<?x2xf32>
  return %b : tensor<?x2xf32>
}

// -----

func.func @reduces(%x: tensor<?x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{mixes the samples of a free batch; fix the batch size with --shape NAME=...}}
  %a = shiftadd.reduce_sum %x {axes = array<i64: 0>, keep_dims = true} : (tensor<?x4xf32>) -> tensor<1x4xf32>
  return %a : tensor<1x4xf32>
}

// -----

func.func @sorts(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // expected-error @+1 {{mixes the samples}}
  %a = shiftadd.softmax %x {axis = 0 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %a : tensor<?x4xf32>
}

// -----

func.func @moves(%x: tensor<?x4xf32>) -> tensor<4x?xf32> {
  // expected-error @+1 {{mixes the samples}}
  %a = shiftadd.transpose %x [1, 0] : (tensor<?x4xf32>) -> tensor<4x?xf32>
  return %a : tensor<4x?xf32>
}

// -----

func.func @meets(%x: tensor<?x4xf32>, %y: tensor<3x?xf32>) -> tensor<3x4xf32> {
  // expected-error @+1 {{mixes the samples}}
  %a = shiftadd.matmul %y, %x : (tensor<3x?xf32>, tensor<?x4xf32>) -> tensor<3x4xf32>
  return %a : tensor<3x4xf32>
}

// -----

func.func @gathers(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x4x4xf32> {
  %a = shiftadd.reshape %x [-1, 4, 1] : (tensor<?x4xf32>) -> tensor<?x4x1xf32>
  %b = shiftadd.reshape %y [-1, 1, 4] : (tensor<?x4xf32>) -> tensor<?x1x4xf32>
  %c = shiftadd.matmul %a, %b : (tensor<?x4x1xf32>, tensor<?x1x4xf32>) -> tensor<?x4x4xf32>
  return %c : tensor<?x4x4xf32>
}

// -----

// A batch of lower rank would be aligned with the channels.
func.func @aligns(%x: tensor<?x4xf32>, %s: tensor<?xf32>) -> tensor<?x4xf32> {
  // expected-error @+1 {{mixes the samples}}
  %a = shiftadd.add %x, %s : (tensor<?x4xf32>, tensor<?xf32>) -> tensor<?x4xf32>
  return %a : tensor<?x4xf32>
}

// -----

// Indices of a pooling count through all samples.
func.func @counts(%x: tensor<?x4x4x1xf32>) -> (tensor<?x2x2x1xf32>, tensor<?x2x2x1xi64>) {
  // expected-error @+1 {{mixes the samples}}
  %v, %i = shiftadd.max_pool_with_indices %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : (tensor<?x4x4x1xf32>) -> (tensor<?x2x2x1xf32>, tensor<?x2x2x1xi64>)
  return %v, %i : tensor<?x2x2x1xf32>, tensor<?x2x2x1xi64>
}

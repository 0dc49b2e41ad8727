// RUN: shiftadd-opt %s --shiftadd-require-integer --verify-diagnostics --split-input-file -o /dev/null

!q = !quant.uniform<u8:f32, 0.5>

// Borders and movement.
func.func @integers(%x: tensor<?x2xf32>) -> tensor<2x?xf32> {
  %t = shiftadd.constant dense<1> : tensor<256xui8> as tensor<256x!q>
  %0 = shiftadd.reshape %x [-1, 2] : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %1 = shiftadd.quantize %0 : (tensor<?x2xf32>) -> tensor<?x2x!q>
  %2 = shiftadd.lookup %1, %t : (tensor<?x2x!q>, tensor<256x!q>) -> tensor<?x2x!q>
  %3 = shiftadd.dequantize %2 : (tensor<?x2x!q>) -> tensor<?x2xf32>
  %4 = shiftadd.transpose %3 [1, 0] : (tensor<?x2xf32>) -> tensor<2x?xf32>
  return %4 : tensor<2x?xf32>
}

// -----

// expected-error@+1 {{computes in floating point: 'hidden' (sigmoid), add}}
func.func @floats(%x: tensor<?x2x!quant.uniform<u8:f32, 0.5>>) -> tensor<?x2xf32> {
  %0 = shiftadd.dequantize %x : (tensor<?x2x!quant.uniform<u8:f32, 0.5>>) -> tensor<?x2xf32>
  %1 = shiftadd.sigmoid %0 : (tensor<?x2xf32>) -> tensor<?x2xf32> loc("hidden")
  %2 = shiftadd.add %1, %0 : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %2 : tensor<?x2xf32>
}

// `--compare-by-running` finds what a pass changes. Fusing batch
// normalisation reassociates floats: equal within a tolerance, not bit by bit.

// RUN: not shiftadd-opt %s --compare-by-running="func.func(shiftadd-fold-batch-norm)" 2>&1 | FileCheck %s --check-prefix=DIFFERS
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-fold-batch-norm)" --tolerance=1e-6 | FileCheck %s --check-prefix=CLOSE
// RUN: shiftadd-opt %s --compare-by-running="func.func(shiftadd-fold-batch-norm)" --tolerance=1e-6 --runs=5 --seed=100 --batch=1 | FileCheck %s --check-prefix=FIVE

// The copy is compared with what the passes in front have left.
// RUN: shiftadd-opt %s --shiftadd-fold-batch-norm --compare-by-running="func.func(shiftadd-fold-batch-norm)" | FileCheck %s --check-prefix=CLOSE

// RUN: not shiftadd-opt %s --compare-by-running="symbol-dce" --run-function=helper 2>&1 | FileCheck %s --check-prefix=GONE
// RUN: not shiftadd-opt %s --compare-by-running="no-such-pass" 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// DIFFERS: compare.mlir:[[# @LINE + 5]]:1: error: @norm differs behind the passes (seed {{[1-3]}}): result 0: element [{{[0-9]+, [0-9]+}}] is {{.*}}, expected {{.*}} elements differ)
// CLOSE: equal: 3 runs
// FIVE: equal: 5 runs
// GONE: error: @helper is gone behind the passes
// UNKNOWN: 'no-such-pass' does not refer to a registered pass
func.func @norm(%x: tensor<?x16xf32>) -> tensor<?x2xf32> {
  %w = shiftadd.constant dense<[[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6], [0.11, 0.21, 0.31, 0.41, 0.51, 0.61, 0.71, 0.81, 0.91, 1.01, 1.11, 1.21, 1.31, 1.41, 1.51, 1.61]]> : tensor<2x16xf32> as tensor<2x16xf32>
  %p = shiftadd.constant dense<[0.7, 1.3]> : tensor<2xf32> as tensor<2xf32>
  %0 = shiftadd.dense %x, %w : (tensor<?x16xf32>, tensor<2x16xf32>) -> tensor<?x2xf32>
  %1 = shiftadd.batch_norm %0, %p, %p, %p, %p {axis = 1 : i64, epsilon = 0.001 : f64} : (tensor<?x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}
func.func private @helper() {
  return
}

// RUN: not shiftadd-opt %s --shiftadd-integer-layers=multiplier-bits=21 2>&1 | FileCheck %s --check-prefix=MANY
// RUN: not shiftadd-opt %s --shiftadd-integer-layers=multiplier-bits=0 2>&1 | FileCheck %s --check-prefix=NONE

// MANY: error: multiplier-bits lies between 1 and 20, not 21
// NONE: error: multiplier-bits lies between 1 and 20, not 0
func.func @f() {
  return
}

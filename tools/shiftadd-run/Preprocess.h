//===- Preprocess.h - From a picture to an input tensor ---------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Crop, scaling and normalisation as image classifiers expect them.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADDRUN_PREPROCESS_H
#define SHIFTADD_TOOLS_SHIFTADDRUN_PREPROCESS_H

#include "tools/tensor-files/ModelInputs.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace shiftadd::tools {

/// value = (pixel - mean) * scale with pixels in 0..255; one number for all
/// channels or one per channel.
struct Normalisation {
  std::vector<double> mean = {0};
  std::vector<double> scale = {1};
};

/// Reads {"preprocessing": {"mean": [...], "scale": [...]}} of LIB.json, both
/// optional.
llvm::Expected<Normalisation> storedNormalisation(llvm::StringRef json);

/// Makes the tensor for `input`, which must be [1 or free batch, 1 or 3, H, W]
/// in float32, uint8 or int8. Integers are rounded to nearest and saturated.
llvm::Expected<Tensor> imageToTensor(const std::string &path,
                                     const TensorSpec &input,
                                     const Normalisation &normalisation);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADDRUN_PREPROCESS_H

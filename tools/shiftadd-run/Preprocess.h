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

#include "tools/tensor-files/Picture.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace shiftadd::tools {

/// Reads {"preprocessing": {"mean": [...], "scale": [...]}} of LIB.json, both
/// optional.
llvm::Expected<Normalisation> storedNormalisation(llvm::StringRef json);

/// readPicture() with an error of the tools.
llvm::Expected<Tensor> imageToTensor(const std::string &path,
                                     const TensorSpec &input,
                                     const Normalisation &normalisation);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADDRUN_PREPROCESS_H

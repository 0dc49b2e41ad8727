//===- TensorFiles.h - Tensors in files of any supported format -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The formats in which users give and get tensors: .npy, .npz, a single
// onnx.TensorProto (.pb), and a folder of these as in the ONNX tests. Inputs
// are recognised by their contents, outputs by the name of the file.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_TENSORFILES_TENSORFILES_H
#define SHIFTADD_TOOLS_TENSORFILES_TENSORFILES_H

#include "tools/tensor-files/Tensor.h"

namespace shiftadd::tools {

/// Tensors as a user gives them.
struct TensorSet {
  /// True for an .npz: tensors are matched by name. Otherwise they are matched
  /// by position and their names are empty.
  bool named = false;
  std::vector<Tensor> tensors;
};

/// Reads an .npz (named), an .npy or .pb file (one tensor), or a folder with
/// input_0.pb, input_1.pb, ... without gaps. The error names the file.
bool readTensorSet(const std::string &path, TensorSet &set, std::string &error);

/// Reads one tensor from an .npy or .pb file. The error names the file.
bool readTensor(const std::string &path, Tensor &tensor, std::string &error);

/// Writes FILE.npz, FILE.npy (one tensor only), or a folder with output_0.pb,
/// output_1.pb, ...; the folder is created if needed. Either all files are
/// complete or none is changed.
bool writeTensors(const std::string &path, const std::vector<Tensor> &tensors,
                  std::string &error);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_TENSORFILES_TENSORFILES_H

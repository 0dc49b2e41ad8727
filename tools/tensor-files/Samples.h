//===- Samples.h - Many samples of a network's inputs -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a network is calibrated with and evaluated on. The first axis counts
// samples, whatever the network's own batch is.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_TENSORFILES_SAMPLES_H
#define SHIFTADD_TOOLS_TENSORFILES_SAMPLES_H

#include "tools/tensor-files/Picture.h"

namespace shiftadd::tools {

struct Samples {
  /// Of samples; a fixed batch of several is one.
  int64_t count = 0;
  /// In the order of the network's inputs and under their names, as planRuns()
  /// takes them: [count, ...], or one value where `plan` says shared.
  std::vector<Tensor> inputs;
  RunPlan plan;
  /// The class of every sample; empty when the file holds none.
  std::vector<int64_t> labels;
  /// Some of them were pictures, which are normalised.
  bool hasPictures = false;
};

/// Reads samples of the inputs from one of
///  - an .npz with an array per input, named like it: [n, ...], also when the
///    batch of the input is fixed to 1;
///  - an .npz with an array `images`, uint8 [n,H,W] or [n,H,W,C], for the one
///    input of a network that takes pictures: cropped, scaled, normalised;
///  - an .npy or .pb file for a network with one input;
///  - a folder of pictures (.png, .jpg, .jpeg) or .npy files with one sample
///    each, in the order of their names, for a network with one input; or of
///    input_0.pb, input_1.pb, ...
/// An array `labels` of n integers in an .npz gives the classes. At most
/// `limit` samples (0: all) are kept, the first ones. The error names the file
/// or the input with what was expected and found.
bool loadSamples(const std::string &path, const std::vector<TensorSpec> &inputs,
                 const Normalisation &normalisation, int64_t limit,
                 Samples &samples, std::string &error);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_TENSORFILES_SAMPLES_H

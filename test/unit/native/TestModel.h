//===- TestModel.h - A small model and a way to run libraries ---*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the tests of whole libraries share.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TEST_UNIT_NATIVE_TESTMODEL_H
#define SHIFTADD_TEST_UNIT_NATIVE_TESTMODEL_H

#include "codegen/Native/ModelImage.h"
#include "shiftadd/model_abi.h"

#include <string>
#include <vector>

namespace shiftadd::native::test {

/// Kernels pad, convolution and copy, in this order.
enum KernelIndex : uint32_t { Pad, Convolution, Copy };

/// A kernel set. `set` is "first" or "second".
TargetImage makeTarget(const std::string &name, int32_t cpuLevel,
                       const std::string &set);

/// image -> pad (with a filled halo) -> convolution -> scores.
ModelImage makeConvolutionModel();

constexpr int8_t kHaloValue = 3;
/// The convolution's filter.
std::vector<int8_t> filterValues();
/// What the convolution model computes, calculated here.
std::vector<float> expectedScores(const std::vector<int8_t> &image);

/// A folder that is removed with everything in it.
class TemporaryFolder {
public:
  TemporaryFolder();
  ~TemporaryFolder();
  std::string file(const std::string &name) const { return path + "/" + name; }
  /// Number of files in it.
  size_t fileCount() const;

private:
  std::string path;
};

std::string readFile(const std::string &path);

/// A loaded model library; null members when it could not be loaded.
class LoadedModel {
public:
  explicit LoadedModel(const std::string &path);
  ~LoadedModel();

  const shiftadd_model_v1 *model = nullptr;
  shiftadd_context *context = nullptr;
  std::string error;

private:
  void *handle = nullptr;
};

} // namespace shiftadd::native::test

#endif // SHIFTADD_TEST_UNIT_NATIVE_TESTMODEL_H

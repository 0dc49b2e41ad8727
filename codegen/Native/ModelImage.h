//===- ModelImage.h - Everything a model library is made of -----*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The plain description from which codegen/Native writes LIB.so: kernels as
// object bytes, the launches over one arena, the packed weights and the
// tensors' names. It knows nothing of MLIR dialects or Halide.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_CODEGEN_NATIVE_MODELIMAGE_H
#define SHIFTADD_CODEGEN_NATIVE_MODELIMAGE_H

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace shiftadd::native {

/// Where an argument of a kernel lives.
enum class Place { Input, Output, Arena, Weights };

/// One buffer argument of a launch. `offset` is in bytes: from the start of
/// input or output number `index`, of the arena, or of the weights section.
/// It is the address of the buffer's first stored element, halo included.
struct BufferReference {
  Place place = Place::Arena;
  uint32_t index = 0;
  uint64_t offset = 0;
};

/// Fills `rows` runs of `rowBytes` bytes, `stride` bytes apart, with the
/// `element` pattern (1, 2, 4 or 8 bytes): writes the halo of a padded tensor.
/// A row is a whole number of elements, and rows do not overlap.
struct HaloFill {
  BufferReference start;
  uint64_t rowBytes = 0;
  uint64_t stride = 0;
  uint64_t rows = 1;
  std::vector<uint8_t> element;
};

/// One step of the executor: the halo fills first, then the kernel.
struct Launch {
  uint32_t layer = 0;  ///< index into ModelImage::layerNames
  uint32_t kernel = 0; ///< index into Target::kernels
  std::vector<HaloFill> fills;
  std::vector<BufferReference> arguments;
};

/// A kernel: `int symbol(void *context, halide_buffer_t *...)`. All extents and
/// strides are compiled in; only `host` of each buffer is read.
struct KernelObject {
  std::string symbol;       ///< unique among the kernels of all targets
  std::vector<char> object; ///< ELF relocatable, x86-64
};

/// One kernel set. `cpuLevel` is enum shiftadd_cpu_level.
struct TargetImage {
  std::string name;
  int32_t cpuLevel = 0;
  std::vector<KernelObject> kernels;
};

/// An input or output. `type` is enum shiftadd_type; a leading -1 in `shape`
/// is the free batch, and `bytes` then counts one sample.
struct TensorImage {
  std::string name;
  int32_t type = 0;
  std::vector<int64_t> shape;
  uint64_t bytes = 0;
  std::vector<uint8_t> requiredValue; ///< empty: any value is taken
};

struct ModelImage {
  std::vector<TensorImage> inputs;
  std::vector<TensorImage> outputs;
  std::vector<std::string> layerNames;
  std::vector<Launch> launches;
  std::vector<TargetImage> targets; ///< best first; equal kernel counts
  std::vector<uint8_t> weights;     ///< the one read-only section, 64-aligned
  uint64_t arenaBytes = 0;
  bool freeBatch = false;
  std::string json; ///< the text of LIB.json
};

} // namespace shiftadd::native

#endif // SHIFTADD_CODEGEN_NATIVE_MODELIMAGE_H

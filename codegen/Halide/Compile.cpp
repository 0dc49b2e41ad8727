//===- Compile.cpp - From a KernelSpec to object code -----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Targets, output files and the wall for exceptions. Halide::Error is not a
// std::exception, so it is caught by itself.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Compile.h"

#include "codegen/Halide/Collapse.h"
#include "codegen/Halide/Emitter.h"
#include "codegen/Halide/Finish.h"
#include "codegen/Halide/SourcesHash.h"
#include "codegen/Halide/Types.h"
#include "codegen/Halide/WithoutMultiplication.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <sys/mman.h>
#include <unistd.h>

using namespace Halide;

namespace shiftadd::halide_gen {

namespace {

const char *levelFeatures(CpuLevel level) {
  switch (level) {
  case CpuLevel::X86_64_V3:
    return "sse41-avx-f16c-fma-avx2-tune_znver3";
  case CpuLevel::X86_64_V4:
    return "sse41-avx-f16c-fma-avx2-avx512-avx512_skylake-tune_znver4";
  case CpuLevel::Zen4:
    return "sse41-avx-f16c-fma-avx2-avx512-avx512_skylake-avx512_cannonlake-"
           "avx512_zen4-tune_znver4";
  }
  throw SpecError("unknown CPU level");
}

/// Elements from the address of a buffer to its end.
int64_t span(const std::vector<int64_t> &shape, const Layout &layout) {
  int64_t elements = 1;
  for (size_t d = 0; d < shape.size(); ++d)
    elements +=
        (layout.low[d] + shape[d] + layout.high[d] - 1) * layout.strides[d];
  return elements;
}

Target targetOf(const KernelSpec &spec, const ConstantPlan &plan,
                CpuLevel level) {
  Target target(std::string("x86-64-linux-") + levelFeatures(level) +
                "-no_asserts-no_bounds_query-no_runtime-user_context");
  // Every operation is rounded by itself; only a template's sum of products
  // may be contracted, its epilogue being strict expression by expression.
  if (!plan.anchorTemplate || !plan.anchorTemplate->contracts(*plan.anchor))
    target.set_feature(Target::StrictFloat);
  // Indices are 32 bits wide unless a buffer needs more.
  bool large = false;
  auto check = [&](const ValueType &type, const Layout &layout) {
    large = large ||
            span(type.shape, layout) * elementBytes(type.scalar) > INT32_MAX;
  };
  for (const auto &argument : spec.arguments)
    if (!argument.constant)
      check(argument.type, argument.layout);
  for (const auto &output : spec.outputs)
    check(spec.typeOf(output.value), output.layout);
  for (const Blob &blob : plan.blobs)
    large = large || blob.count * blob.type.bytes() > INT32_MAX;
  if (large)
    throw SpecError("a buffer of more than 2 GiB is not supported");
  return target;
}

/// A file without a name, which is gone with the process however that ends.
/// Halide writes to paths only.
class UnnamedFile {
public:
  UnnamedFile() : descriptor(memfd_create("shiftadd-kernel", MFD_CLOEXEC)) {
    if (descriptor < 0)
      throw SpecError(std::string("cannot create a file in memory: ") +
                      std::strerror(errno));
  }
  ~UnnamedFile() { close(descriptor); }
  UnnamedFile(const UnnamedFile &) = delete;
  UnnamedFile &operator=(const UnnamedFile &) = delete;

  std::string path() const {
    return "/proc/self/fd/" + std::to_string(descriptor);
  }
  std::string read() const {
    std::ifstream stream(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(stream),
            std::istreambuf_iterator<char>()};
  }

private:
  int descriptor;
};

/// Runs `body`, turning whatever it throws into a line of text.
bool guarded(std::string &error, const std::function<void()> &body) {
  try {
    body();
    return true;
  } catch (const Halide::Error &failure) {
    error = std::string("kernel generation failed: ") + failure.what();
  } catch (const std::exception &failure) {
    error = std::string("kernel generation failed: ") + failure.what();
  }
  while (!error.empty() && error.back() == '\n')
    error.pop_back();
  return false;
}

} // namespace

bool packConstants(const KernelSpec &spec,
                   const std::vector<const uint8_t *> &data,
                   PackedConstants &packed, std::string &error) {
  return guarded(error,
                 [&] { packed = packPlan(spec, planConstants(spec), data); });
}

bool compileKernel(const KernelSpec &given, const std::string &symbol,
                   CpuLevel level, bool withText, CompiledKernel &kernel,
                   std::string &error) {
  return guarded(error, [&] {
    checkForm(given);
    KernelSpec spec = collapseDimensions(given);
    ConstantPlan plan = planConstants(spec);
    Target target = targetOf(spec, plan, level);
    Emitter emitter(spec, plan, target, level);
    Pipeline pipeline = emitter.emit();
    if (spec.shiftAdd)
      pipeline.add_custom_lowering_pass(new WithoutMultiplication);
    pipeline.add_custom_lowering_pass(new Finish(emitter.outputPlaces()));
    Module module = withStableNames(pipeline.compile_to_module(
        emitter.parameters(), symbol, target, LinkageType::External));
    UnnamedFile object, assembly, statement;
    std::map<OutputFileType, std::string> files = {
        {OutputFileType::object, object.path()}};
    if (withText) {
      files[OutputFileType::assembly] = assembly.path();
      files[OutputFileType::stmt] = statement.path();
    }
    module.compile(files);
    std::string bytes = object.read();
    if (bytes.empty())
      throw SpecError("no object was written for " + symbol);
    kernel.object.assign(bytes.begin(), bytes.end());
    kernel.assembly = assembly.read();
    kernel.statement = statement.read();
  });
}

std::string backendVersion() {
  return "halide " + std::to_string(HALIDE_VERSION_MAJOR) + "." +
         std::to_string(HALIDE_VERSION_MINOR) + "." +
         std::to_string(HALIDE_VERSION_PATCH) + " generator " +
         SHIFTADD_HALIDE_SOURCES_HASH;
}

} // namespace shiftadd::halide_gen

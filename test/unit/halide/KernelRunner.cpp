//===- KernelRunner.cpp - Compiles, links and calls one kernel --*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions that kernels call at run time are defined here in their
// simplest form; the test program exports them to the loaded objects.
//
//===----------------------------------------------------------------------===//
#include "test/unit/halide/KernelRunner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sys/mman.h>
#include <unistd.h>

extern "C" {

using ParallelTask = int (*)(void *, int, uint8_t *);

int halide_do_par_for(void *context, ParallelTask task, int min, int size,
                      uint8_t *closure) {
  for (int i = min; i < min + size; ++i)
    if (int failure = task(context, i, closure))
      return failure;
  return 0;
}

void *halide_malloc(void *, size_t size) {
  return std::aligned_alloc(128, (size + 128 + 127) / 128 * 128);
}

void halide_free(void *, void *memory) { std::free(memory); }

} // extern "C"

namespace shiftadd::halide_gen::test {

namespace {

/// The part of halide_buffer_t that kernels read is the address.
struct BufferDescriptor {
  uint64_t device = 0;
  const void *deviceInterface = nullptr;
  uint8_t *host = nullptr;
  uint64_t rest[5] = {};
};

/// Kernels around a sum of products may read one vector past the end of their
/// run-time inputs; all others read nothing but the tensors.
size_t readSlack(const KernelSpec &spec) {
  for (const Op &op : spec.ops)
    for (const char *name : {"conv", "shift_conv", "adder_conv", "dense",
                             "shift_dense", "adder_dense"})
      if (op.op == name)
        return 64;
  return 0;
}

/// Memory whose last byte is followed by `slack` bytes and an unmapped page.
class GuardedMemory {
public:
  explicit GuardedMemory(size_t size, size_t slack = 0) : size(size) {
    size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    mapped = (size + slack + page - 1) / page * page + page;
    base = static_cast<uint8_t *>(mmap(nullptr, mapped, PROT_READ | PROT_WRITE,
                                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(base + mapped - page, page, PROT_NONE);
    start = base + mapped - page - slack - size;
  }
  ~GuardedMemory() { munmap(base, mapped); }
  GuardedMemory(const GuardedMemory &) = delete;
  GuardedMemory &operator=(const GuardedMemory &) = delete;

  uint8_t *start;
  size_t size;

private:
  uint8_t *base;
  size_t mapped;
};

size_t elementBytes(ScalarType scalar) {
  static const size_t sizes[] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8};
  return sizes[static_cast<size_t>(scalar)];
}

/// A binary floating-point format of 16 bits.
struct SmallFloat {
  int fractionBits;
  int lowestExponent; ///< of normal numbers
  int highestExponent;
};
constexpr SmallFloat half = {10, -14, 15}, bfloat = {7, -126, 127};

/// Rounds to nearest even straight from the double.
uint16_t encode(const SmallFloat &format, double value) {
  uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  int exponentMask = format.highestExponent * 2 + 1;
  uint16_t infinity =
      static_cast<uint16_t>(exponentMask << format.fractionBits);
  if (std::isnan(value))
    return infinity | static_cast<uint16_t>(1 << (format.fractionBits - 1));
  double magnitude = std::fabs(value);
  if (magnitude == 0)
    return sign;
  int exponent = std::isinf(magnitude)
                     ? format.highestExponent + 1
                     : std::max(std::ilogb(magnitude), format.lowestExponent);
  if (exponent > format.highestExponent)
    return sign | infinity;
  // Whole steps of the exponent's spacing; a carry runs into the exponent.
  double steps =
      std::nearbyint(std::ldexp(magnitude, format.fractionBits - exponent));
  int64_t bits = static_cast<int64_t>(steps) +
                 (static_cast<int64_t>(exponent - format.lowestExponent)
                  << format.fractionBits);
  return sign | static_cast<uint16_t>(std::min<int64_t>(bits, infinity));
}

double decode(const SmallFloat &format, uint16_t bits) {
  int exponent = (bits & 0x7fff) >> format.fractionBits;
  int fraction = bits & ((1 << format.fractionBits) - 1);
  double sign = bits & 0x8000 ? -1.0 : 1.0;
  if (exponent == format.highestExponent * 2 + 1)
    return fraction ? std::nan("") : sign * INFINITY;
  if (exponent > 0)
    fraction += 1 << format.fractionBits;
  return sign *
         std::ldexp(fraction, std::max(exponent, 1) - 1 +
                                  format.lowestExponent - format.fractionBits);
}

void write(ScalarType scalar, uint8_t *to, double value) {
  auto put = [&](auto number) { std::memcpy(to, &number, sizeof number); };
  switch (scalar) {
  case ScalarType::Bool:
  case ScalarType::UInt8:
    return put(static_cast<uint8_t>(value));
  case ScalarType::Int8:
    return put(static_cast<int8_t>(value));
  case ScalarType::Int16:
    return put(static_cast<int16_t>(value));
  case ScalarType::Int32:
    return put(static_cast<int32_t>(value));
  case ScalarType::Int64:
    return put(static_cast<int64_t>(value));
  case ScalarType::UInt16:
    return put(static_cast<uint16_t>(value));
  case ScalarType::UInt32:
    return put(static_cast<uint32_t>(value));
  case ScalarType::UInt64:
    return put(static_cast<uint64_t>(value));
  case ScalarType::Float16:
    return put(encode(half, value));
  case ScalarType::BFloat16:
    return put(encode(bfloat, value));
  case ScalarType::Float32:
    return put(static_cast<float>(value));
  case ScalarType::Float64:
    return put(value);
  }
}

double readNumber(ScalarType scalar, const uint8_t *from) {
  auto get = [&](auto number) {
    std::memcpy(&number, from, sizeof number);
    return static_cast<double>(number);
  };
  switch (scalar) {
  case ScalarType::Bool:
  case ScalarType::UInt8:
    return get(uint8_t());
  case ScalarType::Int8:
    return get(int8_t());
  case ScalarType::Int16:
    return get(int16_t());
  case ScalarType::Int32:
    return get(int32_t());
  case ScalarType::Int64:
    return get(int64_t());
  case ScalarType::UInt16:
    return get(uint16_t());
  case ScalarType::UInt32:
    return get(uint32_t());
  case ScalarType::UInt64:
    return get(uint64_t());
  case ScalarType::Float16:
  case ScalarType::BFloat16: {
    uint16_t bits;
    std::memcpy(&bits, from, sizeof bits);
    return decode(scalar == ScalarType::Float16 ? half : bfloat, bits);
  }
  case ScalarType::Float32:
    return get(float());
  case ScalarType::Float64:
    return get(double());
  }
  return 0;
}

Shape boxOf(const Shape &shape, const Layout &layout) {
  Shape box = shape;
  for (size_t d = 0; d < box.size(); ++d)
    box[d] += layout.low[d] + layout.high[d];
  return box;
}

int64_t elementOffset(const Shape &index, const Layout &layout) {
  int64_t offset = 0;
  for (size_t d = 0; d < index.size(); ++d)
    offset += (index[d] + layout.low[d]) * layout.strides[d];
  return offset;
}

size_t bytesOf(const Shape &shape, const Layout &layout, ScalarType scalar) {
  Shape last = shape;
  for (size_t d = 0; d < last.size(); ++d)
    last[d] += layout.high[d] - 1;
  return static_cast<size_t>(elementOffset(last, layout) + 1) *
         elementBytes(scalar);
}

constexpr uint8_t untouched = 0xa5;

} // namespace

size_t Tensor::offset(const Shape &index) const {
  size_t result = 0;
  for (size_t d = 0; d < shape.size(); ++d)
    result =
        result * static_cast<size_t>(shape[d]) + static_cast<size_t>(index[d]);
  return result;
}

int64_t count(const Shape &shape) {
  int64_t result = 1;
  for (int64_t size : shape)
    result *= size;
  return result;
}

void forEach(const Shape &shape,
             const std::function<void(const Shape &)> &body) {
  Shape index(shape.size(), 0);
  for (int64_t left = count(shape); left > 0; --left) {
    body(index);
    for (size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d])
        break;
      index[d] = 0;
    }
  }
}

Shape broadcastIndex(const Shape &index, const Shape &operand) {
  Shape result;
  for (size_t d = 0; d < operand.size(); ++d)
    result.push_back(
        operand[d] == 1 ? 0 : index[index.size() - operand.size() + d]);
  return result;
}

ValueType type(ScalarType scalar, Shape shape) {
  ValueType result;
  result.scalar = scalar;
  result.shape = std::move(shape);
  return result;
}

ValueType quantized(ScalarType scalar, Shape shape, double scale,
                    int64_t zeroPoint, int64_t minimum, int64_t maximum) {
  ValueType result = type(scalar, std::move(shape));
  result.quantized = true;
  result.quantization.scales = {static_cast<float>(scale)};
  result.quantization.zeroPoints = {zeroPoint};
  result.quantization.minimum = minimum;
  result.quantization.maximum = maximum;
  return result;
}

Layout withHalo(const Shape &shape, const Shape &low, const Shape &high) {
  Layout layout;
  layout.low = low;
  layout.high = high;
  layout.strides.assign(shape.size(), 1);
  for (size_t d = shape.size(); d-- > 1;)
    layout.strides[d - 1] = layout.strides[d] * (shape[d] + low[d] + high[d]);
  return layout;
}

Layout dense(const Shape &shape) {
  Shape zero(shape.size(), 0);
  return withHalo(shape, zero, zero);
}

double rounded(ScalarType scalar, double value) {
  uint8_t bytes[8];
  if (scalar < ScalarType::Float16)
    return value;
  write(scalar, bytes, value);
  return readNumber(scalar, bytes);
}

int Kernel::input(const ValueType &type, const Tensor &data) {
  return input(type, data, dense(type.shape), 0);
}

int Kernel::input(const ValueType &type, const Tensor &data,
                  const Layout &layout, double haloValue) {
  Argument argument;
  argument.type = type;
  argument.layout = layout;
  spec.arguments.push_back(argument);
  arguments.push_back(data);
  haloValues.push_back(haloValue);
  return static_cast<int>(spec.arguments.size()) - 1;
}

int Kernel::constant(const ValueType &type, const Tensor &data) {
  int number = input(type, data, Layout(), 0);
  spec.arguments.back().constant = true;
  return number;
}

int Kernel::op(const std::string &name, std::vector<int> operands,
               std::vector<ValueType> results,
               std::map<std::string, Attribute> attributes) {
  int first = static_cast<int>(spec.arguments.size());
  for (const Op &op : spec.ops)
    first += static_cast<int>(op.results.size());
  spec.ops.push_back(
      {name, std::move(operands), std::move(attributes), std::move(results)});
  return first;
}

void Kernel::output(int value) {
  output(value, dense(spec.typeOf(value).shape));
}

void Kernel::output(int value, const Layout &layout) {
  spec.outputs.push_back({value, layout});
}

std::vector<Tensor> Kernel::run(CpuLevel level) {
  std::vector<Tensor> results;
  std::string error;

  // Dense bytes of the constants, and the run-time buffers.
  std::vector<std::vector<uint8_t>> constants(arguments.size());
  std::vector<const uint8_t *> data(arguments.size(), nullptr);
  std::vector<std::unique_ptr<GuardedMemory>> memory;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const Argument &argument = spec.arguments[i];
    const Shape &shape = argument.type.shape;
    size_t size = elementBytes(argument.type.scalar);
    if (argument.constant) {
      constants[i].resize(arguments[i].data.size() * size + 1);
      for (size_t e = 0; e < arguments[i].data.size(); ++e)
        write(argument.type.scalar, constants[i].data() + e * size,
              arguments[i].data[e]);
      data[i] = constants[i].data();
      continue;
    }
    memory.push_back(std::make_unique<GuardedMemory>(
        bytesOf(shape, argument.layout, argument.type.scalar),
        readSlack(spec)));
    forEach(boxOf(shape, argument.layout), [&](const Shape &box) {
      Shape index = box;
      bool inside = true;
      for (size_t d = 0; d < index.size(); ++d) {
        index[d] -= argument.layout.low[d];
        inside = inside && index[d] >= 0 && index[d] < shape[d];
      }
      int64_t element = elementOffset(index, argument.layout);
      write(argument.type.scalar,
            memory.back()->start + static_cast<size_t>(element) * size,
            inside ? arguments[i].at(index) : haloValues[i]);
    });
  }
  PackedConstants packed;
  if (!packConstants(spec, data, packed, error)) {
    ADD_FAILURE() << error << "\n" << spec.print();
    return results;
  }
  for (const std::vector<uint8_t> &blob : packed) {
    memory.push_back(std::make_unique<GuardedMemory>(blob.size()));
    if (!blob.empty())
      std::memcpy(memory.back()->start, blob.data(), blob.size());
  }
  size_t firstOutput = memory.size();
  for (const Output &output : spec.outputs) {
    const ValueType &type = spec.typeOf(output.value);
    memory.push_back(std::make_unique<GuardedMemory>(
        bytesOf(type.shape, output.layout, type.scalar)));
    std::memset(memory.back()->start, untouched, memory.back()->size);
  }

  CompiledKernel kernel;
  if (!compileKernel(spec, "kernel", level, false, kernel, error)) {
    ADD_FAILURE() << error << "\n" << spec.print();
    return results;
  }
  std::string folder =
      (std::filesystem::temp_directory_path() / "shiftadd-test-XXXXXX")
          .string();
  if (!mkdtemp(folder.data())) {
    ADD_FAILURE() << "no temporary folder";
    return results;
  }
  std::ofstream(folder + "/kernel.o", std::ios::binary)
      .write(kernel.object.data(),
             static_cast<std::streamsize>(kernel.object.size()));
  std::string command = std::string(SHIFTADD_TEST_LINKER) + " -shared -o " +
                        folder + "/kernel.so " + folder + "/kernel.o";
  bool linked = std::system(command.c_str()) == 0;
  void *library =
      linked ? dlopen((folder + "/kernel.so").c_str(), RTLD_NOW) : nullptr;
  std::string reason = library || !linked ? "" : dlerror();
  std::filesystem::remove_all(folder);
  if (!library) {
    ADD_FAILURE() << "linking or loading failed: " << reason << "\n"
                  << spec.print();
    return results;
  }
  std::vector<BufferDescriptor> buffers(memory.size());
  void *pointers[24] = {};
  if (memory.size() > std::size(pointers)) {
    ADD_FAILURE() << "too many buffers for this runner";
    return results;
  }
  for (size_t i = 0; i < memory.size(); ++i) {
    buffers[i].host = memory[i]->start;
    pointers[i] = &buffers[i];
  }
  // Surplus arguments are ignored by the callee under the C convention.
  auto call = reinterpret_cast<int (*)(void *, ...)>(dlsym(library, "kernel"));
  void **p = pointers;
  int status = call(nullptr, p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7],
                    p[8], p[9], p[10], p[11], p[12], p[13], p[14], p[15], p[16],
                    p[17], p[18], p[19], p[20], p[21], p[22], p[23]);
  EXPECT_EQ(status, 0);
  dlclose(library);

  for (size_t i = 0; i < spec.outputs.size(); ++i) {
    const Output &output = spec.outputs[i];
    const ValueType &type = spec.typeOf(output.value);
    size_t size = elementBytes(type.scalar);
    GuardedMemory &buffer = *memory[firstOutput + i];
    Tensor result{type.shape, {}};
    std::vector<bool> written(buffer.size, false);
    forEach(type.shape, [&](const Shape &index) {
      size_t offset =
          static_cast<size_t>(elementOffset(index, output.layout)) * size;
      result.data.push_back(readNumber(type.scalar, buffer.start + offset));
      for (size_t b = 0; b < size; ++b)
        written[offset + b] = true;
    });
    size_t strayed = 0;
    for (size_t b = 0; b < buffer.size; ++b)
      strayed += !written[b] && buffer.start[b] != untouched;
    EXPECT_EQ(strayed, 0u) << "bytes written outside of output " << i << "\n"
                           << spec.print();
    results.push_back(std::move(result));
  }
  return results;
}

std::vector<CpuLevel> levels() {
  std::vector<CpuLevel> result;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    result.push_back(CpuLevel::X86_64_V3);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
    result.push_back(CpuLevel::X86_64_V4);
  if (__builtin_cpu_supports("avx512vnni") &&
      __builtin_cpu_supports("avx512bf16"))
    result.push_back(CpuLevel::Zen4);
  return result;
}

void Kernel::check(
    const std::function<void(const std::vector<Tensor> &)> &body) {
  for (CpuLevel level : levels()) {
    SCOPED_TRACE("CPU level " + std::to_string(static_cast<int>(level)) + "\n" +
                 spec.print());
    std::vector<Tensor> results = run(level);
    if (results.size() != spec.outputs.size())
      return;
    body(results);
    if (testing::Test::HasFailure())
      return;
  }
}

Tensor random(const Shape &shape, double low, double high, bool whole,
              uint32_t seed) {
  std::mt19937 engine(seed);
  Tensor result{shape, {}};
  for (int64_t i = count(shape); i > 0; --i) {
    double unit = static_cast<double>(engine()) / 4294967296.0;
    double value = whole ? low + std::floor(unit * (high - low + 1))
                         : low + unit * (high - low);
    result.data.push_back(whole ? value : static_cast<float>(value));
  }
  return result;
}

void expectNear(const Tensor &actual, const Tensor &expected, double relative,
                double absolute) {
  ASSERT_EQ(actual.shape, expected.shape);
  ASSERT_EQ(actual.data.size(), expected.data.size());
  int reported = 0;
  for (size_t i = 0; i < actual.data.size() && reported < 5; ++i) {
    double a = actual.data[i], e = expected.data[i];
    bool same = a == e || (std::isnan(a) && std::isnan(e)) ||
                std::fabs(a - e) <= relative * std::fabs(e) + absolute;
    if (!same) {
      ADD_FAILURE() << "element " << i << ": " << a << " instead of " << e;
      ++reported;
    }
  }
}

void expectEqual(const Tensor &actual, const Tensor &expected) {
  expectNear(actual, expected, 0);
}

} // namespace shiftadd::halide_gen::test

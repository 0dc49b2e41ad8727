//===- CompiledNetworks.cpp - Random networks as libraries ----------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   shiftadd-random-networks [COUNT [FIRST_SEED]]
//
// Compiles random integer networks with multiplications, as canonical signed
// digits, and these without a multiply instruction, and compares the libraries
// with the interpreter, bit for bit.
//
//===----------------------------------------------------------------------===//
#include "dialects/Reference/Interpreter.h"
#include "dialects/Reference/RandomTensor.h"
#include "shiftadd/runtime.h"
#include "test/unit/rewrite/RandomNetwork.h"
#include "tools/compiler/Compiler.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace shiftadd;

namespace {

constexpr int64_t kBatch = 3;

/// How a network is compiled.
struct Form {
  const char *name;
  const char *scheme;
  tools::CpuArithmetic arithmetic;
};
constexpr Form kForms[] = {
    {"int8", "int8", tools::CpuArithmetic::Auto},
    {"csd", "csd", tools::CpuArithmetic::Auto},
    {"csd by shifts and additions", "csd", tools::CpuArithmetic::ShiftAdd}};

mlir::func::FuncOp mainOf(mlir::ModuleOp module) {
  return module.lookupSymbol<mlir::func::FuncOp>("main");
}

/// The bytes that the library computes; empty after an error.
std::vector<char> runLibrary(const std::string &path, const ref::Tensor &input,
                             size_t outputBytes, int64_t batch,
                             std::string &error) {
  shiftadd_model *model = nullptr;
  shiftadd_session *session = nullptr;
  std::vector<char> output(outputBytes);
  if (shiftadd_open(path.c_str(), &model)) {
    error = shiftadd_last_error(nullptr);
    return {};
  }
  if (shiftadd_create(model, &session)) {
    error = shiftadd_last_error(nullptr);
    shiftadd_close(model);
    return {};
  }
  const void *inputs[] = {input.getBytes().data()};
  void *outputs[] = {output.data()};
  if (shiftadd_run(session, inputs, outputs, batch)) {
    error = shiftadd_last_error(session);
    output.clear();
  }
  shiftadd_destroy(session);
  shiftadd_close(model);
  return output;
}

/// Empty when the library of this form computes what the interpreter does.
std::string check(mlir::ModuleOp network, const ref::Tensor &input,
                  const ref::Tensor &expected, const Form &form,
                  llvm::StringRef folder) {
  mlir::OwningOpRef<mlir::ModuleOp> module(network.clone());
  tools::CompilerOptions options;
  llvm::SmallString<128> path(folder), cache(folder);
  llvm::sys::path::append(path, "network.so");
  llvm::sys::path::append(cache, "cache");
  options.output = path.str().str();
  options.kernelCache = cache.str().str();
  options.describe = false;
  options.threads = 2;
  options.stages.scheme = form.scheme;
  options.stages.verifyMultiplierFree = options.stages.scheme != "int8";
  options.cpuArithmetic = form.arithmetic;
  tools::Failure failure;
  if (!tools::runStages(options, *module, tools::Stage::Schedule, failure) ||
      !tools::emitLibrary(options, *module, failure))
    return llvm::join(failure.lines, "; ");
  std::string error;
  auto type = tensorType(mainOf(network).getArgument(0));
  int64_t batch = type.isDynamicDim(0) ? input.getDimension(0) : 1;
  std::vector<char> output = runLibrary(
      options.output, input, expected.getBytes().size(), batch, error);
  llvm::sys::fs::remove(options.output);
  if (!error.empty())
    return error;
  auto actual = ref::Tensor::fromBytes(expected.getElementType(),
                                       expected.getShape(), output);
  if (!actual)
    return llvm::toString(actual.takeError());
  if (auto difference = ref::compare(*actual, expected, /*tolerance=*/0))
    return llvm::toString(std::move(difference));
  return {};
}

} // namespace

int main(int argc, char **argv) {
  uint64_t count = 100, first = 1;
  if ((argc > 1 && llvm::StringRef(argv[1]).getAsInteger(10, count)) ||
      (argc > 2 && llvm::StringRef(argv[2]).getAsInteger(10, first))) {
    llvm::errs() << "usage: shiftadd-random-networks [COUNT [FIRST_SEED]]\n";
    return 1;
  }
  llvm::SmallString<128> folder;
  if (llvm::sys::fs::createUniqueDirectory("shiftadd-random", folder)) {
    llvm::errs() << "cannot make a temporary folder\n";
    return 1;
  }
  llvm::scope_exit cleanUp([&] { llvm::sys::fs::remove_directories(folder); });
  uint64_t passed = 0, failed = 0;
  std::unique_ptr<mlir::MLIRContext> context;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    // Types and attributes live as long as their context.
    if ((seed - first) % 50 == 0) {
      mlir::DialectRegistry registry;
      tools::registerDialects(registry);
      context = std::make_unique<mlir::MLIRContext>(
          registry, mlir::MLIRContext::Threading::DISABLED);
      context->loadAllAvailableDialects();
    }
    auto network = test::makeRandomNetwork(*context, seed);
    auto inputs = ref::randomInputs(mainOf(*network), seed, kBatch);
    std::string problem;
    if (!inputs) {
      problem = llvm::toString(inputs.takeError());
    } else if (auto results = ref::runFunction(mainOf(*network), *inputs)) {
      for (const Form &form : kForms) {
        std::string difference =
            check(*network, inputs->front(), results->front(), form, folder);
        if (!difference.empty())
          problem += std::string(form.name) + ": " + difference + "; ";
      }
    } else {
      problem = llvm::toString(results.takeError());
    }
    ++(problem.empty() ? passed : failed);
    if (!problem.empty()) {
      llvm::outs() << "seed " << seed << ": " << problem << "\n";
      llvm::outs().flush();
    }
  }
  llvm::outs() << passed << " passed, " << failed << " failed\n";
  return failed != 0;
}

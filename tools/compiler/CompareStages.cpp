//===- CompareStages.cpp - Two stages, layer by layer ---------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "tools/compiler/CompareStages.h"

#include "dialects/Reference/Interpreter.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"
#include "tools/compiler/Compiler.h"
#include "tools/compiler/Interpretation.h"
#include "tools/compiler/LayerResults.h"
#include "tools/tensor-files/Samples.h"

#include "llvm/ADT/StringExtras.h"

namespace shiftadd::tools {

namespace {

/// One of the two networks.
struct Form {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mlir::func::FuncOp function;
  std::optional<LayerResults> layers;
};

bool loadForm(const std::string &path, mlir::MLIRContext &context, Form &form,
              Failure &failure) {
  CompilerOptions options;
  options.input = path;
  if (!loadModule(options, context, form.module, failure))
    return false;
  if (getStage(*form.module) == Stage::Import &&
      !runStages(options, *form.module, Stage::Normalize, failure))
    return false;
  if (getStage(*form.module) == Stage::Schedule) {
    failure.code = ExitInvalidInput;
    failure.lines = {path + ": error: equal layers share a kernel at stage "
                            "schedule; compare an earlier stage"};
    return false;
  }
  form.function = form.module->lookupSymbol<mlir::func::FuncOp>("main");
  if (!llvm::hasSingleElement(form.function.getBody())) {
    failure.code = ExitInvalidInput;
    failure.lines = {path + ": error: the function @main has no single block"};
    return false;
  }
  form.layers.emplace(form.function);
  return true;
}

/// Real numbers, or codes that stand for some.
bool isComparable(mlir::Value value) {
  auto type = llvm::dyn_cast<mlir::RankedTensorType>(value.getType());
  return type && llvm::isa<mlir::FloatType, mlir::quant::UniformQuantizedType,
                           mlir::quant::UniformQuantizedPerAxisType>(
                     type.getElementType());
}

/// The numbers that a tensor stands for.
std::vector<float> toNumbers(const ref::Tensor &tensor) {
  std::vector<float> numbers(size_t(tensor.getElementCount()));
  mlir::Type type = tensor.getElementType();
  auto uniform = llvm::dyn_cast<mlir::quant::UniformQuantizedType>(type);
  auto perAxis = llvm::dyn_cast<mlir::quant::UniformQuantizedPerAxisType>(type);
  int64_t inner = 1, channels = 1;
  if (perAxis) {
    int64_t axis = perAxis.getQuantizedDimension();
    channels = tensor.getDimension(axis);
    for (int64_t d = axis + 1; d < tensor.getRank(); ++d)
      inner *= tensor.getDimension(d);
  }
  for (auto [index, number] : llvm::enumerate(numbers)) {
    int64_t i = int64_t(index);
    if (uniform) {
      number = float(double(tensor.getInteger(i) - uniform.getZeroPoint()) *
                     uniform.getScale());
    } else if (perAxis) {
      int64_t channel = i / inner % channels;
      number = float(
          double(tensor.getInteger(i) - perAxis.getZeroPoints()[channel]) *
          perAxis.getScales()[channel]);
    } else {
      number = float(tensor.getDouble(i));
    }
  }
  return numbers;
}

bool haveSameShape(mlir::Value a, mlir::Value b) {
  llvm::ArrayRef<int64_t> x = tensorType(a).getShape(),
                          y = tensorType(b).getShape();
  return x.size() == y.size() && llvm::all_of(llvm::zip(x, y), [](auto sizes) {
           auto [m, n] = sizes;
           return m == n || mlir::ShapedType::isDynamic(m) ||
                  mlir::ShapedType::isDynamic(n);
         });
}

/// A layer of each form that are the same layer of the network.
struct Pair {
  size_t first, second;
  std::string name;
};

std::optional<Pair> findPartner(const Form &first, const Form &second,
                                size_t index) {
  const LayerResult &layer = (*second.layers)[index];
  for (const std::string &name : llvm::reverse(layer.names)) {
    // Of several layers of one node, the last ones correspond.
    std::optional<size_t> partner = first.layers->find(name);
    if (!partner || second.layers->find(name) != index)
      continue;
    if (layer.addsResidual && !(*first.layers)[*partner].addsResidual)
      if (auto addition = first.layers->findAddition(*partner))
        partner = addition;
    const LayerResult &reference = (*first.layers)[*partner];
    if (isComparable(reference.value) &&
        haveSameShape(reference.value, layer.value))
      return Pair{*partner, index, name};
  }
  return std::nullopt;
}

/// What a network can be asked for by name.
bool isLayer(const LayerResult &layer) {
  return !layer.names.empty() && isComparable(layer.value);
}

mlir::DialectRegistry makeRegistry() {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  return registry;
}

class Comparison {
public:
  Comparison(const CompareStagesRequest &request, StageComparison &result)
      : request(request), result(result), context(makeRegistry()) {
    context.loadAllAvailableDialects();
  }

  int run(std::string &error);

private:
  void findPairs();
  bool readSamples(std::string &error);
  llvm::Error
  runForm(const Form &form, size_t Pair::*side,
          llvm::ArrayRef<ref::Tensor> arguments,
          llvm::function_ref<void(size_t pair, const ref::Tensor &)> take);
  llvm::Error compareSample(int64_t sample);
  void setProducers();

  const CompareStagesRequest &request;
  StageComparison &result;
  mlir::MLIRContext context; ///< outlives the modules
  Form first, second;
  std::vector<Pair> pairs;
  Samples samples;
  std::vector<Tensor> secondInputs;
  RunPlan secondPlan;
};

void Comparison::findPairs() {
  llvm::DenseMap<size_t, size_t> taken;
  for (size_t index = 0; index < second.layers->size(); ++index) {
    const LayerResult &layer = (*second.layers)[index];
    if (!isLayer(layer))
      continue;
    auto pair = findPartner(first, second, index);
    if (!pair) {
      result.unmatched.push_back(layer.names.back());
      continue;
    }
    // A layer that is two in the second form ends with the last one.
    auto [position, isNew] = taken.try_emplace(pair->first, pairs.size());
    if (isNew)
      pairs.push_back(*pair);
    else
      pairs[position->second] = *pair;
  }
  llvm::sort(pairs,
             [](const Pair &a, const Pair &b) { return a.first < b.first; });
  for (const Pair &pair : pairs)
    result.layers.push_back(
        {pair.name, (*first.layers)[pair.first].operation, Noise(), {}});
  // A node's view of its input does not count beside its result.
  llvm::erase_if(result.unmatched, [&](const std::string &name) {
    return llvm::any_of(pairs,
                        [&](const Pair &pair) { return pair.name == name; });
  });
}

bool Comparison::readSamples(std::string &error) {
  if (!loadSamples(request.inputs, getInputSpecs(first.function),
                   request.normalisation, /*limit=*/0, samples, error))
    return false;
  TensorSet set{/*named=*/true, samples.inputs};
  std::vector<TensorSpec> specs = getInputSpecs(second.function);
  for (const TensorSpec &spec : specs)
    set.named &= llvm::any_of(set.tensors, [&](const Tensor &tensor) {
      return tensor.name == spec.name;
    });
  return assignInputs(specs, request.inputs, std::move(set), secondInputs,
                      error) &&
         planRuns(specs, secondInputs, secondPlan, error);
}

/// Runs one sample through a form; `take` gets the result of every pair.
llvm::Error Comparison::runForm(
    const Form &form, size_t Pair::*side, llvm::ArrayRef<ref::Tensor> arguments,
    llvm::function_ref<void(size_t pair, const ref::Tensor &)> take) {
  llvm::DenseMap<mlir::Operation *, size_t> wanted;
  for (auto [index, pair] : llvm::enumerate(pairs)) {
    mlir::Value value = (*form.layers)[pair.*side].value;
    if (auto argument = llvm::dyn_cast<mlir::BlockArgument>(value))
      take(index, arguments[argument.getArgNumber()]);
    else
      wanted[value.getDefiningOp()] = index;
  }
  auto results = ref::runFunction(
      form.function, arguments,
      [&](mlir::Operation *op, llvm::ArrayRef<ref::Tensor> tensors) {
        if (auto found = wanted.find(op); found != wanted.end())
          take(found->second, tensors[0]);
      });
  return results ? llvm::Error::success() : results.takeError();
}

llvm::Error Comparison::compareSample(int64_t sample) {
  auto arguments = getArguments(first.function, samples.inputs,
                                samples.plan.shared, sample, samples.count);
  if (!arguments)
    return arguments.takeError();
  std::vector<std::vector<float>> expected(pairs.size());
  if (llvm::Error error = runForm(first, &Pair::first, *arguments,
                                  [&](size_t pair, const ref::Tensor &tensor) {
                                    expected[pair] = toNumbers(tensor);
                                  }))
    return error;
  arguments = getArguments(second.function, secondInputs, secondPlan.shared,
                           sample, samples.count);
  if (!arguments)
    return arguments.takeError();
  return runForm(second, &Pair::second, *arguments,
                 [&](size_t pair, const ref::Tensor &tensor) {
                   std::vector<float> numbers = toNumbers(tensor);
                   for (auto [f, q] : llvm::zip(expected[pair], numbers))
                     result.layers[pair].noise.add(f, q);
                 });
}

/// Producers in the reference, through layers that are not compared.
void Comparison::setProducers() {
  llvm::DenseMap<size_t, size_t> compared;
  for (auto [index, pair] : llvm::enumerate(pairs))
    compared[pair.first] = index;
  for (auto [index, pair] : llvm::enumerate(pairs)) {
    std::vector<size_t> pending = (*first.layers)[pair.first].producers;
    llvm::DenseMap<size_t, bool> seen;
    while (!pending.empty()) {
      size_t producer = pending.back();
      pending.pop_back();
      if (seen[producer])
        continue;
      seen[producer] = true;
      if (auto found = compared.find(producer); found != compared.end())
        result.layers[index].producers.push_back(found->second);
      else
        llvm::append_range(pending, (*first.layers)[producer].producers);
    }
  }
}

int Comparison::run(std::string &error) {
  Failure failure;
  if (!loadForm(request.first, context, first, failure) ||
      !loadForm(request.second, context, second, failure)) {
    error = llvm::join(failure.lines, "\n");
    return failure.code;
  }
  findPairs();
  if (pairs.empty()) {
    error = request.second + ": error: no layer has the name of one in '" +
            request.first + "': are they stages of one network?";
    return ExitInvalidInput;
  }
  if (!readSamples(error))
    return ExitInvalidInput;
  result.samples = samples.count;
  for (int64_t sample = 0; sample < samples.count; ++sample) {
    if (llvm::Error problem = compareSample(sample)) {
      error = "error: " + llvm::toString(std::move(problem));
      return ExitInternalError;
    }
    if (request.progress)
      request.progress(sample + 1, samples.count);
  }
  setProducers();
  return ExitSuccess;
}

} // namespace

int compareStages(const CompareStagesRequest &request,
                  StageComparison &comparison, std::string &error) {
  comparison = StageComparison();
  return Comparison(request, comparison).run(error);
}

} // namespace shiftadd::tools

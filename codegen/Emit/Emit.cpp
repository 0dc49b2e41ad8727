//===- Emit.cpp - From scheduled IR to a model library's parts -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "codegen/Emit/Emit.h"

#include "codegen/Emit/CompileKernels.h"
#include "codegen/Emit/Constants.h"
#include "codegen/Emit/KernelSpecs.h"
#include "codegen/Schedule/Layouts.h"
#include "codegen/Schedule/Passes.h"
#include "dialects/ShiftAdd/IR/WeightView.h"

#include <map>

namespace shiftadd {

using halide_gen::KernelSpec;
using native::BufferReference;
using native::Place;

llvm::StringRef getTargetName(halide_gen::CpuLevel level) {
  switch (level) {
  case halide_gen::CpuLevel::X86_64_V3:
    return "x86-64-v3";
  case halide_gen::CpuLevel::X86_64_V4:
    return "x86-64-v4";
  case halide_gen::CpuLevel::Zen4:
    return "zen4";
  }
  return "";
}

namespace {

/// The bytes of the element that a halo holds: the code of zero.
std::vector<uint8_t> getHaloElement(mlir::RankedTensorType type) {
  int64_t zero = getZeroPoint(type.getElementType());
  unsigned width = getElementBytes(getStorageType(type.getElementType()));
  std::vector<uint8_t> element(width);
  for (unsigned i = 0; i < width; ++i)
    element[i] = uint8_t(uint64_t(zero) >> (8 * i));
  // Runs of equal bytes are filled fastest.
  if (llvm::all_equal(element))
    element.resize(1);
  return element;
}

/// Fills the border of one tensor. Dimensions are walked from the outside; the
/// innermost pair with a halo becomes one strided fill.
class HaloWriter {
public:
  HaloWriter(mlir::RankedTensorType type, LayoutAttr layout,
             BufferReference start, std::vector<native::HaloFill> &fills)
      : layout(layout), stored(getStoredShape(type, layout)), start(start),
        element(getHaloElement(type)), fills(fills) {
    pitch.assign(stored.size(), 0);
    int64_t bytes = getElementBytes(getStorageType(type.getElementType()));
    for (size_t d = stored.size(); d-- > 0; bytes *= stored[d])
      pitch[d] = bytes;
  }

  void write(size_t d = 0, int64_t offset = 0) {
    if (d == stored.size() || !hasHaloFrom(d))
      return;
    fill(offset, low(d) * pitch[d], 0, 1);
    fill(offset + (stored[d] - high(d)) * pitch[d], high(d) * pitch[d], 0, 1);
    int64_t interior = stored[d] - low(d) - high(d);
    int64_t first = offset + low(d) * pitch[d];
    if (d + 1 < stored.size() && !hasHaloFrom(d + 2)) {
      fill(first, low(d + 1) * pitch[d + 1], pitch[d], interior);
      fill(first + (stored[d + 1] - high(d + 1)) * pitch[d + 1],
           high(d + 1) * pitch[d + 1], pitch[d], interior);
      return;
    }
    for (int64_t i = 0; i < interior; ++i)
      write(d + 1, first + i * pitch[d]);
  }

private:
  int64_t low(size_t d) const { return layout.getLow()[d]; }
  int64_t high(size_t d) const { return layout.getHigh()[d]; }

  bool hasHaloFrom(size_t d) const {
    for (; d < stored.size(); ++d)
      if (low(d) || high(d))
        return true;
    return false;
  }

  void fill(int64_t offset, int64_t bytes, int64_t stride, int64_t rows) {
    if (bytes == 0 || rows == 0)
      return;
    native::HaloFill fill;
    fill.start = start;
    fill.start.offset += offset;
    fill.rowBytes = bytes;
    fill.stride = rows == 1 ? bytes : stride;
    fill.rows = rows;
    fill.element = element;
    fills.push_back(fill);
  }

  LayoutAttr layout;
  llvm::SmallVector<int64_t> stored, pitch;
  BufferReference start;
  std::vector<uint8_t> element;
  std::vector<native::HaloFill> &fills;
};

class Emitter {
public:
  Emitter(mlir::ModuleOp module, const EmitOptions &options)
      : options(options), symbols(module), module(module) {}

  llvm::Expected<EmittedModel> run() {
    function = module.lookupSymbol<mlir::func::FuncOp>("main");
    if (!function)
      return llvm::createStringError("the module has no function @main");
    if (auto error = describeTensors())
      return error;
    if (auto error = compile())
      return error;
    if (auto error = addLaunches())
      return error;
    auto arena =
        function->getAttrOfType<mlir::IntegerAttr>(kArenaBytesAttribute);
    if (!arena)
      return llvm::createStringError("the arena is not planned");
    model.image.arenaBytes = arena.getInt();
    model.image.weights = weights.take();
    model.image.json = getModelJson(module, options, units);
    return std::move(model);
  }

private:
  llvm::Expected<native::TensorImage> describe(mlir::Type type,
                                               mlir::Attribute name) {
    auto tensor = llvm::cast<mlir::RankedTensorType>(type);
    auto scalar = getScalarType(tensor.getElementType());
    if (!scalar)
      return llvm::createStringError("a tensor has an element type without "
                                     "storage");
    native::TensorImage image;
    if (auto text = llvm::dyn_cast_or_null<mlir::StringAttr>(name))
      image.name = text.str();
    image.type = int32_t(*scalar);
    image.bytes =
        getStoredBytes(tensor, LayoutAttr::get(tensor.getContext(),
                                               zeros(tensor), zeros(tensor)));
    for (int64_t size : tensor.getShape()) {
      bool dynamic = mlir::ShapedType::isDynamic(size);
      image.shape.push_back(dynamic ? -1 : size);
      model.image.freeBatch |= dynamic;
    }
    return image;
  }

  static mlir::DenseI64ArrayAttr zeros(mlir::RankedTensorType type) {
    return mlir::DenseI64ArrayAttr::get(
        type.getContext(), llvm::SmallVector<int64_t>(type.getRank(), 0));
  }

  llvm::Error describeTensors() {
    for (unsigned i = 0; i < function.getNumArguments(); ++i) {
      auto image = describe(function.getArgumentTypes()[i],
                            function.getArgAttr(i, kNameAttribute));
      if (!image)
        return image.takeError();
      if (auto value = function.getArgAttrOfType<mlir::ElementsAttr>(
              i, kRequiredValueAttribute))
        if (auto view = WeightView::get(value)) {
          auto bytes = view->toBytes();
          image->requiredValue.assign(bytes.begin(), bytes.end());
        }
      model.image.inputs.push_back(std::move(*image));
    }
    for (unsigned i = 0; i < function.getNumResults(); ++i) {
      auto image = describe(function.getResultTypes()[i],
                            function.getResultAttr(i, kNameAttribute));
      if (!image)
        return image.takeError();
      model.image.outputs.push_back(std::move(*image));
    }
    return llvm::Error::success();
  }

  llvm::Error compile() {
    llvm::SmallVector<std::string> names;
    for (auto kernel : module.getOps<KernelOp>()) {
      auto spec = getKernelSpec(kernel);
      if (!spec)
        return spec.takeError();
      if (options.shiftAdd)
        useShiftAdd(kernel, *spec);
      units[kernel.getSymName()] =
          halide_gen::arithmeticUnit(*spec, options.levels.front());
      // Kernels that differ only in what the code does not read are one.
      auto [entry, isNew] = bySpec.insert({spec->print(), specs.size()});
      if (isNew) {
        specs.push_back(std::move(*spec));
        names.push_back(kernel.getSymName().str());
      }
      kernelNumbers[kernel] = entry->second;
    }
    std::vector<KernelJob> jobs;
    for (halide_gen::CpuLevel level : options.levels)
      for (auto [spec, name] : llvm::zip_equal(specs, names))
        jobs.push_back({spec, level, name});
    auto compiled =
        compileKernels(jobs, KernelCache(options.cacheFolder), options.threads,
                       options.withText, options.progress);
    if (!compiled)
      return compiled.takeError();
    size_t index = 0;
    for (halide_gen::CpuLevel level : options.levels) {
      native::TargetImage target;
      target.name = getTargetName(level).str();
      target.cpuLevel = int(level);
      for (const std::string &name : names) {
        KernelResult &result = (*compiled)[index++];
        if (options.withText)
          model.texts.push_back({name + "." + target.name,
                                 std::move(result.kernel.assembly),
                                 std::move(result.kernel.statement)});
        target.kernels.push_back(
            {result.symbol, std::move(result.kernel.object)});
      }
      model.image.targets.push_back(std::move(target));
    }
    return llvm::Error::success();
  }

  /// Where a run-time value lies. Views share the memory of what they view.
  llvm::Expected<BufferReference> resolve(mlir::Value value) {
    while (auto view = value.getDefiningOp<ReshapeOp>())
      value = view.getInput();
    if (auto argument = llvm::dyn_cast<mlir::BlockArgument>(value))
      return BufferReference{Place::Input, argument.getArgNumber(), 0};
    auto found = places.find(value);
    if (found == places.end())
      return llvm::createStringError("a launch reads a value that no launch "
                                     "writes");
    return found->second;
  }

  /// The number of the function's result that `value` is, through views.
  std::optional<unsigned> getOutputNumber(mlir::Value value) {
    for (mlir::OpOperand &use : value.getUses()) {
      if (llvm::isa<mlir::func::ReturnOp>(use.getOwner()))
        return use.getOperandNumber();
      if (auto view = llvm::dyn_cast<ReshapeOp>(use.getOwner()))
        if (auto number = getOutputNumber(view))
          return number;
    }
    return std::nullopt;
  }

  llvm::Error addLaunches() {
    for (auto launch : function.getOps<LaunchOp>()) {
      auto kernel = symbols.lookup<KernelOp>(launch.getKernel());
      unsigned number = kernelNumbers.lookup(kernel);
      native::Launch image;
      image.layer = model.image.layerNames.size();
      image.kernel = number;
      model.image.layerNames.push_back(launch.getName().str());
      for (auto [index, input] : llvm::enumerate(launch.getInputs())) {
        if (kernel.getConstants()[index])
          continue;
        auto place = resolve(input);
        if (!place)
          return place.takeError();
        image.arguments.push_back(*place);
      }
      auto packed = packLaunch(launch, kernel, specs[number]);
      if (!packed)
        return packed.takeError();
      for (const std::vector<uint8_t> &blob : *packed)
        image.arguments.push_back({Place::Weights, 0, weights.add(blob)});
      for (auto [index, result] : llvm::enumerate(launch.getResults())) {
        BufferReference place{Place::Arena, 0,
                              uint64_t(launch.getArenaOffsets()[index])};
        if (launch.getArenaOffsets()[index] < 0) {
          auto output = getOutputNumber(result);
          if (!output)
            return llvm::createStringError("layer " + launch.getName().str() +
                                           " has a result without a place");
          place = {Place::Output, *output, 0};
        }
        places[result] = place;
        image.arguments.push_back(place);
        HaloWriter(tensorType(result),
                   llvm::cast<LayoutAttr>(kernel.getResultLayouts()[index]),
                   place, image.fills)
            .write();
      }
      model.image.launches.push_back(std::move(image));
    }
    return llvm::Error::success();
  }

  const EmitOptions &options;
  mlir::SymbolTable symbols;
  mlir::ModuleOp module;
  mlir::func::FuncOp function;
  EmittedModel model;
  WeightSection weights;
  llvm::StringMap<std::string> units; ///< by kernel symbol
  std::vector<KernelSpec> specs;
  std::map<std::string, unsigned> bySpec;
  llvm::DenseMap<mlir::Operation *, unsigned> kernelNumbers;
  llvm::DenseMap<mlir::Value, BufferReference> places;
};

} // namespace

llvm::Expected<EmittedModel> emitModel(mlir::ModuleOp module,
                                       const EmitOptions &options) {
  return Emitter(module, options).run();
}

} // namespace shiftadd

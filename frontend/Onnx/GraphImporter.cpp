//===- GraphImporter.cpp - Walks a model's graph --------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nodes are imported in the order of the file. After each one, and nowhere
// else, its ops are verified and constants evaluated. A node that is out of
// scope is noted and the walk goes on, so that one run names all of them.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/GraphImporter.h"

#include "frontend/Onnx/ConstantEvaluation.h"
#include "frontend/Onnx/Handlers.h"
#include "frontend/Onnx/OperatorTable.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/STLExtras.h"

namespace shiftadd::onnx_import {

using mlir::ShapedType;

bool GraphImporter::fail(ImportError::Kind kind, const llvm::Twine &line) {
  error.kind = kind;
  error.lines.push_back((model.path + ": error: " + line).str());
  return false;
}

Symbol &GraphImporter::define(llvm::StringRef name) {
  storage.emplace_back();
  symbols[name] = &storage.back();
  return storage.back();
}

mlir::Location GraphImporter::locationOf(const Node &node) {
  // The index of the node takes the place of a line.
  return mlir::NameLoc::get(mlir::StringAttr::get(&context, node.label()),
                            mlir::FileLineColLoc::get(&context, model.path,
                                                      unsigned(node.index),
                                                      /*column=*/0));
}

std::string GraphImporter::takeDiagnostics() {
  std::string text = std::move(diagnostics);
  diagnostics.clear();
  return text.empty() ? "its operands do not fit together" : text;
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

/// What no handler needs to check: the op's own rules, and that only a first
/// dimension is free.
bool GraphImporter::checkOps(NodeImporter &importer,
                             llvm::ArrayRef<mlir::Operation *> ops) {
  for (mlir::Operation *op : ops) {
    for (mlir::Type result : op->getResultTypes()) {
      auto type = llvm::dyn_cast<mlir::RankedTensorType>(result);
      int64_t count = 1;
      for (auto [d, size] : llvm::enumerate(type ? type.getShape()
                                                 : llvm::ArrayRef<int64_t>())) {
        if (ShapedType::isDynamic(size)) {
          if (d != 0)
            return importer.unsupported(
                "moves the free batch away from the first dimension; fix the "
                "batch with --shape");
          continue;
        }
        // Offsets and sizes in bytes have to fit into 63 bits with room.
        if (size > (int64_t(1) << 48) / std::max<int64_t>(count, 1))
          return importer.invalid("its result is too large");
        count *= size;
      }
    }
    if (mlir::failed(mlir::verify(op)))
      return importer.invalid(takeDiagnostics());
  }
  return true;
}

bool GraphImporter::runHandler(
    NodeImporter &importer, llvm::function_ref<bool(NodeImporter &)> handler) {
  mlir::Block *block = builder.getInsertionBlock();
  mlir::Operation *last = block->empty() ? nullptr : &block->back();
  bool good = handler(importer) && !importer.failed;
  if (!good && !importer.problem)
    importer.invalid(takeDiagnostics());
  llvm::SmallVector<mlir::Operation *> ops;
  for (auto it = last ? std::next(last->getIterator()) : block->begin();
       it != block->end(); ++it)
    ops.push_back(&*it);
  good = good && checkOps(importer, ops);
  if (good) {
    evaluateConstants(ops, importer.getResults());
    return true;
  }
  // Constants may already stand for an initializer.
  for (mlir::Operation *op : llvm::reverse(ops))
    if (!llvm::isa<ConstantOp>(op))
      op->erase();
  return false;
}

/// A conditional whose condition is known becomes the branch taken.
bool GraphImporter::importBranch(const Node &node, NodeImporter &importer) {
  std::optional<ref::Tensor> condition = importer.constant(0);
  if (!condition) {
    importer.needsConstant(0, "condition");
    return setAside(importer);
  }
  bool taken =
      condition->getElementCount() > 0 && condition->getInteger(0) != 0;
  auto found = node.attributes.find(taken ? "then_branch" : "else_branch");
  const std::shared_ptr<Graph> *graph =
      found == node.attributes.end()
          ? nullptr
          : std::get_if<std::shared_ptr<Graph>>(&found->second.value);
  if (!graph || (*graph)->outputs.size() < node.outputs.size()) {
    importer.invalid("a branch is missing or lacks results");
    return setAside(importer);
  }
  llvm::StringMap<Symbol *> outer = symbols;
  if (!importGraph(**graph))
    return false;
  for (auto [i, name] : llvm::enumerate(node.outputs)) {
    auto result = symbols.find((*graph)->outputs[i].name);
    if (result == symbols.end()) {
      importer.invalid("a branch does not define its result '" +
                       (*graph)->outputs[i].name + "'");
      return setAside(importer);
    }
    if (!name.empty())
      outer[name] = result->second;
  }
  symbols = std::move(outer);
  return true;
}

static mlir::Attribute toAttribute(mlir::Builder &builder,
                                   const Attribute &attribute) {
  if (auto *number = std::get_if<int64_t>(&attribute.value))
    return builder.getI64IntegerAttr(*number);
  if (auto *number = std::get_if<float>(&attribute.value))
    return builder.getF32FloatAttr(*number);
  if (auto *text = std::get_if<std::string>(&attribute.value))
    return builder.getStringAttr(*text);
  if (auto *numbers = std::get_if<std::vector<int64_t>>(&attribute.value))
    return builder.getDenseI64ArrayAttr(*numbers);
  if (auto *numbers = std::get_if<std::vector<float>>(&attribute.value))
    return builder.getDenseF32ArrayAttr(*numbers);
  // Tensors and graphs are named, not shown.
  return builder.getStringAttr("<" + attribute.kind + ">");
}

void GraphImporter::keepNode(NodeImporter &importer) {
  const Node &node = importer.node;
  llvm::SmallVector<mlir::Value> inputs;
  for (size_t i = 0; i < importer.inputCount(); ++i)
    if (importer.hasInput(i) && !importer.dependsOnBatch(i))
      if (mlir::Value value = importer.codedInput(i))
        inputs.push_back(value);
  llvm::SmallVector<mlir::NamedAttribute> attributes;
  for (const auto &[name, attribute] : node.attributes)
    attributes.push_back(
        builder.getNamedAttr(name, toAttribute(builder, attribute)));
  llvm::SmallVector<mlir::Type> types;
  for (const std::string &output : node.outputs) {
    // A declared type lets the nodes behind be imported.
    mlir::Type type = builder.getNoneType();
    for (const auto *values : {&model.graph.values, &model.graph.outputs})
      for (const ValueInfo &value : *values)
        if (value.name == output && value.hasShape &&
            toElementType(&context, value.type)) {
          Shape shape;
          for (const Dimension &dimension : value.shape)
            shape.push_back(dimension.size.value_or(ShapedType::kDynamic));
          if (llvm::none_of(llvm::ArrayRef(shape).drop_front(!shape.empty()),
                            ShapedType::isDynamic))
            type = mlir::RankedTensorType::get(
                shape, toElementType(&context, value.type));
        }
    types.push_back(type);
  }
  auto op = OnnxNodeOp::create(
      builder, importer.location, types, builder.getStringAttr(node.domain),
      builder.getStringAttr(node.type), builder.getI64IntegerAttr(node.version),
      builder.getDictionaryAttr(attributes), inputs);
  for (auto [name, result] : llvm::zip_equal(node.outputs, op.getResults()))
    if (!name.empty())
      define(name).value = result;
}

/// Handles a node that cannot be imported: an error of the model ends the
/// import, what is out of scope is collected.
bool GraphImporter::setAside(NodeImporter &importer) {
  const Node &node = importer.node;
  NodeImporter::Problem problem =
      importer.problem.value_or(NodeImporter::Problem());
  if (!problem.isUnsupported)
    return fail(ImportError::InvalidInput, "node '" + node.label() + "' (" +
                                               node.type +
                                               "): " + problem.message);
  if (options.allowUnsupported) {
    importer.failed = false;
    keepNode(importer);
    return true;
  }
  unsupported.add(node, problem.message);
  for (const std::string &name : problem.inputsToFix)
    if (!llvm::is_contained(error.inputsToFix, name))
      error.inputsToFix.push_back(name);
  for (const std::string &name : node.outputs)
    if (!name.empty())
      define(name).isMissing = true;
  return true;
}

bool GraphImporter::defineResults(NodeImporter &importer) {
  const Node &node = importer.node;
  for (auto [i, name] : llvm::enumerate(node.outputs)) {
    if (name.empty())
      continue;
    if (symbols.contains(name)) {
      importer.invalid("'" + name + "' is defined twice");
      return setAside(importer);
    }
    Symbol &result = importer.getResults()[i];
    if (!result.value && !result.batch) {
      importer.unsupported("output " + llvm::Twine(i + 1));
      return setAside(importer);
    }
    define(name) = std::move(result);
  }
  return true;
}

bool GraphImporter::importNode(const Node &node) {
  llvm::SmallVector<Symbol *> operands;
  bool isMissing = false, isOpaque = false, usesBatch = false;
  for (const std::string &name : node.inputs) {
    if (name.empty()) {
      operands.push_back(nullptr);
      continue;
    }
    auto found = symbols.find(name);
    if (found == symbols.end())
      return fail(ImportError::InvalidInput,
                  "node '" + node.label() + "' (" + node.type + ") reads '" +
                      name + "', which nothing before it defines");
    operands.push_back(found->second);
    isMissing |= found->second->isMissing;
    usesBatch |= found->second->batch.has_value();
    isOpaque |= found->second->value && !llvm::isa<mlir::RankedTensorType>(
                                            found->second->value.getType());
  }
  NodeImporter importer(node, builder, locationOf(node), operands);
  if (isMissing) {
    // Its cause is reported already.
    for (const std::string &name : node.outputs)
      if (!name.empty())
        define(name).isMissing = true;
    return true;
  }
  if (node.type == "If" && node.domain.empty())
    return importBranch(node, importer);
  const Operator *entry = findOperator(node.domain, node.type, node.version);
  std::string reason = entry && entry->check ? entry->check(node) : "";
  if (!entry || isOpaque || !reason.empty()) {
    importer.unsupported(reason);
    return setAside(importer);
  }
  // Only as a shape may the free batch meet an operator on tensors.
  bool takesShape = (node.type == "Reshape" || node.type == "Expand") &&
                    !operands.empty() && operands[0] && !operands[0]->batch;
  auto handler =
      usesBatch && !takesShape ? importBatchArithmetic : entry->handler;
  if (!runHandler(importer, handler))
    return setAside(importer);
  return defineResults(importer);
}

bool GraphImporter::importGraph(const Graph &graph) {
  for (const TensorData &tensor : graph.initializers)
    if (!tensor.name.empty())
      define(tensor.name).data = tensor;
  for (const Node &node : graph.nodes)
    if (!importNode(node))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// The whole
//===----------------------------------------------------------------------===//

bool GraphImporter::returnResults() {
  llvm::SmallVector<mlir::Value> values;
  llvm::SmallVector<mlir::Type> types;
  for (const ValueInfo &output : model.graph.outputs) {
    auto found = symbols.find(output.name);
    if (found == symbols.end())
      return fail(ImportError::InvalidInput,
                  "output '" + output.name + "' is defined by no node");
    if (found->second->isMissing)
      continue; // its cause is in the list
    // The lookup of an operand is what a returned value needs, too.
    Node node;
    node.type = "output";
    node.name = output.name;
    node.inputs = {output.name};
    Symbol *symbol = found->second;
    NodeImporter importer(node, builder, locationOf(node), {symbol});
    mlir::Value value = symbol->value && !llvm::isa<mlir::RankedTensorType>(
                                             symbol->value.getType())
                            ? symbol->value
                            : importer.input(0);
    if (!value) {
      unsupported.add(
          "output '" + output.name +
          "': " + importer.problem.value_or(NodeImporter::Problem()).message);
      continue;
    }
    values.push_back(value);
    types.push_back(value.getType());
  }
  if (!unsupported.empty())
    return true;
  mlir::func::ReturnOp::create(builder, function.getLoc(), values);
  function.setType(builder.getFunctionType(function.getArgumentTypes(), types));
  for (auto [i, output] : llvm::enumerate(model.graph.outputs))
    function.setResultAttr(unsigned(i), kNameAttribute,
                           builder.getStringAttr(output.name));
  return true;
}

void GraphImporter::eraseUnused() {
  for (mlir::Operation &op :
       llvm::make_early_inc_range(llvm::reverse(function.front())))
    if (mlir::isOpTriviallyDead(&op))
      op.erase();
}

mlir::OwningOpRef<mlir::ModuleOp> GraphImporter::run() {
  context.loadDialect<ShiftAddDialect, mlir::func::FuncDialect,
                      mlir::quant::QuantDialect>();
  mlir::ScopedDiagnosticHandler handler(
      &context, [&](mlir::Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error &&
            diagnostics.empty())
          diagnostics = diagnostic.str();
        return mlir::success();
      });
  scanModel(model, unsupported);
  if (!unsupported.empty() && !options.allowUnsupported) {
    error.kind = ImportError::Unsupported;
    error.lines = unsupported.lines(model.path);
    return {};
  }
  unsupported = UnsupportedList();
  if (!checkOptions())
    return {};
  mlir::Location location =
      mlir::FileLineColLoc::get(&context, model.path, 0, 0);
  mlir::OwningOpRef<mlir::ModuleOp> module = mlir::ModuleOp::create(location);
  module.get()->setAttr(kStageAttribute, builder.getStringAttr("import"));
  if (!createFunction(*module) || !importGraph(model.graph) || !returnResults())
    return {};
  if (!unsupported.empty()) {
    error.kind = ImportError::Unsupported;
    error.lines = unsupported.lines(model.path);
    return {};
  }
  eraseUnused();
  if (mlir::failed(mlir::verify(*module))) {
    fail(ImportError::Internal,
         "the imported module is not valid: " + takeDiagnostics());
    return {};
  }
  return module;
}

} // namespace shiftadd::onnx_import

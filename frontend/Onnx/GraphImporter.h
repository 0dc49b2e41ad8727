//===- GraphImporter.h - Walks a model's graph ------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns the plain model into a function: arguments from inputs and options,
// then one handler per node in the order of the file.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_FRONTEND_ONNX_GRAPHIMPORTER_H
#define SHIFTADD_FRONTEND_ONNX_GRAPHIMPORTER_H

#include "frontend/Onnx/Import.h"
#include "frontend/Onnx/NodeImporter.h"
#include "frontend/Onnx/UnsupportedList.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"

#include <deque>

namespace shiftadd::onnx_import {

class GraphImporter {
public:
  GraphImporter(const Model &model, const ImportOptions &options,
                mlir::MLIRContext &context, ImportError &error)
      : model(model), options(options), context(context), error(error),
        builder(&context) {}

  /// A null module after an error.
  mlir::OwningOpRef<mlir::ModuleOp> run();

private:
  // Arguments.cpp: inputs and the options that concern them.
  bool checkOptions();
  bool bindDimensions();
  bool createFunction(mlir::ModuleOp module);
  std::optional<mlir::RankedTensorType> argumentType(const ValueInfo &input);
  bool fixArgument(const ValueInfo &input, mlir::BlockArgument argument,
                   const FixedValue &value);
  bool importGraph(const Graph &graph);
  bool importNode(const Node &node);
  bool importBranch(const Node &node, NodeImporter &importer);
  bool runHandler(NodeImporter &importer,
                  llvm::function_ref<bool(NodeImporter &)> handler);
  bool defineResults(NodeImporter &importer);
  bool setAside(NodeImporter &importer);
  void keepNode(NodeImporter &importer);
  bool checkOps(NodeImporter &importer, llvm::ArrayRef<mlir::Operation *> ops);
  bool returnResults();
  void eraseUnused();

  Symbol &define(llvm::StringRef name);
  mlir::Location locationOf(const Node &node);
  std::string takeDiagnostics();

  bool fail(ImportError::Kind kind, const llvm::Twine &line);
  const Model &model;
  const ImportOptions &options;
  mlir::MLIRContext &context;
  ImportError &error;
  mlir::OpBuilder builder;
  mlir::func::FuncOp function;

  std::deque<Symbol> storage;
  llvm::StringMap<Symbol *> symbols;
  std::map<std::string, int64_t> dimensions; ///< sizes of named dimensions
  UnsupportedList unsupported;
  std::string diagnostics;
};

} // namespace shiftadd::onnx_import

#endif // SHIFTADD_FRONTEND_ONNX_GRAPHIMPORTER_H

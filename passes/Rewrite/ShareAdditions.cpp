//===- ShareAdditions.cpp - Constant products as adder graphs -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A constant matrix is multiplied by with additions that outputs share; the
// scales of a requantisation are a matrix that is zero off its diagonal, where
// what is shared are parts of one number.
//
//===----------------------------------------------------------------------===//
#include "passes/Rewrite/Passes.h"

#include "dialects/AdderGraph/IR/AdderGraph.h"
#include "dialects/ShiftAdd/IR/Build.h"
#include "dialects/ShiftAdd/IR/Shapes.h"
#include "dialects/ShiftAdd/IR/WeightView.h"
#include "passes/Quantize/AccumulatorRange.h"
#include "passes/Rewrite/SharedAdditions.h"

namespace shiftadd {

#define GEN_PASS_DEF_SHAREADDITIONSPASS
#define GEN_PASS_DEF_LOWERADDERGRAPHSPASS
#include "passes/Rewrite/Passes.h.inc"

namespace {

using adder_graph::GraphOp;

/// The body of a graph.
void buildBody(GraphOp graph, const SharedAdditions &plan, int64_t inputs) {
  mlir::OpBuilder builder(graph.getContext());
  mlir::Block *block = builder.createBlock(&graph.getBody());
  mlir::Location location = graph.getLoc();
  mlir::Type type = builder.getI64Type();
  llvm::SmallVector<mlir::Value> values;
  for (int64_t i = 0; i < inputs; ++i)
    values.push_back(block->addArgument(type, location));
  for (const SharedSum &sum : plan.sums)
    values.push_back(adder_graph::ShiftAddOp::create(
        builder, location, type, values[sum.lhs], values[sum.rhs],
        builder.getI64IntegerAttr(sum.lhsShift),
        builder.getI64IntegerAttr(sum.rhsShift),
        sum.subtract ? builder.getUnitAttr() : mlir::UnitAttr()));
  llvm::SmallVector<mlir::Value> outputs;
  for (const SharedOutput &output : plan.outputs) {
    if (output.value < 0) {
      outputs.push_back(adder_graph::ZeroOp::create(builder, location, type));
      continue;
    }
    mlir::Value value = values[output.value];
    if (output.shift)
      value =
          adder_graph::ShiftOp::create(builder, location, type, value,
                                       builder.getI64IntegerAttr(output.shift));
    if (output.negative)
      value = adder_graph::NegateOp::create(builder, location, type, value);
    outputs.push_back(value);
  }
  adder_graph::OutputOp::create(builder, location, outputs);
}

struct ShareAdditions : impl::ShareAdditionsPassBase<ShareAdditions> {
  using ShareAdditionsPassBase::ShareAdditionsPassBase;

  void runOnOperation() override {
    if (maxSize > 64) {
      getOperation().emitError("max-size is at most 64, not ")
          << maxSize.getValue();
      return signalPassFailure();
    }
    llvm::SmallVector<mlir::Operation *> ops;
    getOperation().walk([&](mlir::Operation *op) { ops.push_back(op); });
    for (mlir::Operation *op : ops) {
      if (auto dense = llvm::dyn_cast<DenseOp>(op); dense && matrices)
        share(dense);
      else if (auto dense = llvm::dyn_cast<ShiftDenseOp>(op); dense && matrices)
        share(dense);
      else if (auto scale = llvm::dyn_cast<RequantizeOp>(op); scale && scales)
        share(scale);
    }
  }

  /// Replaces nothing yet: a graph of the matrix on `input`.
  GraphOp makeGraph(mlir::OpBuilder &builder, mlir::Location location,
                    mlir::Type type, mlir::Value input,
                    const std::vector<int64_t> &matrix, int64_t outputs,
                    int64_t inputs) {
    SharedAdditions plan = shareAdditions(matrix, int(outputs), int(inputs));
    auto graph = GraphOp::create(builder, location, type, input);
    buildBody(graph, plan, inputs);
    mlir::emitRemark(location) << int64_t(plan.sums.size())
                               << " additions instead of " << plan.plainAdders;
    return graph;
  }

  template <typename OpTy> void share(OpTy op) {
    auto weights = readCodedIntegers(op.getFilter());
    auto shape = shapeOf(op.getFilter());
    if (!weights || op.getBias() || shape[0] > maxSize || shape[1] > maxSize ||
        shape[0] == 0 || shape[1] == 0 ||
        !getCodeRange(tensorType(op.getInput()).getElementType()))
      return;
    mlir::OpBuilder builder(op);
    auto graph = makeGraph(builder, op.getLoc(), op.getType(), op.getInput(),
                           *weights, shape[0], shape[1]);
    op.getResult().replaceAllUsesWith(graph.getResult());
    op.erase();
  }

  /// (sum + bias) * m = sum * m + bias * m: a graph, and a scale of 1.
  void share(RequantizeOp op) {
    auto multipliers = readCodedIntegers(op.getMultiplier());
    auto shape = shapeOf(op.getInput());
    int64_t channels = shape.empty() ? 0 : shape.back();
    if (!multipliers || channels == 0 || channels > maxSize ||
        !tensorType(op.getInput()).getElementType().isInteger(32))
      return;
    std::vector<int64_t> bias(1, 0);
    if (op.getBias()) {
      auto values = readCodedIntegers(op.getBias());
      if (!values)
        return;
      bias = *values;
    }
    auto pick = [](const std::vector<int64_t> &values, int64_t channel) {
      return values[values.size() == 1 ? 0 : size_t(channel)];
    };
    std::vector<int64_t> matrix(channels * channels, 0), offsets(channels);
    for (int64_t c = 0; c < channels; ++c) {
      matrix[c * channels + c] = pick(*multipliers, c);
      __int128 offset = __int128(pick(bias, c)) * pick(*multipliers, c);
      // The graph's own range and one bit of headroom for the sum.
      if (offset >= (__int128(1) << 61) || offset <= -(__int128(1) << 61))
        return;
      offsets[c] = int64_t(offset);
    }
    mlir::OpBuilder builder(op);
    auto type = mlir::RankedTensorType::get(shape, builder.getI64Type());
    auto graph = makeGraph(builder, op.getLoc(), type, op.getInput(), matrix,
                           channels, channels);
    mlir::Value one =
        makeConstant(builder, op.getLoc(), {1}, llvm::ArrayRef<int32_t>{1});
    mlir::Value offset = makeConstant(builder, op.getLoc(), {channels},
                                      llvm::ArrayRef<int64_t>(offsets));
    op.getInputMutable().assign(graph.getResult());
    op.getMultiplierMutable().assign(one);
    op.getBiasMutable().assign(offset);
  }
};

struct LowerAdderGraphs : impl::LowerAdderGraphsPassBase<LowerAdderGraphs> {
  void runOnOperation() override {
    llvm::SmallVector<GraphOp> graphs;
    getOperation().walk([&](GraphOp graph) { graphs.push_back(graph); });
    for (GraphOp graph : graphs)
      lower(graph);
  }

  static void lower(GraphOp graph) {
    auto matrix = adder_graph::getMatrix(graph);
    mlir::OpBuilder builder(graph);
    auto fits = [&](unsigned bits) {
      return llvm::all_of(
          matrix, [&](int64_t weight) { return llvm::isIntN(bits, weight); });
    };
    unsigned bits = fits(8) ? 8 : fits(16) ? 16 : fits(32) ? 32 : 64;
    int64_t inputs = shapeOf(graph.getInput()).back();
    int64_t outputs = shapeOf(graph.getResult()).back();
    llvm::SmallVector<char, 0> bytes(matrix.size() * bits / 8);
    for (auto [i, weight] : llvm::enumerate(matrix))
      std::memcpy(bytes.data() + i * bits / 8, &weight, bits / 8);
    mlir::Value filter =
        makeConstant(builder, graph.getLoc(),
                     mlir::RankedTensorType::get({outputs, inputs},
                                                 builder.getIntegerType(bits)),
                     bytes);
    auto dense = DenseOp::create(builder, graph.getLoc(), graph.getType(),
                                 graph.getInput(), filter, mlir::Value());
    graph.getResult().replaceAllUsesWith(dense.getResult());
    graph.erase();
  }
};

} // namespace
} // namespace shiftadd

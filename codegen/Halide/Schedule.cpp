//===- Schedule.cpp - Where and how the generic emitter computes -*- C++ -*-==//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whatever is stored (outputs and intermediate buffers) is vectorised over its
// innermost dimension that has more than one element and run in parallel over
// the outermost one when the kernel is large. Tails never read or write beyond
// the tensor: pure definitions shift their last vector inwards, updates guard.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Emitter.h"
#include "codegen/Halide/Types.h"

#include <algorithm>
#include <set>

using namespace Halide;

namespace shiftadd::halide_gen {

static bool hasOwnStage(const ValueState &state) {
  return std::any_of(state.stages.begin(), state.stages.end(),
                     [](const Stage &stage) { return !stage.whole; });
}

double Emitter::totalWork() const {
  double work = 0;
  for (const Op &op : spec.ops) {
    double perElement = 1;
    if (isFilterOp(op) && op.operands.size() > 1 && op.operands[1] >= 0) {
      const std::vector<int64_t> &window = typeOf(op.operands[1]).shape;
      perElement = window.empty() ? 1.0
                                  : double(elementCount(window)) /
                                        double(std::max<int64_t>(1, window[0]));
    } else if (op.op == "matmul" && !typeOf(op.operands[0]).shape.empty()) {
      perElement = double(typeOf(op.operands[0]).shape.back());
    } else if (op.attributes.count("kernel")) {
      perElement = double(elementCount(listAttribute(op, "kernel")));
    } else if (!op.operands.empty() && op.operands[0] >= 0) {
      work += double(elementCount(typeOf(op.operands[0]).shape));
    }
    for (const ValueType &result : op.results)
      work += perElement * double(elementCount(result.shape));
  }
  return work;
}

int Emitter::onlyReader(int value) const {
  // Walks forward through inlined ops that keep coordinates.
  std::set<int> readers, seen;
  std::vector<int> pending = {value};
  while (!pending.empty()) {
    int current = pending.back();
    pending.pop_back();
    if (!seen.insert(current).second)
      continue;
    for (size_t i = 0; i < spec.outputs.size(); ++i)
      if (spec.outputs[i].value == current)
        readers.insert(static_cast<int>(values.size() + i));
    for (size_t i = 0; i < spec.ops.size(); ++i) {
      const Op &op = spec.ops[i];
      if (!std::count(op.operands.begin(), op.operands.end(), current))
        continue;
      if (!isElementwise(op) || op.results[0].shape != typeOf(value).shape)
        return -1;
      int result = firstResult[i];
      if (values[result].stored)
        readers.insert(result);
      else
        pending.push_back(result);
    }
  }
  return readers.size() == 1 ? *readers.begin() : -1;
}

void Emitter::placeStages() {
  for (size_t i = values.size(); i-- > spec.arguments.size();)
    if (hasOwnStage(values[i]) && !values[i].stored &&
        onlyReader(static_cast<int>(i)) < 0)
      values[i].stored = true;
}

void Emitter::scheduleAll() {
  placeStages();
  std::vector<std::vector<Stage>> attached(values.size() + outputs.size());
  for (size_t i = spec.arguments.size(); i < values.size(); ++i) {
    ValueState &state = values[i];
    for (const Stage &stage : state.stages) {
      if (stage.whole) {
        scheduleStage(stage);
        continue;
      }
      int reader =
          state.stored ? static_cast<int>(i) : onlyReader(static_cast<int>(i));
      attached[static_cast<size_t>(reader)].push_back(stage);
    }
  }
  for (size_t i = spec.arguments.size(); i < values.size(); ++i)
    if (values[i].stored) {
      values[i].func.compute_root();
      scheduleRoot(values[i].func, typeOf(static_cast<int>(i)).shape,
                   attached[i]);
    }
  for (size_t i = 0; i < outputs.size(); ++i)
    scheduleRoot(outputs[i], typeOf(spec.outputs[i].value).shape,
                 attached[values.size() + i]);
}

/// The innermost dimension with more than one element; -1 without one.
static int vectorDimension(const std::vector<int64_t> &shape) {
  for (size_t d = shape.size(); d-- > 0;)
    if (shape[d] > 1)
      return static_cast<int>(d);
  return -1;
}

/// The largest power of two up to `limit` and `size`.
static int vectorWidth(int64_t size, int limit) {
  int width = 1;
  while (width * 2 <= limit && width * 2 <= size)
    width *= 2;
  return width;
}

static Var variable(size_t dimension) {
  return Var("d" + std::to_string(dimension));
}

void Emitter::scheduleRoot(Func func, const std::vector<int64_t> &shape,
                           std::vector<Stage> &attached) {
  int inner = vectorDimension(shape);
  if (inner < 0) {
    for (Stage &stage : attached)
      stage.func.compute_root();
    return;
  }
  size_t innerDimension = static_cast<size_t>(inner);
  int64_t size = shape[innerDimension];
  int width = vectorWidth(size, lanes);
  Var vector = variable(innerDimension), vectorOuter("vo"), vectorInner("vi");
  bool blocked = std::any_of(attached.begin(), attached.end(),
                             [](const Stage &s) { return s.blocked; });
  int outermost = -1;
  for (size_t d = innerDimension; d-- > 0;)
    if (shape[d] > 1)
      outermost = static_cast<int>(d);
  bool outerParallel = parallel && outermost >= 0;

  if (func.has_update_definition()) {
    // Parts of a concatenation. The initial definition is empty.
    for (int i = 0; i < func.num_update_definitions(); ++i) {
      func.update(i).unscheduled(); // a part may be too small to vectorise
      Halide::Stage part = func.update(i);
      auto isLoop = [&](size_t dimension) {
        const auto *argument = func.function()
                                   .update(i)
                                   .args()[shape.size() - 1 - dimension]
                                   .as<Internal::Variable>();
        return argument && !argument->reduction_domain.defined();
      };
      if (!isLoop(innerDimension)) {
        const Internal::ReductionVariable &variable =
            func.function().update(i).schedule().rvars()[0];
        auto extent = Internal::as_const_int(variable.extent);
        int partWidth = vectorWidth(extent ? *extent : 1, lanes);
        if (partWidth > 1)
          part.vectorize(RVar(variable.var), partWidth,
                         TailStrategy::GuardWithIf);
      } else if (width > 1) {
        part.vectorize(vector, width, TailStrategy::GuardWithIf);
      }
      if (outerParallel && isLoop(static_cast<size_t>(outermost)))
        part.parallel(variable(static_cast<size_t>(outermost)));
    }
    return;
  }

  // A register tile: vectors of channels by pixels of the dimension before.
  int unrolled = blocked && size >= 2 * width ? 2 : 1;
  int second = -1;
  if (blocked && outermost >= 0)
    for (size_t d = innerDimension; d-- > 0 && second < 0;)
      if (shape[d] > 1)
        second = static_cast<int>(d);
  if (second >= 0 && outerParallel && second == outermost && shape[second] < 16)
    second = -1;
  int pixels =
      second >= 0 ? vectorWidth(shape[static_cast<size_t>(second)], 4) : 1;
  if (pixels == 1)
    second = -1;
  func.split(vector, vectorOuter, vectorInner, width * unrolled,
             TailStrategy::ShiftInwards);
  Var pixelOuter("po"), pixelInner("pi");
  std::vector<VarOrRVar> order = {vectorInner};
  if (second >= 0) {
    func.split(variable(static_cast<size_t>(second)), pixelOuter, pixelInner,
               pixels, TailStrategy::ShiftInwards);
    order.push_back(pixelInner);
  }
  order.push_back(vectorOuter);
  if (second >= 0)
    order.push_back(pixelOuter);
  func.reorder(order);
  if (unrolled > 1) {
    Var vectors("vu");
    func.split(vectorInner, vectors, vectorInner, width).unroll(vectors);
  }
  if (width > 1)
    func.vectorize(vectorInner);
  if (second >= 0)
    func.unroll(pixelInner);
  if (outerParallel)
    func.parallel(second == outermost
                      ? pixelOuter
                      : variable(static_cast<size_t>(outermost)));
  else if (parallel && outermost < 0) {
    // A chunk of tiles per task; the loop over tiles keeps its name.
    int64_t blocks = size / (width * unrolled);
    Var chunk("chunk");
    if (blocks >= 2)
      func.split(vectorOuter, chunk, vectorOuter,
                 static_cast<int>(std::max<int64_t>(1, blocks / 16)),
                 TailStrategy::GuardWithIf)
          .parallel(chunk);
  }

  for (Stage &stage : attached) {
    Func sum = stage.func;
    sum.compute_at(func, vectorOuter);
    auto tiled = [&](Halide::Stage part, bool update) {
      Var inside("si"), vectors("su");
      TailStrategy tail = TailStrategy::GuardWithIf;
      std::vector<VarOrRVar> loops;
      if (width > 1) {
        part.split(vector, vectors, inside, width, tail);
        part.vectorize(inside);
        loops = {inside, vectors};
      } else {
        loops = {vector};
        vectors = vector;
      }
      if (second >= 0)
        loops.push_back(variable(static_cast<size_t>(second)));
      if (update)
        for (const auto &r : sum.function().update(0).schedule().rvars())
          loops.push_back(RVar(r.var));
      if (blocked && loops.size() > 1)
        part.reorder(loops);
      if (blocked && width > 1)
        part.unroll(vectors);
      if (blocked && second >= 0)
        part.unroll(variable(static_cast<size_t>(second)));
    };
    tiled(sum, false);
    tiled(sum.update(0), true);
  }
}

void Emitter::scheduleStage(const Stage &stage) {
  Func func = stage.func;
  func.compute_root();
  int inner = vectorDimension(stage.shape);
  if (inner < 0)
    return;
  size_t dimension = static_cast<size_t>(inner);
  int64_t size = stage.shape[dimension];
  // Lane partials and float64 sums: the natural width of what is stored.
  int natural = target.natural_vector_size(func.types()[0]);
  int width = vectorWidth(size, std::max(natural, std::min(lanes, 16)));
  int outermost = -1;
  for (size_t d = dimension; d-- > 0;)
    if (stage.shape[d] > 1)
      outermost = static_cast<int>(d);
  bool threads = stage.work > 1e5 && parallel && outermost >= 0;
  if (width > 1)
    func.vectorize(variable(dimension), width, TailStrategy::ShiftInwards);
  if (threads)
    func.parallel(variable(static_cast<size_t>(outermost)));
  // A dimension that an update scatters over is no loop of its own.
  for (int i = 0; i < func.num_update_definitions(); ++i) {
    const std::vector<Expr> &arguments = func.function().update(i).args();
    const auto *loop =
        arguments[stage.shape.size() - 1 - dimension].as<Internal::Variable>();
    const auto *outer =
        outermost < 0
            ? nullptr
            : arguments[stage.shape.size() - 1 - static_cast<size_t>(outermost)]
                  .as<Internal::Variable>();
    func.update(i).unscheduled(); // a scattering one stays as it is
    Halide::Stage part = func.update(i);
    if (width > 1 && loop && !loop->reduction_domain.defined())
      part.vectorize(variable(dimension), width, TailStrategy::GuardWithIf);
    if (threads && outer && !outer->reduction_domain.defined())
      part.parallel(variable(static_cast<size_t>(outermost)));
  }
}

} // namespace shiftadd::halide_gen

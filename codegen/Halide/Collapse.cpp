//===- Collapse.cpp - Fewer dimensions for elementwise kernels --*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two neighbouring dimensions join when every tensor either has both in full
// and contiguous, or repeats over both.
//
//===----------------------------------------------------------------------===//
#include "codegen/Halide/Collapse.h"

#include "codegen/Halide/Pack.h"

#include <algorithm>

namespace shiftadd::halide_gen {

namespace {

/// Brings a tensor to `rank` dimensions by leading ones.
void extend(ValueType &type, Layout *layout, size_t rank) {
  size_t missing = rank - type.shape.size();
  type.shape.insert(type.shape.begin(), missing, 1);
  if (type.quantization.axis >= 0)
    type.quantization.axis += static_cast<int64_t>(missing);
  if (layout) {
    layout->strides.insert(layout->strides.begin(), missing, 0);
    layout->low.insert(layout->low.begin(), missing, 0);
    layout->high.insert(layout->high.begin(), missing, 0);
  }
}

class Collapser {
public:
  explicit Collapser(const KernelSpec &spec) : spec(spec) {}

  KernelSpec run() {
    size_t rank = 0;
    for (const Op &op : spec.ops)
      for (const ValueType &result : op.results)
        rank = std::max(rank, result.shape.size());
    full.assign(rank, 1);
    for (size_t i = 0; i < spec.arguments.size(); ++i) {
      if (isTable(static_cast<int>(i)))
        continue;
      Argument &argument = spec.arguments[i];
      // Constants without a layout of their own are dense.
      if (argument.type.shape.size() > rank)
        return std::move(spec);
      note(argument.type, argument.constant ? nullptr : &argument.layout);
    }
    for (Op &op : spec.ops)
      for (ValueType &result : op.results)
        note(result, nullptr);
    outputTypes.reserve(spec.outputs.size());
    for (Output &output : spec.outputs) {
      outputTypes.push_back(spec.typeOf(output.value));
      size_t own = output.layout.strides.size();
      output.layout.strides.insert(output.layout.strides.begin(), rank - own,
                                   0);
      output.layout.low.insert(output.layout.low.begin(), rank - own, 0);
      output.layout.high.insert(output.layout.high.begin(), rank - own, 0);
    }
    for (size_t i = 0; i < spec.outputs.size(); ++i)
      tensors.push_back({&outputTypes[i], &spec.outputs[i].layout});
    // From the inside out: `d` joins the dimension behind it.
    for (size_t d = rank > 0 ? rank - 1 : 0; d-- > 0;)
      if (joins(d))
        join(d);
    return std::move(spec);
  }

private:
  struct Tensor {
    ValueType *type;
    Layout *layout; ///< null: dense
  };

  /// Tables of lookups keep their one dimension.
  bool isTable(int argument) const {
    return std::any_of(spec.ops.begin(), spec.ops.end(), [&](const Op &op) {
      return op.op == "lookup" && op.operands.size() == 2 &&
             op.operands[1] == argument;
    });
  }

  void note(ValueType &type, Layout *layout) {
    extend(type, layout, full.size());
    for (size_t d = 0; d < full.size(); ++d)
      full[d] = std::max(full[d], type.shape[d]);
    tensors.push_back({&type, layout});
  }

  bool joins(size_t d) const {
    return std::all_of(
        tensors.begin(), tensors.end(), [&](const Tensor &tensor) {
          const std::vector<int64_t> &shape = tensor.type->shape;
          int64_t axis = tensor.type->quantized ? tensor.type->quantization.axis
                                                : int64_t(-1);
          if (axis == static_cast<int64_t>(d) ||
              axis == static_cast<int64_t>(d) + 1)
            return false;
          bool repeats = shape[d] == 1 && shape[d + 1] == 1;
          bool whole = shape[d] == full[d] && shape[d + 1] == full[d + 1];
          if (!repeats && !whole)
            return false;
          if (!tensor.layout)
            return true;
          const Layout &l = *tensor.layout;
          if (l.low[d] || l.high[d] || l.low[d + 1] || l.high[d + 1])
            return false;
          return shape[d] == 1 ||
                 l.strides[d] == l.strides[d + 1] * shape[d + 1];
        });
  }

  void join(size_t d) {
    auto drop = [&](std::vector<int64_t> &list, size_t at) {
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(at));
    };
    for (Tensor &tensor : tensors) {
      std::vector<int64_t> &shape = tensor.type->shape;
      shape[d + 1] *= shape[d];
      drop(shape, d);
      int64_t &axis = tensor.type->quantization.axis;
      if (axis > static_cast<int64_t>(d))
        --axis;
      if (tensor.layout) {
        drop(tensor.layout->strides, d);
        drop(tensor.layout->low, d);
        drop(tensor.layout->high, d);
      }
    }
    full[d + 1] *= full[d];
    drop(full, d);
  }

  KernelSpec spec;
  std::vector<int64_t> full; ///< the extents that all tensors broadcast to
  std::vector<Tensor> tensors;
  std::vector<ValueType> outputTypes;
};

} // namespace

KernelSpec collapseDimensions(const KernelSpec &spec) {
  bool elementwise =
      !spec.ops.empty() &&
      std::all_of(spec.ops.begin(), spec.ops.end(), isElementwise);
  return elementwise ? Collapser(spec).run() : spec;
}

} // namespace shiftadd::halide_gen

//===- ModelInputsTest.cpp - Given tensors against a model's inputs -------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which tensor serves which input, how often a model runs, and the errors that
// tell a user what to change.
//
//===----------------------------------------------------------------------===//

#include "tools/tensor-files/ModelInputs.h"
#include "test/unit/tools/TestFiles.h"

using namespace shiftadd::tools;
using namespace shiftadd::tools::test;

namespace {

Tensor zeros(std::vector<int64_t> shape, const std::string &name = "",
             shiftadd_type type = SHIFTADD_FLOAT32) {
  Tensor tensor{name, type, std::move(shape), {}};
  std::string error;
  EXPECT_TRUE(allocate(tensor, error)) << error;
  return tensor;
}

TensorSpec spec(const std::string &name, std::vector<int64_t> shape) {
  return {name, SHIFTADD_FLOAT32, std::move(shape), false, {}};
}

TensorSpec fixedSpec() { return {"sizes", SHIFTADD_UINT8, {2}, true, {7, 8}}; }

std::string assignError(const std::vector<TensorSpec> &inputs, TensorSet set) {
  std::vector<Tensor> ordered;
  std::string error;
  EXPECT_FALSE(assignInputs(inputs, "f", std::move(set), ordered, error));
  return error;
}

TEST(AssignInputs, ByName) {
  std::vector<Tensor> ordered;
  std::string error;
  TensorSet set{true, {zeros({2}, "b"), zeros({9}, "other"), zeros({1}, "a")}};
  ASSERT_TRUE(
      assignInputs({spec("a", {1}), spec("b", {2})}, "f", set, ordered, error))
      << error;
  ASSERT_EQ(ordered.size(), 2u);
  EXPECT_EQ(ordered[0].name, "a");
  EXPECT_EQ(describe(ordered[0]), "float32[1]");
  EXPECT_EQ(describe(ordered[1]), "float32[2]");

  EXPECT_EQ(assignError({spec("image", {-1, 3})}, {true, {zeros({1}, "img")}}),
            "f: holds no array 'image'; the model's inputs are 'image' "
            "(float32[?,3]), the file holds 'img'");
  EXPECT_EQ(
      assignError({spec("a", {1})}, {true, {zeros({1}, "a"), zeros({1}, "a")}}),
      "f: holds 2 arrays named 'a'");
}

TEST(AssignInputs, ByPosition) {
  std::vector<Tensor> ordered;
  std::string error;
  TensorSet set{false, {zeros({1}), zeros({2})}};
  ASSERT_TRUE(
      assignInputs({spec("a", {1}), spec("b", {2})}, "f", set, ordered, error))
      << error;
  EXPECT_EQ(ordered[1].name, "b");
  EXPECT_EQ(describe(ordered[1]), "float32[2]");
  EXPECT_EQ(assignError({spec("a", {1})}, set),
            "f: gives 2 tensors; the model's inputs are 'a' (float32[1])");
}

TEST(AssignInputs, FixedValuesMayBeLeftOut) {
  std::vector<TensorSpec> inputs = {fixedSpec(), spec("a", {1})};
  for (TensorSet set :
       {TensorSet{true, {zeros({1}, "a")}}, TensorSet{false, {zeros({1})}}}) {
    std::vector<Tensor> ordered;
    std::string error;
    ASSERT_TRUE(assignInputs(inputs, "f", set, ordered, error)) << error;
    EXPECT_EQ(ordered[0].bytes, (std::vector<uint8_t>{7, 8}));
    EXPECT_EQ(ordered[1].name, "a");
  }
}

std::string planError(const std::vector<TensorSpec> &inputs,
                      const std::vector<Tensor> &tensors) {
  RunPlan plan;
  std::string error;
  EXPECT_FALSE(planRuns(inputs, tensors, plan, error));
  return error;
}

TEST(PlanRuns, MultiplesOfAFixedBatch) {
  RunPlan plan;
  std::string error;
  ASSERT_TRUE(planRuns(
      {spec("a", {2, 3}), spec("s", {}), fixedSpec()},
      {zeros({6, 3}), zeros({}), Tensor{"sizes", SHIFTADD_UINT8, {2}, {7, 8}}},
      plan, error))
      << error;
  EXPECT_EQ(plan.runs, 3);
  EXPECT_EQ(plan.batch, 1);
  EXPECT_EQ(plan.shared, (std::vector<bool>{false, true, true}));
  EXPECT_EQ(stackedShape(spec("o", {2, 5}), plan),
            (std::vector<int64_t>{6, 5}));
  EXPECT_EQ(stackedShape(spec("o", {}), plan), (std::vector<int64_t>{3}));

  EXPECT_EQ(planError({spec("a", {2, 3})}, {zeros({5, 3})}),
            "input 'a': expected float32[2,3] or a multiple of its first "
            "dimension, given float32[5,3]");
  EXPECT_NE(planError({spec("a", {2, 3})}, {zeros({0, 3})}), "");
  EXPECT_NE(planError({spec("a", {2, 3})}, {zeros({2, 4})}), "");
  EXPECT_NE(planError({spec("a", {2, 3})}, {zeros({2, 3, 1})}), "");
  EXPECT_EQ(
      planError({spec("a", {1}), spec("b", {1})}, {zeros({2}), zeros({3})}),
      "the inputs disagree: 'a' has 2 times the expected samples, 'b' "
      "has 3");
}

TEST(PlanRuns, FreeBatch) {
  RunPlan plan;
  std::string error;
  ASSERT_TRUE(planRuns({spec("a", {-1, 3}), spec("b", {-1})},
                       {zeros({4, 3}), zeros({4})}, plan, error))
      << error;
  EXPECT_EQ(plan.batch, 4);
  EXPECT_EQ(plan.runs, 1);
  EXPECT_EQ(stackedShape(spec("o", {-1, 5}), plan),
            (std::vector<int64_t>{4, 5}));
  EXPECT_EQ(planError({spec("a", {-1, 3})}, {zeros({4, 2})}),
            "input 'a': expected float32[?,3] with any batch of at least 1, "
            "given float32[4,2]");
  EXPECT_EQ(
      planError({spec("a", {-1}), spec("b", {-1})}, {zeros({2}), zeros({3})}),
      "the inputs disagree: 'a' has 2 samples, 'b' has 3");
}

TEST(PlanRuns, EmptyAndWrongTensors) {
  RunPlan plan;
  std::string error;
  ASSERT_TRUE(planRuns({spec("a", {0, 3})}, {zeros({0, 3})}, plan, error));
  EXPECT_EQ(plan.runs, 1);
  EXPECT_EQ(planError({spec("a", {0, 3})}, {zeros({1, 3})}),
            "input 'a': expected float32[0,3], given float32[1,3]");
  EXPECT_EQ(planError({spec("a", {1})}, {zeros({1}, "", SHIFTADD_FLOAT64)}),
            "input 'a': expected float32[1], given float64[1]");
  EXPECT_EQ(planError({fixedSpec()}, {zeros({2}, "", SHIFTADD_UINT8)}),
            "input 'sizes': the model was compiled for one value of it and "
            "takes no other");
}

TEST(TensorSize, IsChecked) {
  Tensor tensor{"", SHIFTADD_FLOAT32, {int64_t(1) << 50}, {}};
  std::string error;
  EXPECT_FALSE(allocate(tensor, error));
  EXPECT_EQ(error, "float32[1125899906842624] is too large for the memory");
  uint64_t bytes;
  EXPECT_FALSE(tensorBytes(99, {1}, bytes, error));
  EXPECT_EQ(error, "unknown element type 99");
}

} // namespace

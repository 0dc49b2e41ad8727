//===- OperatorTable.cpp - Which handler reads which operator -------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One row per operator and per version from which on another handler applies.
// Versions that only allow more types share the row before them.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/OperatorTable.h"

#include "frontend/Onnx/Handlers.h"

namespace shiftadd::onnx_import {
namespace {

int64_t intAttribute(const Node &node, const char *name, int64_t otherwise) {
  auto found = node.attributes.find(name);
  if (found == node.attributes.end())
    return otherwise;
  const int64_t *value = std::get_if<int64_t>(&found->second.value);
  return value ? *value : otherwise;
}

std::string textAttribute(const Node &node, const char *name) {
  auto found = node.attributes.find(name);
  if (found == node.attributes.end())
    return {};
  const auto *value = std::get_if<std::string>(&found->second.value);
  return value ? *value : std::string();
}

std::string checkBatchNormalization(const Node &node) {
  if (intAttribute(node, "training_mode", 0) != 0)
    return "training mode";
  if (intAttribute(node, "spatial", 1) == 0)
    return "statistics per activation (spatial = 0)";
  for (size_t i = 1; i < node.outputs.size(); ++i)
    if (!node.outputs[i].empty())
      return "training mode (more than one output)";
  return {};
}

std::string checkResize(const Node &node) {
  std::string mode = textAttribute(node, "mode");
  if (mode == "cubic")
    return "cubic interpolation";
  if (intAttribute(node, "antialias", 0) != 0)
    return "antialiasing";
  return {};
}

std::string checkTypeAttribute(const Node &node, const char *name) {
  int64_t type = intAttribute(node, name, kFloat);
  if (type > INT32_MAX || type < 0 || (type && !dataTypeBytes(int32_t(type))))
    return "type " + dataTypeName(int32_t(type));
  return {};
}

std::string checkCast(const Node &node) {
  return checkTypeAttribute(node, "to");
}

std::string checkQuantize(const Node &node) {
  return checkTypeAttribute(node, "output_dtype");
}

std::string checkConstant(const Node &node) {
  for (const auto &[name, attribute] : node.attributes) {
    if (name == "sparse_value")
      return "a sparse tensor";
    if (name == "value_string" || name == "value_strings")
      return "type string";
    if (auto *tensor = std::get_if<TensorData>(&attribute.value))
      if (!dataTypeBytes(tensor->type))
        return "type " + dataTypeName(tensor->type);
  }
  return {};
}

constexpr Operator operators[] = {
    {"", "Abs", 6, importAbs},
    {"", "Add", 7, importAdd},
    {"", "And", 7, importAnd},
    {"", "ArgMax", 1, importArgMax},
    {"", "ArgMin", 1, importArgMin},
    {"", "AveragePool", 1, importAveragePool},
    {"", "BatchNormalization", 7, importBatchNormalization,
     checkBatchNormalization},
    {"", "BitShift", 11, importBitShift},
    {"", "BitwiseAnd", 18, importAnd},
    {"", "BitwiseNot", 18, importNot},
    {"", "BitwiseOr", 18, importOr},
    {"", "BitwiseXor", 18, importXor},
    {"", "Cast", 6, importCast, checkCast},
    {"", "CastLike", 15, importCastLike},
    {"", "Ceil", 6, importCeil},
    {"", "Clip", 6, importClipAttributes},
    {"", "Clip", 11, importClip},
    {"", "Concat", 4, importConcat},
    {"", "Constant", 1, importConstant, checkConstant},
    {"", "ConstantOfShape", 9, importConstantOfShape, checkConstant},
    {"", "Conv", 1, importConv},
    {"", "ConvInteger", 10, importConvInteger},
    {"", "ConvTranspose", 1, importConvTranspose},
    {"", "Cos", 7, importCos},
    {"", "DepthToSpace", 1, importDepthToSpace},
    {"", "DequantizeLinear", 10, importDequantizeLinear, checkQuantize},
    {"", "Div", 7, importDiv},
    {"", "Dropout", 7, importDropout},
    {"", "DynamicQuantizeLinear", 11, importDynamicQuantizeLinear},
    {"", "Elu", 6, importElu},
    {"", "Equal", 7, importEqual},
    {"", "Erf", 9, importErf},
    {"", "Exp", 6, importExp},
    {"", "Expand", 8, importExpand},
    {"", "Flatten", 1, importFlatten},
    {"", "Floor", 6, importFloor},
    {"", "Gather", 1, importGather},
    {"", "Gelu", 20, importGelu},
    {"", "Gemm", 7, importGemm},
    {"", "GlobalAveragePool", 1, importGlobalAveragePool},
    {"", "GlobalLpPool", 2, importGlobalLpPool},
    {"", "GlobalMaxPool", 1, importGlobalMaxPool},
    {"", "Greater", 7, importGreater},
    {"", "GreaterOrEqual", 12, importGreaterOrEqual},
    {"", "HardSigmoid", 6, importHardSigmoid},
    {"", "HardSwish", 14, importHardSwish},
    {"", "Identity", 1, importIdentity},
    {"", "InstanceNormalization", 6, importInstanceNormalization},
    {"", "LRN", 1, importLrn},
    {"", "LayerNormalization", 17, importLayerNormalization},
    {"", "LeakyRelu", 6, importLeakyRelu},
    {"", "Less", 7, importLess},
    {"", "LessOrEqual", 12, importLessOrEqual},
    {"", "Log", 6, importLog},
    {"", "LogSoftmax", 1, importFlatLogSoftmax},
    {"", "LogSoftmax", 13, importLogSoftmax},
    {"", "LpPool", 2, importLpPool},
    {"", "MatMul", 1, importMatMul},
    {"", "MatMulInteger", 10, importMatMulInteger},
    {"", "Max", 6, importMax},
    {"", "MaxPool", 1, importMaxPool},
    {"", "Mean", 6, importMean},
    {"", "Min", 6, importMin},
    {"", "Mish", 18, importMish},
    {"", "Mod", 10, importMod},
    {"", "Mul", 7, importMul},
    {"", "Neg", 6, importNeg},
    {"", "Not", 1, importNot},
    {"", "Or", 7, importOr},
    {"", "PRelu", 7, importPRelu},
    {"", "Pad", 2, importPad},
    {"", "Pow", 7, importPow},
    {"", "QLinearConv", 10, importQLinearConv},
    {"", "QLinearMatMul", 10, importQLinearMatMul},
    {"", "QuantizeLinear", 10, importQuantizeLinear, checkQuantize},
    {"", "Range", 11, importRange},
    {"", "Reciprocal", 6, importReciprocal},
    {"", "ReduceL1", 1, importReduceL1},
    {"", "ReduceL2", 1, importReduceL2},
    {"", "ReduceLogSum", 1, importReduceLogSum},
    {"", "ReduceLogSumExp", 1, importReduceLogSumExp},
    {"", "ReduceMax", 1, importReduceMax},
    {"", "ReduceMean", 1, importReduceMean},
    {"", "ReduceMin", 1, importReduceMin},
    {"", "ReduceProd", 1, importReduceProd},
    {"", "ReduceSum", 1, importReduceSum},
    {"", "ReduceSumSquare", 1, importReduceSumSquare},
    {"", "Relu", 6, importRelu},
    {"", "Reshape", 5, importReshape},
    {"", "Resize", 10, importResize10, checkResize},
    {"", "Resize", 11, importResize, checkResize},
    {"", "Round", 11, importRound},
    {"", "Shape", 1, importShape},
    {"", "Sigmoid", 6, importSigmoid},
    {"", "Sign", 9, importSign},
    {"", "Sin", 7, importSin},
    {"", "Size", 1, importSize},
    {"", "Slice", 1, importSlice},
    {"", "Softmax", 1, importFlatSoftmax},
    {"", "Softmax", 13, importSoftmax},
    {"", "Softplus", 1, importSoftplus},
    {"", "SpaceToDepth", 1, importSpaceToDepth},
    {"", "Split", 2, importSplit},
    {"", "Sqrt", 6, importSqrt},
    {"", "Squeeze", 1, importSqueeze},
    {"", "Sub", 7, importSub},
    {"", "Sum", 6, importSum},
    {"", "Tanh", 6, importTanh},
    {"", "Tile", 6, importTile},
    {"", "TopK", 1, importTopK},
    {"", "Transpose", 1, importTranspose},
    {"", "Unsqueeze", 1, importUnsqueeze},
    {"", "Upsample", 7, importResize10, checkResize},
    {"", "Upsample", 10, nullptr},
    {"", "Where", 9, importWhere},
    {"", "Xor", 7, importXor},
    {kOwnDomain, "AdderConv", 1, importAdderConv},
    {kOwnDomain, "AdderGemm", 1, importAdderGemm},
    {kOwnDomain, "ShiftConv", 1, importShiftConv},
    {kOwnDomain, "ShiftGemm", 1, importShiftGemm},
    {kMicrosoftDomain, "QGemm", 1, importQGemm},
    {kMicrosoftDomain, "QLinearAdd", 1, importQLinearAdd},
    {kMicrosoftDomain, "QLinearConcat", 1, importQLinearConcat},
    {kMicrosoftDomain, "QLinearGlobalAveragePool", 1,
     importQLinearGlobalAveragePool},
    {kMicrosoftDomain, "QLinearLeakyRelu", 1, importQLinearLeakyRelu},
    {kMicrosoftDomain, "QLinearMul", 1, importQLinearMul},
    {kMicrosoftDomain, "QLinearSigmoid", 1, importQLinearSigmoid},
    {kMicrosoftDomain, "QLinearSoftmax", 1, importQLinearSoftmax},
    {kBrevitasDomain, "BipolarQuant", 1, importQonnxBipolarQuant},
    {kBrevitasDomain, "Quant", 1, importQonnxQuant},
    {kBrevitasDomain, "Trunc", 1, importQonnxTrunc},
    {kQonnxDomain, "BipolarQuant", 1, importQonnxBipolarQuant},
    {kQonnxDomain, "Quant", 1, importQonnxQuant},
    {kQonnxDomain, "Trunc", 1, importQonnxTrunc},
};

} // namespace

llvm::ArrayRef<Operator> getOperatorTable() { return operators; }

const Operator *findOperator(const std::string &domain, const std::string &name,
                             int64_t version) {
  const Operator *best = nullptr;
  for (const Operator &candidate : operators)
    if (candidate.sinceVersion <= version && name == candidate.name &&
        domain == candidate.domain &&
        (!best || best->sinceVersion < candidate.sinceVersion))
      best = &candidate;
  return best && best->handler ? best : nullptr;
}

} // namespace shiftadd::onnx_import

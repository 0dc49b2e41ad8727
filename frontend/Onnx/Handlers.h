//===- Handlers.h - One function per operator -------------------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A handler turns one node into ops. Handlers of operators whose form changed
// over the versions look at version(); the table says from which version on a
// handler applies.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_FRONTEND_ONNX_HANDLERS_H
#define SHIFTADD_FRONTEND_ONNX_HANDLERS_H

#include "frontend/Onnx/NodeImporter.h"

namespace shiftadd::onnx_import {

// Element by element.
bool importAdd(NodeImporter &n);
bool importSub(NodeImporter &n);
bool importMul(NodeImporter &n);
bool importDiv(NodeImporter &n);
bool importPow(NodeImporter &n);
bool importMod(NodeImporter &n);
bool importMin(NodeImporter &n);
bool importMax(NodeImporter &n);
bool importSum(NodeImporter &n);
bool importMean(NodeImporter &n);
bool importEqual(NodeImporter &n);
bool importLess(NodeImporter &n);
bool importLessOrEqual(NodeImporter &n);
bool importGreater(NodeImporter &n);
bool importGreaterOrEqual(NodeImporter &n);
bool importAnd(NodeImporter &n);
bool importOr(NodeImporter &n);
bool importXor(NodeImporter &n);
bool importNot(NodeImporter &n);
bool importBitShift(NodeImporter &n);
bool importWhere(NodeImporter &n);
bool importAbs(NodeImporter &n);
bool importNeg(NodeImporter &n);
bool importSign(NodeImporter &n);
bool importSqrt(NodeImporter &n);
bool importExp(NodeImporter &n);
bool importLog(NodeImporter &n);
bool importReciprocal(NodeImporter &n);
bool importRound(NodeImporter &n);
bool importFloor(NodeImporter &n);
bool importCeil(NodeImporter &n);
bool importSin(NodeImporter &n);
bool importCos(NodeImporter &n);
bool importErf(NodeImporter &n);
bool importCast(NodeImporter &n);
bool importCastLike(NodeImporter &n);

// Activations.
bool importRelu(NodeImporter &n);
bool importLeakyRelu(NodeImporter &n);
bool importPRelu(NodeImporter &n);
bool importElu(NodeImporter &n);
bool importClipAttributes(NodeImporter &n);
bool importClip(NodeImporter &n);
bool importHardSigmoid(NodeImporter &n);
bool importHardSwish(NodeImporter &n);
bool importSigmoid(NodeImporter &n);
bool importTanh(NodeImporter &n);
bool importSoftplus(NodeImporter &n);
bool importMish(NodeImporter &n);
bool importGelu(NodeImporter &n);
bool importFlatSoftmax(NodeImporter &n); ///< below version 13
bool importSoftmax(NodeImporter &n);
bool importFlatLogSoftmax(NodeImporter &n); ///< below version 13
bool importLogSoftmax(NodeImporter &n);

// Movement.
bool importTranspose(NodeImporter &n);
bool importReshape(NodeImporter &n);
bool importFlatten(NodeImporter &n);
bool importSqueeze(NodeImporter &n);
bool importUnsqueeze(NodeImporter &n);
bool importConcat(NodeImporter &n);
bool importSplit(NodeImporter &n);
bool importSlice(NodeImporter &n);
bool importGather(NodeImporter &n);
bool importExpand(NodeImporter &n);
bool importTile(NodeImporter &n);
bool importPad(NodeImporter &n);
bool importIdentity(NodeImporter &n);
bool importDropout(NodeImporter &n);
bool importDepthToSpace(NodeImporter &n);
bool importSpaceToDepth(NodeImporter &n);

// Shapes and constants.
bool importShape(NodeImporter &n);
bool importSize(NodeImporter &n);
bool importConstant(NodeImporter &n);
bool importConstantOfShape(NodeImporter &n);
bool importRange(NodeImporter &n);
/// Any operator that is known for numbers that depend on the free batch.
bool importBatchArithmetic(NodeImporter &n);

// Reductions.
bool importReduceSum(NodeImporter &n);
bool importReduceMean(NodeImporter &n);
bool importReduceMax(NodeImporter &n);
bool importReduceMin(NodeImporter &n);
bool importReduceProd(NodeImporter &n);
bool importReduceL1(NodeImporter &n);
bool importReduceL2(NodeImporter &n);
bool importReduceLogSum(NodeImporter &n);
bool importReduceLogSumExp(NodeImporter &n);
bool importReduceSumSquare(NodeImporter &n);
bool importArgMax(NodeImporter &n);
bool importArgMin(NodeImporter &n);
bool importTopK(NodeImporter &n);

// Layers.
bool importConv(NodeImporter &n);
bool importConvTranspose(NodeImporter &n);
bool importGemm(NodeImporter &n);
bool importMatMul(NodeImporter &n);
bool importMaxPool(NodeImporter &n);
bool importAveragePool(NodeImporter &n);
bool importLpPool(NodeImporter &n);
bool importGlobalMaxPool(NodeImporter &n);
bool importGlobalAveragePool(NodeImporter &n);
bool importGlobalLpPool(NodeImporter &n);
bool importBatchNormalization(NodeImporter &n);
bool importLayerNormalization(NodeImporter &n);
bool importInstanceNormalization(NodeImporter &n);
bool importLrn(NodeImporter &n);
bool importResize10(NodeImporter &n); ///< Upsample and the first Resize
bool importResize(NodeImporter &n);

// Quantisation.
bool importQuantizeLinear(NodeImporter &n);
bool importDequantizeLinear(NodeImporter &n);
bool importDynamicQuantizeLinear(NodeImporter &n);
bool importQLinearConv(NodeImporter &n);
bool importQLinearMatMul(NodeImporter &n);
bool importConvInteger(NodeImporter &n);
bool importMatMulInteger(NodeImporter &n);

// The domain ai.shiftadd.
bool importShiftConv(NodeImporter &n);
bool importAdderConv(NodeImporter &n);
bool importShiftGemm(NodeImporter &n);
bool importQGemm(NodeImporter &n);
bool importQLinearAdd(NodeImporter &n);
bool importQLinearConcat(NodeImporter &n);
bool importQLinearGlobalAveragePool(NodeImporter &n);
bool importQLinearLeakyRelu(NodeImporter &n);
bool importQLinearMul(NodeImporter &n);
bool importQLinearSigmoid(NodeImporter &n);
bool importQLinearSoftmax(NodeImporter &n);
bool importQonnxBipolarQuant(NodeImporter &n);
bool importQonnxQuant(NodeImporter &n);
bool importQonnxTrunc(NodeImporter &n);
bool importAdderGemm(NodeImporter &n);

} // namespace shiftadd::onnx_import

#endif // SHIFTADD_FRONTEND_ONNX_HANDLERS_H

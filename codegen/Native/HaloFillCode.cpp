//===- HaloFillCode.cpp - Code that fills the halo of a tensor ------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A pattern whose bytes are all equal becomes memset, which the code generator
// turns into vector stores when the row is short. Other patterns are stored in
// vectors of the repeated element; the last one overlaps its predecessor
// instead of leaving a tail, which is right because every vector size is a
// multiple of the element's.
//
//===----------------------------------------------------------------------===//
#include "codegen/Native/HaloFillCode.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FormatVariadic.h"

namespace shiftadd::native {

llvm::Error checkHaloFill(const HaloFill &fill) {
  size_t width = fill.element.size();
  if (width != 1 && width != 2 && width != 4 && width != 8)
    return llvm::createStringError("a halo element of %zu bytes", width);
  if (fill.rowBytes % width != 0)
    return llvm::createStringError("a halo row that ends within an element");
  if (fill.rows > 1 && fill.stride < fill.rowBytes)
    return llvm::createStringError("halo rows that overlap");
  // Keeps haloFillExtent from wrapping around.
  if (fill.rows > 1 && fill.stride > (UINT64_MAX >> 1) / fill.rows)
    return llvm::createStringError("halo rows beyond the address space");
  return llvm::Error::success();
}

uint64_t haloFillExtent(const HaloFill &fill) {
  return fill.rows == 0 ? 0 : (fill.rows - 1) * fill.stride + fill.rowBytes;
}

/// Calls `body` with the loop's counter, 0 to count - 1; count is positive.
static void emitLoop(llvm::IRBuilder<> &builder, uint64_t count,
                     llvm::function_ref<void(llvm::Value *)> body) {
  llvm::BasicBlock *before = builder.GetInsertBlock();
  llvm::Function *function = before->getParent();
  if (count == 1)
    return body(builder.getInt64(0));
  auto *loop = llvm::BasicBlock::Create(builder.getContext(), "", function);
  auto *after = llvm::BasicBlock::Create(builder.getContext(), "", function);
  builder.CreateBr(loop);
  builder.SetInsertPoint(loop);
  llvm::PHINode *counter = builder.CreatePHI(builder.getInt64Ty(), 2);
  counter->addIncoming(builder.getInt64(0), before);
  body(counter);
  llvm::Value *next = builder.CreateAdd(counter, builder.getInt64(1));
  counter->addIncoming(next, builder.GetInsertBlock());
  builder.CreateCondBr(builder.CreateICmpULT(next, builder.getInt64(count)),
                       loop, after);
  builder.SetInsertPoint(after);
}

static void emitPatternRow(llvm::IRBuilder<> &builder, llvm::Value *row,
                           uint64_t bytes, llvm::ArrayRef<uint8_t> element) {
  uint64_t width = 32;
  while (width > bytes)
    width /= 2;
  std::vector<uint8_t> repeated(width);
  for (size_t i = 0; i < width; ++i)
    repeated[i] = element[i % element.size()];
  llvm::Constant *pattern =
      llvm::ConstantDataVector::get(builder.getContext(), repeated);
  auto storeAt = [&](llvm::Value *offset) {
    builder.CreateAlignedStore(pattern, builder.CreatePtrAdd(row, offset),
                               llvm::Align(1));
  };
  constexpr uint64_t maximalUnrolled = 8;
  uint64_t count = bytes / width;
  if (count <= maximalUnrolled)
    for (uint64_t i = 0; i < count; ++i)
      storeAt(builder.getInt64(i * width));
  else
    emitLoop(builder, count, [&](llvm::Value *i) {
      storeAt(builder.CreateMul(i, builder.getInt64(width)));
    });
  if (bytes % width != 0)
    storeAt(builder.getInt64(bytes - width));
}

static void emitRow(llvm::IRBuilder<> &builder, llvm::Value *row,
                    uint64_t bytes, llvm::ArrayRef<uint8_t> element) {
  if (llvm::all_equal(element))
    builder.CreateMemSet(row, builder.getInt8(element[0]), bytes,
                         llvm::MaybeAlign(1));
  else
    emitPatternRow(builder, row, bytes, element);
}

/// The function that fills a halo of this shape, given its start. Models have
/// few shapes but many launches, and code generation is slow.
static llvm::Function *fillFunction(llvm::IRBuilder<> &builder,
                                    const HaloFill &fill) {
  llvm::Function *caller = builder.GetInsertBlock()->getParent();
  // The processor is part of the name: it chooses the stores.
  llvm::Attribute processor = caller->getFnAttribute("target-cpu");
  std::string name = llvm::formatv(
      "fill {0} {1} {2} {3} {4}", processor.getValueAsString(), fill.rowBytes,
      fill.stride, fill.rows, llvm::toHex(fill.element));
  if (llvm::Function *known = caller->getParent()->getFunction(name))
    return known;
  auto *type =
      llvm::FunctionType::get(builder.getVoidTy(), {builder.getPtrTy()}, false);
  auto *function = llvm::Function::Create(type, llvm::Function::InternalLinkage,
                                          name, caller->getParent());
  function->addFnAttr(processor);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  llvm::IRBuilder<>::InsertPointGuard guard(builder);
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(builder.getContext(), "", function));
  emitLoop(builder, fill.rows, [&](llvm::Value *i) {
    llvm::Value *offset = builder.CreateMul(i, builder.getInt64(fill.stride));
    emitRow(builder, builder.CreatePtrAdd(function->getArg(0), offset),
            fill.rowBytes, fill.element);
  });
  builder.CreateRetVoid();
  return function;
}

void emitHaloFill(llvm::IRBuilder<> &builder, llvm::Value *start,
                  const HaloFill &fill) {
  if (fill.rows == 0 || fill.rowBytes == 0)
    return;
  HaloFill merged = fill;
  if (fill.rows == 1 || fill.stride == fill.rowBytes) {
    merged.rowBytes = merged.stride = haloFillExtent(fill);
    merged.rows = 1;
  }
  if (merged.rows == 1 && llvm::all_equal(merged.element))
    emitRow(builder, start, merged.rowBytes, merged.element);
  else
    builder.CreateCall(fillFunction(builder, merged), {start});
}

} // namespace shiftadd::native

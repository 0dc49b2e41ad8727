//===- shiftadd-lsp-server.cpp - Language server -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gives editors diagnostics, completion and definitions for the dialect's text
// form.
//
//===----------------------------------------------------------------------===//
#include "dialects/AdderGraph/IR/AdderGraph.h"
#include "dialects/ShiftAdd/IR/ShiftAdd.h"

#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<shiftadd::ShiftAddDialect,
                  shiftadd::adder_graph::AdderGraphDialect,
                  mlir::func::FuncDialect, mlir::quant::QuantDialect>();
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}

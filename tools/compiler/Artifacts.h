//===- Artifacts.h - Files that a compilation leaves -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_COMPILER_ARTIFACTS_H
#define SHIFTADD_TOOLS_COMPILER_ARTIFACTS_H

#include "tools/compiler/Compiler.h"

namespace shiftadd::tools {

/// Writes text to a file through a temporary one, or to stdout for "-".
llvm::Error writeText(llvm::StringRef path, llvm::StringRef text);

/// Writes the module as text, or as bytecode when the name ends in .mlirbc.
llvm::Error writeModule(mlir::ModuleOp module, llvm::StringRef path);

/// Writes what options.artifact names; LIB.h and LIB.json lie beside a library.
/// On an error none of the files is left.
llvm::Error writeArtifact(const EmittedModel &model,
                          const CompilerOptions &options);

/// Removes the files that writeArtifact wrote, when what follows it fails.
void removeArtifact(const CompilerOptions &options);

/// The report in the forms and to the files that the options ask for. On an
/// error none of the files is left.
llvm::Error writeReports(const CostReport &report,
                         const CompilerOptions &options);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_COMPILER_ARTIFACTS_H

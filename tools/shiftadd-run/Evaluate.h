//===- Evaluate.h - Running a network on many samples -----------*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// shiftadd-run --evaluate and --compare-stages: a network and, beside it, its
// reference on the same samples.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADDRUN_EVALUATE_H
#define SHIFTADD_TOOLS_SHIFTADDRUN_EVALUATE_H

#include "tools/compiler/Prune.h"
#include "tools/shiftadd-run/LoadedModel.h"
#include "tools/shiftadd-run/Options.h"
#include "tools/tensor-files/Samples.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/JSON.h"

namespace shiftadd::tools {

/// Called with the number of samples done and wanted.
using SampleProgress = llvm::function_ref<void(int64_t done, int64_t total)>;

/// Runs a model on samples: once for all of them where the batch is free and
/// nobody looks, in parts for the sake of `progress`. The results are stacked
/// along the first dimension. Samples of another model serve when names or
/// order of the inputs fit; `source` is where they come from.
llvm::Expected<std::vector<Tensor>> runOnSamples(LoadedModel &model,
                                                 const Samples &samples,
                                                 const std::string &source,
                                                 SampleProgress progress);

/// Compiles or loads `path` for the samples in the file `data`, and leaves out
/// what `prune` says.
llvm::Expected<LoadedModel>
openForSamples(const std::string &path, const std::string &data, int threads,
               std::optional<PruneRequest> prune = std::nullopt);

/// Reads the samples that options.evaluate names for a model, pictures
/// normalised as the options or the model's description say.
llvm::Expected<Samples> readSamples(const LoadedModel &model,
                                    const Options &options);

/// shiftadd-run --evaluate: prints the figures to the standard output.
llvm::Error runEvaluate(const Options &options);

/// How many of the samples' first dimension there are: more than samples.count
/// when a fixed batch holds several.
int64_t countRows(const Samples &samples);

void printJson(llvm::json::Object object);

/// shiftadd-run --compare-stages: prints the table to the standard output.
llvm::Error runCompareStages(const Options &options);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADDRUN_EVALUATE_H

//===- CommandLine.h - What shiftadd-compile is asked for -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The options of the command line, and what they mean for the compiler.
//
//===----------------------------------------------------------------------===//
#ifndef SHIFTADD_TOOLS_SHIFTADD_COMPILE_COMMANDLINE_H
#define SHIFTADD_TOOLS_SHIFTADD_COMPILE_COMMANDLINE_H

#include "tools/compiler/Compiler.h"
#include "tools/shiftadd-compile/CalibrationArguments.h"

#include "llvm/Support/CommandLine.h"

namespace shiftadd::tools {

struct CommandLine {
  llvm::cl::OptionCategory category{"shiftadd-compile options"};

  llvm::cl::opt<std::string> input{llvm::cl::Positional,
                                   llvm::cl::desc("<MODEL.onnx | STAGE.mlir>"),
                                   llvm::cl::cat(category)};
  llvm::cl::opt<std::string> output{
      "o",
      llvm::cl::desc(
          "Output: LIB.so, or what --emit and --compile-to write (default: "
          "the model's name with the matching suffix; '-' is stdout for "
          "IR)"),
      llvm::cl::value_desc("FILE"), llvm::cl::cat(category)};
  llvm::cl::list<std::string> shapes{
      "shape",
      llvm::cl::desc("Fix the shape of an input; needed for every open "
                     "dimension but the batch"),
      llvm::cl::value_desc("NAME=1,3,224,224"), llvm::cl::cat(category)};
  llvm::cl::list<std::string> values{
      "value", llvm::cl::desc("Fix an input that decides a shape or an axis"),
      llvm::cl::value_desc("NAME=1,2,3|FILE.npy|FILE.pb"),
      llvm::cl::cat(category)};
  llvm::cl::opt<Target> target{
      "target", llvm::cl::desc("CPU to compile for:"),
      llvm::cl::values(
          clEnumValN(Target::Host, "host", "this machine (default)"),
          clEnumValN(Target::X86_64_V3, "x86-64-v3", "AVX2"),
          clEnumValN(Target::X86_64_V4, "x86-64-v4", "AVX-512"),
          clEnumValN(Target::Zen4, "zen4", "AVX-512 with VNNI and BF16"),
          clEnumValN(Target::Multi, "multi",
                     "all of them over one copy of the weights, chosen at "
                     "load")),
      llvm::cl::init(Target::Host), llvm::cl::cat(category)};
  llvm::cl::opt<CpuArithmetic> cpuArithmetic{
      "cpu-arithmetic",
      llvm::cl::desc("How kernels compute with powers of two:"),
      llvm::cl::values(
          clEnumValN(CpuArithmetic::Auto, "auto",
                     "on the fastest unit, mostly the multipliers "
                     "(default)"),
          clEnumValN(CpuArithmetic::ShiftAdd, "shift-add",
                     "without a multiply instruction, for comparison")),
      llvm::cl::init(CpuArithmetic::Auto), llvm::cl::cat(category)};
  llvm::cl::opt<Artifact> artifact{
      "emit", llvm::cl::desc("What to write:"),
      llvm::cl::values(
          clEnumValN(Artifact::Library, "lib", "shared library (default)"),
          clEnumValN(Artifact::Object, "obj", "one relocatable object"),
          clEnumValN(Artifact::Assembly, "asm", "folder, one .s per kernel"),
          clEnumValN(Artifact::HalideStatements, "halide-stmt",
                     "folder, one .stmt per kernel"),
          clEnumValN(Artifact::Mlir, "mlir", "IR of the stage schedule")),
      llvm::cl::init(Artifact::Library), llvm::cl::cat(category)};
  llvm::cl::opt<std::string> compileTo{
      "compile-to",
      llvm::cl::desc("Stop after a stage and write its IR: import, normalize, "
                     "quantize, rewrite, fuse, schedule"),
      llvm::cl::value_desc("STAGE"), llvm::cl::cat(category)};
  llvm::cl::opt<std::string> dumpStages{
      "dump-stages", llvm::cl::desc("Write the IR of every stage here"),
      llvm::cl::value_desc("DIR"), llvm::cl::cat(category)};
  llvm::cl::opt<std::string> kernelCache{
      "kernel-cache",
      llvm::cl::desc("Folder of compiled kernels, or 'off' (default: "
                     "shiftadd/kernels below $XDG_CACHE_HOME or ~/.cache)"),
      llvm::cl::value_desc("DIR|off"), llvm::cl::cat(category)};
  llvm::cl::opt<unsigned> threads{
      "threads",
      llvm::cl::desc("Threads that compile kernels (default: all cores)"),
      llvm::cl::init(0), llvm::cl::cat(category)};
  llvm::cl::opt<std::string> imageMean{
      "image-mean",
      llvm::cl::desc("Stored in LIB.json: pictures become (v - mean) * scale"),
      llvm::cl::value_desc("M|R,G,B"), llvm::cl::cat(category)};
  llvm::cl::opt<std::string> imageScale{
      "image-scale", llvm::cl::desc("See --image-mean"),
      llvm::cl::value_desc("S|R,G,B"), llvm::cl::cat(category)};
  llvm::cl::list<std::string> reports{
      "report",
      llvm::cl::desc(
          "Report what every layer costs, beside the same network with "
          "multipliers, what its sums can reach and how exact it is, to "
          "stdout or FILE; may be given several times"),
      llvm::cl::value_desc("table|json|html[:FILE]"), llvm::cl::cat(category)};
  llvm::cl::opt<std::string> priceTable{
      "price-table",
      llvm::cl::desc(
          "Prices of the report and of --scheme=auto: asic (default), "
          "fpga, asic-extended or a file (docs/energy.md)"),
      llvm::cl::value_desc("NAME|FILE.json"), llvm::cl::cat(category)};
  llvm::cl::opt<std::string> scheme{
      "scheme",
      llvm::cl::desc(
          "Codes of the weights: int8, csd (exact sums of powers of two), "
          "apot3, apot2 or pot (3, 2 or 1 powers of two). With --calibrate "
          "also int2 to int7, ternary and auto (chosen for every layer, see "
          "--budget), and then ',depthwise:NAME' and ',stem:NAME' for those "
          "layers (default with --calibrate: int8)"),
      llvm::cl::value_desc("NAME"), llvm::cl::cat(category)};
  CalibrationArguments calibration{category};
  llvm::cl::opt<std::string> prune{
      "prune",
      llvm::cl::desc(
          "Leave out a share of the network before it is quantized: "
          "magnitude (the smallest weights of all layers), "
          "magnitude-layer (of each layer), block (16 output channels "
          "times 4 inputs, the same number for all) or channel; with "
          "--calibrate, what stays is fitted to the whole network"),
      llvm::cl::value_desc("KIND:SHARE"), llvm::cl::cat(category)};
  llvm::cl::opt<double> maxError{
      "max-error",
      llvm::cl::desc(
          "Relative error, root mean square, that the codes of --scheme "
          "may have: of every channel's weights or, with --calibrate, of "
          "the outputs over the samples (default: no bound with "
          "--calibrate, else exact)"),
      llvm::cl::value_desc("E"), llvm::cl::init(0), llvm::cl::cat(category)};
  llvm::cl::opt<bool> maxErrorPerChannel{
      "max-error-per-channel",
      llvm::cl::desc(
          "Choose the number of terms for every output channel, not for "
          "every layer"),
      llvm::cl::cat(category)};
  llvm::cl::opt<bool> verifyMultiplierFree{
      "verify-multiplier-free",
      llvm::cl::desc(
          "Fail, and list them, when multiplications are left behind the "
          "stage rewrite"),
      llvm::cl::cat(category)};
  llvm::cl::opt<bool> requireInteger{
      "require-integer",
      llvm::cl::desc(
          "Refuse a network that still computes in floating point behind "
          "the stage quantize"),
      llvm::cl::cat(category)};
  llvm::cl::opt<std::string> convertNetwork{
      "convert-network",
      llvm::cl::desc(
          "Replace convolutions as shift, adder or shiftaddnet networks "
          "do; the result needs training and serves for counts"),
      llvm::cl::value_desc("FORM"), llvm::cl::cat(category)};
  llvm::cl::opt<bool> allowUnsupported{
      "allow-unsupported",
      llvm::cl::desc("Keep unknown nodes as shiftadd.onnx_node (with "
                     "--compile-to=import)"),
      llvm::cl::cat(category)};
  llvm::cl::opt<bool> listOperators{
      "list-operators", llvm::cl::desc("Print the supported ONNX operators"),
      llvm::cl::cat(category)};
  llvm::cl::opt<bool> verbose{"v",
                              llvm::cl::desc("Say what happens, with times"),
                              llvm::cl::cat(category)};
};

/// Every error of the parser that it does not print itself becomes one line;
/// an empty text is one that it has printed.
llvm::Error parse(int argc, char **argv, CommandLine &line);

llvm::Error fill(const CommandLine &line, CompilerOptions &options);

} // namespace shiftadd::tools

#endif // SHIFTADD_TOOLS_SHIFTADD_COMPILE_COMMANDLINE_H

//===- Options.cpp - Command line of shiftadd-run -------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Declares the options and refuses combinations that have no meaning.
//
//===----------------------------------------------------------------------===//

#include "tools/shiftadd-run/Options.h"
#include "tools/shiftadd-run/ExitStatus.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"

#include <algorithm>
#include <thread>

namespace shiftadd::tools {
namespace {

namespace cl = llvm::cl;

constexpr char overview[] =
    "Runs a compiled model library, or compiles an ONNX model and runs it.\n\n"
    "  shiftadd-run LIB.so --inputs IN.npz --outputs OUT.npz\n"
    "  shiftadd-run MODEL.onnx --inputs DIR --outputs DIR\n"
    "  shiftadd-run LIB.so --image PHOTO.jpg --labels LABELS.txt\n"
    "  shiftadd-run --bench LIB.so --inputs IN.npy\n"
    "  shiftadd-run LIB.so --evaluate DATA.npz --reference MODEL.onnx\n"
    "  shiftadd-run MODEL.onnx --sparsity-curve --evaluate DATA.npz\n"
    "  shiftadd-run --compare-stages A.mlir B.mlir --inputs IN.npz\n\n"
    "Exit codes: 0 good; 1 the input is wrong; 2 internal error; 3 the model "
    "is\nunderstood but not supported.\n";

unsigned availableCores() {
  return std::max(1u, std::thread::hardware_concurrency());
}

struct CommandLine {
  cl::OptionCategory category{"shiftadd-run options"};

  cl::opt<std::string> model{cl::Positional,
                             cl::desc("<LIB.so | MODEL.onnx | STAGE.mlir>"),
                             cl::cat(category)};
  cl::opt<std::string> secondModel{
      cl::Positional, cl::desc("[second STAGE.mlir]"), cl::cat(category)};
  cl::opt<bool> interpret{
      "interpret",
      cl::desc("Run a MODEL.onnx or STAGE.mlir by the reference interpreter "
               "instead of compiling it"),
      cl::cat(category)};
  cl::opt<unsigned> threads{
      "threads", cl::value_desc("n"), cl::init(availableCores()),
      cl::desc("Threads of the model (default: the available cores)"),
      cl::cat(category)};
  cl::opt<bool> profile{
      "profile", cl::desc("Print the time that each layer takes (default: no)"),
      cl::cat(category)};

  cl::opt<std::string> inputs{
      "inputs", cl::value_desc("file|folder"),
      cl::desc("Input tensors: an .npz with arrays named like the inputs, an "
               ".npy or .pb file for a single input, or a folder with "
               "input_0.pb, input_1.pb, ... in the order of the inputs"),
      cl::cat(category)};
  cl::alias input{"input", cl::desc("The same as --inputs"),
                  cl::aliasopt(inputs), cl::cat(category)};
  cl::opt<std::string> outputs{
      "outputs", cl::value_desc("file|folder"),
      cl::desc("Where the output tensors go: FILE.npz, FILE.npy (single "
               "output), or a folder that gets output_0.pb, output_1.pb, ..."),
      cl::cat(category)};
  cl::alias output{"output", cl::desc("The same as --outputs"),
                   cl::aliasopt(outputs), cl::cat(category)};

  cl::opt<std::string> image{
      "image", cl::value_desc("file"),
      cl::desc("PNG or JPEG picture for a model with one NCHW input: cropped "
               "to the input's aspect around the centre, scaled bilinearly, "
               "then (v - mean) * scale for v in 0..255"),
      cl::cat(category)};
  cl::opt<std::string> labels{
      "labels", cl::value_desc("file"),
      cl::desc("Names of the classes, one a line (with --image)"),
      cl::cat(category)};
  cl::opt<unsigned> top{
      "top", cl::value_desc("k"), cl::init(5),
      cl::desc("Number of classes to print (with --image, default: 5)"),
      cl::cat(category)};
  cl::list<double> imageMean{
      "image-mean", cl::CommaSeparated, cl::value_desc("m|r,g,b"),
      cl::desc("Mean, one number or one per channel (default: the one stored "
               "in the library, or 0)"),
      cl::cat(category)};
  cl::list<double> imageScale{
      "image-scale", cl::CommaSeparated, cl::value_desc("s|r,g,b"),
      cl::desc("Scale, one number or one per channel (default: the one stored "
               "in the library, or 1)"),
      cl::cat(category)};

  cl::opt<std::string> evaluate{
      "evaluate", cl::value_desc("file|folder"),
      cl::desc("Run on many samples and print how good the results are: "
               "accuracy, if there are labels, and agreement and "
               "signal-to-noise against --reference. An .npz with an array "
               "per input, samples along the first axis, or with `images`, "
               "uint8 [n,H,W] or [n,H,W,3], and with `labels`, or not; or a "
               "folder of .npy files or pictures"),
      cl::cat(category)};
  cl::opt<std::string> reference{
      "reference", cl::value_desc("model"),
      cl::desc("The network to compare with, mostly the float network (with "
               "--evaluate)"),
      cl::cat(category)};
  cl::opt<bool> sparsityCurve{
      "sparsity-curve",
      cl::desc("Prune a MODEL.onnx by 0 to 90 % and print how good each form "
               "is, with what stays as it was: nothing is fitted (with "
               "--evaluate, against --reference or the model as it is)"),
      cl::cat(category)};
  cl::opt<std::string> prune{
      "prune", cl::value_desc("kind"), cl::init("magnitude"),
      cl::desc("What --sparsity-curve leaves out: magnitude (default), "
               "magnitude-layer, block or channel"),
      cl::cat(category)};
  cl::opt<bool> compareStages{
      "compare-stages",
      cl::desc("Run two stages of a network, A.mlir and B.mlir, by the "
               "interpreter on --inputs, which may hold many samples, and "
               "print for every layer how far B is from A"),
      cl::cat(category)};
  cl::opt<bool> json{"json",
                     cl::desc("Print JSON instead of text (with --evaluate, "
                              "--sparsity-curve or --compare-stages)"),
                     cl::cat(category)};

  cl::opt<bool> bench{
      "bench",
      cl::desc("Print the latency in ms of each of --runs inferences, one a "
               "line, then load time, first latency and peak memory (MiB) in "
               "lines that start with #"),
      cl::cat(category)};
  cl::opt<unsigned> warmup{
      "warmup", cl::value_desc("n"), cl::init(3),
      cl::desc("Inferences before the measured ones (with --bench, default: "
               "3)"),
      cl::cat(category)};
  cl::opt<unsigned> runs{
      "runs", cl::value_desc("n"), cl::init(20),
      cl::desc("Measured inferences (with --bench, default: 20)"),
      cl::cat(category)};

  llvm::Error check() const;
  Options get() const;
};

llvm::Error needs(const cl::Option &option, llvm::StringRef other) {
  return wrongInput("--" + option.ArgStr + " needs --" + other);
}

llvm::Error excludes(const cl::Option &option, llvm::StringRef other) {
  return wrongInput("--" + option.ArgStr + " and --" + other +
                    " exclude each other");
}

llvm::Error checkPerChannel(const cl::list<double> &option) {
  if (option.empty() || option.size() == 1 || option.size() == 3)
    return llvm::Error::success();
  return wrongInput("--" + option.ArgStr + " takes 1 or 3 numbers, not " +
                    llvm::Twine(option.size()));
}

llvm::Error CommandLine::check() const {
  auto given = [](const cl::Option &option) {
    return option.getNumOccurrences() > 0;
  };
  if (model.empty())
    return wrongInput(
        "no model: give a LIB.so, a MODEL.onnx or a STAGE.mlir (see --help)");
  for (const cl::Option *option :
       {(const cl::Option *)&labels, (const cl::Option *)&top})
    if (given(*option) && !given(image))
      return needs(*option, "image");
  for (const cl::Option *option :
       {(const cl::Option *)&imageMean, (const cl::Option *)&imageScale})
    if (given(*option) && !given(image) && !given(evaluate) && !compareStages)
      return wrongInput("--" + option->ArgStr +
                        " needs --image, --evaluate or --compare-stages");
  if (sparsityCurve && !given(evaluate))
    return needs(sparsityCurve, "evaluate");
  if (given(prune) && !sparsityCurve)
    return needs(prune, "sparsity-curve");
  if (given(reference) && !given(evaluate))
    return needs(reference, "evaluate");
  if (json && !given(evaluate) && !compareStages)
    return wrongInput("--json needs --evaluate or --compare-stages");
  if (secondModel.empty() == compareStages)
    return wrongInput(compareStages
                          ? "--compare-stages takes two stages: A.mlir B.mlir"
                          : "too many arguments: '" + secondModel + "'");
  if (compareStages && !given(inputs))
    return needs(compareStages, "inputs");
  for (const cl::Option *option :
       {(const cl::Option *)&image, (const cl::Option *)&outputs,
        (const cl::Option *)&bench, (const cl::Option *)&profile,
        (const cl::Option *)&interpret, (const cl::Option *)&evaluate})
    if (given(*option) && compareStages)
      return excludes(compareStages, option->ArgStr);
  for (const cl::Option *option :
       {(const cl::Option *)&image, (const cl::Option *)&inputs,
        (const cl::Option *)&outputs, (const cl::Option *)&bench,
        (const cl::Option *)&profile, (const cl::Option *)&interpret})
    if (given(*option) && given(evaluate))
      return excludes(evaluate, option->ArgStr);
  for (const cl::Option *option :
       {(const cl::Option *)&warmup, (const cl::Option *)&runs})
    if (given(*option) && !bench)
      return needs(*option, "bench");
  if (given(image) && given(inputs))
    return excludes(image, "inputs");
  if (given(image) && bench)
    return excludes(image, "bench");
  if (interpret && bench)
    return excludes(interpret, "bench");
  if (interpret && profile)
    return excludes(interpret, "profile");
  if (bench && !given(inputs))
    return needs(bench, "inputs");
  if (!given(image) && !given(inputs) && !given(evaluate))
    return wrongInput("nothing to run on: give --inputs or --image");
  if (!given(image) && !bench && !profile && !given(outputs) &&
      !given(evaluate) && !compareStages)
    return wrongInput("nothing to do with the results: give --outputs");
  if (threads < 1 || threads > 1024)
    return wrongInput("--threads takes 1 to 1024");
  if (top < 1)
    return wrongInput("--top takes at least 1");
  if (bench && runs < 1)
    return wrongInput("--runs takes at least 1");
  if (llvm::Error error = checkPerChannel(imageMean))
    return error;
  return checkPerChannel(imageScale);
}

Options CommandLine::get() const {
  Options options;
  options.model = model;
  options.interpret = interpret;
  options.threads = int(threads);
  options.profile = profile;
  options.inputs = inputs;
  options.outputs = outputs;
  options.image = image;
  options.labels = labels;
  options.top = top;
  options.imageMean.assign(imageMean.begin(), imageMean.end());
  options.imageScale.assign(imageScale.begin(), imageScale.end());
  options.evaluate = evaluate;
  options.reference = reference;
  options.secondModel = secondModel;
  options.compareStages = compareStages;
  options.sparsityCurve = sparsityCurve;
  options.prune = prune;
  options.json = json;
  options.bench = bench;
  options.warmup = warmup;
  options.runs = runs;
  return options;
}

} // namespace

llvm::Expected<Options> parseOptions(int argc, char **argv) {
  // libLLVM registers options of its own passes, and some have our names.
  cl::ResetCommandLineParser();
  // The parser keeps pointers to the options until the program ends.
  static CommandLine commandLine;
  cl::HideUnrelatedOptions(commandLine.category);
  cl::SetVersionPrinter([](llvm::raw_ostream &os) {
    os << "shiftadd-run " << SHIFTADD_VERSION << "\n";
  });
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  if (!cl::ParseCommandLineOptions(argc, argv, overview, &stream)) {
    // Bad values are already reported; everything else comes here, and the
    // first line says what is wrong, prefixed by the program's path.
    llvm::StringRef line = llvm::StringRef(messages).ltrim().split('\n').first;
    line.consume_front(argv[0]);
    llvm::StringRef name(argv[0]);
    line.consume_front(name.substr(name.find_last_of('/') + 1));
    line.consume_front(": ");
    return wrongInput(line.trim());
  }
  // The last one of several would count, and nothing would tell.
  for (const auto &[name, option] : cl::getRegisteredOptions())
    if (option->getNumOccurrences() > 1 &&
        option->getNumOccurrencesFlag() == cl::Optional &&
        llvm::is_contained(option->Categories, &commandLine.category))
      return wrongInput("--" + name + " is given more than once");
  if (llvm::Error error = commandLine.check())
    return error;
  return commandLine.get();
}

} // namespace shiftadd::tools

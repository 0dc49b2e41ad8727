//===- Evaluation.cpp - How good the results of a network are -------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/shiftadd-run/Evaluation.h"
#include "tools/shiftadd-run/ExitStatus.h"
#include "tools/shiftadd-run/TopClasses.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

#include <algorithm>
#include <cmath>

namespace shiftadd::tools {
namespace {

/// The index of the largest element; NaN is smaller than everything, and of
/// equal elements the first counts.
int64_t largestIndex(llvm::ArrayRef<double> scores) {
  size_t best = 0;
  for (size_t i = 1; i < scores.size(); ++i)
    if (scores[i] > scores[best] ||
        (std::isnan(scores[best]) && !std::isnan(scores[i])))
      best = i;
  return int64_t(best);
}

llvm::Expected<std::vector<int64_t>> classesOf(const Tensor &scores,
                                               int64_t samples) {
  std::vector<double> values = toDoubles(scores);
  if (values.empty() || values.size() % size_t(samples))
    return wrongInput("output '" + scores.name + "' (" + describe(scores) +
                      ") does not divide into " + llvm::Twine(samples) +
                      " samples");
  size_t classes = values.size() / size_t(samples);
  std::vector<int64_t> result;
  for (int64_t i = 0; i < samples; ++i)
    result.push_back(largestIndex(
        llvm::ArrayRef(values).slice(size_t(i) * classes, classes)));
  return result;
}

int64_t countEqual(llvm::ArrayRef<int64_t> a, llvm::ArrayRef<int64_t> b) {
  int64_t count = 0;
  for (auto [x, y] : llvm::zip_equal(a, b))
    count += x == y;
  return count;
}

llvm::Error checkLabels(llvm::ArrayRef<int64_t> labels, const Tensor &scores,
                        int64_t samples, llvm::StringRef source) {
  if (int64_t(labels.size()) != samples)
    return wrongInput(source + ": there are " + llvm::Twine(labels.size()) +
                      " labels for " + llvm::Twine(samples) + " samples");
  int64_t classes = int64_t(scores.bytes.size() / elementBytes(scores.type)) /
                    std::max<int64_t>(samples, 1);
  for (auto [index, label] : llvm::enumerate(labels))
    if (label < 0 || label >= classes)
      return wrongInput(source + ": label " + llvm::Twine(label) +
                        " of sample " + llvm::Twine(index) +
                        " is none of the " + llvm::Twine(classes) +
                        " classes of output '" + scores.name + "'");
  return llvm::Error::success();
}

llvm::Error addNoise(llvm::ArrayRef<Tensor> outputs,
                     llvm::ArrayRef<Tensor> reference, Evaluation &result) {
  if (outputs.size() != reference.size())
    return wrongInput("the model has " + llvm::Twine(outputs.size()) +
                      " outputs, the reference has " +
                      llvm::Twine(reference.size()));
  result.noise.emplace();
  for (auto [output, expected] : llvm::zip_equal(outputs, reference)) {
    std::vector<double> q = toDoubles(output), f = toDoubles(expected);
    if (q.size() != f.size())
      return wrongInput("output '" + output.name + "' is " + describe(output) +
                        ", that of the reference is " + describe(expected));
    Noise noise;
    for (auto [value, exact] : llvm::zip_equal(q, f))
      noise.add(exact, value);
    result.noise->add(noise);
    result.outputs.emplace_back(output.name, noise);
  }
  return llvm::Error::success();
}

std::string describeShare(int64_t part, int64_t whole) {
  std::string text;
  llvm::raw_string_ostream(text)
      << llvm::format("%.2f %%", 100.0 * double(part) / double(whole)) << " ("
      << part << " of " << whole << ")";
  return text;
}

} // namespace

llvm::json::Value decibelsToJson(double decibels) {
  if (std::isfinite(decibels))
    return decibels;
  return nullptr;
}

llvm::Expected<Evaluation> evaluate(llvm::ArrayRef<Tensor> outputs,
                                    llvm::ArrayRef<Tensor> reference,
                                    llvm::ArrayRef<int64_t> labels,
                                    int64_t samples, llvm::StringRef source) {
  if (outputs.empty())
    return wrongInput("the model has no output");
  Evaluation result;
  result.samples = samples;
  std::vector<int64_t> classes, expected;
  auto take = [&](const Tensor &scores,
                  std::vector<int64_t> &into) -> llvm::Error {
    llvm::Expected<std::vector<int64_t>> found = classesOf(scores, samples);
    if (!found)
      return found.takeError();
    into = std::move(*found);
    return llvm::Error::success();
  };
  if (llvm::Error error = take(outputs[0], classes))
    return error;
  if (!reference.empty()) {
    if (llvm::Error error = addNoise(outputs, reference, result))
      return error;
    if (llvm::Error error = take(reference[0], expected))
      return error;
    result.agreeing = countEqual(classes, expected);
  }
  if (!labels.empty()) {
    if (llvm::Error error = checkLabels(labels, outputs[0], samples, source))
      return error;
    result.correct = countEqual(classes, labels);
    if (!reference.empty())
      result.referenceCorrect = countEqual(expected, labels);
  }
  return result;
}

void printEvaluation(const Evaluation &evaluation, llvm::raw_ostream &os) {
  auto line = [&](llvm::StringRef name, const llvm::Twine &value) {
    os << llvm::left_justify(name, 24) << value << "\n";
  };
  line("samples", llvm::Twine(evaluation.samples));
  if (evaluation.correct)
    line("accuracy", describeShare(*evaluation.correct, evaluation.samples));
  if (evaluation.referenceCorrect)
    line("accuracy of reference",
         describeShare(*evaluation.referenceCorrect, evaluation.samples));
  if (evaluation.agreeing)
    line("agreement", describeShare(*evaluation.agreeing, evaluation.samples));
  auto noiseLines = [&](const Noise &noise, const std::string &suffix) {
    line("signal-to-noise" + suffix, describeDecibels(noise.decibels()));
    std::string largest;
    llvm::raw_string_ostream(largest)
        << llvm::format("%.6g", noise.largestError);
    line("largest error" + suffix, largest);
    if (noise.notFinite)
      line("not finite" + suffix, llvm::Twine(noise.notFinite) + " of " +
                                      llvm::Twine(noise.elements) +
                                      " elements");
  };
  if (evaluation.noise)
    noiseLines(*evaluation.noise, "");
  if (evaluation.outputs.size() > 1)
    for (const auto &[name, noise] : evaluation.outputs)
      noiseLines(noise, " of " + name);
}

llvm::json::Object evaluationToJson(const Evaluation &evaluation) {
  llvm::json::Object result{{"schema", 1}, {"samples", evaluation.samples}};
  auto share = [&](llvm::StringRef name, std::optional<int64_t> count) {
    if (count)
      result[name] = double(*count) / double(evaluation.samples);
  };
  share("accuracy", evaluation.correct);
  share("reference_accuracy", evaluation.referenceCorrect);
  share("agreement", evaluation.agreeing);
  auto noiseObject = [](const Noise &noise) {
    return llvm::json::Object{
        {"signal_to_noise_db", decibelsToJson(noise.decibels())},
        {"identical", noise.noise == 0 && noise.notFinite == 0},
        {"largest_error", noise.largestError},
        {"not_finite", int64_t(noise.notFinite)}};
  };
  if (evaluation.noise)
    for (auto &[key, value] : noiseObject(*evaluation.noise))
      result[key] = std::move(value);
  if (!evaluation.outputs.empty()) {
    llvm::json::Array outputs;
    for (const auto &[name, noise] : evaluation.outputs) {
      llvm::json::Object object = noiseObject(noise);
      object["name"] = name;
      outputs.push_back(std::move(object));
    }
    result["outputs"] = std::move(outputs);
  }
  return result;
}

} // namespace shiftadd::tools

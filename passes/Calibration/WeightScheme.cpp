//===- WeightScheme.cpp - Which codes the weights get -*- C++ -*-===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/WeightScheme.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace shiftadd::calibration {

/// Exponents of the powers of two: 0 to this (Q2).
static constexpr int kMaxExponent = 7;

std::optional<WeightCode> WeightCode::parse(llvm::StringRef name) {
  WeightCode code;
  if (name == "csd")
    return code;
  if (name == "ternary") {
    code.kind = Kind::Ternary;
    code.bits = 2;
    return code;
  }
  if (name == "pot" || name == "apot2" || name == "apot3") {
    code.kind = Kind::TermSum;
    code.terms = name == "pot" ? 1 : name.back() - '0';
    return code;
  }
  if (!name.consume_front("int") || name.getAsInteger(10, code.bits) ||
      code.bits < 2 || code.bits > 8)
    return std::nullopt;
  return code;
}

std::string WeightCode::getName() const {
  switch (kind) {
  case Kind::Integer:
    return "int" + std::to_string(bits);
  case Kind::TermSum:
    return terms == 1 ? "pot" : "apot" + std::to_string(terms);
  case Kind::Ternary:
    return "ternary";
  }
  return "";
}

FitOptions WeightCode::getFitOptions() const {
  FitOptions options;
  switch (kind) {
  case Kind::Integer:
    options.codes = CodeSet::integers(bits);
    break;
  case Kind::TermSum:
    options.codes = CodeSet::termSums(terms, kMaxExponent);
    break;
  case Kind::Ternary:
    options.codes = CodeSet::ternary();
    break;
  }
  options.descent = options.codes.isCoarse();
  options.scaleTrials = options.codes.isCoarse();
  return options;
}

bool WeightScheme::usesIntegersOnly() const {
  for (const WeightCode *each :
       {&code, depthwise ? &*depthwise : &code, stem ? &*stem : &code})
    if (each->kind != WeightCode::Kind::Integer)
      return false;
  return !isAuto;
}

llvm::Expected<WeightScheme> WeightScheme::parse(llvm::StringRef text,
                                                 int weightBits) {
  WeightScheme scheme;
  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, ',');
  auto wrong = [&](llvm::StringRef part) {
    return llvm::createStringError(
        "--scheme takes int2 to int8, csd, apot3, apot2, pot, ternary or auto, "
        "then ,depthwise:CODE and ,stem:CODE, not '" +
        part + "'");
  };
  for (auto [index, part] : llvm::enumerate(parts)) {
    if (index == 0 && part == "auto") {
      scheme.isAuto = true;
      continue;
    }
    auto [layer, name] = index ? part.split(':') : std::pair(part, part);
    auto code = WeightCode::parse(name);
    if (!code)
      return wrong(part);
    if (weightBits && code->kind == WeightCode::Kind::Integer)
      code->bits = weightBits;
    if (index == 0)
      scheme.code = *code;
    else if (layer == "depthwise")
      scheme.depthwise = code;
    else if (layer == "stem")
      scheme.stem = code;
    else
      return wrong(part);
  }
  if (weightBits &&
      (scheme.isAuto || scheme.code.kind != WeightCode::Kind::Integer))
    return llvm::createStringError(
        "--weight-bits is the width of integer weights: it excludes --scheme=" +
        text);
  return scheme;
}

} // namespace shiftadd::calibration

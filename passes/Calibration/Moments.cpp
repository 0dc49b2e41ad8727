//===- Moments.cpp - Statistics of a layer's input and target -------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums products of the columns of patches and targets, block by block.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/Moments.h"
#include "passes/Calibration/DepthwiseMoments.h"
#include "passes/Calibration/LinearAlgebra.h"
#include "passes/Calibration/Parallel.h"

#include <algorithm>

namespace shiftadd::calibration {
namespace {

/// Samples per fp32 sum (Q6).
constexpr int64_t blockSamples = 4096;
/// Blocks go round robin to so many fp64 sums, which are then added in order:
/// enough for as many threads, and the same for any number of threads.
constexpr int64_t mostLanes = 8;
/// All lanes together take at most so many bytes.
constexpr int64_t laneMemory = int64_t(1) << 30;

void addTo(std::vector<double> &sums, const std::vector<double> &more) {
  for (std::size_t i = 0; i < sums.size(); ++i)
    sums[i] += more[i];
}

} // namespace

ImageSelection selectImages(const ConvolutionShape &shape) {
  bool large = shape.isDepthwise() && shape.positions() > 14 * 14;
  return {0, large ? 3 : 1};
}

/// One sum of every kind, and the scratch of a block.
struct MomentSums::Lane {
  std::vector<double> products, cross, inputSum, targetSum, targetSquares;
  std::vector<float> patches, outputs, blockProducts, blockCross;
};

MomentSums::MomentSums(const ConvolutionShape &shape)
    : shape(shape), products(shape.groups * shape.taps() * shape.taps()),
      cross(shape.outChannels * shape.taps()),
      inputSum(shape.groups * shape.taps()), targetSum(shape.outChannels),
      targetSquares(shape.outChannels) {}

void MomentSums::addGroup(Lane &lane, int64_t group, const float *patches,
                          int64_t patchStride, const float *outputs,
                          int64_t count) {
  const int64_t taps = shape.taps(), rows = shape.groupOutChannels();
  lane.blockProducts.resize(taps * taps);
  lane.blockCross.resize(rows * taps);
  gramUpper(taps, count, patches, patchStride, lane.blockProducts.data());
  double *sums = &lane.products[group * taps * taps];
  for (int64_t i = 0; i < taps; ++i)
    for (int64_t j = i; j < taps; ++j)
      sums[i * taps + j] += lane.blockProducts[i * taps + j];
  multiplyTransposed(rows, taps, count, outputs + group * rows,
                     shape.outChannels, patches, patchStride,
                     lane.blockCross.data(), taps);
  sums = &lane.cross[group * rows * taps];
  for (int64_t i = 0; i < rows * taps; ++i)
    sums[i] += lane.blockCross[i];
  for (int64_t i = 0; i < count; ++i)
    for (int64_t tap = 0; tap < taps; ++tap)
      lane.inputSum[group * taps + tap] += patches[i * patchStride + tap];
}

void MomentSums::addImages(const float *input, const float *target,
                           const float *residual, ImageSelection selection,
                           unsigned threads) {
  samples += selection.samples(shape);
  if (shape.isDepthwise()) {
    addDepthwiseMoments(shape, input, target, residual, selection, threads,
                        {products.data(), cross.data(), inputSum.data(),
                         targetSum.data(), targetSquares.data()});
    return;
  }
  const int64_t selected = selection.samples(shape);
  const int64_t blocks = (selected + blockSamples - 1) / blockSamples;
  const int64_t laneBytes = 8 * int64_t(products.size() + cross.size() + 1);
  const int64_t lanes = std::min(
      blocks, std::clamp<int64_t>(laneMemory / laneBytes, 1, mostLanes));
  const bool patchesInPlace = shape.isPointwise() && selection.isAll();
  const bool outputsInPlace = !residual && selection.isAll();
  std::vector<Lane> sums(lanes);
  parallelFor(threads, lanes, [&](int64_t index, unsigned) {
    Lane &lane = sums[index];
    lane.products.resize(products.size());
    lane.cross.resize(cross.size());
    lane.inputSum.resize(inputSum.size());
    lane.targetSum.resize(targetSum.size());
    lane.targetSquares.resize(targetSquares.size());
    for (int64_t block = index; block < blocks; block += lanes) {
      int64_t first = block * blockSamples;
      int64_t count = std::min(blockSamples, selected - first);
      const float *outputs = target + first * shape.outChannels;
      if (!outputsInPlace) {
        lane.outputs.resize(blockSamples * shape.outChannels);
        gatherOutputs(shape, target, residual, selection, first, count,
                      lane.outputs.data());
        outputs = lane.outputs.data();
      }
      for (int64_t group = 0; group < shape.groups; ++group) {
        const float *patches =
            input + first * shape.channels + group * shape.groupChannels();
        int64_t stride = shape.channels;
        if (!patchesInPlace) {
          lane.patches.resize(blockSamples * shape.taps());
          gatherPatches(shape, input, selection, group, first, count,
                        lane.patches.data());
          patches = lane.patches.data();
          stride = shape.taps();
        }
        addGroup(lane, group, patches, stride, outputs, count);
      }
      for (int64_t i = 0; i < count; ++i)
        for (int64_t channel = 0; channel < shape.outChannels; ++channel) {
          double value = outputs[i * shape.outChannels + channel];
          lane.targetSum[channel] += value;
          lane.targetSquares[channel] += value * value;
        }
    }
  });
  for (const Lane &lane : sums) {
    addTo(products, lane.products);
    addTo(cross, lane.cross);
    addTo(inputSum, lane.inputSum);
    addTo(targetSum, lane.targetSum);
    addTo(targetSquares, lane.targetSquares);
  }
}

void MomentSums::add(const MomentSums &other) {
  samples += other.samples;
  addTo(products, other.products);
  addTo(cross, other.cross);
  addTo(inputSum, other.inputSum);
  addTo(targetSum, other.targetSum);
  addTo(targetSquares, other.targetSquares);
}

Moments MomentSums::centred() const {
  Moments moments;
  const int64_t taps = shape.taps(), rows = shape.groupOutChannels();
  const double share = samples > 0 ? 1.0 / double(samples) : 0.0;
  moments.taps = taps;
  moments.rows = rows;
  moments.groups = shape.groups;
  moments.samples = samples;
  auto scaled = [&](const std::vector<double> &sums) {
    std::vector<double> means(sums.size());
    std::transform(sums.begin(), sums.end(), means.begin(),
                   [&](double sum) { return sum * share; });
    return means;
  };
  moments.covariance = scaled(products);
  moments.cross = scaled(cross);
  moments.inputMean = scaled(inputSum);
  moments.targetMean = scaled(targetSum);
  moments.targetVariance = scaled(targetSquares);
  for (int64_t group = 0; group < shape.groups; ++group) {
    const double *mean = &moments.inputMean[group * taps];
    double *matrix = &moments.covariance[group * taps * taps];
    for (int64_t i = 0; i < taps; ++i)
      for (int64_t j = i; j < taps; ++j) {
        double value = matrix[i * taps + j] - mean[i] * mean[j];
        if (i == j)
          value = std::max(value, 0.0);
        matrix[i * taps + j] = value;
        matrix[j * taps + i] = value;
      }
  }
  for (int64_t row = 0; row < shape.outChannels; ++row) {
    const double mean = moments.targetMean[row];
    const double *inputMean = &moments.inputMean[row / rows * taps];
    for (int64_t tap = 0; tap < taps; ++tap)
      moments.cross[row * taps + tap] -= mean * inputMean[tap];
    double &variance = moments.targetVariance[row];
    variance = std::max(variance - mean * mean, 0.0);
  }
  return moments;
}

double Moments::expectedError(const std::vector<double> &weights) const {
  double error = 0.0;
  std::vector<double> products(rows * taps);
  for (int64_t group = 0; group < groups; ++group) {
    const double *own = &weights[group * rows * taps];
    std::fill(products.begin(), products.end(), 0.0);
    accumulateProduct(rows, taps, taps, 1.0, own, taps,
                      &covariance[group * taps * taps], taps, products.data(),
                      taps);
    for (int64_t i = 0; i < rows * taps; ++i)
      error += own[i] * (products[i] - 2.0 * cross[group * rows * taps + i]);
  }
  for (double variance : targetVariance)
    error += variance;
  return error;
}

} // namespace shiftadd::calibration

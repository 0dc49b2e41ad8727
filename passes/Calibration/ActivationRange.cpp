//===- ActivationRange.cpp - Scale and zero point of activations ----------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The search for the best range works on a sample of the values that does not
// favour any channel.
//
//===----------------------------------------------------------------------===//
#include "passes/Calibration/ActivationRange.h"
#include "passes/Calibration/Parallel.h"
#include "passes/Calibration/Vectorize.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <vector>

namespace shiftadd::calibration {
namespace {

constexpr int64_t chunkValues = int64_t(1) << 16;
/// How many values the searches look at (Q5).
constexpr int64_t sampleValues = 300000;
constexpr int searchSteps = 31;
constexpr double smallestFactor = 0.4;

struct Extremes {
  float lowest = std::numeric_limits<float>::infinity();
  float highest = -std::numeric_limits<float>::infinity();
  bool finite = true;
};

SHIFTADD_TARGET_CLONES
void findExtremes(const float *values, int64_t count, float *lowest,
                  float *highest, float *notFinite) {
  float low[vectorLanes], high[vectorLanes], odd[vectorLanes] = {};
  std::fill_n(low, vectorLanes, std::numeric_limits<float>::infinity());
  std::fill_n(high, vectorLanes, -std::numeric_limits<float>::infinity());
  int64_t i = 0;
  auto take = [&](int64_t at, int lane) {
    float value = values[at];
    low[lane] = value < low[lane] ? value : low[lane];
    high[lane] = value > high[lane] ? value : high[lane];
    // Zero for finite numbers only.
    odd[lane] += value - value;
  };
  for (; i + vectorLanes <= count; i += vectorLanes)
    for (int lane = 0; lane < vectorLanes; ++lane)
      take(i + lane, lane);
  for (; i < count; ++i)
    take(i, 0);
  for (int lane = 0; lane < vectorLanes; ++lane) {
    *lowest = std::min(*lowest, low[lane]);
    *highest = std::max(*highest, high[lane]);
    *notFinite += odd[lane];
  }
}

Extremes extremesOf(const float *values, int64_t count, unsigned threads) {
  const int64_t chunks = (count + chunkValues - 1) / chunkValues;
  std::vector<Extremes> parts(chunks);
  parallelFor(threads, chunks, [&](int64_t chunk, unsigned) {
    int64_t first = chunk * chunkValues;
    float notFinite = 0.0f;
    findExtremes(values + first, std::min(chunkValues, count - first),
                 &parts[chunk].lowest, &parts[chunk].highest, &notFinite);
    parts[chunk].finite = notFinite == 0.0f;
  });
  Extremes all;
  for (const Extremes &part : parts) {
    all.lowest = std::min(all.lowest, part.lowest);
    all.highest = std::max(all.highest, part.highest);
    all.finite &= part.finite;
  }
  return all;
}

/// Every n-th value. The distance shares no small divisor with the number of
/// channels, so all of them appear.
std::vector<float> sampleOf(const float *values, int64_t count) {
  int64_t distance = std::max<int64_t>(1, count / sampleValues);
  while (distance > 1 && (distance % 2 == 0 || distance % 3 == 0 ||
                          distance % 5 == 0 || distance % 7 == 0))
    ++distance;
  std::vector<float> sample;
  for (int64_t i = 0; i < count; i += distance)
    sample.push_back(values[i]);
  return sample;
}

/// The code range over a real range, which must contain 0 to represent it.
ActivationRange rangeOver(double lowest, double highest,
                          const RangeOptions &options) {
  ActivationRange range;
  range.lowestCode = options.lowestCode;
  range.highestCode = options.highestCode;
  lowest = std::min(lowest, 0.0);
  highest = std::max(highest, 0.0);
  const double steps = double(options.highestCode - options.lowestCode);
  double scale;
  if (options.symmetric) {
    double largest = std::max(-lowest, highest);
    scale = largest / std::floor(steps / 2.0);
    range.zeroPoint =
        options.lowestCode + (options.highestCode - options.lowestCode + 1) / 2;
  } else {
    scale = (highest - lowest) / steps;
  }
  // All zeros, or so small that float32 cannot divide by the scale.
  scale = double(float(scale));
  if (!(scale >= double(std::numeric_limits<float>::min())))
    scale = 1.0;
  range.scale = scale;
  if (!options.symmetric)
    range.zeroPoint = std::clamp(options.lowestCode +
                                     int64_t(std::nearbyint(-lowest / scale)),
                                 options.lowestCode, options.highestCode);
  return range;
}

SHIFTADD_TARGET_CLONES
void roundValues(const float *values, int64_t count, float scale, float lowest,
                 float highest, float *output) {
  // Adding and subtracting this rounds to an integer, half to even, where the
  // magnitude is below 2^22; larger values are clamped beforehand.
  const float rounder = 12582912.0f;
  for (int64_t i = 0; i < count; ++i) {
    float code = values[i] / scale;
    code = code < lowest ? lowest : code;
    code = code > highest ? highest : code;
    output[i] = ((code + rounder) - rounder) * scale;
  }
}

double roundingError(const std::vector<float> &sample,
                     const ActivationRange &range,
                     std::vector<float> &scratch) {
  scratch.resize(sample.size());
  fakeQuantize(sample.data(), int64_t(sample.size()), range, scratch.data(), 1);
  double error = 0.0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    double difference = double(sample[i]) - double(scratch[i]);
    error += difference * difference;
  }
  return error;
}

ActivationRange searchRange(const float *values, int64_t count,
                            const Extremes &extremes,
                            const RangeOptions &options) {
  std::vector<float> sample = sampleOf(values, count), scratch;
  ActivationRange best;
  double leastError = std::numeric_limits<double>::infinity();
  for (int step = searchSteps - 1; step >= 0; --step) {
    double factor = smallestFactor +
                    (1.0 - smallestFactor) * step / double(searchSteps - 1);
    ActivationRange range =
        rangeOver(factor * extremes.lowest, factor * extremes.highest, options);
    double error = roundingError(sample, range, scratch);
    if (error < leastError) {
      leastError = error;
      best = range;
    }
  }
  return best;
}

ActivationRange percentileRange(const float *values, int64_t count,
                                const RangeOptions &options) {
  std::vector<float> sample = sampleOf(values, count);
  double outside = (100.0 - options.percentile) / 100.0;
  auto last = int64_t(sample.size()) - 1;
  auto index = std::clamp<int64_t>(
      std::llround(outside * double(sample.size())), 0, last);
  std::nth_element(sample.begin(), sample.begin() + index, sample.end());
  double lowest = sample[index];
  std::nth_element(sample.begin(), sample.begin() + (last - index),
                   sample.end());
  return rangeOver(lowest, sample[last - index], options);
}

} // namespace

bool chooseRange(const float *values, int64_t count,
                 const RangeOptions &options, ActivationRange &range,
                 std::string &error) {
  if (count <= 0) {
    error = "there are no values to take the range from";
    return false;
  }
  if (options.highestCode <= options.lowestCode ||
      options.highestCode - options.lowestCode >= (int64_t(1) << 16)) {
    error = "the codes of an activation must have 2 to 16 bits";
    return false;
  }
  if (!(options.percentile > 50.0 && options.percentile <= 100.0)) {
    error = "the percentile of a range must lie between 50 and 100";
    return false;
  }
  try {
    Extremes extremes =
        extremesOf(values, count, std::max(options.threads, 1u));
    if (!extremes.finite) {
      error = "a value is not a finite number";
      return false;
    }
    switch (options.method) {
    case RangeMethod::MinMax:
      range = rangeOver(extremes.lowest, extremes.highest, options);
      break;
    case RangeMethod::SquaredError:
      range = searchRange(values, count, extremes, options);
      break;
    case RangeMethod::Percentile:
      range = percentileRange(values, count, options);
      break;
    }
    return true;
  } catch (const std::bad_alloc &) {
    error = "not enough memory to find a range";
    return false;
  }
}

void fakeQuantize(const float *values, int64_t count,
                  const ActivationRange &range, float *output,
                  unsigned threads) {
  const float lowest = float(range.lowestCode - range.zeroPoint);
  const float highest = float(range.highestCode - range.zeroPoint);
  parallelFor(std::max(threads, 1u), (count + chunkValues - 1) / chunkValues,
              [&](int64_t chunk, unsigned) {
                int64_t first = chunk * chunkValues;
                roundValues(
                    values + first, std::min(chunkValues, count - first),
                    float(range.scale), lowest, highest, output + first);
              });
}

} // namespace shiftadd::calibration

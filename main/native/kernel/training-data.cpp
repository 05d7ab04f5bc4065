#include "training-data.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "cut-table.hpp"
#include "failure.hpp"
#include "forest.hpp"

namespace loam {
namespace {

void checkShape(Span<const Span<const float>> predictors, Span<const double> target, Span<const double> weights) {
  if (predictors.empty() || predictors.size() > maxPredictors)
    throw Failure("bad_input", "A forest needs 1 to 255 predictors; found " + std::to_string(predictors.size()) + ".");
  if (target.size() < 2)
    throw Failure("too_few_rows", "A forest needs at least 2 training rows; found " + std::to_string(target.size()) + ".");
  if (target.size() > 0x7fffffffULL) throw Failure("too_large", "A forest takes at most 2147483647 training rows.");
  for (const Span<const float>& values : predictors)
    if (values.size() != target.size()) throw Failure("bad_input", "Predictors and target differ in length.");
  if (!weights.empty() && weights.size() != target.size())
    throw Failure("bad_input", "Weights and target differ in length.");
}

void checkFinite(Span<const float> values, std::size_t predictor) {
  std::size_t missing = 0;
  std::size_t first = 0;
  for (std::size_t i = values.size(); i-- > 0;) {
    if (std::isfinite(values[i])) continue;
    missing++;
    first = i;
  }
  if (missing > 0)
    throw Failure("bad_table", "Predictor " + std::to_string(predictor + 1) + " has no finite value in " +
                                   std::to_string(missing) + " of " + std::to_string(values.size()) +
                                   " training rows, first in row " + std::to_string(first + 1) +
                                   "; leave out such rows before training.");
}

unsigned bitsFor(std::uint64_t value) {
  unsigned bits = 0;
  while (value >> bits != 0) bits++;
  return bits;
}

void prepareWeights(Span<const double> weights, TrainingData& data) {
  double largest = 0;
  for (std::size_t i = 0; i < weights.size(); i++) {
    if (!std::isfinite(weights[i]) || weights[i] < 0)
      throw Failure("bad_table", "The weight of training row " + std::to_string(i + 1) + " is not a number >= 0.");
    largest = std::max(largest, weights[i]);
  }
  if (largest == 0) throw Failure("bad_table", "All training rows have the weight 0; give some of them a weight.");
  data.weights.resize(weights.size());
  for (std::size_t i = 0; i < weights.size(); i++)
    data.weights[i] =
        weights[i] == 0 ? 0 : std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::lround(weights[i] / largest * 65535)));
}

/** Fixed point with 30 bits, fewer if the sum over a whole tree's sample would not fit in 62. */
void prepareTarget(Span<const double> target, TrainingData& data) {
  double lowest = target[0], highest = target[0];
  for (std::size_t i = 0; i < target.size(); i++) {
    if (!std::isfinite(target[i]))
      throw Failure("bad_table", "The target has no finite value in training row " + std::to_string(i + 1) +
                                     "; leave out such rows before training.");
    lowest = std::min(lowest, target[i]);
    highest = std::max(highest, target[i]);
  }
  const unsigned weightBits = data.weights.empty() ? 0 : 16;
  const unsigned bits = std::min(30u, 62u - weightBits - bitsFor(target.size()));
  const double reach = std::max(highest / 2 - lowest / 2, 1e-300);
  if (highest > 1e38 || lowest < -1e38) throw Failure("value_range", "The target has values beyond 1e38; check its unit.");
  data.targetOffset = lowest / 2 + highest / 2;
  data.targetUnit = std::ldexp(reach, -static_cast<int>(bits));
  data.fixedTarget.resize(target.size());
  for (std::size_t i = 0; i < target.size(); i++)
    data.fixedTarget[i] = static_cast<std::int32_t>(std::lround((target[i] - data.targetOffset) / data.targetUnit));
}

}  // namespace

CodeSpread spreadCodes(Span<const std::uint32_t> rowsPerCode) {
  CodeSpread result;
  result.spread.resize(rowsPerCode.size());
  result.firstCode.fill(1);
  result.lastCode.fill(0);
  std::uint64_t rowsLeft = 0;
  for (const std::uint32_t rows : rowsPerCode) rowsLeft += rows;

  std::size_t code = 0;
  for (std::size_t bin = 0; bin < binCount && code < rowsPerCode.size(); bin++) {
    const std::size_t binsLeft = binCount - bin;
    const std::uint64_t wanted = std::max<std::uint64_t>(1, (rowsLeft + binsLeft - 1) / binsLeft);
    const std::size_t first = code;
    std::uint64_t rows = 0;
    // A bin ends when it has its share of the rows, provided that the codes left still fit in the bins left, 256 in each.
    while (code < rowsPerCode.size() && code - first < 256) {
      if (rows >= wanted && rowsPerCode.size() - code <= 256 * (binsLeft - 1)) break;
      result.spread[code] = static_cast<std::uint16_t>(bin << 8 | (code - first));
      rows += rowsPerCode[code++];
    }
    result.firstCode[bin] = static_cast<std::uint16_t>(first);
    result.lastCode[bin] = static_cast<std::uint16_t>(code - 1);
    rowsLeft -= rows;
  }
  return result;
}

TrainingData prepareTrainingData(Span<const Span<const float>> predictors, Span<const double> target,
                                 Span<const double> weights, const Work& work) {
  checkShape(predictors, target, weights);
  TrainingData data;
  data.rows = target.size();
  data.predictors = predictors.size();
  if (!weights.empty()) prepareWeights(weights, data);
  prepareTarget(target, data);
  data.cuts.resize(data.predictors);
  data.spreads.resize(data.predictors);
  data.codes.resize(data.rows * data.predictors);

  Work quiet = work;
  quiet.progress = nullptr;
  parallelFor(data.predictors, quiet, [&](std::size_t p, unsigned) {
    const Span<const float> values = predictors[p];
    checkFinite(values, p);
    const std::vector<float> sorted = sortedValues(values);
    work.throwIfStopped();
    data.cuts[p] = buildCuts(sorted);
    const Encoder encoder(data.cuts[p]);
    std::vector<std::uint32_t> rowsPerCode(data.cuts[p].size() + 1, 0);
    for (std::size_t i = 0; i < data.rows; i++) {
      if (i % 65536 == 0) work.throwIfStopped();
      const std::uint16_t code = encoder.code(values[i]);
      data.codes[i * data.predictors + p] = code;
      rowsPerCode[code]++;
    }
    data.spreads[p] = spreadCodes(rowsPerCode);
    for (std::size_t i = 0; i < data.rows; i++) {
      std::uint16_t& code = data.codes[i * data.predictors + p];
      code = data.spreads[p].spread[code];
    }
  });
  return data;
}

}  // namespace loam

#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "span.hpp"
#include "work.hpp"

namespace loam {

constexpr std::size_t binCount = 256;

/** Order-preserving spread of a predictor's codes over 0..65 535, so that the top byte of a spread code is its bin: one of 256
 *  bins holding about equally many rows. Splits are searched on spread codes and turned back to codes in the end. */
struct CodeSpread {
  /** code -> spread code; strictly ascending. */
  std::vector<std::uint16_t> spread;
  /** Lowest and highest code of each bin; a bin without codes has first > last. */
  std::array<std::uint16_t, binCount> firstCode;
  std::array<std::uint16_t, binCount> lastCode;

  /** The code a spread code stands for. */
  std::uint16_t code(std::uint16_t spreadCode) const {
    const std::size_t bin = spreadCode >> 8;
    return static_cast<std::uint16_t>(firstCode[bin] + (spreadCode & 255));
  }
};

/** @param rowsPerCode rows that have each code */
CodeSpread spreadCodes(Span<const std::uint32_t> rowsPerCode);

/** The training rows as small integers. All sums in training are sums of these integers, so they are exact and neither the
 *  order of adding nor the number of threads can change a bit of the forest. */
struct TrainingData {
  std::size_t rows = 0;
  std::size_t predictors = 0;
  std::vector<std::vector<float>> cuts;
  std::vector<CodeSpread> spreads;
  /** Spread codes, rows × predictors. */
  std::vector<std::uint16_t> codes;
  /** target = targetOffset + targetUnit × fixedTarget. */
  std::vector<std::int32_t> fixedTarget;
  double targetOffset = 0;
  double targetUnit = 1;
  /** Sample weights in units of 1/65 535 of the largest one, at least 1 unless 0; empty when all rows weigh the same. */
  std::vector<std::uint32_t> weights;
};

/** @param predictors one array of values per predictor, all of the same length, finite
 *  @param target finite
 *  @param weights empty, or finite and >= 0 with at least one > 0
 *  @throws Failure bad_table naming row and predictor of a missing value; too_few_rows; cancelled */
TrainingData prepareTrainingData(Span<const Span<const float>> predictors, Span<const double> target,
                                 Span<const double> weights, const Work& work);

}  // namespace loam

#pragma once
#include <vector>

#include "forest.hpp"
#include "span.hpp"
#include "work.hpp"

namespace loam {

/** Where the results go; each array has one value per cell and may be empty when it is not wanted. */
struct IntervalResult {
  Span<float> mean;
  Span<float> sd;
  /** One per quantile. */
  std::vector<Span<float>> quantiles;
};

/** Mean, quantiles and standard deviation of the target at each cell, by one walk of the trees (quantile regression forest,
 *  Meinshausen 2006).
 *  The q-quantile is the lowest training target at or below which lies the share q of the samples of the leaves a cell falls
 *  into (see LeafSamples). The standard deviation is that of the training rows so weighted, without the sampling. The mean is
 *  that of predictForest, to the last bit. The same bytes for any row length, number of threads and instruction set.
 *  @param quantiles each in (0, 1)
 *  @throws Failure bad_input when the forest has no leaf samples, or a quantile is none; cancelled */
void predictIntervals(const Forest& forest, Span<const Span<const float>> predictors, std::size_t rowLength,
                      const std::vector<double>& quantiles, const IntervalResult& out, const Work& work);

}  // namespace loam

#pragma once
#include "predict-intervals.hpp"

namespace loam {

/** predictIntervals of a forest whose leaves have all their rows: Meinshausen's (2006) quantiles as they are defined. A row of weight
 *  w in a leaf of weight W has at a cell in that leaf the weight w / (W × trees), summed over the trees; the q-quantile is the lowest
 *  target at or below which lies the share q of these weights, and the standard deviation is that of the targets so weighted. */
void predictLeafRows(const Forest& forest, Span<const Span<const float>> predictors, std::size_t rowLength,
                     const std::vector<double>& quantiles, const IntervalResult& out, const Work& work);

}  // namespace loam

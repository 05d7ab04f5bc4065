#pragma once
#include <cstddef>

#include "span.hpp"
#include "work.hpp"

namespace loam {

/** What a trained support vector regression keeps. */
struct SvrModel {
  /** Vector by vector, standardised, `means.size()` numbers each. */
  Span<const double> vectors;
  /** One for each vector. */
  Span<const double> coefficients;
  /** Of each predictor; one of scale 0 does not vary and is left out of the distance. */
  Span<const double> means, scales;
  double gamma = 0.1, bias = 0, targetMean = 0, targetScale = 1;
};

/** Fills results with predictions, NaN where a predictor is NaN. The same bytes for every number of threads.
 *  @throws Failure cancelled */
void predictSvr(const SvrModel& model, Span<const Span<const float>> columns, Span<float> results, const Work& work);

}  // namespace loam

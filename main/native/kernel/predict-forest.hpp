#pragma once
#include "forest.hpp"
#include "span.hpp"
#include "work.hpp"

namespace loam {

/** Predicts cells with a validated forest.
 *  @param predictors one array of values per predictor, in the forest's order, each of out.size() values
 *  @param out mean (or median) over the trees, summed in double in the order of the trees; NaN where a predictor is NaN.
 *  The same bytes on any number of threads.
 *  @throws Failure bad_input, cancelled */
void predictForest(const Forest& forest, Span<const Span<const float>> predictors, Span<float> out, const Work& work);

}  // namespace loam

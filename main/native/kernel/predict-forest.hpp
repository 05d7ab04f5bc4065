#pragma once
#include "forest.hpp"
#include "span.hpp"
#include "work.hpp"

namespace loam {

/** Predicts cells with a validated forest.
 *  @param predictors one array of values per predictor, in the forest's order, each of out.size() values
 *  @param rowLength cells of a row when they are a map, row by row; 0 when they are not. It only decides which cells are walked
 *  together: neighbours mostly fall into the same leaves.
 *  @param out mean (or median, or base plus sum) of the trees, summed in double in the order of the trees; NaN where a predictor is NaN.
 *  The same bytes for any row length, number of threads and instruction set.
 *  @throws Failure bad_input, cancelled */
void predictForest(const Forest& forest, Span<const Span<const float>> predictors, std::size_t rowLength, Span<float> out,
                   const Work& work);

}  // namespace loam

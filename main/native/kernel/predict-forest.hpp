#pragma once
#include "forest.hpp"
#include "span.hpp"
#include "work.hpp"

namespace loam {

/** One map of several of the same cells, as the days of a place. */
struct DayOfCells {
  /** One array of values per predictor, in the forest's order, each as long as `out`. */
  Span<const Span<const float>> predictors;
  /** To fill. */
  Span<float> out;
};

/** Predicts cells with a validated forest: mean (or median, or base plus sum) of the trees, summed in double in the order of the
 *  trees; NaN where a predictor is NaN. The same bytes for any row length, number of threads, instruction set, and other days.
 *  @param days of the same cells, all equally long. A predictor that is the same array on each day is coded once and takes the
 *  cache's room once, and all days of a place are walked together: 3.1 instead of 3.9 ns per cell and tree for each of ten days.
 *  @param rowLength cells of a row when they are a map, row by row; 0 when they are not. It only decides which cells are walked
 *  together: neighbours mostly fall into the same leaves.
 *  @throws Failure bad_input, cancelled */
void predictForest(const Forest& forest, Span<const DayOfCells> days, std::size_t rowLength, const Work& work);

}  // namespace loam

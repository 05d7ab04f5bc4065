#pragma once
#include <cstddef>

#include "span.hpp"
#include "work.hpp"

namespace loam {

/** Rows that distances are measured to, and how a cell becomes a point among them: coordinate a of a cell is
 *  (predictors[a] − means[a]) × scales[a]. */
struct NearestRowOptions {
  /** rows × axes, row by row, finite. */
  Span<const double> rows;
  Span<const double> means;
  Span<const double> scales;
  /** Distances are told in this unit. */
  double unit = 1;
};

/** Euclidean distance from each cell to the nearest row, NaN where a predictor is NaN. A tree of boxes, sixteen to a node, is
 *  searched from the leaf that held the nearest row of the cell before; the answer is that of looking at every row, to the last
 *  bit, so it depends neither on the order of the cells nor on the number of threads. Fastest when the axes along which rows
 *  spread most come first.
 *  Source: Friedman, Bentley & Finkel (1977), ACM Transactions on Mathematical Software 3, 209–226, with boxes instead of cuts.
 *  @param predictors one column of cells for each axis
 *  @throws Failure bad_input, cancelled */
void nearestRow(const NearestRowOptions& options, Span<const Span<const float>> predictors, Span<float> out, const Work& work);

}  // namespace loam

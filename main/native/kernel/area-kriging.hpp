#pragma once
#include <cstddef>

#include "span.hpp"
#include "variogram-model.hpp"
#include "work.hpp"

namespace loam {

/** Means over areas. An area is a set of points with weights that sum to 1; its points are [starts[i], starts[i + 1]). */
struct AreaMeans {
  Span<const double> values;  // [area]
  Span<const double> starts;  // [area + 1]
  Span<const double> x, y, weight;
};

/** What to predict: targets in groups that share one neighbourhood. A target is a point, or with `starts` the mean of points. */
struct AreaTargets {
  Span<const double> x, y;
  Span<const double> starts;       // [target + 1]; empty: each point is a target
  Span<const double> groupStarts;  // [group + 1], in targets
  Span<const double> own;          // [group]: the area that the group lies in, −1 for none
};

/** What repeats when areas and targets lie on a lattice: covariances between whole cells depend on their offset alone, so they are
 *  computed once. Empty without a lattice. */
struct AreaLattice {
  double width = 0, height = 0;             // steps of a column and of a row, in the unit of the coordinates
  double firstY = 0;                        // middle of row 0
  Span<const double> areaRow, areaCol;      // [area]: NaN where it is not a whole cell
  Span<const double> groupRow, groupCol;    // [group]: NaN where it is not in a cell
  Span<const double> slot;                  // [target]: which of the slots of a whole cell it is
  Span<const double> slotX, slotY;          // points of the slots from the centre of the cell, `pointsPerSlot` each
  std::size_t pointsPerSlot = 1;
  Span<const double> pointX, pointY, pointWeight;  // points of a whole area from its centre
};

struct AreaKrigingOptions {
  /** Nearest areas of each group; 0 takes all for all. */
  std::size_t neighbours = 0;
  /** A group's own area is the mean of its targets, so that their predictions average to its value exactly; else, and for groups
   *  of more than `mostOwnTargets`, it is given by its points like every other. */
  bool ownIsItsTargets = false;
  /** Coordinates are degrees; around each group they become metres on a cylinder of that latitude. */
  bool isGeographic = false;
};

constexpr std::size_t mostOwnTargets = 1600;

/** Ordinary kriging from means over areas to points or areas. The neighbourhood of a group always contains its own area. The
 *  nugget has no share: means over areas do not see it.
 *  Source: Kyriakidis (2004), Geographical Analysis 36; coherence of predictions that share a neighbourhood: ibid., eq. 17–19.
 *  @param prediction [target]
 *  @param variance [target], or empty to save work
 *  @throws Failure bad_input for numbers that are not finite, starts out of order or a covariance that is not positive definite;
 *  too_few_rows without areas; cancelled */
void krigeAreas(const AreaMeans& areas, Span<const VariogramPart> parts, const AreaTargets& targets, const AreaLattice& lattice,
                const AreaKrigingOptions& options, Span<double> prediction, Span<double> variance, const Work& work);

}  // namespace loam

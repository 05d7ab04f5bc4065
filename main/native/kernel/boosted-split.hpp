#pragma once
#include <cstdint>
#include <vector>

#include "boosted-records.hpp"
#include "span.hpp"
#include "training-data.hpp"

namespace loam {

/** Packed sums of residuals and counts (see Packing): 256 bins of each predictor. */
using Histogram = std::vector<std::int64_t>;

/** A split of boosted trees, at an edge of bins. */
struct BoostedSplit {
  int predictor = -1;
  double gain = 0;
  std::int64_t left = 0;
  /** Highest bin that goes left. */
  std::uint32_t lastLeft = 0;
};

/** Room for the search, kept from node to node. */
struct SplitRoom {
  std::vector<double> sums = std::vector<double>(binCount);
  std::vector<double> counts = std::vector<double>(binCount);
  std::vector<double> gains = std::vector<double>(binCount);
};

/** How splits of boosted trees are searched. */
struct SplitRule {
  const Packing& packing;
  /** Predictors to try. */
  Span<const std::uint32_t> columns;
  double l2;
  /** Fewest counted rows of a side. */
  std::uint32_t minChildWeight;
};

/** The split with the largest fall in squared error, in units of the packed residuals; predictor -1 when there is none.
 *  @param sum packed, of all rows of the node */
BoostedSplit findSplit(const SplitRule& rule, const Histogram& histogram, std::int64_t sum, SplitRoom& room);

}  // namespace loam

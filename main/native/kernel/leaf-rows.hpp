#pragma once
#include <cstdint>
#include <vector>

#include "leaf-samples.hpp"
#include "paged-array.hpp"
#include "span.hpp"

namespace loam {

/** Every row of a tree's own sample in every leaf, for quantiles without the sampling of LeafSamples: Meinshausen's (2006) weights as
 *  they are defined. Some 8 bytes per row and tree, and slow to predict from, since all rows of all leaves a cell falls into are
 *  sorted for it: for tables, small maps, and to check what the sampling costs.
 *  Leaves are counted tree by tree, in preorder. */
struct LeafRows {
  /** Targets, ascending, all there are. */
  std::vector<float> targets;
  /** First row of each leaf, and the number of rows; empty: there are none. */
  PagedArray<std::uint64_t> starts;
  /** Per row its place in `targets`. */
  PagedArray<std::uint32_t> ranks;
  /** Per row its weight in the tree's sample, at least 1. */
  PagedArray<std::uint32_t> weights;

  bool empty() const { return starts.size() == 0; }
  std::size_t leaves() const { return empty() ? 0 : starts.size() - 1; }
};

/** The rows of one tree's leaves. */
struct TreeRows {
  /** Of each leaf. */
  std::vector<std::uint32_t> counts;
  std::vector<std::uint32_t> ranks;
  std::vector<std::uint32_t> weights;
};

/** Targets as places in the ascending list of distinct ones. */
struct DistinctTargets {
  explicit DistinctTargets(Span<const double> target);
  std::vector<float> targets;
  /** Per row. */
  std::vector<std::uint32_t> ranks;
};

/** @param weights of the rows in the tree's sample; 0 for rows outside it
 *  @param leafOf leaf of each row with a weight, counted in preorder */
TreeRows rowsOfLeaves(const DistinctTargets& targets, Span<const std::uint64_t> weights, Span<const std::uint32_t> leafOf,
                      std::size_t leaves);

/** Takes the rows of the trees together; they are empty afterwards. */
LeafRows joinRows(DistinctTargets& targets, std::vector<TreeRows>& trees);

}  // namespace loam

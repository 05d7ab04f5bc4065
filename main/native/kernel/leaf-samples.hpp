#pragma once
#include <cstdint>
#include <vector>

#include "paged-array.hpp"
#include "span.hpp"

namespace loam {

struct Node;

constexpr std::uint32_t maxSamplesPerLeaf = 64;

/** What each leaf of a forest keeps of the training rows in it, so that the spread of their targets can be told:
 *  - a systematic sample of `perLeaf` of the rows of the tree's own sample, in the order of their targets: one from each of as
 *    many equal shares of their weight, at one random offset. So the samples of a leaf weigh the same, and the samples of the
 *    leaves that a cell falls into weigh as Meinshausen (2006, Quantile Regression Forests, JMLR 7) weighs rows, 1 / (trees ×
 *    weight of the leaf), up to the sampling;
 *  - exactly, the mean square of (target − centre) over those rows, for the standard deviation.
 *  Leaves are counted tree by tree, in preorder. */
struct LeafSamples {
  /** 0: there are none. */
  std::uint32_t perLeaf = 0;
  double centre = 0;
  /** Targets, ascending, at most 65 536: all there are, or else as many quantiles of them. */
  std::vector<float> targets;
  /** Leaves × perLeaf: places in `targets`, ascending in each leaf. */
  PagedArray<std::uint16_t> ranks;
  /** Per leaf. */
  PagedArray<float> squares;

  bool empty() const { return perLeaf == 0; }
};

/** The targets of training rows as ranks. */
struct TargetRanks {
  explicit TargetRanks(Span<const double> target);
  double centre = 0;
  std::vector<float> targets;
  /** Per row. */
  std::vector<std::uint16_t> ranks;
  /** Rows by ascending target. */
  std::vector<std::uint32_t> order;
};

/** Samples of one tree's leaves. */
struct TreeSamples {
  std::vector<std::uint16_t> ranks;
  std::vector<float> squares;
};

/** @param weights of the rows in the tree's sample; 0 for rows outside it
 *  @param leafOf leaf of each row with a weight, counted in preorder
 *  @param seed of the offsets */
TreeSamples sampleLeaves(const TargetRanks& ranks, Span<const double> target, Span<const std::uint64_t> weights,
                         Span<const std::uint32_t> leafOf, std::size_t leaves, std::uint32_t perLeaf, std::uint64_t seed);

/** A tree whose leaves hold their own number, counted in preorder, where the value was; see leafNumber. */
void numberLeaves(Span<const Node> tree, Node* numbered);

/** The number in the bits of a leaf value of a numbered tree: these are bits of plain floats from 1 up, which any code that
 *  moves floats leaves alone. */
constexpr std::uint32_t firstLeafBits = 0x3f800000;
constexpr std::uint32_t maxLeavesOfTree = 0x7f800000 - firstLeafBits;

}  // namespace loam

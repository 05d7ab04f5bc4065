#pragma once
#include <cstdint>
#include <cstring>
#include <vector>

#include "leaf-rows.hpp"
#include "leaf-samples.hpp"
#include "paged-array.hpp"
#include "span.hpp"

namespace loam {

constexpr std::size_t maxPredictors = 255;
constexpr std::size_t maxCuts = 65535;
constexpr std::size_t maxTrees = 100000;
constexpr std::uint16_t leafCut = 0xffff;

/** One node of a tree; trees lie in preorder. The same 8 bytes serve training, prediction and file.
 *  A split sends a cell left when its code of `predictor` is <= `cut`; the left child is the next node, the right child is node
 *  `payload` of the tree. A leaf has the cut 0xffff and no `hasChildren` flag, so that "go left" stays on it: a walk needs no
 *  test for leaves. */
struct Node {
  std::uint16_t cut;
  std::uint8_t predictor;
  std::uint8_t flags;
  /** Right child, counted from the tree's root; in a leaf the bits of its float32 value. */
  std::uint32_t payload;

  static constexpr std::uint8_t hasChildren = 1;
  /** Both children are leaves. */
  static constexpr std::uint8_t hasTwinLeaves = 2;

  bool isLeaf() const { return (flags & hasChildren) == 0; }
  float value() const {
    float value;
    std::memcpy(&value, &payload, sizeof value);
    return value;
  }
  static Node leaf(float value) {
    Node node{leafCut, 0, 0, 0};
    std::memcpy(&node.payload, &value, sizeof value);
    return node;
  }
};
static_assert(sizeof(Node) == 8, "the file format stores nodes as they are");

/** How the trees' values become one. `sum` adds them to the forest's base value: boosted trees, whose leaves hold their steps as
 *  they are to be added (the learning rate is in them). Of an even number of trees the median is the lower of the two middle
 *  values, as in the package whose forests have it. */
enum class Aggregate : std::uint32_t { mean = 0, median = 1, sum = 2 };

/** A trained forest. Cell values become codes: code(x) = number of cuts of the predictor that are < x, so that
 *  code(x) <= c exactly when x <= cuts[c]. */
struct Forest {
  /** Per predictor, strictly ascending, finite, at most 65 535. */
  std::vector<std::vector<float>> cuts;
  /** First node of each tree, and the node count at the end. */
  std::vector<std::uint64_t> treeStarts;
  PagedArray<Node> nodes;
  Aggregate aggregate = Aggregate::mean;
  /** Added to the sum of the trees; 0 unless `aggregate` is `sum`. */
  double base = 0;
  /** For quantiles; one of the two or both are empty. Only of forests that are a mean. */
  LeafSamples leafSamples;
  LeafRows leafRows;

  std::size_t predictorCount() const { return cuts.size(); }
  std::size_t treeCount() const { return treeStarts.empty() ? 0 : treeStarts.size() - 1; }
  Span<const Node> tree(std::size_t t) const {
    return {nodes.data() + treeStarts[t], static_cast<std::size_t>(treeStarts[t + 1] - treeStarts[t])};
  }
};

/** Checks everything that prediction relies on.
 *  @throws Failure bad_model naming the first fault */
void validateForest(const Forest& forest);

/** Sets `hasTwinLeaves` in a tree in preorder. */
void markTwinLeaves(Span<Node> tree);

}  // namespace loam

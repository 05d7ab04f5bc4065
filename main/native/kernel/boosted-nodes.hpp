#pragma once
#include <cstdint>
#include <vector>

#include "boosted-records.hpp"
#include "boosted-split.hpp"
#include "forest.hpp"

namespace loam {

/** A node while its tree grows; a leaf has no predictor. */
struct Draft {
  int predictor = -1;
  std::uint16_t cut = 0;
  std::uint32_t left = 0;
  std::uint32_t right = 0;
  float value = 0;
  double gain = 0;
  /** A node whose subtree was grown apart: its number, from 0. */
  int subtree = -1;
};
using Drafts = std::vector<Draft>;

/** What one thread of boosting keeps. */
struct BoostWorker {
  std::vector<Histogram> spare;
  Drafts drafts;
  std::uint64_t validationSquares = 0;
  SplitRoom room;
};

/** A node of the upper tree, whose subtree is yet to be grown. */
struct OpenNode {
  std::uint32_t draft;
  Runs runs;
  std::int64_t sum;
  std::uint32_t depth;
  Histogram histogram;
  std::uint32_t rows;
  bool isFinal = false;
};

/** Appends the nodes of a (sub)tree in preorder. Depth is at most 255.
 *  @param unit target units of the residuals that gains are in
 *  @param gains raised by its splits, in target units squared */
inline void writeTree(const Drafts& drafts, std::uint32_t at, const std::vector<Drafts>& subtrees, double unit,
                      std::vector<Node>& tree, std::vector<double>& gains) {
  const Draft& draft = drafts[at];
  if (draft.subtree >= 0) return writeTree(subtrees[static_cast<std::size_t>(draft.subtree)], 0, subtrees, unit, tree, gains);
  if (draft.predictor < 0) {
    tree.push_back(Node::leaf(draft.value));
    return;
  }
  gains[static_cast<std::size_t>(draft.predictor)] += draft.gain * unit * unit;
  const std::size_t split = tree.size();
  tree.push_back({draft.cut, static_cast<std::uint8_t>(draft.predictor), Node::hasChildren, 0});
  writeTree(drafts, draft.left, subtrees, unit, tree, gains);
  tree[split].payload = static_cast<std::uint32_t>(tree.size());
  writeTree(drafts, draft.right, subtrees, unit, tree, gains);
}

}  // namespace loam

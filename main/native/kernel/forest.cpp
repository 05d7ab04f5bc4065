#include "forest.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "failure.hpp"

namespace loam {
namespace {

[[noreturn]] void bad(const std::string& what) {
  throw Failure("bad_model", "The model is damaged or was not written by Loam: " + what +
                                 ". Take another copy of the file or train the model again.");
}

void validateCuts(const std::vector<float>& cuts, std::size_t predictor) {
  const std::string name = "predictor " + std::to_string(predictor + 1);
  if (cuts.size() > maxCuts) bad(name + " has more than 65535 cuts");
  for (std::size_t i = 0; i < cuts.size(); i++) {
    if (!std::isfinite(cuts[i])) bad(name + " has a cut that is not a finite number");
    if (i > 0 && !(cuts[i - 1] < cuts[i])) bad(name + " has cuts that do not ascend");
  }
}

/** In preorder a leaf ends the innermost left subtree that is still open, so the next node must be that split's right child;
 *  the leaf with none open must be the last node. That is the whole grammar of a binary tree. */
void validateTree(const Forest& forest, std::size_t t, std::vector<std::uint32_t>& open) {
  const Span<const Node> tree = forest.tree(t);
  const std::string name = "tree " + std::to_string(t + 1);
  open.clear();
  for (std::size_t i = 0; i < tree.size(); i++) {
    const Node& node = tree[i];
    if (node.isLeaf()) {
      if (node.cut != leafCut || node.predictor != 0 || node.flags != 0) bad(name + " has a malformed leaf");
      if (!std::isfinite(node.value())) bad(name + " has a leaf that is not a finite number");
      if (open.empty()) {
        if (i + 1 != tree.size()) bad(name + " goes on after its end");
        return;
      }
      if (open.back() != i + 1) bad(name + " has a split whose right child is elsewhere");
      open.pop_back();
      continue;
    }
    if (node.predictor >= forest.predictorCount()) bad(name + " splits on a predictor that does not exist");
    if (node.cut >= forest.cuts[node.predictor].size()) bad(name + " splits at a cut that does not exist");
    if (node.payload <= i + 1 || node.payload >= tree.size()) bad(name + " has a child outside the tree");
    const bool twins = node.payload == i + 2 && tree[i + 1].isLeaf() && tree[i + 2].isLeaf();
    if (node.flags != (Node::hasChildren | (twins ? Node::hasTwinLeaves : 0))) bad(name + " has unknown flags");
    open.push_back(node.payload);
  }
  bad(name + " has no end");
}

void validateSamples(const Forest& forest) {
  const LeafSamples& samples = forest.leafSamples;
  if (samples.empty()) {
    if (!samples.targets.empty() || samples.ranks.size() > 0 || samples.squares.size() > 0) bad("samples of no leaf");
    return;
  }
  if (samples.perLeaf > maxSamplesPerLeaf || forest.aggregate != Aggregate::mean || !std::isfinite(samples.centre))
    bad("unfit leaf samples");
  if (samples.targets.empty() || samples.targets.size() > 65536) bad("no targets or too many for its leaf samples");
  for (std::size_t i = 0; i < samples.targets.size(); i++)
    if (!std::isfinite(samples.targets[i]) || (i > 0 && samples.targets[i] < samples.targets[i - 1]))
      bad("targets of leaf samples that do not ascend");
  // A binary tree has one leaf more than it has splits.
  const std::size_t leaves = (forest.nodes.size() + forest.treeCount()) / 2;
  if (samples.squares.size() != leaves || samples.ranks.size() != leaves * samples.perLeaf)
    bad("leaf samples for other leaves than it has");
  for (std::size_t leaf = 0; leaf < leaves; leaf++)
    if (!(samples.squares[leaf] >= 0) || !std::isfinite(samples.squares[leaf])) bad("a leaf with an unfit mean square");
  for (std::size_t i = 0; i < samples.ranks.size(); i++)
    if (samples.ranks[i] >= samples.targets.size()) bad("a leaf sample of no target");
}

void validateRows(const Forest& forest) {
  const LeafRows& rows = forest.leafRows;
  if (rows.empty()) {
    if (!rows.targets.empty() || rows.ranks.size() > 0 || rows.weights.size() > 0) bad("rows of no leaf");
    return;
  }
  if (forest.aggregate != Aggregate::mean || !forest.leafSamples.empty()) bad("unfit leaf rows");
  for (std::size_t i = 0; i < rows.targets.size(); i++)
    if (!std::isfinite(rows.targets[i]) || (i > 0 && !(rows.targets[i - 1] < rows.targets[i])))
      bad("targets of leaf rows that do not ascend");
  if (rows.leaves() != (forest.nodes.size() + forest.treeCount()) / 2) bad("leaf rows for other leaves than it has");
  if (rows.starts[0] != 0 || rows.starts[rows.leaves()] != rows.ranks.size() || rows.weights.size() != rows.ranks.size())
    bad("leaf rows that do not add up");
  for (std::size_t leaf = 0; leaf < rows.leaves(); leaf++)
    if (rows.starts[leaf] >= rows.starts[leaf + 1]) bad("a leaf without rows");
  for (std::size_t i = 0; i < rows.ranks.size(); i++)
    if (rows.ranks[i] >= rows.targets.size() || rows.weights[i] == 0) bad("a leaf row of no target or weight");
}

}  // namespace

void validateForest(const Forest& forest) {
  if (forest.predictorCount() < 1 || forest.predictorCount() > maxPredictors) bad("it needs 1 to 255 predictors");
  if (forest.treeCount() < 1 || forest.treeCount() > maxTrees) bad("it needs 1 to 100000 trees");
  if (static_cast<std::uint32_t>(forest.aggregate) > static_cast<std::uint32_t>(Aggregate::sum))
    bad("unknown way to join the trees");
  if (!std::isfinite(forest.base) || (forest.base != 0 && forest.aggregate != Aggregate::sum)) bad("an unfit base value");
  for (std::size_t p = 0; p < forest.predictorCount(); p++) validateCuts(forest.cuts[p], p);
  if (forest.treeStarts.front() != 0 || forest.treeStarts.back() != forest.nodes.size()) bad("tree sizes do not add up");
  for (std::size_t t = 0; t < forest.treeCount(); t++) {
    if (forest.treeStarts[t] >= forest.treeStarts[t + 1]) bad("a tree has no nodes");
    if (forest.treeStarts[t + 1] > forest.nodes.size()) bad("tree sizes do not add up");
    if (forest.treeStarts[t + 1] - forest.treeStarts[t] > 0xfffffffeULL) bad("a tree is too large");
  }
  std::vector<std::uint32_t> open;
  for (std::size_t t = 0; t < forest.treeCount(); t++) validateTree(forest, t, open);
  validateSamples(forest);
  validateRows(forest);
}

void markTwinLeaves(Span<Node> tree) {
  for (std::size_t i = 0; i + 2 < tree.size(); i++)
    if (!tree[i].isLeaf() && tree[i].payload == i + 2 && tree[i + 1].isLeaf() && tree[i + 2].isLeaf())
      tree[i].flags |= Node::hasTwinLeaves;
}

}  // namespace loam

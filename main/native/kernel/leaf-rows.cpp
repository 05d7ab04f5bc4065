#include "leaf-rows.hpp"

#include <algorithm>

namespace loam {

DistinctTargets::DistinctTargets(Span<const double> target) : ranks(target.size()) {
  for (const double value : target) targets.push_back(static_cast<float>(value));
  std::sort(targets.begin(), targets.end());
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  for (std::size_t row = 0; row < target.size(); row++)
    ranks[row] = static_cast<std::uint32_t>(
        std::lower_bound(targets.begin(), targets.end(), static_cast<float>(target[row])) - targets.begin());
}

TreeRows rowsOfLeaves(const DistinctTargets& targets, Span<const std::uint64_t> weights, Span<const std::uint32_t> leafOf,
                      std::size_t leaves) {
  TreeRows rows;
  rows.counts.assign(leaves, 0);
  for (std::size_t row = 0; row < weights.size(); row++)
    if (weights[row] > 0) rows.counts[leafOf[row]]++;
  std::vector<std::size_t> next(leaves, 0);
  for (std::size_t leaf = 1; leaf < leaves; leaf++) next[leaf] = next[leaf - 1] + rows.counts[leaf - 1];
  const std::size_t all = leaves == 0 ? 0 : next.back() + rows.counts.back();
  rows.ranks.resize(all);
  rows.weights.resize(all);
  for (std::size_t row = 0; row < weights.size(); row++) {
    if (weights[row] == 0) continue;
    const std::size_t to = next[leafOf[row]]++;
    rows.ranks[to] = targets.ranks[row];
    rows.weights[to] = static_cast<std::uint32_t>(weights[row]);
  }
  return rows;
}

LeafRows joinRows(DistinctTargets& targets, std::vector<TreeRows>& trees) {
  std::size_t leaves = 0, all = 0;
  for (const TreeRows& tree : trees) leaves += tree.counts.size(), all += tree.ranks.size();
  LeafRows rows;
  rows.targets = std::move(targets.targets);
  rows.starts = PagedArray<std::uint64_t>(leaves + 1);
  rows.ranks = PagedArray<std::uint32_t>(all);
  rows.weights = PagedArray<std::uint32_t>(all);
  std::size_t leaf = 0, at = 0, start = 0;
  for (TreeRows& tree : trees) {
    std::copy(tree.ranks.begin(), tree.ranks.end(), rows.ranks.data() + at);
    std::copy(tree.weights.begin(), tree.weights.end(), rows.weights.data() + at);
    at += tree.ranks.size();
    for (const std::uint32_t count : tree.counts) {
      rows.starts[leaf++] = start;
      start += count;
    }
    tree = {};
  }
  rows.starts[leaf] = start;
  return rows;
}

}  // namespace loam

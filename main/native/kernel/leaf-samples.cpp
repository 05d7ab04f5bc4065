#include "leaf-samples.hpp"

#include <algorithm>
#include <numeric>

#include "forest.hpp"
#include "random.hpp"

namespace loam {

TargetRanks::TargetRanks(Span<const double> target) : ranks(target.size()), order(target.size()) {
  constexpr std::size_t most = 65536;
  const std::size_t n = target.size();
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return target[a] != target[b] ? target[a] < target[b] : a < b; });
  double sum = 0;
  std::size_t distinct = 0;
  for (std::size_t i = 0; i < n; i++) {
    sum += target[i];
    distinct += i == 0 || static_cast<float>(target[order[i]]) != static_cast<float>(target[order[i - 1]]);
  }
  centre = n == 0 ? 0 : sum / static_cast<double>(n);
  const bool isWhole = distinct <= most;
  if (!isWhole)
    for (std::size_t k = 0; k < most; k++) targets.push_back(static_cast<float>(target[order[(2 * k + 1) * n / (2 * most)]]));
  for (std::size_t i = 0; i < n; i++) {
    const auto value = static_cast<float>(target[order[i]]);
    if (isWhole && (targets.empty() || targets.back() != value)) targets.push_back(value);
    ranks[order[i]] = static_cast<std::uint16_t>(isWhole ? targets.size() - 1 : i * most / n);
  }
}

TreeSamples sampleLeaves(const TargetRanks& ranks, Span<const double> target, Span<const std::uint64_t> weights,
                         Span<const std::uint32_t> leafOf, std::size_t leaves, std::uint32_t perLeaf, std::uint64_t seed) {
  // Rows of each leaf by ascending target: a counting sort of all rows in that order.
  std::vector<std::uint32_t> starts(leaves + 1, 0);
  for (std::size_t row = 0; row < weights.size(); row++)
    if (weights[row] > 0) starts[leafOf[row] + 1]++;
  for (std::size_t leaf = 0; leaf < leaves; leaf++) starts[leaf + 1] += starts[leaf];
  std::vector<std::uint32_t> rows(starts[leaves]), next(starts.begin(), starts.end() - 1);
  for (const std::uint32_t row : ranks.order)
    if (weights[row] > 0) rows[next[leafOf[row]]++] = row;

  TreeSamples result;
  result.ranks.reserve(leaves * perLeaf);
  result.squares.reserve(leaves);
  for (std::size_t leaf = 0; leaf < leaves; leaf++) {
    double weight = 0, squares = 0;
    for (std::uint32_t i = starts[leaf]; i < starts[leaf + 1]; i++) {
      const double own = static_cast<double>(weights[rows[i]]), gap = target[rows[i]] - ranks.centre;
      weight += own;
      squares += own * gap * gap;
    }
    result.squares.push_back(static_cast<float>(squares / weight));
    Random random(mix(seed, leaf));
    const double offset = random.next() * 0x1p-32;
    std::uint32_t at = starts[leaf];
    double passed = static_cast<double>(weights[rows[at]]);
    for (std::uint32_t j = 0; j < perLeaf; j++) {
      const double place = (j + offset) * weight / perLeaf;
      while (passed <= place && at + 1 < starts[leaf + 1]) passed += static_cast<double>(weights[rows[++at]]);
      result.ranks.push_back(ranks.ranks[rows[at]]);
    }
  }
  return result;
}

void numberLeaves(Span<const Node> tree, Node* numbered) {
  std::uint32_t leaf = firstLeafBits;
  for (std::size_t i = 0; i < tree.size(); i++) {
    numbered[i] = tree[i];
    if (tree[i].isLeaf()) numbered[i].payload = leaf++;
  }
}

}  // namespace loam

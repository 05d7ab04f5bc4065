#pragma once
#include <algorithm>
#include <vector>

#include "../kernel/forest.hpp"

/** Largest number of splits from a root to a leaf. */
inline std::size_t forestDepth(const loam::Forest& forest) {
  std::size_t deepest = 0;
  std::vector<std::size_t> depths;  // Of the right children still to come, innermost last.
  for (std::size_t t = 0; t < forest.treeCount(); t++) {
    std::size_t depth = 0;
    depths.clear();
    for (const loam::Node& node : forest.tree(t)) {
      deepest = std::max(deepest, depth);
      if (!node.isLeaf()) {
        depths.push_back(++depth);
      } else if (!depths.empty()) {
        depth = depths.back();
        depths.pop_back();
      }
    }
  }
  return deepest;
}

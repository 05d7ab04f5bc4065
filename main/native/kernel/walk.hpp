#pragma once
#include <cstdint>

#include "forest.hpp"

namespace loam {

/** Walks one tree for many cells.
 *  @param codes cells × stride, the codes of one cell side by side
 *  @param take called as take(cell, leafValue) for every cell, in order
 *  16 cells are under way at once, so that their waits for memory overlap. */
template <class Take>
void walkTree(Span<const Node> tree, const std::uint16_t* codes, std::size_t stride, std::size_t cells, Take&& take) {
  constexpr std::size_t lanes = 16;
  const Node* nodes = tree.data();
  std::size_t cell = 0;
  for (; cell + lanes <= cells; cell += lanes) {
    const std::uint16_t* own = codes + cell * stride;
    std::uint32_t at[lanes] = {};
    unsigned moving;
    do {
      moving = 0;
      for (std::size_t lane = 0; lane < lanes; lane++) {
        const Node node = nodes[at[lane]];
        const std::uint32_t left = at[lane] + (node.flags & Node::hasChildren);
        at[lane] = own[lane * stride + node.predictor] <= node.cut ? left : node.payload;
        moving |= node.flags;
      }
    } while (moving != 0);
    for (std::size_t lane = 0; lane < lanes; lane++) take(cell + lane, nodes[at[lane]].value());
  }
  for (; cell < cells; cell++) {
    const std::uint16_t* own = codes + cell * stride;
    std::uint32_t at = 0;
    while (!nodes[at].isLeaf()) at = own[nodes[at].predictor] <= nodes[at].cut ? at + 1 : nodes[at].payload;
    take(cell, nodes[at].value());
  }
}

}  // namespace loam

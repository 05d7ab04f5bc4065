#pragma once
#include <cstdint>
#include <cstring>

#include "forest.hpp"

namespace loam {

/** Walks one tree for many cells.
 *  @param codes cells × stride, the codes of one cell side by side
 *  @param take called as take(cell, leafValue) for every cell, in order
 *  8 cells are under way at once, so that their waits for memory overlap (16 need more registers than there are: 28 against
 *  20 ns per cell and tree). A step is arithmetic on the 8 bytes of a node: of a choice the compiler makes a branch, and half
 *  of those are mispredicted (57 against 20 ns). For rows of a table; neighbouring cells of a map go by mask-walk.hpp. */
template <class Take>
void walkTree(Span<const Node> tree, const std::uint16_t* codes, std::size_t stride, std::size_t cells, Take&& take) {
  constexpr std::size_t lanes = 8;
  const Node* nodes = tree.data();
  std::size_t cell = 0;
  for (; cell + lanes <= cells; cell += lanes) {
    const std::uint16_t* own = codes + cell * stride;
    std::uint32_t at[lanes] = {};
    std::uint64_t moving;
    do {
      moving = 0;
      for (std::size_t lane = 0; lane < lanes; lane++) {
        std::uint64_t node;  // cut 16 | predictor 8 | flags 8 | payload 32, little-endian as in the file
        std::memcpy(&node, nodes + at[lane], sizeof node);
        const std::uint32_t code = own[lane * stride + (node >> 16 & 0xff)];
        const std::uint32_t left = at[lane] + (node >> 24 & Node::hasChildren);
        const auto right = static_cast<std::uint32_t>(node >> 32);
        const std::uint32_t isLeft = 0u - static_cast<std::uint32_t>(code <= (node & 0xffff));
        at[lane] = right ^ ((right ^ left) & isLeft);
        moving |= node;
      }
    } while ((moving >> 24 & Node::hasChildren) != 0);
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

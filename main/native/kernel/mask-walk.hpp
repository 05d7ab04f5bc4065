#pragma once
#include <algorithm>
#include <cstdint>

#include "forest.hpp"
#include "instruction-set.hpp"
#include "paged-array.hpp"
#include "span.hpp"

namespace loam {

/** Cells are walked in blocks of 64, one bit of a mask each. */
constexpr std::size_t blockCells = 64;

/** Cells of a tile, walked through a tree together. */
struct MaskTile {
  /** @param blocks room for so many blocks of 64 cells, at most 65 536 */
  MaskTile(std::size_t blocks, std::size_t predictors)
      : capacity(blocks * blockCells), codes(capacity * predictors), valid(blocks), sums(capacity), leaves(capacity),
        workMasks(blocks + 1), workBlocks(blocks + 1), waitingMasks(capacity + blocks), waitingBlocks(capacity + blocks),
        frames(capacity + 1) {
    // Places without a cell are compared and added too, and then left out.
    std::fill_n(codes.data(), codes.size(), std::uint16_t{0});
    std::fill_n(leaves.data(), leaves.size(), 0.0f);
  }

  std::size_t capacity;
  /** Blocks in use. */
  std::size_t blocks = 0;
  /** Predictors × capacity: codes of block b at b × 64. */
  PagedArray<std::uint16_t> codes;
  /** Per block the cells that have all predictors. */
  PagedArray<std::uint64_t> valid;
  /** Per cell the sum of leaf values. */
  PagedArray<double> sums;
  /** Per cell the value of the tree under way: storing it and adding all in the end takes half the time of adding at each leaf. */
  PagedArray<float> leaves;

  /** A right child and how many entries on top of the waiting lists are its own. */
  struct Frame {
    std::uint32_t node;
    std::uint32_t count;
  };
  // A list is the cells of masks[i] of block blocks[i], for each i. The list under way and those that wait are disjoint and no
  // mask is empty, so there are never more entries or frames than cells.
  PagedArray<std::uint64_t> workMasks;
  PagedArray<std::uint16_t> workBlocks;
  PagedArray<std::uint64_t> waitingMasks;
  PagedArray<std::uint16_t> waitingBlocks;
  PagedArray<Frame> frames;
};

/** Adds one tree's leaf values to the sums of the valid cells.
 *  @param nextTree is brought into the cache meanwhile; may be empty
 *  The list of all (block, mask of its cells) is pushed from the root down; at a split each mask falls into a left and a right
 *  one by a single compare of 64 codes. Neighbouring cells go the same way, so a list is short, and no cell is walked alone. */
using AddTree = void (*)(const Node* tree, Span<const Node> nextTree, MaskTile& tile);

/** All forms give the same bits. */
AddTree addTreeForm(InstructionSet set);

/** All forms this machine can run, the portable one first. */
struct NamedAddTree {
  const char* name;
  AddTree add;
};
std::size_t addTreeForms(NamedAddTree (&forms)[4]);

/** The fastest form this machine can run, or the one LOAM_ISA asks for (see `chosenInstructionSet`). */
AddTree addTreeForThisMachine();

}  // namespace loam

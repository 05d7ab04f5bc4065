#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "forest.hpp"
#include "instruction-set.hpp"
#include "paged-array.hpp"
#include "span.hpp"

namespace loam {

/** Cells are walked in blocks of 64, one bit of a mask each. */
constexpr std::size_t blockCells = 64;

/** Cells of a tile, walked through a tree together. */
struct MaskTile {
  MaskTile(std::size_t blocks, std::size_t predictors) : MaskTile(blocks, 1, std::vector<bool>(predictors, false)) {}

  /** @param places blocks of 64 cells of one day; times the days at most 65 536
   *  @param days of the same places: block `place × days + day` holds the cells of a place on a day
   *  @param isStatic per predictor whether its codes are the same on all days, and lie here once: then each line of them is in
   *  the cache when the next day needs it */
  MaskTile(std::size_t places, std::size_t days, const std::vector<bool>& isStatic)
      : days(days), capacity(places * days * blockCells), codes(capacity * isStatic.size()), codeBlocks(isStatic.size()),
        valid(places * days), sums(capacity), leaves(capacity), workMasks(places * days + 1), workBlocks(places * days + 1),
        waitingMasks(capacity + places * days), waitingBlocks(capacity + places * days), frames(capacity + 1),
        ownBlocks(2 * places * days) {
    // Places without a cell are compared and added too, and then left out.
    std::fill_n(codes.data(), codes.size(), std::uint16_t{0});
    std::fill_n(leaves.data(), leaves.size(), 0.0f);
    const std::size_t blocks = places * days;
    for (std::size_t b = 0; b < blocks; b++) {
      ownBlocks[b] = static_cast<std::uint16_t>(b);
      ownBlocks[blocks + b] = static_cast<std::uint16_t>(b / days);
    }
    for (std::size_t p = 0; p < isStatic.size(); p++) codeBlocks[p] = ownBlocks.data() + (isStatic[p] ? blocks : 0);
  }
  bool isStatic(std::size_t predictor) const { return codeBlocks[predictor] != ownBlocks.data(); }

  std::size_t days;
  std::size_t capacity;
  /** Blocks in use. */
  std::size_t blocks = 0;
  /** Predictors × capacity: codes of block b of predictor p at codeBlocks[p][b] × 64. */
  PagedArray<std::uint16_t> codes;
  /** Per predictor where the codes of each block lie: at its own place, or at that of all days. */
  PagedArray<const std::uint16_t*> codeBlocks;
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

 private:
  PagedArray<std::uint16_t> ownBlocks;
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

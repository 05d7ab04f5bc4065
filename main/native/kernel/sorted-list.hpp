#pragma once
#include <cstddef>
#include <cstdint>

#include "instruction-set.hpp"

namespace loam {

/** Nodes up to this many rows are split by exact search over sorted lists, one per predictor. */
constexpr std::uint32_t smallRows = 1024;
/** Lists and their scratch need room for so many entries more, which vectors read or write. */
constexpr std::uint32_t listSlack = 16;

/** Entry of a sorted list: spread code in the upper half, row in the lower. */
constexpr std::uint32_t entryCode(std::uint32_t entry) { return entry >> 16; }
constexpr std::uint32_t entryRow(std::uint32_t entry) { return entry & 0xffff; }

/** The same for lists longer than that. */
constexpr std::uint32_t entryCode(std::uint64_t entry) { return static_cast<std::uint32_t>(entry >> 32); }
constexpr std::uint32_t entryRow(std::uint64_t entry) { return static_cast<std::uint32_t>(entry); }

/** Weight × fixed target and weight of a row of a small node. */
struct alignas(16) LocalRow {
  std::int64_t target;
  std::int64_t weight;
};

/** Running sums of target and weight over a list as doubles; exact, as all of them are integers below 2^51. */
struct alignas(64) ListSums {
  double sums[smallRows + listSlack][2];
};

/** Where to part a list. */
struct ListSplit {
  /** Entries of the left part; 0 when nothing can be parted. */
  std::uint32_t left = 0;
  std::int64_t target = 0;
  std::int64_t weight = 0;
};

/** The work on sorted lists, which is half of training, in one form per instruction set; all give the same bits. */
struct ListForm {
  /** The split between two different codes, minLeaf or more entries on each side, that lowers the summed squared residuals most;
   *  of equal ones the first.
   *  @param target, weight of all rows in the list; the sums of any part must stay below 2^51 */
  ListSplit (*search)(const std::uint32_t* entries, std::uint32_t count, std::uint32_t minLeaf, const LocalRow* local,
                      double target, double weight, ListSums& sums);
  /** Parts a list into the entries whose row has the bit 0 in `side` and those whose row has 1; both keep their order.
   *  @param side 1 024 bits */
  void (*part)(std::uint32_t* entries, std::uint32_t count, const std::uint32_t* side, std::uint32_t* scratch);
};

ListForm listForm(InstructionSet set);

/** Sorts entries by their codes; equal codes keep their order.
 *  @param other room for as many */
void sortByCode(std::uint32_t* entries, std::uint32_t* other, std::uint32_t count);

}  // namespace loam

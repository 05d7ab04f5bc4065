#pragma once
#include <cstddef>
#include <cstdint>

namespace loam {

/** The wanted[k]-th smallest of some ranks, counted from 1, for each k: 16 counts of how many are at most a limit, which a
 *  machine does 8 to 32 at a time; no branch depends on the ranks.
 *  @param ranks in any order
 *  @param wanted ascending, 1 to count */
using SelectRanks = void (*)(const std::uint16_t* ranks, std::size_t count, const std::uint32_t* wanted, std::size_t quantiles,
                             std::uint16_t* selected);

/** The fastest form of it this machine can run, or the one LOAM_ISA names; all give the same. */
SelectRanks selectRanksForThisMachine();

struct NamedSelectRanks {
  const char* name;
  SelectRanks select;
};
std::size_t selectRanksForms(NamedSelectRanks (&forms)[3]);

}  // namespace loam

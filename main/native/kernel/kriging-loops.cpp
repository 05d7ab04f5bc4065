#include "kriging-loops.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>

#include "instruction-set.hpp"

// Square roots of negative numbers do not occur, so nothing is lost by not setting errno; it makes the loops vectors.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3", "no-math-errno", "no-trapping-math")
#endif

namespace loam {
namespace {

namespace portable {
#define KRIGING_LANES 2
#define KRIGING_ROWS 4
#include "kriging-loops-body.hpp"
#undef KRIGING_LANES
#undef KRIGING_ROWS
}  // namespace portable

#ifdef LOAM_X86_FORMS
#pragma GCC optimize("fp-contract=fast")
#pragma GCC push_options
#pragma GCC target("avx2,fma")
namespace avx2 {
#define KRIGING_LANES 4
#define KRIGING_ROWS 4
#include "kriging-loops-body.hpp"
#undef KRIGING_LANES
#undef KRIGING_ROWS
}  // namespace avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,fma,prefer-vector-width=512")
namespace avx512 {
#define KRIGING_LANES 8
#define KRIGING_ROWS 8
#include "kriging-loops-body.hpp"
#undef KRIGING_LANES
#undef KRIGING_ROWS
}  // namespace avx512
#pragma GCC pop_options
#endif

}  // namespace

const KrigingLoops& krigingLoopsForThisMachine() {
#ifdef LOAM_X86_FORMS
  const InstructionSet set = chosenInstructionSet();
  if (set == InstructionSet::avx512) return avx512::loops;
  if (set == InstructionSet::avx2 && __builtin_cpu_supports("fma")) return avx2::loops;
#endif
  return portable::loops;
}

}  // namespace loam

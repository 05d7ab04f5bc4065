#include "kriging-loops.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>

#include "instruction-set.hpp"

#ifdef LOAM_X86_FORMS
#include <immintrin.h>
#endif

// Square roots of negative numbers do not occur, so nothing is lost by not setting errno; it makes the loops vectors.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3", "no-math-errno", "no-trapping-math")
#endif

namespace loam {
namespace {

namespace portable {
#if defined(__GNUC__)
#define KRIGING_LANES 2
#else
#define KRIGING_LANES 1
#endif
#define KRIGING_ROWS 4
#include "kriging-loops-body.hpp"
#undef KRIGING_LANES
#undef KRIGING_ROWS
}  // namespace portable

#ifdef LOAM_X86_FORMS
#pragma GCC optimize("fp-contract=fast")
/** Keeps the compiler from joining a product with a sum. */
#define KRIGING_ROUNDED(product) asm("" : "+v"(product))
#pragma GCC push_options
#pragma GCC target("avx2,fma")
namespace avx2 {
#define KRIGING_LANES 4
#define KRIGING_ROWS 4
#define KRIGING_ROOT(squares) _mm256_sqrt_pd(squares)
#define KRIGING_LEAST(a, b) _mm256_min_pd(a, b)
#include "kriging-loops-body.hpp"
#undef KRIGING_LANES
#undef KRIGING_ROWS
#undef KRIGING_ROOT
#undef KRIGING_LEAST
}  // namespace avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,fma,prefer-vector-width=512")
namespace avx512 {

/** Square roots to the last bit or one off, by an estimate of 14 bits and two steps after Goldschmidt: half the time of the
 *  machine's own. 0 gives 1e-150. */
inline __m512d quickRoot(__m512d squares) {
  const __m512d x = _mm512_maskz_max_pd(0xff, squares, _mm512_set1_pd(1e-300)), half = _mm512_set1_pd(0.5);
  const __m512d inverse = _mm512_maskz_rsqrt14_pd(0xff, x);
  __m512d root = _mm512_mul_pd(x, inverse), halfInverse = _mm512_mul_pd(half, inverse);
  const __m512d lack = _mm512_fnmadd_pd(root, halfInverse, half);
  root = _mm512_fmadd_pd(root, lack, root);
  halfInverse = _mm512_fmadd_pd(halfInverse, lack, halfInverse);
  return _mm512_fmadd_pd(_mm512_fnmadd_pd(root, root, x), halfInverse, root);
}

#define KRIGING_LANES 8
#define KRIGING_ROWS 8
#define KRIGING_ROOT(squares) quickRoot(squares)
#define KRIGING_LEAST(a, b) _mm512_maskz_min_pd(0xff, a, b)
#include "kriging-loops-body.hpp"
#undef KRIGING_LANES
#undef KRIGING_ROWS
#undef KRIGING_ROOT
#undef KRIGING_LEAST
}  // namespace avx512
#pragma GCC pop_options
#undef KRIGING_ROUNDED
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

#include "radial-kernel.hpp"

#include <cstdint>
#include <cstring>

#include "instruction-set.hpp"

// Comparisons of finite numbers raise nothing that anyone looks at; without this the loops would not become vectors.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3", "no-math-errno", "no-trapping-math")
#define LOAM_INLINE __attribute__((always_inline)) inline
#else
#define LOAM_INLINE inline
#endif

namespace loam {
namespace {

typedef double Lane;
typedef std::uint64_t Bits;
#include "exp-body.hpp"

LOAM_INLINE void addRadial(const double* x, std::size_t predictors, const double* vectors, const double* weights,
                           std::size_t count, double gamma, double* sums) {
  double squares[radialBlock];
  for (std::size_t v = 0; v < count; v++) {
    const double* vector = vectors + v * predictors;
    const double weight = weights[v];
    for (std::size_t c = 0; c < radialBlock; c++) squares[c] = 0;
    for (std::size_t p = 0; p < predictors; p++) {
      const double* own = x + p * radialBlock;
      const double at = vector[p];
      for (std::size_t c = 0; c < radialBlock; c++) {
        const double apart = own[c] - at;
        squares[c] += apart * apart;
      }
    }
    for (std::size_t c = 0; c < radialBlock; c++) sums[c] += weight * expOfNegative(-gamma * squares[c]);
  }
}

void portable(const double* x, std::size_t predictors, const double* vectors, const double* weights, std::size_t count,
              double gamma, double* sums) {
  addRadial(x, predictors, vectors, weights, count, gamma, sums);
}

#ifdef LOAM_X86_FORMS
__attribute__((target("avx2"))) void avx2(const double* x, std::size_t predictors, const double* vectors, const double* weights,
                                          std::size_t count, double gamma, double* sums) {
  addRadial(x, predictors, vectors, weights, count, gamma, sums);
}

__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,prefer-vector-width=512"))) void avx512(
    const double* x, std::size_t predictors, const double* vectors, const double* weights, std::size_t count, double gamma,
    double* sums) {
  addRadial(x, predictors, vectors, weights, count, gamma, sums);
}
#endif

}  // namespace

AddRadial radialForThisMachine() {
#ifdef LOAM_X86_FORMS
  const InstructionSet set = chosenInstructionSet();
  if (set == InstructionSet::avx512) return avx512;
  if (set == InstructionSet::avx2) return avx2;
#endif
  return portable;
}

}  // namespace loam

#pragma once
#include <cstdint>

#include "instruction-set.hpp"

#ifdef LOAM_X86_FORMS
#include <emmintrin.h>
#endif

namespace loam {

/** Sums of the rows in one bin. */
template <class Weight>
struct Bin {
  std::int64_t target;
  Weight weight;
  std::uint32_t rows;

  void add(std::int64_t rowTarget, std::uint32_t rowWeight) {
    target += rowTarget;
    weight += rowWeight;
    rows++;
  }
};

/** Without weights a bin has 16 bytes, and one addition of two 64-bit numbers per row and predictor does. */
template <>
struct alignas(16) Bin<std::uint32_t> {
  std::int64_t target;
  std::uint32_t weight;
  std::uint32_t rows;

  void add(std::int64_t rowTarget, std::uint32_t rowWeight) {
#ifdef LOAM_X86_FORMS
    auto* bin = reinterpret_cast<__m128i*>(this);
    const __m128i row = _mm_set_epi64x(static_cast<std::int64_t>(std::uint64_t{1} << 32 | rowWeight), rowTarget);
    _mm_store_si128(bin, _mm_add_epi64(_mm_load_si128(bin), row));
#else
    target += rowTarget;
    weight += rowWeight;
    rows++;
#endif
  }
};

}  // namespace loam

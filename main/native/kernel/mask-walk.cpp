#include "mask-walk.hpp"

#include <cstring>

#if defined(__x86_64__) || defined(_M_X64)
#define LOAM_X86 1
#include <immintrin.h>
#endif
// Other compilers need one file with flags of its own per instruction set; until then they take the portable form.
#if defined(LOAM_X86) && defined(__GNUC__) && !defined(__clang__)
#define LOAM_X86_FORMS 1
#endif

namespace loam {
namespace {

constexpr int nodesPerLine = 64 / sizeof(Node);

inline void prefetch(const Node* node) {
#if defined(__GNUC__)
  __builtin_prefetch(node, 0, 2);
#else
  (void)node;
#endif
}

/** Adds by going through the cells of a mask. */
inline unsigned lowestBit(std::uint64_t mask) {
#if defined(__GNUC__)
  return static_cast<unsigned>(__builtin_ctzll(mask));
#else
  unsigned bit = 0;
  while ((mask >> bit & 1) == 0) bit++;
  return bit;
#endif
}

inline void addLeafByBits(double* sums, std::uint64_t mask, double value) {
  for (; mask != 0; mask &= mask - 1) sums[lowestBit(mask)] += value;
}

inline void addTwinsByBits(double* sums, std::uint64_t mask, std::uint64_t isLeft, double left, double right) {
  const double values[2] = {right, left};
  for (; mask != 0; mask &= mask - 1) {
    const unsigned bit = lowestBit(mask);
    sums[bit] += values[isLeft >> bit & 1];
  }
}

namespace portable {

/** Bit i: codes[i] <= cut. */
inline std::uint64_t compare64(const std::uint16_t* codes, std::uint16_t cut) {
#ifdef LOAM_X86
  // SSE2, which every x86-64 has: codes − cut, not below 0, is 0.
  const __m128i limit = _mm_set1_epi16(static_cast<short>(cut)), zero = _mm_setzero_si128();
  std::uint64_t mask = 0;
  for (int part = 0; part < 4; part++) {
    const auto* at = reinterpret_cast<const __m128i*>(codes + 16 * part);
    const __m128i low = _mm_cmpeq_epi16(_mm_subs_epu16(_mm_load_si128(at), limit), zero);
    const __m128i high = _mm_cmpeq_epi16(_mm_subs_epu16(_mm_load_si128(at + 1), limit), zero);
    mask |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(low, high)))) << (16 * part);
  }
  return mask;
#else
  std::uint64_t mask = 0;
  for (unsigned i = 0; i < 64; i++) mask |= static_cast<std::uint64_t>(codes[i] <= cut) << i;
  return mask;
#endif
}
inline void addLeaf(double* sums, std::uint64_t mask, double value) { addLeafByBits(sums, mask, value); }
inline void addTwins(double* sums, std::uint64_t mask, std::uint64_t isLeft, double left, double right) {
  addTwinsByBits(sums, mask, isLeft, left, right);
}
#include "mask-walk-body.hpp"

}  // namespace portable

#ifdef LOAM_X86_FORMS

#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2")
namespace avx2 {

inline std::uint64_t compare32(const std::uint16_t* codes, __m256i limit) {
  const auto* at = reinterpret_cast<const __m256i*>(codes);
  const __m256i zero = _mm256_setzero_si256();
  const __m256i low = _mm256_cmpeq_epi16(_mm256_subs_epu16(_mm256_load_si256(at), limit), zero);
  const __m256i high = _mm256_cmpeq_epi16(_mm256_subs_epu16(_mm256_load_si256(at + 1), limit), zero);
  const __m256i packed = _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), 0xd8);
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(packed));
}
inline std::uint64_t compare64(const std::uint16_t* codes, std::uint16_t cut) {
  const __m256i limit = _mm256_set1_epi16(static_cast<short>(cut));
  return compare32(codes, limit) | compare32(codes + 32, limit) << 32;
}
inline void addLeaf(double* sums, std::uint64_t mask, double value) {
  for (; mask != 0; mask &= mask - 1) sums[__builtin_ctzll(mask)] += value;
}
inline void addTwins(double* sums, std::uint64_t mask, std::uint64_t isLeft, double left, double right) {
  const double values[2] = {right, left};
  for (; mask != 0; mask &= mask - 1) {
    const int bit = __builtin_ctzll(mask);
    sums[bit] += values[isLeft >> bit & 1];
  }
}
#include "mask-walk-body.hpp"

}  // namespace avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,bmi,bmi2")
namespace avx512 {

inline std::uint64_t compare64(const std::uint16_t* codes, std::uint16_t cut) {
  const __m512i limit = _mm512_set1_epi16(static_cast<short>(cut));
  const std::uint64_t low = _mm512_cmple_epu16_mask(_mm512_load_si512(codes), limit);
  const std::uint64_t high = _mm512_cmple_epu16_mask(_mm512_load_si512(codes + 32), limit);
  return low | high << 32;
}
/** Eight cells at a time; the others keep their bits, as a masked add does not touch them. */
inline void addLeaf(double* sums, std::uint64_t mask, double value) {
  const __m512d values = _mm512_set1_pd(value);
  for (int part = 0; part < 8; part++, mask >>= 8, sums += 8) {
    const __m512d old = _mm512_load_pd(sums);
    _mm512_store_pd(sums, _mm512_mask_add_pd(old, static_cast<__mmask8>(mask), old, values));
  }
}
inline void addTwins(double* sums, std::uint64_t mask, std::uint64_t isLeft, double left, double right) {
  const __m512d lefts = _mm512_set1_pd(left), rights = _mm512_set1_pd(right);
  for (int part = 0; part < 8; part++, mask >>= 8, isLeft >>= 8, sums += 8) {
    const __m512d old = _mm512_load_pd(sums);
    const __m512d values = _mm512_mask_blend_pd(static_cast<__mmask8>(isLeft), rights, lefts);
    _mm512_store_pd(sums, _mm512_mask_add_pd(old, static_cast<__mmask8>(mask), old, values));
  }
}
#include "mask-walk-body.hpp"

}  // namespace avx512
#pragma GCC pop_options

#endif

}  // namespace

std::size_t addTreeForms(NamedAddTree (&forms)[3]) {
  std::size_t count = 0;
  forms[count++] = {"portable", portable::addTree};
#ifdef LOAM_X86_FORMS
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) forms[count++] = {"avx2", avx2::addTree};
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("bmi2"))
    forms[count++] = {"avx512", avx512::addTree};
#endif
  return count;
}

AddTree addTreeForThisMachine() {
  NamedAddTree forms[3];
  return forms[addTreeForms(forms) - 1].add;
}

}  // namespace loam

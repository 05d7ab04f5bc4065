#include "sorted-list.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#ifdef LOAM_X86_FORMS
#include <immintrin.h>
#endif

namespace loam {
namespace {

namespace portable {

ListSplit search(const std::uint32_t* entries, std::uint32_t count, std::uint32_t minLeaf, const LocalRow* local, double target,
                 double weight, ListSums&) {
  if (count < 2 * minLeaf) return {};
  ListSplit found;
  std::int64_t leftTarget = 0, leftWeight = 0;
  double best = -1;
  std::uint32_t i = 0;
  for (; i + 1 < minLeaf; i++) {
    leftTarget += local[entryRow(entries[i])].target;
    leftWeight += local[entryRow(entries[i])].weight;
  }
  for (; i < count - minLeaf; i++) {
    leftTarget += local[entryRow(entries[i])].target;
    leftWeight += local[entryRow(entries[i])].weight;
    if (entryCode(entries[i]) == entryCode(entries[i + 1])) continue;
    const double left = static_cast<double>(leftWeight);
    const double moved = static_cast<double>(leftTarget) * weight - target * left;
    const double numerator = moved * moved, denominator = left * (weight - left);
    if (numerator < best * (1 - 1e-12) * denominator) continue;  // Surely no better; saves nearly all divisions.
    const double gain = numerator / denominator;
    if (gain > best) best = gain, found = {i + 1, leftTarget, leftWeight};
  }
  return found;
}

void part(std::uint32_t* entries, std::uint32_t count, const std::uint32_t* side, std::uint32_t* scratch) {
  std::uint32_t left = 0, right = 0;
  for (std::uint32_t i = 0; i < count; i++) {
    const std::uint32_t entry = entries[i];
    const std::uint32_t isRight = side[entryRow(entry) >> 5] >> (entry & 31) & 1;
    entries[left] = entry;
    scratch[right] = entry;
    left += 1 - isRight;
    right += isRight;
  }
  std::memcpy(entries + left, scratch, right * sizeof *entries);
}

}  // namespace portable

#ifdef LOAM_X86_FORMS

/** Added to an integer below 2^51 it gives the bits of the double (integer + magicValue): a conversion by one addition. */
constexpr std::int64_t magicBits = 0x4338000000000000;
constexpr double magicValue = 6755399441055744.0;

/** Sums up to each entry that may end a left part. */
inline __attribute__((always_inline)) void sumUp(const std::uint32_t* entries, std::uint32_t end, std::uint32_t minLeaf, const LocalRow* local, ListSums& sums) {
  __m128i running = _mm_set1_epi64x(magicBits);
  const __m128d magic = _mm_set1_pd(magicValue);
  std::uint32_t i = 0;
  for (; i + 1 < minLeaf; i++)
    running = _mm_add_epi64(running, _mm_load_si128(reinterpret_cast<const __m128i*>(local + entryRow(entries[i]))));
  for (; i < end; i++) {
    running = _mm_add_epi64(running, _mm_load_si128(reinterpret_cast<const __m128i*>(local + entryRow(entries[i]))));
    _mm_store_pd(sums.sums[i], _mm_sub_pd(_mm_castsi128_pd(running), magic));
  }
}

ListSplit splitAt(std::uint32_t last, const ListSums& sums) {
  return {last + 1, static_cast<std::int64_t>(sums.sums[last][0]), static_cast<std::int64_t>(sums.sums[last][1])};
}

#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2")
namespace avx2 {

ListSplit search(const std::uint32_t* entries, std::uint32_t count, std::uint32_t minLeaf, const LocalRow* local, double target,
                 double weight, ListSums& sums) {
  if (count < 2 * minLeaf) return {};
  const std::uint32_t end = count - minLeaf;
  sumUp(entries, end, minLeaf, local, sums);
  const __m256d all = _mm256_set1_pd(weight), goal = _mm256_set1_pd(target);
  __m256d best = _mm256_set1_pd(-1);
  __m256i places = _mm256_set1_epi64x(count), place = _mm256_setr_epi64x(0, 1, 2, 3);
  place = _mm256_add_epi64(place, _mm256_set1_epi64x(minLeaf - 1));
  const __m256i ends = _mm256_set1_epi64x(end);
  for (std::uint32_t i = minLeaf - 1; i < end; i += 4, place = _mm256_add_epi64(place, _mm256_set1_epi64x(4))) {
    const __m256d low = _mm256_loadu_pd(sums.sums[i]), high = _mm256_loadu_pd(sums.sums[i + 2]);
    const __m256d sum = _mm256_permute4x64_pd(_mm256_unpacklo_pd(low, high), 0xd8);
    const __m256d left = _mm256_permute4x64_pd(_mm256_unpackhi_pd(low, high), 0xd8);
    const __m256d moved = _mm256_sub_pd(_mm256_mul_pd(sum, all), _mm256_mul_pd(goal, left));
    const __m256d gain = _mm256_div_pd(_mm256_mul_pd(moved, moved), _mm256_mul_pd(left, _mm256_sub_pd(all, left)));
    const __m128i here = _mm_srli_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(entries + i)), 16);
    const __m128i next = _mm_srli_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(entries + i + 1)), 16);
    const __m256i isSame = _mm256_cvtepi32_epi64(_mm_cmpeq_epi32(here, next));
    const __m256i isHere = _mm256_andnot_si256(isSame, _mm256_cmpgt_epi64(ends, place));
    const __m256d isBetter = _mm256_and_pd(_mm256_cmp_pd(gain, best, _CMP_GT_OQ), _mm256_castsi256_pd(isHere));
    best = _mm256_blendv_pd(best, gain, isBetter);
    places = _mm256_blendv_epi8(places, place, _mm256_castpd_si256(isBetter));
  }
  alignas(32) double gains[4];
  alignas(32) std::int64_t lasts[4];
  _mm256_store_pd(gains, best);
  _mm256_store_si256(reinterpret_cast<__m256i*>(lasts), places);
  int found = 0;
  for (int lane = 1; lane < 4; lane++)
    if (gains[lane] > gains[found] || (gains[lane] == gains[found] && lasts[lane] < lasts[found])) found = lane;
  return gains[found] < 0 ? ListSplit{} : splitAt(static_cast<std::uint32_t>(lasts[found]), sums);
}

}  // namespace avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,bmi,bmi2,popcnt")
namespace avx512 {

ListSplit search(const std::uint32_t* entries, std::uint32_t count, std::uint32_t minLeaf, const LocalRow* local, double target,
                 double weight, ListSums& sums) {
  if (count < 2 * minLeaf) return {};
  const std::uint32_t end = count - minLeaf;
  sumUp(entries, end, minLeaf, local, sums);
  const __m512d all = _mm512_set1_pd(weight), goal = _mm512_set1_pd(target);
  const __m512i even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14), odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
  __m512d best = _mm512_set1_pd(-1);
  __m256i places = _mm256_set1_epi32(static_cast<int>(count));
  __m256i place = _mm256_add_epi32(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), _mm256_set1_epi32(static_cast<int>(minLeaf) - 1));
  for (std::uint32_t i = minLeaf - 1; i < end; i += 8, place = _mm256_add_epi32(place, _mm256_set1_epi32(8))) {
    const __m512d low = _mm512_loadu_pd(sums.sums[i]), high = _mm512_loadu_pd(sums.sums[i + 4]);
    const __m512d sum = _mm512_permutex2var_pd(low, even, high), left = _mm512_permutex2var_pd(low, odd, high);
    const __m512d moved = _mm512_sub_pd(_mm512_mul_pd(sum, all), _mm512_mul_pd(goal, left));
    const __m512d gain = _mm512_div_pd(_mm512_mul_pd(moved, moved), _mm512_mul_pd(left, _mm512_sub_pd(all, left)));
    const __m256i here = _mm256_srli_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(entries + i)), 16);
    const __m256i next = _mm256_srli_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(entries + i + 1)), 16);
    __mmask8 isHere = _mm256_cmpneq_epi32_mask(here, next);
    if (end - i < 8) isHere &= static_cast<__mmask8>((1u << (end - i)) - 1);
    const __mmask8 isBetter = _mm512_mask_cmp_pd_mask(isHere, gain, best, _CMP_GT_OQ);
    best = _mm512_mask_mov_pd(best, isBetter, gain);
    places = _mm256_mask_mov_epi32(places, isBetter, place);
  }
  alignas(64) double gains[8];
  alignas(32) std::uint32_t lasts[8];
  _mm512_store_pd(gains, best);
  _mm256_store_si256(reinterpret_cast<__m256i*>(lasts), places);
  int found = 0;
  for (int lane = 1; lane < 8; lane++)
    if (gains[lane] > gains[found] || (gains[lane] == gains[found] && lasts[lane] < lasts[found])) found = lane;
  return gains[found] < 0 ? ListSplit{} : splitAt(lasts[found], sums);
}

/** Sixteen entries at once: their side bits are looked up in two registers and the entries of each side pressed together. */
void part(std::uint32_t* entries, std::uint32_t count, const std::uint32_t* side, std::uint32_t* scratch) {
  const __m512i lowSide = _mm512_loadu_si512(side), highSide = _mm512_loadu_si512(side + 16);
  const __m512i one = _mm512_set1_epi32(1), bits = _mm512_set1_epi32(31);
  std::uint32_t left = 0, right = 0;
  for (std::uint32_t i = 0; i < count; i += 16) {
    const __m512i entry = _mm512_loadu_si512(entries + i);
    const __m512i word = _mm512_permutex2var_epi32(lowSide, _mm512_maskz_srli_epi32(0xffff, entry, 5), highSide);
    const __mmask16 isRight = _mm512_test_epi32_mask(_mm512_maskz_srlv_epi32(0xffff, word, _mm512_and_si512(entry, bits)), one);
    const __mmask16 isHere = count - i < 16 ? static_cast<__mmask16>((1u << (count - i)) - 1) : __mmask16{0xffff};
    const __mmask16 lefts = isHere & ~isRight, rights = isHere & isRight;
    const std::uint32_t leftCount = static_cast<std::uint32_t>(__builtin_popcount(lefts));
    const __m512i kept = _mm512_maskz_compress_epi32(lefts, entry);
    // Whole vectors may be written over entries that were read, but not beyond the list.
    if (count - i < 16)
      _mm512_mask_storeu_epi32(entries + left, static_cast<__mmask16>((1u << leftCount) - 1), kept);
    else
      _mm512_storeu_si512(entries + left, kept);
    _mm512_storeu_si512(scratch + right, _mm512_maskz_compress_epi32(rights, entry));
    left += leftCount;
    right += static_cast<std::uint32_t>(__builtin_popcount(rights));
  }
  for (std::uint32_t i = 0; i < right; i += 16) {
    const __mmask16 isHere = right - i < 16 ? static_cast<__mmask16>((1u << (right - i)) - 1) : __mmask16{0xffff};
    _mm512_mask_storeu_epi32(entries + left + i, isHere, _mm512_loadu_si512(scratch + i));
  }
}

}  // namespace avx512
#pragma GCC pop_options

#endif

}  // namespace

ListForm listForm(InstructionSet set) {
#ifdef LOAM_X86_FORMS
  if (set == InstructionSet::avx512) return {avx512::search, avx512::part};
  if (set == InstructionSet::avx2) return {avx2::search, portable::part};
#else
  (void)set;
#endif
  return {portable::search, portable::part};
}

void sortByCode(std::uint32_t* entries, std::uint32_t* other, std::uint32_t count) {
  for (int shift = 16; shift < 32; shift += 8) {
    std::uint32_t starts[257] = {};
    for (std::uint32_t i = 0; i < count; i++) starts[((entries[i] >> shift) & 255) + 1]++;
    for (std::uint32_t b = 0; b < 256; b++) starts[b + 1] += starts[b];
    for (std::uint32_t i = 0; i < count; i++) other[starts[(entries[i] >> shift) & 255]++] = entries[i];
    std::swap(entries, other);
  }
}

}  // namespace loam

#include "mask-walk.hpp"

#include <cstring>

#if defined(__x86_64__) || defined(_M_X64)
#define LOAM_X86 1
#include <immintrin.h>
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

inline unsigned lowestBit(std::uint64_t mask) {
#if defined(__GNUC__)
  return static_cast<unsigned>(__builtin_ctzll(mask));
#else
  unsigned bit = 0;
  while ((mask >> bit & 1) == 0) bit++;
  return bit;
#endif
}

/** Plain C++, for any machine. */
namespace portable {

inline std::uint16_t broadcast(std::uint16_t cut) { return cut; }
inline float broadcast(float value) { return value; }

/** Bit i: codes[i] <= cut. */
inline std::uint64_t compare64(const std::uint16_t* codes, std::uint16_t cut) {
  std::uint8_t isLeft[64];
  for (unsigned i = 0; i < 64; i++) isLeft[i] = codes[i] <= cut;
  std::uint64_t mask = 0;
  for (unsigned part = 0; part < 8; part++) {
    std::uint64_t bytes;
    std::memcpy(&bytes, isLeft + 8 * part, 8);
    // Brings the lowest bit of byte i to bit 56 + i (of a little-endian word, as the model files need anyway).
    mask |= (bytes * 0x0102040810204080ULL >> 56) << (8 * part);
  }
  return mask;
}
inline void storeLeaf(float* leaves, std::uint64_t mask, float value) {
  for (; mask != 0; mask &= mask - 1) leaves[lowestBit(mask)] = value;
}
inline void storeTwins(float* leaves, std::uint64_t mask, std::uint64_t isLeft, float left, float right) {
  storeLeaf(leaves, mask & isLeft, left);
  storeLeaf(leaves, mask & ~isLeft, right);
}
inline void addLeaves(double* sums, const float* leaves, std::size_t cells) {
  for (std::size_t i = 0; i < cells; i++) sums[i] += leaves[i];
}
#include "mask-walk-body.hpp"

}  // namespace portable

#ifdef LOAM_X86
/** What every x86-64 has. */
namespace sse2 {

inline __m128i broadcast(std::uint16_t cut) { return _mm_set1_epi16(static_cast<short>(cut)); }
inline float broadcast(float value) { return value; }

inline std::uint64_t compare64(const std::uint16_t* codes, __m128i limit) {
  // codes - cut, not below 0, is 0.
  const __m128i zero = _mm_setzero_si128();
  std::uint64_t mask = 0;
  for (int part = 0; part < 4; part++) {
    const auto* at = reinterpret_cast<const __m128i*>(codes + 16 * part);
    const __m128i low = _mm_cmpeq_epi16(_mm_subs_epu16(_mm_load_si128(at), limit), zero);
    const __m128i high = _mm_cmpeq_epi16(_mm_subs_epu16(_mm_load_si128(at + 1), limit), zero);
    mask |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(low, high)))) << (16 * part);
  }
  return mask;
}
using portable::addLeaves;
using portable::storeLeaf;
using portable::storeTwins;
#include "mask-walk-body.hpp"

}  // namespace sse2
#endif

#ifdef LOAM_X86_FORMS

#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2")
namespace avx2 {

inline __m256i broadcast(std::uint16_t cut) { return _mm256_set1_epi16(static_cast<short>(cut)); }
inline __m256 broadcast(float value) { return _mm256_set1_ps(value); }

inline std::uint64_t compare32(const std::uint16_t* codes, __m256i limit) {
  const auto* at = reinterpret_cast<const __m256i*>(codes);
  const __m256i zero = _mm256_setzero_si256();
  const __m256i low = _mm256_cmpeq_epi16(_mm256_subs_epu16(_mm256_load_si256(at), limit), zero);
  const __m256i high = _mm256_cmpeq_epi16(_mm256_subs_epu16(_mm256_load_si256(at + 1), limit), zero);
  const __m256i packed = _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), 0xd8);
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(packed));
}
inline std::uint64_t compare64(const std::uint16_t* codes, __m256i limit) {
  return compare32(codes, limit) | compare32(codes + 32, limit) << 32;
}
/** Lane i: all bits if bit i of the byte is set. */
inline __m256i lanesOf(std::uint64_t byte) {
  const __m256i bits = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  return _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(static_cast<int>(byte)), bits), bits);
}
inline void storeLeaf(float* leaves, std::uint64_t mask, __m256 value) {
  for (int part = 0; part < 8; part++, mask >>= 8, leaves += 8) _mm256_maskstore_ps(leaves, lanesOf(mask), value);
}
inline void storeTwins(float* leaves, std::uint64_t mask, std::uint64_t isLeft, __m256 left, __m256 right) {
  for (int part = 0; part < 8; part++, mask >>= 8, isLeft >>= 8, leaves += 8)
    _mm256_maskstore_ps(leaves, lanesOf(mask), _mm256_blendv_ps(right, left, _mm256_castsi256_ps(lanesOf(isLeft))));
}
inline void addLeaves(double* sums, const float* leaves, std::size_t cells) {
  for (std::size_t i = 0; i < cells; i += 4)
    _mm256_store_pd(sums + i, _mm256_add_pd(_mm256_load_pd(sums + i), _mm256_cvtps_pd(_mm_load_ps(leaves + i))));
}
#include "mask-walk-body.hpp"

}  // namespace avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,bmi,bmi2")
namespace avx512 {

inline __m512i broadcast(std::uint16_t cut) { return _mm512_set1_epi16(static_cast<short>(cut)); }
inline __m512 broadcast(float value) { return _mm512_set1_ps(value); }

inline std::uint64_t compare64(const std::uint16_t* codes, __m512i limit) {
  const __mmask32 low = _mm512_cmple_epu16_mask(_mm512_load_si512(codes), limit);
  const __mmask32 high = _mm512_cmple_epu16_mask(_mm512_load_si512(codes + 32), limit);
  return _cvtmask64_u64(_mm512_kunpackd(high, low));
}
inline void storeLeaf(float* leaves, std::uint64_t mask, __m512 value) {
  for (int part = 0; part < 4; part++, mask >>= 16, leaves += 16)
    _mm512_mask_store_ps(leaves, static_cast<__mmask16>(mask), value);
}
inline void storeTwins(float* leaves, std::uint64_t mask, std::uint64_t isLeft, __m512 left, __m512 right) {
  for (int part = 0; part < 4; part++, mask >>= 16, isLeft >>= 16, leaves += 16)
    _mm512_mask_store_ps(leaves, static_cast<__mmask16>(mask), _mm512_mask_blend_ps(static_cast<__mmask16>(isLeft), right, left));
}
inline void addLeaves(double* sums, const float* leaves, std::size_t cells) {
  for (std::size_t i = 0; i < cells; i += 8)
    _mm512_store_pd(sums + i, _mm512_add_pd(_mm512_load_pd(sums + i), _mm512_maskz_cvtps_pd(0xff, _mm256_load_ps(leaves + i))));
}
#include "mask-walk-body.hpp"

}  // namespace avx512
#pragma GCC pop_options

#endif

}  // namespace

AddTree addTreeForm(InstructionSet set) {
  switch (set) {
#ifdef LOAM_X86_FORMS
    case InstructionSet::avx512: return avx512::addTree;
    case InstructionSet::avx2: return avx2::addTree;
#endif
#ifdef LOAM_X86
    case InstructionSet::sse2: return sse2::addTree;
#endif
    default: return portable::addTree;
  }
}

std::size_t addTreeForms(NamedAddTree (&forms)[4]) {
  const int best = static_cast<int>(bestInstructionSet());
  for (int set = 0; set <= best; set++) forms[set] = {instructionSetNames[set], addTreeForm(static_cast<InstructionSet>(set))};
  return static_cast<std::size_t>(best) + 1;
}

AddTree addTreeForThisMachine() { return addTreeForm(chosenInstructionSet()); }

}  // namespace loam

#pragma once
#include <cstdint>

namespace loam {

/** Scrambles 64 bits (finaliser of SplitMix64; Steele, Lea & Flood 2014). */
inline std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/** Two numbers mixed to one seed: used per tree, per node and per permuted predictor, so that each has randomness of its
 *  own whoever computes it, in whatever order. */
inline std::uint64_t mix(std::uint64_t seed, std::uint64_t stream) {
  return mix(mix(seed + 0x9e3779b97f4a7c15ULL) ^ (stream * 0xd1342543de82ef95ULL + 0x9e3779b97f4a7c15ULL));
}

/** SplitMix64: a counter, scrambled. */
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint32_t next() { return static_cast<std::uint32_t>(mix(state_ += 0x9e3779b97f4a7c15ULL) >> 32); }

  /** Uniform in [0, bound), bound > 0, without bias (Lemire 2019, Fast Random Integer Generation in an Interval). */
  std::uint32_t below(std::uint32_t bound) {
    std::uint64_t product = static_cast<std::uint64_t>(next()) * bound;
    if (static_cast<std::uint32_t>(product) < bound) {
      const std::uint32_t threshold = (0u - bound) % bound;
      while (static_cast<std::uint32_t>(product) < threshold) product = static_cast<std::uint64_t>(next()) * bound;
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

 private:
  std::uint64_t state_;
};

}  // namespace loam

#include "cut-table.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "forest.hpp"

namespace loam {
namespace {

/** Bits of a float as an unsigned number of the same order. */
std::uint32_t ordered(float value) {
  value += 0.0f;  // -0 becomes 0, so that both are one value.
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
}

float unordered(std::uint32_t bits) {
  bits = (bits & 0x80000000u) != 0 ? bits & 0x7fffffffu : ~bits;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

float cutBetween(float below, float above) {
  const float middle = static_cast<float>(below + (static_cast<double>(above) - below) / 2);
  return middle < above ? middle : below;
}

}  // namespace

std::vector<float> sortedValues(Span<const float> values) {
  std::vector<std::uint32_t> keys(values.size()), other(values.size());
  for (std::size_t i = 0; i < values.size(); i++) keys[i] = ordered(values[i]);
  for (int shift = 0; shift < 32; shift += 8) {
    std::array<std::size_t, 257> starts{};
    for (const std::uint32_t key : keys) starts[((key >> shift) & 255) + 1]++;
    for (std::size_t b = 0; b < 256; b++) starts[b + 1] += starts[b];
    for (const std::uint32_t key : keys) other[starts[(key >> shift) & 255]++] = key;
    keys.swap(other);
  }
  std::vector<float> sorted(values.size());
  for (std::size_t i = 0; i < keys.size(); i++) sorted[i] = unordered(keys[i]);
  return sorted;
}

std::vector<float> buildCuts(Span<const float> sorted) {
  std::vector<float> cuts;
  for (std::size_t i = 1; i < sorted.size() && cuts.size() <= maxCuts; i++)
    if (sorted[i - 1] < sorted[i]) cuts.push_back(cutBetween(sorted[i - 1], sorted[i]));
  if (cuts.size() <= maxCuts) return cuts;

  cuts.clear();
  std::size_t previous = 0;
  for (std::size_t q = 1; q <= maxCuts; q++) {
    // A run of equal values across several quantiles gives one cut, before the run; `previous` is the place of the last one.
    const float value = sorted[sorted.size() * q / (maxCuts + 1)];
    const std::size_t i = std::lower_bound(sorted.begin(), sorted.end(), value) - sorted.begin();
    if (i > previous) {
      cuts.push_back(cutBetween(sorted[i - 1], sorted[i]));
      previous = i;
    }
  }
  return cuts;
}

/** Cuts of lower buckets are < value, those of higher ones > value, so only the value's bucket needs a search: here in as many
 *  steps as the fullest one needs. That is a step or two too many, but there is no branch to mispredict (10 to 3 ns). */
template <unsigned steps>
void Encoder::encodeIn(const Encoder& encoder, const float* values, std::size_t count, std::uint16_t* codes) {
  const float* cuts = encoder.cuts_.data();
  const std::uint16_t* starts = encoder.starts_.data();
  for (std::size_t i = 0; i < count; i++) {
    const float value = values[i];
    std::uint32_t low = starts[encoder.bucketOf(value)];
    for (std::uint32_t half = (1u << steps) / 2; half > 0; half /= 2)
      low += cuts[low + half - 1] < value ? half : 0;
    codes[i] = static_cast<std::uint16_t>(low);
  }
}

template <unsigned steps>
auto Encoder::encodeFor(unsigned wanted) -> void (*)(const Encoder&, const float*, std::size_t, std::uint16_t*) {
  if constexpr (steps < 16) {
    if (wanted > steps) return encodeFor<steps + 1>(wanted);
  }
  return encodeIn<steps>;
}

Encoder::Encoder(Span<const float> cuts) {
  constexpr std::uint32_t maxBuckets = 65536;
  std::uint32_t buckets = 1;
  while (buckets < maxBuckets && buckets < 2 * cuts.size()) buckets *= 2;
  if (!cuts.empty()) {
    first_ = cuts[0];
    last_ = buckets - 1;
    const double reach = static_cast<double>(cuts[cuts.size() - 1]) - first_;
    scale_ = reach > 0 ? last_ / reach : 0;
  }
  std::vector<std::uint32_t> counts(buckets, 0);
  for (const float cut : cuts) counts[bucketOf(cut)]++;
  starts_.resize(buckets);
  std::uint32_t start = 0, most = 0;
  for (std::uint32_t b = 0; b < buckets; b++) {
    starts_[b] = static_cast<std::uint16_t>(start);
    start += counts[b];
    most = std::max(most, counts[b]);
  }
  unsigned steps = 0;
  while ((1u << steps) <= most) steps++;
  cuts_.assign(cuts.begin(), cuts.end());
  cuts_.resize(cuts.size() + (std::size_t{1} << steps), std::numeric_limits<float>::infinity());
  encode_ = encodeFor(steps);
}

}  // namespace loam

#pragma once
#include <cstdint>
#include <vector>

#include "span.hpp"

namespace loam {

/** The values of one predictor, sorted ascending (radix sort; -0 counts as 0). All must be finite. */
std::vector<float> sortedValues(Span<const float> values);

/** Cut points between the distinct values of a sorted predictor: the middle between neighbours, all of them if there are at
 *  most 65 535, else at the 65 535 quantiles. For neighbours a < b the cut c satisfies a <= c < b. */
std::vector<float> buildCuts(Span<const float> sorted);

/** Turns values into codes: code(x) = number of cuts < x. Exact for every float; NaN gets the code 0. */
class Encoder {
 public:
  explicit Encoder(Span<const float> cuts);
  std::uint16_t code(float value) const {
    const std::uint32_t bucket = bucketOf(value);
    std::uint32_t low = starts_[bucket];
    std::uint32_t count = starts_[bucket + 1] - low;
    // Cuts of lower buckets are < value, those of higher ones > value: only this bucket needs a search.
    while (count > 0) {
      const std::uint32_t half = count / 2;
      const bool isBelow = cuts_[low + half] < value;
      low = isBelow ? low + half + 1 : low;
      count = isBelow ? count - half - 1 : half;
    }
    return static_cast<std::uint16_t>(low);
  }

 private:
  /** Never falls as the value rises, also after rounding; that alone makes the codes exact. */
  std::uint32_t bucketOf(float value) const {
    const double place = (static_cast<double>(value) - first_) * scale_;
    if (!(place > 0)) return 0;  // Below the first cut, or NaN.
    return place >= last_ ? static_cast<std::uint32_t>(last_) : static_cast<std::uint32_t>(place);
  }

  Span<const float> cuts_;
  std::vector<std::uint32_t> starts_;
  double first_ = 0;
  double scale_ = 0;
  double last_ = 0;
};

}  // namespace loam

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
    std::uint16_t code;
    encode(&value, 1, &code);
    return code;
  }
  void encode(const float* values, std::size_t count, std::uint16_t* codes) const { encode_(*this, values, count, codes); }

 private:
  template <unsigned steps>
  static void encodeIn(const Encoder& encoder, const float* values, std::size_t count, std::uint16_t* codes);
  template <unsigned steps = 0>
  static auto encodeFor(unsigned wanted) -> void (*)(const Encoder&, const float*, std::size_t, std::uint16_t*);

  /** Never falls as the value rises, also after rounding; that alone makes the codes exact. */
  std::uint32_t bucketOf(float value) const {
    double place = (static_cast<double>(value) - first_) * scale_;
    place = place > 0 ? place : 0;  // Below the first cut, or NaN.
    place = place < last_ ? place : last_;
    return static_cast<std::uint32_t>(static_cast<std::int32_t>(place));
  }

  /** The cuts, then infinities, so that a search may look beyond. */
  std::vector<float> cuts_;
  /** Per bucket the number of cuts in lower ones. */
  std::vector<std::uint16_t> starts_;
  void (*encode_)(const Encoder&, const float*, std::size_t, std::uint16_t*);
  double first_ = 0;
  double scale_ = 0;
  double last_ = 0;
};

}  // namespace loam

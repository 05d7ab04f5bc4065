#include "../kernel/cut-table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../kernel/training-data.hpp"
#include "check.hpp"
#include "problem.hpp"

using loam::Span;

namespace {

void checkCodes(const std::vector<float>& cuts, const std::vector<float>& values) {
  const loam::Encoder encoder{Span<const float>(cuts)};
  for (const float value : values) {
    const auto expected = std::count_if(cuts.begin(), cuts.end(), [&](float cut) { return cut < value; });
    CHECK(encoder.code(value) == expected);
  }
}

}  // namespace

TEST(codes, "a code is the number of cuts below, for every kind of float") {
  const float inf = std::numeric_limits<float>::infinity(), most = std::numeric_limits<float>::max(),
              least = std::numeric_limits<float>::denorm_min();
  const std::vector<std::vector<float>> tables = {
      {},
      {0},
      {-most, most},
      {-least, 0, least},
      {1, std::nextafter(1.0f, 2.0f), std::nextafter(1.0f, 0.0f) + 1, 3},
      {-1e30f, -1, -0.5f, 0, 1e-20f, 1e-19f, 7, 1e38f},
  };
  for (std::vector<float> cuts : tables) {
    std::sort(cuts.begin(), cuts.end());
    std::vector<float> values = {-inf, inf, -most, most, 0, -0.0f, least, -least, 0.3f, 1e10f};
    for (const float cut : cuts)
      for (const float value : {cut, std::nextafter(cut, inf), std::nextafter(cut, -inf)}) values.push_back(value);
    checkCodes(cuts, values);
  }
  const Problem problem(3000, 2, 1);
  const auto sorted = loam::sortedValues(Span<const float>(problem.columns[0]));
  CHECK(std::is_sorted(sorted.begin(), sorted.end()));
  const auto cuts = loam::buildCuts(Span<const float>(sorted));
  std::vector<float> distinct(sorted);
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  CHECK(cuts.size() == distinct.size() - 1);
  checkCodes(cuts, sorted);
  checkCodes(cuts, problem.columns[1]);
}

TEST(cuts, "cuts part neighbours, also neighbouring floats") {
  const float next = std::nextafter(2.0f, 3.0f);
  const std::vector<float> values = {-0.0f, 0.0f, 2.0f, next, next, -5.0f};
  const auto cuts = loam::buildCuts(Span<const float>(loam::sortedValues(Span<const float>(values))));
  CHECK((cuts == std::vector<float>{-2.5f, 1.0f, 2.0f}));
}

TEST(manyValues, "more than 65 535 values are cut at quantiles; a heavy value keeps a cut of its own below it") {
  std::vector<float> values;
  for (int i = 0; i < 200000; i++) values.push_back(static_cast<float>(i));
  for (int i = 0; i < 50000; i++) values.push_back(1000);
  const auto cuts = loam::buildCuts(Span<const float>(loam::sortedValues(Span<const float>(values))));
  CHECK(cuts.size() > 50000 && cuts.size() <= 65535);
  CHECK(std::is_sorted(cuts.begin(), cuts.end()));
  CHECK(std::adjacent_find(cuts.begin(), cuts.end()) == cuts.end());
  CHECK(std::find(cuts.begin(), cuts.end(), 999.5f) != cuts.end());
}

TEST(spread, "spread codes ascend, come back, and share the rows out over the bins") {
  loam::Random random(2);
  for (const std::size_t codes : {1u, 2u, 255u, 256u, 257u, 5000u, 65535u, 65536u}) {
    std::vector<std::uint32_t> rows(codes);
    for (auto& count : rows) count = random.below(5) == 0 ? 1 + random.below(1000) : 1;
    const loam::CodeSpread spread = loam::spreadCodes(Span<const std::uint32_t>(rows));
    bool isRight = true;
    for (std::size_t c = 0; c < codes; c++) {
      isRight &= spread.code(spread.spread[c]) == c && (c == 0 || spread.spread[c - 1] < spread.spread[c]);
      const std::size_t bin = spread.spread[c] >> 8;
      isRight &= spread.firstCode[bin] <= c && c <= spread.lastCode[bin];
    }
    CHECK(isRight);
  }
}

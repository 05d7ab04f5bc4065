#include "../kernel/nearest-row.hpp"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>

#include "../kernel/instruction-set.hpp"
#include "check.hpp"

using loam::Span;

namespace {

struct Cells {
  std::vector<double> rows, means, scales;
  std::vector<std::vector<float>> columns;

  Cells(std::size_t rowCount, std::size_t axes, std::size_t cells, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    rows.resize(rowCount * axes);
    // Half of them on whole numbers, so that rows coincide and cells meet them.
    for (std::size_t i = 0; i < rows.size(); i++) rows[i] = i % 2 == 0 ? std::round(normal(random)) : normal(random);
    for (std::size_t a = 0; a < axes; a++) {
      means.push_back(normal(random)), scales.push_back(std::exp(normal(random)));
      columns.emplace_back(cells);
      for (float& value : columns[a]) value = static_cast<float>(means[a] + 3 * normal(random) / scales[a]);
    }
  }

  std::vector<float> distances(unsigned threads) const {
    std::vector<Span<const float>> predictors(columns.begin(), columns.end());
    std::vector<float> out(columns[0].size());
    loam::Work work;
    work.threads = threads;
    loam::nearestRow({rows, means, scales, 2.5}, Span<const Span<const float>>(predictors), out, work);
    return out;
  }

  std::vector<float> plain() const {
    std::vector<float> out;
    for (std::size_t i = 0; i < columns[0].size(); i++) {
      double best = std::numeric_limits<double>::infinity();
      for (std::size_t row = 0; row < rows.size() / columns.size(); row++) {
        double sum = 0;
        for (std::size_t a = 0; a < columns.size(); a++) {
          const double difference = (static_cast<double>(columns[a][i]) - means[a]) * scales[a] - rows[row * columns.size() + a];
          sum += difference * difference;
        }
        best = std::min(best, sum);
      }
      out.push_back(static_cast<float>(std::sqrt(best) / 2.5));
    }
    return out;
  }
};

}  // namespace

TEST(nearest, "the nearest row is that of looking at all, to the last bit, with any threads and instruction set") {
  for (const std::size_t rows : {1u, 2u, 16u, 17u, 33u, 256u, 257u, 5000u})
    for (const std::size_t axes : {1u, 3u, 11u}) {
      const Cells cells(rows, axes, 700, static_cast<unsigned>(rows + axes));
      const std::vector<float> expected = cells.plain();
      CHECK(cells.distances(1) == expected);
      CHECK(cells.distances(4) == expected);
    }
  const Cells many(900, 6, 9000, 3);
  const std::vector<float> expected = many.plain();
  for (int set = 0; set <= static_cast<int>(loam::bestInstructionSet()); set++) {
    setenv("LOAM_ISA", loam::instructionSetNames[set], 1);
    CHECK(many.distances(3) == expected);
  }
  unsetenv("LOAM_ISA");
}

TEST(nearestGaps, "a cell without a predictor has no distance, one infinitely far is; wrong shapes are refused") {
  Cells cells(40, 2, 5, 1);
  cells.columns[1][2] = std::numeric_limits<float>::quiet_NaN();
  cells.columns[0][3] = std::numeric_limits<float>::infinity();
  const std::vector<float> found = cells.distances(1);
  CHECK(std::isnan(found[2]));
  CHECK(std::isinf(found[3]));
  CHECK(std::isfinite(found[0]) && std::isfinite(found[4]));
  Cells lacking = cells;
  lacking.rows.clear();
  CHECK(failureOf([&] { lacking.distances(1); }) == "bad_input");
  lacking = cells;
  lacking.rows[1] = std::numeric_limits<double>::infinity();
  CHECK(failureOf([&] { lacking.distances(1); }) == "bad_input");
  lacking = cells;
  lacking.scales.pop_back();
  CHECK(failureOf([&] { lacking.distances(1); }) == "bad_input");
  lacking = cells;
  lacking.columns[1].pop_back();
  CHECK(failureOf([&] { lacking.distances(1); }) == "bad_input");
}

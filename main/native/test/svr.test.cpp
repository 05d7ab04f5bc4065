#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>

#include "../kernel/instruction-set.hpp"
#include "../kernel/kernel-rows.hpp"
#include "../kernel/predict-svr.hpp"
#include "../kernel/train-svr.hpp"
#include "check.hpp"

using loam::Span;

namespace {

struct Rows {
  std::vector<std::vector<double>> columns;
  std::vector<double> target;
  std::vector<Span<const double>> views() const { return {columns.begin(), columns.end()}; }
};

Rows waves(std::size_t n) {
  std::mt19937 random(3);
  std::normal_distribution<double> normal;
  Rows rows{std::vector<std::vector<double>>(3, std::vector<double>(n)), std::vector<double>(n)};
  for (std::size_t i = 0; i < n; i++) {
    for (auto& column : rows.columns) column[i] = normal(random);
    rows.target[i] = std::sin(2 * rows.columns[0][i]) + 0.5 * rows.columns[1][i] + 0.1 * normal(random);
  }
  return rows;
}

}  // namespace

TEST(svr_rows, "rows of the kernel matrix are exp(-gamma d2), however few are kept") {
  const Rows rows = waves(130);
  const auto views = rows.views();
  loam::KernelRows all(Span<const Span<const double>>(views), 130, 0.7, 1 << 20), few(Span<const Span<const double>>(views), 130, 0.7, 1);
  for (const std::size_t i : {0u, 64u, 129u, 0u, 5u, 64u}) {
    const float *a = all.row(i), *b = few.row(i);
    for (std::size_t j = 0; j < 130; j++) {
      double squares = 0;
      for (const auto& column : rows.columns) squares += (column[i] - column[j]) * (column[i] - column[j]);
      CHECK(std::abs(a[j] - std::exp(-0.7 * squares)) < 1e-7);
      CHECK(a[j] == b[j]);
    }
  }
}

TEST(svr_cache, "training is the same with two rows kept as with all") {
  const Rows rows = waves(150);
  const auto views = rows.views();
  loam::SvrOptions options;
  options.cost = 10, options.gamma = 0.5;
  const auto full = loam::trainSvr(Span<const Span<const double>>(views), Span<const double>(rows.target), options, {});
  options.cacheBytes = 1;
  const auto lean = loam::trainSvr(Span<const Span<const double>>(views), Span<const double>(rows.target), options, {});
  CHECK(full.coefficients == lean.coefficients);
  CHECK(full.bias == lean.bias && full.steps == lean.steps);
  double sum = 0;
  for (const double c : full.coefficients) {
    sum += c;
    CHECK(std::abs(c) <= 10);
  }
  CHECK(std::abs(sum) < 1e-9);
}

TEST(svr_steps, "a search that may take no steps says so") {
  const Rows rows = waves(60);
  const auto views = rows.views();
  loam::SvrOptions options;
  options.mostSteps = 3;
  CHECK(failureOf([&] { loam::trainSvr(Span<const Span<const double>>(views), Span<const double>(rows.target), options, {}); }) ==
        "bad_input");
}

TEST(svr_bits, "predictions are the same bits on every instruction set and number of threads, and NaN where a predictor is missing") {
  const Rows rows = waves(90);
  std::vector<double> vectors, coefficients;
  for (std::size_t i = 0; i < 90; i++) {
    for (const auto& column : rows.columns) vectors.push_back(column[i]);
    coefficients.push_back(rows.target[i]);
  }
  const std::vector<double> means = {1, 2, 3}, scales = {0.5, 0, 2};
  const loam::SvrModel model{Span<const double>(vectors), Span<const double>(coefficients), Span<const double>(means),
                             Span<const double>(scales), 0.3, 0.1, 0.25, 0.05};
  const std::size_t cells = 2113;
  std::vector<std::vector<float>> columns(3, std::vector<float>(cells));
  std::mt19937 random(8);
  std::normal_distribution<float> normal(2, 3);
  for (auto& column : columns)
    for (float& value : column) value = normal(random);
  columns[1][70] = std::numeric_limits<float>::quiet_NaN();
  columns[2][2112] = std::numeric_limits<float>::infinity();
  const std::vector<Span<const float>> views(columns.begin(), columns.end());
  std::vector<std::vector<float>> all;
  for (int set = 0; set <= static_cast<int>(loam::bestInstructionSet()); set++)
    for (const unsigned threads : {1u, 3u}) {
      setenv("LOAM_ISA", loam::instructionSetNames[set], 1);
      loam::Work work;
      work.threads = threads;
      std::vector<float> results(cells);
      loam::predictSvr(model, Span<const Span<const float>>(views), Span<float>(results), work);
      all.push_back(results);
    }
  unsetenv("LOAM_ISA");
  for (const auto& results : all) CHECK(std::memcmp(results.data(), all[0].data(), cells * sizeof(float)) == 0);
  for (std::size_t c = 0; c < cells; c++) CHECK(std::isnan(all[0][c]) == (c == 70 || c == 2112));
  double sum = 0.1;
  for (std::size_t v = 0; v < 90; v++) {
    const double a = (columns[0][9] - 1) / 0.5 - vectors[3 * v], b = -vectors[3 * v + 1], d = (columns[2][9] - 3) / 2.0 - vectors[3 * v + 2];
    sum += coefficients[v] * std::exp(-0.3 * (a * a + b * b + d * d));
  }
  CHECK(std::abs(all[0][9] - (sum * 0.05 + 0.25)) < 1e-7);
}

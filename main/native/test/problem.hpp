#pragma once
#include <cstdint>
#include <vector>

#include "../kernel/random.hpp"
#include "../kernel/span.hpp"

/** A small made-up problem: the target follows the first two predictors; `steps` > 0 makes values coarse, so that many are equal. */
struct Problem {
  std::vector<std::vector<float>> columns;
  std::vector<double> target;

  Problem(std::size_t rows, std::size_t predictors, std::uint64_t seed, std::uint32_t steps = 0) {
    loam::Random random(seed);
    columns.resize(predictors);
    for (auto& column : columns)
      for (std::size_t i = 0; i < rows; i++)
        column.push_back(steps > 0 ? static_cast<float>(random.below(steps)) : static_cast<float>(random.next()) * 0x1p-32f);
    for (std::size_t i = 0; i < rows; i++)
      target.push_back(columns[0][i] + 2.0 * columns[predictors > 1 ? 1 : 0][i] * columns[0][i] + random.below(100) * 1e-3);
  }
  std::vector<loam::Span<const float>> predictors() const {
    return {columns.begin(), columns.end()};
  }
};

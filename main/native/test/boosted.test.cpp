#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include "../kernel/team.hpp"
#include "../kernel/train-boosted.hpp"
#include "check.hpp"
#include "forest-depth.hpp"
#include "problem-forest.hpp"

using loam::Span;

namespace {

loam::BoostResult boost(const Problem& problem, const loam::BoostOptions& options, unsigned threads = 2,
                        const std::vector<std::uint8_t>& isValidation = {}) {
  loam::Work work;
  work.threads = threads;
  const auto predictors = problem.predictors();
  return loam::trainBoosted(Span<const Span<const float>>(predictors), Span<const double>(problem.target),
                            Span<const std::uint8_t>(isValidation), options, work);
}

/** The same tree, grown plainly: takes the tree's values off `residual` for the rows given. */
void plainTree(const Problem& problem, std::vector<double>& residual, const std::vector<std::size_t>& rows, std::uint32_t depth,
               const loam::BoostOptions& options) {
  double sum = 0, bestGain = 1e-9, bestValue = 0, n = static_cast<double>(rows.size());
  std::size_t bestPredictor = problem.columns.size();
  for (const std::size_t row : rows) sum += residual[row];
  for (std::size_t p = 0; p < problem.columns.size() && depth < options.maxDepth; p++) {
    const std::set<float> values(problem.columns[p].begin(), problem.columns[p].end());
    for (const float value : values) {
      double left = 0, count = 0;
      for (const std::size_t row : rows)
        if (problem.columns[p][row] <= value) left += residual[row], count++;
      if (count < options.minChildWeight || n - count < options.minChildWeight) continue;
      const double gain = left * left / (count + options.l2) + (sum - left) * (sum - left) / (n - count + options.l2) -
                          sum * sum / (n + options.l2);
      if (gain > bestGain) bestGain = gain, bestPredictor = p, bestValue = value;
    }
  }
  if (bestPredictor == problem.columns.size()) {
    for (const std::size_t row : rows) residual[row] -= options.learningRate * sum / (n + options.l2);
    return;
  }
  std::vector<std::size_t> sides[2];
  for (const std::size_t row : rows) sides[problem.columns[bestPredictor][row] <= bestValue].push_back(row);
  for (const auto& side : sides) plainTree(problem, residual, side, depth + 1, options);
}

}  // namespace

TEST(plainBoosting, "boosting equals a plain one where each value has its bin") {
  loam::BoostOptions options;
  options.rounds = 6;
  options.learningRate = 0.3;
  for (const std::uint32_t depth : {1u, 2u, 5u}) {
    options.maxDepth = depth;
    options.l2 = depth;
    options.minChildWeight = depth == 5 ? 20 : 1;
    const Problem problem(700, 4, depth, 40);
    const auto boosted = predict(boost(problem, options).forest, problem);
    double base = 0;
    for (const double target : problem.target) base += target / 700;
    std::vector<double> residual;
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < 700; row++) residual.push_back(problem.target[row] - base), rows.push_back(row);
    for (std::uint32_t round = 0; round < options.rounds; round++) plainTree(problem, residual, rows, 0, options);
    for (std::size_t row = 0; row < 700; row++) CHECK(std::abs(problem.target[row] - boosted[row] - residual[row]) < 1e-3);
  }
}

TEST(boostedThreads, "the same boosted trees on any number of threads, with drawn rows and columns and validation rows") {
  loam::BoostOptions options;
  options.rounds = 12;
  options.seed = 5;
  for (const std::size_t predictors : {4u, 14u, 40u, 60u}) {
    const Problem problem(20000, predictors, predictors, 900);
    std::vector<std::uint8_t> isValidation;
    for (std::size_t row = 0; row < 20000; row++) isValidation.push_back(row % 7 == 0);
    for (const double fraction : {1.0, 0.6}) {
      options.rowFraction = options.columnFraction = fraction;
      options.maxDepth = fraction == 1 ? 7 : 4;
      const auto one = boost(problem, options, 1, isValidation);
      for (const unsigned threads : {2u, 5u}) {
        const auto other = boost(problem, options, threads, isValidation);
        CHECK(fileOf(one.forest) == fileOf(other.forest));
        CHECK(one.validationRmse == other.validationRmse && one.gainImportance == other.gainImportance);
      }
    }
  }
}

TEST(validationRows, "validation rows are not learned from; their error is that of the predictions; the best round is kept") {
  Problem problem(3000, 4, 31);
  loam::Random random(32);
  for (double& target : problem.target) target += random.below(1000) * 2e-3;
  std::vector<std::uint8_t> isValidation;
  for (std::size_t row = 0; row < 3000; row++) isValidation.push_back(row % 3 == 0);
  loam::BoostOptions options;
  options.rounds = 400;
  options.maxDepth = 6;
  options.learningRate = 0.3;
  options.patience = 15;
  const auto boosted = boost(problem, options, 2, isValidation);
  const auto& curve = boosted.validationRmse;
  const std::size_t best = std::min_element(curve.begin(), curve.end()) - curve.begin();
  CHECK(curve.size() == best + 16 && curve.size() < 400);
  CHECK(boosted.forest.treeCount() == best + 1);
  const auto predicted = predict(boosted.forest, problem);
  double squares = 0;
  for (std::size_t row = 0; row < 3000; row += 3) squares += std::pow(predicted[row] - problem.target[row], 2);
  CHECK(std::abs(std::sqrt(squares / 1000) / curve[best] - 1) < 1e-4);

  // Other targets of the validation rows change nothing but the error.
  options.patience = 0;
  options.rounds = 3;
  const auto before = fileOf(boost(problem, options, 2, isValidation).forest);
  for (std::size_t row = 0; row + 3 < 3000; row += 3) std::swap(problem.target[row], problem.target[row + 3]);
  CHECK(fileOf(boost(problem, options, 2, isValidation).forest) == before);
  options.patience = 5;
  CHECK(failureOf([&] { boost(problem, options); }) == "bad_input");
}

TEST(boostedFit, "boosting explains what can be explained, within bounds of depth and leaf size, and finds the predictors") {
  const Problem problem(8000, 5, 33), fresh(2000, 5, 34);
  loam::BoostOptions options;
  options.rounds = 100;
  options.minChildWeight = 30;
  const auto boosted = boost(problem, options);
  CHECK(forestDepth(boosted.forest) <= options.maxDepth);
  const auto predicted = predict(boosted.forest, fresh);
  double squares = 0;
  for (std::size_t i = 0; i < 2000; i++) squares += std::pow(predicted[i] - fresh.target[i], 2);
  CHECK(std::sqrt(squares / 2000) < 0.05);
  CHECK(boosted.gainImportance[0] > 0.5 && boosted.gainImportance[2] < 0.01);
  const std::vector<std::uint8_t> bytes = fileOf(boosted.forest);
  CHECK(predict(loam::decodeForest(Span<const std::uint8_t>(bytes)).forest, fresh) == predicted);
}

TEST(boostedConstant, "a constant target gives its value; bad options are refused") {
  Problem problem(100, 2, 35);
  std::fill(problem.target.begin(), problem.target.end(), 0.25);
  loam::BoostOptions options;
  options.rounds = 2;
  for (const float value : predict(boost(problem, options).forest, problem)) CHECK(value == 0.25f);
  options.learningRate = 0;
  CHECK(failureOf([&] { boost(problem, options); }) == "bad_input");
  options.learningRate = 0.1;
  CHECK(failureOf([&] { boost(problem, options, 1, std::vector<std::uint8_t>(100, 1)); }) == "too_few_rows");
}

TEST(boostedStop, "boosting ends soon after the stop flag") {
  const Problem problem(20000, 6, 36);
  loam::BoostOptions options;
  options.rounds = 100000;
  const auto predictors = problem.predictors();
  const auto code = failureOfStopped([&](loam::Work& work) {
    loam::trainBoosted(Span<const Span<const float>>(predictors), Span<const double>(problem.target), {}, options, work);
  });
  CHECK(code == "cancelled");
}

TEST(team, "a team does each item once, step after step, and passes an exception on") {
  loam::Team team(4);
  for (std::size_t step = 0; step < 300; step++) {
    std::vector<int> done(step % 40, 0);
    team.each(done.size(), [&](std::size_t item, unsigned worker) {
      CHECK(worker < team.size());
      done[item]++;
    });
    for (const int times : done) CHECK(times == 1);
  }
  CHECK(failureOf([&] { team.each(9, [](std::size_t item, unsigned) { if (item == 5) throw loam::Failure("x", "y"); }); }) == "x");
}

#include <algorithm>
#include <cmath>
#include <limits>

#include "check.hpp"
#include "forest-depth.hpp"
#include "problem-forest.hpp"

using loam::Span;

namespace {

/** The best single split of all rows, by trying every one. */
double bestGain(const Problem& problem, std::size_t minLeaf) {
  const std::size_t n = problem.target.size();
  double best = -1;
  for (const auto& column : problem.columns) {
    std::vector<float> values(column);
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    for (const float value : values) {
      double left = 0, right = 0, leftRows = 0, rightRows = 0;
      for (std::size_t i = 0; i < n; i++) (column[i] <= value ? (left += problem.target[i], leftRows++) : (right += problem.target[i], rightRows++));
      if (leftRows < minLeaf || rightRows < minLeaf) continue;
      const double gap = left / leftRows - right / rightRows;
      best = std::max(best, gap * gap * leftRows * rightRows / static_cast<double>(n));
    }
  }
  return best;
}

/** Fall of squared error of the first split of a tree grown without resampling. */
double grownGain(const Problem& problem, const loam::Forest& forest) {
  const loam::Node root = forest.tree(0)[0];
  double left = 0, right = 0, leftRows = 0, rightRows = 0;
  for (std::size_t i = 0; i < problem.target.size(); i++) {
    const bool isLeft = problem.columns[root.predictor][i] <= forest.cuts[root.predictor][root.cut];
    (isLeft ? (left += problem.target[i], leftRows++) : (right += problem.target[i], rightRows++));
  }
  const double gap = left / leftRows - right / rightRows;
  return gap * gap * leftRows * rightRows / static_cast<double>(problem.target.size());
}

}  // namespace

TEST(threads, "the same forest on any number of threads, with drawn predictors, weights, large and small nodes") {
  loam::TrainOptions options;
  options.treeCount = 6;
  options.permutationImportance = true;
  const Problem problem(6000, 6, 3, 500);
  std::vector<double> weights;
  for (std::size_t i = 0; i < 6000; i++) weights.push_back(static_cast<double>(i % 5));
  for (const std::uint32_t tried : {0u, 2u, 5u}) {
    options.predictorsPerSplit = tried;
    for (const auto& used : {std::vector<double>{}, weights}) {
      const auto one = train(problem, options, 1, used), four = train(problem, options, 4, used);
      CHECK(fileOf(one.forest) == fileOf(four.forest));
      CHECK(one.outOfBagRmse == four.outOfBagRmse);
      CHECK(one.permutationMean == four.permutationMean && one.permutationSd == four.permutationSd);
      CHECK(one.impurityImportance == four.impurityImportance);
    }
  }
}

TEST(greedy, "a small node gets the very best split there is; a large one a split nearly as good") {
  loam::TrainOptions options;
  options.treeCount = 1;
  options.maxDepth = 1;
  options.sampleFraction = 0.9999999;  // All rows, once.
  for (std::uint64_t seed = 0; seed < 6; seed++) {
    const Problem small(300, 4, seed, seed % 2 == 0 ? 0 : 12);
    CHECK(std::abs(grownGain(small, train(small, options).forest) / bestGain(small, options.minLeafSize) - 1) < 1e-6);
    const Problem large(2000, 2, seed);
    CHECK(grownGain(large, train(large, options).forest) > 0.99 * bestGain(large, options.minLeafSize));
  }
}

TEST(oneBin, "rows that no bin edge parts are still parted") {
  // 300 000 rows in 65 536 values: a bin holds some 1 170 rows, and the target changes only inside bins.
  Problem problem(0, 1, 1);
  for (int i = 0; i < 300000; i++) {
    problem.columns[0].push_back(static_cast<float>(i));
    problem.target.push_back(i / 300 % 2);
  }
  loam::TrainOptions options;
  options.treeCount = 1;
  options.sampleFraction = 0.9999999999;
  const auto predicted = predict(train(problem, options).forest, problem);
  double squares = 0;
  for (std::size_t i = 0; i < predicted.size(); i++) squares += std::pow(predicted[i] - problem.target[i], 2);
  CHECK(std::sqrt(squares / 300000) < 0.1);
}

TEST(leafSize, "no leaf has fewer rows than asked for, and depth is kept") {
  loam::TrainOptions options;
  options.treeCount = 3;
  options.sampleFraction = 0.9999999;
  options.minLeafSize = 40;
  options.maxDepth = 5;
  const Problem problem(3000, 3, 5, 30);
  const auto trained = train(problem, options);
  CHECK(forestDepth(trained.forest) <= 5);
  for (std::size_t t = 0; t < 3; t++) {
    std::vector<int> rows(trained.forest.tree(t).size(), 0);
    for (std::size_t i = 0; i < 3000; i++) {
      const auto tree = trained.forest.tree(t);
      std::size_t at = 0;
      while (!tree[at].isLeaf())
        at = problem.columns[tree[at].predictor][i] <= trained.forest.cuts[tree[at].predictor][tree[at].cut] ? at + 1 : tree[at].payload;
      rows[at]++;
    }
    for (const int count : rows) CHECK(count == 0 || count >= 40);
  }
}

TEST(outOfBag, "out-of-bag predictions lie near the target and cover nearly all rows") {
  loam::TrainOptions options;
  options.treeCount = 40;
  const Problem problem(2000, 4, 6);
  const auto trained = train(problem, options);
  CHECK(trained.outOfBagRows == 2000);
  CHECK(trained.outOfBagR2 > 0.97);
  CHECK(trained.impurityImportance[0] > 0.5 && trained.impurityImportance[3] < 0.02);
}

TEST(refusals, "what cannot be trained on is refused with a reason") {
  Problem problem(10, 2, 7);
  loam::TrainOptions options;
  options.predictorsPerSplit = 3;
  CHECK(failureOf([&] { train(problem, options); }) == "bad_input");
  options.predictorsPerSplit = 0;
  problem.columns[1][4] = std::numeric_limits<float>::infinity();
  CHECK(failureOf([&] { train(problem, options); }) == "bad_table");
  problem.columns[1][4] = 0;
  CHECK(failureOf([&] { train(problem, options, 1, std::vector<double>(10, 0.0)); }) == "bad_table");
  CHECK(failureOf([&] { train(Problem(1, 1, 1), options); }) == "too_few_rows");
}

TEST(stop, "training ends soon after the stop flag") {
  const Problem problem(20000, 6, 8);
  loam::TrainOptions options;
  options.treeCount = 100000;
  const auto predictors = problem.predictors();
  const auto code = failureOfStopped([&](loam::Work& work) {
    loam::trainForest(Span<const Span<const float>>(predictors), Span<const double>(problem.target), {}, options, work);
  });
  CHECK(code == "cancelled");
}

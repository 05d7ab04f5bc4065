#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <set>

#include "../kernel/forest-file.hpp"
#include "../kernel/predict-forest.hpp"
#include "../kernel/predict-intervals.hpp"
#include "../kernel/select-ranks.hpp"
#include "../kernel/train-forest.hpp"
#include "check.hpp"
#include "problem.hpp"

using loam::Span;

namespace {

loam::Forest train(const Problem& problem, const loam::TrainOptions& options, unsigned threads = 2,
                   const std::vector<double>& weights = {}) {
  loam::Work work;
  work.threads = threads;
  const auto predictors = problem.predictors();
  return std::move(loam::trainForest(Span<const Span<const float>>(predictors), Span<const double>(problem.target),
                                     Span<const double>(weights), options, work)
                       .forest);
}

struct Intervals {
  std::vector<float> mean, sd;
  std::vector<std::vector<float>> quantiles;
  bool operator==(const Intervals& other) const {
    const auto same = [](const std::vector<float>& a, const std::vector<float>& b) {
      return a.size() == b.size() && std::memcmp(a.data(), b.data(), 4 * a.size()) == 0;
    };
    return same(mean, other.mean) && same(sd, other.sd) &&
           std::equal(quantiles.begin(), quantiles.end(), other.quantiles.begin(), other.quantiles.end(), same);
  }
};

Intervals predict(const loam::Forest& forest, const Problem& problem, const std::vector<double>& quantiles, unsigned threads = 2,
                  std::size_t rowLength = 0) {
  const std::size_t n = problem.target.size();
  Intervals result{std::vector<float>(n), std::vector<float>(n),
                   std::vector<std::vector<float>>(quantiles.size(), std::vector<float>(n))};
  loam::IntervalResult out{Span<float>(result.mean), Span<float>(result.sd), {}};
  for (auto& values : result.quantiles) out.quantiles.emplace_back(values);
  loam::Work work;
  work.threads = threads;
  const auto predictors = problem.predictors();
  loam::predictIntervals(forest, Span<const Span<const float>>(predictors), rowLength, quantiles, out, work);
  return result;
}

/** Leaf of a cell, counted in preorder over all trees. */
std::size_t leafOf(const loam::Forest& forest, const Problem& problem, std::size_t cell, std::size_t t) {
  const loam::Node* nodes = forest.nodes.data();
  std::size_t at = forest.treeStarts[t];
  while (!nodes[at].isLeaf()) {
    const bool isLeft = problem.columns[nodes[at].predictor][cell] <= forest.cuts[nodes[at].predictor][nodes[at].cut];
    at = isLeft ? at + 1 : forest.treeStarts[t] + nodes[at].payload;
  }
  return static_cast<std::size_t>(std::count_if(nodes, nodes + at, [](const loam::Node& node) { return node.isLeaf(); }));
}

std::vector<std::uint8_t> fileOf(const loam::Forest& forest) { return loam::encodeForest(forest, {}); }

}  // namespace

TEST(intervalsPlain, "quantiles, mean and spread equal plain ones from the leaves, on any number of threads and row length") {
  const std::vector<double> quantiles = {0.95, 0.05, 0.5};
  for (const std::uint32_t perLeaf : {1u, 4u, 8u, 11u}) {
    loam::TrainOptions options;
    options.treeCount = 9;
    options.samplesPerLeaf = perLeaf;
    const Problem problem(1500, 4, perLeaf, perLeaf == 8 ? 30 : 0);
    const loam::Forest forest = train(problem, options);
    Problem cells(700, 4, 77, perLeaf == 8 ? 30 : 0);
    cells.columns[2][5] = std::numeric_limits<float>::quiet_NaN();
    const Intervals found = predict(forest, cells, quantiles);
    for (const std::size_t rowLength : {1u, 13u, 64u, 900u}) CHECK(predict(forest, cells, quantiles, 3, rowLength) == found);

    std::vector<float> means(700);
    const auto predictors = cells.predictors();
    const loam::DayOfCells day{Span<const Span<const float>>(predictors), Span<float>(means)};
    loam::predictForest(forest, {&day, 1}, 0, loam::Work());
    CHECK(std::memcmp(means.data(), found.mean.data(), 4 * means.size()) == 0);

    CHECK(std::isnan(found.mean[5]) && std::isnan(found.sd[5]) && std::isnan(found.quantiles[1][5]));
    for (std::size_t cell = 0; cell < 700; cell += 7) {
      std::vector<float> targets;
      double squares = 0;
      for (std::size_t t = 0; t < 9; t++) {
        const std::size_t leaf = leafOf(forest, cells, cell, t);
        squares += forest.leafSamples.squares[leaf] / 9.0;
        for (std::uint32_t j = 0; j < perLeaf; j++)
          targets.push_back(forest.leafSamples.targets[forest.leafSamples.ranks[leaf * perLeaf + j]]);
      }
      std::sort(targets.begin(), targets.end());
      for (std::size_t k = 0; k < 3; k++) {
        std::size_t place = 0;
        while (static_cast<double>(place + 1) / static_cast<double>(targets.size()) < quantiles[k] - 1e-9) place++;
        CHECK(found.quantiles[k][cell] == targets[place]);
      }
      const double gap = found.mean[cell] - forest.leafSamples.centre;
      CHECK(std::abs(found.sd[cell] - std::sqrt(std::max(0.0, squares - gap * gap))) < 2e-3);
    }
  }
}

TEST(meinshausen, "with many samples per leaf the quantiles near those of Meinshausen's weights, and the spread equals theirs") {
  // Every row in every tree, so that the weights can be had from the leaves alone.
  loam::TrainOptions options;
  options.treeCount = 12;
  options.predictorsPerSplit = 1;
  options.sampleFraction = 0.9999999;
  options.samplesPerLeaf = 64;
  const Problem problem(400, 3, 41);
  const loam::Forest forest = train(problem, options), few = [&] {
    loam::TrainOptions with = options;
    with.samplesPerLeaf = 4;
    return train(problem, with);
  }();
  const std::vector<double> quantiles = {0.1, 0.5, 0.9};
  const Intervals found = predict(forest, problem, quantiles), coarse = predict(few, problem, quantiles);
  std::vector<std::vector<std::size_t>> leaves(12);
  for (std::size_t t = 0; t < 12; t++)
    for (std::size_t row = 0; row < 400; row++) leaves[t].push_back(leafOf(forest, problem, row, t));
  double worst = 0, worstOfFew = 0;
  for (std::size_t cell = 0; cell < 400; cell += 5) {
    std::vector<double> weights(400, 0);
    for (const auto& own : leaves) {
      const double size = static_cast<double>(std::count(own.begin(), own.end(), own[cell]));
      for (std::size_t row = 0; row < 400; row++)
        if (own[row] == own[cell]) weights[row] += 1 / size / 12;
    }
    double mean = 0, squares = 0;
    for (std::size_t row = 0; row < 400; row++) mean += weights[row] * problem.target[row];
    for (std::size_t row = 0; row < 400; row++) squares += weights[row] * std::pow(problem.target[row] - mean, 2);
    CHECK(std::abs(found.mean[cell] - mean) < 1e-5);
    CHECK(std::abs(found.sd[cell] - std::sqrt(squares)) < 1e-4);
    for (std::size_t k = 0; k < 3; k++) {
      // The share of the weights at or below the value found is the quantile asked for.
      const auto share = [&](float value, bool isWithEqual) {
        double sum = 0;
        for (std::size_t row = 0; row < 400; row++) {
          const auto own = static_cast<float>(problem.target[row]);
          if (own < value || (isWithEqual && own == value)) sum += weights[row];
        }
        return sum;
      };
      const auto miss = [&](float value) { return std::max({0.0, share(value, false) - quantiles[k], quantiles[k] - share(value, true)}); };
      worst = std::max(worst, miss(found.quantiles[k][cell]));
      worstOfFew = std::max(worstOfFew, miss(coarse.quantiles[k][cell]));
    }
  }
  CHECK(worst < 0.01);
  CHECK(worstOfFew < 0.07);
}

TEST(leafRows, "with all rows in the leaves the quantiles are Meinshausen's, also with weights and rows drawn several times") {
  for (const bool isWeighted : {false, true}) {
    loam::TrainOptions options;
    options.treeCount = 7;
    options.predictorsPerSplit = 2;
    options.minLeafSize = 4;
    options.keepRows = true;
    const Problem problem(500, 3, 51, isWeighted ? 12 : 0);
    std::vector<double> weights;
    for (std::size_t row = 0; row < 500 && isWeighted; row++) weights.push_back(static_cast<double>(row % 4));
    const loam::Forest forest = train(problem, options, 2, weights);
    CHECK(forest.leafSamples.empty() && !forest.leafRows.empty());
    Problem cells(300, 3, 52, isWeighted ? 12 : 0);
    cells.columns[1][7] = std::numeric_limits<float>::quiet_NaN();
    const std::vector<double> quantiles = {0.9, 0.05, 0.5};
    const Intervals found = predict(forest, cells, quantiles);
    CHECK(predict(forest, cells, quantiles, 3, 17) == found);
    CHECK(std::isnan(found.mean[7]) && std::isnan(found.sd[7]) && std::isnan(found.quantiles[0][7]));

    const loam::LeafRows& rows = forest.leafRows;
    for (std::size_t cell = 0; cell < 300; cell += 3) {
      if (cell == 7) continue;
      // Ten plain lines.
      std::map<float, double> shares;
      double mean = 0;
      for (std::size_t t = 0; t < 7; t++) {
        const std::size_t leaf = leafOf(forest, cells, cell, t);
        double all = 0;
        for (std::size_t i = rows.starts[leaf]; i < rows.starts[leaf + 1]; i++) all += rows.weights[i];
        for (std::size_t i = rows.starts[leaf]; i < rows.starts[leaf + 1]; i++) shares[rows.targets[rows.ranks[i]]] += rows.weights[i] / all / 7;
      }
      for (const auto& [target, share] : shares) mean += target * share;
      CHECK(std::abs(found.mean[cell] - mean) < 1e-5);
      for (std::size_t k = 0; k < 3; k++) {
        double passed = 0;
        auto at = shares.begin();
        while ((passed += at->second) < quantiles[k] - 1e-9) ++at;
        CHECK(found.quantiles[k][cell] == at->first);
      }
      double spread = 0;
      for (const auto& [target, share] : shares) spread += share * (target - mean) * (target - mean);
      CHECK(std::abs(found.sd[cell] - std::sqrt(spread)) < 1e-5);
    }

    // The rows of a leaf are those of the tree's sample that fall into it: without weights as many as there are rows.
    double all = 0;
    for (std::size_t i = 0; i < rows.weights.size(); i++) all += rows.weights[i];
    if (!isWeighted) CHECK(all == 7 * 500);
    const std::vector<std::uint8_t> json = {'{', '}'};
    const auto bytes = loam::encodeForest(forest, Span<const std::uint8_t>(json));
    const auto back = loam::decodeForest(Span<const std::uint8_t>(bytes)).forest;
    CHECK(predict(back, cells, quantiles) == found);
    options.samplesPerLeaf = 4;
    CHECK(failureOf([&] { train(problem, options, 1, weights); }) == "bad_input");
  }
}

TEST(coverage, "nine of ten new targets lie in the 90 % interval") {
  loam::TrainOptions options;
  options.treeCount = 60;
  options.minLeafSize = 10;
  options.samplesPerLeaf = 4;
  Problem problem(8000, 3, 42), fresh(4000, 3, 43);
  loam::Random random(44);
  for (auto* one : {&problem, &fresh})
    for (std::size_t i = 0; i < one->target.size(); i++)
      one->target[i] += one->columns[2][i] * (random.below(1000) + random.below(1000) + random.below(1000)) * 1e-3;
  const Intervals found = predict(train(problem, options), fresh, {0.05, 0.95});
  double inside = 0;
  for (std::size_t i = 0; i < 4000; i++) inside += fresh.target[i] >= found.quantiles[0][i] && fresh.target[i] <= found.quantiles[1][i];
  CHECK(std::abs(inside / 4000 - 0.9) < 0.03);
}

TEST(sampledFile, "leaf samples are the same on any number of threads, come back from the file, and leave the trees as they were") {
  loam::TrainOptions options;
  options.treeCount = 5;
  const Problem problem(3000, 4, 45, 400);
  std::vector<double> weights;
  for (std::size_t i = 0; i < 3000; i++) weights.push_back(static_cast<double>(i % 4));
  const loam::Forest plain = train(problem, options, 1, weights);
  options.samplesPerLeaf = 6;
  const loam::Forest one = train(problem, options, 1, weights), three = train(problem, options, 3, weights);
  const auto bytes = fileOf(one);
  CHECK(fileOf(three) == bytes && bytes[8] == 2);
  CHECK(plain.nodes.size() == one.nodes.size() && std::memcmp(plain.nodes.data(), one.nodes.data(), 8 * one.nodes.size()) == 0);
  const auto back = loam::decodeForest(Span<const std::uint8_t>(bytes));
  CHECK(fileOf(back.forest) == bytes);
  CHECK(predict(back.forest, problem, {0.3}) == predict(one, problem, {0.3}));
  CHECK(failureOf([&] { predict(plain, problem, {0.3}); }) == "bad_input");
  CHECK(failureOf([&] { predict(one, problem, {1.0}); }) == "bad_input");
  loam::Random random(46);
  for (int mutant = 0; mutant < 300; mutant++) {
    auto changed = bytes;
    changed[random.below(128)] ^= static_cast<std::uint8_t>(1 + random.below(255));
    CHECK(failureOf([&] { loam::decodeForest(Span<const std::uint8_t>(changed)); }) != "");
  }
}

TEST(manyTargets, "more targets than 16 bits can tell apart are told by their quantiles") {
  loam::TrainOptions options;
  options.treeCount = 2;
  options.samplesPerLeaf = 4;
  options.minLeafSize = 50;
  Problem problem(90000, 1, 47);
  for (std::size_t i = 0; i < 90000; i++) problem.target[i] = static_cast<double>(i), problem.columns[0][i] = static_cast<float>(i);
  const loam::Forest forest = train(problem, options);
  CHECK(forest.leafSamples.targets.size() == 65536);
  const Intervals found = predict(forest, problem, {0.5});
  for (std::size_t i = 0; i < 90000; i += 10) CHECK(std::abs(found.quantiles[0][i] - static_cast<double>(i)) < 120);
}

TEST(selectForms, "every instruction set selects the same ranks as sorting does") {
  loam::NamedSelectRanks forms[3];
  const std::size_t count = loam::selectRanksForms(forms);
  loam::Random random(48);
  for (const std::size_t size : {1u, 2u, 31u, 504u, 1001u, 70001u})
    for (const std::uint32_t reach : {1u, 40u, 65536u}) {
      std::vector<std::uint16_t> ranks;
      for (std::size_t i = 0; i < size; i++) ranks.push_back(static_cast<std::uint16_t>(65536 - 1 - random.below(reach)));
      auto sorted = ranks;
      std::sort(sorted.begin(), sorted.end());
      const std::vector<std::uint32_t> wanted = {1, static_cast<std::uint32_t>((size + 1) / 2), static_cast<std::uint32_t>(size)};
      for (std::size_t f = 0; f < count; f++) {
        std::uint16_t selected[3];
        forms[f].select(ranks.data(), size, wanted.data(), 3, selected);
        for (std::size_t k = 0; k < 3; k++) CHECK(selected[k] == sorted[wanted[k] - 1]);
      }
    }
}

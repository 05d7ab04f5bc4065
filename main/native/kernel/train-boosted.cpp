#include "train-boosted.hpp"

#include <algorithm>
#include <string>

#include "booster.hpp"
#include "failure.hpp"
#include "training-data.hpp"

namespace loam {
namespace {

constexpr std::size_t maxRows = (std::size_t{1} << 24) - 1;

void checkOptions(const BoostOptions& options, std::size_t rows, Span<const std::uint8_t> isValidation) {
  const auto refuse = [](const char* what) { throw Failure("bad_input", what); };
  if (options.rounds < 1 || options.rounds > maxTrees) refuse("The number of rounds must be 1 to 100000.");
  if (!(options.learningRate > 0 && options.learningRate <= 1)) refuse("The learning rate must be above 0 and at most 1.");
  if (options.maxDepth < 1 || options.maxDepth > 255) refuse("The largest depth must be 1 to 255.");
  if (!(options.l2 >= 0 && options.l2 < 1e30)) refuse("The L2 penalty must be 0 or more.");
  if (!(options.rowFraction > 0 && options.rowFraction <= 1)) refuse("The share of rows must be above 0 and at most 1.");
  if (!(options.columnFraction > 0 && options.columnFraction <= 1))
    refuse("The share of predictors must be above 0 and at most 1.");
  if (rows > maxRows) throw Failure("too_large", "Boosting takes at most 16777215 rows; found " + std::to_string(rows) + ".");
  if (!isValidation.empty() && isValidation.size() != rows) refuse("Validation marks and target differ in length.");
  if (options.patience > 0 && std::find(isValidation.begin(), isValidation.end(), 1) == isValidation.end())
    refuse("Early stopping needs validation rows.");
}

template <std::size_t Stride>
BoostResult boost(TrainingData& data, Span<const double> target, Span<const std::uint8_t> isValidation,
                  const BoostOptions& options, const Work& work) {
  Booster<Stride> booster(data, target, isValidation, options, work);
  data.codes = {};
  BoostResult result;
  std::vector<std::vector<Node>> trees;
  std::vector<std::vector<double>> gains;
  std::size_t best = 0;
  for (std::uint32_t round = 0; round < options.rounds; round++) {
    work.throwIfStopped();
    std::vector<double> own(data.predictors, 0);
    double rmse = 0;
    trees.push_back(booster.grow(round, own, rmse));
    gains.push_back(std::move(own));
    if (work.progress) work.progress(static_cast<double>(round + 1) / options.rounds);
    if (booster.validationRows() > 0) {
      result.validationRmse.push_back(rmse);
      if (rmse < result.validationRmse[best]) best = round;
    }
    if (options.patience > 0 && round - best >= options.patience) break;
  }
  if (options.patience > 0) trees.resize(best + 1);

  Forest& forest = result.forest;
  forest.cuts = std::move(data.cuts);
  forest.aggregate = Aggregate::sum;
  forest.base = booster.base();
  forest.treeStarts.push_back(0);
  for (const std::vector<Node>& tree : trees) forest.treeStarts.push_back(forest.treeStarts.back() + tree.size());
  forest.nodes = PagedArray<Node>(forest.treeStarts.back());
  result.gainImportance.assign(data.predictors, 0);
  double all = 0;
  for (std::size_t t = 0; t < trees.size(); t++) {
    std::copy(trees[t].begin(), trees[t].end(), forest.nodes.data() + forest.treeStarts[t]);
    for (std::size_t p = 0; p < data.predictors; p++) result.gainImportance[p] += gains[t][p], all += gains[t][p];
  }
  if (all > 0)
    for (double& share : result.gainImportance) share /= all;
  return result;
}

}  // namespace

BoostResult trainBoosted(Span<const Span<const float>> predictors, Span<const double> target,
                         Span<const std::uint8_t> isValidation, const BoostOptions& options, const Work& work) {
  checkOptions(options, target.size(), isValidation);
  TrainingData data = prepareTrainingData(predictors, target, {}, work);
  switch (Booster<0>::strideFor(data.predictors, options)) {
    case 16: return boost<16>(data, target, isValidation, options, work);
    case 32: return boost<32>(data, target, isValidation, options, work);
    case 48: return boost<48>(data, target, isValidation, options, work);
    default: return boost<0>(data, target, isValidation, options, work);
  }
}

}  // namespace loam

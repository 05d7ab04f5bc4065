#pragma once
#include <cstdint>
#include <vector>

#include "forest.hpp"
#include "span.hpp"
#include "work.hpp"

namespace loam {

struct TrainOptions {
  std::uint32_t treeCount = 126;
  /** Fewest distinct sample rows of a leaf. */
  std::uint32_t minLeafSize = 5;
  /** Predictors tried at each split; 0 means all. */
  std::uint32_t predictorsPerSplit = 0;
  std::uint32_t maxDepth = 64;
  /** Share of the rows each tree is grown from. 1 draws as many rows as there are, with replacement; less draws without. */
  double sampleFraction = 1;
  std::uint64_t seed = 1;
  bool permutationImportance = false;
  /** Training rows that each leaf keeps for quantiles (see LeafSamples), at most 64; 0 keeps none. */
  std::uint32_t samplesPerLeaf = 0;
  /** Each leaf keeps all its rows instead (see LeafRows). */
  bool keepRows = false;
};

struct TrainResult {
  Forest forest;
  /** Per row the mean over the trees whose sample lacks the row; NaN where every tree has it. */
  std::vector<float> outOfBagPrediction;
  /** Over the rows with an out-of-bag prediction; NaN when there is none (or no variance, for R²). */
  std::uint64_t outOfBagRows = 0;
  double outOfBagRmse = 0;
  double outOfBagR2 = 0;
  /** Per predictor its share of the fall in variance: per tree scaled to sum 1, then the mean over trees with a split. */
  std::vector<double> impurityImportance;
  /** Per predictor the rise of the out-of-bag mean squared error (target units squared) when its values are permuted among a
   *  tree's out-of-bag rows: mean and standard deviation over trees. Empty unless asked for. */
  std::vector<double> permutationMean;
  std::vector<double> permutationSd;
};

/** Random forest for regression (Breiman 2001). Same data, options and seed: same bytes, on any number of threads.
 *  @param predictors one array of values per predictor, equally long, finite
 *  @param weights empty or one per row, >= 0; they multiply a row's count in a tree's sample
 *  @throws Failure bad_input, bad_table, too_few_rows, cancelled */
TrainResult trainForest(Span<const Span<const float>> predictors, Span<const double> target, Span<const double> weights,
                        const TrainOptions& options, const Work& work);

}  // namespace loam

#pragma once
#include <cstdint>
#include <vector>

#include "forest.hpp"
#include "span.hpp"
#include "work.hpp"

namespace loam {

struct BoostOptions {
  /** Trees at most. */
  std::uint32_t rounds = 300;
  /** Share of a leaf's mean residual that its tree adds. */
  double learningRate = 0.1;
  std::uint32_t maxDepth = 6;
  /** Fewest sampled rows of a leaf (with squared loss a row's second derivative is 1: xgboost's min_child_weight). */
  std::uint32_t minChildWeight = 1;
  /** L2 penalty on leaf values, in rows: a leaf's value is sum of residuals / (rows + l2). */
  double l2 = 1;
  /** Share of the rows each tree learns from, drawn without replacement. */
  double rowFraction = 1;
  /** Share of the predictors each tree may split on, at least one. */
  double columnFraction = 1;
  /** Ends when the error on the validation rows has not fallen for so many rounds, and keeps the trees up to the best round;
   *  0 never. Needs validation rows. */
  std::uint32_t patience = 0;
  std::uint64_t seed = 1;
};

struct BoostResult {
  /** Its aggregate is the sum, its base value the mean target of the training rows. */
  Forest forest;
  /** Per round grown, also those after the best: RMSE on the validation rows, target units. Empty without such rows. */
  std::vector<double> validationRmse;
  /** Per predictor its share of the fall in squared error of the trees kept; sums to 1 unless no tree has a split. */
  std::vector<double> gainImportance;
};

/** Gradient boosting with squared loss (Friedman 2001, Greedy function approximation; penalised gains as in Chen & Guestrin
 *  2016, XGBoost). Splits lie at one of 256 quantile bins of each predictor. Residuals are fixed-point numbers and all sums
 *  are sums of integers, so the same data, options and seed give the same bytes on any number of threads.
 *  @param predictors one array of values per predictor, equally long, finite
 *  @param isValidation empty, or one per row: rows with 1 are predicted but not learned from
 *  @throws Failure bad_input, bad_table, too_few_rows, too_large (more than 16 777 215 rows), cancelled */
BoostResult trainBoosted(Span<const Span<const float>> predictors, Span<const double> target,
                         Span<const std::uint8_t> isValidation, const BoostOptions& options, const Work& work);

}  // namespace loam

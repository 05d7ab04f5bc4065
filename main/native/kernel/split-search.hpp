#pragma once
#include <cstdint>

namespace loam {

/** Sums over the rows of a node: of weight × fixed target, of weights, and how many rows. */
struct Sums {
  std::int64_t target = 0;
  std::int64_t weight = 0;
  std::uint32_t rows = 0;
};

/** The best split seen so far. Its gain, the fall of the summed squared residuals, is numerator / (denominator × weight of the
 *  node); fractions are compared crosswise, without a division. */
struct BestSplit {
  int predictor = -1;
  double numerator = -1;
  double denominator = 1;
  Sums left;
  /** Highest left and lowest right value, as spread codes or bins, as the searcher counts. */
  std::uint32_t lastLeft = 0;
  std::uint32_t firstRight = 0;
};

/** Weighs splits of one node on one predictor against the best one. */
class SplitSearch {
 public:
  SplitSearch(const Sums& node, int predictor, BestSplit& best)
      : best_(best), target_(static_cast<double>(node.target)), weight_(static_cast<double>(node.weight)),
        predictor_(predictor) {}

  void consider(std::int64_t target, std::int64_t weight, std::uint32_t rows, std::uint32_t lastLeft,
                std::uint32_t firstRight) {
    const double leftWeight = static_cast<double>(weight);
    const double moved = static_cast<double>(target) * weight_ - target_ * leftWeight;
    const double numerator = moved * moved;
    const double denominator = leftWeight * (weight_ - leftWeight);
    const double mine = numerator * best_.denominator;
    const double theirs = best_.numerator * denominator;
    if (mine < theirs) return;
    // Equal gains go to the lower predictor, so that the order of trying does not matter.
    if (mine == theirs && predictor_ >= best_.predictor) return;
    best_ = {predictor_, numerator, denominator, {target, weight, rows}, lastLeft, firstRight};
  }

 private:
  BestSplit& best_;
  double target_;
  double weight_;
  int predictor_;
};

}  // namespace loam

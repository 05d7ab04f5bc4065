#include "boosted-split.hpp"

namespace loam {

BoostedSplit findSplit(const SplitRule& rule, const Histogram& histogram, std::int64_t sum, SplitRoom& room) {
  const double all = rule.packing.residuals(sum), rows = rule.packing.count(sum), l2 = rule.l2;
  const double least = rule.minChildWeight;
  BoostedSplit best;
  if (rows < 2 * least) return best;
  const double before = all * all / (rows + l2);
  best.gain = 1e-12 * before;  // Less is rounding.
  double *sums = room.sums.data(), *counts = room.counts.data(), *gains = room.gains.data();
  for (const std::uint32_t p : rule.columns) {
    const std::int64_t* bins = &histogram[p * binCount];
    std::int64_t left = 0;
    for (std::size_t b = 0; b < binCount; b++) {
      left += bins[b];
      sums[b] = rule.packing.residuals(left);
      counts[b] = rule.packing.count(left);
    }
    for (std::size_t b = 0; b < binCount; b++) {
      const double n = counts[b], other = all - sums[b], leftWeight = n + l2, rightWeight = rows - n + l2;
      const double gain =
          (sums[b] * sums[b] * rightWeight + other * other * leftWeight) / (leftWeight * rightWeight);
      gains[b] = n >= least && rows - n >= least ? gain : -1;
    }
    // Of equal gains the first is kept, so an empty bin is never the last one on the left.
    std::size_t top = 0;
    for (std::size_t b = 1; b < binCount; b++) top = gains[b] > gains[top] ? b : top;
    if (!(gains[top] - before > best.gain)) continue;
    best.predictor = static_cast<int>(p);
    best.gain = gains[top] - before;
    best.lastLeft = static_cast<std::uint32_t>(top);
  }
  if (best.predictor < 0) return best;
  const std::int64_t* bins = &histogram[static_cast<std::size_t>(best.predictor) * binCount];
  for (std::size_t b = 0; b <= best.lastLeft; b++) best.left += bins[b];
  // Half-way over the bins without counted rows, at an edge of bins: rows that are not counted go where they are predicted.
  std::uint32_t firstRight = best.lastLeft + 1;
  while (rule.packing.count(bins[firstRight]) == 0) firstRight++;
  best.lastLeft = (best.lastLeft + firstRight - 1) / 2;
  return best;
}

}  // namespace loam

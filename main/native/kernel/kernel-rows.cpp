#include "kernel-rows.hpp"

#include <algorithm>

namespace loam {

KernelRows::KernelRows(Span<const Span<const double>> columns, std::size_t rows, double gamma, std::size_t cacheBytes)
    : rows_(rows), predictors_(columns.size()), blocks_((rows + radialBlock - 1) / radialBlock), gamma_(gamma),
      add_(radialForThisMachine()), blocked_(blocks_ * radialBlock * predictors_, 0.0), points_(rows * predictors_),
      mostKept_(std::max<std::size_t>(2, cacheBytes / (sizeof(float) * std::max<std::size_t>(1, rows)))), kept_(rows),
      place_(rows, uses_.end()) {
  for (std::size_t p = 0; p < predictors_; p++)
    for (std::size_t i = 0; i < rows; i++) {
      blocked_[(i / radialBlock * predictors_ + p) * radialBlock + i % radialBlock] = columns[p][i];
      points_[i * predictors_ + p] = columns[p][i];
    }
}

const float* KernelRows::row(std::size_t i) {
  if (kept_[i]) {
    uses_.splice(uses_.begin(), uses_, place_[i]);
    return kept_[i].get();
  }
  std::unique_ptr<float[]> own;
  if (uses_.size() >= mostKept_) {
    own = std::move(kept_[uses_.back()]);
    uses_.pop_back();
  } else {
    own.reset(new float[rows_]);
  }
  fill(i, own.get());
  kept_[i] = std::move(own);
  uses_.push_front(i);
  place_[i] = uses_.begin();
  return kept_[i].get();
}

void KernelRows::fill(std::size_t i, float* out) {
  const double one = 1;
  for (std::size_t block = 0; block < blocks_; block++) {
    double values[radialBlock] = {};
    add_(&blocked_[block * predictors_ * radialBlock], predictors_, &points_[i * predictors_], &one, 1, gamma_, values);
    const std::size_t first = block * radialBlock, length = std::min(radialBlock, rows_ - first);
    for (std::size_t c = 0; c < length; c++) out[first + c] = static_cast<float>(values[c]);
  }
}

}  // namespace loam

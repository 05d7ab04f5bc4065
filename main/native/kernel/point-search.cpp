#include "point-search.hpp"

#include <algorithm>
#include <cmath>

namespace loam {
namespace {

/** Points of a bucket on average. */
constexpr double perBucket = 3;

}  // namespace

PointSearch::PointSearch(const double* x, const double* y, const double* z, std::size_t n) : x_(x), y_(y), z_(z), n_(n) {
  if (z_ != nullptr || n_ == 0) return;
  const auto [left, right] = std::minmax_element(x, x + n);
  const auto [low, high] = std::minmax_element(y, y + n);
  west_ = *left, south_ = *low;
  const double width = *right - west_, height = *high - south_;
  const double buckets = std::max(1.0, static_cast<double>(n) / perBucket);
  side_ = std::max(std::sqrt(width * height / buckets), std::max(width, height) / std::max(1.0, buckets));
  if (!(side_ > 0)) side_ = 1;
  columns_ = static_cast<std::size_t>(width / side_) + 1;
  rows_ = static_cast<std::size_t>(height / side_) + 1;
  const auto bucketOf = [&](std::size_t i) {
    const auto column = std::min(columns_ - 1, static_cast<std::size_t>((x_[i] - west_) / side_));
    const auto row = std::min(rows_ - 1, static_cast<std::size_t>((y_[i] - south_) / side_));
    return row * columns_ + column;
  };
  starts_.assign(columns_ * rows_ + 1, 0);
  for (std::size_t i = 0; i < n; i++) starts_[bucketOf(i) + 1]++;
  for (std::size_t b = 1; b < starts_.size(); b++) starts_[b] += starts_[b - 1];
  members_.resize(n);
  std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
  for (std::size_t i = 0; i < n; i++) members_[next[bucketOf(i)]++] = static_cast<std::uint32_t>(i);
}

void PointSearch::nearest(double x, double y, double z, std::size_t count,
                          std::vector<std::pair<double, std::uint32_t>>& heap) const {
  heap.clear();
  const auto offer = [&](std::uint32_t i) {
    const double dx = x_[i] - x, dy = y_[i] - y, dz = z_ == nullptr ? 0 : z_[i] - z;
    const std::pair<double, std::uint32_t> found{dx * dx + dy * dy + dz * dz, i};
    if (heap.size() < count) {
      heap.push_back(found);
      std::push_heap(heap.begin(), heap.end());
    } else if (found < heap.front()) {
      std::pop_heap(heap.begin(), heap.end());
      heap.back() = found;
      std::push_heap(heap.begin(), heap.end());
    }
  };
  if (z_ != nullptr) {
    for (std::size_t i = 0; i < n_; i++) offer(static_cast<std::uint32_t>(i));
  } else {
    // Rings of buckets around the one nearest to the place, which may lie outside the grid.
    const auto clamped = [](double place, std::size_t size) {
      return static_cast<std::ptrdiff_t>(std::clamp(std::floor(place), 0.0, static_cast<double>(size - 1)));
    };
    const std::ptrdiff_t centreColumn = clamped((x - west_) / side_, columns_), centreRow = clamped((y - south_) / side_, rows_);
    const auto columns = static_cast<std::ptrdiff_t>(columns_), rows = static_cast<std::ptrdiff_t>(rows_);
    // Buckets on the grid's edge may be left towards the outside without meeting more points.
    const auto visit = [&](std::ptrdiff_t row, std::ptrdiff_t column) {
      if (row < 0 || row >= rows || column < 0 || column >= columns) return;
      const auto bucket = static_cast<std::size_t>(row * columns + column);
      for (std::uint32_t m = starts_[bucket]; m < starts_[bucket + 1]; m++) offer(members_[m]);
    };
    const std::ptrdiff_t last = std::max(columns, rows);
    for (std::ptrdiff_t ring = 0; ring <= last; ring++) {
      if (heap.size() == count && ring > 0) {
        // No point beyond the rings so far is nearer than their edge, on the sides where there are buckets beyond.
        const double own = static_cast<double>(ring - 1);
        double clear = INFINITY;
        if (centreColumn - (ring - 1) > 0) clear = std::min(clear, x - (west_ + (static_cast<double>(centreColumn) - own) * side_));
        if (centreColumn + (ring - 1) < columns - 1)
          clear = std::min(clear, west_ + (static_cast<double>(centreColumn) + own + 1) * side_ - x);
        if (centreRow - (ring - 1) > 0) clear = std::min(clear, y - (south_ + (static_cast<double>(centreRow) - own) * side_));
        if (centreRow + (ring - 1) < rows - 1)
          clear = std::min(clear, south_ + (static_cast<double>(centreRow) + own + 1) * side_ - y);
        if (clear > 0 && clear * clear > heap.front().first) break;
      }
      if (ring == 0) {
        visit(centreRow, centreColumn);
        continue;
      }
      for (std::ptrdiff_t column = centreColumn - ring; column <= centreColumn + ring; column++) {
        visit(centreRow - ring, column);
        visit(centreRow + ring, column);
      }
      for (std::ptrdiff_t row = centreRow - ring + 1; row < centreRow + ring; row++) {
        visit(row, centreColumn - ring);
        visit(row, centreColumn + ring);
      }
    }
  }
  std::sort_heap(heap.begin(), heap.end());
}

void PointSearch::within(double x, double y, double z, double radius, std::vector<std::uint32_t>& found) const {
  const auto offer = [&](std::uint32_t i) {
    const double dx = x_[i] - x, dy = y_[i] - y, dz = z_ == nullptr ? 0 : z_[i] - z;
    if (dx * dx + dy * dy + dz * dz <= radius * radius) found.push_back(i);
  };
  if (z_ != nullptr) {
    for (std::size_t i = 0; i < n_; i++) offer(static_cast<std::uint32_t>(i));
    return;
  }
  const auto bucket = [this](double from, std::size_t size) {
    return static_cast<std::size_t>(std::clamp(std::floor(from / side_), 0.0, static_cast<double>(size - 1)));
  };
  const std::size_t left = bucket(x - radius - west_, columns_), right = bucket(x + radius - west_, columns_);
  const std::size_t low = bucket(y - radius - south_, rows_), high = bucket(y + radius - south_, rows_);
  for (std::size_t row = low; row <= high; row++)
    for (std::uint32_t m = starts_[row * columns_ + left]; m < starts_[row * columns_ + right + 1]; m++) offer(members_[m]);
}

}  // namespace loam

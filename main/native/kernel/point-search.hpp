#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace loam {

/** Nearest points by a grid of buckets, in the plane; in space (z given) by looking at all of them. */
class PointSearch {
 public:
  PointSearch() = default;
  /** The arrays must outlive this and stay where they are. */
  PointSearch(const double* x, const double* y, const double* z, std::size_t n);

  /** Indices of the `count` nearest points, by rising distance and, at one distance, rising index.
   *  @param heap scratch of the caller */
  void nearest(double x, double y, double z, std::size_t count, std::vector<std::pair<double, std::uint32_t>>& heap) const;
  /** Adds the indices of all points at most `radius` away, in no fixed order. */
  void within(double x, double y, double z, double radius, std::vector<std::uint32_t>& found) const;

 private:
  const double* x_ = nullptr;
  const double* y_ = nullptr;
  const double* z_ = nullptr;
  std::size_t n_ = 0;
  double west_ = 0, south_ = 0, side_ = 1;
  std::size_t columns_ = 0, rows_ = 0;
  std::vector<std::uint32_t> starts_;
  std::vector<std::uint32_t> members_;
};

}  // namespace loam

#include <algorithm>
#include <cmath>
#include <random>

#include "../kernel/kriging.hpp"
#include "check.hpp"

namespace {

using loam::Span;

struct Points {
  std::vector<double> x, y, values;
};

Points scattered(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  const auto uniform = [&random] { return static_cast<double>(random()) / 4294967296.0 * 1000; };
  Points points;
  for (std::size_t i = 0; i < n; i++) points.x.push_back(uniform()), points.y.push_back(uniform()), points.values.push_back(uniform());
  return points;
}

TEST(nearestPoints, "the grid of buckets finds the nearest points, from inside, outside and on a line") {
  for (const bool isLine : {false, true}) {
    Points points = scattered(500, 1);
    if (isLine) std::fill(points.y.begin(), points.y.end(), 7.0);
    const loam::PointSearch search(points.x.data(), points.y.data(), nullptr, 500);
    const Points places = scattered(200, 2);
    std::vector<std::pair<double, std::uint32_t>> found, all;
    for (std::size_t p = 0; p < 200; p++) {
      const double x = places.x[p] * 1.6 - 300, y = places.y[p] * 1.6 - 300;
      search.nearest(x, y, 0, 9, found);
      all.clear();
      for (std::uint32_t i = 0; i < 500; i++) {
        const double dx = points.x[i] - x, dy = points.y[i] - y;
        all.push_back({dx * dx + dy * dy, i});
      }
      std::sort(all.begin(), all.end());
      all.resize(9);
      CHECK(found == all);
    }
  }
}

TEST(krigingForms, "all stations, nearly all as neighbours, blocks and drift run clean on odd sizes") {
  const loam::VariogramPart parts[] = {{loam::VariogramShape::nugget, 0.1}, {loam::VariogramShape::spherical, 1, 300},
                                       {loam::VariogramShape::matern, 1, 100, 1.5, 20, 0.5}};
  for (const std::size_t n : {1u, 2u, 9u, 67u, 130u}) {
    const Points stations = scattered(n, 3), cells = scattered(53, 4);
    std::vector<double> prediction(53), variance(53), quick(53);
    loam::Work work;
    work.threads = 3;
    const bool hasDrift = n > 5;
    for (const double side : {0.0, 20.0}) {
      loam::KrigingOptions options;
      options.blockWidth = options.blockHeight = side;
      loam::KrigingStations own{stations.x, stations.y, stations.values, {}};
      loam::KrigingCells places{cells.x, cells.y, {}};
      if (hasDrift) own.drift = {Span<const double>(stations.y)}, places.drift = {Span<const double>(cells.y)};
      const loam::KrigingSystem all(own, {parts, 3}, options, work);
      all.krige(places, prediction, variance, work);
      for (std::size_t i = 0; i < 53; i++) CHECK(std::isfinite(prediction[i]) && variance[i] > 0);
      options.hasVariance = false;
      loam::KrigingSystem(own, {parts, 3}, options, work).krige(places, quick, {}, work);
      CHECK(quick == prediction);
      if (n < 9) continue;
      options.neighbours = n - 1;
      loam::KrigingSystem(own, {parts, 3}, options, work).krige(places, quick, variance, work);
      for (std::size_t i = 0; i < 53; i++) CHECK(std::isfinite(quick[i]) && variance[i] > 0);
    }
  }
}

TEST(krigingRefusals, "two stations at one place, an empty table and a model without sill are refused") {
  const loam::VariogramPart sphere{loam::VariogramShape::spherical, 1, 300}, none{loam::VariogramShape::spherical, 0, 300};
  const std::vector<double> same = {1, 2, 1}, y = {3, 4, 3};
  const auto prepare = [&](const loam::KrigingStations& stations, const loam::VariogramPart& part) {
    return failureOf([&] { loam::KrigingSystem(stations, {&part, 1}, {}, {}); });
  };
  CHECK(prepare({same, y, y, {}}, sphere) == "bad_input");
  CHECK(prepare({{}, {}, {}, {}}, sphere) == "too_few_rows");
  CHECK(prepare({y, same, y, {}}, none) == "bad_input");
}

}  // namespace

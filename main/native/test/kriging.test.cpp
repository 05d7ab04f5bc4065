#include <algorithm>
#include <cmath>
#include <random>

#include "../kernel/kriging-loops.hpp"
#include "../kernel/kriging.hpp"
#include "../kernel/neighbourhoods.hpp"
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

TEST(pointsWithin, "the grid of buckets finds all points of a circle") {
  const Points points = scattered(400, 5), places = scattered(60, 6);
  const loam::PointSearch search(points.x.data(), points.y.data(), nullptr, 400);
  for (std::size_t p = 0; p < 60; p++) {
    const double x = places.x[p] * 1.6 - 300, y = places.y[p] * 1.6 - 300, radius = static_cast<double>(p) * 9;
    std::vector<std::uint32_t> found, all;
    search.within(x, y, 0, radius, found);
    for (std::uint32_t i = 0; i < 400; i++)
      if (std::hypot(points.x[i] - x, points.y[i] - y) <= radius) all.push_back(i);
    std::sort(found.begin(), found.end());
    CHECK(found == all);
  }
}

TEST(stripFactor, "is the factor that three plain loops give, solves with it, and has the same bytes on any number of threads") {
  for (const std::size_t n : {1u, 7u, 8u, 24u, 130u, 300u}) {
    const Points points = scattered(n, 7);
    std::vector<double> plain(n * n);
    loam::StripFactor one(n), three(n);
    for (std::size_t i = 0; i < n; i++)
      for (std::size_t j = 0; j <= i; j++) {
        const double entry = std::exp(-std::hypot(points.x[i] - points.x[j], points.y[i] - points.y[j]) / 300) + (i == j ? 0.1 : 0);
        plain[i * n + j] = one.column(i / 8, j)[i % 8] = three.column(i / 8, j)[i % 8] = entry;
      }
    for (std::size_t i = 0; i < n; i++)
      for (std::size_t j = 0; j <= i; j++) {
        for (std::size_t m = 0; m < j; m++) plain[i * n + j] -= plain[i * n + m] * plain[j * n + m];
        plain[i * n + j] = i == j ? std::sqrt(plain[i * n + i]) : plain[i * n + j] / plain[j * n + j];
      }
    loam::Work work;
    CHECK(one.factor(1e-13, work) == n);
    work.threads = 3;
    CHECK(three.factor(1e-13, work) == n);
    for (std::size_t i = 0; i < n; i++)
      for (std::size_t j = 0; j <= i; j++) {
        const double entry = one.column(i / 8, j)[i % 8];
        CHECK(entry == three.column(i / 8, j)[i % 8]);
        CHECK(std::abs((i == j ? 1 / entry : entry) - plain[i * n + j]) < 1e-12);
      }
    // L (L⁻¹ b) = b, one by one and as panels of which the first rows are zero.
    const std::size_t rows = one.rows(), first = n / 2 / 8 * 8;
    std::vector<double> b(rows, 0.0), room(5 * rows * loam::panelCells + 8);
    for (std::size_t i = first; i < n; i++) b[i] = points.values[i];
    double* panels = loam::alignedTo64(room.data());
    for (std::size_t q = 0; q < 5; q++)
      for (std::size_t i = 0; i < rows; i++)
        for (std::size_t c = 0; c < loam::panelCells; c++) panels[(q * rows + i) * loam::panelCells + c] = b[i] * static_cast<double>(q + c);
    std::vector<double> y = b;
    one.solveLower(y.data());
    one.solvePanels(panels, 5, first);
    for (std::size_t i = 0; i < n; i++) {
      double sum = 0;
      for (std::size_t j = 0; j <= i; j++) sum += plain[i * n + j] * y[j];
      CHECK(std::abs(sum - b[i]) < 1e-9);
      for (std::size_t q = 0; q < 5; q++)
        for (const std::size_t c : {0u, 23u})
          CHECK(std::abs(panels[(q * rows + i) * loam::panelCells + c] - y[i] * static_cast<double>(q + c)) < 1e-8);
    }
    std::vector<double> x = y;
    one.solveUpper(x.data());
    for (std::size_t i = 0; i < n; i++) {
      double sum = 0;
      for (std::size_t j = i; j < n; j++) sum += plain[j * n + i] * x[j];
      CHECK(std::abs(sum - y[i]) < 1e-9);
    }
  }
  loam::StripFactor flat(20);
  for (std::size_t i = 0; i < 20; i++)
    for (std::size_t j = 0; j <= i; j++) flat.column(i / 8, j)[i % 8] = i == j && i != 13 ? 1 : 0;
  CHECK(flat.factor(1e-13, {}) == 13);
}

/** Kriging of one cell from a given few stations, each call a system of its own. */
std::pair<double, double> alone(const Points& stations, const std::vector<std::uint32_t>& used, double x, double y,
                                Span<const loam::VariogramPart> parts, const loam::KrigingOptions& options) {
  Points own;
  for (const std::uint32_t i : used) own.x.push_back(stations.x[i]), own.y.push_back(stations.y[i]), own.values.push_back(stations.values[i]);
  loam::KrigingOptions all = options;
  all.neighbours = 0;
  double prediction, variance;
  loam::KrigingSystem({own.x, own.y, own.values, {}}, parts, all, {})
      .krige({{&x, 1}, {&y, 1}, {}}, {&prediction, 1}, {&variance, 1}, {});
  return {prediction, variance};
}

TEST(nearbyKriging, "shares neighbourhoods between cells and is yet each cell's own: scattered, clustered, on a lattice, on the sphere") {
  const loam::VariogramPart parts[] = {{loam::VariogramShape::nugget, 0.1}, {loam::VariogramShape::exponential, 1, 80}};
  for (const std::string layout : {"scattered", "clustered", "lattice", "sphere"}) {
    Points stations = scattered(300, 8), cells;
    if (layout == "clustered")
      for (std::size_t i = 0; i < 270; i++) stations.x[i] = 500 + stations.x[i] * 0.01, stations.y[i] = 500 + stations.y[i] * 0.01;
    if (layout == "lattice")
      for (std::size_t i = 0; i < 300; i++) stations.x[i] = static_cast<double>(i % 20) * 50, stations.y[i] = static_cast<double>(i / 20) * 50;
    const bool isSphere = layout == "sphere";
    if (isSphere)
      for (std::size_t i = 0; i < 300; i++) stations.x[i] = stations.x[i] * 0.36 - 180, stations.y[i] = stations.y[i] * 0.16 - 80;
    for (std::size_t i = 0; i < 60 * 50; i++) {
      const double x = static_cast<double>(i % 60) * 20.3 - 100, y = static_cast<double>(i / 60) * 22.1 - 50;
      cells.x.push_back(isSphere ? x * 0.3 - 160 : x), cells.y.push_back(isSphere ? y * 0.15 - 75 : y);
    }
    cells.x[77] = NAN;
    loam::KrigingOptions options;
    options.neighbours = 11;
    options.isGreatCircle = isSphere;
    loam::Work work;
    work.threads = 3;
    const loam::KrigingSystem system({stations.x, stations.y, stations.values, {}}, {parts, 2}, options, work);
    std::vector<double> prediction(3000), variance(3000), again(3000);
    system.krige({cells.x, cells.y, {}}, prediction, variance, work);
    work.threads = 1;
    system.krige({cells.x, cells.y, {}}, again, {}, work);
    CHECK(std::isnan(prediction[77]) && std::isnan(again[77]));
    const auto nearest = [&](double x, double y, std::size_t without) {
      std::vector<std::pair<double, std::uint32_t>> all;
      for (std::uint32_t i = 0; i < 300; i++) {
        if (i == without) continue;
        const double dx = stations.x[i] - x, dy = stations.y[i] - y, radians = 3.14159265358979323846 / 180;
        const double half = std::pow(std::sin(dy * radians / 2), 2) +
                            std::cos(y * radians) * std::cos(stations.y[i] * radians) * std::pow(std::sin(dx * radians / 2), 2);
        all.push_back({isSphere ? half : dx * dx + dy * dy, i});
      }
      std::sort(all.begin(), all.end());
      std::vector<std::uint32_t> used;
      for (std::size_t i = 0; i < 11; i++) used.push_back(all[i].second);
      return used;
    };
    for (std::size_t i = 0; i < 3000; i += i < 80 ? 1 : 37) {
      if (i == 77) continue;
      CHECK(prediction[i] == again[i]);
      const auto [value, spread] = alone(stations, nearest(cells.x[i], cells.y[i], 300), cells.x[i], cells.y[i], {parts, 2}, options);
      CHECK(std::abs(prediction[i] - value) < 1e-7);
      CHECK(std::abs(variance[i] - spread) < 1e-9);
    }
    for (std::size_t i = 0; i < 300; i += 23) {
      const auto [value, spread] = alone(stations, nearest(stations.x[i], stations.y[i], i), stations.x[i], stations.y[i], {parts, 2}, options);
      // On a lattice neighbours at one distance may be others.
      if (layout == "lattice") continue;
      CHECK(std::abs(system.leftOutPrediction()[i] - value) < 1e-7);
      CHECK(std::abs(system.leftOutVariance()[i] - spread) < 1e-9);
    }
  }
}

TEST(largestDistance, "stations beyond the largest distance are not taken, and without any there is no value") {
  const loam::VariogramPart parts[] = {{loam::VariogramShape::nugget, 0.1}, {loam::VariogramShape::linear, 0.01, 0}};
  const Points stations = scattered(150, 11), cells = scattered(400, 12);
  for (const std::size_t neighbours : {0u, 6u}) {
    loam::KrigingOptions options;
    options.neighbours = neighbours;
    options.maxDistance = 90;
    const loam::KrigingSystem system({stations.x, stations.y, stations.values, {}}, {parts, 2}, options, {});
    std::vector<double> prediction(400), variance(400);
    system.krige({cells.x, cells.y, {}}, prediction, variance, {});
    std::size_t without = 0, fewer = 0;
    for (std::size_t c = 0; c < 400; c++) {
      std::vector<std::pair<double, std::uint32_t>> near;
      for (std::uint32_t i = 0; i < 150; i++) {
        const double distance = std::hypot(stations.x[i] - cells.x[c], stations.y[i] - cells.y[c]);
        if (distance <= 90) near.push_back({distance, i});
      }
      std::sort(near.begin(), near.end());
      if (neighbours > 0 && near.size() > neighbours) near.resize(neighbours);
      if (near.empty()) {
        without++;
        CHECK(std::isnan(prediction[c]) && std::isnan(variance[c]));
        continue;
      }
      if (near.size() < 6) fewer++;
      std::vector<std::uint32_t> used;
      for (const auto& each : near) used.push_back(each.second);
      loam::KrigingOptions all;
      const auto [value, spread] = alone(stations, used, cells.x[c], cells.y[c], {parts, 2}, all);
      CHECK(std::abs(prediction[c] - value) < 1e-7);
      CHECK(std::abs(variance[c] - spread) < 1e-7);
    }
    CHECK(without > 5 && fewer > 100);
    CHECK(system.leftOutPrediction().size() == 150);
  }
}

TEST(maternTable, "is the integral") {
  for (const double smoothness : {0.1, 0.9, 3.7}) {
    const loam::MaternTable table(smoothness);
    for (double t = 1e-18; t < 2000; t *= 1.0731)
      CHECK(std::abs(table.at(t) - loam::maternCorrelation(t, smoothness)) < 1e-13);
    CHECK(table.at(0) == 1 && table.at(1e9) == 0);
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

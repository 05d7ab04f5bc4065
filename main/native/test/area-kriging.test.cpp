#include <cmath>
#include <limits>

#include "../kernel/area-kriging.hpp"
#include "check.hpp"

namespace {

using loam::Span;

/** A row of square cells of 4 × 4 points, and the points of one of them as targets. */
struct Cells {
  std::vector<double> values, starts{0}, x, y, weight, targetX, targetY, groupStarts{0, 16}, own{2}, places, rows, slot, groupRow{0}, groupCol{2};
  explicit Cells(std::size_t n) {
    for (std::size_t cell = 0; cell < n; cell++) {
      values.push_back(std::sin(static_cast<double>(cell)));
      places.push_back(static_cast<double>(cell)), rows.push_back(0);
      for (int p = 0; p < 16; p++) {
        x.push_back(static_cast<double>(cell) * 10 + 2.5 * (p % 4) + 1.25), y.push_back(2.5 * (p / 4) + 1.25), weight.push_back(1.0 / 16);
        if (cell == 2) targetX.push_back(x.back()), targetY.push_back(y.back()), slot.push_back(p);
      }
      starts.push_back(static_cast<double>(x.size()));
    }
  }
  loam::AreaMeans areas() const { return {values, starts, x, y, weight}; }
  loam::AreaTargets targets() const { return {targetX, targetY, {}, groupStarts, own}; }
};

const loam::VariogramPart parts[] = {{loam::VariogramShape::spherical, 1, 25}, {loam::VariogramShape::matern, 0.5, 9, 1.5}};

TEST(areasOnLattice, "kriging areas closes on the own value, on a lattice as without one") {
  const Cells cells(6);
  std::vector<double> shiftX, shiftY;
  for (int p = 0; p < 16; p++) shiftX.push_back(2.5 * (p % 4) - 3.75), shiftY.push_back(2.5 * (p / 4) - 3.75);
  const std::vector<double> equal(16, 1.0 / 16);
  loam::AreaLattice lattice;
  lattice.width = lattice.height = 10;
  lattice.areaRow = cells.rows, lattice.areaCol = cells.places, lattice.groupRow = cells.groupRow, lattice.groupCol = cells.groupCol;
  lattice.slot = cells.slot, lattice.slotX = shiftX, lattice.slotY = shiftY, lattice.pointX = shiftX, lattice.pointY = shiftY;
  lattice.pointWeight = equal;
  for (const bool ownIsItsTargets : {false, true})
    for (const bool isGeographic : {false, true}) {
      loam::AreaKrigingOptions options;
      options.neighbours = 4, options.ownIsItsTargets = ownIsItsTargets, options.isGeographic = isGeographic;
      loam::VariogramPart own[] = {parts[0], parts[1]};
      if (isGeographic) own[0].range *= 1e5, own[1].range *= 1e5;
      std::vector<double> plain(16), variance(16), quick(16), quickVariance(16);
      loam::Work work;
      loam::krigeAreas(cells.areas(), Span<const loam::VariogramPart>(own, 2), cells.targets(), {}, options, plain, variance, work);
      lattice.firstY = 5;
      loam::krigeAreas(cells.areas(), Span<const loam::VariogramPart>(own, 2), cells.targets(), lattice, options, quick, quickVariance, work);
      double sum = 0;
      for (std::size_t t = 0; t < 16; t++) {
        sum += quick[t] / 16;
        CHECK(std::fabs(plain[t] - quick[t]) < 1e-9);
        CHECK(std::fabs(variance[t] - quickVariance[t]) < 1e-9);
        CHECK(variance[t] > 0);
      }
      CHECK(std::fabs(sum - cells.values[2]) < 1e-12);
    }
}

TEST(areaRefusals, "arrays that do not fit are refused, not read") {
  const auto codeOf = [](auto&& spoil) {
    Cells cells(5);
    loam::AreaLattice lattice;
    std::vector<double> out(16);
    spoil(cells, lattice);
    return failureOf([&] {
      loam::krigeAreas(cells.areas(), Span<const loam::VariogramPart>(parts, 2), cells.targets(), lattice, {}, out, {}, loam::Work());
    });
  };
  CHECK(codeOf([](Cells&, loam::AreaLattice&) {}).empty());
  CHECK(codeOf([](Cells& cells, loam::AreaLattice&) { cells.starts[3] = 1000; }) == "bad_input");
  CHECK(codeOf([](Cells& cells, loam::AreaLattice&) { cells.own[0] = 5; }) == "bad_input");
  CHECK(codeOf([](Cells& cells, loam::AreaLattice&) { cells.groupStarts[1] = 17; }) == "bad_input");
  CHECK(codeOf([](Cells& cells, loam::AreaLattice&) { cells.weight.pop_back(); }) == "bad_input");
  CHECK(codeOf([](Cells& cells, loam::AreaLattice&) { cells.targetX[0] = std::numeric_limits<double>::quiet_NaN(); }) == "bad_input");
  CHECK(codeOf([](Cells& cells, loam::AreaLattice& lattice) { lattice.slotX = cells.x; }) == "bad_input");
  CHECK(codeOf([](Cells& cells, loam::AreaLattice&) { cells = Cells(0), cells.own[0] = -1, cells.groupStarts = {0, 0}; }) == "too_few_rows");
}

}  // namespace

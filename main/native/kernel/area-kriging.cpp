#include "area-kriging.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "area-neighbourhood.hpp"
#include "failure.hpp"
#include "point-search.hpp"

namespace loam {
namespace {

[[noreturn]] void refuse(const std::string& message) { throw Failure("bad_input", message); }

void checkStarts(Span<const double> starts, std::size_t count, std::size_t end, const char* what) {
  bool isSound = starts.size() == count + 1 && starts[0] == 0 && starts[count] == static_cast<double>(end);
  for (std::size_t i = 0; isSound && i < count; i++) isSound = starts[i] <= starts[i + 1] && starts[i] == std::floor(starts[i]);
  if (!isSound) refuse(std::string("The starts of the ") + what + " do not rise from 0 to their end.");
}

void checkFinite(Span<const double> numbers, const char* what) {
  for (const double number : numbers)
    if (!std::isfinite(number)) refuse(std::string("The ") + what + " hold what is not a number. Leave it out.");
}

void checkLattice(const AreaLattice& lattice, std::size_t areas, std::size_t groups, std::size_t targets) {
  if (lattice.slotX.empty()) return;
  const std::size_t slots = lattice.pointsPerSlot > 0 ? lattice.slotX.size() / lattice.pointsPerSlot : 0;
  bool isSound = slots > 0 && slots * lattice.pointsPerSlot == lattice.slotX.size() && lattice.slotY.size() == lattice.slotX.size() &&
                 lattice.areaRow.size() == areas && lattice.areaCol.size() == areas && lattice.groupRow.size() == groups &&
                 lattice.groupCol.size() == groups && lattice.slot.size() == targets && !lattice.pointX.empty() &&
                 lattice.pointY.size() == lattice.pointX.size() &&
                 lattice.pointWeight.size() == lattice.pointX.size() && lattice.width != 0 && lattice.height != 0;
  for (std::size_t t = 0; isSound && t < targets; t++) isSound = lattice.slot[t] >= 0 && lattice.slot[t] < static_cast<double>(slots);
  for (const auto& column : {lattice.areaRow, lattice.areaCol, lattice.groupRow, lattice.groupCol})
    for (const double place : column) isSound = isSound && (std::isnan(place) || std::fabs(place) < 1e9);
  if (!isSound) refuse("The lattice of areas and targets does not fit them.");
  for (const auto& column : {lattice.slotX, lattice.slotY, lattice.pointX, lattice.pointY, lattice.pointWeight}) checkFinite(column, "cells of the lattice");
}

/** The centre of points, weighed or not. */
std::pair<double, double> centreOf(const double* x, const double* y, const double* weight, std::size_t n) {
  double sumX = 0, sumY = 0, sum = 0;
  for (std::size_t i = 0; i < n; i++) {
    const double own = weight ? weight[i] : 1;
    sumX += own * x[i], sumY += own * y[i], sum += own;
  }
  return {sumX / sum, sumY / sum};
}

}  // namespace

void krigeAreas(const AreaMeans& areas, Span<const VariogramPart> parts, const AreaTargets& targets, const AreaLattice& lattice,
                const AreaKrigingOptions& options, Span<double> prediction, Span<double> variance, const Work& work) {
  const std::size_t n = areas.values.size(), points = areas.x.size(), groups = targets.own.size();
  if (n == 0) throw Failure("too_few_rows", "There are no areas with a value to krige from. Give at least one.");
  checkStarts(areas.starts, n, points, "areas");
  checkStarts(targets.groupStarts, groups, prediction.size(), "groups");
  if (!targets.starts.empty()) checkStarts(targets.starts, prediction.size(), targets.x.size(), "targets");
  if (areas.y.size() != points || areas.weight.size() != points || targets.y.size() != targets.x.size() ||
      (targets.starts.empty() && targets.x.size() != prediction.size()) || (!variance.empty() && variance.size() != prediction.size()))
    refuse("The columns of areas or targets are not of one length.");
  for (const auto& column : {areas.values, areas.x, areas.y, areas.weight}) checkFinite(column, "areas");
  for (const auto& column : {targets.x, targets.y}) checkFinite(column, "targets");

  std::vector<double> centreX(n), centreY(n);
  for (std::size_t i = 0; i < n; i++) {
    const auto first = static_cast<std::size_t>(areas.starts[i]), end = static_cast<std::size_t>(areas.starts[i + 1]);
    if (first == end) refuse("Area " + std::to_string(i + 1) + " has no points.");
    std::tie(centreX[i], centreY[i]) = centreOf(areas.x.data() + first, areas.y.data() + first, areas.weight.data() + first, end - first);
  }
  for (const double own : targets.own)
    if (!(own >= -1 && own < static_cast<double>(n) && own == std::floor(own))) refuse("A group lies in an area that is not there.");
  for (std::size_t t = 0; t + 1 < targets.starts.size(); t++)
    if (targets.starts[t] == targets.starts[t + 1]) refuse("Target " + std::to_string(t + 1) + " has no points.");
  checkLattice(lattice, n, groups, prediction.size());
  const auto [west, east] = std::minmax_element(areas.x.begin(), areas.x.end());
  const auto [south, north] = std::minmax_element(areas.y.begin(), areas.y.end());
  const Frame middle = frameAt(*west, (*south + *north) / 2, options.isGeographic);
  for (std::size_t i = 0; i < n; i++) centreX[i] = (centreX[i] - middle.x0) * middle.xScale, centreY[i] = (centreY[i] - middle.y0) * middle.yScale;
  const double reach = std::max(1e-300, std::hypot((*east - *west) * middle.xScale, (*north - *south) * middle.yScale));
  const CovarianceModel model = covarianceModel(parts, reach, 0);
  if (!(model.level > 0)) refuse("The variogram has nothing but a nugget, which means over areas do not see. Give a part with a range.");

  const std::size_t k = options.neighbours == 0 ? n : std::min(n, options.neighbours);
  const bool isShared = k == n && !options.ownIsItsTargets && !options.isGeographic;
  const PointSearch search(centreX.data(), centreY.data(), nullptr, n);
  std::vector<AreaNeighbourhood> rooms(work.threads > 0 ? work.threads : 1, AreaNeighbourhood(model, areas, targets, lattice, options));
  std::vector<std::vector<std::uint32_t>> members(rooms.size());
  std::vector<std::vector<std::pair<double, std::uint32_t>>> heaps(rooms.size());
  parallelFor(groups, work, [&](std::size_t group, unsigned worker) {
    const auto first = static_cast<std::size_t>(targets.groupStarts[group]), end = static_cast<std::size_t>(targets.groupStarts[group + 1]);
    if (first == end) return;
    std::vector<std::uint32_t>& own = members[worker];
    if (isShared) {
      if (own.empty()) {
        for (std::uint32_t i = 0; i < n; i++) own.push_back(i);
        rooms[worker].krige(own, group, middle, prediction, variance);
      } else {
        rooms[worker].krigeSame(own, group, middle, prediction, variance);
      }
      return;
    }
    double x, y;
    const double mine = targets.own[group];
    if (mine >= 0) {
      const auto i = static_cast<std::size_t>(mine);
      x = centreX[i], y = centreY[i];
    } else {
      const std::size_t from = targets.starts.empty() ? first : static_cast<std::size_t>(targets.starts[first]);
      const std::size_t to = targets.starts.empty() ? end : static_cast<std::size_t>(targets.starts[end]);
      std::tie(x, y) = centreOf(targets.x.data() + from, targets.y.data() + from, nullptr, to - from);
      x = (x - middle.x0) * middle.xScale, y = (y - middle.y0) * middle.yScale;
    }
    search.nearest(x, y, 0, k, heaps[worker]);
    own.clear();
    if (mine >= 0) own.push_back(static_cast<std::uint32_t>(mine));
    for (const auto& [distance, i] : heaps[worker])
      if (static_cast<double>(i) != mine && own.size() < k) own.push_back(i);
    Frame frame = frameAt(x / middle.xScale + middle.x0, y / middle.yScale + middle.y0, options.isGeographic);
    // All cells of a row have the scale of its middle, so that they share their tables.
    if (!lattice.slotX.empty() && std::isfinite(lattice.groupRow[group]))
      frame.xScale = frameAt(0, lattice.firstY + lattice.groupRow[group] * lattice.height, options.isGeographic).xScale;
    rooms[worker].krige(own, group, frame, prediction, variance);
  });
  work.throwIfStopped();
}

}  // namespace loam

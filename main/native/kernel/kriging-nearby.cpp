#include <algorithm>
#include <cmath>

#include "cholesky.hpp"
#include "kriging-loops.hpp"
#include "kriging.hpp"
#include "neighbourhoods.hpp"

namespace loam {
namespace {

/** Cells that a thread takes at once, about. */
constexpr std::size_t takenCells = 4096;

double* sized(std::vector<double>& room, std::size_t size) {
  if (room.size() < size + 8) room.resize(size + 8);
  return alignedTo64(room.data());
}

}  // namespace

/** Scratch of one thread; it grows once and then stays. */
struct KrigingSystem::NearbyRoom {
  NeighbourhoodFinder finder;
  Neighbourhoods found;
  /** Coordinates of a tile's stations and their covariances with each other, [station × station]. */
  std::vector<double> x, y, z, panel, table;
  /** Sets by falling number of cells. */
  std::vector<std::uint32_t> order;
  /** Eight neighbourhoods: coordinates and the rows of factorLanes. */
  std::vector<double> laneX, laneY, laneZ, rows;
  std::vector<double> cross, inverse, coefficients, lack;
};

// Below the k × k covariances of a neighbourhood stand the rows F (the p columns of the mean) and z. Cholesky carried on through
// them leaves W = L⁻¹F and u = L⁻¹z; with S = WᵀW and β = S⁻¹Wᵀu a cell with covariances c, y = L⁻¹c and r = f − Wᵀy has the
// prediction yᵀu + rᵀβ with the variance C(0) − yᵀy + rᵀS⁻¹r.
void KrigingSystem::krigeNearby(const Places& places, Span<double> prediction, Span<double> variance, const Work& work) const {
  const bool isSphere = !z_.empty();
  const PlaceColumns cells{places.x.data(), places.y.data(), isSphere ? places.z.data() : nullptr};
  CellTiles tiles(cells, prediction.size(), std::min(neighbourhoodReach(), farthest_));
  std::fill(prediction.begin(), prediction.end(), NAN);
  std::fill(variance.begin(), variance.end(), NAN);
  std::vector<std::size_t> taken = {0};
  for (std::size_t t = 1; t < tiles.starts.size(); t++)
    if (tiles.starts[t] - tiles.starts[taken.back()] >= takenCells || t + 1 == tiles.starts.size()) taken.push_back(t);
  std::vector<std::unique_ptr<NearbyRoom>> rooms(work.threads > 0 ? work.threads : 1);
  parallelFor(taken.size() - 1, work, [&](std::size_t item, unsigned worker) {
    if (!rooms[worker]) rooms[worker] = nearbyRoom();
    for (std::size_t t = taken[item]; t < taken[item + 1]; t++) {
      work.throwIfStopped();
      krigeTile(places, tiles.cells.data() + tiles.starts[t], tiles.starts[t + 1] - tiles.starts[t], prediction, variance, *rooms[worker]);
    }
  });
}

void KrigingSystem::leaveOutNearby(const Work& work) {
  const std::size_t n = values_.size(), k = options_.neighbours;
  leftOutPrediction_.assign(n, NAN);
  leftOutVariance_.assign(n, NAN);
  Places places{x_, y_, z_, trend_};
  std::vector<std::unique_ptr<NearbyRoom>> rooms(work.threads > 0 ? work.threads : 1);
  Work quiet = work;
  quiet.progress = nullptr;
  parallelFor(n, quiet, [&](std::size_t station, unsigned worker) {
    if (!rooms[worker]) rooms[worker] = nearbyRoom();
    NearbyRoom& room = *rooms[worker];
    const auto own = static_cast<std::uint32_t>(station);
    std::vector<std::pair<double, std::uint32_t>> nearest;
    search_.nearest(x_[station], y_[station], z_.empty() ? 0 : z_[station], k + 1, nearest);
    room.found.stations.clear();
    for (const auto& [square, index] : nearest)
      if (index != own && square <= farthest_ * farthest_ && room.found.stations.size() < k) room.found.stations.push_back(index);
    std::sort(room.found.stations.begin(), room.found.stations.end());
    const std::size_t size = room.found.stations.size();
    room.found.members.resize(size);
    for (std::size_t i = 0; i < size; i++) room.found.members[i] = static_cast<std::uint32_t>(i);
    room.found.firstMembers = {0, static_cast<std::uint32_t>(size)};
    room.found.cells = {own};
    room.found.starts = {0, 1};
    krigeSets(places, leftOutPrediction_, leftOutVariance_, room);
  });
}

/** Radius of a circle that holds a neighbourhood where stations lie evenly; on the sphere not used. */
double KrigingSystem::neighbourhoodReach() const {
  const auto [west, east] = std::minmax_element(x_.begin(), x_.end());
  const auto [south, north] = std::minmax_element(y_.begin(), y_.end());
  const double share = static_cast<double>(options_.neighbours) / static_cast<double>(values_.size());
  const double width = *east - *west, height = *north - *south;
  return std::max(std::sqrt(share * width * height / 3.14159265358979323846), share * std::max(width, height) / 2);
}

std::unique_ptr<KrigingSystem::NearbyRoom> KrigingSystem::nearbyRoom() const {
  const PlaceColumns stations{x_.data(), y_.data(), z_.empty() ? nullptr : z_.data()};
  return std::unique_ptr<NearbyRoom>(
      new NearbyRoom{NeighbourhoodFinder(search_, stations, options_.neighbours, farthest_), {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}});
}

/** Cells near each other; parted along the longer side as long as they share too little. */
void KrigingSystem::krigeTile(const Places& places, std::uint32_t* cells, std::size_t count, Span<double> prediction,
                              Span<double> variance, NearbyRoom& room) const {
  if (count == 0) return;
  const PlaceColumns columns{places.x.data(), places.y.data(), z_.empty() ? nullptr : places.z.data()};
  if (room.finder.find(columns, cells, count, room.found)) return krigeSets(places, prediction, variance, room);
  const double* longest = columns.x;
  double most = -1;
  for (const double* axis : {columns.x, columns.y, columns.z}) {
    if (axis == nullptr) continue;
    const auto [low, high] = std::minmax_element(cells, cells + count, [axis](std::uint32_t a, std::uint32_t b) { return axis[a] < axis[b]; });
    if (axis[*high] - axis[*low] > most) most = axis[*high] - axis[*low], longest = axis;
  }
  std::nth_element(cells, cells + count / 2, cells + count, [longest](std::uint32_t a, std::uint32_t b) {
    return longest[a] != longest[b] ? longest[a] < longest[b] : a < b;
  });
  krigeTile(places, cells, count / 2, prediction, variance, room);
  krigeTile(places, cells + count / 2, count - count / 2, prediction, variance, room);
}

/** All cells of a tile from the sets that were found. */
void KrigingSystem::krigeSets(const Places& places, Span<double> prediction, Span<double> variance, NearbyRoom& room) const {
  const Neighbourhoods& found = room.found;
  if (found.stations.empty()) return;
  fillTable(room);
  const std::size_t sets = found.setCount();
  room.order.resize(sets);
  for (std::size_t s = 0; s < sets; s++) room.order[s] = static_cast<std::uint32_t>(s);
  // Eight sets are solved side by side, so they should have as many cells each.
  const auto cellsOf = [&](std::uint32_t s) { return found.starts[s + 1] - found.starts[s]; };
  std::sort(room.order.begin(), room.order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return cellsOf(a) != cellsOf(b) ? cellsOf(a) > cellsOf(b) : a < b; });
  for (std::size_t from = 0; from < sets; from += lanes)
    krigeEight(places, room.order.data() + from, std::min(lanes, sets - from), prediction, variance, room);
}

/** Covariances of a tile's stations with each other, lower triangle. */
void KrigingSystem::fillTable(NearbyRoom& room) const {
  const KrigingLoops& loops = krigingLoopsForThisMachine();
  const std::vector<std::uint32_t>& stations = room.found.stations;
  const std::size_t m = stations.size();
  const bool isSphere = !z_.empty();
  room.x.resize(m + panelCells), room.y.resize(m + panelCells), room.z.resize(m + panelCells);
  for (std::size_t i = 0; i < m + panelCells; i++) {
    const std::uint32_t station = stations[std::min(i, m - 1)];
    room.x[i] = x_[station], room.y[i] = y_[station];
    if (isSphere) room.z[i] = z_[station];
  }
  room.table.resize(m * m);
  double* panel = sized(room.panel, m * panelCells);
  const auto placesFrom = [&](std::size_t i) {
    return PanelPlaces{room.x.data() + i, room.y.data() + i, isSphere ? room.z.data() + i : nullptr};
  };
  for (std::size_t first = 0; first < m; first += panelCells) {
    const std::size_t end = std::min(m, first + panelCells);
    loops.coverPanel(model_, placesFrom(first), placesFrom(0), end, {}, panel);
    for (std::size_t i = first; i < end; i++)
      for (std::size_t j = 0; j < i; j++) room.table[i * m + j] = panel[j * panelCells + i - first];
  }
}

void KrigingSystem::krigeEight(const Places& places, const std::uint32_t* sets, std::size_t count, Span<double> prediction,
                               Span<double> variance, NearbyRoom& room) const {
  const KrigingLoops& loops = krigingLoopsForThisMachine();
  const Neighbourhoods& found = room.found;
  const auto sizeOf = [&](std::size_t l) {
    const std::uint32_t set = sets[std::min(l, count - 1)];
    return static_cast<std::size_t>(found.firstMembers[set + 1] - found.firstMembers[set]);
  };
  std::size_t k = 0;
  bool isEven = true;
  for (std::size_t l = 0; l < count; l++) isEven = isEven && sizeOf(l) == sizeOf(0), k = std::max(k, sizeOf(l));
  if (k == 0) return;
  const std::size_t p = columns_, m = found.stations.size(), row = k * lanes;
  const std::size_t triangle = k * (k + 1) / 2 * lanes;
  const double own = model_.level + model_.nugget;
  const bool isPoint = shiftX_.size() == 1, isSphere = !z_.empty();
  double* rows = sized(room.rows, triangle + (p + 2) * row);
  double* means = rows + triangle;
  double* values = means + p * row;
  double* cover = values + row;
  double *laneX = sized(room.laneX, row), *laneY = sized(room.laneY, row), *laneZ = sized(room.laneZ, row);
  // Idle lanes repeat the last set.
  for (std::size_t l = 0; l < lanes; l++) {
    const std::uint32_t* members = found.members.data() + found.firstMembers[sets[std::min(l, count - 1)]];
    const std::size_t size = sizeOf(l);
    double* out = rows + l;
    for (std::size_t i = 0; i < size; i++) {
      const double* from = room.table.data() + members[i] * m;
      for (std::size_t j = 0; j < i; j++, out += lanes) *out = from[members[j]];
      *out = own, out += lanes;
      const std::size_t station = found.stations[members[i]], at = i * lanes + l;
      laneX[at] = x_[station], laneY[at] = y_[station];
      if (isSphere) laneZ[at] = z_[station];
      values[at] = values_[station] - (options_.isMeanKnown ? options_.mean : 0);
      for (std::size_t d = 0; d < p; d++) means[d * row + at] = trend_[station * p + d];
    }
    // A smaller set beside larger ones is filled with stations that have nothing to do with anything.
    for (std::size_t i = size; i < k; i++) {
      for (std::size_t j = 0; j < i; j++, out += lanes) *out = 0;
      *out = own, out += lanes;
      const std::size_t at = i * lanes + l;
      laneX[at] = laneY[at] = laneZ[at] = values[at] = 0;
      for (std::size_t d = 0; d < p; d++) means[d * row + at] = 0;
    }
  }
  loops.factorLanes(rows, k, p + 1, smallPivot * own);

  room.cross.resize(p * p), room.inverse.resize(p * p * lanes), room.coefficients.resize(p * lanes), room.lack.resize(p * lanes);
  alignas(64) double sums[lanes];
  for (std::size_t a = 0; a < p; a++)
    for (std::size_t b = 0; b < p; b++) loops.dotLanes(means + a * row, means + b * row, k, room.inverse.data() + (a * p + b) * lanes);
  bool isTold[lanes];
  for (std::size_t l = 0; l < lanes; l++) {
    for (std::size_t e = 0; e < p * p; e++) room.cross[e] = room.inverse[e * lanes + l];
    isTold[l] = p == 1 ? room.cross[0] > 0 : invertSmall(room.cross, p);
    if (p == 1) room.cross[0] = 1 / room.cross[0];
    for (std::size_t e = 0; e < p * p; e++) room.inverse[e * lanes + l] = room.cross[e];
  }
  std::fill(room.coefficients.begin(), room.coefficients.end(), 0.0);
  for (std::size_t b = 0; b < p; b++) {
    loops.dotLanes(means + b * row, values, k, sums);
    for (std::size_t a = 0; a < p; a++)
      for (std::size_t l = 0; l < lanes; l++) room.coefficients[a * lanes + l] += room.inverse[(a * p + b) * lanes + l] * sums[l];
  }

  const PanelPlaces stations{laneX, laneY, isSphere ? laneZ : nullptr};
  const std::size_t steps = found.starts[sets[0] + 1] - found.starts[sets[0]];
  for (std::size_t step = 0; step < steps; step++) {
    std::uint32_t cells[lanes];
    alignas(64) double cellX[lanes], cellY[lanes], cellZ[lanes] = {};
    for (std::size_t l = 0; l < lanes; l++) {
      const std::uint32_t set = sets[std::min(l, count - 1)];
      cells[l] = found.cells[std::min<std::size_t>(found.starts[set] + step, found.starts[set + 1] - 1)];
      if (isSphere) cellZ[l] = places.z[cells[l]];
    }
    for (std::size_t s = 0; s < shiftX_.size(); s++) {
      for (std::size_t l = 0; l < lanes; l++) cellX[l] = places.x[cells[l]] + shiftX_[s], cellY[l] = places.y[cells[l]] + shiftY_[s];
      loops.coverLanes(model_, {cellX, cellY, isSphere ? cellZ : nullptr}, stations, k, {shiftWeight_[s], isPoint, s == 0}, cover);
    }
    if (!isEven)
      for (std::size_t l = 0; l < lanes; l++)
        for (std::size_t i = sizeOf(l); i < k; i++) cover[i * lanes + l] = 0;
    loops.solveLanes(rows, k, cover);
    alignas(64) double value[lanes], spread[lanes];
    loops.dotLanes(cover, values, k, value);
    loops.dotLanes(cover, cover, k, spread);
    for (std::size_t a = 0; a < p; a++) {
      loops.dotLanes(cover, means + a * row, k, sums);
      for (std::size_t l = 0; l < lanes; l++) room.lack[a * lanes + l] = (a == 0 ? 1.0 : places.trend[cells[l] * p + a]) - sums[l];
    }
    for (std::size_t l = 0; l < lanes; l++) {
      value[l] += options_.isMeanKnown ? options_.mean : 0;
      spread[l] = ownCovariance_ - spread[l];
    }
    for (std::size_t a = 0; a < p; a++)
      for (std::size_t l = 0; l < lanes; l++) {
        value[l] += room.lack[a * lanes + l] * room.coefficients[a * lanes + l];
        for (std::size_t b = 0; b < p; b++)
          spread[l] += room.lack[a * lanes + l] * room.inverse[(a * p + b) * lanes + l] * room.lack[b * lanes + l];
      }
    for (std::size_t l = 0; l < count; l++) {
      const std::uint32_t set = sets[l];
      if (found.starts[set] + step >= found.starts[set + 1]) continue;
      const bool isKnown = sizeOf(l) > 0 && (p == 0 || isTold[l]);
      prediction[cells[l]] = isKnown ? value[l] : NAN;
      if (!variance.empty()) variance[cells[l]] = !isKnown ? NAN : spread[l] > 0 ? spread[l] : spread[l] <= 0 ? 0.0 : NAN;
    }
  }
}

}  // namespace loam

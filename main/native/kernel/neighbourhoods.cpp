#include "neighbourhoods.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kriging-loops.hpp"

namespace loam {
namespace {

constexpr double endless = std::numeric_limits<double>::infinity();
/** A place that is near nothing, and whose squared distance is a number. */
constexpr double farAway = 1e150;
/** Cells of a run on the sphere. */
constexpr std::size_t runLength = 256;
/** Tiles with fewer cells than this are made smaller, as their list of stations would cost more than it saves. */
constexpr double fewCells = 16;

/** 64 mixed bits of a number (SplitMix64). */
std::uint64_t mixed(std::uint64_t number) {
  number = (number + 1) * 0x9e3779b97f4a7c15u;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9u;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebu;
  return number ^ (number >> 31);
}

}  // namespace

CellTiles::CellTiles(const PlaceColumns& places, std::size_t count, double reach) {
  cells.reserve(count);
  double west = endless, east = -endless, south = endless, north = -endless;
  for (std::size_t i = 0; i < count; i++) {
    if (!std::isfinite(places.x[i]) || !std::isfinite(places.y[i])) continue;
    cells.push_back(static_cast<std::uint32_t>(i));
    west = std::min(west, places.x[i]), east = std::max(east, places.x[i]);
    south = std::min(south, places.y[i]), north = std::max(north, places.y[i]);
  }
  if (places.z != nullptr || cells.empty()) {
    for (std::size_t start = 0; start < cells.size(); start += runLength) starts.push_back(static_cast<std::uint32_t>(start));
    starts.push_back(static_cast<std::uint32_t>(cells.size()));
    return;
  }
  const double width = east - west, height = north - south, many = static_cast<double>(cells.size());
  double side = reach / 2;
  if (many * side * side < fewCells * width * height) side = reach / 16;
  // Never many more tiles than cells.
  side = std::max({side, std::sqrt(width * height / many), std::max(width, height) / (4 * many)});
  if (!(side > 0)) side = 1;
  const auto columns = static_cast<std::size_t>(width / side) + 1, rows = static_cast<std::size_t>(height / side) + 1;
  std::vector<std::uint32_t> tileOf(cells.size());
  starts.assign(columns * rows + 1, 0);
  for (std::size_t i = 0; i < cells.size(); i++) {
    const auto column = std::min(columns - 1, static_cast<std::size_t>((places.x[cells[i]] - west) / side));
    const auto row = std::min(rows - 1, static_cast<std::size_t>((places.y[cells[i]] - south) / side));
    tileOf[i] = static_cast<std::uint32_t>(row * columns + column);
    starts[tileOf[i] + 1]++;
  }
  for (std::size_t t = 1; t < starts.size(); t++) starts[t] += starts[t - 1];
  std::vector<std::uint32_t> next(starts.begin(), starts.end() - 1), sorted(cells.size());
  for (std::size_t i = 0; i < cells.size(); i++) sorted[next[tileOf[i]]++] = cells[i];
  cells.swap(sorted);
}

bool NeighbourhoodFinder::find(const PlaceColumns& places, const std::uint32_t* cells, std::size_t count, Neighbourhoods& found) {
  const bool isSphere = places.z != nullptr;
  double low[3] = {endless, endless, endless}, high[3] = {-endless, -endless, -endless};
  const auto at = [&](std::size_t cell, int axis) { return axis == 0 ? places.x[cell] : axis == 1 ? places.y[cell] : isSphere ? places.z[cell] : 0; };
  for (std::size_t i = 0; i < count; i++)
    for (int axis = 0; axis < 3; axis++) {
      low[axis] = std::min(low[axis], at(cells[i], axis));
      high[axis] = std::max(high[axis], at(cells[i], axis));
    }
  double centre[3], reach = 0;
  for (int axis = 0; axis < 3; axis++) centre[axis] = count == 1 ? low[axis] : low[axis] + (high[axis] - low[axis]) / 2;
  for (std::size_t i = 0; i < count; i++) {
    double square = 0;
    for (int axis = 0; axis < 3; axis++) square += (at(cells[i], axis) - centre[axis]) * (at(cells[i], axis) - centre[axis]);
    reach = std::max(reach, square);
  }
  reach = std::sqrt(reach);
  search_.nearest(centre[0], centre[1], centre[2], k_, heap_);
  found.stations.clear();
  if (reach > 0) {
    // A cell at distance d from the centre has its k-th neighbour within that of the centre + d, which is another d from here.
    const double radius = std::min(std::sqrt(heap_.back().first) + 2 * reach, farthest_ + reach) * (1 + 1e-9);
    search_.within(centre[0], centre[1], centre[2], radius, found.stations);
    if (found.stations.size() > std::max<std::size_t>(160, 4 * k_) && count > 1) return false;
  } else {
    for (const auto& each : heap_)
      if (each.first <= farthest_ * farthest_) found.stations.push_back(each.second);
  }
  std::sort(found.stations.begin(), found.stations.end());
  loadCandidates(found.stations);

  // From one cell to the next the set changes by a station or two; start with that of the centre.
  for (const auto& each : heap_) {
    const auto place = std::lower_bound(found.stations.begin(), found.stations.end(), each.second);
    if (place == found.stations.end() || *place != each.second) continue;
    const auto position = static_cast<std::size_t>(place - found.stations.begin());
    hideOutside_[position] = 0, hideInside_[position] = endless;
    hash_ ^= mixed(position);
  }
  found.members.clear();
  found.firstMembers.assign(1, 0);
  hashes_.clear();
  setOfCell_.resize(count);
  std::size_t size = 16;
  while (size < 2 * count) size *= 2;
  table_.assign(size, 0);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < count; i++) {
    assign(places.x[cells[i]], places.y[cells[i]], isSphere ? places.z[cells[i]] : 0);
    const std::uint64_t hash = hashOfMembers();
    setOfCell_[i] = i > 0 && hash == before ? setOfCell_[i - 1] : setOfMembers(hash, found);
    before = hash;
  }
  found.starts.assign(hashes_.size() + 1, 0);
  for (std::size_t i = 0; i < count; i++) found.starts[setOfCell_[i] + 1]++;
  for (std::size_t s = 1; s < found.starts.size(); s++) found.starts[s] += found.starts[s - 1];
  found.cells.resize(count);
  for (std::size_t i = 0; i < count; i++) found.cells[found.starts[setOfCell_[i]]++] = cells[i];
  for (std::size_t s = found.starts.size() - 1; s > 0; s--) found.starts[s] = found.starts[s - 1];
  found.starts[0] = 0;
  return true;
}

void NeighbourhoodFinder::loadCandidates(const std::vector<std::uint32_t>& stations) {
  candidates_ = stations.size();
  const std::size_t padded = (candidates_ + lanes - 1) / lanes * lanes;
  for (auto* column : {&x_, &y_, &z_}) column->assign(padded, farAway);
  squares_.resize(padded);
  hideOutside_.assign(padded, -endless);
  hideInside_.assign(padded, 0);
  hash_ = 0;
  for (std::size_t i = 0; i < candidates_; i++) {
    x_[i] = own_.x[stations[i]], y_[i] = own_.y[stations[i]];
    z_[i] = own_.z == nullptr ? 0 : own_.z[stations[i]];
  }
}

/** Swaps the farthest station of the set for the nearest outside until it is farther. */
void NeighbourhoodFinder::assign(double x, double y, double z) {
  const KrigingLoops& loops = krigingLoopsForThisMachine();
  const NearestColumns columns{x_.data(), y_.data(), z_.data(), hideOutside_.data(), hideInside_.data(), squares_.data()};
  loops.measure(columns, x_.size(), x, y, z);
  for (;;) {
    double farthest, nearest;
    loops.boundsOfSet(columns, x_.size(), farthest, nearest);
    if (farthest < nearest) return;
    std::size_t out = candidates_, in = candidates_;
    for (std::size_t i = 0; i < candidates_; i++) {
      const bool isInside = hideInside_[i] != 0;
      if (isInside && squares_[i] == farthest) out = i;
      if (!isInside && squares_[i] == nearest && in == candidates_) in = i;
    }
    // At one distance the lower index is taken.
    if (in == candidates_ || (farthest == nearest && out < in)) return;
    hideOutside_[out] = -endless, hideInside_[out] = 0;
    hideOutside_[in] = 0, hideInside_[in] = endless;
    hash_ ^= mixed(out) ^ mixed(in);
  }
}

std::uint64_t NeighbourhoodFinder::hashOfMembers() const {
  if (farthest_ == endless) return hash_;
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < candidates_; i++)
    if (isMember(i)) hash ^= mixed(i);
  return hash;
}

/** The number of the present set, which is added if it is new. */
std::uint32_t NeighbourhoodFinder::setOfMembers(std::uint64_t hash, Neighbourhoods& found) {
  const std::size_t mask = table_.size() - 1;
  for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    if (table_[slot] == 0) {
      for (std::uint32_t i = 0; i < candidates_; i++)
        if (isMember(i)) found.members.push_back(i);
      found.firstMembers.push_back(static_cast<std::uint32_t>(found.members.size()));
      hashes_.push_back(hash);
      table_[slot] = static_cast<std::uint32_t>(hashes_.size());
      return table_[slot] - 1;
    }
    const std::uint32_t set = table_[slot] - 1;
    if (hashes_[set] != hash) continue;
    // Equal hashes are of equal sets but once in 2⁶⁴; as many members, all of them here, make sure.
    std::size_t size = 0;
    for (std::size_t i = 0; i < candidates_; i++) size += isMember(i) ? 1 : 0;
    const auto *from = found.members.data() + found.firstMembers[set], *to = found.members.data() + found.firstMembers[set + 1];
    if (size == static_cast<std::size_t>(to - from) && std::all_of(from, to, [&](std::uint32_t i) { return isMember(i); })) return set;
  }
}

}  // namespace loam

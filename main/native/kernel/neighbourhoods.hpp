#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "point-search.hpp"

namespace loam {

/** Places by coordinates; z only on the sphere. */
struct PlaceColumns {
  const double* x;
  const double* y;
  const double* z;
};

/** The cells of a tile with their k nearest stations. Cells near each other mostly share them, so each set stands here once. */
struct Neighbourhoods {
  /** Stations that any cell of the tile may need, by rising index. */
  std::vector<std::uint32_t> stations;
  /** Positions in `stations`, rising, set by set, and where each set's begin; one entry more than there are sets. */
  std::vector<std::uint32_t> members;
  std::vector<std::uint32_t> firstMembers;
  /** Cells set by set, and where each set's begin; one entry more than there are sets. */
  std::vector<std::uint32_t> cells;
  std::vector<std::uint32_t> starts;

  std::size_t setCount() const { return starts.size() - 1; }
};

/** Cells of the plane in square tiles, tile by tile; on the sphere in runs. Cells without a place are in none. */
struct CellTiles {
  std::vector<std::uint32_t> cells;
  std::vector<std::uint32_t> starts;

  /** @param reach radius that holds a neighbourhood on average */
  CellTiles(const PlaceColumns& places, std::size_t count, double reach);
};

/** Finds neighbourhoods tile by tile; holds the scratch of one thread. */
class NeighbourhoodFinder {
 public:
  /** @param farthest stations beyond it are in no set; infinite for none */
  NeighbourhoodFinder(const PointSearch& search, const PlaceColumns& stations, std::size_t k, double farthest)
      : search_(search), own_(stations), k_(k), farthest_(farthest) {}

  /** Each cell's k nearest stations, by distance and at one distance by index; fewer where others are too far.
   *  @returns false when the cells are too far apart to share a short list of stations; the caller then parts them */
  bool find(const PlaceColumns& places, const std::uint32_t* cells, std::size_t count, Neighbourhoods& found);

 private:
  void loadCandidates(const std::vector<std::uint32_t>& stations);
  void assign(double x, double y, double z);
  /** Whether a candidate is in the set of the place last assigned. */
  bool isMember(std::size_t i) const { return hideInside_[i] != 0 && squares_[i] <= farthest_ * farthest_; }
  std::uint64_t hashOfMembers() const;
  std::uint32_t setOfMembers(std::uint64_t hash, Neighbourhoods& found);

  const PointSearch& search_;
  PlaceColumns own_;
  std::size_t k_;
  double farthest_;
  std::vector<std::pair<double, std::uint32_t>> heap_;
  std::size_t candidates_ = 0;
  std::vector<double> x_, y_, z_, squares_;
  /** What is added to a squared distance: −∞ outside the set to look for the farthest inside, ∞ inside for the nearest outside. */
  std::vector<double> hideOutside_, hideInside_;
  std::uint64_t hash_ = 0;
  std::vector<std::uint32_t> table_, setOfCell_;
  std::vector<std::uint64_t> hashes_;
};

}  // namespace loam

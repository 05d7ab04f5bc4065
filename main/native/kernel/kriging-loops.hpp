#pragma once
#include <cstddef>
#include <cstdint>

#include "variogram-model.hpp"

namespace loam {

/** Cells of a panel, which the loops take at once. */
constexpr std::size_t panelCells = 24;
/** Rows of a strip of a triangular factor. */
constexpr std::size_t stripRows = 8;
/** Neighbourhoods that are solved at once. */
constexpr std::size_t lanes = 8;

/** The first place at or after `start` at which a vector register may be filled; needs up to 7 doubles of room. */
inline double* alignedTo64(double* start) {
  while (reinterpret_cast<std::uintptr_t>(start) % 64 != 0) start++;
  return start;
}

/** Coordinates of some places; z is null in the plane. */
struct PanelPlaces {
  const double* x;
  const double* y;
  const double* z;
};

/** How covariances enter a result. */
struct CovarianceUse {
  double weight = 1;
  /** The nugget counts at no distance. */
  bool withNugget = false;
  /** Set the result instead of adding to it. */
  bool isFirst = true;
};

/** Stations that may be among the nearest of a place, with what is added to a squared distance to hide those outside, or inside, a
 *  set of them. */
struct NearestColumns {
  const double *x, *y, *z, *hideOutside, *hideInside;
  double* squares;
};

/** The innermost loops of kriging, compiled once for each instruction set. Where the machine multiplies and adds in one
 *  rounding these do, so instruction sets may differ in the last bits; threads never do. All arrays but those of stations are 64-byte aligned. */
struct KrigingLoops {
  /** Adds weight × covariance at separations (dx, dy, dz) to out[0..n). dz is null in the plane. The nugget counts at no distance,
   *  if `withNugget`. */
  void (*addCovariances)(const CovarianceModel& model, const double* dx, const double* dy, const double* dz, std::size_t n,
                         bool withNugget, double weight, double* out);
  /** weight × covariance of 24 cells with n stations, to panel[station × cell]. */
  void (*coverPanel)(const CovarianceModel& model, const PanelPlaces& cells, const PanelPlaces& stations, std::size_t n,
                     const CovarianceUse& use, double* panel);
  /** The same of eight cells with n stations that each has for itself: stations and out are [n × lane], 64-byte aligned. */
  void (*coverLanes)(const CovarianceModel& model, const PanelPlaces& cells, const PanelPlaces& stations, std::size_t n,
                     const CovarianceUse& use, double* out);
  /** Squared distances of n stations, a multiple of 8, to a place; in the same roundings on all machines, as they decide. */
  void (*measure)(const NearestColumns& columns, std::size_t n, double x, double y, double z);
  /** Squared distance of the farthest station inside the set and of the nearest outside. */
  void (*boundsOfSet)(const NearestColumns& columns, std::size_t n, double& farthest, double& nearest);
  /** tile[row × cell] += Σ_j strip[j][row] · panel[j][cell], 8 rows and 24 cells, j < n. */
  void (*multiplyStrip)(const double* strip, std::size_t n, const double* panel, double* tile);
  /** Eight rows of a panel become those of L⁻¹ · panel: less the tile of the rows before, then along their square of the factor,
   *  [column × row] with inverse pivots. */
  void (*solveStrip)(const double* square, const double* tile, double* panel);
  /** sums[cell] += Σ_j row[j] · panel[j][cell]. */
  void (*dotPanel)(const double* row, std::size_t n, const double* panel, double* sums);
  /** sums[cell] += Σ_j panel[j][cell]². */
  void (*squarePanel)(std::size_t n, const double* panel, double* sums);
  /** Cholesky of eight symmetric matrices of `order`, in place, row-major lower triangles with the lane last; `extra` rows below
   *  are solved along (row · L⁻ᵀ). Diagonals become the inverse of the pivot; a pivot at or below `least` makes its lane NaN. */
  void (*factorLanes)(double* rows, std::size_t order, std::size_t extra, double least);
  /** row · L⁻ᵀ for one more row [order × lane], in place. */
  void (*solveLanes)(const double* rows, std::size_t order, double* row);
  /** sums[lane] = Σ_i a[i][lane] · b[i][lane]. */
  void (*dotLanes)(const double* a, const double* b, std::size_t n, double* sums);
};

/** @throws Failure bad_input when LOAM_ISA names a set that this machine lacks */
const KrigingLoops& krigingLoopsForThisMachine();

}  // namespace loam

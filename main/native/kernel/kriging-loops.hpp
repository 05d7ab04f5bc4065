#pragma once
#include <cstddef>
#include <cstdint>

#include "variogram-model.hpp"

namespace loam {

/** Cells of a panel, which the loops take at once. */
constexpr std::size_t panelCells = 24;
/** Rows of a strip of the inverse factor. */
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

/** The innermost loops of kriging, compiled once for each instruction set. Where the machine multiplies and adds in one
 *  rounding these do, so instruction sets may differ in the last bits; threads never do. */
struct KrigingLoops {
  /** Adds weight × covariance at separations (dx, dy, dz) to out[0..n); n <= 512. dz is null in the plane. The nugget counts
   *  at no distance, if `withNugget`. */
  void (*addCovariances)(const CovarianceModel& model, const double* dx, const double* dy, const double* dz, std::size_t n,
                         bool withNugget, double weight, double* out);
  /** The same between n stations and the 24 cells of a panel, added to panel[station × cell]. */
  void (*addPanel)(const CovarianceModel& model, const PanelPlaces& cells, const PanelPlaces& stations, std::size_t n,
                   bool withNugget, double weight, double* panel);
  /** sums[cell] = ‖X c‖² for each of the panel's columns c. X is lower triangular in strips of 8 rows, each column by column up
   *  to its last row; panel is n × 24, 64-byte aligned. */
  void (*sumSquares)(const double* strips, std::size_t n, const double* panel, double* sums);
  /** sums[cell] = Σ row[j] · panel[j][cell]. */
  void (*dotPanel)(const double* row, std::size_t n, const double* panel, double* sums);
  /** Cholesky of eight symmetric matrices of `order`, in place, 64-byte aligned, row-major lower triangles with the lane last; `extra` rows below
   *  are solved along (row · L⁻ᵀ). A pivot at or below `least` makes its lane NaN. */
  void (*factorLanes)(double* rows, std::size_t order, std::size_t extra, double least);
};

/** @throws Failure bad_input when LOAM_ISA names a set that this machine lacks */
const KrigingLoops& krigingLoopsForThisMachine();

}  // namespace loam

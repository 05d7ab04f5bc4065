#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "point-search.hpp"
#include "span.hpp"
#include "strip-factor.hpp"
#include "variogram-model.hpp"
#include "work.hpp"

namespace loam {

struct KrigingOptions {
  /** Simple kriging with this mean; else the mean is unknown (ordinary), with drift columns universal. */
  bool isMeanKnown = false;
  double mean = 0;
  /** Nearest stations of each cell; 0 takes all stations for all cells. */
  std::size_t neighbours = 0;
  /** Stations farther than this from a cell are not taken; 0 for any distance. Metres along great circles, else the unit of x and y. */
  double maxDistance = 0;
  /** Sides of the block around each cell whose mean is predicted; 0 predicts points. */
  double blockWidth = 0;
  double blockHeight = 0;
  /** Coordinates are degrees of longitude and latitude, distances great-circle metres. */
  bool isGreatCircle = false;
  /** False with all stations: no variance and no leave-one-out, but the inverse is saved. */
  bool hasVariance = true;
};

/** Values at stations. Drift columns are without the constant, which an unknown mean always brings. */
struct KrigingStations {
  Span<const double> x;
  Span<const double> y;
  Span<const double> values;
  std::vector<Span<const double>> drift;
};

/** Places to predict, with the drift there. */
struct KrigingCells {
  Span<const double> x;
  Span<const double> y;
  std::vector<Span<const double>> drift;
};

/** Kriging of values at stations, prepared once for any number of cells. Immutable once made; threads may share it.
 *  Sources: Webster & Oliver (2007), ch. 8–9; dual form after Chilès & Delfiner (2012), 3.4.8; leave-one-out after Dubrule
 *  (1983), Mathematical Geology 15. Block means after gstat: 4 × 4 points of Gauss–Legendre; the nugget has no share in the
 *  covariance of a block, whose mean it does not reach. */
class KrigingSystem {
 public:
  /** @throws Failure bad_input: stations at one place, constant or dependent drift, a covariance that is not positive definite,
   *  an unbounded variogram with a known mean; too_few_rows; cancelled */
  KrigingSystem(const KrigingStations& stations, Span<const VariogramPart> parts, const KrigingOptions& options, const Work& work);

  /** Fills prediction and, unless empty, variance. NaN where a coordinate or drift is not finite, or where the drift of
   *  a neighbourhood cannot be told apart.
   *  @throws Failure bad_input for other than the prepared drift columns or a variance that was not prepared; cancelled */
  void krige(const KrigingCells& cells, Span<double> prediction, Span<double> variance, const Work& work) const;

  std::size_t stationCount() const { return values_.size(); }
  /** Every station predicted from all others, or from its nearest, with the same variogram, and that prediction's variance; empty
   *  without variance. */
  const std::vector<double>& leftOutPrediction() const { return leftOutPrediction_; }
  const std::vector<double>& leftOutVariance() const { return leftOutVariance_; }

 private:
  /** Cells as the loops want them: on the sphere where distances are; drift standardised, with a leading 1. */
  struct Places {
    std::vector<double> x, y, z;
    std::vector<double> trend;  // [cell × column]
  };
  void prepareAll(const Work& work);
  void standardiseDrift(const std::vector<Span<const double>>& drift);
  void krigeFromAll(const Places& places, Span<double> prediction, Span<double> variance, const Work& work) const;
  void fillMatrix(StripFactor& matrix, const Work& work) const;
  void leaveOut(const Work& work);
  void fillPanel(const Places& places, std::size_t first, std::size_t count, std::size_t from, std::size_t to, double* panel) const;
  double trendOf(const Places& places, std::size_t cell, std::size_t column) const {
    return column == 0 ? 1.0 : places.trend[cell * columns_ + column];
  }
  double meanAt(const Places& places, std::size_t cell) const;
  /** Some panels of cells with their variance; `room` holds the panels. */
  void krigePanels(const Places& places, std::size_t first, std::size_t count, Span<double> prediction, Span<double> variance,
                   double* room) const;
  /** One panel without it; `room` holds the covariances of some stations. */
  void predictPanel(const Places& places, std::size_t first, std::size_t count, Span<double> prediction, double* room) const;
  // Each cell from its own nearest stations; in kriging-nearby.cpp.
  struct NearbyRoom;
  void krigeNearby(const Places& places, Span<double> prediction, Span<double> variance, const Work& work) const;
  void leaveOutNearby(const Work& work);
  double neighbourhoodReach() const;
  std::unique_ptr<NearbyRoom> nearbyRoom() const;
  void krigeTile(const Places& places, std::uint32_t* cells, std::size_t count, Span<double> prediction, Span<double> variance,
                 NearbyRoom& room) const;
  void krigeSets(const Places& places, Span<double> prediction, Span<double> variance, NearbyRoom& room) const;
  void fillTable(NearbyRoom& room) const;
  void krigeEight(const Places& places, const std::uint32_t* sets, std::size_t count, Span<double> prediction,
                  Span<double> variance, NearbyRoom& room) const;

  /** Pivots below this share of the variance count as zero: what is left of double precision is noise. */
  static constexpr double smallPivot = 1e-13;
  KrigingOptions options_;
  CovarianceModel model_;
  std::vector<double> x_, y_, z_, values_;
  /** Columns of the mean: none if known, else 1 and the drift, centred and scaled; [station × column]. */
  std::size_t columns_ = 0;
  std::vector<double> trend_;
  std::vector<double> driftCentre_, driftScale_;
  /** Points that stand for a block, as shifts, with weights that sum to 1; one point for a point. */
  std::vector<double> shiftX_, shiftY_, shiftWeight_;
  /** Covariance of a cell with itself. */
  double ownCovariance_ = 0;
  PointSearch search_;
  /** The largest distance as a straight line, infinite for none. */
  double farthest_ = std::numeric_limits<double>::infinity();

  StripFactor factor_;               // of C; empty without variance
  std::vector<double> dual_;         // C⁻¹ (z − F β)
  std::vector<double> weighted_;     // C⁻¹ F, [column × station]
  std::vector<double> trendInverse_; // (Fᵀ C⁻¹ F)⁻¹
  std::vector<double> coefficients_; // β
  std::vector<double> leftOutPrediction_, leftOutVariance_;
};

}  // namespace loam

#pragma once
#include <cstddef>
#include <vector>

#include "point-search.hpp"
#include "span.hpp"
#include "variogram-model.hpp"
#include "work.hpp"

namespace loam {

struct KrigingOptions {
  /** Simple kriging with this mean; else the mean is unknown (ordinary), with drift columns universal. */
  bool isMeanKnown = false;
  double mean = 0;
  /** Nearest stations of each cell; 0 takes all stations for all cells. */
  std::size_t neighbours = 0;
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
  /** Every station predicted from all others with the same variogram, and that prediction's variance; empty for local kriging
   *  and without variance. */
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
  /** Covariances of the stations with 24 cells, as a panel. */
  void fillPanel(const Places& places, std::size_t first, std::size_t count, double* panel) const;
  void krigePanel(const Places& places, std::size_t first, std::size_t count, Span<double> prediction, Span<double> variance,
                  double* panel) const;
  /** Each cell from its own nearest stations; in kriging-nearby.cpp. */
  void krigeNearby(const Places& places, Span<double> prediction, Span<double> variance, const Work& work) const;

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

  std::vector<double> strips_;       // inverse factor, see sumSquares
  std::vector<double> dual_;         // C⁻¹ (z − F β)
  std::vector<double> weighted_;     // C⁻¹ F, [column × station]
  std::vector<double> trendInverse_; // (Fᵀ C⁻¹ F)⁻¹
  std::vector<double> coefficients_; // β
  std::vector<double> leftOutPrediction_, leftOutVariance_;
};

}  // namespace loam

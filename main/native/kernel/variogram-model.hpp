#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "span.hpp"

namespace loam {

/** Shapes of a variogram, with gstat's meaning of range; the numbers are those of engine/geostatistics/variogram-shapes.ts. */
enum class VariogramShape { nugget, spherical, exponential, gaussian, matern, linear };

/** One part of a nested variogram. */
struct VariogramPart {
  VariogramShape shape = VariogramShape::nugget;
  /** Target units squared; for a linear part of range 0 the slope of an unbounded line. */
  double partialSill = 0;
  double range = 0;
  /** Matérn's κ. */
  double smoothness = 0.5;
  /** Direction of the longest range, degrees clockwise from north. */
  double angle = 0;
  /** Shortest range over longest. */
  double ratio = 1;
};

/** Matérn's correlation for any smoothness, by Chebyshev polynomials on quarters of octaves of t: as exact as the integral (1e-13
 *  up to a smoothness of 4) and 25 times faster. Below 2⁻⁵² ranges, where few pairs are, it is the integral. */
class MaternTable {
 public:
  explicit MaternTable(double smoothness);
  /** Correlation at t ranges, t >= 0. */
  double at(double t) const;

 private:
  static constexpr int firstOctave = -52, octaves = 62, pieces = 4, terms = 12;
  double smoothness_;
  std::vector<double> terms_;
};

/** A part as a covariance: C(h) = level − partialSill · rise(h), the distance being |(ax·dx + ay·dy, bx·dx + by·dy)|. */
struct CovariancePart {
  VariogramShape shape;
  double partialSill;
  double range;
  double smoothness;
  /** Covariance at no distance. */
  double level;
  /** For a Matérn without a closed form. */
  std::shared_ptr<const MaternTable> matern;
  bool isStretched;
  double ax, ay, bx, by;
};

/** A nested variogram as the covariance that kriging works with. An unbounded part has no covariance; it gets the level
 *  slope · `reach`, which cancels wherever weights sum to 1. */
struct CovarianceModel {
  std::vector<CovariancePart> parts;
  double nugget = 0;
  /** Covariance at no distance without the nugget. */
  double level = 0;
  bool isBounded = true;
  /** Above 0: places are points on a sphere of this radius, metres, and distance is along its surface. */
  double sphereRadius = 0;
};

/** @param reach a length no two stations exceed
 *  @throws Failure bad_input for numbers outside what a shape allows */
CovarianceModel covarianceModel(Span<const VariogramPart> parts, double reach, double sphereRadius);

/** Matérn's correlation at t ranges by the trapezium rule (DLMF 10.32.9); some 100 exponentials. */
double maternCorrelation(double t, double smoothness);

}  // namespace loam

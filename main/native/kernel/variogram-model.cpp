#include "variogram-model.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "failure.hpp"

namespace loam {

CovarianceModel covarianceModel(Span<const VariogramPart> parts, double reach, double sphereRadius) {
  constexpr double radians = 3.14159265358979323846 / 180;
  CovarianceModel model;
  model.sphereRadius = sphereRadius;
  for (const VariogramPart& part : parts) {
    const bool isUnbounded = part.shape == VariogramShape::linear && part.range == 0;
    const bool needsRange = part.shape != VariogramShape::nugget && !isUnbounded;
    const bool isSound = std::isfinite(part.partialSill) && part.partialSill >= 0 && std::isfinite(part.range) &&
                         (!needsRange || part.range > 0) && part.smoothness > 0 && part.smoothness <= 20 &&
                         std::isfinite(part.angle) && part.ratio > 0 && part.ratio <= 1;
    if (!isSound) throw Failure("bad_input", "A part of the variogram has a number outside what its shape allows.");
    if (part.partialSill == 0) continue;
    if (part.shape == VariogramShape::nugget) {
      model.nugget += part.partialSill;
      continue;
    }
    if (part.ratio != 1 && sphereRadius > 0)
      throw Failure("bad_input", "A variogram with anisotropy has no meaning along great circles. Project the points, or leave the anisotropy out.");
    const double sine = std::sin(part.angle * radians), cosine = std::cos(part.angle * radians);
    const double maternLog = (1 - part.smoothness) * std::log(2.0) - std::lgamma(part.smoothness);
    model.parts.push_back({part.shape, part.partialSill, part.range, part.smoothness, maternLog, part.ratio != 1, sine, cosine,
                           cosine / part.ratio, -sine / part.ratio});
    model.level += isUnbounded ? part.partialSill * reach / part.ratio : part.partialSill;
    model.isBounded = model.isBounded && !isUnbounded;
  }
  if (model.parts.empty() && model.nugget == 0) throw Failure("bad_input", "All partial sills of the variogram are 0.");
  return model;
}

double maternCorrelation(double t, double smoothness, double maternLog) {
  if (t <= 0) return 1;
  if (t > 700) return 0;
  constexpr double step = 0.2;
  double sum = 0.5 * std::exp(-t);
  for (double u = step;; u += step) {
    const double fall = t * std::cosh(u);
    const double term = 0.5 * (std::exp(smoothness * u - fall) + std::exp(-smoothness * u - fall));
    sum += term;
    if (term < 1e-18 * sum && t * std::sinh(u) > smoothness) break;
  }
  return std::min(1.0, std::exp(maternLog + smoothness * std::log(t) + std::log(sum * step)));
}

}  // namespace loam

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
    const bool isClosed = part.smoothness == 0.5 || part.smoothness == 1.5 || part.smoothness == 2.5;
    std::shared_ptr<const MaternTable> matern;
    if (part.shape == VariogramShape::matern && !isClosed) matern = std::make_shared<const MaternTable>(part.smoothness);
    const double level = isUnbounded ? part.partialSill * reach / part.ratio : part.partialSill;
    model.parts.push_back({part.shape, part.partialSill, part.range, part.smoothness, level, matern, part.ratio != 1, sine, cosine,
                           cosine / part.ratio, -sine / part.ratio});
    model.level += level;
    model.isBounded = model.isBounded && !isUnbounded;
  }
  if (model.parts.empty() && model.nugget == 0) throw Failure("bad_input", "All partial sills of the variogram are 0.");
  return model;
}

double maternCorrelation(double t, double smoothness) {
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
  const double scale = (1 - smoothness) * std::log(2.0) - std::lgamma(smoothness);
  return std::min(1.0, std::exp(scale + smoothness * std::log(t) + std::log(sum * step)));
}

MaternTable::MaternTable(double smoothness) : smoothness_(smoothness), terms_(static_cast<std::size_t>(octaves * pieces * terms)) {
  constexpr double pi = 3.14159265358979323846;
  double* out = terms_.data();
  for (int octave = 0; octave < octaves; octave++)
    for (int piece = 0; piece < pieces; piece++, out += terms) {
      const double unit = std::ldexp(1.0, firstOctave + octave) / pieces;
      double values[terms];
      for (int k = 0; k < terms; k++) {
        const double node = std::cos(pi * (k + 0.5) / terms);
        values[k] = maternCorrelation(unit * (pieces + piece + 0.5 * (1 + node)), smoothness);
      }
      for (int j = 0; j < terms; j++) {
        double sum = 0;
        for (int k = 0; k < terms; k++) sum += values[k] * std::cos(pi * j * (k + 0.5) / terms);
        out[j] = sum * (j == 0 ? 1.0 : 2.0) / terms;
      }
    }
}

double MaternTable::at(double t) const {
  int exponent;
  const double half = std::frexp(t, &exponent);  // t = half · 2^exponent, 1/2 <= half < 1
  const int octave = exponent - 1 - firstOctave;
  if (!(t > 0) || octave < 0) return maternCorrelation(t, smoothness_);
  if (octave >= octaves) return 0;
  const double within = half * 2 * pieces - pieces;  // 0 to `pieces`
  const int piece = static_cast<int>(within);
  const double* own = terms_.data() + (octave * pieces + piece) * terms;
  const double u = 2 * (within - piece) - 1;
  double next = 0, after = 0;
  for (int j = terms - 1; j > 0; j--) {
    const double sum = own[j] + 2 * u * next - after;
    after = next, next = sum;
  }
  return own[0] + u * next - after;
}

}  // namespace loam

#include "kriging.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "cholesky.hpp"
#include "failure.hpp"
#include "kriging-loops.hpp"

namespace loam {
namespace {

constexpr double earthRadius = 6371008.8;
/** Pivots below this share of the variance count as zero: what is left of double precision is noise. */
constexpr double smallPivot = 1e-13;
/** Panels that a thread takes at once. */
constexpr std::size_t takenPanels = 16;

[[noreturn]] void refuse(const std::string& message) { throw Failure("bad_input", message); }

std::string placeName(double x, double y) { return "(" + std::to_string(x) + ", " + std::to_string(y) + ")"; }

/** Unit vectors times the Earth's radius. */
void toSphere(std::vector<double>& x, std::vector<double>& y, std::vector<double>& z) {
  constexpr double radians = 3.14159265358979323846 / 180;
  z.resize(x.size());
  for (std::size_t i = 0; i < x.size(); i++) {
    const double longitude = x[i] * radians, latitude = y[i] * radians;
    x[i] = earthRadius * std::cos(latitude) * std::cos(longitude);
    y[i] = earthRadius * std::cos(latitude) * std::sin(longitude);
    z[i] = earthRadius * std::sin(latitude);
  }
}

}  // namespace

KrigingSystem::KrigingSystem(const KrigingStations& stations, Span<const VariogramPart> parts, const KrigingOptions& options,
                             const Work& work)
    : options_(options), x_(stations.x.begin(), stations.x.end()), y_(stations.y.begin(), stations.y.end()),
      values_(stations.values.begin(), stations.values.end()) {
  const std::size_t n = values_.size();
  if (x_.size() != n || y_.size() != n) refuse("Stations need as many x as y as values.");
  if (n == 0) throw Failure("too_few_rows", "There are no stations to krige from. Give at least one.");
  if (n > 0xffffffffu) refuse("There are more than 4294967295 stations.");
  for (std::size_t i = 0; i < n; i++)
    if (!std::isfinite(x_[i]) || !std::isfinite(y_[i]) || !std::isfinite(values_[i]))
      refuse("Station " + std::to_string(i + 1) + " has a place or value that is not a number. Leave it out.");
  const bool isBlock = options_.blockWidth > 0 || options_.blockHeight > 0;
  if (isBlock && !(options_.blockWidth > 0 && options_.blockHeight > 0)) refuse("A block needs two sides above 0.");
  if (isBlock && options_.isGreatCircle)
    refuse("Block kriging works in the plane. Project the points and the grid, or predict points.");
  if (options_.isMeanKnown && !stations.drift.empty())
    refuse("Simple kriging with a known mean takes no drift. Leave one of them out.");

  std::vector<std::size_t> order(n);
  for (std::size_t i = 0; i < n; i++) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return x_[a] != x_[b] ? x_[a] < x_[b] : y_[a] != y_[b] ? y_[a] < y_[b] : a < b;
  });
  for (std::size_t i = 1; i < n; i++) {
    const std::size_t a = order[i - 1], b = order[i];
    if (x_[a] == x_[b] && y_[a] == y_[b])
      refuse("Stations " + std::to_string(a + 1) + " and " + std::to_string(b + 1) + " share the place " + placeName(x_[a], y_[a]) +
             ". Kriging needs one value a place: average them, or move one.");
  }
  const auto [west, east] = std::minmax_element(x_.begin(), x_.end());
  const auto [south, north] = std::minmax_element(y_.begin(), y_.end());
  const double reach = options_.isGreatCircle ? earthRadius * 3.1416 : std::max(1e-300, std::hypot(*east - *west, *north - *south));
  if (options_.isGreatCircle) toSphere(x_, y_, z_);
  model_ = covarianceModel(parts, reach, options_.isGreatCircle ? earthRadius : 0);
  if (options_.isMeanKnown && !model_.isBounded)
    refuse("A variogram without a sill has no covariance for simple kriging. Leave the mean unknown, or choose a model with a sill.");

  standardiseDrift(stations.drift);
  if (n < columns_ + (options_.isMeanKnown ? 0 : 1) && columns_ > 1)
    throw Failure("too_few_rows", std::to_string(n) + " stations cannot tell " + std::to_string(columns_) +
                                      " drift columns apart. Give more stations, or less drift.");
  if (isBlock) {
    // Gauss–Legendre of order 4 on [−1/2, 1/2].
    constexpr double at[4] = {-0.430568155797026, -0.169990521792428, 0.169990521792428, 0.430568155797026};
    constexpr double weight[4] = {0.173927422568727, 0.326072577431273, 0.326072577431273, 0.173927422568727};
    for (int i = 0; i < 4; i++)
      for (int j = 0; j < 4; j++) {
        shiftX_.push_back(at[i] * options_.blockWidth);
        shiftY_.push_back(at[j] * options_.blockHeight);
        shiftWeight_.push_back(weight[i] * weight[j]);
      }
    const KrigingLoops& loops = krigingLoopsForThisMachine();
    for (std::size_t a = 0; a < shiftX_.size(); a++)
      for (std::size_t b = 0; b < shiftX_.size(); b++) {
        const double dx = shiftX_[a] - shiftX_[b], dy = shiftY_[a] - shiftY_[b];
        loops.addCovariances(model_, &dx, &dy, nullptr, 1, false, shiftWeight_[a] * shiftWeight_[b], &ownCovariance_);
      }
  } else {
    shiftX_ = {0}, shiftY_ = {0}, shiftWeight_ = {1};
    ownCovariance_ = model_.level + model_.nugget;
  }
  options_.neighbours = std::min(options_.neighbours, n);
  if (options_.neighbours == n) options_.neighbours = 0;
  if (options_.neighbours > 0 && options_.neighbours < columns_ + (columns_ > 1 ? 1 : 0))
    refuse(std::to_string(options_.neighbours) + " neighbours cannot tell " + std::to_string(columns_) +
           " drift columns apart. Take more neighbours.");
  if (options_.neighbours == 0) prepareAll(work);
  else search_ = PointSearch(x_.data(), y_.data(), z_.empty() ? nullptr : z_.data(), n);
}

void KrigingSystem::standardiseDrift(const std::vector<Span<const double>>& drift) {
  const std::size_t n = values_.size();
  columns_ = options_.isMeanKnown ? 0 : 1 + drift.size();
  trend_.assign(n * columns_, 1.0);
  for (std::size_t d = 0; d < drift.size(); d++) {
    const std::string name = "Drift column " + std::to_string(d + 1);
    if (drift[d].size() != n) refuse(name + " needs one value for each station.");
    double sum = 0, squares = 0, largest = 0;
    for (const double value : drift[d]) {
      if (!std::isfinite(value)) refuse(name + " has no value at a station. Leave that station out.");
      sum += value;
      largest = std::max(largest, std::abs(value));
    }
    const double centre = sum / static_cast<double>(n);
    for (const double value : drift[d]) squares += (value - centre) * (value - centre);
    const double scale = std::sqrt(squares / static_cast<double>(n));
    if (!(scale > 1e-12 * largest)) refuse(name + " is the same at all stations, so it cannot be told from the mean. Leave it out.");
    driftCentre_.push_back(centre);
    driftScale_.push_back(scale);
    for (std::size_t i = 0; i < n; i++) trend_[i * columns_ + 1 + d] = (drift[d][i] - centre) / scale;
  }
}

void KrigingSystem::prepareAll(const Work& work) {
  const std::size_t n = values_.size(), p = columns_;
  const KrigingLoops& loops = krigingLoopsForThisMachine();
  const double variance = model_.level + model_.nugget;
  std::vector<double> factor(n * n, 0.0);
  Work quiet = work;
  quiet.progress = nullptr;
  parallelFor((n + 63) / 64, quiet, [&](std::size_t group, unsigned) {
    double dx[512], dy[512], dz[512];
    for (std::size_t i = group * 64; i < std::min(n, group * 64 + 64); i++) {
      for (std::size_t from = 0; from < i; from += 512) {
        const std::size_t count = std::min<std::size_t>(512, i - from);
        for (std::size_t k = 0; k < count; k++) {
          dx[k] = x_[from + k] - x_[i], dy[k] = y_[from + k] - y_[i];
          if (!z_.empty()) dz[k] = z_[from + k] - z_[i];
        }
        loops.addCovariances(model_, dx, dy, z_.empty() ? nullptr : dz, count, false, 1, factor.data() + i * n + from);
      }
      factor[i * n + i] = variance;
    }
  });
  const std::size_t failed = factorCholesky(factor, n, smallPivot * variance, work);
  if (failed < n)
    refuse("The variogram gives no solvable system: from station " + std::to_string(failed + 1) +
           " on, what it expects of the stations follows from the others to the last digit. Add a nugget, use a less smooth model than "
           "Gaussian, or drop stations that nearly share a place.");

  // W = L⁻¹ F, u = L⁻¹ z; then β, and the rest by going back up.
  std::vector<double> whitened(p * n), residual(values_);
  if (options_.isMeanKnown)
    for (double& value : residual) value -= options_.mean;
  for (std::size_t c = 0; c < p; c++) {
    for (std::size_t i = 0; i < n; i++) whitened[c * n + i] = trend_[i * p + c];
    solveLower(factor, n, whitened.data() + c * n);
  }
  solveLower(factor, n, residual.data());
  trendInverse_.assign(p * p, 0.0);
  std::vector<double> right(p, 0.0);
  for (std::size_t a = 0; a < p; a++)
    for (std::size_t i = 0; i < n; i++) {
      right[a] += whitened[a * n + i] * residual[i];
      for (std::size_t b = 0; b < p; b++) trendInverse_[a * p + b] += whitened[a * n + i] * whitened[b * n + i];
    }
  if (!invertSmall(trendInverse_, p))
    refuse("The drift columns depend on each other at the stations. Leave out those that follow from the others.");
  coefficients_.assign(p, 0.0);
  for (std::size_t a = 0; a < p; a++)
    for (std::size_t b = 0; b < p; b++) coefficients_[a] += trendInverse_[a * p + b] * right[b];
  for (std::size_t c = 0; c < p; c++)
    for (std::size_t i = 0; i < n; i++) residual[i] -= whitened[c * n + i] * coefficients_[c];
  solveUpper(factor, n, residual.data());
  dual_ = residual;
  for (std::size_t c = 0; c < p; c++) solveUpper(factor, n, whitened.data() + c * n);
  weighted_ = whitened;
  if (!options_.hasVariance) return;

  strips_ = invertToStrips(factor, n, stripRows, work);
  // Diagonal of Q = C⁻¹ − C⁻¹F (FᵀC⁻¹F)⁻¹ FᵀC⁻¹; station i left out is off by dual_i / Q_ii with variance 1 / Q_ii.
  std::vector<double> diagonal(n, 0.0);
  const double* strip = strips_.data();
  for (std::size_t first = 0; first < n; first += stripRows) {
    const std::size_t end = std::min(n, first + stripRows);
    for (std::size_t j = 0; j < end; j++)
      for (std::size_t r = 0; r < stripRows; r++) diagonal[j] += strip[j * stripRows + r] * strip[j * stripRows + r];
    strip += end * stripRows;
  }
  leftOutPrediction_.resize(n);
  leftOutVariance_.resize(n);
  for (std::size_t i = 0; i < n; i++) {
    double own = diagonal[i];
    for (std::size_t a = 0; a < p; a++)
      for (std::size_t b = 0; b < p; b++) own -= weighted_[a * n + i] * trendInverse_[a * p + b] * weighted_[b * n + i];
    // Without station i the rest may not tell the drift: then there is nothing left to predict it from.
    const bool isTold = own > 1e-12 * diagonal[i];
    leftOutPrediction_[i] = isTold ? values_[i] - dual_[i] / own : NAN;
    leftOutVariance_[i] = isTold ? 1 / own : NAN;
  }
}

void KrigingSystem::krige(const KrigingCells& cells, Span<double> prediction, Span<double> variance, const Work& work) const {
  const std::size_t count = prediction.size(), p = columns_;
  const bool hasDrift = p > 1;
  if (cells.x.size() != count || cells.y.size() != count || (!variance.empty() && variance.size() != count))
    refuse("Cells need as many x as y as places for results.");
  if (cells.drift.size() != (hasDrift ? p - 1 : 0))
    refuse("The cells come with " + std::to_string(cells.drift.size()) + " drift columns, the stations with " +
           std::to_string(hasDrift ? p - 1 : 0) + ". Give both the same.");
  for (const auto& column : cells.drift)
    if (column.size() != count) refuse("A drift column needs one value for each cell.");
  if (!variance.empty() && options_.neighbours == 0 && !options_.hasVariance)
    refuse("The system was prepared without variance. Prepare it with variance.");

  Places places;
  places.x.assign(cells.x.begin(), cells.x.end());
  places.y.assign(cells.y.begin(), cells.y.end());
  if (options_.isGreatCircle) toSphere(places.x, places.y, places.z);
  if (hasDrift) {
    places.trend.resize(count * p);
    for (std::size_t i = 0; i < count; i++) {
      places.trend[i * p] = 1;
      for (std::size_t d = 0; d + 1 < p; d++) places.trend[i * p + 1 + d] = (cells.drift[d][i] - driftCentre_[d]) / driftScale_[d];
    }
  }
  if (options_.neighbours == 0) krigeFromAll(places, prediction, variance, work);
  else krigeNearby(places, prediction, variance, work);
  for (std::size_t i = 0; i < count; i++) {
    bool isKnown = std::isfinite(cells.x[i]) && std::isfinite(cells.y[i]) && std::isfinite(prediction[i]);
    for (const auto& column : cells.drift) isKnown = isKnown && std::isfinite(column[i]);
    if (isKnown) continue;
    prediction[i] = NAN;
    if (!variance.empty()) variance[i] = NAN;
  }
}

void KrigingSystem::krigeFromAll(const Places& places, Span<double> prediction, Span<double> variance, const Work& work) const {
  const std::size_t count = prediction.size(), step = panelCells * takenPanels;
  std::vector<std::vector<double>> rooms(work.threads > 0 ? work.threads : 1);
  parallelFor((count + step - 1) / step, work, [&](std::size_t item, unsigned worker) {
    std::vector<double>& room = rooms[worker];
    if (room.empty()) room.resize(values_.size() * panelCells + 8);
    double* panel = alignedTo64(room.data());
    for (std::size_t first = item * step; first < std::min(count, (item + 1) * step); first += panelCells)
      krigePanel(places, first, std::min(panelCells, count - first), prediction, variance, panel);
  });
}

void KrigingSystem::fillPanel(const Places& places, std::size_t first, std::size_t count, double* panel) const {
  const KrigingLoops& loops = krigingLoopsForThisMachine();
  const std::size_t n = values_.size();
  const bool isPoint = shiftX_.size() == 1;
  std::fill(panel, panel + n * panelCells, 0.0);
  const PanelPlaces stations{x_.data(), y_.data(), z_.empty() ? nullptr : z_.data()};
  for (std::size_t s = 0; s < shiftX_.size(); s++) {
    double cellX[panelCells], cellY[panelCells], cellZ[panelCells] = {};
    for (std::size_t cell = 0; cell < panelCells; cell++) {
      // The last panel repeats its last cell.
      const std::size_t from = first + std::min(cell, count - 1);
      cellX[cell] = places.x[from] + shiftX_[s], cellY[cell] = places.y[from] + shiftY_[s];
      if (!places.z.empty()) cellZ[cell] = places.z[from];
    }
    loops.addPanel(model_, {cellX, cellY, cellZ}, stations, n, isPoint, shiftWeight_[s], panel);
  }
}

void KrigingSystem::krigePanel(const Places& places, std::size_t first, std::size_t count, Span<double> prediction,
                               Span<double> variance, double* panel) const {
  const KrigingLoops& loops = krigingLoopsForThisMachine();
  const std::size_t n = values_.size(), p = columns_;
  fillPanel(places, first, count, panel);
  alignas(64) double sums[panelCells];
  loops.dotPanel(dual_.data(), n, panel, sums);
  const auto trendOf = [&](std::size_t cell, std::size_t column) { return column == 0 ? 1.0 : places.trend[(first + cell) * p + column]; };
  for (std::size_t cell = 0; cell < count; cell++) {
    double mean = options_.isMeanKnown ? options_.mean : 0;
    for (std::size_t c = 0; c < p; c++) mean += coefficients_[c] * trendOf(cell, c);
    prediction[first + cell] = mean + sums[cell];
  }
  if (variance.empty()) return;
  std::vector<double> lack(p * panelCells);
  for (std::size_t c = 0; c < p; c++) {
    loops.dotPanel(weighted_.data() + c * n, n, panel, sums);
    for (std::size_t cell = 0; cell < count; cell++) lack[c * panelCells + cell] = trendOf(cell, c) - sums[cell];
  }
  loops.sumSquares(strips_.data(), n, panel, sums);
  for (std::size_t cell = 0; cell < count; cell++) {
    double result = ownCovariance_ - sums[cell];
    for (std::size_t a = 0; a < p; a++)
      for (std::size_t b = 0; b < p; b++)
        result += lack[a * panelCells + cell] * trendInverse_[a * p + b] * lack[b * panelCells + cell];
    variance[first + cell] = std::max(0.0, result);
  }
}

}  // namespace loam

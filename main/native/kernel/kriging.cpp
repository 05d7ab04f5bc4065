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
/** Panels that a thread takes at once, and of those solved together where the factor is beyond the cache. */
constexpr std::size_t takenPanels = 16;
constexpr std::size_t solvedPanels = 4;
/** Rows of a factor that the second cache holds beside a panel. */
constexpr std::size_t fitsCache = 512;
/** Stations that may all be within a largest distance. */
constexpr std::size_t mostWithin = 500;
/** Stations whose covariances with a panel are held at once when only the prediction is asked for. */
constexpr std::size_t predictedStations = 64;

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

/** Coordinates of 24 cells from the `first` on, moved by a shift; the last one again where there are fewer. */
struct PanelCells {
  alignas(64) double x[panelCells], y[panelCells], z[panelCells];
  bool isSphere;

  PanelCells(const std::vector<double>& ownX, const std::vector<double>& ownY, const std::vector<double>& ownZ, std::size_t first,
             std::size_t count, double shiftX, double shiftY)
      : isSphere(!ownZ.empty()) {
    for (std::size_t cell = 0; cell < panelCells; cell++) {
      const std::size_t from = first + std::min(cell, count - 1);
      x[cell] = ownX[from] + shiftX, y[cell] = ownY[from] + shiftY, z[cell] = isSphere ? ownZ[from] : 0;
    }
  }
  PanelPlaces places() const { return {x, y, isSphere ? z : nullptr}; }
};

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
  if (options_.maxDistance > 0) {
    if (options_.neighbours == 0 && n > mostWithin)
      refuse("With a largest distance up to " + std::to_string(mostWithin) + " stations can be near a cell; there are " +
             std::to_string(n) + ". Give the number of neighbours as well.");
    if (options_.neighbours == 0) options_.neighbours = n;
    const double angle = std::min(options_.maxDistance / (2 * earthRadius), 1.5707963267948966);
    farthest_ = options_.isGreatCircle ? 2 * earthRadius * std::sin(angle) : options_.maxDistance;
  } else if (options_.neighbours == n) {
    options_.neighbours = 0;
  }
  if (options_.neighbours > 0 && options_.neighbours < columns_ + (columns_ > 1 ? 1 : 0))
    refuse(std::to_string(options_.neighbours) + " neighbours cannot tell " + std::to_string(columns_) +
           " drift columns apart. Take more neighbours.");
  if (options_.neighbours == 0) {
    prepareAll(work);
    return;
  }
  search_ = PointSearch(x_.data(), y_.data(), z_.empty() ? nullptr : z_.data(), n);
  if (options_.hasVariance) leaveOutNearby(work);
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

void KrigingSystem::fillMatrix(StripFactor& matrix, const Work& work) const {
  const KrigingLoops& loops = krigingLoopsForThisMachine();
  const std::size_t n = values_.size();
  const PanelPlaces stations{x_.data(), y_.data(), z_.empty() ? nullptr : z_.data()};
  Work quiet = work;
  quiet.progress = nullptr;
  std::vector<std::vector<double>> rooms(work.threads > 0 ? work.threads : 1);
  parallelFor((n + panelCells - 1) / panelCells, quiet, [&](std::size_t group, unsigned worker) {
    if (rooms[worker].empty()) rooms[worker].resize(n * panelCells + 8);
    double* panel = alignedTo64(rooms[worker].data());
    const std::size_t first = group * panelCells, end = std::min(n, first + panelCells);
    const PanelCells rows(x_, y_, z_, first, end - first, 0, 0);
    loops.coverPanel(model_, rows.places(), stations, end, {1, true, true}, panel);
    for (std::size_t i = first; i < end; i++)
      for (std::size_t j = 0; j <= i; j++) matrix.column(i / stripRows, j)[i % stripRows] = panel[j * panelCells + i - first];
  });
}

void KrigingSystem::prepareAll(const Work& work) {
  const std::size_t n = values_.size(), p = columns_;
  StripFactor factor(n);
  fillMatrix(factor, work);
  const std::size_t failed = factor.factor(smallPivot * (model_.level + model_.nugget), work);
  if (failed < n)
    refuse("The variogram gives no solvable system: from station " + std::to_string(failed + 1) +
           " on, what it expects of the stations follows from the others to the last digit. Add a nugget, use a less smooth model than "
           "Gaussian, or drop stations that nearly share a place. A linear model with a range is one of places on a line, not in the "
           "plane: take a spherical one.");

  // W = L⁻¹ F, u = L⁻¹ z; then β, and the rest by going back up.
  const std::size_t rows = factor.rows();
  std::vector<double> whitened(p * rows, 0.0), residual(rows, 0.0);
  for (std::size_t i = 0; i < n; i++) residual[i] = values_[i] - (options_.isMeanKnown ? options_.mean : 0);
  for (std::size_t c = 0; c < p; c++) {
    for (std::size_t i = 0; i < n; i++) whitened[c * rows + i] = trend_[i * p + c];
    factor.solveLower(whitened.data() + c * rows);
  }
  factor.solveLower(residual.data());
  trendInverse_.assign(p * p, 0.0);
  std::vector<double> right(p, 0.0);
  for (std::size_t a = 0; a < p; a++)
    for (std::size_t i = 0; i < n; i++) {
      right[a] += whitened[a * rows + i] * residual[i];
      for (std::size_t b = 0; b < p; b++) trendInverse_[a * p + b] += whitened[a * rows + i] * whitened[b * rows + i];
    }
  if (!invertSmall(trendInverse_, p))
    refuse("The drift columns depend on each other at the stations. Leave out those that follow from the others.");
  coefficients_.assign(p, 0.0);
  for (std::size_t a = 0; a < p; a++)
    for (std::size_t b = 0; b < p; b++) coefficients_[a] += trendInverse_[a * p + b] * right[b];
  for (std::size_t c = 0; c < p; c++)
    for (std::size_t i = 0; i < n; i++) residual[i] -= whitened[c * rows + i] * coefficients_[c];
  factor.solveUpper(residual.data());
  dual_.assign(residual.begin(), residual.begin() + static_cast<std::ptrdiff_t>(n));
  weighted_.resize(p * n);
  for (std::size_t c = 0; c < p; c++) {
    factor.solveUpper(whitened.data() + c * rows);
    std::copy_n(whitened.data() + c * rows, n, weighted_.data() + c * n);
  }
  if (!options_.hasVariance) return;
  factor_ = std::move(factor);
  leaveOut(work);
}

/** With the diagonal of Q = C⁻¹ − C⁻¹F (FᵀC⁻¹F)⁻¹ FᵀC⁻¹, station i left out is off by dual_i / Q_ii with variance 1 / Q_ii. That of
 *  C⁻¹ are the squares of the columns of L⁻¹, which are computed some at a time and not kept. */
void KrigingSystem::leaveOut(const Work& work) {
  const KrigingLoops& loops = krigingLoopsForThisMachine();
  const std::size_t n = values_.size(), p = columns_, rows = factor_.rows(), step = panelCells * solvedPanels;
  std::vector<double> diagonal(n);
  std::vector<std::vector<double>> rooms(work.threads > 0 ? work.threads : 1);
  Work quiet = work;
  quiet.progress = nullptr;
  parallelFor((n + step - 1) / step, quiet, [&](std::size_t item, unsigned worker) {
    if (rooms[worker].empty()) rooms[worker].resize(solvedPanels * rows * panelCells + 8);
    double* panels = alignedTo64(rooms[worker].data());
    const std::size_t first = item * step, count = std::min(step, n - first), used = (count + panelCells - 1) / panelCells;
    std::fill(panels, panels + used * rows * panelCells, 0.0);
    for (std::size_t i = 0; i < count; i++) panels[(i / panelCells * rows + first + i) * panelCells + i % panelCells] = 1;
    factor_.solvePanels(panels, used, first);
    for (std::size_t q = 0; q < used; q++) {
      alignas(64) double sums[panelCells] = {};
      loops.squarePanel(rows - first, panels + (q * rows + first) * panelCells, sums);
      for (std::size_t c = 0; c < panelCells && q * panelCells + c < count; c++) diagonal[first + q * panelCells + c] = sums[c];
    }
  });
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
  const bool hasVariance = !variance.empty();
  // Several panels share what is read of a factor beyond the cache.
  const std::size_t together = !hasVariance || factor_.rows() <= fitsCache ? 1 : solvedPanels;
  const std::size_t room = hasVariance ? together * factor_.rows() * panelCells : predictedStations * panelCells;
  std::vector<std::vector<double>> rooms(work.threads > 0 ? work.threads : 1);
  parallelFor((count + step - 1) / step, work, [&](std::size_t item, unsigned worker) {
    if (rooms[worker].empty()) rooms[worker].resize(room + 8);
    double* own = alignedTo64(rooms[worker].data());
    const std::size_t end = std::min(count, (item + 1) * step);
    for (std::size_t first = item * step; first < end; first += together * panelCells) {
      const std::size_t cells = std::min(together * panelCells, end - first);
      if (hasVariance) krigePanels(places, first, cells, prediction, variance, own);
      else predictPanel(places, first, cells, prediction, own);
    }
  });
}

/** Covariances of the stations from `from` to `to` with the cells of a panel, points or blocks. */
void KrigingSystem::fillPanel(const Places& places, std::size_t first, std::size_t count, std::size_t from, std::size_t to,
                              double* panel) const {
  const KrigingLoops& loops = krigingLoopsForThisMachine();
  const PanelPlaces stations{x_.data() + from, y_.data() + from, z_.empty() ? nullptr : z_.data() + from};
  const bool isPoint = shiftX_.size() == 1;
  for (std::size_t s = 0; s < shiftX_.size(); s++) {
    const PanelCells cells(places.x, places.y, places.z, first, count, shiftX_[s], shiftY_[s]);
    loops.coverPanel(model_, cells.places(), stations, to - from, {shiftWeight_[s], isPoint, s == 0}, panel);
  }
}

double KrigingSystem::meanAt(const Places& places, std::size_t cell) const {
  double mean = options_.isMeanKnown ? options_.mean : 0;
  for (std::size_t c = 0; c < columns_; c++) mean += coefficients_[c] * trendOf(places, cell, c);
  return mean;
}

void KrigingSystem::predictPanel(const Places& places, std::size_t first, std::size_t count, Span<double> prediction,
                                 double* room) const {
  const KrigingLoops& loops = krigingLoopsForThisMachine();
  const std::size_t n = values_.size();
  alignas(64) double sums[panelCells] = {};
  for (std::size_t from = 0; from < n; from += predictedStations) {
    const std::size_t to = std::min(n, from + predictedStations);
    fillPanel(places, first, count, from, to, room);
    loops.dotPanel(dual_.data() + from, to - from, room, sums);
  }
  for (std::size_t cell = 0; cell < count; cell++) prediction[first + cell] = meanAt(places, first + cell) + sums[cell];
}

// Variance C(0) − ‖L⁻¹c‖² + rᵀ (FᵀC⁻¹F)⁻¹ r with r = f − FᵀC⁻¹c.
void KrigingSystem::krigePanels(const Places& places, std::size_t first, std::size_t count, Span<double> prediction,
                                Span<double> variance, double* room) const {
  const KrigingLoops& loops = krigingLoopsForThisMachine();
  const std::size_t n = values_.size(), p = columns_, rows = factor_.rows(), used = (count + panelCells - 1) / panelCells;
  std::vector<double> lack(p * used * panelCells);
  for (std::size_t q = 0; q < used; q++) {
    const std::size_t start = first + q * panelCells, cells = std::min(panelCells, count - q * panelCells);
    double* panel = room + q * rows * panelCells;
    fillPanel(places, start, cells, 0, n, panel);
    std::fill(panel + n * panelCells, panel + rows * panelCells, 0.0);
    alignas(64) double sums[panelCells] = {};
    loops.dotPanel(dual_.data(), n, panel, sums);
    for (std::size_t cell = 0; cell < cells; cell++) prediction[start + cell] = meanAt(places, start + cell) + sums[cell];
    for (std::size_t c = 0; c < p; c++) {
      std::fill(sums, sums + panelCells, 0.0);
      loops.dotPanel(weighted_.data() + c * n, n, panel, sums);
      for (std::size_t cell = 0; cell < cells; cell++)
        lack[(q * p + c) * panelCells + cell] = trendOf(places, start + cell, c) - sums[cell];
    }
  }
  factor_.solvePanels(room, used, 0);
  for (std::size_t q = 0; q < used; q++) {
    alignas(64) double sums[panelCells] = {};
    loops.squarePanel(rows, room + q * rows * panelCells, sums);
    for (std::size_t cell = 0; cell < panelCells && q * panelCells + cell < count; cell++) {
      double result = ownCovariance_ - sums[cell];
      const double* own = lack.data() + q * p * panelCells + cell;
      for (std::size_t a = 0; a < p; a++)
        for (std::size_t b = 0; b < p; b++) result += own[a * panelCells] * trendInverse_[a * p + b] * own[b * panelCells];
      variance[first + q * panelCells + cell] = std::max(0.0, result);
    }
  }
}

}  // namespace loam

#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "area-kriging.hpp"
#include "cholesky.hpp"
#include "failure.hpp"
#include "kriging-loops.hpp"
#include "span.hpp"
#include "variogram-model.hpp"

namespace loam {

constexpr double metresPerDegree = 6371008.8 * 3.14159265358979323846 / 180;
constexpr double radiansPerDegree = 3.14159265358979323846 / 180;

/** How coordinates become lengths around a place. */
struct Frame {
  double x0 = 0, y0 = 0, xScale = 1, yScale = 1;
};

inline Frame frameAt(double x, double y, bool isGeographic) {
  if (!isGeographic) return {x, y, 1, 1};
  return {x, y, metresPerDegree * std::cos(y * radiansPerDegree), metresPerDegree};
}

/** The kriging systems of area means: covariances between areas and targets, the factor, the predictions of a group of targets.
 *  One for a thread; what repeats on the lattice is kept from group to group. */
class AreaNeighbourhood {
 public:
  AreaNeighbourhood(const CovarianceModel& model, const AreaMeans& areas, const AreaTargets& targets, const AreaLattice& lattice,
                const AreaKrigingOptions& options)
      : model_(model), areas_(areas), targets_(targets), lattice_(lattice), options_(options), loops_(krigingLoopsForThisMachine()) {}

  /** Solves the system of some areas, the group's own first where it has one, and predicts the group's targets. */
  void krige(const std::vector<std::uint32_t>& members, std::size_t group, const Frame& frame, Span<double> prediction,
             Span<double> variance) {
    const std::size_t first = index(targets_.groupStarts[group]), count = index(targets_.groupStarts[group + 1]) - first;
    const std::size_t k = members.size();
    const bool isOwn = options_.ownIsItsTargets && targets_.own[group] >= 0 && count <= mostOwnTargets;
    takeSupports(members, frame);
    takeLattice(members, group, frame);
    ownSlots_ = isOwn && isOnLattice_ && count == slots();
    if (isOwn) {
      takeTargets(first, count, frame);
      supports_[0].x = points_.x, supports_[0].y = points_.y, supports_[0].weight = points_.weight;
      offsets_[0].isWhole = false;
    }
    fillMatrix(k, isOwn ? 1 : 0);
    if (isOwn) {
      // The own row as means of the panel: then the predictions' mean is the own value to the last bit of the solution.
      fillPanel(k, count, first);
      for (std::size_t j = 0; j < k; j++) {
        double sum = 0;
        for (std::size_t t = 0; t < count; t++) sum += panel_[j * count + t];
        matrix_[j * k] = sum / static_cast<double>(count);
      }
    }
    solve(members);
    if (isOwn) return predict(k, first, count, prediction, variance);
    for (std::size_t from = 0; from < count; from += panelTargets) {
      const std::size_t part = std::min(panelTargets, count - from);
      takeTargets(first + from, part, frame);
      fillPanel(k, part, first + from);
      predict(k, first + from, part, prediction, variance);
    }
  }

  /** The next group has the members and the frame of the last one: its system is solved. */
  void krigeSame(const std::vector<std::uint32_t>& members, std::size_t group, const Frame& frame, Span<double> prediction,
                 Span<double> variance) {
    const std::size_t first = index(targets_.groupStarts[group]), end = index(targets_.groupStarts[group + 1]);
    for (std::size_t from = first; from < end; from += panelTargets) {
      const std::size_t part = std::min(panelTargets, end - from);
      takeTargets(from, part, frame);
      fillPanel(members.size(), part, from);
      predict(members.size(), from, part, prediction, variance);
    }
  }

 private:
  /** Separations that the loops take at once. */
  static constexpr std::size_t chunk = 512;
  /** Targets of a panel. */
  static constexpr std::size_t panelTargets = 4096;
  /** Tables of covariances that a thread keeps; gaps bring far neighbours. */
  static constexpr std::size_t mostTables = 400;
  static constexpr std::size_t mostPairs = 4000;

  /** Points with weights. */
  struct Support {
    std::vector<double> x, y, weight;
    void clear() { x.clear(), y.clear(), weight.clear(); }
  };

  static std::size_t index(double number) { return static_cast<std::size_t>(number); }

  void takeSupports(const std::vector<std::uint32_t>& members, const Frame& frame) {
    if (supports_.size() < members.size()) supports_.resize(members.size());
    for (std::size_t j = 0; j < members.size(); j++) {
      supports_[j].clear();
      for (std::size_t p = index(areas_.starts[members[j]]); p < index(areas_.starts[members[j] + 1]); p++) {
        supports_[j].x.push_back((areas_.x[p] - frame.x0) * frame.xScale);
        supports_[j].y.push_back((areas_.y[p] - frame.y0) * frame.yScale);
        supports_[j].weight.push_back(areas_.weight[p]);
      }
    }
  }

  /** The points of targets [first, first + count). */
  void takeTargets(std::size_t first, std::size_t count, const Frame& frame) {
    const std::size_t from = targets_.starts.empty() ? first : index(targets_.starts[first]);
    const std::size_t to = targets_.starts.empty() ? first + count : index(targets_.starts[first + count]);
    points_.clear();
    for (std::size_t p = from; p < to; p++) {
      points_.x.push_back((targets_.x[p] - frame.x0) * frame.xScale);
      points_.y.push_back((targets_.y[p] - frame.y0) * frame.yScale);
      points_.weight.push_back(1.0 / static_cast<double>(to - from));
    }
  }

  std::size_t slots() const { return lattice_.slotX.size() / lattice_.pointsPerSlot; }

  /** Where the members lie from the group on the lattice. Tables of another frame are dropped. */
  void takeLattice(const std::vector<std::uint32_t>& members, std::size_t group, const Frame& frame) {
    offsets_.assign(members.size(), {});
    isOnLattice_ = !lattice_.slotX.empty() && std::isfinite(lattice_.groupRow[group]);
    if (!isOnLattice_) return;
    if (frame.xScale != xScale_ || frame.yScale != yScale_) {
      xScale_ = frame.xScale, yScale_ = frame.yScale;
      tables_.clear(), pairs_.clear(), ownTable_.clear();
    }
    for (std::size_t j = 0; j < members.size(); j++) {
      const double row = lattice_.areaRow[members[j]], col = lattice_.areaCol[members[j]];
      if (std::isfinite(row)) offsets_[j] = {true, static_cast<int>(row), static_cast<int>(col)};
    }
    groupRow_ = static_cast<int>(lattice_.groupRow[group]), groupCol_ = static_cast<int>(lattice_.groupCol[group]);
  }

  /** Points given from the centre of a cell, `down` rows and `across` columns away from the frame's. */
  Support onLattice(Span<const double> x, Span<const double> y, Span<const double> weight, int down, int across) const {
    Support support;
    for (std::size_t i = 0; i < x.size(); i++) {
      support.x.push_back((x[i] + across * lattice_.width) * xScale_);
      support.y.push_back((y[i] + down * lattice_.height) * yScale_);
      support.weight.push_back(weight.empty() ? 1.0 / static_cast<double>(x.size()) : weight[i]);
    }
    return support;
  }

  Support wholeCell(int down, int across) const {
    return onLattice(lattice_.pointX, lattice_.pointY, lattice_.pointWeight, down, across);
  }

  /** Covariances of an area with the slots of a cell. */
  std::vector<double> slotCovariances(const Support& area) {
    const Support points = onLattice(lattice_.slotX, lattice_.slotY, {}, 0, 0);
    std::vector<double> sums(points.x.size(), 0.0), means(slots(), 0.0);
    for (std::size_t p = 0; p < area.x.size(); p++) addCovariances(area.x[p], area.y[p], area.weight[p], points.x, points.y, sums.data());
    for (std::size_t i = 0; i < sums.size(); i++) means[i / lattice_.pointsPerSlot] += sums[i];
    for (double& mean : means) mean /= static_cast<double>(lattice_.pointsPerSlot);
    return means;
  }

  /** Of the whole cell `down` rows and `across` columns away. Neighbours lie near each other: the tables are few. */
  const std::vector<double>& tableAt(int down, int across) {
    if (tables_.size() > mostTables) tables_.clear();
    const auto [found, isNew] = tables_.try_emplace({down, across});
    if (isNew) found->second = slotCovariances(wholeCell(down, across));
    return found->second;
  }

  double covarianceAt(int down, int across) {
    if (down < 0 || (down == 0 && across < 0)) down = -down, across = -across;
    if (pairs_.size() > mostPairs) pairs_.clear();
    const auto [found, isNew] = pairs_.try_emplace({down, across});
    if (isNew)
      found->second = meanCovariance(wholeCell(0, 0), wholeCell(down, across));
    return found->second;
  }

  /** out[i] += weight · covariance of a place with point i. */
  void addCovariances(double x, double y, double weight, const std::vector<double>& px, const std::vector<double>& py, double* out) {
    double dx[chunk], dy[chunk];
    for (std::size_t from = 0; from < px.size(); from += chunk) {
      const std::size_t n = std::min(chunk, px.size() - from);
      for (std::size_t i = 0; i < n; i++) dx[i] = px[from + i] - x, dy[i] = py[from + i] - y;
      loops_.addCovariances(model_, dx, dy, nullptr, n, false, weight, out + from);
    }
  }

  double meanCovariance(const Support& a, const Support& b) {
    sums_.assign(b.x.size(), 0.0);
    for (std::size_t p = 0; p < a.x.size(); p++) addCovariances(a.x[p], a.y[p], a.weight[p], b.x, b.y, sums_.data());
    double sum = 0;
    for (std::size_t p = 0; p < b.x.size(); p++) sum += b.weight[p] * sums_[p];
    return sum;
  }

  /** Lower triangle of the covariances between areas; columns before `skipped` are left to the caller. */
  void fillMatrix(std::size_t k, std::size_t skipped) {
    matrix_.assign(k * k, 0.0);
    for (std::size_t i = 0; i < k; i++)
      for (std::size_t j = skipped; j <= i; j++)
        matrix_[i * k + j] = offsets_[i].isWhole && offsets_[j].isWhole
                                 ? covarianceAt(offsets_[i].row - offsets_[j].row, offsets_[i].col - offsets_[j].col)
                                 : meanCovariance(supports_[j], supports_[i]);
  }

  /** panel[area × target]: covariances of each area with each target. */
  void fillPanel(std::size_t k, std::size_t count, std::size_t first) {
    const std::size_t n = points_.x.size();
    panel_.resize(k * count);
    for (std::size_t j = 0; j < k; j++) {
      if (isOnLattice_ && (offsets_[j].isWhole || (j == 0 && ownSlots_))) {
        if (j == 0 && ownSlots_ && ownTable_.empty()) ownTable_ = slotCovariances(onLattice(lattice_.slotX, lattice_.slotY, {}, 0, 0));
        const std::vector<double>& table =
            j == 0 && ownSlots_ ? ownTable_ : tableAt(offsets_[j].row - groupRow_, offsets_[j].col - groupCol_);
        for (std::size_t t = 0; t < count; t++) panel_[j * count + t] = table[static_cast<std::size_t>(lattice_.slot[first + t])];
        continue;
      }
      sums_.assign(n, 0.0);
      const Support& area = supports_[j];
      for (std::size_t p = 0; p < area.x.size(); p++) addCovariances(area.x[p], area.y[p], area.weight[p], points_.x, points_.y, sums_.data());
      double* row = panel_.data() + j * count;
      if (targets_.starts.empty()) {
        std::copy(sums_.begin(), sums_.end(), row);
        continue;
      }
      const std::size_t before = index(targets_.starts[first]);
      for (std::size_t t = 0; t < count; t++) {
        const std::size_t from = index(targets_.starts[first + t]) - before, to = index(targets_.starts[first + t + 1]) - before;
        double sum = 0;
        for (std::size_t p = from; p < to; p++) sum += sums_[p];
        row[t] = sum / static_cast<double>(to - from);
      }
    }
  }

  void solve(const std::vector<std::uint32_t>& members) {
    const std::size_t k = members.size();
    const Work alone;
    // A smooth variogram makes neighbouring areas nearly the same to kriging; a little noise on all but the own area (the first)
    // keeps the system sound and the own value exact.
    bool isSolved = false;
    for (double noise = 0; !isSolved && noise < 1e-6; noise = noise == 0 ? 1e-12 : noise * 100) {
      factor_ = matrix_;
      for (std::size_t i = 1; i < k; i++) factor_[i * k + i] += noise * model_.level;
      isSolved = factorCholesky(factor_, k, 1e-14 * model_.level, alone) == k;
    }
    if (!isSolved)
      throw Failure("bad_input", "The covariances of the areas are not positive definite with this variogram: two areas are the same, or the model is too smooth for their number. Give a shorter range, another shape or fewer neighbours.");
    dual_.assign(k, 1.0), ones_.assign(k, 1.0);
    for (std::size_t j = 0; j < k; j++) dual_[j] = areas_.values[members[j]];
    for (auto* column : {&dual_, &ones_}) solveLower(factor_, k, column->data()), solveUpper(factor_, k, column->data());
    double weighted = 0;
    total_ = 0;
    for (std::size_t j = 0; j < k; j++) total_ += ones_[j], weighted += dual_[j];
    mean_ = weighted / total_;
    for (std::size_t j = 0; j < k; j++) dual_[j] -= mean_ * ones_[j];
  }

  void predict(std::size_t k, std::size_t first, std::size_t count, Span<double> prediction, Span<double> variance) {
    double* out = prediction.data() + first;
    std::fill(out, out + count, mean_);
    for (std::size_t j = 0; j < k; j++)
      for (std::size_t t = 0; t < count; t++) out[t] += dual_[j] * panel_[j * count + t];
    if (variance.empty()) return;
    double* spread = variance.data() + first;
    lack_.assign(count, 1.0);
    for (std::size_t j = 0; j < k; j++)
      for (std::size_t t = 0; t < count; t++) lack_[t] -= ones_[j] * panel_[j * count + t];
    for (std::size_t t = 0; t < count; t++) spread[t] = ownCovariance(first, t) + lack_[t] * lack_[t] / total_;
    for (std::size_t i = 0; i < k; i++) {
      double* row = panel_.data() + i * count;
      for (std::size_t j = 0; j < i; j++) {
        const double weight = factor_[i * k + j];
        const double* above = panel_.data() + j * count;
        for (std::size_t t = 0; t < count; t++) row[t] -= weight * above[t];
      }
      const double pivot = 1 / factor_[i * k + i];
      for (std::size_t t = 0; t < count; t++) row[t] *= pivot, spread[t] -= row[t] * row[t];
    }
    for (std::size_t t = 0; t < count; t++) spread[t] = std::max(0.0, spread[t]);
  }

  /** Covariance of target `first + t` with itself; its points are those that were taken from `first` on. */
  double ownCovariance(std::size_t first, std::size_t t) {
    if (targets_.starts.empty()) return model_.level;
    const std::size_t before = index(targets_.starts[first]);
    Support own;
    for (std::size_t p = index(targets_.starts[first + t]) - before; p < index(targets_.starts[first + t + 1]) - before; p++)
      own.x.push_back(points_.x[p]), own.y.push_back(points_.y[p]);
    own.weight.assign(own.x.size(), 1.0 / static_cast<double>(own.x.size()));
    return meanCovariance(own, own);
  }

  const CovarianceModel& model_;
  const AreaMeans& areas_;
  const AreaTargets& targets_;
  const AreaLattice& lattice_;
  const AreaKrigingOptions& options_;
  const KrigingLoops& loops_;
  std::vector<Support> supports_;
  Support points_;
  std::vector<double> matrix_, factor_, dual_, ones_, panel_, sums_, lack_;
  double total_ = 0, mean_ = 0;
  struct Place {
    bool isWhole = false;
    int row = 0, col = 0;
  };
  std::vector<Place> offsets_;
  bool isOnLattice_ = false, ownSlots_ = false;
  int groupRow_ = 0, groupCol_ = 0;
  double xScale_ = 0, yScale_ = 0;
  std::map<std::pair<int, int>, std::vector<double>> tables_;
  std::map<std::pair<int, int>, double> pairs_;
  std::vector<double> ownTable_;
};

}  // namespace loam

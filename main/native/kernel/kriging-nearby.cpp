#include <algorithm>
#include <cmath>

#include "cholesky.hpp"
#include "kriging-loops.hpp"
#include "kriging.hpp"

namespace loam {
namespace {

/** Groups of eight cells that a thread takes at once. */
constexpr std::size_t takenGroups = 32;

struct Room {
  std::vector<std::pair<double, std::uint32_t>> heap;
  std::vector<double> x, y, z;                 // [neighbour × lane]
  std::vector<double> rows;                    // see factorLanes
  std::vector<double> dx, dy, dz;              // separations of one row
  std::vector<double> cross, right, lack;
};

}  // namespace

// Below the k × k covariances of a neighbourhood stand the rows c (covariances with the cell), F (the p columns of the mean)
// and z. Cholesky carried on through them leaves y = L⁻¹c, W = L⁻¹F and u = L⁻¹z; with S = WᵀW, β = S⁻¹Wᵀu and
// r = f − Wᵀy the prediction is yᵀu + rᵀβ, its variance C(0) − yᵀy + rᵀS⁻¹r.
void KrigingSystem::krigeNearby(const Places& places, Span<double> prediction, Span<double> variance, const Work& work) const {
  const KrigingLoops& loops = krigingLoopsForThisMachine();
  const std::size_t k = options_.neighbours, p = columns_, cells = prediction.size();
  const std::size_t triangle = k * (k + 1) / 2;
  const std::size_t entries = (triangle + (2 + p) * k) * lanes;
  const double own = model_.level + model_.nugget;
  const double least = 1e-13 * own;
  const bool isPoint = shiftX_.size() == 1, isSphere = !z_.empty();
  const std::size_t groups = (cells + lanes - 1) / lanes;
  std::vector<Room> rooms(work.threads > 0 ? work.threads : 1);

  parallelFor((groups + takenGroups - 1) / takenGroups, work, [&](std::size_t item, unsigned worker) {
    Room& room = rooms[worker];
    if (room.rows.empty()) {
      for (auto* column : {&room.x, &room.y, &room.z, &room.dx, &room.dy, &room.dz}) column->resize(k * lanes);
      room.rows.resize(entries + 7);
      room.right.resize(p), room.lack.resize(p);
    }
    const auto fillRow = [&](double* out, std::size_t count, bool withNugget, double weight) {
      for (std::size_t from = 0; from < count; from += 512)
        loops.addCovariances(model_, room.dx.data() + from, room.dy.data() + from, isSphere ? room.dz.data() + from : nullptr,
                             std::min<std::size_t>(512, count - from), withNugget, weight, out + from);
    };
    for (std::size_t group = item * takenGroups; group < std::min(groups, (item + 1) * takenGroups); group++) {
      const std::size_t first = group * lanes, count = std::min(lanes, cells - first);
      double* rows = alignedTo64(room.rows.data());
      double* c = rows + triangle * lanes;
      double* z = c + (1 + p) * k * lanes;
      double cellX[lanes], cellY[lanes], cellZ[lanes] = {};
      for (std::size_t l = 0; l < lanes; l++) {
        const std::size_t cell = first + std::min(l, count - 1);
        cellX[l] = places.x[cell], cellY[l] = places.y[cell];
        if (isSphere) cellZ[l] = places.z[cell];
        const bool isPlace = std::isfinite(cellX[l]) && std::isfinite(cellY[l]);
        // A cell without a place borrows one; its result is dropped below.
        search_.nearest(isPlace ? cellX[l] : x_[0], isPlace ? cellY[l] : y_[0], cellZ[l], k, room.heap);
        for (std::size_t i = 0; i < k; i++) {
          const std::uint32_t station = room.heap[i].second;
          room.x[i * lanes + l] = x_[station], room.y[i * lanes + l] = y_[station];
          if (isSphere) room.z[i * lanes + l] = z_[station];
          z[i * lanes + l] = values_[station] - (options_.isMeanKnown ? options_.mean : 0);
          for (std::size_t d = 0; d < p; d++) c[((1 + d) * k + i) * lanes + l] = trend_[station * p + d];
        }
      }
      std::fill(rows, rows + (triangle + k) * lanes, 0.0);
      for (std::size_t i = 0; i < k; i++) {
        double* row = rows + i * (i + 1) / 2 * lanes;
        for (std::size_t j = 0; j < i; j++)
          for (std::size_t l = 0; l < lanes; l++) {
            room.dx[j * lanes + l] = room.x[j * lanes + l] - room.x[i * lanes + l];
            room.dy[j * lanes + l] = room.y[j * lanes + l] - room.y[i * lanes + l];
          }
        if (isSphere)
          for (std::size_t e = 0; e < i * lanes; e++) room.dz[e] = room.z[e] - room.z[i * lanes + e % lanes];
        fillRow(row, i * lanes, false, 1);
        for (std::size_t l = 0; l < lanes; l++) row[i * lanes + l] = own;
      }
      for (std::size_t s = 0; s < shiftX_.size(); s++) {
        for (std::size_t j = 0; j < k; j++)
          for (std::size_t l = 0; l < lanes; l++) {
            room.dx[j * lanes + l] = cellX[l] + shiftX_[s] - room.x[j * lanes + l];
            room.dy[j * lanes + l] = cellY[l] + shiftY_[s] - room.y[j * lanes + l];
            room.dz[j * lanes + l] = cellZ[l] - room.z[j * lanes + l];
          }
        fillRow(c, k * lanes, isPoint, shiftWeight_[s]);
      }
      loops.factorLanes(rows, k, 2 + p, least);

      for (std::size_t l = 0; l < count; l++) {
        const auto at = [&](std::size_t row, std::size_t i) { return c[(row * k + i) * lanes + l]; };
        double value = options_.isMeanKnown ? options_.mean : 0, spread = ownCovariance_;
        for (std::size_t i = 0; i < k; i++) value += at(0, i) * at(1 + p, i), spread -= at(0, i) * at(0, i);
        room.cross.assign(p * p, 0.0);
        for (std::size_t a = 0; a < p; a++) {
          room.right[a] = 0;
          room.lack[a] = a == 0 ? 1 : places.trend[(first + l) * p + a];
          for (std::size_t i = 0; i < k; i++) room.right[a] += at(1 + a, i) * at(1 + p, i), room.lack[a] -= at(1 + a, i) * at(0, i);
          for (std::size_t b = 0; b < p; b++)
            for (std::size_t i = 0; i < k; i++) room.cross[a * p + b] += at(1 + a, i) * at(1 + b, i);
        }
        if (!invertSmall(room.cross, p)) value = NAN;
        for (std::size_t a = 0; a < p; a++)
          for (std::size_t b = 0; b < p; b++) {
            value += room.lack[a] * room.cross[a * p + b] * room.right[b];
            spread += room.lack[a] * room.cross[a * p + b] * room.lack[b];
          }
        prediction[first + l] = value;
        if (!variance.empty()) variance[first + l] = std::max(0.0, spread);
      }
    }
  });
}

}  // namespace loam

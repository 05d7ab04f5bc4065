#include "strip-factor.hpp"

#include <algorithm>
#include <cmath>

#include "kriging-loops.hpp"
#include "team.hpp"

namespace loam {
namespace {

static_assert(stripRows == 8, "strips have eight rows");
/** Columns that are factored together: a panel of them fits the first cache. */
constexpr std::size_t block = 128;
/** Strips that one thread brings up to date at once; a multiple of 3, as a panel is made of three. */
constexpr std::size_t takenStrips = 12;
/** Strips whose sums are held while panels are solved. */
constexpr std::size_t heldStrips = 8;
constexpr std::size_t tileSize = stripRows * panelCells;

}  // namespace

StripFactor::StripFactor(std::size_t order)
    : order_(order), rows_((order + stripRows - 1) / stripRows * stripRows), entries_(stripStart(rows_ / stripRows), 0.0) {
  for (std::size_t i = order_; i < rows_; i++) column(i / 8, i)[i % 8] = 1;
}

/** Cholesky of the square on the diagonal, and the inverse of that, [row × block]. */
std::size_t StripFactor::factorDiagonal(std::size_t first, std::size_t end, double atLeast, std::vector<double>& inverse) {
  const std::size_t width = end - first;
  std::vector<double> own(width * block, 0.0);
  const auto entry = [&](std::size_t i, std::size_t j) -> double& { return column((first + i) / 8, first + j)[i % 8]; };
  for (std::size_t i = 0; i < width; i++)
    for (std::size_t j = 0; j <= i; j++) own[i * block + j] = entry(i, j);
  for (std::size_t j = 0; j < width; j++) {
    double pivot = own[j * block + j];
    for (std::size_t m = 0; m < j; m++) pivot -= own[j * block + m] * own[j * block + m];
    if (!(pivot > atLeast) && first + j < order_) return first + j;
    own[j * block + j] = std::sqrt(pivot);
    for (std::size_t i = j + 1; i < width; i++) {
      double sum = own[i * block + j];
      for (std::size_t m = 0; m < j; m++) sum -= own[i * block + m] * own[j * block + m];
      own[i * block + j] = sum / own[j * block + j];
    }
  }
  inverse.assign(block * block, 0.0);
  for (std::size_t i = 0; i < width; i++) {
    // Row i of the inverse: (e_i − Σ L_im · row m) / L_ii.
    double* row = inverse.data() + i * block;
    row[i] = 1;
    for (std::size_t m = 0; m < i; m++)
      for (std::size_t c = 0; c <= m; c++) row[c] -= own[i * block + m] * inverse[m * block + c];
    for (std::size_t c = 0; c <= i; c++) row[c] /= own[i * block + i];
    for (std::size_t j = 0; j <= i; j++) entry(i, j) = j == i ? 1 / own[i * block + i] : own[i * block + j];
  }
  return order_;
}

std::size_t StripFactor::factor(double atLeast, const Work& work) {
  const KrigingLoops& loops = krigingLoopsForThisMachine();
  Team team(work.threads);
  const std::size_t strips = rows_ / stripRows;
  std::vector<double> inverse, inversePanels(block * (block + panelCells) + 8), panelRoom;
  for (std::size_t first = 0; first < rows_; first += block) {
    work.throwIfStopped();
    const std::size_t end = std::min(rows_, first + block), width = end - first;
    const std::size_t failed = factorDiagonal(first, end, atLeast, inverse);
    if (failed < order_) return failed;
    if (end == rows_) break;
    // Below: rows · X ᵀ with X the inverse of the square, then what they take from the rest.
    double* right = alignedTo64(inversePanels.data());
    const std::size_t inverseGroups = (width + panelCells - 1) / panelCells;
    for (std::size_t g = 0; g < inverseGroups; g++)
      for (std::size_t m = 0; m < width; m++)
        for (std::size_t c = 0; c < panelCells; c++) {
          const std::size_t row = g * panelCells + c;
          right[(g * block + m) * panelCells + c] = row < width ? inverse[row * block + m] : 0;
        }
    const std::size_t top = end / stripRows, tasks = (strips - top + takenStrips - 1) / takenStrips;
    const std::size_t groups = (rows_ - end + panelCells - 1) / panelCells;
    panelRoom.resize(groups * block * panelCells + 8);
    double* panels = alignedTo64(panelRoom.data());
    team.each(tasks, [&](std::size_t task, unsigned) {
      const std::size_t from = top + task * takenStrips, to = std::min(strips, from + takenStrips);
      alignas(64) double tiles[(block + panelCells) / panelCells][tileSize];
      for (std::size_t s = from; s < to; s++) {
        std::fill(&tiles[0][0], &tiles[0][0] + inverseGroups * tileSize, 0.0);
        double* own = column(s, first);
        for (std::size_t g = 0; g < inverseGroups; g++)
          loops.multiplyStrip(own, std::min(width, (g + 1) * panelCells), right + g * block * panelCells, tiles[g]);
        for (std::size_t j = 0; j < width; j++)
          for (std::size_t r = 0; r < stripRows; r++) own[j * stripRows + r] = tiles[j / panelCells][r * panelCells + j % panelCells];
      }
      // The same rows as panels of 24, which are three strips.
      for (std::size_t s = from; s < from + takenStrips; s++) {
        const std::size_t at = s - top;
        double* panel = panels + at / 3 * block * panelCells + at % 3 * stripRows;
        if (at / 3 >= groups) break;
        for (std::size_t m = 0; m < width; m++)
          for (std::size_t r = 0; r < stripRows; r++) panel[m * panelCells + r] = s < to ? column(s, first + m)[r] : 0;
      }
    });
    team.each(tasks, [&](std::size_t task, unsigned) {
      const std::size_t from = top + task * takenStrips, to = std::min(strips, from + takenStrips);
      alignas(64) double tile[tileSize];
      for (std::size_t g = 0; g < groups && end + g * panelCells < to * stripRows; g++) {
        const std::size_t left = end + g * panelCells;
        for (std::size_t s = std::max(from, left / stripRows); s < to; s++) {
          std::fill(tile, tile + tileSize, 0.0);
          loops.multiplyStrip(column(s, first), width, panels + g * block * panelCells, tile);
          const std::size_t count = std::min(panelCells, (s + 1) * stripRows - left);
          for (std::size_t c = 0; c < count; c++) {
            double* own = column(s, left + c);
            for (std::size_t r = 0; r < stripRows; r++) own[r] -= tile[r * panelCells + c];
          }
        }
      }
    });
  }
  return order_;
}

void StripFactor::solveLower(double* b) const {
  for (std::size_t s = 0; s < rows_ / stripRows; s++) {
    double sums[stripRows] = {};
    const double* own = column(s, 0);
    for (std::size_t j = 0; j < s * stripRows; j++)
      for (std::size_t r = 0; r < stripRows; r++) sums[r] += own[j * stripRows + r] * b[j];
    double* part = b + s * stripRows;
    const double* square = own + s * stripRows * stripRows;
    for (std::size_t r = 0; r < stripRows; r++) {
      double sum = part[r] - sums[r];
      for (std::size_t c = 0; c < r; c++) sum -= square[c * stripRows + r] * part[c];
      part[r] = sum * square[r * stripRows + r];
    }
  }
}

void StripFactor::solveUpper(double* y) const {
  for (std::size_t s = rows_ / stripRows; s-- > 0;) {
    const double* own = column(s, 0);
    const double* square = own + s * stripRows * stripRows;
    double* part = y + s * stripRows;
    for (std::size_t c = stripRows; c-- > 0;) {
      double sum = part[c];
      for (std::size_t r = c + 1; r < stripRows; r++) sum -= square[c * stripRows + r] * part[r];
      part[c] = sum * square[c * stripRows + c];
    }
    for (std::size_t j = 0; j < s * stripRows; j++) {
      double sum = 0;
      for (std::size_t r = 0; r < stripRows; r++) sum += own[j * stripRows + r] * part[r];
      y[j] -= sum;
    }
  }
}

void StripFactor::solvePanels(double* panels, std::size_t count, std::size_t first) const {
  const KrigingLoops& loops = krigingLoopsForThisMachine();
  const std::size_t size = rows_ * panelCells, strips = rows_ / stripRows;
  constexpr std::size_t mostPanels = 4;
  alignas(64) double tiles[mostPanels][heldStrips][tileSize];
  for (std::size_t start = 0; start < count; start += mostPanels) {
    const std::size_t own = std::min(mostPanels, count - start);
    double* panel = panels + start * size;
    for (std::size_t from = first / stripRows; from < strips; from += heldStrips) {
      const std::size_t to = std::min(strips, from + heldStrips), top = from * stripRows;
      std::fill(&tiles[0][0][0], &tiles[0][0][0] + own * heldStrips * tileSize, 0.0);
      for (std::size_t j = first; j < top; j += block)
        for (std::size_t q = 0; q < own; q++)
          for (std::size_t s = from; s < to; s++)
            loops.multiplyStrip(column(s, j), std::min(block, top - j), panel + q * size + j * panelCells, tiles[q][s - from]);
      for (std::size_t q = 0; q < own; q++)
        for (std::size_t s = from; s < to; s++) {
          loops.multiplyStrip(column(s, top), s * stripRows - top, panel + q * size + top * panelCells, tiles[q][s - from]);
          loops.solveStrip(column(s, s * stripRows), tiles[q][s - from], panel + q * size + s * stripRows * panelCells);
        }
    }
  }
}

}  // namespace loam

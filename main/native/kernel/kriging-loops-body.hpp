// Included by kriging-loops.cpp once per instruction set, with KRIGING_LANES doubles to a register, KRIGING_ROWS rows of sums kept
// in registers (times three registers), and KRIGING_ROOT where there is a quick square root.

#include "covariance-loops-body.hpp"

/** A product that is rounded before it is added. */
inline Lane roundedSquare(Lane number) {
  Lane square = number * number;
#ifdef KRIGING_ROUNDED
  KRIGING_ROUNDED(square);
#endif
  return square;
}

void measure(const NearestColumns& columns, std::size_t n, double x, double y, double z) {
  const LaneIn *ownX = reinterpret_cast<const LaneIn*>(columns.x), *ownY = reinterpret_cast<const LaneIn*>(columns.y),
               *ownZ = reinterpret_cast<const LaneIn*>(columns.z);
  LaneIn* squares = reinterpret_cast<LaneIn*>(columns.squares);
  for (std::size_t i = 0; i < n / KRIGING_LANES; i++)
    squares[i] = roundedSquare(ownX[i] - x) + roundedSquare(ownY[i] - y) + roundedSquare(ownZ[i] - z);
}

void boundsOfSet(const NearestColumns& columns, std::size_t n, double& farthest, double& nearest) {
  const LaneIn *squares = reinterpret_cast<const LaneIn*>(columns.squares), *out = reinterpret_cast<const LaneIn*>(columns.hideOutside),
               *in = reinterpret_cast<const LaneIn*>(columns.hideInside);
  Lane most = Lane{} - INFINITY, fewest = Lane{} + INFINITY;
  for (std::size_t i = 0; i < n / KRIGING_LANES; i++) {
    const Lane inside = squares[i] + out[i], outside = squares[i] + in[i];
    most = inside > most ? inside : most;
    fewest = outside < fewest ? outside : fewest;
  }
  double a[KRIGING_LANES], b[KRIGING_LANES];
  std::memcpy(a, &most, sizeof a);
  std::memcpy(b, &fewest, sizeof b);
  farthest = a[0], nearest = b[0];
  for (std::size_t i = 1; i < KRIGING_LANES; i++) {
    farthest = a[i] > farthest ? a[i] : farthest;
    nearest = b[i] < nearest ? b[i] : nearest;
  }
}

void multiplyStrip(const double* strip, std::size_t n, const double* panel, double* tile) {
  constexpr std::size_t registers = panelCells / KRIGING_LANES;
  Lane* result = reinterpret_cast<Lane*>(tile);
  for (std::size_t group = 0; group < registers; group += 3)
    for (std::size_t top = 0; top < stripRows; top += KRIGING_ROWS) {
      Lane sums[KRIGING_ROWS][3] = {};
      const Lane* c = reinterpret_cast<const Lane*>(panel) + group;
      for (std::size_t j = 0; j < n; j++, c += registers) {
        const Lane c0 = c[0], c1 = c[1], c2 = c[2];
        const double* factor = strip + j * stripRows + top;
#if defined(__GNUC__)
#pragma GCC unroll 8
#endif
        for (std::size_t r = 0; r < KRIGING_ROWS; r++) {
          sums[r][0] += factor[r] * c0;
          sums[r][1] += factor[r] * c1;
          sums[r][2] += factor[r] * c2;
        }
      }
#if defined(__GNUC__)
#pragma GCC unroll 8
#endif
      for (std::size_t r = 0; r < KRIGING_ROWS; r++)
        for (std::size_t v = 0; v < 3; v++) result[(top + r) * registers + group + v] += sums[r][v];
    }
}

void solveStrip(const double* square, const double* tile, double* panel) {
  constexpr std::size_t registers = panelCells / KRIGING_LANES;
  const Lane* sums = reinterpret_cast<const Lane*>(tile);
  Lane* own = reinterpret_cast<Lane*>(panel);
  for (std::size_t r = 0; r < stripRows; r++)
    for (std::size_t v = 0; v < registers; v++) {
      Lane value = own[r * registers + v] - sums[r * registers + v];
      for (std::size_t c = 0; c < r; c++) value -= square[c * stripRows + r] * own[c * registers + v];
      own[r * registers + v] = value * square[r * stripRows + r];
    }
}

void dotPanel(const double* row, std::size_t n, const double* panel, double* sums) {
  constexpr std::size_t registers = panelCells / KRIGING_LANES;
  Lane own[registers];
  std::memcpy(own, sums, sizeof own);
  const Lane* c = reinterpret_cast<const Lane*>(panel);
  for (std::size_t j = 0; j < n; j++, c += registers)
    for (std::size_t v = 0; v < registers; v++) own[v] += row[j] * c[v];
  std::memcpy(sums, own, sizeof own);
}

void squarePanel(std::size_t n, const double* panel, double* sums) {
  constexpr std::size_t registers = panelCells / KRIGING_LANES;
  Lane own[registers];
  std::memcpy(own, sums, sizeof own);
  const Lane* c = reinterpret_cast<const Lane*>(panel);
  for (std::size_t j = 0; j < n; j++, c += registers)
    for (std::size_t v = 0; v < registers; v++) own[v] += c[v] * c[v];
  std::memcpy(sums, own, sizeof own);
}

/** Registers of eight lanes. */
constexpr std::size_t perRow = lanes / KRIGING_LANES;

/** Rows a and b of a triangle times rows p and q, entry by entry: four sums side by side, so that none waits for itself. */
struct FourSums {
  Lane ap[perRow] = {}, aq[perRow] = {}, bp[perRow] = {}, bq[perRow] = {};

  void add(const Lane* a, const Lane* b, const Lane* p, const Lane* q, std::size_t n) {
    for (std::size_t m = 0; m < n; m++)
      for (std::size_t v = 0; v < perRow; v++) {
        const std::size_t at = m * perRow + v;
        const Lane av = a[at], bv = b[at], pv = p[at], qv = q[at];
        ap[v] += av * pv, aq[v] += av * qv, bp[v] += bv * pv, bq[v] += bv * qv;
      }
  }
};

inline std::size_t rowStart(std::size_t i) { return i * (i + 1) / 2; }

/** Entries [from, to) of rows a and b (one row twice if there is no second), solved against the triangle's rows. */
inline void solveTwo(const Lane* triangle, Lane* a, Lane* b, std::size_t to) {
  std::size_t j = 0;
  for (; j + 2 <= to; j += 2) {
    const Lane* p = triangle + rowStart(j) * perRow;
    const Lane* q = triangle + rowStart(j + 1) * perRow;
    FourSums sums;
    sums.add(a, b, p, q, j);
    for (std::size_t v = 0; v < perRow; v++) {
      const Lane pivotP = p[j * perRow + v], cross = q[j * perRow + v], pivotQ = q[(j + 1) * perRow + v];
      const Lane ap = (a[j * perRow + v] - sums.ap[v]) * pivotP, bp = (b[j * perRow + v] - sums.bp[v]) * pivotP;
      const Lane aq = (a[(j + 1) * perRow + v] - sums.aq[v] - ap * cross) * pivotQ;
      const Lane bq = (b[(j + 1) * perRow + v] - sums.bq[v] - bp * cross) * pivotQ;
      a[j * perRow + v] = ap, a[(j + 1) * perRow + v] = aq;
      b[j * perRow + v] = bp, b[(j + 1) * perRow + v] = bq;
    }
  }
  if (j == to) return;
  const Lane* p = triangle + rowStart(j) * perRow;
  FourSums sums;
  sums.add(a, b, p, p, j);
  for (std::size_t v = 0; v < perRow; v++) {
    const Lane ap = (a[j * perRow + v] - sums.ap[v]) * p[j * perRow + v], bp = (b[j * perRow + v] - sums.bp[v]) * p[j * perRow + v];
    a[j * perRow + v] = ap, b[j * perRow + v] = bp;
  }
}

inline Lane inversePivot(Lane pivot, double atLeast) {
  return eachOf(pivot, [atLeast](double own) { return own > atLeast ? 1 / std::sqrt(own) : NAN; });
}

void factorLanes(double* rows, std::size_t order, std::size_t extra, double atLeast) {
  Lane* triangle = reinterpret_cast<Lane*>(rows);
  for (std::size_t i = 0; i < order; i += 2) {
    Lane* a = triangle + rowStart(i) * perRow;
    Lane* b = i + 1 < order ? triangle + rowStart(i + 1) * perRow : a;
    solveTwo(triangle, a, b, i);
    FourSums sums;
    sums.add(a, b, a, b, i);
    for (std::size_t v = 0; v < perRow; v++) {
      const Lane first = inversePivot(a[i * perRow + v] - sums.ap[v], atLeast);
      a[i * perRow + v] = first;
      if (b == a) continue;
      const Lane cross = (b[i * perRow + v] - sums.bp[v]) * first;
      b[i * perRow + v] = cross;
      b[(i + 1) * perRow + v] = inversePivot(b[(i + 1) * perRow + v] - sums.bq[v] - cross * cross, atLeast);
    }
  }
  Lane* below = triangle + rowStart(order) * perRow;
  for (std::size_t e = 0; e < extra; e += 2) {
    Lane* a = below + e * order * perRow;
    solveTwo(triangle, a, e + 1 < extra ? a + order * perRow : a, order);
  }
}

void solveLanes(const double* rows, std::size_t order, double* row) {
  const Lane* triangle = reinterpret_cast<const Lane*>(rows);
  Lane* own = reinterpret_cast<Lane*>(row);
  // Two rows of the triangle at once, even and odd entries apart: four sums again.
  std::size_t i = 0;
  for (; i + 2 <= order; i += 2) {
    const Lane* p = triangle + rowStart(i) * perRow;
    const Lane* q = triangle + rowStart(i + 1) * perRow;
    Lane even[2][perRow] = {}, odd[2][perRow] = {};
    for (std::size_t m = 0; m < i; m += 2)
      for (std::size_t v = 0; v < perRow; v++) {
        const std::size_t at = m * perRow + v, next = at + perRow;
        even[0][v] += p[at] * own[at], odd[0][v] += p[next] * own[next];
        even[1][v] += q[at] * own[at], odd[1][v] += q[next] * own[next];
      }
    for (std::size_t v = 0; v < perRow; v++) {
      const std::size_t at = i * perRow + v, next = at + perRow;
      const Lane first = (own[at] - (even[0][v] + odd[0][v])) * p[at];
      own[at] = first;
      own[next] = (own[next] - (even[1][v] + odd[1][v]) - q[at] * first) * q[next];
    }
  }
  if (i == order) return;
  const Lane* p = triangle + rowStart(i) * perRow;
  for (std::size_t v = 0; v < perRow; v++) {
    Lane sum = {};
    for (std::size_t m = 0; m < i; m++) sum += p[m * perRow + v] * own[m * perRow + v];
    own[i * perRow + v] = (own[i * perRow + v] - sum) * p[i * perRow + v];
  }
}

void dotLanes(const double* a, const double* b, std::size_t n, double* sums) {
  const Lane* left = reinterpret_cast<const Lane*>(a);
  const Lane* right = reinterpret_cast<const Lane*>(b);
  Lane own[2][perRow] = {};
  for (std::size_t i = 0; i < n; i++)
    for (std::size_t v = 0; v < perRow; v++) own[i % 2][v] += left[i * perRow + v] * right[i * perRow + v];
  for (std::size_t v = 0; v < perRow; v++) own[0][v] += own[1][v];
  std::memcpy(sums, own[0], sizeof own[0]);
}

constexpr KrigingLoops loops = {addCovariances, coverPanel, coverLanes, measure, boundsOfSet, multiplyStrip, solveStrip, dotPanel, squarePanel,
                               factorLanes,    solveLanes, dotLanes};

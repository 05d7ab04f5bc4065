// Included by kriging-loops.cpp once per instruction set, with KRIGING_LANES doubles to a register and KRIGING_ROWS rows of
// sums kept in registers (times three registers).

#if defined(__GNUC__)
typedef double Lane __attribute__((vector_size(8 * KRIGING_LANES)));
#endif

/** e^x for x <= 0 to 1e-16 relative, in operations that a compiler turns into vector code: x = k ln 2 + r, Taylor up to r^13. */
inline double expOfNegative(double x) {
  x = x < -700 ? -700 : x;
  constexpr double shift = 6755399441055744.0;  // 1.5 · 2^52: its sum with k holds k in the low bits.
  const double shifted = x * 1.4426950408889634 + shift;
  const double k = shifted - shift;
  const double r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
  double sum = 1.0 / 6227020800.0;
  sum = sum * r + 1.0 / 479001600.0;
  sum = sum * r + 1.0 / 39916800.0;
  sum = sum * r + 1.0 / 3628800.0;
  sum = sum * r + 1.0 / 362880.0;
  sum = sum * r + 1.0 / 40320.0;
  sum = sum * r + 1.0 / 5040.0;
  sum = sum * r + 1.0 / 720.0;
  sum = sum * r + 1.0 / 120.0;
  sum = sum * r + 1.0 / 24.0;
  sum = sum * r + 1.0 / 6.0;
  sum = sum * r + 0.5;
  sum = sum * r + 1.0;
  sum = sum * r + 1.0;
  std::uint64_t bits;
  std::memcpy(&bits, &shifted, 8);
  bits = (bits + 1023) << 52;
  double power;
  std::memcpy(&power, &bits, 8);
  return sum * power;
}

void addPart(const CovariancePart& part, const double* h, std::size_t n, double weight, double* out) {
  const double sill = part.partialSill * weight;
  const double inverse = part.range > 0 ? 1 / part.range : 0;
  switch (part.shape) {
    case VariogramShape::spherical:
      for (std::size_t i = 0; i < n; i++) {
        const double t = h[i] * inverse < 1 ? h[i] * inverse : 1;
        out[i] -= sill * (t * (1.5 - 0.5 * t * t));
      }
      return;
    case VariogramShape::exponential:
      for (std::size_t i = 0; i < n; i++) out[i] -= sill * (1 - expOfNegative(-h[i] * inverse));
      return;
    case VariogramShape::gaussian:
      for (std::size_t i = 0; i < n; i++) out[i] -= sill * (1 - expOfNegative(-(h[i] * inverse) * (h[i] * inverse)));
      return;
    case VariogramShape::linear:
      for (std::size_t i = 0; i < n; i++) {
        const double bounded = h[i] * inverse < 1 ? h[i] * inverse : 1;
        out[i] -= sill * (part.range > 0 ? bounded : h[i]);
      }
      return;
    case VariogramShape::matern:
      if (part.smoothness == 0.5)
        for (std::size_t i = 0; i < n; i++) out[i] -= sill * (1 - expOfNegative(-h[i] * inverse));
      else if (part.smoothness == 1.5)
        for (std::size_t i = 0; i < n; i++) {
          const double t = h[i] * inverse;
          out[i] -= sill * (1 - (1 + t) * expOfNegative(-t));
        }
      else if (part.smoothness == 2.5)
        for (std::size_t i = 0; i < n; i++) {
          const double t = h[i] * inverse;
          out[i] -= sill * (1 - (1 + t + t * t / 3) * expOfNegative(-t));
        }
      else
        for (std::size_t i = 0; i < n; i++)
          out[i] -= sill * (1 - maternCorrelation(h[i] * inverse, part.smoothness, part.maternLog));
      return;
    case VariogramShape::nugget:
      return;
  }
}

void addCovariances(const CovarianceModel& model, const double* dx, const double* dy, const double* dz, std::size_t n,
                    bool withNugget, double weight, double* out) {
  double plain[512];
  double stretched[512];
  if (dz == nullptr) {
    for (std::size_t i = 0; i < n; i++) plain[i] = std::sqrt(dx[i] * dx[i] + dy[i] * dy[i]);
  } else {
    const double diameter = 2 * model.sphereRadius;
    for (std::size_t i = 0; i < n; i++) {
      const double chord = std::sqrt(dx[i] * dx[i] + dy[i] * dy[i] + dz[i] * dz[i]) / diameter;
      plain[i] = diameter * std::asin(chord < 1 ? chord : 1);
    }
  }
  const double level = model.level * weight;
  for (std::size_t i = 0; i < n; i++) out[i] += level;
  if (withNugget && model.nugget > 0) {
    const double nugget = model.nugget * weight;
    for (std::size_t i = 0; i < n; i++) out[i] += plain[i] == 0 ? nugget : 0;
  }
  for (const CovariancePart& part : model.parts) {
    if (part.isStretched)
      for (std::size_t i = 0; i < n; i++) {
        const double along = part.ax * dx[i] + part.ay * dy[i], across = part.bx * dx[i] + part.by * dy[i];
        stretched[i] = std::sqrt(along * along + across * across);
      }
    addPart(part, part.isStretched ? stretched : plain, n, weight, out);
  }
}

void sumSquares(const double* strips, std::size_t n, const double* panel, double* sums) {
  for (std::size_t cell = 0; cell < panelCells; cell++) sums[cell] = 0;
  const double* strip = strips;
  for (std::size_t first = 0; first < n; first += stripRows) {
    const std::size_t columns = first + stripRows < n ? first + stripRows : n;
#if defined(__GNUC__)
    for (std::size_t group = 0; group < panelCells; group += 3 * KRIGING_LANES)
      for (std::size_t top = 0; top < stripRows; top += KRIGING_ROWS) {
        Lane acc[KRIGING_ROWS][3] = {};
        for (std::size_t j = 0; j < columns; j++) {
          const Lane* c = reinterpret_cast<const Lane*>(panel + j * panelCells + group);
          const Lane c0 = c[0], c1 = c[1], c2 = c[2];
          const double* factor = strip + j * stripRows + top;
#pragma GCC unroll 8
          for (std::size_t r = 0; r < KRIGING_ROWS; r++) {
            acc[r][0] += factor[r] * c0;
            acc[r][1] += factor[r] * c1;
            acc[r][2] += factor[r] * c2;
          }
        }
        Lane* total = reinterpret_cast<Lane*>(sums + group);
#pragma GCC unroll 8
        for (std::size_t r = 0; r < KRIGING_ROWS; r++)
          for (std::size_t v = 0; v < 3; v++) total[v] += acc[r][v] * acc[r][v];
      }
#else
    for (std::size_t r = 0; r < stripRows; r++) {
      double acc[panelCells] = {};
      for (std::size_t j = 0; j < columns; j++)
        for (std::size_t cell = 0; cell < panelCells; cell++) acc[cell] += strip[j * stripRows + r] * panel[j * panelCells + cell];
      for (std::size_t cell = 0; cell < panelCells; cell++) sums[cell] += acc[cell] * acc[cell];
    }
#endif
    strip += columns * stripRows;
  }
}

void dotPanel(const double* row, std::size_t n, const double* panel, double* sums) {
#if defined(__GNUC__)
  Lane acc[panelCells / KRIGING_LANES] = {};
  for (std::size_t j = 0; j < n; j++) {
    const Lane* c = reinterpret_cast<const Lane*>(panel + j * panelCells);
#pragma GCC unroll 12
    for (std::size_t v = 0; v < panelCells / KRIGING_LANES; v++) acc[v] += row[j] * c[v];
  }
  std::memcpy(sums, acc, sizeof acc);
#else
  for (std::size_t cell = 0; cell < panelCells; cell++) sums[cell] = 0;
  for (std::size_t j = 0; j < n; j++)
    for (std::size_t cell = 0; cell < panelCells; cell++) sums[cell] += row[j] * panel[j * panelCells + cell];
#endif
}

/** acc[lane] -= Σ a[m][lane] · b[m][lane], the sums kept in registers. */
inline void subtractProducts(const double* a, const double* b, std::size_t n, double* acc) {
#if defined(__GNUC__)
  constexpr std::size_t registers = lanes / KRIGING_LANES;
  // A sum waits for the one before it; several side by side do not.
  constexpr std::size_t chains = registers < 4 ? 4 / registers : 1;
  Lane sums[chains][registers] = {};
  const Lane* left = reinterpret_cast<const Lane*>(a);
  const Lane* right = reinterpret_cast<const Lane*>(b);
  std::size_t m = 0;
  for (; m + chains <= n; m += chains)
#pragma GCC unroll 4
    for (std::size_t c = 0; c < chains; c++)
#pragma GCC unroll 4
      for (std::size_t v = 0; v < registers; v++) sums[c][v] += left[(m + c) * registers + v] * right[(m + c) * registers + v];
  for (; m < n; m++)
    for (std::size_t v = 0; v < registers; v++) sums[0][v] += left[m * registers + v] * right[m * registers + v];
  Lane* result = reinterpret_cast<Lane*>(acc);
  for (std::size_t v = 0; v < registers; v++)
    for (std::size_t c = 0; c < chains; c++) result[v] -= sums[c][v];
#else
  for (std::size_t m = 0; m < n; m++)
    for (std::size_t l = 0; l < lanes; l++) acc[l] -= a[m * lanes + l] * b[m * lanes + l];
#endif
}

void factorLanes(double* rows, std::size_t order, std::size_t extra, double least) {
  for (std::size_t i = 0; i < order + extra; i++) {
    // A row of the triangle has i + 1 entries, a row below it `order`.
    const std::size_t start = i < order ? i * (i + 1) / 2 : order * (order + 1) / 2 + (i - order) * order;
    double* own = rows + start * lanes;
    for (std::size_t j = 0; j < (i < order ? i : order); j++) {
      const double* other = rows + j * (j + 1) / 2 * lanes;
      subtractProducts(own, other, j, own + j * lanes);
      // Diagonals hold the inverse of the pivot.
      for (std::size_t l = 0; l < lanes; l++) own[j * lanes + l] *= other[j * lanes + l];
    }
    if (i >= order) continue;
    double* pivot = own + i * lanes;
    subtractProducts(own, own, i, pivot);
    for (std::size_t l = 0; l < lanes; l++) pivot[l] = pivot[l] > least ? 1 / std::sqrt(pivot[l]) : NAN;
  }
}

void addPanel(const CovarianceModel& model, const PanelPlaces& cells, const PanelPlaces& stations, std::size_t n, bool withNugget,
              double weight, double* panel) {
  constexpr std::size_t together = 480 / panelCells;
  double dx[together * panelCells], dy[together * panelCells], dz[together * panelCells];
  for (std::size_t j = 0; j < n; j += together) {
    const std::size_t count = n - j < together ? n - j : together;
    for (std::size_t k = 0; k < count; k++)
      for (std::size_t cell = 0; cell < panelCells; cell++) {
        dx[k * panelCells + cell] = cells.x[cell] - stations.x[j + k];
        dy[k * panelCells + cell] = cells.y[cell] - stations.y[j + k];
      }
    if (stations.z != nullptr)
      for (std::size_t k = 0; k < count; k++)
        for (std::size_t cell = 0; cell < panelCells; cell++) dz[k * panelCells + cell] = cells.z[cell] - stations.z[j + k];
    addCovariances(model, dx, dy, stations.z != nullptr ? dz : nullptr, count * panelCells, withNugget, weight, panel + j * panelCells);
  }
}

constexpr KrigingLoops loops = {addCovariances, addPanel, sumSquares, dotPanel, factorLanes};

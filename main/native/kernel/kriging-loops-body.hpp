// Included by kriging-loops.cpp once per instruction set, with KRIGING_LANES doubles to a register, KRIGING_ROWS rows of sums kept
// in registers (times three registers), and KRIGING_ROOT where there is a quick square root.

#if KRIGING_LANES > 1
typedef double Lane __attribute__((vector_size(8 * KRIGING_LANES)));
typedef std::uint64_t Bits __attribute__((vector_size(8 * KRIGING_LANES)));
/** In an array, wherever it starts. */
typedef double LaneIn __attribute__((vector_size(8 * KRIGING_LANES), aligned(8), may_alias));
#else
typedef double Lane;
typedef std::uint64_t Bits;
typedef double LaneIn;
#endif

/** fn of each number of a register. */
template <class Fn>
inline Lane eachOf(Lane numbers, const Fn& fn) {
  double own[KRIGING_LANES];
  std::memcpy(own, &numbers, sizeof own);
  for (std::size_t i = 0; i < KRIGING_LANES; i++) own[i] = fn(own[i]);
  std::memcpy(&numbers, own, sizeof own);
  return numbers;
}

inline Lane rootOf(Lane squares) {
#ifdef KRIGING_ROOT
  return (Lane)KRIGING_ROOT(squares);
#else
  return eachOf(squares, [](double square) { return std::sqrt(square); });
#endif
}

inline Lane least(Lane a, Lane b) {
#ifdef KRIGING_LEAST
  return (Lane)KRIGING_LEAST(a, b);
#else
  return a < b ? a : b;
#endif
}

/** e^x for x <= 0 to 1e-16 relative: x = k ln 2 + r, Taylor up to r^13. */
#if defined(__GNUC__)
__attribute__((always_inline))
#endif
inline Lane expOfNegative(Lane x) {
  x = x < Lane{} - 700 ? Lane{} - 700 : x;
  constexpr double shift = 6755399441055744.0;  // 1.5 · 2^52: its sum with k holds k in the low bits.
  const Lane shifted = x * 1.4426950408889634 + shift;
  const Lane k = shifted - shift;
  const Lane r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
  Lane sum = Lane{} + 1.0 / 6227020800.0;
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
  Bits bits;
  std::memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 1023) << 52;
  Lane power;
  std::memcpy(&power, &bits, sizeof power);
  return sum * power;
}

/** A part's numbers, its weight in them. */
struct Numbers {
  double level, sill, inverse;
  const MaternTable* matern;
};

// Covariances at distance h, added to a base. Those that are the level less a rise find the level in the base.
struct Spherical {
  static constexpr bool fromLevel = true;
  static Lane covariance(Lane h, const Numbers& own, Lane base) {
    const Lane t = least(h * own.inverse, Lane{} + 1);
    return base - own.sill * (t * (1.5 - 0.5 * (t * t)));  // exactly nothing beyond the range
  }
};
struct Exponential {
  static constexpr bool fromLevel = false;
  static Lane covariance(Lane h, const Numbers& own, Lane base) { return base + own.sill * expOfNegative(h * -own.inverse); }
};
struct Gaussian {
  static constexpr bool fromLevel = false;
  static Lane covariance(Lane h, const Numbers& own, Lane base) {
    const Lane t = h * own.inverse;
    return base + own.sill * expOfNegative(-t * t);
  }
};
struct Matern15 {
  static constexpr bool fromLevel = false;
  static Lane covariance(Lane h, const Numbers& own, Lane base) {
    const Lane t = h * own.inverse;
    return base + own.sill * ((1 + t) * expOfNegative(-t));
  }
};
struct Matern25 {
  static constexpr bool fromLevel = false;
  static Lane covariance(Lane h, const Numbers& own, Lane base) {
    const Lane t = h * own.inverse;
    return base + own.sill * ((1 + t + t * t * (1.0 / 3)) * expOfNegative(-t));
  }
};
struct MaternAny {
  static constexpr bool fromLevel = false;
  static Lane covariance(Lane h, const Numbers& own, Lane base) {
    return base + own.sill * eachOf(h * own.inverse, [&](double t) { return own.matern->at(t); });
  }
};
struct Linear {
  static constexpr bool fromLevel = true;
  static Lane covariance(Lane h, const Numbers& own, Lane base) { return base - own.sill * least(h * own.inverse, Lane{} + 1); }
};
struct Unbounded {
  static constexpr bool fromLevel = true;
  static Lane covariance(Lane h, const Numbers& own, Lane base) { return base - own.sill * h; }
};
/** A model of a nugget only. */
struct Nothing {
  static constexpr bool fromLevel = false;
  static Lane covariance(Lane, const Numbers&, Lane base) { return base; }
};

/** 24 cells with each station in turn. */
struct PanelPairs {
  static constexpr std::size_t registers = panelCells / KRIGING_LANES;
  Lane cellX[registers], cellY[registers], cellZ[registers];
  const PanelPlaces& stations;

  PanelPairs(const PanelPlaces& cells, const PanelPlaces& own) : stations(own) {
    std::memcpy(cellX, cells.x, sizeof cellX);
    std::memcpy(cellY, cells.y, sizeof cellY);
    if (cells.z != nullptr) std::memcpy(cellZ, cells.z, sizeof cellZ);
  }
  Lane dx(std::size_t j, std::size_t v) const { return cellX[v] - stations.x[j]; }
  Lane dy(std::size_t j, std::size_t v) const { return cellY[v] - stations.y[j]; }
  Lane dz(std::size_t j, std::size_t v) const { return cellZ[v] - stations.z[j]; }
};

/** Eight cells with stations of their own. */
struct LanePairs {
  static constexpr std::size_t registers = lanes / KRIGING_LANES;
  Lane cellX[registers], cellY[registers], cellZ[registers];
  const PanelPlaces& stations;

  LanePairs(const PanelPlaces& cells, const PanelPlaces& own) : stations(own) {
    std::memcpy(cellX, cells.x, sizeof cellX);
    std::memcpy(cellY, cells.y, sizeof cellY);
    if (cells.z != nullptr) std::memcpy(cellZ, cells.z, sizeof cellZ);
  }
  static Lane at(const double* column, std::size_t j, std::size_t v) {
    return reinterpret_cast<const Lane*>(column)[j * registers + v];
  }
  Lane dx(std::size_t j, std::size_t v) const { return cellX[v] - at(stations.x, j, v); }
  Lane dy(std::size_t j, std::size_t v) const { return cellY[v] - at(stations.y, j, v); }
  Lane dz(std::size_t j, std::size_t v) const { return cellZ[v] - at(stations.z, j, v); }
};

/** Separations one by one. */
struct SeparationPairs {
  static constexpr std::size_t registers = 1;
  PanelPlaces apart;

  static Lane at(const double* column, std::size_t j) { return reinterpret_cast<const LaneIn*>(column)[j]; }
  Lane dx(std::size_t j, std::size_t) const { return at(apart.x, j); }
  Lane dy(std::size_t j, std::size_t) const { return at(apart.y, j); }
  Lane dz(std::size_t j, std::size_t) const { return at(apart.z, j); }
};

struct InPlane {
  template <class Pairs>
  static Lane distance(const Pairs& pairs, std::size_t j, std::size_t v, const CovariancePart*, double, Lane& squares) {
    const Lane dx = pairs.dx(j, v), dy = pairs.dy(j, v);
    squares = dx * dx + dy * dy;
    return rootOf(squares);
  }
};
struct Stretched {
  template <class Pairs>
  static Lane distance(const Pairs& pairs, std::size_t j, std::size_t v, const CovariancePart* part, double, Lane& squares) {
    const Lane dx = pairs.dx(j, v), dy = pairs.dy(j, v);
    const Lane along = part->ax * dx + part->ay * dy, across = part->bx * dx + part->by * dy;
    squares = along * along + across * across;
    return rootOf(squares);
  }
};
struct OnSphere {
  template <class Pairs>
  static Lane distance(const Pairs& pairs, std::size_t j, std::size_t v, const CovariancePart*, double diameter, Lane& squares) {
    const Lane dx = pairs.dx(j, v), dy = pairs.dy(j, v), dz = pairs.dz(j, v);
    squares = dx * dx + dy * dy + dz * dz;
    return eachOf(squares, [diameter](double square) {
      const double chord = std::sqrt(square) / diameter;
      return diameter * std::asin(chord < 1 ? chord : 1);
    });
  }
};

template <class Kind, class Geometry, class Pairs>
void coverPart(const Pairs& pairs, std::size_t n, const CovariancePart* part, const Numbers& own, double nugget, double diameter,
               bool isFirst, double* out) {
  LaneIn* result = reinterpret_cast<LaneIn*>(out);
  const double level = Kind::fromLevel ? own.level : 0;
  for (std::size_t j = 0; j < n; j++)
    for (std::size_t v = 0; v < Pairs::registers; v++, result++) {
      Lane squares;
      const Lane h = Geometry::distance(pairs, j, v, part, diameter, squares);
      const Lane value = Kind::covariance(h, own, squares == Lane{} ? Lane{} + (level + nugget) : Lane{} + level);
      *result = isFirst ? value : *result + value;
    }
}

template <class Kind, class Pairs>
void coverPartOf(const Pairs& pairs, std::size_t n, const CovarianceModel& model, const CovariancePart* part, double nugget,
                 double weight, bool isFirst, double* out) {
  Numbers own{0, 0, 0, nullptr};
  if (part != nullptr) {
    const double inverse = part->range > 0 ? 1 / part->range : 0;
    own = {part->level * weight, part->partialSill * weight, inverse, part->matern.get()};
  }
  const double diameter = 2 * model.sphereRadius;
  if (diameter > 0) coverPart<Kind, OnSphere>(pairs, n, part, own, nugget, diameter, isFirst, out);
  else if (part != nullptr && part->isStretched) coverPart<Kind, Stretched>(pairs, n, part, own, nugget, diameter, isFirst, out);
  else coverPart<Kind, InPlane>(pairs, n, part, own, nugget, diameter, isFirst, out);
}

template <class Pairs>
void cover(const Pairs& pairs, const CovarianceModel& model, std::size_t n, const CovarianceUse& use, double* out) {
  double nugget = use.withNugget ? model.nugget * use.weight : 0;
  bool isFirst = use.isFirst;
  const auto with = [&](auto kind, const CovariancePart* part) {
    coverPartOf<decltype(kind)>(pairs, n, model, part, nugget, use.weight, isFirst, out);
    nugget = 0, isFirst = false;
  };
  if (model.parts.empty()) with(Nothing{}, nullptr);
  for (const CovariancePart& part : model.parts) switch (part.shape) {
      case VariogramShape::spherical: with(Spherical{}, &part); break;
      case VariogramShape::exponential: with(Exponential{}, &part); break;
      case VariogramShape::gaussian: with(Gaussian{}, &part); break;
      case VariogramShape::linear:
        if (part.range > 0) with(Linear{}, &part);
        else with(Unbounded{}, &part);
        break;
      case VariogramShape::matern:
        if (part.smoothness == 0.5) with(Exponential{}, &part);
        else if (part.smoothness == 1.5) with(Matern15{}, &part);
        else if (part.smoothness == 2.5) with(Matern25{}, &part);
        else with(MaternAny{}, &part);
        break;
      case VariogramShape::nugget: break;
    }
}

void coverPanel(const CovarianceModel& model, const PanelPlaces& cells, const PanelPlaces& stations, std::size_t n,
                const CovarianceUse& use, double* panel) {
  cover(PanelPairs(cells, stations), model, n, use, panel);
}

void coverLanes(const CovarianceModel& model, const PanelPlaces& cells, const PanelPlaces& stations, std::size_t n,
                const CovarianceUse& use, double* out) {
  cover(LanePairs(cells, stations), model, n, use, out);
}

void addCovariances(const CovarianceModel& model, const double* dx, const double* dy, const double* dz, std::size_t n,
                    bool withNugget, double weight, double* out) {
  const std::size_t whole = n / KRIGING_LANES, rest = n % KRIGING_LANES, from = n - rest;
  const CovarianceUse use{weight, withNugget, false};
  cover(SeparationPairs{{dx, dy, dz}}, model, whole, use, out);
  if (rest == 0) return;
  double tail[4][KRIGING_LANES] = {};
  const double* parts[4] = {dx, dy, dz, out};
  for (int p = 0; p < 4; p++)
    if (parts[p] != nullptr) std::memcpy(tail[p], parts[p] + from, rest * sizeof(double));
  cover(SeparationPairs{{tail[0], tail[1], tail[2]}}, model, 1, use, tail[3]);
  std::memcpy(out + from, tail[3], rest * sizeof(double));
}

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

// Included by kriging-loops-body.hpp: registers of doubles, and covariances of places with places in them.

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

#include "exp-body.hpp"

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

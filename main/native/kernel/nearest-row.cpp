#include "nearest-row.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "failure.hpp"
#include "instruction-set.hpp"

namespace loam {
namespace {

/** Rows of a leaf and children of a node. */
constexpr std::size_t lanes = 16;
/** Axes after which it is asked whether any sum can still be the smallest. */
constexpr std::size_t axesAtOnce = 3;
constexpr double infinity = std::numeric_limits<double>::infinity();

namespace portable {
#include "nearest-row-body.hpp"
}  // namespace portable

#ifdef LOAM_X86_FORMS
#pragma GCC push_options
#pragma GCC target("avx2")
namespace avx2 {
#include "nearest-row-body.hpp"
}  // namespace avx2
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512dq,prefer-vector-width=512")
namespace avx512 {
#include "nearest-row-body.hpp"
}  // namespace avx512
#pragma GCC pop_options
#endif

struct Loops {
  using Loop = bool (*)(const double*, const double*, std::size_t, double, double*);
  Loop toRows = portable::toRows;
  Loop toBoxes = portable::toBoxes;
};

Loops loopsForThisMachine() {
#ifdef LOAM_X86_FORMS
  const InstructionSet set = chosenInstructionSet();
  if (set >= InstructionSet::avx512) return {avx512::toRows, avx512::toBoxes};
  if (set >= InstructionSet::avx2) return {avx2::toRows, avx2::toBoxes};
#endif
  return {};
}

class BoxTree {
 public:
  BoxTree(Span<const double> rows, std::size_t axes) : axes_(axes), loops_(loopsForThisMachine()) {
    std::vector<std::uint32_t> order(rows.size() / axes);
    for (std::size_t i = 0; i < order.size(); i++) order[i] = static_cast<std::uint32_t>(i);
    root_ = build(rows, order.data(), order.size());
  }

  /** Squared distance to the nearest row.
   *  @param leaf where the search begins, and where it found the nearest row; it changes how fast the answer is, not which */
  double nearest(const double* place, std::uint32_t& leaf) const {
    double best = infinity;
    scan(place, leaf, best, leaf);
    visit(place, root_, best, leaf);
    return best;
  }

 private:
  /** A leaf, or a node, which has the sign bit set. */
  using Reference = std::uint32_t;
  static constexpr Reference nodeBit = 0x80000000U;

  void scan(const double* place, std::uint32_t leaf, double& best, std::uint32_t& found) const {
    double sums[lanes];
    if (!loops_.toRows(&rows_[leaf * lanes * axes_], place, axes_, best, sums)) return;
    for (const double sum : sums)
      if (sum < best) best = sum, found = leaf;
  }

  void visit(const double* place, Reference at, double& best, std::uint32_t& found) const {
    if ((at & nodeBit) == 0) return scan(place, at, best, found);
    const std::size_t node = at & ~nodeBit;
    double bounds[lanes];
    if (!loops_.toBoxes(&boxes_[node * 2 * lanes * axes_], place, axes_, best, bounds)) return;
    for (;;) {
      std::size_t next = 0;
      for (std::size_t i = 1; i < lanes; i++) next = bounds[i] < bounds[next] ? i : next;
      // Of children that are missing the boxes are infinitely far.
      if (!(bounds[next] < best)) return;
      bounds[next] = infinity;
      visit(place, children_[node * lanes + next], best, found);
    }
  }

  Reference build(Span<const double> rows, std::uint32_t* order, std::size_t count) {
    if (count <= lanes) return leafOf(rows, order, count);
    std::vector<std::pair<std::uint32_t*, std::size_t>> parts = {{order, count}};
    // Halves of halves, four times, the largest parts first; parts that fit in a leaf stay whole.
    for (std::size_t round = 0; round < 4; round++)
      for (std::size_t i = parts.size(); i-- > 0;)
        if (parts[i].second > lanes) {
          const auto [from, size] = parts[i];
          const std::size_t half = halve(rows, from, size);
          parts[i] = {from, half};
          parts.emplace_back(from + half, size - half);
        }
    const std::size_t node = children_.size() / lanes;
    children_.resize(children_.size() + lanes, 0);
    boxes_.resize(boxes_.size() + 2 * lanes * axes_, infinity);
    for (std::size_t i = 0; i < parts.size(); i++) {
      const Reference child = build(rows, parts[i].first, parts[i].second);
      children_[node * lanes + i] = child;
      for (std::size_t a = 0; a < axes_; a++) {
        double low = infinity, high = -infinity;
        for (std::size_t k = 0; k < parts[i].second; k++) {
          const double value = rows[parts[i].first[k] * axes_ + a];
          low = std::min(low, value), high = std::max(high, value);
        }
        double* sides = &boxes_[(node * axes_ + a) * 2 * lanes];
        sides[i] = low, sides[lanes + i] = high;
      }
    }
    return static_cast<Reference>(node) | nodeBit;
  }

  Reference leafOf(Span<const double> rows, const std::uint32_t* order, std::size_t count) {
    const std::size_t leaf = rows_.size() / (lanes * axes_);
    // A row that is missing is infinitely far.
    rows_.resize(rows_.size() + lanes * axes_, infinity);
    for (std::size_t i = 0; i < count; i++)
      for (std::size_t a = 0; a < axes_; a++) rows_[(leaf * axes_ + a) * lanes + i] = rows[order[i] * axes_ + a];
    return static_cast<Reference>(leaf);
  }

  /** Parts rows at the median of the axis along which they spread most. @returns how many are in the lower half */
  std::size_t halve(Span<const double> rows, std::uint32_t* order, std::size_t count) const {
    std::size_t axis = 0;
    double most = -1;
    for (std::size_t a = 0; a < axes_; a++) {
      double low = infinity, high = -infinity;
      for (std::size_t k = 0; k < count; k++) {
        const double value = rows[order[k] * axes_ + a];
        low = std::min(low, value), high = std::max(high, value);
      }
      if (high - low > most) most = high - low, axis = a;
    }
    const std::size_t half = count / 2;
    std::nth_element(order, order + half, order + count, [&](std::uint32_t i, std::uint32_t j) {
      const double first = rows[i * axes_ + axis], second = rows[j * axes_ + axis];
      return first < second || (first == second && i < j);
    });
    return half;
  }

  std::size_t axes_;
  Loops loops_;
  /** Leaf by leaf, axis by axis, sixteen rows. */
  std::vector<double> rows_;
  /** Node by node, axis by axis, the lower sides of sixteen children, then the upper ones. */
  std::vector<double> boxes_;
  std::vector<Reference> children_;
  Reference root_ = 0;
};

constexpr std::size_t cellsAtOnce = 4096;

void check(const NearestRowOptions& options, Span<const Span<const float>> predictors, std::size_t cells) {
  const std::size_t axes = predictors.size();
  if (axes == 0 || options.means.size() != axes || options.scales.size() != axes)
    throw Failure("bad_input", "A distance needs predictors, and a mean and a scale for each.");
  if (options.rows.empty() || options.rows.size() % axes != 0)
    throw Failure("bad_input", "A distance needs rows with a value for each predictor.");
  for (const double value : options.rows)
    if (!std::isfinite(value)) throw Failure("bad_input", "A row that distances are measured to is not finite.");
  for (const Span<const float>& column : predictors)
    if (column.size() != cells) throw Failure("bad_input", "Predictors and result differ in length.");
}

}  // namespace

void nearestRow(const NearestRowOptions& options, Span<const Span<const float>> predictors, Span<float> out, const Work& work) {
  check(options, predictors, out.size());
  const std::size_t axes = predictors.size();
  const BoxTree tree(options.rows, axes);
  parallelFor((out.size() + cellsAtOnce - 1) / cellsAtOnce, work, [&](std::size_t item, unsigned) {
    std::vector<double> place(axes);
    std::uint32_t leaf = 0;
    const std::size_t end = std::min(out.size(), (item + 1) * cellsAtOnce);
    for (std::size_t i = item * cellsAtOnce; i < end; i++) {
      bool isKnown = true, isFinite = true;
      for (std::size_t a = 0; a < axes; a++) {
        place[a] = (static_cast<double>(predictors[a][i]) - options.means[a]) * options.scales[a];
        isKnown = isKnown && !std::isnan(place[a]);
        isFinite = isFinite && std::isfinite(place[a]);
      }
      const double distance = !isKnown     ? std::numeric_limits<double>::quiet_NaN()
                              : !isFinite ? infinity
                                          : std::sqrt(tree.nearest(place.data(), leaf));
      out[i] = static_cast<float>(distance / options.unit);
    }
  });
}

}  // namespace loam

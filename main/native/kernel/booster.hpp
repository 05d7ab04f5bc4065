#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "boosted-nodes.hpp"
#include "boosted-records.hpp"
#include "boosted-split.hpp"
#include "failure.hpp"
#include "random.hpp"
#include "team.hpp"
#include "train-boosted.hpp"
#include "training-data.hpp"

namespace loam {

/** Streams of randomness of one round. */
enum BoostStream : std::uint64_t { rowStream = 1, columnStream = 2 };

/** The rows are records in one of two buffers; those of a node follow each other, and move to the other buffer when it is
 *  split. They stay where the last tree left them: sums of integers do not mind the order. Each buffer is parted into slabs,
 *  one per thread, and rows never leave their slab, so that large nodes are split by all threads; below them each subtree is
 *  one thread's.
 *  @tparam Stride bytes of a record; 0 when it is none of the usual ones */
template <std::size_t Stride>
class Booster {
 public:
  Booster(const TrainingData& data, Span<const double> target, Span<const std::uint8_t> isValidation,
          const BoostOptions& options, const Work& work)
      : data_(data), options_(options), work_(work), predictors_(data.predictors), rows_(data.rows), packing_(data.rows),
        binsAt_(options.rowFraction < 1 ? 9 : 5), stride_(strideFor(data.predictors, options)),
        team_(work.threads), workers_(team_.size()) {
    slabs_ = std::clamp<std::size_t>(rows_ / 4096, 1, std::min<std::size_t>(team_.size(), maxSlabs));
    for (auto& buffer : buffers_) buffer.resize(rows_ * stride_);
    fill(target, isValidation);
  }

  static std::size_t strideFor(std::size_t predictors, const BoostOptions& options) {
    return (predictors + (options.rowFraction < 1 ? 9 : 5) + 15) / 16 * 16;
  }

  double base() const { return base_; }
  std::uint64_t validationRows() const { return validationRows_; }

  /** Grows the tree of a round and takes its values off the residuals. Cuts are codes.
   *  @param gains raised by its splits' falls in squared error, in target units squared
   *  @param rmse of the validation rows after it */
  std::vector<Node> grow(std::uint64_t round, std::vector<double>& gains, double& rmse) {
    const std::uint64_t seed = mix(options_.seed, round);
    drawColumns(mix(seed, columnStream));
    OpenNode root;
    for (std::size_t s = 0; s < slabs_; s++) root.runs.of[s] = {slabBegin(s), slabBegin(s + 1)};
    root.rows = static_cast<std::uint32_t>(rows_);
    root.depth = 0;
    root.draft = 0;
    std::vector<Histogram> parts(slabs_);
    team_.each(slabs_, [&](std::size_t s, unsigned worker) {
      if (options_.rowFraction < 1) drawRows(s, mix(seed, rowStream));
      parts[s] = emptyHistogram(worker);
      addRun(home_, root.runs.of[s], parts[s]);
    });
    root.histogram = joined(std::move(parts));
    root.sum = 0;
    for (std::size_t b = 0; b < binCount; b++) root.sum += root.histogram[columns_[0] * binCount + b];

    Drafts drafts(1);
    std::vector<OpenNode> open;
    open.push_back(std::move(root));
    splitLargest(drafts, open);

    // The largest first, so that no thread is left with a large one at the end.
    std::sort(open.begin(), open.end(), [](const OpenNode& a, const OpenNode& b) {
      return a.rows != b.rows ? a.rows > b.rows : a.draft < b.draft;
    });
    const int nextHome = home_ ^ static_cast<int>((options_.maxDepth - 1) & 1);
    std::vector<Drafts> subtrees(open.size());
    for (std::size_t i = 0; i < open.size(); i++) drafts[open[i].draft].subtree = static_cast<int>(i);
    for (BoostWorker& worker : workers_) worker.validationSquares = 0;
    team_.each(open.size(), [&](std::size_t i, unsigned w) {
      BoostWorker& worker = workers_[w];
      worker.drafts.clear();
      growNode(worker, open[i].runs, open[i].sum, open[i].depth, std::move(open[i].histogram), nextHome);
      subtrees[i] = worker.drafts;
    });
    home_ = nextHome;

    std::uint64_t squares = 0;
    for (const BoostWorker& worker : workers_) squares += worker.validationSquares;
    rmse = std::sqrt(static_cast<double>(squares) / static_cast<double>(std::max<std::uint64_t>(1, validationRows_))) * unit_ *
           static_cast<double>(1 << squareShift);
    std::vector<Node> tree;
    writeTree(drafts, 0, subtrees, std::ldexp(unit_, static_cast<int>(packing_.dropped)), tree, gains);
    markTwinLeaves(tree);
    return tree;
  }

 private:
  /** Squared residuals of 2^24 rows fit in 64 bits without the lowest bits. */
  static constexpr unsigned squareShift = 11;

  std::size_t stride() const { return Stride == 0 ? stride_ : Stride; }
  std::uint8_t* record(int buffer, std::size_t row) { return buffers_[buffer].data() + row * stride(); }
  std::uint32_t slabBegin(std::size_t slab) const { return static_cast<std::uint32_t>(rows_ * slab / slabs_); }
  int bufferAt(std::uint32_t depth) const { return home_ ^ static_cast<int>(depth & 1); }

  void fill(Span<const double> target, Span<const std::uint8_t> isValidation) {
    double sum = 0;
    for (std::size_t row = 0; row < rows_; row++) {
      if (!isValidation.empty() && isValidation[row] != 0)
        validationRows_++;
      else
        sum += target[row];
    }
    if (rows_ - validationRows_ < 2)
      throw Failure("too_few_rows", "Boosting needs at least 2 training rows beside the validation rows; found " +
                                        std::to_string(rows_ - validationRows_) + ".");
    base_ = sum / static_cast<double>(rows_ - validationRows_);
    double reach = 1e-300;
    for (std::size_t row = 0; row < rows_; row++) reach = std::max(reach, std::abs(target[row] - base_));
    // Two bits are left for predictions that overshoot.
    unit_ = std::ldexp(reach, -29);
    for (std::size_t row = 0; row < rows_; row++) {
      std::uint8_t* to = record(0, row);
      setResidual(to, static_cast<std::int32_t>(std::lround((target[row] - base_) / unit_)));
      to[roleAt] = !isValidation.empty() && isValidation[row] != 0 ? validation : counted;
      const auto number = static_cast<std::uint32_t>(row);
      if (options_.rowFraction < 1) std::memcpy(to + rowAt, &number, sizeof number);
      for (std::size_t p = 0; p < predictors_; p++)
        to[binsAt_ + p] = static_cast<std::uint8_t>(data_.codes[row * predictors_ + p] >> 8);
    }
  }

  void drawColumns(std::uint64_t seed) {
    columns_.resize(predictors_);
    for (std::size_t p = 0; p < predictors_; p++) columns_[p] = static_cast<std::uint32_t>(p);
    const auto wanted = static_cast<std::size_t>(
        std::max(1.0, std::round(options_.columnFraction * static_cast<double>(predictors_))));
    Random random(seed);
    for (std::size_t i = 0; i < wanted && wanted < predictors_; i++)
      std::swap(columns_[i], columns_[i + random.below(static_cast<std::uint32_t>(predictors_ - i))]);
    columns_.resize(wanted);
    std::sort(columns_.begin(), columns_.end());
  }

  void drawRows(std::size_t slab, std::uint64_t seed) {
    const auto limit = static_cast<std::uint64_t>(std::ldexp(options_.rowFraction, 53));
    for (std::uint32_t row = slabBegin(slab); row < slabBegin(slab + 1); row++) {
      std::uint8_t* own = record(home_, row);
      if (own[roleAt] == validation) continue;
      std::uint32_t number;
      std::memcpy(&number, own + rowAt, sizeof number);
      own[roleAt] = mix(seed, number) >> 11 < limit ? counted : ignored;
    }
  }

  Histogram emptyHistogram(unsigned worker) {
    Histogram histogram;
    std::vector<Histogram>& spare = workers_[worker].spare;
    if (!spare.empty()) {
      histogram = std::move(spare.back());
      spare.pop_back();
    }
    histogram.assign(predictors_ * binCount, 0);
    return histogram;
  }

  Histogram joined(std::vector<Histogram> parts) {
    for (std::size_t s = 1; s < parts.size(); s++) {
      for (std::size_t i = 0; i < parts[0].size(); i++) parts[0][i] += parts[s][i];
      workers_[0].spare.push_back(std::move(parts[s]));
    }
    return std::move(parts[0]);
  }

  void addRun(int buffer, Runs::Run run, Histogram& histogram) {
    const std::uint8_t* from = record(buffer, run.begin);
    std::int64_t* bins = histogram.data();
    const bool isAll = columns_.size() == predictors_;
    for (std::uint32_t row = run.begin; row < run.end; row++, from += stride()) {
      const std::int64_t value = from[roleAt] == counted ? packing_.pack(residualOf(from)) : 0;
      const std::uint8_t* own = from + binsAt_;
      if (isAll)
        for (std::size_t p = 0; p < predictors_; p++) bins[p * binCount + own[p]] += value;
      else
        for (const std::uint32_t p : columns_) bins[p * binCount + own[p]] += value;
    }
  }

  /** Moves a run to the other buffer, left child first; returns where the right child begins. */
  std::uint32_t moveRun(int buffer, Runs::Run run, const BoostedSplit& split) {
    std::uint8_t* left = record(1 - buffer, run.begin);
    std::uint8_t* right = record(1 - buffer, run.end) - stride();
    const std::uint8_t* from = record(buffer, run.begin);
    const std::size_t bin = binsAt_ + static_cast<std::size_t>(split.predictor);
    for (std::uint32_t row = run.begin; row < run.end; row++, from += stride()) {
      const bool goesLeft = from[bin] <= split.lastLeft;
      std::memcpy(goesLeft ? left : right, from, stride());
      left += goesLeft ? stride() : 0;
      right -= goesLeft ? 0 : stride();
    }
    return static_cast<std::uint32_t>((left - buffers_[1 - buffer].data()) / static_cast<std::ptrdiff_t>(stride()));
  }

  BoostedSplit findSplit(BoostWorker& worker, const Histogram& histogram, std::int64_t sum) const {
    const SplitRule rule{packing_, Span<const std::uint32_t>(columns_), options_.l2, std::max(1u, options_.minChildWeight)};
    return loam::findSplit(rule, histogram, sum, worker.room);
  }

  /** Splits nodes by all threads together until there are enough of them for each thread to take its own. */
  void splitLargest(Drafts& drafts, std::vector<OpenNode>& open) {
    if (slabs_ < 2) return;
    const std::size_t enough = rows_ / (3 * team_.size());
    for (;;) {
      OpenNode* largest = nullptr;
      for (OpenNode& node : open)
        if (!node.isFinal && node.rows > enough && node.depth + 2 <= options_.maxDepth && (!largest || node.rows > largest->rows))
          largest = &node;
      if (!largest) return;
      work_.throwIfStopped();
      const BoostedSplit split = findSplit(workers_[0], largest->histogram, largest->sum);
      if (split.predictor < 0) {
        largest->isFinal = true;
        continue;
      }
      OpenNode node = std::move(*largest);
      const int buffer = bufferAt(node.depth);
      const std::int64_t right = node.sum - split.left;
      const bool isLeftSmaller = packing_.count(split.left) <= packing_.count(right);
      OpenNode sides[2];
      std::vector<Histogram> parts(slabs_);
      team_.each(slabs_, [&](std::size_t s, unsigned worker) {
        const std::uint32_t middle = moveRun(buffer, node.runs.of[s], split);
        sides[0].runs.of[s] = {node.runs.of[s].begin, middle};
        sides[1].runs.of[s] = {middle, node.runs.of[s].end};
        parts[s] = emptyHistogram(worker);
        addRun(1 - buffer, sides[isLeftSmaller ? 0 : 1].runs.of[s], parts[s]);
      });
      Histogram smaller = joined(std::move(parts));
      subtract(node.histogram, smaller);
      sides[isLeftSmaller ? 0 : 1].histogram = std::move(smaller);
      sides[isLeftSmaller ? 1 : 0].histogram = std::move(node.histogram);
      const auto first = static_cast<std::uint32_t>(drafts.size());
      setSplit(drafts[node.draft], split, first, first + 1);
      drafts.resize(drafts.size() + 2);
      for (std::uint32_t side = 0; side < 2; side++) {
        sides[side].draft = first + side;
        sides[side].sum = side == 0 ? split.left : right;
        sides[side].depth = node.depth + 1;
        sides[side].rows = sides[side].runs.size(slabs_);
      }
      *largest = std::move(sides[0]);
      open.push_back(std::move(sides[1]));
    }
  }

  static void subtract(Histogram& from, const Histogram& part) {
    for (std::size_t i = 0; i < from.size(); i++) from[i] -= part[i];
  }

  void setSplit(Draft& draft, const BoostedSplit& split, std::uint32_t left, std::uint32_t right) const {
    draft.predictor = split.predictor;
    draft.cut = data_.spreads[static_cast<std::size_t>(split.predictor)].lastCode[split.lastLeft];
    draft.gain = split.gain;
    draft.left = left;
    draft.right = right;
  }

  /** What a leaf adds to the prediction, in units of the residuals. */
  std::int32_t stepOf(std::int64_t sum) const {
    const double rows = packing_.count(sum);
    if (rows == 0) return 0;
    const double step = options_.learningRate * std::ldexp(packing_.residuals(sum), static_cast<int>(packing_.dropped)) /
                        (rows + options_.l2);
    return clamped(std::llround(step));
  }
  static std::int32_t clamped(std::int64_t value) {
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    return static_cast<std::int32_t>(std::clamp(value, -most, most));
  }
  Draft leafOf(std::int32_t step) const {
    Draft leaf;
    leaf.value = static_cast<float>(step * unit_);
    return leaf;
  }

  void take(BoostWorker& worker, std::uint8_t* record, std::int32_t step) {
    const std::int32_t residual = clamped(static_cast<std::int64_t>(residualOf(record)) - step);
    setResidual(record, residual);
    if (record[roleAt] != validation) return;
    const std::int64_t coarse = (static_cast<std::int64_t>(residual) + (1 << (squareShift - 1))) >> squareShift;
    worker.validationSquares += static_cast<std::uint64_t>(coarse * coarse);
  }

  std::uint32_t growLeaf(BoostWorker& worker, const Runs& runs, std::int64_t sum, std::uint32_t depth, int nextHome) {
    const std::int32_t step = stepOf(sum);
    const int buffer = bufferAt(depth);
    for (std::size_t s = 0; s < slabs_; s++)
      for (std::uint32_t row = runs.of[s].begin; row < runs.of[s].end; row++) {
        std::uint8_t* own = record(nextHome, row);
        if (buffer != nextHome) std::memcpy(own, record(buffer, row), stride());
        take(worker, own, step);
      }
    worker.drafts.push_back(leafOf(step));
    return static_cast<std::uint32_t>(worker.drafts.size() - 1);
  }

  /** Grows the subtree of some rows into the worker's drafts; returns the place of its root, which is the first. */
  std::uint32_t growNode(BoostWorker& worker, const Runs& runs, std::int64_t sum, std::uint32_t depth, Histogram histogram,
                         int nextHome) {
    BoostedSplit split;
    if (depth < options_.maxDepth && !histogram.empty()) split = findSplit(worker, histogram, sum);
    if (split.predictor < 0) {
      if (!histogram.empty()) worker.spare.push_back(std::move(histogram));
      return growLeaf(worker, runs, sum, depth, nextHome);
    }
    const auto own = static_cast<std::uint32_t>(worker.drafts.size());
    worker.drafts.emplace_back();
    const std::int64_t rightSum = sum - split.left;
    const int buffer = bufferAt(depth);
    if (depth + 1 == options_.maxDepth) {
      // Two leaves: their rows need not be parted any more. Such nodes lie in the buffer the next round begins with.
      worker.spare.push_back(std::move(histogram));
      const std::int32_t steps[2] = {stepOf(rightSum), stepOf(split.left)};
      const std::size_t bin = binsAt_ + static_cast<std::size_t>(split.predictor);
      for (std::size_t s = 0; s < slabs_; s++) {
        std::uint8_t* at = record(buffer, runs.of[s].begin);
        for (std::uint32_t row = runs.of[s].begin; row < runs.of[s].end; row++, at += stride())
          take(worker, at, steps[at[bin] <= split.lastLeft]);
      }
      worker.drafts.push_back(leafOf(steps[1]));
      worker.drafts.push_back(leafOf(steps[0]));
      setSplit(worker.drafts[own], split, own + 1, own + 2);
      return own;
    }
    work_.throwIfStopped();
    Runs left, right;
    const bool isLeftSmaller = packing_.count(split.left) <= packing_.count(rightSum);
    for (std::size_t s = 0; s < slabs_; s++) {
      const std::uint32_t middle = moveRun(buffer, runs.of[s], split);
      left.of[s] = {runs.of[s].begin, middle};
      right.of[s] = {middle, runs.of[s].end};
    }
    const std::uint32_t least = 2 * std::max(1u, options_.minChildWeight);
    Histogram leftHistogram, rightHistogram;
    if (std::max(packing_.count(split.left), packing_.count(rightSum)) >= least) {
      Histogram smaller = emptyHistogram(static_cast<unsigned>(&worker - workers_.data()));
      for (std::size_t s = 0; s < slabs_; s++) addRun(1 - buffer, (isLeftSmaller ? left : right).of[s], smaller);
      subtract(histogram, smaller);
      leftHistogram = std::move(isLeftSmaller ? smaller : histogram);
      rightHistogram = std::move(isLeftSmaller ? histogram : smaller);
    } else {
      worker.spare.push_back(std::move(histogram));
    }
    const std::uint32_t l = growNode(worker, left, split.left, depth + 1, std::move(leftHistogram), nextHome);
    const std::uint32_t r = growNode(worker, right, rightSum, depth + 1, std::move(rightHistogram), nextHome);
    setSplit(worker.drafts[own], split, l, r);
    return own;
  }

  const TrainingData& data_;
  const BoostOptions& options_;
  const Work& work_;
  std::size_t predictors_;
  std::size_t rows_;
  Packing packing_;
  std::size_t binsAt_;
  std::size_t stride_;
  Team team_;
  std::vector<BoostWorker> workers_;
  std::size_t slabs_ = 1;
  std::vector<std::uint8_t> buffers_[2];
  /** The buffer a round begins with. */
  int home_ = 0;
  double base_ = 0;
  /** Target units of one step of a residual. */
  double unit_ = 1;
  std::uint64_t validationRows_ = 0;
  std::vector<std::uint32_t> columns_;
};

}  // namespace loam

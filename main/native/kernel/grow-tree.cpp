#include "grow-tree.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <type_traits>

#include "bins.hpp"
#include "random.hpp"
#include "row-records.hpp"
#include "sorted-list.hpp"
#include "split-search.hpp"

namespace loam {

class TreeGrower::Implementation {
 public:
  virtual ~Implementation() = default;
  virtual GrownTree grow(Span<const std::uint32_t> counts, std::uint64_t seed) = 0;
};

namespace {

/** Weight is the type of summed weights in a bin: 32 bits where all rows weigh 1, else 64. */
template <class Weight>
class Grower final : public TreeGrower::Implementation {
 public:
  Grower(const TrainingData& data, const GrowOptions& options, const Work& work)
      : data_(data), work_(work), predictors_(data.predictors),
        minLeaf_(std::max(1u, options.minLeafSize)), maxDepth_(std::max(1u, options.maxDepth)),
        tried_(options.predictorsPerSplit == 0 ? static_cast<std::uint32_t>(predictors_)
                                               : std::min(options.predictorsPerSplit, static_cast<std::uint32_t>(predictors_))),
        subtracts_(2 * tried_ > predictors_), order_(predictors_), records_(data), form_(listForm(chosenInstructionSet())) {
    entries_.resize(predictors_ * smallRows + listSlack);
    scratch_.resize(smallRows + listSlack);
    local_.resize(smallRows);
  }

  GrownTree grow(Span<const std::uint32_t> counts, std::uint64_t seed) override {
    tree_ = {};
    tree_.gains.assign(predictors_, 0);
    seed_ = seed;
    const Sums sums = records_.fill(counts);
    Histogram histogram;
    if (subtracts_ && sums.rows > smallRows && canSplit(sums.rows, 0)) histogram = histogramOf({0, sums.rows, 0});
    growNode({0, sums.rows, 0}, sums, 0, 1, std::move(histogram));
    markTwinLeaves(tree_.nodes);
    return std::move(tree_);
  }

 private:
  using Histogram = std::vector<Bin<Weight>>;

  bool canSplit(std::uint32_t rows, std::uint32_t depth) const {
    return rows >= 2 * static_cast<std::uint64_t>(minLeaf_) && depth < maxDepth_;
  }

  void addLeaf(const Sums& sums) {
    const double mean = static_cast<double>(sums.target) / static_cast<double>(sums.weight);
    tree_.nodes.push_back(Node::leaf(static_cast<float>(data_.targetOffset + mean * data_.targetUnit)));
  }

  /** Adds the split and returns its place; its right child is set once the left subtree is done. */
  std::size_t addSplit(const BestSplit& best, const Sums& sums, std::uint16_t cut) {
    tree_.gains[best.predictor] += best.numerator / (best.denominator * static_cast<double>(sums.weight));
    tree_.nodes.push_back({cut, static_cast<std::uint8_t>(best.predictor), Node::hasChildren, 0});
    return tree_.nodes.size() - 1;
  }
  void setRightChild(std::size_t split) { tree_.nodes[split].payload = static_cast<std::uint32_t>(tree_.nodes.size()); }

  /** The cut half-way, in ranks, between two neighbouring codes of a node. */
  std::uint16_t cutBetween(int predictor, std::uint32_t lastLeft, std::uint32_t firstRight) const {
    return data_.spreads[predictor].spread[(lastLeft + firstRight - 1) / 2];
  }

  static Sums rest(const Sums& all, const Sums& part) {
    return {all.target - part.target, all.weight - part.weight, all.rows - part.rows};
  }

  /** Puts the predictors to try at a node first in `order_`. */
  void drawPredictors(std::uint64_t path) {
    std::iota(order_.begin(), order_.end(), 0);
    if (tried_ == predictors_) return;
    Random random(mix(seed_, path));
    for (std::uint32_t i = 0; i < predictors_; i++)
      std::swap(order_[i], order_[i + random.below(static_cast<std::uint32_t>(predictors_ - i))]);
  }

  void growNode(RowRecords::Rows rows, const Sums& sums, std::uint32_t depth, std::uint64_t path, Histogram histogram) {
    if (!canSplit(sums.rows, depth)) return addLeaf(sums);
    work_.throwIfStopped();
    if (rows.size() <= smallRows) return growFromRecords(rows, sums, depth, path);
    if (records_.isPure(rows)) return addLeaf(sums);

    drawPredictors(path);
    BestSplit best = searchBins(rows, sums, histogram);
    std::uint32_t lastLeft, firstRight;
    if (best.predictor >= 0) {
      lastLeft = data_.spreads[best.predictor].lastCode[best.lastLeft];
      firstRight = data_.spreads[best.predictor].firstCode[best.firstRight];
    } else {
      // No bin edge parts these rows (many rows, few values): look between all their values.
      best = searchValues(rows, sums);
      if (best.predictor < 0) return addLeaf(sums);
      lastLeft = data_.spreads[best.predictor].code(static_cast<std::uint16_t>(best.lastLeft));
      firstRight = data_.spreads[best.predictor].code(static_cast<std::uint16_t>(best.firstRight));
    }
    const std::uint16_t cut = cutBetween(best.predictor, lastLeft, firstRight);
    const Sums right = rest(sums, best.left);
    const std::uint32_t middle = records_.move(rows, best.predictor, cut);
    const RowRecords::Rows leftRows{rows.begin, middle, 1 - rows.buffer};
    const RowRecords::Rows rightRows{middle, rows.end, 1 - rows.buffer};

    Histogram leftHistogram, rightHistogram;
    const auto wantsHistogram = [&](const Sums& child) { return child.rows > smallRows && canSplit(child.rows, depth + 1); };
    if (subtracts_ && (wantsHistogram(best.left) || wantsHistogram(right))) {
      const bool isLeftSmaller = best.left.rows <= right.rows;
      Histogram smaller = histogramOf(isLeftSmaller ? leftRows : rightRows);
      for (std::size_t i = 0; i < histogram.size(); i++) {
        histogram[i].target -= smaller[i].target;
        histogram[i].weight -= smaller[i].weight;
        histogram[i].rows -= smaller[i].rows;
      }
      leftHistogram = std::move(isLeftSmaller ? smaller : histogram);
      rightHistogram = std::move(isLeftSmaller ? histogram : smaller);
    }
    release(std::move(histogram));

    const std::size_t split = addSplit(best, sums, cut);
    growNode(leftRows, best.left, depth + 1, mix(path, 1), std::move(leftHistogram));
    setRightChild(split);
    growNode(rightRows, right, depth + 1, mix(path, 2), std::move(rightHistogram));
  }

  Histogram emptyHistogram() {
    Histogram histogram;
    if (!spareHistograms_.empty()) {
      histogram = std::move(spareHistograms_.back());
      spareHistograms_.pop_back();
    }
    histogram.assign(predictors_ * binCount, Bin<Weight>{});
    return histogram;
  }
  void release(Histogram histogram) {
    if (histogram.capacity() > 0) spareHistograms_.push_back(std::move(histogram));
  }

  Histogram histogramOf(RowRecords::Rows rows) {
    Histogram histogram = emptyHistogram();
    const std::uint8_t* from = records_.at(rows.buffer, rows.begin);
    for (std::uint32_t row = rows.begin; row < rows.end; row++, from += records_.stride()) {
      const std::int64_t target = RowRecords::targetOf(from);
      const std::uint32_t weight = RowRecords::weightOf(from);
      Bin<Weight>* bins = histogram.data();
      for (std::size_t p = 0; p < predictors_; p++, bins += binCount) bins[RowRecords::codeOf(from, p) >> 8].add(target, weight);
    }
    return histogram;
  }

  void addToHistogram(RowRecords::Rows rows, std::size_t predictor, Bin<Weight>* bins) {
    const std::uint8_t* from = records_.at(rows.buffer, rows.begin);
    for (std::uint32_t row = rows.begin; row < rows.end; row++, from += records_.stride()) {
      bins[RowRecords::codeOf(from, predictor) >> 8].add(RowRecords::targetOf(from), RowRecords::weightOf(from));
    }
  }

  /** Best split at a bin edge. An empty `histogram` means that the bins are counted here, for the tried predictors only. */
  BestSplit searchBins(RowRecords::Rows rows, const Sums& sums, const Histogram& histogram) {
    BestSplit best;
    std::vector<Bin<Weight>> own;
    for (std::uint32_t i = 0; i < predictors_ && (i < tried_ || best.predictor < 0); i++) {
      const Bin<Weight>* bins = histogram.data() + order_[i] * binCount;
      if (histogram.empty()) {
        own.assign(binCount, Bin<Weight>{});
        addToHistogram(rows, order_[i], own.data());
        bins = own.data();
      }
      SplitSearch search(sums, static_cast<int>(order_[i]), best);
      Sums left;
      std::uint32_t last = 0;
      for (std::uint32_t b = 0; b < binCount; b++) {
        if (bins[b].rows == 0) continue;
        if (left.rows >= minLeaf_ && sums.rows - left.rows >= minLeaf_)
          search.consider(left.target, left.weight, left.rows, last, b);
        left.target += bins[b].target;
        left.weight += bins[b].weight;
        left.rows += bins[b].rows;
        last = b;
      }
    }
    return best;
  }

  BestSplit searchValues(RowRecords::Rows rows, const Sums& sums) {
    std::vector<LocalRow> local(rows.size());
    std::vector<std::uint64_t> entries(rows.size());
    for (std::uint32_t i = 0; i < rows.size(); i++) {
      const std::uint8_t* from = records_.at(rows.buffer, rows.begin + i);
      local[i] = {RowRecords::targetOf(from), RowRecords::weightOf(from)};
    }
    BestSplit best;
    for (std::uint32_t i = 0; i < predictors_ && (i < tried_ || best.predictor < 0); i++) {
      for (std::uint32_t row = 0; row < rows.size(); row++)
        entries[row] = static_cast<std::uint64_t>(RowRecords::codeOf(records_.at(rows.buffer, rows.begin + row), order_[i])) << 32 | row;
      std::sort(entries.begin(), entries.end());
      searchSorted(entries.data(), rows.size(), local.data(), sums, static_cast<int>(order_[i]), best);
    }
    return best;
  }

  template <class Entry>
  void searchSorted(const Entry* entries, std::uint32_t count, const LocalRow* local, const Sums& sums, int predictor,
                    BestSplit& best) const {
    SplitSearch search(sums, predictor, best);
    std::int64_t target = 0, weight = 0;
    std::uint32_t i = 0;
    for (; i + 1 < minLeaf_; i++) {
      target += local[entryRow(entries[i])].target;
      weight += local[entryRow(entries[i])].weight;
    }
    for (; i + minLeaf_ < count; i++) {
      target += local[entryRow(entries[i])].target;
      weight += local[entryRow(entries[i])].weight;
      const std::uint32_t code = entryCode(entries[i]), next = entryCode(entries[i + 1]);
      if (code != next) search.consider(target, weight, i + 1, code, next);
    }
  }

  void searchList(const std::uint32_t* entries, std::uint32_t count, const Sums& sums, int predictor, BestSplit& best) {
    if constexpr (!std::is_same_v<Weight, std::uint32_t>) return searchSorted(entries, count, local_.data(), sums, predictor, best);
    const ListSplit split = form_.search(entries, count, minLeaf_, local_.data(), static_cast<double>(sums.target),
                                         static_cast<double>(sums.weight), listSums_);
    if (split.left > 0)
      SplitSearch(sums, predictor, best)
          .consider(split.target, split.weight, split.left, entryCode(entries[split.left - 1]), entryCode(entries[split.left]));
  }

  /** Takes a node's rows out of the records into sorted lists, one per predictor, and grows the subtree from them. */
  void growFromRecords(RowRecords::Rows rows, const Sums& sums, std::uint32_t depth, std::uint64_t path) {
    const std::uint32_t count = rows.size();
    for (std::uint32_t i = 0; i < count; i++) {
      const std::uint8_t* from = records_.at(rows.buffer, rows.begin + i);
      local_[i] = {RowRecords::targetOf(from), RowRecords::weightOf(from)};
      for (std::size_t p = 0; p < predictors_; p++)
        entries_[p * smallRows + i] = static_cast<std::uint32_t>(RowRecords::codeOf(from, p)) << 16 | i;
    }
    for (std::size_t p = 0; p < predictors_; p++) sortByCode(&entries_[p * smallRows], scratch_.data(), count);
    growSorted(0, count, sums, depth, path);
  }

  /** Grows the subtree of rows [begin, end) of the sorted lists. */
  void growSorted(std::uint32_t begin, std::uint32_t end, const Sums& sums, std::uint32_t depth, std::uint64_t path) {
    if (!canSplit(sums.rows, depth) || isPure(begin, end)) return addLeaf(sums);
    drawPredictors(path);
    BestSplit best;
    for (std::uint32_t i = 0; i < predictors_ && (i < tried_ || best.predictor < 0); i++)
      searchList(&entries_[order_[i] * smallRows + begin], end - begin, sums, static_cast<int>(order_[i]), best);
    if (best.predictor < 0) return addLeaf(sums);

    const CodeSpread& spread = data_.spreads[best.predictor];
    const std::uint16_t cut = cutBetween(best.predictor, spread.code(static_cast<std::uint16_t>(best.lastLeft)),
                                         spread.code(static_cast<std::uint16_t>(best.firstRight)));
    const Sums right = rest(sums, best.left);
    const std::size_t split = addSplit(best, sums, cut);
    const bool leftIsLeaf = !canSplit(best.left.rows, depth + 1), rightIsLeaf = !canSplit(right.rows, depth + 1);
    if (leftIsLeaf && rightIsLeaf) {  // About half of all splits: their rows need not be sorted out any more.
      addLeaf(best.left);
      setRightChild(split);
      addLeaf(right);
      return;
    }
    const std::uint32_t middle = begin + best.left.rows;
    partLists(begin, middle, end, best.predictor);
    growSorted(begin, middle, best.left, depth + 1, mix(path, 1));
    setRightChild(split);
    growSorted(middle, end, right, depth + 1, mix(path, 2));
  }

  bool isPure(std::uint32_t begin, std::uint32_t end) const {
    const LocalRow& first = local_[entryRow(entries_[begin])];
    for (std::uint32_t i = begin + 1; i < end; i++) {
      const LocalRow& other = local_[entryRow(entries_[i])];
      if (other.target / other.weight != first.target / first.weight) return false;
    }
    return true;
  }

  /** Parts every list into left and right rows, each still sorted. */
  void partLists(std::uint32_t begin, std::uint32_t middle, std::uint32_t end, int predictor) {
    const std::uint32_t* own = &entries_[static_cast<std::size_t>(predictor) * smallRows];
    std::uint32_t side[smallRows / 32] = {};
    for (std::uint32_t i = middle; i < end; i++) side[entryRow(own[i]) >> 5] |= 1u << (own[i] & 31);
    for (std::size_t p = 0; p < predictors_; p++)
      if (static_cast<int>(p) != predictor) form_.part(&entries_[p * smallRows + begin], end - begin, side, scratch_.data());
  }

  const TrainingData& data_;
  const Work& work_;
  std::size_t predictors_;
  std::uint32_t minLeaf_;
  std::uint32_t maxDepth_;
  std::uint32_t tried_;
  /** Whether histograms of all predictors are kept and the larger child's got by subtraction; not worth it when few are tried. */
  bool subtracts_;
  std::uint64_t seed_ = 0;
  GrownTree tree_;
  std::vector<std::uint32_t> order_;
  RowRecords records_;
  std::vector<Histogram> spareHistograms_;
  std::vector<std::uint32_t> entries_;
  std::vector<std::uint32_t> scratch_;
  std::vector<LocalRow> local_;
  ListSums listSums_;
  ListForm form_;
};

}  // namespace

TreeGrower::TreeGrower(const TrainingData& data, const GrowOptions& options, const Work& work) {
  if (data.weights.empty())
    implementation_ = std::make_unique<Grower<std::uint32_t>>(data, options, work);
  else
    implementation_ = std::make_unique<Grower<std::int64_t>>(data, options, work);
}
TreeGrower::~TreeGrower() = default;

GrownTree TreeGrower::grow(Span<const std::uint32_t> counts, std::uint64_t seed) {
  return implementation_->grow(counts, seed);
}

}  // namespace loam

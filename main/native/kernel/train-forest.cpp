#include "train-forest.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "failure.hpp"
#include "grow-tree.hpp"
#include "random.hpp"
#include "training-data.hpp"
#include "walk.hpp"

namespace loam {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/** Streams of randomness of one tree. */
enum Stream : std::uint64_t { sampleStream = 1, splitStream = 2, permutationStream = 3, leafStream = 4 };

void checkOptions(const TrainOptions& options, std::size_t predictors) {
  if (options.treeCount < 1 || options.treeCount > maxTrees)
    throw Failure("bad_input", "The tree count must be 1 to 100000; found " + std::to_string(options.treeCount) + ".");
  if (options.maxDepth < 1 || options.maxDepth > 255) throw Failure("bad_input", "The largest depth must be 1 to 255.");
  if (options.minLeafSize < 1) throw Failure("bad_input", "The smallest leaf must have at least 1 row.");
  if (!(options.sampleFraction > 0 && options.sampleFraction <= 1))
    throw Failure("bad_input", "The sample fraction must be above 0 and at most 1.");
  if (options.samplesPerLeaf > maxSamplesPerLeaf) throw Failure("bad_input", "A leaf keeps at most 64 samples.");
  if (options.keepRows && options.samplesPerLeaf > 0) throw Failure("bad_input", "A leaf keeps samples or all its rows, not both.");
  if (options.predictorsPerSplit > predictors)
    throw Failure("bad_input", "Each split is to try " + std::to_string(options.predictorsPerSplit) +
                                   " predictors, but there are only " + std::to_string(predictors) + ".");
}

/** How often each row is in a tree's sample. */
void drawSample(Span<const std::uint32_t> eligible, double fraction, Random& random, std::vector<std::uint32_t>& counts) {
  std::fill(counts.begin(), counts.end(), 0);
  const auto n = static_cast<std::uint32_t>(eligible.size());
  if (fraction == 1) {
    for (std::uint32_t i = 0; i < n; i++) counts[eligible[random.below(n)]]++;
    return;
  }
  auto wanted = static_cast<std::uint32_t>(std::max(1.0, std::round(fraction * n)));
  // Selection sampling (Knuth, The Art of Computer Programming 2, 3.4.2 S): each row with the chance (wanted / left).
  for (std::uint32_t i = 0; i < n && wanted > 0; i++)
    if (random.below(n - i) < wanted) {
      counts[eligible[i]] = 1;
      wanted--;
    }
}

/** Sums of out-of-bag predictions in fixed point: integers, so that the order of the trees does not matter. */
class OutOfBag {
 public:
  explicit OutOfBag(const TrainingData& data)
      : offset_(data.targetOffset), unit_(data.targetUnit / 4096), sums_(data.rows), trees_(data.rows) {}

  void add(std::size_t row, float value) {
    sums_[row].fetch_add(std::llround((value - offset_) / unit_), std::memory_order_relaxed);
    trees_[row].fetch_add(1, std::memory_order_relaxed);
  }

  void finish(Span<const double> target, TrainResult& result) const {
    const std::size_t n = target.size();
    result.outOfBagPrediction.assign(n, std::numeric_limits<float>::quiet_NaN());
    double squares = 0, sum = 0;
    for (std::size_t row = 0; row < n; row++) {
      const std::uint32_t trees = trees_[row].load(std::memory_order_relaxed);
      if (trees == 0) continue;
      const double mean = static_cast<double>(sums_[row].load(std::memory_order_relaxed)) / trees;
      const double prediction = offset_ + mean * unit_;
      result.outOfBagPrediction[row] = static_cast<float>(prediction);
      squares += (target[row] - prediction) * (target[row] - prediction);
      sum += target[row];
      result.outOfBagRows++;
    }
    result.outOfBagRmse = result.outOfBagR2 = nan;
    if (result.outOfBagRows == 0) return;
    const double mean = sum / static_cast<double>(result.outOfBagRows);
    double total = 0;
    for (std::size_t row = 0; row < n; row++)
      if (trees_[row].load(std::memory_order_relaxed) > 0) total += (target[row] - mean) * (target[row] - mean);
    result.outOfBagRmse = std::sqrt(squares / static_cast<double>(result.outOfBagRows));
    if (total > 0) result.outOfBagR2 = 1 - squares / total;
  }

 private:
  double offset_;
  double unit_;
  std::vector<std::atomic<std::int64_t>> sums_;
  std::vector<std::atomic<std::uint32_t>> trees_;
};

/** What one thread keeps from tree to tree. */
struct Worker {
  std::unique_ptr<TreeGrower> grower;
  std::vector<std::uint32_t> counts;
  std::vector<std::uint32_t> rows;
  std::vector<std::uint16_t> codes;
  std::vector<std::uint16_t> column;
};

double squaredError(Span<const Node> tree, const Worker& worker, std::size_t predictors, Span<const double> target) {
  double squares = 0;
  walkTree(tree, worker.codes.data(), predictors, worker.rows.size(), [&](std::size_t i, float value) {
    const double residual = target[worker.rows[i]] - value;
    squares += residual * residual;
  });
  return squares / static_cast<double>(worker.rows.size());
}

/** Rise of the mean squared error of one tree's out-of-bag rows when one predictor is permuted among them. */
void permutePredictors(Span<const Node> tree, Worker& worker, std::size_t predictors, Span<const double> target,
                       std::uint64_t seed, const Work& work, double* rise) {
  const std::size_t n = worker.rows.size();
  const double before = squaredError(tree, worker, predictors, target);
  std::vector<bool> isUsed(predictors, false);
  for (const Node& node : tree)
    if (!node.isLeaf()) isUsed[node.predictor] = true;
  worker.column.resize(n);
  for (std::size_t p = 0; p < predictors; p++) {
    rise[p] = 0;
    if (!isUsed[p]) continue;
    work.throwIfStopped();
    for (std::size_t i = 0; i < n; i++) worker.column[i] = worker.codes[i * predictors + p];
    Random random(mix(seed, p));
    for (std::size_t i = n - 1; i > 0; i--)
      std::swap(worker.codes[i * predictors + p],
                worker.codes[random.below(static_cast<std::uint32_t>(i + 1)) * predictors + p]);
    rise[p] = squaredError(tree, worker, predictors, target) - before;
    for (std::size_t i = 0; i < n; i++) worker.codes[i * predictors + p] = worker.column[i];
  }
}

/** Weight in the tree's sample and leaf of each row. */
struct LeavesOfRows {
  std::vector<std::uint64_t> weights;
  std::vector<std::uint32_t> leafOf;
};

LeavesOfRows leavesOfRows(Span<const Node> tree, Worker& worker, const TrainingData& data) {
  const std::size_t p = data.predictors;
  LeavesOfRows result{std::vector<std::uint64_t>(data.rows, 0), std::vector<std::uint32_t>(data.rows, 0)};
  worker.rows.clear();
  for (std::size_t row = 0; row < data.rows; row++) {
    if (worker.counts[row] == 0) continue;
    result.weights[row] = worker.counts[row] * (data.weights.empty() ? std::uint64_t{1} : data.weights[row]);
    worker.rows.push_back(static_cast<std::uint32_t>(row));
  }
  worker.codes.resize(worker.rows.size() * p);
  for (std::size_t i = 0; i < worker.rows.size(); i++)
    std::copy_n(&data.codes[worker.rows[i] * p], p, &worker.codes[i * p]);
  std::vector<Node> numbered(tree.size());
  numberLeaves(tree, numbered.data());
  walkTree(Span<const Node>(numbered), worker.codes.data(), p, worker.rows.size(), [&](std::size_t i, float value) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    result.leafOf[worker.rows[i]] = bits - firstLeafBits;
  });
  return result;
}

LeafSamples joinSamples(TargetRanks& ranks, std::vector<TreeSamples>& trees, std::uint32_t perLeaf) {
  LeafSamples samples;
  samples.perLeaf = perLeaf;
  samples.centre = ranks.centre;
  samples.targets = std::move(ranks.targets);
  std::size_t leaves = 0;
  for (const TreeSamples& tree : trees) leaves += tree.squares.size();
  samples.squares = PagedArray<float>(leaves);
  samples.ranks = PagedArray<std::uint16_t>(leaves * perLeaf);
  std::size_t leaf = 0;
  for (TreeSamples& tree : trees) {
    std::copy(tree.squares.begin(), tree.squares.end(), samples.squares.data() + leaf);
    std::copy(tree.ranks.begin(), tree.ranks.end(), samples.ranks.data() + leaf * perLeaf);
    leaf += tree.squares.size();
    tree = {};
  }
  return samples;
}

std::vector<double> impurityShares(const std::vector<std::vector<double>>& gains, std::size_t predictors) {
  std::vector<double> shares(predictors, 0);
  double all = 0;
  for (const std::vector<double>& tree : gains) {
    double sum = 0;
    for (const double gain : tree) sum += gain;
    if (!(sum > 0)) continue;
    all++;
    for (std::size_t p = 0; p < predictors; p++) shares[p] += tree[p] / sum;
  }
  if (all > 0)
    for (double& share : shares) share /= all;
  return shares;
}

void summarisePermutations(const std::vector<double>& rises, std::size_t predictors, TrainResult& result) {
  result.permutationMean.assign(predictors, nan);
  result.permutationSd.assign(predictors, nan);
  for (std::size_t p = 0; p < predictors; p++) {
    double sum = 0, squares = 0, n = 0;
    for (std::size_t i = p; i < rises.size(); i += predictors)
      if (!std::isnan(rises[i])) sum += rises[i], n++;
    if (n == 0) continue;
    const double mean = sum / n;
    for (std::size_t i = p; i < rises.size(); i += predictors)
      if (!std::isnan(rises[i])) squares += (rises[i] - mean) * (rises[i] - mean);
    result.permutationMean[p] = mean;
    if (n > 1) result.permutationSd[p] = std::sqrt(squares / (n - 1));
  }
}

/** By all threads: taking fresh memory is slow, and a forest of a million rows has 100 MB of nodes. */
Forest joinTrees(TrainingData& data, std::vector<std::vector<Node>>& trees, const Work& work) {
  Forest forest;
  forest.cuts = std::move(data.cuts);
  forest.treeStarts.push_back(0);
  for (const std::vector<Node>& tree : trees) forest.treeStarts.push_back(forest.treeStarts.back() + tree.size());
  forest.nodes = PagedArray<Node>(forest.treeStarts.back());
  Work quiet = work;
  quiet.progress = nullptr;
  parallelFor(trees.size(), quiet, [&](std::size_t t, unsigned) {
    std::copy(trees[t].begin(), trees[t].end(), forest.nodes.data() + forest.treeStarts[t]);
    trees[t] = {};
  });
  return forest;
}

}  // namespace

TrainResult trainForest(Span<const Span<const float>> predictors, Span<const double> target, Span<const double> weights,
                        const TrainOptions& options, const Work& work) {
  checkOptions(options, predictors.size());
  TrainingData data = prepareTrainingData(predictors, target, weights, work);
  const std::size_t n = data.rows, p = data.predictors;
  std::vector<std::uint32_t> eligible;
  for (std::size_t row = 0; row < n; row++)
    if (data.weights.empty() || data.weights[row] > 0) eligible.push_back(static_cast<std::uint32_t>(row));

  const GrowOptions growOptions{options.minLeafSize, options.predictorsPerSplit, options.maxDepth};
  std::vector<Worker> workers(std::max(1u, work.threads));
  std::vector<std::vector<Node>> trees(options.treeCount);
  std::vector<std::vector<double>> gains(options.treeCount);
  std::vector<double> rises(options.permutationImportance ? options.treeCount * p : 0, nan);
  OutOfBag outOfBag(data);
  std::vector<TreeSamples> samples(options.samplesPerLeaf > 0 ? options.treeCount : 0);
  TargetRanks ranks(options.samplesPerLeaf > 0 ? target : Span<const double>());
  std::vector<TreeRows> rows(options.keepRows ? options.treeCount : 0);
  DistinctTargets distinct(options.keepRows ? target : Span<const double>());

  parallelFor(options.treeCount, work, [&](std::size_t t, unsigned w) {
    Worker& worker = workers[w];
    if (!worker.grower) {
      worker.grower = std::make_unique<TreeGrower>(data, growOptions, work);
      worker.counts.resize(n);
    }
    const std::uint64_t seed = mix(options.seed, t);
    Random random(mix(seed, sampleStream));
    drawSample(eligible, options.sampleFraction, random, worker.counts);
    GrownTree grown = worker.grower->grow(worker.counts, mix(seed, splitStream));

    worker.rows.clear();
    for (const std::uint32_t row : eligible)
      if (worker.counts[row] == 0) worker.rows.push_back(row);
    worker.codes.resize(worker.rows.size() * p);
    for (std::size_t i = 0; i < worker.rows.size(); i++)
      std::copy_n(&data.codes[worker.rows[i] * p], p, &worker.codes[i * p]);
    walkTree(Span<const Node>(grown.nodes), worker.codes.data(), p, worker.rows.size(),
             [&](std::size_t i, float value) { outOfBag.add(worker.rows[i], value); });
    if (options.permutationImportance && !worker.rows.empty())
      permutePredictors(Span<const Node>(grown.nodes), worker, p, target, mix(seed, permutationStream), work, &rises[t * p]);

    if (options.samplesPerLeaf > 0 || options.keepRows) {
      const LeavesOfRows found = leavesOfRows(Span<const Node>(grown.nodes), worker, data);
      const Span<const std::uint64_t> own(found.weights);
      const Span<const std::uint32_t> leafOf(found.leafOf);
      const std::size_t leaves = (grown.nodes.size() + 1) / 2;
      if (options.keepRows) rows[t] = rowsOfLeaves(distinct, own, leafOf, leaves);
      else samples[t] = sampleLeaves(ranks, target, own, leafOf, leaves, options.samplesPerLeaf, mix(seed, leafStream));
    }

    for (Node& node : grown.nodes)
      if (!node.isLeaf()) node.cut = data.spreads[node.predictor].code(node.cut);
    trees[t] = std::move(grown.nodes);
    gains[t] = std::move(grown.gains);
  });

  TrainResult result;
  outOfBag.finish(target, result);
  result.impurityImportance = impurityShares(gains, p);
  if (options.permutationImportance) summarisePermutations(rises, p, result);
  result.forest = joinTrees(data, trees, work);
  if (options.keepRows) result.forest.leafRows = joinRows(distinct, rows);
  if (options.samplesPerLeaf > 0) result.forest.leafSamples = joinSamples(ranks, samples, options.samplesPerLeaf);
  return result;
}

}  // namespace loam

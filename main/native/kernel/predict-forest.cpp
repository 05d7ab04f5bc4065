#include "predict-forest.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include "failure.hpp"
#include "map-tiles.hpp"

namespace loam {
namespace {

Span<const Node> treeAfter(const Forest& forest, std::size_t t) {
  return t + 1 < forest.treeCount() ? forest.tree(t + 1) : Span<const Node>();
}

void clearSums(MaskTile& tile) { std::fill_n(tile.sums.data(), tile.blocks * blockCells, 0.0); }

void sumOfTrees(const Forest& forest, AddTree addTree, const Tiling& tiling, std::size_t index, MaskTile& tile,
                Span<const DayOfCells> days, const Work& work) {
  clearSums(tile);
  for (std::size_t t = 0; t < forest.treeCount(); t++) {
    work.throwIfStopped();
    addTree(forest.tree(t).data(), treeAfter(forest, t), tile);
  }
  const double divisor = forest.aggregate == Aggregate::mean ? static_cast<double>(forest.treeCount()) : 1;
  for (std::size_t day = 0; day < days.size(); day++)
    writeTile(tiling, index, tile, day, days[day].out,
              [&](std::size_t place) { return static_cast<float>(forest.base + tile.sums[place] / divisor); });
}

void medianOfTrees(const Forest& forest, AddTree addTree, const Tiling& tiling, std::size_t index, MaskTile& tile,
                   Span<const DayOfCells> days, const Work& work) {
  const std::size_t trees = forest.treeCount(), cells = tile.blocks * blockCells;
  std::vector<float> values(trees * cells);
  for (std::size_t t = 0; t < trees; t++) {
    work.throwIfStopped();
    clearSums(tile);
    addTree(forest.tree(t).data(), treeAfter(forest, t), tile);
    for (std::size_t i = 0; i < cells; i++) values[i * trees + t] = static_cast<float>(tile.sums[i]);
  }
  for (std::size_t day = 0; day < days.size(); day++)
    writeTile(tiling, index, tile, day, days[day].out, [&](std::size_t place) {
      float* own = &values[place * trees];
      float* middle = own + (trees - 1) / 2;
      std::nth_element(own, middle, own + trees);
      return *middle;
    });
}

void checkDays(const Forest& forest, Span<const DayOfCells> days) {
  for (const DayOfCells& day : days) {
    if (day.predictors.size() != forest.predictorCount())
      throw Failure("bad_input", "The model has " + std::to_string(forest.predictorCount()) + " predictors; found " +
                                     std::to_string(day.predictors.size()) + ".");
    if (day.out.size() != days[0].out.size()) throw Failure("bad_input", "Days differ in length.");
    for (const Span<const float>& values : day.predictors)
      if (values.size() != day.out.size()) throw Failure("bad_input", "Predictors and result differ in length.");
  }
}

/** More days are walked in turns: their parts of a place would be too small. */
constexpr std::size_t mostDays = 16;

void predictDays(const Forest& forest, const std::vector<Encoder>& encoders, Span<const DayOfCells> days,
                 std::size_t rowLength, const Work& work) {
  const std::size_t predictors = forest.predictorCount();
  std::vector<bool> isStatic(predictors, days.size() > 1);
  for (std::size_t p = 0; p < predictors; p++)
    for (const DayOfCells& day : days)
      if (day.predictors[p].data() != days[0].predictors[p].data()) isStatic[p] = false;
  const bool isSum = forest.aggregate != Aggregate::median;
  // Cells of days share the codes of static predictors, so more of them fit in the cache (3.9 to 3.1 ns per cell and tree for ten days).
  const std::size_t atOnce = days.size() > 1 ? 4 * tileCells : tileCells;
  // The median keeps every tree's value of a tile: at most 16 million.
  const std::size_t mostCells =
      isSum ? atOnce : std::clamp<std::size_t>((std::size_t{1} << 24) / forest.treeCount(), blockCells, atOnce);
  std::vector<Span<const Span<const float>>> columns;
  for (const DayOfCells& day : days) columns.push_back(day.predictors);
  const Tiling tiling(days[0].out.size(), rowLength, mostCells / days.size());
  const AddTree addTree = addTreeForThisMachine();
  std::vector<std::unique_ptr<MaskTile>> tiles(std::max(1u, work.threads));

  parallelFor(tiling.count, work, [&](std::size_t index, unsigned worker) {
    std::unique_ptr<MaskTile>& tile = tiles[worker];
    if (!tile) tile = std::make_unique<MaskTile>(tiling.width * tiling.height / blockCells, days.size(), isStatic);
    encodeTile(encoders, Span<const Span<const Span<const float>>>(columns), tiling, index, *tile);
    (isSum ? sumOfTrees : medianOfTrees)(forest, addTree, tiling, index, *tile, days, work);
  });
}

}  // namespace

void predictForest(const Forest& forest, Span<const DayOfCells> days, std::size_t rowLength, const Work& work) {
  checkDays(forest, days);
  if (days.empty() || days[0].out.empty()) return;
  const std::vector<Encoder> encoders(forest.cuts.begin(), forest.cuts.end());
  const std::size_t turns = (days.size() + mostDays - 1) / mostDays;
  for (std::size_t turn = 0; turn < turns; turn++) {
    const std::size_t first = days.size() * turn / turns, end = days.size() * (turn + 1) / turns;
    Work own = work;
    if (work.progress && turns > 1)
      own.progress = [&](double share) { work.progress((static_cast<double>(turn) + share) / static_cast<double>(turns)); };
    predictDays(forest, encoders, {days.begin() + first, end - first}, rowLength, own);
  }
}

}  // namespace loam

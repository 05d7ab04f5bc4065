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
                Span<float> out, const Work& work) {
  clearSums(tile);
  for (std::size_t t = 0; t < forest.treeCount(); t++) {
    work.throwIfStopped();
    addTree(forest.tree(t).data(), treeAfter(forest, t), tile);
  }
  const double divisor = forest.aggregate == Aggregate::mean ? static_cast<double>(forest.treeCount()) : 1;
  writeTile(tiling, index, tile, out,
            [&](std::size_t place) { return static_cast<float>(forest.base + tile.sums[place] / divisor); });
}

void medianOfTrees(const Forest& forest, AddTree addTree, const Tiling& tiling, std::size_t index, MaskTile& tile,
                   Span<float> out, const Work& work) {
  const std::size_t trees = forest.treeCount(), cells = tile.blocks * blockCells;
  std::vector<float> values(trees * cells);
  for (std::size_t t = 0; t < trees; t++) {
    work.throwIfStopped();
    clearSums(tile);
    addTree(forest.tree(t).data(), treeAfter(forest, t), tile);
    for (std::size_t i = 0; i < cells; i++) values[i * trees + t] = static_cast<float>(tile.sums[i]);
  }
  writeTile(tiling, index, tile, out, [&](std::size_t place) {
    float* own = &values[place * trees];
    float* middle = own + (trees - 1) / 2;
    std::nth_element(own, middle, own + trees);
    return *middle;
  });
}

}  // namespace

void predictForest(const Forest& forest, Span<const Span<const float>> predictors, std::size_t rowLength, Span<float> out,
                   const Work& work) {
  if (predictors.size() != forest.predictorCount())
    throw Failure("bad_input", "The model has " + std::to_string(forest.predictorCount()) + " predictors; found " +
                                   std::to_string(predictors.size()) + ".");
  for (const Span<const float>& values : predictors)
    if (values.size() != out.size()) throw Failure("bad_input", "Predictors and result differ in length.");
  if (out.empty()) return;

  const std::vector<Encoder> encoders(forest.cuts.begin(), forest.cuts.end());
  const bool isSum = forest.aggregate != Aggregate::median;
  // The median keeps every tree's value of a tile: at most 16 million.
  const std::size_t mostCells =
      isSum ? tileCells : std::clamp<std::size_t>((std::size_t{1} << 24) / forest.treeCount(), blockCells, tileCells);
  const Tiling tiling(out.size(), rowLength, mostCells);
  const AddTree addTree = addTreeForThisMachine();
  std::vector<std::unique_ptr<MaskTile>> tiles(std::max(1u, work.threads));

  parallelFor(tiling.count, work, [&](std::size_t index, unsigned worker) {
    std::unique_ptr<MaskTile>& tile = tiles[worker];
    if (!tile) tile = std::make_unique<MaskTile>(tiling.width * tiling.height / blockCells, predictors.size());
    encodeTile(encoders, predictors, tiling, index, *tile);
    (isSum ? sumOfTrees : medianOfTrees)(forest, addTree, tiling, index, *tile, out, work);
  });
}

}  // namespace loam

#include "predict-forest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>

#include "cut-table.hpp"
#include "failure.hpp"
#include "walk.hpp"

namespace loam {
namespace {

/** Cells walked through one tree before the next tree is taken up: a forest is larger than any cache near the core, so each
 *  tree has to serve many cells while it is in it (16 384 cells: 9.5, 65 536: 5.5 ns per cell and tree). */
constexpr std::size_t largestBlock = 65536;

/** What one thread needs for a block of cells. */
struct Block {
  explicit Block(std::size_t cells, std::size_t predictors) : codes(cells * predictors), sums(cells), at(cells) {}
  /** Cells × predictors, only of cells without NaN. */
  PagedArray<std::uint16_t> codes;
  PagedArray<double> sums;
  /** Where the cells without NaN lie in the block. */
  PagedArray<std::uint32_t> at;
  /** Trees × cells of a part of the block, for the median. */
  std::vector<float> values;
};

std::size_t encodeBlock(const std::vector<Encoder>& encoders, Span<const Span<const float>> predictors, std::size_t first,
                        std::size_t cells, Block& block) {
  std::size_t valid = 0;
  for (std::size_t i = 0; i < cells; i++) {
    bool isMissing = false;
    for (const Span<const float>& values : predictors) isMissing |= std::isnan(values[first + i]);
    block.at[valid] = static_cast<std::uint32_t>(i);
    valid += !isMissing;
  }
  const std::size_t stride = predictors.size();
  for (std::size_t p = 0; p < stride; p++) {
    const float* values = predictors[p].data() + first;
    std::uint16_t* codes = block.codes.data() + p;
    for (std::size_t i = 0; i < valid; i++) codes[i * stride] = encoders[p].code(values[block.at[i]]);
  }
  return valid;
}

void meanOfTrees(const Forest& forest, std::size_t valid, Block& block, float* out, const Work& work) {
  std::fill_n(block.sums.data(), valid, 0.0);
  double* sums = block.sums.data();
  for (std::size_t t = 0; t < forest.treeCount(); t++) {
    work.throwIfStopped();
    walkTree(forest.tree(t), block.codes.data(), forest.predictorCount(), valid,
             [sums](std::size_t cell, float value) { sums[cell] += value; });
  }
  for (std::size_t i = 0; i < valid; i++) out[block.at[i]] = static_cast<float>(sums[i] / forest.treeCount());
}

void medianOfTrees(const Forest& forest, std::size_t valid, Block& block, float* out, const Work& work) {
  constexpr std::size_t part = 256;
  const std::size_t trees = forest.treeCount(), stride = forest.predictorCount();
  block.values.resize(part * trees);
  for (std::size_t first = 0; first < valid; first += part) {
    work.throwIfStopped();
    const std::size_t cells = std::min(part, valid - first);
    for (std::size_t t = 0; t < trees; t++)
      walkTree(forest.tree(t), block.codes.data() + first * stride, stride, cells,
               [&](std::size_t cell, float value) { block.values[cell * trees + t] = value; });
    for (std::size_t i = 0; i < cells; i++) {
      float* values = &block.values[i * trees];
      float* middle = values + (trees - 1) / 2;
      std::nth_element(values, middle, values + trees);
      out[block.at[first + i]] = *middle;
    }
  }
}

}  // namespace

void predictForest(const Forest& forest, Span<const Span<const float>> predictors, Span<float> out, const Work& work) {
  if (predictors.size() != forest.predictorCount())
    throw Failure("bad_input", "The model has " + std::to_string(forest.predictorCount()) + " predictors; found " +
                                   std::to_string(predictors.size()) + ".");
  for (const Span<const float>& values : predictors)
    if (values.size() != out.size()) throw Failure("bad_input", "Predictors and result differ in length.");
  if (out.empty()) return;

  const std::vector<Encoder> encoders(forest.cuts.begin(), forest.cuts.end());
  const unsigned threads = std::max(1u, work.threads);
  // Small jobs are cut smaller so that every thread has a share; a cell's result does not depend on its block.
  const std::size_t share = (out.size() + threads - 1) / threads;
  const std::size_t cells = std::min(largestBlock, std::max<std::size_t>(share, 1024));
  std::vector<std::unique_ptr<Block>> blocks(threads);

  parallelFor((out.size() + cells - 1) / cells, work, [&](std::size_t item, unsigned worker) {
    if (!blocks[worker]) blocks[worker] = std::make_unique<Block>(cells, predictors.size());
    Block& block = *blocks[worker];
    const std::size_t first = item * cells, count = std::min(cells, out.size() - first);
    const std::size_t valid = encodeBlock(encoders, predictors, first, count, block);
    float* own = out.data() + first;
    if (valid < count) std::fill_n(own, count, std::numeric_limits<float>::quiet_NaN());
    if (forest.aggregate == Aggregate::mean)
      meanOfTrees(forest, valid, block, own, work);
    else
      medianOfTrees(forest, valid, block, own, work);
  });
}

}  // namespace loam

#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "forest.hpp"
#include "training-data.hpp"
#include "work.hpp"

namespace loam {

struct GrowOptions {
  /** Fewest rows of a leaf. Counts distinct rows of the tree's sample, as scikit-learn does: a row drawn twice counts once. */
  std::uint32_t minLeafSize = 5;
  /** Predictors tried at each split, drawn anew for each; 0 means all. If none of them can split, further ones are tried. */
  std::uint32_t predictorsPerSplit = 0;
  std::uint32_t maxDepth = 64;
};

struct GrownTree {
  /** In preorder; cuts are spread codes still (see CodeSpread). */
  std::vector<Node> nodes;
  /** Per predictor: sum over its splits of the fall of weight × variance, in fixed-point units squared. */
  std::vector<double> gains;
};

/** Grows trees, one after another, reusing its buffers: one grower per thread.
 *  Greedy least-squares trees (Breiman et al. 1984). Nodes of more than 1 024 rows are split at one of 256 quantile bins;
 *  smaller ones, where bins would be mostly empty, by exact search over sorted rows. */
class TreeGrower {
 public:
  TreeGrower(const TrainingData& data, const GrowOptions& options, const Work& work);
  ~TreeGrower();
  TreeGrower(const TreeGrower&) = delete;
  TreeGrower& operator=(const TreeGrower&) = delete;

  /** @param counts how often each row is in the tree's sample; rows of weight 0 must have the count 0
   *  @param seed of the predictors drawn at the splits */
  GrownTree grow(Span<const std::uint32_t> counts, std::uint64_t seed);

  class Implementation;

 private:
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace loam

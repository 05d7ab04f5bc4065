#include "predict-leaf-rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "map-tiles.hpp"

namespace loam {
namespace {

/** The trees with numbered leaves, and of each leaf its value and the weight of its rows. */
struct NumberedLeaves {
  explicit NumberedLeaves(const Forest& forest) : nodes(forest.nodes.size()) {
    const LeafRows& rows = forest.leafRows;
    for (std::size_t t = 0; t < forest.treeCount(); t++) {
      first.push_back(values.size());
      numberLeaves(forest.tree(t), nodes.data() + forest.treeStarts[t]);
      for (const Node& node : forest.tree(t))
        if (node.isLeaf()) values.push_back(node.value());
    }
    for (std::size_t leaf = 0; leaf < values.size(); leaf++) {
      double weight = 0;
      for (std::size_t i = rows.starts[leaf]; i < rows.starts[leaf + 1]; i++) weight += rows.weights[i];
      weights.push_back(weight);
    }
  }
  PagedArray<Node> nodes;
  /** First leaf of each tree. */
  std::vector<std::size_t> first;
  std::vector<float> values;
  std::vector<double> weights;
};

/** What one thread keeps. */
struct Room {
  Room(std::size_t cells, std::size_t predictors, std::size_t trees)
      : tile(cells / blockCells, predictors), leaves(cells * trees), own(trees) {}
  MaskTile tile;
  /** Trees × cells of the tile: the leaf of each. */
  std::vector<std::uint32_t> leaves;
  /** The leaves of one cell. */
  std::vector<std::size_t> own;
  /** Of one cell, the rows' {rank in the upper half, place in `shares` in the lower}: sorted, equal ranks stay in the order of the trees. */
  std::vector<std::uint64_t> order;
  std::vector<double> shares;
};

struct Request {
  const LeafRows& rows;
  const NumberedLeaves& leaves;
  /** Ascending, and the place of each in the result. */
  std::vector<double> quantiles;
  std::vector<std::size_t> places;
  const IntervalResult& out;
};

void predictCell(const Request& request, Room& room, std::size_t cell) {
  const double trees = static_cast<double>(room.own.size());
  const LeafRows& rows = request.rows;
  room.order.clear();
  room.shares.clear();
  double mean = 0, spread = 0;
  for (const std::size_t leaf : room.own) {
    mean += request.leaves.values[leaf];
    for (std::size_t i = rows.starts[leaf]; i < rows.starts[leaf + 1]; i++) {
      room.order.push_back(static_cast<std::uint64_t>(rows.ranks[i]) << 32 | room.shares.size());
      room.shares.push_back(rows.weights[i] / (request.leaves.weights[leaf] * trees));
    }
  }
  mean /= trees;
  std::sort(room.order.begin(), room.order.end());
  std::size_t k = 0;
  double passed = 0;
  for (const std::uint64_t entry : room.order) {
    const float target = rows.targets[entry >> 32];
    const double share = room.shares[entry & 0xffffffff];
    passed += share;
    spread += share * (target - mean) * (target - mean);
    // The shares add up to 1 but for rounding; so does a share that ends just at a quantile.
    for (; k < request.quantiles.size() && passed >= request.quantiles[k] - 1e-9; k++)
      if (!request.out.quantiles[request.places[k]].empty()) request.out.quantiles[request.places[k]][cell] = target;
  }
  if (!request.out.mean.empty()) request.out.mean[cell] = static_cast<float>(mean);
  if (!request.out.sd.empty()) request.out.sd[cell] = static_cast<float>(std::sqrt(spread));
}

}  // namespace

void predictLeafRows(const Forest& forest, Span<const Span<const float>> predictors, std::size_t rowLength,
                     const std::vector<double>& quantiles, const IntervalResult& out, const Work& work) {
  const std::size_t cells = predictors[0].size(), trees = forest.treeCount();
  const NumberedLeaves leaves(forest);
  Request request{forest.leafRows, leaves, quantiles, {}, out};
  for (std::size_t k = 0; k < quantiles.size(); k++) request.places.push_back(k);
  std::sort(request.places.begin(), request.places.end(),
            [&](std::size_t a, std::size_t b) { return quantiles[a] < quantiles[b]; });
  std::sort(request.quantiles.begin(), request.quantiles.end());

  const std::vector<Encoder> encoders(forest.cuts.begin(), forest.cuts.end());
  const std::size_t mostCells = std::clamp<std::size_t>((std::size_t{1} << 22) / trees, blockCells, tileCells);
  const Tiling tiling(cells, rowLength, mostCells);
  const AddTree addTree = addTreeForThisMachine();
  std::vector<std::unique_ptr<Room>> rooms(std::max(1u, work.threads));

  parallelFor(tiling.count, work, [&](std::size_t index, unsigned worker) {
    if (!rooms[worker]) rooms[worker] = std::make_unique<Room>(tiling.width * tiling.height, predictors.size(), trees);
    Room& room = *rooms[worker];
    encodeTile(encoders, {&predictors, 1}, tiling, index, room.tile);
    const std::size_t places = room.tile.blocks * blockCells;
    for (std::size_t t = 0; t < trees; t++) {
      work.throwIfStopped();
      const std::size_t nextSize = t + 1 < trees ? forest.tree(t + 1).size() : 0;
      // A place without a cell stays in the first leaf of every tree.
      std::fill_n(room.tile.leaves.data(), places, 1.0f);
      addTree(leaves.nodes.data() + forest.treeStarts[t], {leaves.nodes.data() + forest.treeStarts[t + 1], nextSize}, room.tile);
      for (std::size_t place = 0; place < places; place++) {
        std::uint32_t bits;
        std::memcpy(&bits, room.tile.leaves.data() + place, 4);
        room.leaves[t * places + place] = bits - firstLeafBits;
      }
    }
    const float none = std::numeric_limits<float>::quiet_NaN();
    tiling.eachRow(index, [&](std::size_t start, std::size_t first, std::size_t length) {
      work.throwIfStopped();
      for (std::size_t i = 0; i < length; i++) {
        const std::size_t place = start + i / blockSide * blockCells + i % blockSide, cell = first + i;
        if ((room.tile.valid[place / blockCells] >> place % blockCells & 1) == 0) {
          if (!out.mean.empty()) out.mean[cell] = none;
          if (!out.sd.empty()) out.sd[cell] = none;
          for (const Span<float>& values : out.quantiles)
            if (!values.empty()) values[cell] = none;
          continue;
        }
        for (std::size_t t = 0; t < trees; t++) room.own[t] = leaves.first[t] + room.leaves[t * places + place];
        predictCell(request, room, cell);
      }
    });
  });
}

}  // namespace loam

#include "predict-intervals.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>

#include "failure.hpp"
#include "map-tiles.hpp"
#include "predict-leaf-rows.hpp"
#include "select-ranks.hpp"

namespace loam {
namespace {

/** The trees with numbered leaves, and what each leaf holds side by side: {value, square, ranks}. */
struct LeafTable {
  explicit LeafTable(const Forest& forest)
      : perLeaf(forest.leafSamples.perLeaf), stride((8 + 2 * perLeaf + 7) / 8 * 8), nodes(forest.nodes.size()) {
    const LeafSamples& samples = forest.leafSamples;
    records = PagedArray<std::uint8_t>(samples.squares.size() * stride);
    std::size_t leaf = 0;
    for (std::size_t t = 0; t < forest.treeCount(); t++) {
      firstLeaf.push_back(leaf);
      numberLeaves(forest.tree(t), nodes.data() + forest.treeStarts[t]);
      for (const Node& node : forest.tree(t)) {
        if (!node.isLeaf()) continue;
        const float value = node.value();
        std::uint8_t* record = records.data() + leaf * stride;
        std::memcpy(record, &value, 4);
        std::memcpy(record + 4, &samples.squares[leaf], 4);
        std::memcpy(record + 8, &samples.ranks[leaf * perLeaf], 2 * perLeaf);
        leaf++;
      }
    }
  }
  std::size_t perLeaf, stride;
  PagedArray<Node> nodes;
  PagedArray<std::uint8_t> records;
  std::vector<std::size_t> firstLeaf;
};

/** What one thread keeps. */
struct Room {
  Room(std::size_t cells, std::size_t predictors, std::size_t trees, std::size_t perLeaf)
      : tile(cells / blockCells, predictors), sums(cells), squares(cells),
        // A stride that is no power of two: else the ranks of one cell would meet in the same lines of the cache.
        stride(cells * perLeaf + 96), ranks(trees * stride), own(trees * perLeaf) {}
  MaskTile tile;
  std::vector<double> sums;
  std::vector<double> squares;
  std::size_t stride;
  /** Trees × stride: the ranks of all cells of the tile in a tree. */
  PagedArray<std::uint16_t> ranks;
  /** All ranks of one cell. */
  std::vector<std::uint16_t> own;
};

/** Adds a tree's leaves to the sums of the cells, and keeps their ranks. PerLeaf 0: any number. */
template <std::size_t PerLeaf>
void takeLeaves(const LeafTable& leaves, std::size_t t, Room& room) {
  const std::size_t perLeaf = PerLeaf == 0 ? leaves.perLeaf : PerLeaf;
  const std::size_t stride = PerLeaf == 0 ? leaves.stride : (8 + 2 * PerLeaf + 7) / 8 * 8;
  const std::uint8_t* records = leaves.records.data() + leaves.firstLeaf[t] * stride;
  const float* found = room.tile.leaves.data();
  std::uint16_t* ranks = room.ranks.data() + t * room.stride;
  const std::size_t cells = room.tile.blocks * blockCells;
  for (std::size_t cell = 0; cell < cells; cell++, ranks += perLeaf) {
    std::uint32_t bits;
    std::memcpy(&bits, found + cell, 4);
    const std::uint8_t* record = records + (bits - firstLeafBits) * stride;
    float parts[2];
    std::memcpy(parts, record, 8);
    room.sums[cell] += parts[0];
    room.squares[cell] += parts[1];
    std::memcpy(ranks, record + 8, 2 * perLeaf);
  }
}

template <std::size_t PerLeaf>
void gatherRanks(std::size_t cell, std::size_t trees, std::size_t anyPerLeaf, Room& room) {
  const std::size_t perLeaf = PerLeaf == 0 ? anyPerLeaf : PerLeaf;
  const std::uint16_t* from = room.ranks.data() + cell * perLeaf;
  for (std::size_t t = 0; t < trees; t++) std::memcpy(&room.own[t * perLeaf], from + t * room.stride, 2 * perLeaf);
}

void checkRequest(const Forest& forest, Span<const Span<const float>> predictors, const std::vector<double>& quantiles,
                  const IntervalResult& out) {
  if (forest.leafSamples.empty() && forest.leafRows.empty())
    throw Failure("bad_input", "The model keeps no leaf samples, so it has no quantiles. Train it with intervals.");
  if (predictors.size() != forest.predictorCount())
    throw Failure("bad_input", "The model has " + std::to_string(forest.predictorCount()) + " predictors; found " +
                                   std::to_string(predictors.size()) + ".");
  if (out.quantiles.size() != quantiles.size()) throw Failure("bad_input", "Quantiles and results differ in number.");
  for (const double quantile : quantiles)
    if (!(quantile > 0 && quantile < 1)) throw Failure("bad_input", "A quantile must lie between 0 and 1.");
  const std::size_t cells = predictors[0].size();
  for (const Span<const float>& values : predictors)
    if (values.size() != cells) throw Failure("bad_input", "Predictors differ in length.");
  const auto fits = [&](Span<float> values) { return values.empty() || values.size() == cells; };
  if (!fits(out.mean) || !fits(out.sd) || !std::all_of(out.quantiles.begin(), out.quantiles.end(), fits))
    throw Failure("bad_input", "Predictors and result differ in length.");
}

}  // namespace

void predictIntervals(const Forest& forest, Span<const Span<const float>> predictors, std::size_t rowLength,
                      const std::vector<double>& quantiles, const IntervalResult& out, const Work& work) {
  checkRequest(forest, predictors, quantiles, out);
  const std::size_t cells = predictors[0].size(), trees = forest.treeCount(), perLeaf = forest.leafSamples.perLeaf;
  if (cells == 0) return;
  if (!forest.leafRows.empty()) return predictLeafRows(forest, predictors, rowLength, quantiles, out, work);

  // Ascending, with the place each came from.
  std::vector<std::size_t> places(quantiles.size());
  for (std::size_t k = 0; k < places.size(); k++) places[k] = k;
  std::sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) { return quantiles[a] < quantiles[b]; });
  std::vector<std::uint32_t> wanted;
  const double all = static_cast<double>(trees * perLeaf);
  for (const std::size_t k : places)
    // 0.05 × 500 is a little above 25 in binary; that is not the 26th.
    wanted.push_back(static_cast<std::uint32_t>(std::clamp(std::ceil(quantiles[k] * all * (1 - 1e-12)), 1.0, all)));

  const LeafTable leaves(forest);
  const std::vector<Encoder> encoders(forest.cuts.begin(), forest.cuts.end());
  // The ranks of a tile take 8 MB: more cells would walk a little faster, but their ranks wait for main memory.
  const std::size_t mostCells = std::clamp<std::size_t>((std::size_t{1} << 22) / (trees * perLeaf), blockCells, tileCells);
  const Tiling tiling(cells, rowLength, mostCells);
  const AddTree addTree = addTreeForThisMachine();
  const SelectRanks select = selectRanksForThisMachine();
  const auto take = perLeaf == 4 ? takeLeaves<4> : perLeaf == 8 ? takeLeaves<8> : takeLeaves<0>;
  const auto gather = perLeaf == 4 ? gatherRanks<4> : perLeaf == 8 ? gatherRanks<8> : gatherRanks<0>;
  std::vector<std::unique_ptr<Room>> rooms(std::max(1u, work.threads));
  const float none = std::numeric_limits<float>::quiet_NaN();

  parallelFor(tiling.count, work, [&](std::size_t index, unsigned worker) {
    if (!rooms[worker]) rooms[worker] = std::make_unique<Room>(tiling.width * tiling.height, predictors.size(), trees, perLeaf);
    Room& room = *rooms[worker];
    encodeTile(encoders, {&predictors, 1}, tiling, index, room.tile);
    const std::size_t tilePlaces = room.tile.blocks * blockCells;
    // A place without a cell stays in the first leaf of every tree.
    std::fill_n(room.tile.leaves.data(), tilePlaces, 1.0f);
    std::fill_n(room.sums.data(), tilePlaces, 0.0);
    std::fill_n(room.squares.data(), tilePlaces, 0.0);
    for (std::size_t t = 0; t < trees; t++) {
      work.throwIfStopped();
      const Node* next = leaves.nodes.data() + forest.treeStarts[t + 1];
      const std::size_t nextSize = t + 1 < trees ? forest.tree(t + 1).size() : 0;
      addTree(leaves.nodes.data() + forest.treeStarts[t], {next, nextSize}, room.tile);
      take(leaves, t, room);
    }
    std::vector<std::uint16_t> selected(wanted.size());
    tiling.eachRow(index, [&](std::size_t start, std::size_t first, std::size_t length) {
      for (std::size_t i = 0; i < length; i++) {
        const std::size_t place = start + i / blockSide * blockCells + i % blockSide, cell = first + i;
        const bool isValid = (room.tile.valid[place / blockCells] >> place % blockCells & 1) != 0;
        const double mean = room.sums[place] / static_cast<double>(trees);
        if (!out.mean.empty()) out.mean[cell] = isValid ? static_cast<float>(mean) : none;
        if (!out.sd.empty()) {
          const double gap = mean - forest.leafSamples.centre;
          const double variance = room.squares[place] / static_cast<double>(trees) - gap * gap;
          out.sd[cell] = isValid ? static_cast<float>(std::sqrt(std::max(0.0, variance))) : none;
        }
        if (wanted.empty()) continue;
        if (isValid) {
          gather(place, trees, perLeaf, room);
          select(room.own.data(), trees * perLeaf, wanted.data(), wanted.size(), selected.data());
        }
        for (std::size_t k = 0; k < wanted.size(); k++)
          if (!out.quantiles[places[k]].empty())
            out.quantiles[places[k]][cell] = isValid ? forest.leafSamples.targets[selected[k]] : none;
      }
    });
  });
}

}  // namespace loam

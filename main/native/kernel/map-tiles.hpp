#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "cut-table.hpp"
#include "mask-walk.hpp"
#include "span.hpp"

namespace loam {

/** Cells of a tile: with ten predictors their codes and sums take some 450 kB, which the core's own cache holds beside a tree. */
constexpr std::size_t tileSide = 128;
constexpr std::size_t tileCells = tileSide * tileSide;
constexpr std::size_t blockSide = 8;
static_assert(blockSide * blockSide == blockCells, "a block is a square of the map");

/** How the cells lie in tiles: tile by tile, in it block by block, in that row by row. */
struct Tiling {
  Tiling(std::size_t cells, std::size_t rowLength, std::size_t mostCells) : cells(cells) {
    // Cells that are no map are taken as one of 8 columns: a block is then 64 cells that follow each other.
    cols = rowLength == 0 ? blockSide : rowLength;
    rows = (cells + cols - 1) / cols;
    width = std::min<std::size_t>(tileSide, (cols + blockSide - 1) / blockSide * blockSide);
    // About square: the nearer cells are, the more they are alike.
    while (width > blockSide && width * width / 2 > mostCells) width -= blockSide;
    height = std::max(blockSide, mostCells / width / blockSide * blockSide);
    tilesAcross = (cols + width - 1) / width;
    count = (rows + height - 1) / height * tilesAcross;
  }
  std::size_t cells, rows, cols, width, height, tilesAcross, count;

  /** Calls take(place in the tile, first cell, length) for each row of a tile, which lies in it as runs of 8 cells: the first at
   *  the place, each further one a block later. */
  template <class Take>
  void eachRow(std::size_t tile, Take&& take) const {
    const std::size_t top = tile / tilesAcross * height, left = tile % tilesAcross * width;
    const std::size_t bottom = std::min(rows, top + height), right = std::min(cols, left + width);
    const std::size_t blocksAcross = (right - left + blockSide - 1) / blockSide;
    for (std::size_t row = top; row < bottom; row++) {
      const std::size_t first = row * cols + left, down = row - top;
      if (first < cells)
        take(down / blockSide * blocksAcross * blockCells + down % blockSide * blockSide, first, std::min(right - left, cells - first));
    }
  }
  std::size_t blocksOf(std::size_t tile) const {
    const std::size_t top = tile / tilesAcross * height, left = tile % tilesAcross * width;
    const std::size_t down = std::min(rows - top, height), across = std::min(cols - left, width);
    return (down + blockSide - 1) / blockSide * ((across + blockSide - 1) / blockSide);
  }
};

/** Bit i: the value of cell i of up to 8 is missing. */
inline std::uint64_t missingOf(const float* values, std::size_t length) {
  std::uint64_t missing = 0;
  for (std::size_t i = 0; i < length; i++) missing |= static_cast<std::uint64_t>(std::isnan(values[i])) << i;
  return missing;
}

/** Codes a tile's cells.
 *  @param days as many as the tile has: the predictors of each, those that the tile has as static the same on each */
inline void encodeTile(const std::vector<Encoder>& encoders, Span<const Span<const Span<const float>>> days, const Tiling& tiling,
                       std::size_t index, MaskTile& tile) {
  const std::size_t dayCount = days.size();
  tile.blocks = tiling.blocksOf(index) * dayCount;
  std::fill_n(tile.valid.data(), tile.blocks, 0);
  tiling.eachRow(index, [&](std::size_t place, std::size_t, std::size_t length) {
    for (; length > 0; place += blockCells) {
      const std::size_t run = std::min(blockSide, length);
      const std::uint64_t cells = ((std::uint64_t{1} << run) - 1) << place % blockCells;
      for (std::size_t day = 0; day < dayCount; day++) tile.valid[place / blockCells * dayCount + day] |= cells;
      length -= run;
    }
  });
  std::uint16_t row[tileSide];
  for (std::size_t p = 0; p < encoders.size(); p++) {
    const Encoder& encoder = encoders[p];
    std::uint16_t* codes = tile.codes.data() + p * tile.capacity;
    const bool isStatic = tile.isStatic(p);
    for (std::size_t day = 0; day < (isStatic ? 1 : dayCount); day++) {
      const float* values = days[day][p].data();
      tiling.eachRow(index, [&](std::size_t place, std::size_t first, std::size_t length) {
        encoder.encode(values + first, length, row);
        bool hasMissing = false;
        for (std::size_t i = 0; i < length; i++) hasMissing |= values[first + i] != values[first + i];
        for (std::size_t i = 0; i < length; i += blockSide, place += blockCells) {
          const std::size_t run = std::min(blockSide, length - i), within = place % blockCells;
          const std::size_t firstBlock = place / blockCells * dayCount;
          const std::size_t at = isStatic ? place / blockCells : firstBlock + day;
          std::memcpy(codes + at * blockCells + within, row + i, run * sizeof *row);
          if (!hasMissing) continue;
          const std::uint64_t kept = ~(missingOf(values + first + i, run) << within);
          for (std::size_t d = isStatic ? 0 : day; d < (isStatic ? dayCount : day + 1); d++) tile.valid[firstBlock + d] &= kept;
        }
      });
    }
  }
}

/** Writes finish(place in the tile) to each valid cell of a day of a tile and NaN to the others. */
template <class Finish>
void writeTile(const Tiling& tiling, std::size_t index, const MaskTile& tile, std::size_t day, Span<float> out, Finish&& finish) {
  tiling.eachRow(index, [&](std::size_t start, std::size_t first, std::size_t length) {
    for (std::size_t i = 0; i < length; i++) {
      const std::size_t block = (start / blockCells + i / blockSide) * tile.days + day, within = start % blockCells + i % blockSide;
      const bool isValid = (tile.valid[block] >> within & 1) != 0;
      out[first + i] = isValid ? finish(block * blockCells + within) : std::numeric_limits<float>::quiet_NaN();
    }
  });
}

}  // namespace loam

#pragma once
#include <array>
#include <cstdint>
#include <cstring>

namespace loam {

constexpr std::size_t maxSlabs = 16;

/** What a row is in the round under way. */
enum Role : std::uint8_t { ignored = 0, counted = 1, validation = 2 };

/** A record is {residual: int32, role: uint8, [row number: uint32, with row sampling], bin of each predictor: uint8}. */
constexpr std::size_t roleAt = 4, rowAt = 5;

inline std::int32_t residualOf(const std::uint8_t* record) {
  std::int32_t value;
  std::memcpy(&value, record, sizeof value);
  return value;
}
inline void setResidual(std::uint8_t* record, std::int32_t value) { std::memcpy(record, &value, sizeof value); }

/** Sum of residuals and number of rows in one 64-bit integer, so that a row is counted by one add. */
struct Packing {
  explicit Packing(std::size_t rows) {
    while (rows >> countBits != 0) countBits++;
    // Residuals have 31 bits, of which `dropped` do not fit into the sum.
    const unsigned room = 63 - 2 * countBits;
    dropped = room < 31 ? 31 - room : 0;
  }
  std::int64_t pack(std::int32_t residual) const {
    const std::int64_t rounded = (static_cast<std::int64_t>(residual) + (dropped > 0 ? 1 << (dropped - 1) : 0)) >> dropped;
    return rounded * (std::int64_t{1} << countBits) + 1;
  }
  std::uint32_t count(std::int64_t packed) const {
    return static_cast<std::uint32_t>(packed & ((std::int64_t{1} << countBits) - 1));
  }
  /** In units of 2^dropped. */
  double residuals(std::int64_t packed) const { return static_cast<double>(packed >> countBits); }

  unsigned countBits = 0;
  unsigned dropped = 0;
};

/** A node's rows: a run of records in each slab. */
struct Runs {
  struct Run {
    std::uint32_t begin, end;
  };
  std::array<Run, maxSlabs> of;
  std::uint32_t size(std::size_t slabs) const {
    std::uint32_t rows = 0;
    for (std::size_t s = 0; s < slabs; s++) rows += of[s].end - of[s].begin;
    return rows;
  }
};

}  // namespace loam

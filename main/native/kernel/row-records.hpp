#pragma once
#include <cstdint>
#include <cstring>
#include <vector>

#include "span.hpp"
#include "split-search.hpp"
#include "training-data.hpp"

namespace loam {

/** The rows of a tree's sample. A record is {weight × target: int64, weight: uint32, spread codes: uint16 each}: the rows of a node
 *  lie one after another in one of two buffers, and move to the other one when the node is split. */
class RowRecords {
 public:
  explicit RowRecords(const TrainingData& data)
      : data_(data), predictors_(data.predictors), stride_((headerBytes + 2 * predictors_ + 7) / 8 * 8) {}

  struct Rows {
    std::uint32_t begin;
    std::uint32_t end;
    int buffer;
    std::uint32_t size() const { return end - begin; }
  };

  std::size_t stride() const { return stride_; }
  std::uint8_t* at(int buffer, std::size_t row) { return buffers_[buffer].data() + row * stride_; }
  static std::int64_t targetOf(const std::uint8_t* record) {
    std::int64_t value;
    std::memcpy(&value, record, sizeof value);
    return value;
  }
  static std::uint32_t weightOf(const std::uint8_t* record) {
    std::uint32_t value;
    std::memcpy(&value, record + 8, sizeof value);
    return value;
  }
  static std::uint16_t codeOf(const std::uint8_t* record, std::size_t predictor) {
    std::uint16_t value;
    std::memcpy(&value, record + headerBytes + 2 * predictor, sizeof value);
    return value;
  }

  /** Fills the first buffer with the rows of a tree's sample. */
  Sums fill(Span<const std::uint32_t> counts) {
    Sums sums;
    for (const std::uint32_t count : counts) sums.rows += count > 0;
    for (auto& buffer : buffers_)
      if (buffer.size() < sums.rows * stride_) buffer.resize(sums.rows * stride_);
    std::uint8_t* to = buffers_[0].data();
    for (std::size_t row = 0; row < counts.size(); row++) {
      if (counts[row] == 0) continue;
      const std::uint32_t weight = counts[row] * (data_.weights.empty() ? 1 : data_.weights[row]);
      const std::int64_t target = static_cast<std::int64_t>(data_.fixedTarget[row]) * weight;
      std::memcpy(to, &target, 8);
      std::memcpy(to + 8, &weight, 4);
      std::memcpy(to + headerBytes, &data_.codes[row * predictors_], 2 * predictors_);
      to += stride_;
      sums.target += target;
      sums.weight += weight;
    }
    return sums;
  }

  /** Whether all targets are the same. */
  bool isPure(Rows rows) {
    const std::uint8_t* first = at(rows.buffer, rows.begin);
    const std::int64_t target = targetOf(first), weight = weightOf(first);
    for (std::uint32_t row = rows.begin + 1; row < rows.end; row++) {
      const std::uint8_t* other = at(rows.buffer, row);
      if (targetOf(other) / weightOf(other) != target / weight) return false;
    }
    return true;
  }

  /** Moves a node's rows to the other buffer, left child first, and returns where the right child begins. */
  std::uint32_t move(Rows rows, int predictor, std::uint16_t cut) {
    // Of a known size a record is copied in a step or two: a seventh of training otherwise goes into calls of memcpy.
    switch (stride_) {
      case 16: return moveRecords(rows, predictor, cut, [] { return std::size_t{16}; });
      case 24: return moveRecords(rows, predictor, cut, [] { return std::size_t{24}; });
      case 32: return moveRecords(rows, predictor, cut, [] { return std::size_t{32}; });
      case 40: return moveRecords(rows, predictor, cut, [] { return std::size_t{40}; });
      case 48: return moveRecords(rows, predictor, cut, [] { return std::size_t{48}; });
      default: return moveRecords(rows, predictor, cut, [this] { return stride_; });
    }
  }

 private:
  static constexpr std::size_t headerBytes = 12;

  template <class Stride>
  std::uint32_t moveRecords(Rows rows, int predictor, std::uint16_t cut, Stride stride) {
    std::uint8_t* left = at(1 - rows.buffer, rows.begin);
    std::uint8_t* right = at(1 - rows.buffer, rows.end) - stride();
    const std::uint8_t* from = at(rows.buffer, rows.begin);
    for (std::uint32_t row = rows.begin; row < rows.end; row++, from += stride()) {
      const bool goesLeft = codeOf(from, predictor) <= cut;
      std::memcpy(goesLeft ? left : right, from, stride());
      left += goesLeft ? stride() : 0;
      right -= goesLeft ? 0 : stride();
    }
    return static_cast<std::uint32_t>((left - buffers_[1 - rows.buffer].data()) / stride());
  }

  const TrainingData& data_;
  std::size_t predictors_;
  std::size_t stride_;
  std::vector<std::uint8_t> buffers_[2];
};

}  // namespace loam

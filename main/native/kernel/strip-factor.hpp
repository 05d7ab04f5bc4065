#pragma once
#include <cstddef>
#include <vector>

#include "work.hpp"

namespace loam {

/** A symmetric positive definite matrix and its Cholesky factor L, which takes its place: the lower triangle in strips of 8 rows,
 *  each column by column up to its last row. Half the memory of a square, and what the innermost loop reads in one stream.
 *  Rows are filled up to whole strips with those of the identity. Every entry is summed in one fixed order, so that the bytes
 *  are the same on any number of threads. */
class StripFactor {
 public:
  StripFactor() = default;
  explicit StripFactor(std::size_t order);

  std::size_t order() const { return order_; }
  /** Rows with those that fill the last strip: the length of everything that is solved. */
  std::size_t rows() const { return rows_; }
  /** Eight entries of column j, of the rows from 8 · s on; j <= 8 · s + 7. */
  double* column(std::size_t s, std::size_t j) { return entries_.data() + stripStart(s) + j * 8; }
  const double* column(std::size_t s, std::size_t j) const { return entries_.data() + stripStart(s) + j * 8; }

  /** Factors the entries, blocked for the cache; diagonals then hold the inverse of the pivot.
   *  @returns the first row whose pivot is not above `least`, or the order when all are
   *  @throws Failure cancelled */
  std::size_t factor(double least, const Work& work);

  /** b becomes L⁻¹ b; b has rows() numbers. */
  void solveLower(double* b) const;
  /** y becomes L⁻ᵀ y. */
  void solveUpper(double* y) const;
  /** Each of `count` panels [row × 24], one after the other and 64-byte aligned, becomes L⁻¹ times itself. Rows before `first`, a
   *  multiple of 8, are zero. */
  void solvePanels(double* panels, std::size_t count, std::size_t first) const;

 private:
  static std::size_t stripStart(std::size_t s) { return 32 * s * (s + 1); }
  std::size_t factorDiagonal(std::size_t first, std::size_t end, double least, std::vector<double>& inverse);

  std::size_t order_ = 0;
  std::size_t rows_ = 0;
  std::vector<double> entries_;
};

}  // namespace loam

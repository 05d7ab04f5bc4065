#pragma once
#include <cstddef>
#include <vector>

#include "work.hpp"

namespace loam {

/** Cholesky factor of a symmetric n × n matrix, row-major, in its lower triangle, in place; the upper one is left alone.
 *  @param least pivots at or below it are taken as zero
 *  @returns n, or the row whose pivot vanished */
std::size_t factorCholesky(std::vector<double>& matrix, std::size_t n, double least, const Work& work);

/** Solves L y = b, then Lᵀ x = y, in place. */
void solveLower(const std::vector<double>& factor, std::size_t n, double* b);
void solveUpper(const std::vector<double>& factor, std::size_t n, double* y);

/** Inverts a small symmetric positive definite p × p matrix, in place.
 *  @returns false, and leaves it, when a pivot falls to 1e-10 of its diagonal */
bool invertSmall(std::vector<double>& a, std::size_t p);

}  // namespace loam

#include "cholesky.hpp"

#include <algorithm>
#include <cmath>

#include "team.hpp"

namespace loam {
namespace {

/** Rows and columns that are factored together. */
constexpr std::size_t block = 64;

/** Eight running sums, so that the order of additions, and with it every bit, is the same on all machines. */
double dot(const double* a, const double* b, std::size_t n) {
  double sums[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (std::size_t l = 0; l < 8; l++) sums[l] += a[i + l] * b[i + l];
  double total = ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
  for (; i < n; i++) total += a[i] * b[i];
  return total;
}

}  // namespace

std::size_t factorCholesky(std::vector<double>& matrix, std::size_t n, double least, const Work& work) {
  double* a = matrix.data();
  Team team(work.threads);
  for (std::size_t first = 0; first < n; first += block) {
    work.throwIfStopped();
    const std::size_t end = std::min(n, first + block);
    for (std::size_t i = first; i < end; i++) {
      for (std::size_t j = first; j < i; j++) a[i * n + j] = (a[i * n + j] - dot(a + i * n, a + j * n, j)) / a[j * n + j];
      const double pivot = a[i * n + i] - dot(a + i * n, a + i * n, i);
      if (!(pivot > least)) return i;
      a[i * n + i] = std::sqrt(pivot);
    }
    const std::size_t groups = (n - end + block - 1) / block;
    team.each(groups, [&](std::size_t group, unsigned) {
      const std::size_t top = end + group * block, bottom = std::min(n, top + block);
      for (std::size_t i = top; i < bottom; i++)
        for (std::size_t j = first; j < end; j++) a[i * n + j] = (a[i * n + j] - dot(a + i * n, a + j * n, j)) / a[j * n + j];
    });
  }
  return n;
}

void solveLower(const std::vector<double>& factor, std::size_t n, double* b) {
  for (std::size_t i = 0; i < n; i++) b[i] = (b[i] - dot(factor.data() + i * n, b, i)) / factor[i * n + i];
}

void solveUpper(const std::vector<double>& factor, std::size_t n, double* y) {
  for (std::size_t i = n; i-- > 0;) {
    y[i] /= factor[i * n + i];
    const double* row = factor.data() + i * n;
    for (std::size_t j = 0; j < i; j++) y[j] -= row[j] * y[i];
  }
}

bool invertSmall(std::vector<double>& a, std::size_t p) {
  std::vector<double> own = a, inverse(p * p, 0.0);
  for (std::size_t i = 0; i < p; i++) inverse[i * p + i] = 1;
  for (std::size_t k = 0; k < p; k++) {
    const double pivot = own[k * p + k];
    if (!(pivot > 1e-10 * a[k * p + k])) return false;
    for (std::size_t j = 0; j < p; j++) own[k * p + j] /= pivot, inverse[k * p + j] /= pivot;
    for (std::size_t i = 0; i < p; i++) {
      if (i == k) continue;
      const double factor = own[i * p + k];
      for (std::size_t j = 0; j < p; j++) {
        own[i * p + j] -= factor * own[k * p + j];
        inverse[i * p + j] -= factor * inverse[k * p + j];
      }
    }
  }
  a = inverse;
  return true;
}

}  // namespace loam

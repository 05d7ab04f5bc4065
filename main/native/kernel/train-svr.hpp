#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "span.hpp"
#include "work.hpp"

namespace loam {

struct SvrOptions {
  /** C of each row. */
  double cost = 1;
  double gamma = 0.1;
  /** Half the width of the tube in which errors cost nothing, in the unit of the target. */
  double epsilon = 0.1;
  /** The search ends when no pair of rows breaks the optimality conditions by more. */
  double tolerance = 1e-3;
  std::size_t mostSteps = 10'000'000;
  /** For rows of the kernel matrix that are kept. */
  std::size_t cacheBytes = std::size_t{256} << 20;
};

struct TrainedSvr {
  /** α − α* of each row, in [−cost, cost]; 0 for rows in the tube. */
  std::vector<double> coefficients;
  /** f(x) = Σ coefficient · exp(−γ |x − row|²) + bias. */
  double bias = 0;
  std::size_t steps = 0;
  /** ½ αᵀQα + pᵀα, which training makes least. */
  double objective = 0;
};

/** ε-support vector regression with a radial kernel, by sequential minimal optimisation: each step solves the problem of the pair
 *  of rows that second-order information says to gain most. One thread; no randomness.
 *  @param columns predictor by predictor, standardised, finite
 *  @throws Failure cancelled; bad_input when mostSteps did not suffice
 *  Source: Smola & Schölkopf (2004), Statistics and Computing 14; Fan, Chen & Lin (2005), JMLR 6; Chang & Lin (2011), LIBSVM. */
TrainedSvr trainSvr(Span<const Span<const double>> columns, Span<const double> target, const SvrOptions& options, const Work& work);

}  // namespace loam

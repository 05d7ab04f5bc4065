#pragma once
#include <cstddef>

namespace loam {

/** Places that the radial kernel takes at once. */
constexpr std::size_t radialBlock = 64;

/** The innermost loop of a radial kernel exp(−γ |x − v|²), compiled once for each instruction set; the same bits with each, as
 *  nothing is joined or reordered.
 *  sums[c] += Σ_v weights[v] · exp(−γ Σ_p (x[p][c] − vectors[v][p])²) for the 64 places c of a block.
 *  @param x predictor by predictor, 64 places each
 *  @param vectors vector by vector, `predictors` numbers each */
using AddRadial = void (*)(const double* x, std::size_t predictors, const double* vectors, const double* weights,
                           std::size_t count, double gamma, double* sums);

/** @throws Failure bad_input when LOAM_ISA names a set that this machine lacks */
AddRadial radialForThisMachine();

}  // namespace loam

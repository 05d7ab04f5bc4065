#pragma once
#include <cstddef>
#include <list>
#include <memory>
#include <vector>

#include "radial-kernel.hpp"
#include "span.hpp"

namespace loam {

/** Rows of the matrix of radial kernels between all pairs of training rows, computed when they are asked for; those used last are
 *  kept as far as the memory goes. */
class KernelRows {
 public:
  KernelRows(Span<const Span<const double>> columns, std::size_t rows, double gamma, std::size_t cacheBytes);

  /** Kernels of a training row with all; as float32, which halves the memory and is far below the tolerance. It stays valid until
   *  the row after the next one is asked for. */
  const float* row(std::size_t i);

 private:
  using Uses = std::list<std::size_t>;
  void fill(std::size_t i, float* out);

  std::size_t rows_, predictors_, blocks_;
  double gamma_;
  AddRadial add_;
  /** Block by block, in it predictor by predictor; row by row. */
  std::vector<double> blocked_, points_;
  std::size_t mostKept_;
  std::vector<std::unique_ptr<float[]>> kept_;
  /** Last used first. */
  Uses uses_;
  std::vector<Uses::iterator> place_;
};

}  // namespace loam

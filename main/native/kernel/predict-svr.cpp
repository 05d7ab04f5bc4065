#include "predict-svr.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "radial-kernel.hpp"

namespace loam {
namespace {

/** Cells that one thread takes at once. */
constexpr std::size_t chunkCells = 16 * radialBlock;

}  // namespace

void predictSvr(const SvrModel& model, Span<const Span<const float>> columns, Span<float> results, const Work& work) {
  const std::size_t n = results.size(), predictors = columns.size(), count = model.coefficients.size();
  const AddRadial add = radialForThisMachine();
  parallelFor((n + chunkCells - 1) / chunkCells, work, [&](std::size_t chunk, unsigned) {
    std::vector<double> x(predictors * radialBlock);
    const std::size_t end = std::min(n, (chunk + 1) * chunkCells);
    for (std::size_t first = chunk * chunkCells; first < end; first += radialBlock) {
      const std::size_t length = std::min(radialBlock, end - first);
      bool isMissing[radialBlock] = {};
      for (std::size_t p = 0; p < predictors; p++) {
        const double mean = model.means[p], scale = model.scales[p];
        double* own = &x[p * radialBlock];
        for (std::size_t c = 0; c < radialBlock; c++) {
          const double value = c < length ? static_cast<double>(columns[p][first + c]) : mean;
          // A missing or infinite value would spread through the block's sums as well as its own.
          const bool isFinite = std::isfinite(value);
          if (!isFinite) isMissing[c] = true;
          own[c] = isFinite && scale > 0 ? (value - mean) / scale : 0;
        }
      }
      double sums[radialBlock] = {};
      add(x.data(), predictors, model.vectors.data(), model.coefficients.data(), count, model.gamma, sums);
      for (std::size_t c = 0; c < length; c++)
        results[first + c] = isMissing[c] ? std::numeric_limits<float>::quiet_NaN()
                                          : static_cast<float>((sums[c] + model.bias) * model.targetScale + model.targetMean);
    }
  });
}

}  // namespace loam

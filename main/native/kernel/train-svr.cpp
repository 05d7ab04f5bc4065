#include "train-svr.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "failure.hpp"
#include "kernel-rows.hpp"

namespace loam {
namespace {

/** Curvature below this is taken as this, as two rows of the same predictors have none. */
constexpr double leastCurvature = 1e-12;
constexpr double infinity = std::numeric_limits<double>::infinity();

/** The dual problem: variables 0 to n − 1 are α (sign +1), n to 2n − 1 are α* (sign −1), each in [0, cost]. */
class Dual {
 public:
  Dual(KernelRows& kernels, Span<const double> target, const SvrOptions& options)
      : kernels_(kernels), n_(target.size()), cost_(options.cost), alpha_(2 * n_, 0.0), linear_(2 * n_), gradient_(2 * n_) {
    for (std::size_t i = 0; i < n_; i++) {
      linear_[i] = options.epsilon - target[i];
      linear_[i + n_] = options.epsilon + target[i];
    }
    gradient_ = linear_;
  }

  /** One step. @returns by how much the worst pair broke the conditions before it */
  double step(double tolerance) {
    double highest = -infinity;
    std::size_t first = 2 * n_;
    for (std::size_t t = 0; t < n_; t++) {
      if (alpha_[t] < cost_ && -gradient_[t] > highest) highest = -gradient_[t], first = t;
      if (alpha_[t + n_] > 0 && gradient_[t + n_] > highest) highest = gradient_[t + n_], first = t + n_;
    }
    if (first == 2 * n_) return 0;
    const float* own = kernels_.row(first % n_);
    double lowest = -infinity, best = infinity;
    std::size_t second = 2 * n_;
    for (std::size_t t = 0; t < n_; t++) {
      const double curvature = std::max(2 - 2 * static_cast<double>(own[t]), leastCurvature);
      if (alpha_[t] > 0) consider(gradient_[t], t, highest, curvature, lowest, best, second);
      if (alpha_[t + n_] < cost_) consider(-gradient_[t + n_], t + n_, highest, curvature, lowest, best, second);
    }
    const double broken = highest + lowest;
    if (broken < tolerance || second == 2 * n_) return broken;
    solvePair(first, second, own, kernels_.row(second % n_));
    return broken;
  }

  double bias() const {
    double upper = infinity, lower = -infinity, sum = 0;
    std::size_t free = 0;
    for (std::size_t t = 0; t < 2 * n_; t++) {
      const double value = signOf(t) * gradient_[t];
      const bool isPlus = t < n_;
      if (alpha_[t] >= cost_) {
        if (isPlus) lower = std::max(lower, value);
        else upper = std::min(upper, value);
      } else if (alpha_[t] <= 0) {
        if (isPlus) upper = std::min(upper, value);
        else lower = std::max(lower, value);
      } else {
        free++, sum += value;
      }
    }
    return -(free > 0 ? sum / static_cast<double>(free) : (upper + lower) / 2);
  }

  double objective() const {
    double sum = 0;
    for (std::size_t t = 0; t < 2 * n_; t++) sum += alpha_[t] * (gradient_[t] + linear_[t]);
    return sum / 2;
  }

  std::vector<double> coefficients() const {
    std::vector<double> result(n_);
    for (std::size_t i = 0; i < n_; i++) result[i] = alpha_[i] - alpha_[i + n_];
    return result;
  }

 private:
  double signOf(std::size_t t) const { return t < n_ ? 1 : -1; }

  static void consider(double slope, std::size_t t, double highest, double curvature, double& lowest, double& best,
                       std::size_t& second) {
    if (slope > lowest) lowest = slope;
    const double broken = highest + slope;
    if (broken <= 0) return;
    const double gain = -(broken * broken) / curvature;
    if (gain < best) best = gain, second = t;
  }

  /** The best values of two variables, the sum of sign · value kept, within their box. */
  void solvePair(std::size_t i, std::size_t j, const float* rowI, const float* rowJ) {
    const double curvature = std::max(2 - 2 * static_cast<double>(rowI[j % n_]), leastCurvature);
    const double oldI = alpha_[i], oldJ = alpha_[j];
    double& a = alpha_[i];
    double& b = alpha_[j];
    if (signOf(i) != signOf(j)) {
      const double change = (-gradient_[i] - gradient_[j]) / curvature, apart = a - b;
      a += change, b += change;
      if (apart > 0) {
        if (b < 0) b = 0, a = apart;
        if (a > cost_) a = cost_, b = cost_ - apart;
      } else {
        if (a < 0) a = 0, b = -apart;
        if (b > cost_) b = cost_, a = cost_ + apart;
      }
    } else {
      const double change = (gradient_[i] - gradient_[j]) / curvature, both = a + b;
      a -= change, b += change;
      if (both > cost_) {
        if (a > cost_) a = cost_, b = both - cost_;
        if (b > cost_) b = cost_, a = both - cost_;
      } else {
        if (b < 0) b = 0, a = both;
        if (a < 0) a = 0, b = both;
      }
    }
    const double byI = signOf(i) * (a - oldI), byJ = signOf(j) * (b - oldJ);
    double* plus = gradient_.data();
    double* minus = plus + n_;
    for (std::size_t t = 0; t < n_; t++) {
      const double rise = byI * static_cast<double>(rowI[t]) + byJ * static_cast<double>(rowJ[t]);
      plus[t] += rise;
      minus[t] -= rise;
    }
  }

  KernelRows& kernels_;
  std::size_t n_;
  double cost_;
  std::vector<double> alpha_, linear_, gradient_;
};

}  // namespace

TrainedSvr trainSvr(Span<const Span<const double>> columns, Span<const double> target, const SvrOptions& options, const Work& work) {
  const std::size_t n = target.size();
  KernelRows kernels(columns, n, options.gamma, options.cacheBytes);
  Dual dual(kernels, target, options);
  double first = 0;
  TrainedSvr result;
  for (;; result.steps++) {
    if (result.steps % 64 == 0) work.throwIfStopped();
    const double broken = dual.step(options.tolerance);
    if (broken < options.tolerance) break;
    if (result.steps == 0) first = broken;
    if (work.progress && result.steps % 1024 == 0) work.progress(std::clamp((first - broken) / first, 0.0, 0.99));
    if (result.steps >= options.mostSteps)
      throw Failure("bad_input", "The support vector regression has not settled after " + std::to_string(options.mostSteps) +
                                     " steps. Lower its cost, or raise epsilon.");
  }
  result.coefficients = dual.coefficients();
  result.bias = dual.bias();
  result.objective = dual.objective();
  return result;
}

}  // namespace loam

#pragma once
#include <atomic>
#include <string>
#include <vector>

#include "../kernel/forest-file.hpp"
#include "../kernel/predict-forest.hpp"
#include "../kernel/train-forest.hpp"
#include "check.hpp"
#include "problem.hpp"

inline loam::TrainResult train(const Problem& problem, loam::TrainOptions options, unsigned threads = 3,
                        const std::vector<double>& weights = {}) {
  loam::Work work;
  work.threads = threads;
  const auto predictors = problem.predictors();
  return loam::trainForest(loam::Span<const loam::Span<const float>>(predictors), loam::Span<const double>(problem.target),
                           loam::Span<const double>(weights), options, work);
}

inline std::vector<float> predict(const loam::Forest& forest, const Problem& problem, unsigned threads = 3, std::size_t rowLength = 0) {
  loam::Work work;
  work.threads = threads;
  const auto predictors = problem.predictors();
  std::vector<float> out(problem.target.size());
  const loam::DayOfCells day{loam::Span<const loam::Span<const float>>(predictors), loam::Span<float>(out)};
  loam::predictForest(forest, {&day, 1}, rowLength, work);
  return out;
}

/** Its bytes as a model file. */
inline std::vector<std::uint8_t> fileOf(const loam::Forest& forest) {
  const std::vector<std::uint8_t> json = {'{', '}'};
  return loam::encodeForest(forest, loam::Span<const std::uint8_t>(json));
}

/** The code of the failure of work that is told to stop when it first says how far it is. */
template <class Call>
std::string failureOfStopped(Call&& call) {
  std::atomic<bool> stop{false};
  loam::Work work;
  work.threads = 2;
  work.stop = &stop;
  work.progress = [&](double) { stop.store(true); };
  return failureOf([&] { call(work); });
}

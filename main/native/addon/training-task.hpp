#pragma once
#include <algorithm>
#include <vector>

#include "kernel-task.hpp"
#include "unpack.hpp"

/** What all training has: (predictors: Float32Array[], target: Float64Array, …, options at place 3). */
class TrainingTask : public KernelTask {
 protected:
  explicit TrainingTask(const Napi::CallbackInfo& info)
      : KernelTask(info.Env(), info[3].As<Napi::Object>()), given_(info[3].As<Napi::Object>()),
        columns_(unpack::columns(info[0])), target_(unpack::doubles(info[1])) {
    const auto columns = info[0].As<Napi::Array>();
    for (std::uint32_t i = 0; i < columns.Length(); i++) hold(columns.Get(i));
    hold(info[1]);
  }

  /** An option; only while the task is made. */
  double option(const char* name) const { return unpack::number(given_, name); }
  std::uint32_t count(const char* name) const { return static_cast<std::uint32_t>(option(name)); }
  bool flag(const char* name) const { return given_.Get(name).ToBoolean(); }

  loam::Span<const loam::Span<const float>> predictors() const { return columns_; }
  loam::Span<const double> target() const { return {target_.data(), target_.size()}; }

  static Napi::Value packDoubles(Napi::Env env, const std::vector<double>& values) {
    auto array = Napi::Float64Array::New(env, values.size());
    std::copy(values.begin(), values.end(), array.Data());
    return array;
  }

 private:
  Napi::Object given_;
  std::vector<loam::Span<const float>> columns_;
  loam::Span<double> target_;
};

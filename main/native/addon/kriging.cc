#include "../kernel/kriging.hpp"

#include <algorithm>

#include "kernel-task.hpp"
#include "operations.hpp"
#include "unpack.hpp"

namespace {

using Handle = std::shared_ptr<const loam::KrigingSystem>;

/** Marks our handles, so that no other external value passes for a system. */
constexpr napi_type_tag systemTag = {0x6c6f616d2d6b7269ULL, 0x67696e672d737973ULL};

Handle systemOf(const Napi::Value& value) {
  if (!value.IsExternal() || !value.As<Napi::External<Handle>>().CheckTypeTag(&systemTag))
    throw Napi::TypeError::New(value.Env(), "a kriging system is needed");
  return *value.As<Napi::External<Handle>>().Data();
}

std::vector<loam::Span<const double>> driftOf(const Napi::Value& value) {
  if (!value.IsArray()) throw Napi::TypeError::New(value.Env(), "an array of Float64Array is needed");
  const auto array = value.As<Napi::Array>();
  std::vector<loam::Span<const double>> result;
  for (std::uint32_t i = 0; i < array.Length(); i++) {
    const auto column = unpack::doubles(array.Get(i));
    result.emplace_back(column.data(), column.size());
  }
  return result;
}

loam::Span<const double> constDoubles(const Napi::Value& value) {
  const auto array = unpack::doubles(value);
  return {array.data(), array.size()};
}

/** prepareKriging(x, y, values, drift, model, options): six numbers of the model for each part. */
class PrepareTask final : public KernelTask {
 public:
  PrepareTask(const Napi::CallbackInfo& info)
      : KernelTask(info.Env(), info[5].As<Napi::Object>()),
        stations_{constDoubles(info[0]), constDoubles(info[1]), constDoubles(info[2]), driftOf(info[3])} {
    for (int i = 0; i < 4; i++) hold(info[i]);
    const auto numbers = constDoubles(info[4]);
    for (std::size_t i = 0; i + 6 <= numbers.size(); i += 6)
      parts_.push_back({static_cast<loam::VariogramShape>(static_cast<int>(std::clamp(numbers[i], 0.0, 5.0))), numbers[i + 1],
                        numbers[i + 2], numbers[i + 3], numbers[i + 4], numbers[i + 5]});
    const auto options = info[5].As<Napi::Object>();
    options_.isMeanKnown = options.Get("isMeanKnown").ToBoolean();
    options_.mean = unpack::number(options, "mean");
    options_.neighbours = static_cast<std::size_t>(unpack::number(options, "neighbours"));
    options_.maxDistance = unpack::number(options, "maxDistance");
    options_.blockWidth = unpack::number(options, "blockWidth");
    options_.blockHeight = unpack::number(options, "blockHeight");
    options_.isGreatCircle = options.Get("isGreatCircle").ToBoolean();
    options_.hasVariance = options.Get("hasVariance").ToBoolean();
  }

 private:
  void compute(const loam::Work& work) override {
    system_ = std::make_shared<const loam::KrigingSystem>(stations_, loam::Span<const loam::VariogramPart>(parts_), options_, work);
  }
  Napi::Value pack(Napi::Env env) override {
    auto external = Napi::External<Handle>::New(env, new Handle(system_), [](Napi::Env, Handle* own) { delete own; });
    external.TypeTag(&systemTag);
    Napi::Object result = Napi::Object::New(env);
    result.Set("system", external);
    result.Set("leftOutPrediction", copied(env, system_->leftOutPrediction()));
    result.Set("leftOutVariance", copied(env, system_->leftOutVariance()));
    return result;
  }
  static Napi::Float64Array copied(Napi::Env env, const std::vector<double>& values) {
    auto array = Napi::Float64Array::New(env, values.size());
    std::copy(values.begin(), values.end(), array.Data());
    return array;
  }

  loam::KrigingStations stations_;
  std::vector<loam::VariogramPart> parts_;
  loam::KrigingOptions options_;
  Handle system_;
};

/** krigeCells(system, x, y, drift, prediction, variance, options): fills both results; an empty variance is not computed. */
class KrigeTask final : public KernelTask {
 public:
  KrigeTask(const Napi::CallbackInfo& info)
      : KernelTask(info.Env(), info[6].As<Napi::Object>()), system_(systemOf(info[0])),
        cells_{constDoubles(info[1]), constDoubles(info[2]), driftOf(info[3])}, prediction_(unpack::doubles(info[4])),
        variance_(unpack::doubles(info[5])) {
    for (int i = 1; i < 6; i++) hold(info[i]);
  }

 private:
  void compute(const loam::Work& work) override { system_->krige(cells_, prediction_, variance_, work); }
  Napi::Value pack(Napi::Env env) override { return env.Undefined(); }

  Handle system_;
  loam::KrigingCells cells_;
  loam::Span<double> prediction_, variance_;
};

}  // namespace

Napi::Value prepareKriging(const Napi::CallbackInfo& info) { return (new PrepareTask(info))->start(); }
Napi::Value krigeCells(const Napi::CallbackInfo& info) { return (new KrigeTask(info))->start(); }

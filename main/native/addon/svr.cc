#include <algorithm>

#include "../kernel/predict-svr.hpp"
#include "../kernel/train-svr.hpp"
#include "kernel-task.hpp"
#include "operations.hpp"
#include "unpack.hpp"

namespace {

loam::Span<const double> constDoubles(const Napi::Value& value) {
  const auto array = unpack::doubles(value);
  return {array.data(), array.size()};
}

/** trainSvr(columns: Float64Array[], target, options) */
class TrainSvrTask final : public KernelTask {
 public:
  TrainSvrTask(const Napi::CallbackInfo& info)
      : KernelTask(info.Env(), info[2].As<Napi::Object>()), target_(constDoubles(info[1])) {
    if (!info[0].IsArray()) throw Napi::TypeError::New(info.Env(), "an array of Float64Array is needed");
    const auto columns = info[0].As<Napi::Array>();
    for (std::uint32_t p = 0; p < columns.Length(); p++) {
      columns_.push_back(constDoubles(columns.Get(p)));
      if (columns_.back().size() != target_.size()) throw Napi::TypeError::New(info.Env(), "columns differ in length");
      hold(columns.Get(p));
    }
    hold(info[1]);
    const auto options = info[2].As<Napi::Object>();
    options_.cost = unpack::number(options, "cost");
    options_.gamma = unpack::number(options, "gamma");
    options_.epsilon = unpack::number(options, "epsilon");
  }

 private:
  void compute(const loam::Work& work) override {
    trained_ = loam::trainSvr(loam::Span<const loam::Span<const double>>(columns_), target_, options_, work);
  }
  Napi::Value pack(Napi::Env env) override {
    auto coefficients = Napi::Float64Array::New(env, trained_.coefficients.size());
    std::copy(trained_.coefficients.begin(), trained_.coefficients.end(), coefficients.Data());
    Napi::Object result = Napi::Object::New(env);
    result.Set("coefficients", coefficients);
    result.Set("bias", Napi::Number::New(env, trained_.bias));
    result.Set("steps", Napi::Number::New(env, static_cast<double>(trained_.steps)));
    result.Set("objective", Napi::Number::New(env, trained_.objective));
    return result;
  }

  std::vector<loam::Span<const double>> columns_;
  loam::Span<const double> target_;
  loam::SvrOptions options_;
  loam::TrainedSvr trained_;
};

/** predictSvr(vectors, coefficients, means, scales, numbers, columns: Float32Array[], results, options): numbers are gamma, bias,
 *  mean and scale of the target. */
class PredictSvrTask final : public KernelTask {
 public:
  PredictSvrTask(const Napi::CallbackInfo& info)
      : KernelTask(info.Env(), info[7].As<Napi::Object>()), columns_(unpack::columns(info[5])), results_(unpack::floats(info[6])) {
    const auto numbers = constDoubles(info[4]);
    if (numbers.size() != 4) throw Napi::TypeError::New(info.Env(), "four numbers are needed");
    model_ = {constDoubles(info[0]), constDoubles(info[1]), constDoubles(info[2]), constDoubles(info[3]),
              numbers[0], numbers[1], numbers[2], numbers[3]};
    const std::size_t predictors = columns_.size();
    if (model_.means.size() != predictors || model_.scales.size() != predictors ||
        model_.vectors.size() != model_.coefficients.size() * predictors)
      throw Napi::TypeError::New(info.Env(), "the arrays of the model differ in length");
    for (const auto& column : columns_)
      if (column.size() != results_.size()) throw Napi::TypeError::New(info.Env(), "columns and results differ in length");
    for (int i = 0; i < 4; i++) hold(info[i]);
    for (std::uint32_t p = 0; p < predictors; p++) hold(info[5].As<Napi::Array>().Get(p));
    hold(info[6]);
  }

 private:
  void compute(const loam::Work& work) override {
    loam::predictSvr(model_, loam::Span<const loam::Span<const float>>(columns_), results_, work);
  }
  Napi::Value pack(Napi::Env env) override { return env.Undefined(); }

  std::vector<loam::Span<const float>> columns_;
  loam::Span<float> results_;
  loam::SvrModel model_;
};

}  // namespace

Napi::Value trainSvr(const Napi::CallbackInfo& info) { return (new TrainSvrTask(info))->start(); }
Napi::Value predictSvr(const Napi::CallbackInfo& info) { return (new PredictSvrTask(info))->start(); }

#include "../kernel/train-boosted.hpp"

#include <algorithm>

#include "kernel-task.hpp"
#include "operations.hpp"
#include "unpack.hpp"

namespace {

class BoostTask final : public KernelTask {
 public:
  BoostTask(const Napi::CallbackInfo& info)
      : KernelTask(info.Env(), info[3].As<Napi::Object>()), predictors_(unpack::columns(info[0])),
        target_(unpack::doubles(info[1])) {
    if (!info[2].IsNull()) isValidation_ = unpack::bytes(info[2]);
    const auto options = info[3].As<Napi::Object>();
    options_.rounds = static_cast<std::uint32_t>(unpack::number(options, "rounds"));
    options_.learningRate = unpack::number(options, "learningRate");
    options_.maxDepth = static_cast<std::uint32_t>(unpack::number(options, "maxDepth"));
    options_.minChildWeight = static_cast<std::uint32_t>(unpack::number(options, "minChildWeight"));
    options_.l2 = unpack::number(options, "l2");
    options_.rowFraction = unpack::number(options, "rowFraction");
    options_.columnFraction = unpack::number(options, "columnFraction");
    options_.patience = static_cast<std::uint32_t>(unpack::number(options, "patience"));
    options_.seed = static_cast<std::uint64_t>(unpack::number(options, "seed"));
    hold(info[0]);
    const auto columns = info[0].As<Napi::Array>();
    for (std::uint32_t i = 0; i < columns.Length(); i++) hold(columns.Get(i));
    hold(info[1]);
    if (!info[2].IsNull()) hold(info[2]);
  }

 private:
  void compute(const loam::Work& work) override {
    result_ = loam::trainBoosted(loam::Span<const loam::Span<const float>>(predictors_), {target_.data(), target_.size()},
                                 {isValidation_.data(), isValidation_.size()}, options_, work);
  }

  Napi::Value pack(Napi::Env env) override {
    Napi::Object reply = Napi::Object::New(env);
    reply.Set("validationRmse", packDoubles(env, result_.validationRmse));
    reply.Set("gainImportance", packDoubles(env, result_.gainImportance));
    reply.Set("forest", unpack::packForest(env, std::move(result_.forest)));
    return reply;
  }
  static Napi::Value packDoubles(Napi::Env env, const std::vector<double>& values) {
    auto array = Napi::Float64Array::New(env, values.size());
    std::copy(values.begin(), values.end(), array.Data());
    return array;
  }

  std::vector<loam::Span<const float>> predictors_;
  loam::Span<double> target_;
  loam::Span<std::uint8_t> isValidation_;
  loam::BoostOptions options_;
  loam::BoostResult result_;
};

}  // namespace

Napi::Value trainBoosted(const Napi::CallbackInfo& info) { return (new BoostTask(info))->start(); }

#include "../kernel/train-forest.hpp"

#include <algorithm>

#include "kernel-task.hpp"
#include "operations.hpp"
#include "unpack.hpp"

namespace {

class TrainTask final : public KernelTask {
 public:
  TrainTask(const Napi::CallbackInfo& info)
      : KernelTask(info.Env(), info[3].As<Napi::Object>()), predictors_(unpack::columns(info[0])),
        target_(unpack::doubles(info[1])) {
    if (!info[2].IsNull()) weights_ = unpack::doubles(info[2]);
    outOfBag_ = unpack::floats(info[4]);
    if (outOfBag_.size() != target_.size()) throw Napi::TypeError::New(info.Env(), "outOfBag must be as long as target");
    const auto options = info[3].As<Napi::Object>();
    options_.treeCount = static_cast<std::uint32_t>(unpack::number(options, "treeCount"));
    options_.minLeafSize = static_cast<std::uint32_t>(unpack::number(options, "minLeafSize"));
    options_.predictorsPerSplit = static_cast<std::uint32_t>(unpack::number(options, "predictorsPerSplit"));
    options_.maxDepth = static_cast<std::uint32_t>(unpack::number(options, "maxDepth"));
    options_.sampleFraction = unpack::number(options, "sampleFraction");
    options_.samplesPerLeaf = static_cast<std::uint32_t>(unpack::number(options, "samplesPerLeaf"));
    options_.seed = static_cast<std::uint64_t>(unpack::number(options, "seed"));
    options_.permutationImportance = options.Get("permutationImportance").ToBoolean();
    hold(info[0]);
    const auto columns = info[0].As<Napi::Array>();
    for (std::uint32_t i = 0; i < columns.Length(); i++) hold(columns.Get(i));
    hold(info[1]);
    if (!info[2].IsNull()) hold(info[2]);
    hold(info[4]);
  }

 private:
  void compute(const loam::Work& work) override {
    result_ = loam::trainForest(loam::Span<const loam::Span<const float>>(predictors_), {target_.data(), target_.size()},
                                {weights_.data(), weights_.size()}, options_, work);
    std::copy(result_.outOfBagPrediction.begin(), result_.outOfBagPrediction.end(), outOfBag_.begin());
  }

  Napi::Value pack(Napi::Env env) override {
    Napi::Object reply = Napi::Object::New(env);
    reply.Set("outOfBagRows", Napi::Number::New(env, static_cast<double>(result_.outOfBagRows)));
    reply.Set("outOfBagRmse", Napi::Number::New(env, result_.outOfBagRmse));
    reply.Set("outOfBagR2", Napi::Number::New(env, result_.outOfBagR2));
    reply.Set("impurityImportance", packDoubles(env, result_.impurityImportance));
    reply.Set("permutationMean", packDoubles(env, result_.permutationMean));
    reply.Set("permutationSd", packDoubles(env, result_.permutationSd));
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
  loam::Span<double> weights_;
  loam::Span<float> outOfBag_;
  loam::TrainOptions options_;
  loam::TrainResult result_;
};

}  // namespace

Napi::Value trainForest(const Napi::CallbackInfo& info) { return (new TrainTask(info))->start(); }

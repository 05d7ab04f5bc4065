#include "../kernel/train-forest.hpp"

#include <algorithm>
#include <cmath>

#include "operations.hpp"
#include "training-task.hpp"

namespace {

class TrainTask final : public TrainingTask {
 public:
  explicit TrainTask(const Napi::CallbackInfo& info) : TrainingTask(info), outOfBag_(unpack::floats(info[4])) {
    if (!info[2].IsNull()) {
      weights_ = unpack::doubles(info[2]);
      hold(info[2]);
    }
    hold(info[4]);
    if (outOfBag_.size() != target().size()) throw Napi::TypeError::New(info.Env(), "outOfBag must be as long as target");
    options_.treeCount = count("treeCount");
    options_.minLeafSize = count("minLeafSize");
    options_.predictorsPerSplit = count("predictorsPerSplit");
    options_.maxDepth = count("maxDepth");
    options_.sampleFraction = option("sampleFraction");
    options_.keepRows = std::isinf(option("samplesPerLeaf"));
    options_.samplesPerLeaf = options_.keepRows ? 0 : count("samplesPerLeaf");
    options_.seed = static_cast<std::uint64_t>(option("seed"));
    options_.permutationImportance = flag("permutationImportance");
  }

 private:
  void compute(const loam::Work& work) override {
    result_ = loam::trainForest(predictors(), target(), {weights_.data(), weights_.size()}, options_, work);
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

  loam::Span<double> weights_;
  loam::Span<float> outOfBag_;
  loam::TrainOptions options_;
  loam::TrainResult result_;
};

}  // namespace

Napi::Value trainForest(const Napi::CallbackInfo& info) { return (new TrainTask(info))->start(); }

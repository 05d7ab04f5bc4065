#include "../kernel/train-boosted.hpp"

#include "operations.hpp"
#include "training-task.hpp"

namespace {

class BoostTask final : public TrainingTask {
 public:
  explicit BoostTask(const Napi::CallbackInfo& info) : TrainingTask(info) {
    if (!info[2].IsNull()) {
      isValidation_ = unpack::bytes(info[2]);
      hold(info[2]);
    }
    options_.rounds = count("rounds");
    options_.learningRate = option("learningRate");
    options_.maxDepth = count("maxDepth");
    options_.minChildWeight = count("minChildWeight");
    options_.l2 = option("l2");
    options_.rowFraction = option("rowFraction");
    options_.columnFraction = option("columnFraction");
    options_.patience = count("patience");
    options_.seed = static_cast<std::uint64_t>(option("seed"));
  }

 private:
  void compute(const loam::Work& work) override {
    result_ = loam::trainBoosted(predictors(), target(), {isValidation_.data(), isValidation_.size()}, options_, work);
  }

  Napi::Value pack(Napi::Env env) override {
    Napi::Object reply = Napi::Object::New(env);
    reply.Set("validationRmse", packDoubles(env, result_.validationRmse));
    reply.Set("gainImportance", packDoubles(env, result_.gainImportance));
    reply.Set("forest", unpack::packForest(env, std::move(result_.forest)));
    return reply;
  }

  loam::Span<std::uint8_t> isValidation_;
  loam::BoostOptions options_;
  loam::BoostResult result_;
};

}  // namespace

Napi::Value trainBoosted(const Napi::CallbackInfo& info) { return (new BoostTask(info))->start(); }

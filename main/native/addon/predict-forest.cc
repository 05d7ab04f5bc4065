#include "../kernel/predict-forest.hpp"

#include "kernel-task.hpp"
#include "operations.hpp"
#include "unpack.hpp"

namespace {

class PredictTask final : public KernelTask {
 public:
  PredictTask(const Napi::CallbackInfo& info)
      : KernelTask(info.Env(), info[3].As<Napi::Object>()), forest_(unpack::forest(info[0])),
        predictors_(unpack::columns(info[1])), out_(unpack::floats(info[2])),
        rowLength_(static_cast<std::size_t>(unpack::number(info[3].As<Napi::Object>(), "rowLength"))) {
    const auto columns = info[1].As<Napi::Array>();
    for (std::uint32_t i = 0; i < columns.Length(); i++) hold(columns.Get(i));
    hold(info[2]);
  }

 private:
  void compute(const loam::Work& work) override {
    loam::predictForest(*forest_, loam::Span<const loam::Span<const float>>(predictors_), rowLength_, out_, work);
  }
  Napi::Value pack(Napi::Env env) override { return env.Undefined(); }

  unpack::ForestHandle forest_;
  std::vector<loam::Span<const float>> predictors_;
  loam::Span<float> out_;
  std::size_t rowLength_;
};

}  // namespace

Napi::Value predictForest(const Napi::CallbackInfo& info) { return (new PredictTask(info))->start(); }

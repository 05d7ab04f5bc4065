#include "../kernel/predict-forest.hpp"

#include "kernel-task.hpp"
#include "operations.hpp"
#include "unpack.hpp"

namespace {

/** (forest, days: Float32Array[][], results: Float32Array[], options) */
class PredictTask final : public KernelTask {
 public:
  PredictTask(const Napi::CallbackInfo& info)
      : KernelTask(info.Env(), info[3].As<Napi::Object>()), forest_(unpack::forest(info[0])),
        rowLength_(static_cast<std::size_t>(unpack::number(info[3].As<Napi::Object>(), "rowLength"))) {
    const auto days = info[1].As<Napi::Array>(), results = info[2].As<Napi::Array>();
    if (days.Length() != results.Length()) throw Napi::TypeError::New(info.Env(), "days and results differ in number");
    for (std::uint32_t d = 0; d < days.Length(); d++) {
      const Napi::Value columns = days.Get(d), result = results.Get(d);
      predictors_.push_back(unpack::columns(columns));
      for (std::uint32_t i = 0; i < columns.As<Napi::Array>().Length(); i++) hold(columns.As<Napi::Array>().Get(i));
      out_.push_back(unpack::floats(result));
      hold(result);
    }
  }

 private:
  void compute(const loam::Work& work) override {
    std::vector<loam::DayOfCells> days;
    for (std::size_t d = 0; d < out_.size(); d++)
      days.push_back({loam::Span<const loam::Span<const float>>(predictors_[d]), out_[d]});
    loam::predictForest(*forest_, loam::Span<const loam::DayOfCells>(days), rowLength_, work);
  }
  Napi::Value pack(Napi::Env env) override { return env.Undefined(); }

  unpack::ForestHandle forest_;
  std::vector<std::vector<loam::Span<const float>>> predictors_;
  std::vector<loam::Span<float>> out_;
  std::size_t rowLength_;
};

}  // namespace

Napi::Value predictForest(const Napi::CallbackInfo& info) { return (new PredictTask(info))->start(); }

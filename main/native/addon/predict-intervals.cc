#include "../kernel/predict-intervals.hpp"

#include "kernel-task.hpp"
#include "operations.hpp"
#include "unpack.hpp"

namespace {

/** (forest, predictors: Float32Array[], quantiles: Float64Array, mean: Float32Array, sd: Float32Array,
 *  results: Float32Array[], options) */
class IntervalTask final : public KernelTask {
 public:
  IntervalTask(const Napi::CallbackInfo& info)
      : KernelTask(info.Env(), info[6].As<Napi::Object>()), forest_(unpack::forest(info[0])),
        predictors_(unpack::columns(info[1])),
        rowLength_(static_cast<std::size_t>(unpack::number(info[6].As<Napi::Object>(), "rowLength"))) {
    const auto quantiles = unpack::doubles(info[2]);
    quantiles_.assign(quantiles.begin(), quantiles.end());
    out_.mean = unpack::floats(info[3]);
    out_.sd = unpack::floats(info[4]);
    const auto results = info[5].As<Napi::Array>();
    for (std::uint32_t i = 0; i < results.Length(); i++) {
      out_.quantiles.push_back(unpack::floats(results.Get(i)));
      hold(results.Get(i));
    }
    const auto columns = info[1].As<Napi::Array>();
    for (std::uint32_t i = 0; i < columns.Length(); i++) hold(columns.Get(i));
    hold(info[3]);
    hold(info[4]);
  }

 private:
  void compute(const loam::Work& work) override {
    loam::predictIntervals(*forest_, loam::Span<const loam::Span<const float>>(predictors_), rowLength_, quantiles_, out_, work);
  }
  Napi::Value pack(Napi::Env env) override { return env.Undefined(); }

  unpack::ForestHandle forest_;
  std::vector<loam::Span<const float>> predictors_;
  std::size_t rowLength_;
  std::vector<double> quantiles_;
  loam::IntervalResult out_;
};

}  // namespace

Napi::Value predictIntervals(const Napi::CallbackInfo& info) { return (new IntervalTask(info))->start(); }

#include "../kernel/nearest-row.hpp"

#include "kernel-task.hpp"
#include "operations.hpp"
#include "unpack.hpp"

namespace {

/** ({ rows, means, scales: Float64Array }, predictors: Float32Array[], out: Float32Array, options with `unit`) */
class NearestRowTask final : public KernelTask {
 public:
  NearestRowTask(const Napi::CallbackInfo& info)
      : KernelTask(info.Env(), info[3].As<Napi::Object>()), predictors_(unpack::columns(info[1])), out_(unpack::floats(info[2])) {
    const auto rows = info[0].As<Napi::Object>();
    for (const auto& [name, span] : {std::pair{"rows", &rows_}, std::pair{"means", &means_}, std::pair{"scales", &scales_}}) {
      const Napi::Value value = rows.Get(name);
      *span = unpack::doubles(value);
      hold(value);
    }
    unit_ = unpack::number(info[3].As<Napi::Object>(), "unit");
    const auto columns = info[1].As<Napi::Array>();
    for (std::uint32_t i = 0; i < columns.Length(); i++) hold(columns.Get(i));
    hold(info[2]);
  }

 private:
  void compute(const loam::Work& work) override {
    const auto constant = [](loam::Span<double> span) { return loam::Span<const double>(span.data(), span.size()); };
    const loam::NearestRowOptions options{constant(rows_), constant(means_), constant(scales_), unit_};
    loam::nearestRow(options, loam::Span<const loam::Span<const float>>(predictors_), out_, work);
  }
  Napi::Value pack(Napi::Env env) override { return env.Undefined(); }

  loam::Span<double> rows_, means_, scales_;
  double unit_ = 1;
  std::vector<loam::Span<const float>> predictors_;
  loam::Span<float> out_;
};

}  // namespace

Napi::Value nearestRow(const Napi::CallbackInfo& info) { return (new NearestRowTask(info))->start(); }

#include "../kernel/area-kriging.hpp"

#include <algorithm>

#include "kernel-task.hpp"
#include "operations.hpp"
#include "unpack.hpp"

namespace {

loam::Span<const double> constDoubles(const Napi::Value& value) {
  const auto array = unpack::doubles(value);
  return {array.data(), array.size()};
}

/** krigeAreas(areas, model, targets, prediction, variance, options): areas and targets, with the lattice among its columns, are objects
 *  of Float64Array, named as in the kernel; the model has six numbers for each part. */
class KrigeAreasTask final : public KernelTask {
 public:
  explicit KrigeAreasTask(const Napi::CallbackInfo& info) : KernelTask(info.Env(), info[5].As<Napi::Object>()) {
    for (int i = 0; i < 5; i++) {
      if (!info[i].IsObject()) throw Napi::TypeError::New(info.Env(), "areas, model, targets, prediction and variance are needed");
      hold(info[i]);
    }
    const auto areas = info[0].As<Napi::Object>(), targets = info[2].As<Napi::Object>(), options = info[5].As<Napi::Object>();
    const auto column = [this](const Napi::Object& from, const char* name) {
      const Napi::Value value = from.Get(name);
      const auto array = constDoubles(value);
      hold(value);
      return array;
    };
    areas_ = {column(areas, "values"), column(areas, "starts"), column(areas, "x"), column(areas, "y"), column(areas, "weight")};
    targets_ = {column(targets, "x"), column(targets, "y"), column(targets, "starts"), column(targets, "groupStarts"), column(targets, "own")};
    const Napi::Value lattice = targets.Get("lattice");
    if (lattice.IsObject()) {
      const auto own = lattice.As<Napi::Object>();
      lattice_ = {unpack::number(own, "width"), unpack::number(own, "height"), unpack::number(own, "firstY"), column(own, "areaRow"), column(own, "areaCol"),
                  column(own, "groupRow"), column(own, "groupCol"), column(own, "slot"), column(own, "slotX"), column(own, "slotY"),
                  static_cast<std::size_t>(unpack::number(own, "pointsPerSlot")), column(own, "pointX"), column(own, "pointY"), column(own, "pointWeight")};
    }
    const auto numbers = constDoubles(info[1]);
    for (std::size_t i = 0; i + 6 <= numbers.size(); i += 6)
      parts_.push_back({static_cast<loam::VariogramShape>(static_cast<int>(std::clamp(numbers[i], 0.0, 5.0))), numbers[i + 1],
                        numbers[i + 2], numbers[i + 3], numbers[i + 4], numbers[i + 5]});
    prediction_ = unpack::doubles(info[3]);
    variance_ = unpack::doubles(info[4]);
    options_.neighbours = static_cast<std::size_t>(unpack::number(options, "neighbours"));
    options_.ownIsItsTargets = options.Get("ownIsItsTargets").ToBoolean();
    options_.isGeographic = options.Get("isGeographic").ToBoolean();
  }

 private:
  void compute(const loam::Work& work) override {
    loam::krigeAreas(areas_, loam::Span<const loam::VariogramPart>(parts_), targets_, lattice_, options_, prediction_, variance_, work);
  }
  Napi::Value pack(Napi::Env env) override { return env.Undefined(); }

  loam::AreaMeans areas_;
  loam::AreaTargets targets_;
  loam::AreaLattice lattice_;
  std::vector<loam::VariogramPart> parts_;
  loam::AreaKrigingOptions options_;
  loam::Span<double> prediction_, variance_;
};

}  // namespace

Napi::Value krigeAreas(const Napi::CallbackInfo& info) { return (new KrigeAreasTask(info))->start(); }

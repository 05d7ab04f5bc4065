#include <napi.h>

#include "operations.hpp"

static Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports.Set("trainForest", Napi::Function::New(env, trainForest));
  exports.Set("trainBoosted", Napi::Function::New(env, trainBoosted));
  exports.Set("predictForest", Napi::Function::New(env, predictForest));
  exports.Set("predictIntervals", Napi::Function::New(env, predictIntervals));
  exports.Set("encodeForest", Napi::Function::New(env, encodeForest));
  exports.Set("decodeForest", Napi::Function::New(env, decodeForest));
  exports.Set("assembleForest", Napi::Function::New(env, assembleForest));
  exports.Set("partsOfForest", Napi::Function::New(env, partsOfForest));
  exports.Set("describeForest", Napi::Function::New(env, describeForest));
  exports.Set("prepareKriging", Napi::Function::New(env, prepareKriging));
  exports.Set("krigeAreas", Napi::Function::New(env, krigeAreas));
  exports.Set("krigeCells", Napi::Function::New(env, krigeCells));
  exports.Set("nearestRow", Napi::Function::New(env, nearestRow));
  exports.Set("trainSvr", Napi::Function::New(env, trainSvr));
  exports.Set("predictSvr", Napi::Function::New(env, predictSvr));
  exports.Set("setParentDeathSignal", Napi::Function::New(env, setParentDeathSignal));
  exports.Set("limitDataBytes", Napi::Function::New(env, limitDataBytes));
  exports.Set("crashForTest", Napi::Function::New(env, crashForTest));
  return exports;
}

NODE_API_MODULE(loam, init)

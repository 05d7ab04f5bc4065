#pragma once
#include <napi.h>

Napi::Value trainBoosted(const Napi::CallbackInfo& info);
Napi::Value trainForest(const Napi::CallbackInfo& info);
Napi::Value predictForest(const Napi::CallbackInfo& info);
Napi::Value predictIntervals(const Napi::CallbackInfo& info);
Napi::Value encodeForest(const Napi::CallbackInfo& info);
Napi::Value decodeForest(const Napi::CallbackInfo& info);
Napi::Value assembleForest(const Napi::CallbackInfo& info);
Napi::Value partsOfForest(const Napi::CallbackInfo& info);
Napi::Value describeForest(const Napi::CallbackInfo& info);
Napi::Value prepareKriging(const Napi::CallbackInfo& info);
Napi::Value krigeAreas(const Napi::CallbackInfo& info);
Napi::Value krigeCells(const Napi::CallbackInfo& info);
Napi::Value nearestRow(const Napi::CallbackInfo& info);
Napi::Value trainSvr(const Napi::CallbackInfo& info);
Napi::Value predictSvr(const Napi::CallbackInfo& info);
Napi::Value setParentDeathSignal(const Napi::CallbackInfo& info);
Napi::Value limitDataBytes(const Napi::CallbackInfo& info);
Napi::Value crashForTest(const Napi::CallbackInfo& info);

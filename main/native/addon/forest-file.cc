#include "../kernel/forest-file.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "../kernel/failure.hpp"
#include "operations.hpp"
#include "unpack.hpp"

namespace {

Napi::Error failed(Napi::Env env, const loam::Failure& failure) {
  Napi::Error error = Napi::Error::New(env, failure.what());
  error.Set("code", Napi::String::New(env, failure.code()));
  return error;
}

Napi::Value packBytes(Napi::Env env, const std::vector<std::uint8_t>& bytes) {
  auto array = Napi::Uint8Array::New(env, bytes.size());
  std::copy(bytes.begin(), bytes.end(), array.Data());
  return array;
}

}  // namespace

Napi::Value encodeForest(const Napi::CallbackInfo& info) {
  const auto json = unpack::bytes(info[1]);
  return packBytes(info.Env(), loam::encodeForest(*unpack::forest(info[0]), {json.data(), json.size()}));
}

Napi::Value decodeForest(const Napi::CallbackInfo& info) {
  const auto bytes = unpack::bytes(info[0]);
  try {
    loam::DecodedForest decoded = loam::decodeForest({bytes.data(), bytes.size()});
    Napi::Object reply = Napi::Object::New(info.Env());
    reply.Set("json", packBytes(info.Env(), decoded.json));
    reply.Set("forest", unpack::packForest(info.Env(), std::move(decoded.forest)));
    return reply;
  } catch (const loam::Failure& failure) {
    throw failed(info.Env(), failure);
  }
}

/** (cuts: Float32Array[], treeSizes: Float64Array, nodes: Uint8Array, aggregate: number, base: number) -> forest; checked
 *  like a file. */
Napi::Value assembleForest(const Napi::CallbackInfo& info) {
  const auto sizes = unpack::doubles(info[1]);
  const auto nodes = unpack::bytes(info[2]);
  loam::Forest forest;
  for (const auto& cuts : unpack::columns(info[0])) forest.cuts.emplace_back(cuts.begin(), cuts.end());
  forest.treeStarts.push_back(0);
  for (const double size : sizes) forest.treeStarts.push_back(forest.treeStarts.back() + static_cast<std::uint64_t>(size));
  forest.nodes = loam::PagedArray<loam::Node>(nodes.size() / sizeof(loam::Node));
  if (forest.nodes.size() > 0) std::memcpy(forest.nodes.data(), nodes.data(), forest.nodes.size() * sizeof(loam::Node));
  forest.aggregate = static_cast<loam::Aggregate>(info[3].As<Napi::Number>().Uint32Value());
  forest.base = info[4].As<Napi::Number>().DoubleValue();
  try {
    loam::validateForest(forest);
  } catch (const loam::Failure& failure) {
    throw failed(info.Env(), failure);
  }
  return unpack::packForest(info.Env(), std::move(forest));
}

/** The reverse of assembleForest. */
Napi::Value partsOfForest(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto forest = unpack::forest(info[0]);
  Napi::Array cuts = Napi::Array::New(env, forest->predictorCount());
  for (std::size_t p = 0; p < forest->predictorCount(); p++) {
    auto own = Napi::Float32Array::New(env, forest->cuts[p].size());
    std::copy(forest->cuts[p].begin(), forest->cuts[p].end(), own.Data());
    cuts.Set(static_cast<std::uint32_t>(p), own);
  }
  auto sizes = Napi::Float64Array::New(env, forest->treeCount());
  for (std::size_t t = 0; t < forest->treeCount(); t++) sizes[t] = static_cast<double>(forest->tree(t).size());
  auto nodes = Napi::Uint8Array::New(env, forest->nodes.size() * sizeof(loam::Node));
  if (forest->nodes.size() > 0) std::memcpy(nodes.Data(), forest->nodes.data(), nodes.ByteLength());
  Napi::Object reply = Napi::Object::New(env);
  reply.Set("cuts", cuts);
  reply.Set("treeSizes", sizes);
  reply.Set("nodes", nodes);
  reply.Set("aggregate", Napi::Number::New(env, static_cast<double>(forest->aggregate)));
  reply.Set("base", Napi::Number::New(env, forest->base));
  return reply;
}

Napi::Value describeForest(const Napi::CallbackInfo& info) {
  const auto forest = unpack::forest(info[0]);
  Napi::Object reply = Napi::Object::New(info.Env());
  reply.Set("predictorCount", Napi::Number::New(info.Env(), static_cast<double>(forest->predictorCount())));
  reply.Set("treeCount", Napi::Number::New(info.Env(), static_cast<double>(forest->treeCount())));
  reply.Set("nodeCount", Napi::Number::New(info.Env(), static_cast<double>(forest->nodes.size())));
  const double perLeaf = forest->leafRows.empty() ? forest->leafSamples.perLeaf : std::numeric_limits<double>::infinity();
  reply.Set("samplesPerLeaf", Napi::Number::New(info.Env(), perLeaf));
  return reply;
}

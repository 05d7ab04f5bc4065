#pragma once
#include <napi.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "../kernel/forest.hpp"
#include "../kernel/span.hpp"

/** From JavaScript values to kernel views. index.ts has checked types and lengths; here wrong ones become a TypeError, never
 *  a wild pointer. */
namespace unpack {

using ForestHandle = std::shared_ptr<const loam::Forest>;

Napi::Value packForest(Napi::Env env, loam::Forest forest);
ForestHandle forest(const Napi::Value& value);

loam::Span<float> floats(const Napi::Value& value);
loam::Span<double> doubles(const Napi::Value& value);
loam::Span<std::uint8_t> bytes(const Napi::Value& value);
std::vector<loam::Span<const float>> columns(const Napi::Value& value);

double number(const Napi::Object& options, const char* name);

}  // namespace unpack

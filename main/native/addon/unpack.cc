#include "unpack.hpp"

namespace unpack {
namespace {

template <class Array>
Array typed(const Napi::Value& value, napi_typedarray_type type, const char* wanted) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type)
    throw Napi::TypeError::New(value.Env(), wanted);
  return value.As<Array>();
}

/** Marks our handles, so that no other external value passes for a forest. */
constexpr napi_type_tag forestTag = {0x6c6f616d2d666f72ULL, 0x6573742d68616e64ULL};

}  // namespace

Napi::Value packForest(Napi::Env env, loam::Forest forest) {
  auto* handle = new ForestHandle(std::make_shared<const loam::Forest>(std::move(forest)));
  auto external = Napi::External<ForestHandle>::New(env, handle, [](Napi::Env, ForestHandle* own) { delete own; });
  external.TypeTag(&forestTag);
  return external;
}

ForestHandle forest(const Napi::Value& value) {
  if (!value.IsExternal() || !value.As<Napi::External<ForestHandle>>().CheckTypeTag(&forestTag))
    throw Napi::TypeError::New(value.Env(), "a forest handle is needed");
  return *value.As<Napi::External<ForestHandle>>().Data();
}

loam::Span<float> floats(const Napi::Value& value) {
  auto array = typed<Napi::Float32Array>(value, napi_float32_array, "a Float32Array is needed");
  return {array.Data(), array.ElementLength()};
}

loam::Span<double> doubles(const Napi::Value& value) {
  auto array = typed<Napi::Float64Array>(value, napi_float64_array, "a Float64Array is needed");
  return {array.Data(), array.ElementLength()};
}

loam::Span<std::uint8_t> bytes(const Napi::Value& value) {
  auto array = typed<Napi::Uint8Array>(value, napi_uint8_array, "a Uint8Array is needed");
  return {array.Data(), array.ElementLength()};
}

std::vector<loam::Span<const float>> columns(const Napi::Value& value) {
  if (!value.IsArray()) throw Napi::TypeError::New(value.Env(), "an array of Float32Array is needed");
  const auto array = value.As<Napi::Array>();
  std::vector<loam::Span<const float>> result;
  for (std::uint32_t i = 0; i < array.Length(); i++) {
    const auto column = floats(array.Get(i));
    result.emplace_back(column.data(), column.size());
  }
  return result;
}

double number(const Napi::Object& options, const char* name) {
  const Napi::Value value = options.Get(name);
  if (!value.IsNumber()) throw Napi::TypeError::New(options.Env(), std::string(name) + " must be a number");
  return value.As<Napi::Number>().DoubleValue();
}

}  // namespace unpack

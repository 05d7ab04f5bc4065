#pragma once
#include <array>
#include <cstdint>

#include "span.hpp"

namespace loam {

/** SHA-256 (FIPS 180-4). */
std::array<std::uint8_t, 32> sha256(Span<const std::uint8_t> bytes);

}  // namespace loam

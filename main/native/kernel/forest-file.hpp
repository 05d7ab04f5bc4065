#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "forest.hpp"
#include "span.hpp"

namespace loam {

/** A model file: little-endian, every section on a multiple of 64 bytes so that it can be mapped, zeros between.
 *
 *    0  magic "LOAMFRST"            40  u64 node count
 *    8  u32 version, 1 to 3         48  u64 file size
 *   12  u32 predictor count         56  u32 aggregate (0 mean, 1 median, 2 sum)
 *   16  u32 tree count              60  u32 zero
 *   20  u32 zero                    64  JSON header, UTF-8 (names, settings, scores; read by engine/models)
 *   24  u64 JSON bytes               ·  u32 cuts per predictor
 *   32  u64 cut count                ·  f32 cuts, predictor by predictor
 *                                    ·  u64 first node of each tree, and the node count
 *                                    ·  nodes, 8 bytes each (see Node)
 *                                  end  SHA-256 of everything before it, 32 bytes
 *
 *  Version 2 has 64 bytes more between header and JSON: f64 base value, f64 centre, u32 target count, u32 samples per leaf,
 *  and zeros; and between nodes and end, with samples per leaf > 0 (see LeafSamples): f32 targets, f32 mean square of each leaf,
 *  u16 ranks of each leaf. A forest without all this is written as version 1, which every Loam reads.
 *  Version 3 is version 2 with the rows of leaves in the place of samples (see LeafRows): samples per leaf is 0xffffffff, a u64
 *  row count follows it, and the sections are f32 targets, u32 rows of each leaf, and of each row u32 rank and u32 weight.
 */
std::vector<std::uint8_t> encodeForest(const Forest& forest, Span<const std::uint8_t> json);

struct DecodedForest {
  Forest forest;
  std::vector<std::uint8_t> json;
};

/** Reads a model file from memory and checks every length, index and number in it, and the checksum.
 *  @throws Failure bad_model, newer_version; never anything else, whatever the bytes */
DecodedForest decodeForest(Span<const std::uint8_t> bytes);

}  // namespace loam

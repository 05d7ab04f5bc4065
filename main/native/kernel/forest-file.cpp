#include "forest-file.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "failure.hpp"
#include "sha256.hpp"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "Model files are little-endian and read as they lie: swap the bytes here before building for this machine."
#endif

namespace loam {
namespace {

constexpr char magic[] = "LOAMFRST";
constexpr std::uint32_t newestVersion = 3;
constexpr std::size_t digestBytes = 32;

struct Header {
  char magic[8];
  std::uint32_t version;
  std::uint32_t predictors;
  std::uint32_t trees;
  std::uint32_t zero1;
  std::uint64_t jsonBytes;
  std::uint64_t cuts;
  std::uint64_t nodes;
  std::uint64_t fileBytes;
  std::uint32_t aggregate;
  std::uint32_t zero2;
};
static_assert(sizeof(Header) == 64, "the header is one cache line");

/** In the place of samples per leaf: the leaves have all their rows. */
constexpr std::uint32_t allRows = 0xffffffff;

/** What versions from 2 on have behind the header. */
struct Extension {
  double base;
  double centre;
  std::uint32_t targets;
  std::uint32_t perLeaf;
  std::uint64_t rows;
  std::uint64_t zeros[4];

  bool hasRows() const { return perLeaf == allRows; }
};
static_assert(sizeof(Extension) == 64, "the extension is one cache line");

/** Where the sections begin. Counts must be checked to be small enough beforehand. */
struct Layout {
  Layout(const Header& h, const Extension& x) {
    json = h.version == 1 ? 64 : 128;
    cutCounts = aligned(json + h.jsonBytes);
    cuts = aligned(cutCounts + 4 * h.predictors);
    treeStarts = aligned(cuts + 4 * h.cuts);
    nodes = aligned(treeStarts + 8 * (static_cast<std::uint64_t>(h.trees) + 1));
    targets = aligned(nodes + 8 * h.nodes);
    leaves = x.perLeaf == 0 ? 0 : (h.nodes + h.trees) / 2;
    squares = aligned(targets + 4 * static_cast<std::uint64_t>(x.targets));
    // Leaves that have all their rows: how many each has is in the place of the squares, and of each row there is a weight.
    ranks = aligned(squares + 4 * leaves);
    weights = x.hasRows() ? aligned(ranks + 4 * x.rows) : 0;
    digest = x.hasRows() ? aligned(weights + 4 * x.rows) : aligned(ranks + 2 * leaves * x.perLeaf);
    end = digest + digestBytes;
  }
  static std::uint64_t aligned(std::uint64_t offset) { return (offset + 63) / 64 * 64; }
  std::uint64_t json, cutCounts, cuts, treeStarts, nodes, targets, leaves, squares, ranks, weights, digest, end;
};

[[noreturn]] void bad(const std::string& what) {
  throw Failure("bad_model", "The model file " + what + ". Take another copy of the file or train the model again.");
}

}  // namespace

std::vector<std::uint8_t> encodeForest(const Forest& forest, Span<const std::uint8_t> json) {
  Header header{};
  std::memcpy(header.magic, magic, 8);
  const LeafSamples& samples = forest.leafSamples;
  const LeafRows& rows = forest.leafRows;
  const bool isPlain = forest.base == 0 && forest.aggregate != Aggregate::sum && samples.empty();
  header.version = rows.empty() ? (isPlain ? 1 : 2) : 3;
  header.predictors = static_cast<std::uint32_t>(forest.predictorCount());
  header.trees = static_cast<std::uint32_t>(forest.treeCount());
  header.jsonBytes = json.size();
  for (const std::vector<float>& cuts : forest.cuts) header.cuts += cuts.size();
  header.nodes = forest.nodes.size();
  header.aggregate = static_cast<std::uint32_t>(forest.aggregate);
  Extension extension{};
  extension.base = forest.base;
  extension.centre = samples.centre;
  extension.targets = static_cast<std::uint32_t>(rows.empty() ? samples.targets.size() : rows.targets.size());
  extension.perLeaf = rows.empty() ? samples.perLeaf : allRows;
  extension.rows = rows.ranks.size();
  const Layout layout(header, extension);
  header.fileBytes = layout.end;

  std::vector<std::uint8_t> bytes(layout.end, 0);
  std::memcpy(bytes.data(), &header, sizeof header);
  if (header.version > 1) std::memcpy(&bytes[sizeof header], &extension, sizeof extension);
  if (!json.empty()) std::memcpy(&bytes[layout.json], json.data(), json.size());
  std::uint64_t at = layout.cuts;
  for (std::size_t p = 0; p < forest.cuts.size(); p++) {
    const auto count = static_cast<std::uint32_t>(forest.cuts[p].size());
    std::memcpy(&bytes[layout.cutCounts + 4 * p], &count, 4);
    if (count > 0) std::memcpy(&bytes[at], forest.cuts[p].data(), std::size_t{4} * count);
    at += std::size_t{4} * count;
  }
  std::memcpy(&bytes[layout.treeStarts], forest.treeStarts.data(), 8 * forest.treeStarts.size());
  std::memcpy(&bytes[layout.nodes], forest.nodes.data(), 8 * forest.nodes.size());
  if (!samples.empty()) {
    std::memcpy(&bytes[layout.targets], samples.targets.data(), 4 * samples.targets.size());
    std::memcpy(&bytes[layout.squares], samples.squares.data(), 4 * samples.squares.size());
    std::memcpy(&bytes[layout.ranks], samples.ranks.data(), 2 * samples.ranks.size());
  }
  if (!rows.empty()) {
    std::memcpy(&bytes[layout.targets], rows.targets.data(), 4 * rows.targets.size());
    for (std::size_t leaf = 0; leaf < rows.leaves(); leaf++) {
      const auto count = static_cast<std::uint32_t>(rows.starts[leaf + 1] - rows.starts[leaf]);
      std::memcpy(&bytes[layout.squares + 4 * leaf], &count, 4);
    }
    std::memcpy(&bytes[layout.ranks], rows.ranks.data(), 4 * rows.ranks.size());
    std::memcpy(&bytes[layout.weights], rows.weights.data(), 4 * rows.weights.size());
  }
  const auto digest = sha256({bytes.data(), static_cast<std::size_t>(layout.digest)});
  std::memcpy(&bytes[layout.digest], digest.data(), digest.size());
  return bytes;
}

DecodedForest decodeForest(Span<const std::uint8_t> bytes) {
  Header header;
  if (bytes.size() < sizeof header + digestBytes) bad("is cut off: it has only " + std::to_string(bytes.size()) + " bytes");
  std::memcpy(&header, bytes.data(), sizeof header);
  if (std::memcmp(header.magic, magic, 8) != 0) bad("does not begin like one; it is some other kind of file");
  if (header.version > newestVersion)
    throw Failure("newer_version", "The model file was written by a newer Loam (format " + std::to_string(header.version) +
                                       ", this one reads " + std::to_string(newestVersion) + "). Update Loam to read it.");
  if (header.version < 1) bad("has an unknown format version");
  if (header.fileBytes != bytes.size())
    bad("has " + std::to_string(bytes.size()) + " bytes where " + std::to_string(header.fileBytes) + " were written");
  // Each section alone must fit in the file: then no sum below can overflow.
  const std::uint64_t size = bytes.size();
  if (header.jsonBytes > size || header.cuts > size / 4 || header.nodes > size / 8 || header.predictors < 1 ||
      header.predictors > maxPredictors || header.trees < 1 || header.trees > maxTrees)
    bad("has impossible counts in its header");
  Extension extension{};
  if (header.version > 1) {
    if (size < sizeof header + sizeof extension) bad("is cut off");
    std::memcpy(&extension, bytes.data() + sizeof header, sizeof extension);
    const bool fits = extension.hasRows() ? header.version == 3 && extension.rows <= size / 4 && extension.targets <= size / 4
                                          : extension.targets <= 65536 && extension.perLeaf <= maxSamplesPerLeaf && extension.rows == 0;
    if (!fits || (extension.perLeaf == 0 && extension.targets > 0)) bad("has impossible counts in its header");
    for (const std::uint64_t zero : extension.zeros)
      if (zero != 0) bad("has a header with unknown content");
  }
  const Layout layout(header, extension);
  if (layout.end != size) bad("has sections that do not add up to its size");
  const auto digest = sha256({bytes.data(), static_cast<std::size_t>(layout.digest)});
  if (std::memcmp(digest.data(), bytes.data() + layout.digest, digestBytes) != 0)
    bad("is damaged: its checksum does not fit its content");

  DecodedForest result;
  Forest& forest = result.forest;
  result.json.assign(bytes.data() + layout.json, bytes.data() + layout.json + header.jsonBytes);
  forest.aggregate = static_cast<Aggregate>(header.aggregate);
  forest.base = extension.base;
  std::uint64_t at = 0;
  for (std::uint32_t p = 0; p < header.predictors; p++) {
    std::uint32_t count;
    std::memcpy(&count, bytes.data() + layout.cutCounts + 4 * static_cast<std::size_t>(p), 4);
    if (count > maxCuts || count > header.cuts - at) bad("has cut tables that do not add up");
    forest.cuts.emplace_back(count);
    if (count > 0) std::memcpy(forest.cuts.back().data(), bytes.data() + layout.cuts + 4 * at, std::size_t{4} * count);
    at += count;
  }
  if (at != header.cuts) bad("has cut tables that do not add up");
  forest.treeStarts.resize(header.trees + std::size_t{1});
  std::memcpy(forest.treeStarts.data(), bytes.data() + layout.treeStarts, 8 * forest.treeStarts.size());
  forest.nodes = PagedArray<Node>(header.nodes);
  if (header.nodes > 0) std::memcpy(forest.nodes.data(), bytes.data() + layout.nodes, 8 * header.nodes);
  if (extension.hasRows()) {
    LeafRows& rows = forest.leafRows;
    rows.targets.resize(extension.targets);
    rows.starts = PagedArray<std::uint64_t>(layout.leaves + 1);
    rows.ranks = PagedArray<std::uint32_t>(extension.rows);
    rows.weights = PagedArray<std::uint32_t>(extension.rows);
    if (extension.targets > 0) std::memcpy(rows.targets.data(), bytes.data() + layout.targets, 4 * rows.targets.size());
    std::uint64_t start = 0;
    for (std::size_t leaf = 0; leaf < layout.leaves; leaf++) {
      rows.starts[leaf] = start;
      std::uint32_t count;
      std::memcpy(&count, bytes.data() + layout.squares + 4 * leaf, 4);
      start += count;
    }
    rows.starts[layout.leaves] = start;
    if (extension.rows > 0) {
      std::memcpy(rows.ranks.data(), bytes.data() + layout.ranks, 4 * rows.ranks.size());
      std::memcpy(rows.weights.data(), bytes.data() + layout.weights, 4 * rows.weights.size());
    }
  } else if (extension.perLeaf > 0) {
    LeafSamples& samples = forest.leafSamples;
    samples.perLeaf = extension.perLeaf;
    samples.centre = extension.centre;
    samples.targets.resize(extension.targets);
    samples.squares = PagedArray<float>(layout.leaves);
    samples.ranks = PagedArray<std::uint16_t>(layout.leaves * extension.perLeaf);
    if (extension.targets > 0) std::memcpy(samples.targets.data(), bytes.data() + layout.targets, 4 * samples.targets.size());
    std::memcpy(samples.squares.data(), bytes.data() + layout.squares, 4 * samples.squares.size());
    std::memcpy(samples.ranks.data(), bytes.data() + layout.ranks, 2 * samples.ranks.size());
  }
  validateForest(forest);
  return result;
}

}  // namespace loam

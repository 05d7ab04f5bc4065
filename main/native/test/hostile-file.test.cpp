#include <cmath>
#include <cstring>
#include <limits>

#include "../kernel/predict-intervals.hpp"
#include "../kernel/sha256.hpp"
#include "check.hpp"
#include "forest-depth.hpp"
#include "problem-forest.hpp"

using loam::Span;

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t digestBytes = 32;
constexpr std::size_t fileBytesAt = 48;

/** Makes length and checksum right again, so that what is behind them is tested. */
void sign(Bytes& bytes) {
  if (bytes.size() < 64 + digestBytes) return;
  const std::uint64_t size = bytes.size();
  std::memcpy(&bytes[fileBytesAt], &size, sizeof size);
  const auto digest = loam::sha256({bytes.data(), bytes.size() - digestBytes});
  std::copy(digest.begin(), digest.end(), bytes.end() - digestBytes);
}

/** One file of each kind: a mean with leaf samples, one with leaf rows, a plain one, a median, a sum with a base value. */
std::vector<Bytes> files(const Problem& problem) {
  loam::TrainOptions options;
  options.treeCount = 4;
  options.minLeafSize = 12;
  options.samplesPerLeaf = 3;
  loam::Forest forest = train(problem, options).forest;
  options.samplesPerLeaf = 0;
  options.keepRows = true;
  const loam::Forest withRows = train(problem, options).forest;
  const Bytes json(100, ' ');
  std::vector<Bytes> result = {loam::encodeForest(forest, Span<const std::uint8_t>(json)),
                               loam::encodeForest(withRows, Span<const std::uint8_t>(json))};
  forest.leafSamples = {};
  result.push_back(loam::encodeForest(forest, Span<const std::uint8_t>(json)));
  forest.aggregate = loam::Aggregate::median;
  result.push_back(loam::encodeForest(forest, Span<const std::uint8_t>(json)));
  forest.aggregate = loam::Aggregate::sum;
  forest.base = 0.25;
  result.push_back(loam::encodeForest(forest, Span<const std::uint8_t>(json)));
  return result;
}

std::uint32_t below(loam::Random& random, std::size_t count) { return random.below(static_cast<std::uint32_t>(count)); }

/** A number of the sort that breaks readers: at an edge of its type, near a count of the file, not finite, or any. */
std::uint64_t edge(loam::Random& random, std::size_t size) {
  const auto bits = [](auto value) {
    std::uint64_t result = 0;
    std::memcpy(&result, &value, sizeof value);
    return result;
  };
  const std::uint64_t edges[] = {0, 1, 2, 3, 0x7f, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe,
                                 0xffffffff, 0x100000000, 0x1fffffffffffffff, 0x2000000000000000, 0x7fffffffffffffff,
                                 0x8000000000000000, 0xffffffffffffffff, size, size - 1, size / 4, size / 8, size / 8 - 1,
                                 bits(std::numeric_limits<float>::quiet_NaN()), bits(std::numeric_limits<float>::infinity()),
                                 bits(std::numeric_limits<double>::quiet_NaN()), bits(-0.0f), bits(1e-40f)};
  const std::size_t count = sizeof edges / sizeof *edges;
  const std::uint32_t chosen = below(random, count + 8);
  return chosen < count ? edges[chosen] : below(random, size);
}

void mutate(Bytes& bytes, const Bytes& other, loam::Random& random) {
  const std::size_t body = bytes.size() - digestBytes;
  switch (random.below(6)) {
    case 0:
    case 1: {  // A number of header, extension or tables.
      const std::size_t width = random.below(2) == 0 ? 4 : 8;
      const std::size_t reach = random.below(2) == 0 ? 128 : body;
      const std::uint64_t value = edge(random, bytes.size());
      std::memcpy(&bytes[below(random, reach / width) * width], &value, width);
      break;
    }
    case 2: {  // A field of a node, or what would be one.
      const std::size_t node = below(random, body / 8) * 8;
      const std::size_t field = random.below(4);
      const std::uint64_t value = edge(random, bytes.size() / 8);
      if (field == 0) std::memcpy(&bytes[node], &value, 2);
      if (field == 1) bytes[node + 2] = static_cast<std::uint8_t>(value);
      if (field == 2) bytes[node + 3] = static_cast<std::uint8_t>(random.below(5));
      if (field == 3) std::memcpy(&bytes[node + 4], &value, 4);
      break;
    }
    case 3: {  // Bytes too many.
      const std::size_t counts[] = {1, 8, 64, 640};
      bytes.insert(bytes.begin() + below(random, body), counts[random.below(4)], static_cast<std::uint8_t>(random.below(2)));
      break;
    }
    case 4: {  // Bytes too few.
      const std::size_t counts[] = {1, 8, 64, 640};
      const std::size_t at = below(random, body);
      const std::size_t count = std::min(counts[random.below(4)], body - at);
      bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin() + static_cast<std::ptrdiff_t>(at + count));
      break;
    }
    default: {  // The rest of another file.
      const std::size_t at = below(random, std::min(body, other.size()));
      bytes.resize(at);
      bytes.insert(bytes.end(), other.begin() + static_cast<std::ptrdiff_t>(at), other.end());
    }
  }
}

/** Quantiles that ascend where there is a mean, and are missing where it is. */
bool hasSoundIntervals(const loam::Forest& forest, const std::vector<Span<const float>>& predictors, const std::vector<float>& means) {
  std::vector<float> sd(means.size()), low(means.size()), high(means.size());
  loam::IntervalResult out;
  out.sd = Span<float>(sd);
  out.quantiles = {Span<float>(low), Span<float>(high)};
  loam::predictIntervals(forest, Span<const Span<const float>>(predictors), 33, {0.1, 0.9}, out, loam::Work());
  for (std::size_t i = 0; i < means.size(); i++)
    if (std::isnan(means[i]) ? !std::isnan(low[i]) || !std::isnan(sd[i]) : !(low[i] <= high[i]) || !(sd[i] >= 0)) return false;
  return true;
}

/** Uses all there is of a forest that was let through. */
bool isSound(const loam::Forest& forest, std::size_t cells) {
  std::vector<float> values(cells);
  for (std::size_t i = 0; i < cells; i++) values[i] = i % 7 == 0 ? NAN : static_cast<float>(i) / static_cast<float>(cells);
  const std::vector<Span<const float>> predictors(forest.predictorCount(), Span<const float>(values));
  std::vector<float> rows(cells), map(cells);
  loam::Work work;
  const loam::DayOfCells days[2] = {{Span<const Span<const float>>(predictors), Span<float>(rows)},
                                    {Span<const Span<const float>>(predictors), Span<float>(map)}};
  loam::predictForest(forest, {days, 1}, 0, work);
  loam::predictForest(forest, {days + 1, 1}, 33, work);
  for (std::size_t i = 0; i < cells; i++)
    if (std::isnan(rows[i]) != (i % 7 == 0) || std::memcmp(&rows[i], &map[i], 4) != 0) return false;
  if ((!forest.leafSamples.empty() || !forest.leafRows.empty()) && !hasSoundIntervals(forest, predictors, rows)) return false;
  return forestDepth(forest) < forest.nodes.size();
}

}  // namespace

TEST(hostileStructure, "12 000 signed mutants with wrong counts, links, sections and numbers are refused or sound") {
  const Problem problem(150, 3, 12);
  const std::vector<Bytes> originals = files(problem);
  loam::Random random(13);
  int refused = 0, sound = 0;
  for (int mutant = 0; mutant < 12000; mutant++) {
    Bytes bytes = originals[mutant % originals.size()];
    const std::uint32_t changes = 1 + random.below(3);
    for (std::uint32_t c = 0; c < changes && bytes.size() > 256; c++)
      mutate(bytes, originals[random.below(static_cast<std::uint32_t>(originals.size()))], random);
    sign(bytes);
    try {
      const auto decoded = loam::decodeForest(Span<const std::uint8_t>(bytes));
      CHECK(isSound(decoded.forest, 200));
      const Bytes again = loam::encodeForest(decoded.forest, Span<const std::uint8_t>(decoded.json));
      const auto back = loam::decodeForest(Span<const std::uint8_t>(again));
      CHECK(back.forest.nodes.size() == decoded.forest.nodes.size() && back.json == decoded.json);
      sound++;
    } catch (const loam::Failure& failure) {
      CHECK(failure.code() == std::string("bad_model") || failure.code() == std::string("newer_version"));
      refused++;
    }
  }
  CHECK(refused > 6000);
  CHECK(sound > 200);
}

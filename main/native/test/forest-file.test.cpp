#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../kernel/sha256.hpp"
#include "check.hpp"
#include "problem-forest.hpp"

using loam::Span;

namespace {

/** Makes the checksum right again, so that what is behind it is tested. */
void sign(std::vector<std::uint8_t>& bytes) {
  const auto digest = loam::sha256({bytes.data(), bytes.size() - 32});
  std::copy(digest.begin(), digest.end(), bytes.end() - 32);
}

}  // namespace

TEST(digest, "SHA-256 of FIPS 180-4's examples") {
  const auto hex = [](const std::string& text) {
    std::string result;
    for (const std::uint8_t byte : loam::sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()})) {
      char part[3];
      std::snprintf(part, sizeof part, "%02x", byte);
      result += part;
    }
    return result;
  };
  CHECK(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(hex(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(modelFile, "a model file comes back; every flipped byte and every cut is refused") {
  loam::TrainOptions options;
  options.treeCount = 2;
  options.minLeafSize = 20;
  const Problem problem(120, 2, 9);
  const auto trained = train(problem, options, 1);
  const auto bytes = fileOf(trained.forest);
  const auto decoded = loam::decodeForest(Span<const std::uint8_t>(bytes));
  CHECK(predict(decoded.forest, problem) == predict(trained.forest, problem));
  CHECK(fileOf(decoded.forest) == bytes);
  for (std::size_t i = 0; i < bytes.size(); i++) {
    auto changed = bytes;
    changed[i] ^= static_cast<std::uint8_t>(1 + i % 255);
    const auto code = failureOf([&] { loam::decodeForest(Span<const std::uint8_t>(changed)); });
    CHECK(code == "bad_model" || (code == "newer_version" && i >= 8 && i < 12));
  }
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 50) {
    const std::vector<std::uint8_t> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(failureOf([&] { loam::decodeForest(Span<const std::uint8_t>(cut)); }) == "bad_model");
  }
}

TEST(hostileFile, "2 000 signed mutants are refused or predict without leaving their memory") {
  loam::TrainOptions options;
  options.treeCount = 3;
  options.minLeafSize = 10;
  const Problem problem(150, 3, 10);
  const auto original = fileOf(train(problem, options, 1).forest);
  loam::Random random(11);
  int refused = 0;
  for (int mutant = 0; mutant < 2000; mutant++) {
    auto bytes = original;
    const std::uint32_t changes = 1 + random.below(3);
    for (std::uint32_t c = 0; c < changes; c++) {
      // Half of them in the header and the tables, where a byte does most.
      const std::size_t at = random.below(2) == 0 ? random.below(64) : random.below(static_cast<std::uint32_t>(bytes.size() - 32));
      bytes[at] = static_cast<std::uint8_t>(random.below(3) == 0 ? 255 * random.below(2) : random.next());
    }
    sign(bytes);
    try {
      const auto decoded = loam::decodeForest(Span<const std::uint8_t>(bytes));
      if (decoded.forest.predictorCount() == 3) predict(decoded.forest, problem, 1);
    } catch (const loam::Failure&) {
      refused++;
    }
  }
  CHECK(refused > 1000);
}

TEST(summed, "a forest that sums adds its trees to the base value, and says so in its file; a mean takes no base value") {
  loam::TrainOptions options;
  options.treeCount = 7;
  const Problem problem(500, 3, 21);
  loam::Forest forest = train(problem, options).forest;
  const auto means = predict(forest, problem);
  CHECK(fileOf(forest)[8] == 1);
  forest.base = -1.5;
  CHECK(failureOf([&] { loam::validateForest(forest); }) == "bad_model");
  forest.aggregate = loam::Aggregate::sum;
  const auto bytes = fileOf(forest);
  CHECK(bytes[8] == 2);
  const auto back = loam::decodeForest(Span<const std::uint8_t>(bytes));
  CHECK(fileOf(back.forest) == bytes);
  const auto sums = predict(back.forest, problem);
  CHECK(sums == predict(forest, problem, 1, 61));
  for (std::size_t i = 0; i < sums.size(); i++) CHECK(std::abs(sums[i] - (7.0 * means[i] - 1.5)) < 1e-5);
  auto changed = bytes;
  changed[64 + 32] = 1;  // Where a later version may say more.
  sign(changed);
  CHECK(failureOf([&] { loam::decodeForest(Span<const std::uint8_t>(changed)); }) == "bad_model");
}

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <thread>

#include "../kernel/forest-file.hpp"
#include "../kernel/mask-walk.hpp"
#include "../kernel/predict-forest.hpp"
#include "../kernel/sha256.hpp"
#include "../kernel/train-forest.hpp"
#include "check.hpp"
#include "forest-depth.hpp"
#include "problem.hpp"

using loam::Span;

namespace {

loam::TrainResult train(const Problem& problem, loam::TrainOptions options, unsigned threads = 3,
                        const std::vector<double>& weights = {}) {
  loam::Work work;
  work.threads = threads;
  const auto predictors = problem.predictors();
  return loam::trainForest(Span<const Span<const float>>(predictors), Span<const double>(problem.target),
                           Span<const double>(weights), options, work);
}

std::vector<float> predict(const loam::Forest& forest, const Problem& problem, unsigned threads = 3, std::size_t rowLength = 0) {
  loam::Work work;
  work.threads = threads;
  const auto predictors = problem.predictors();
  std::vector<float> out(problem.target.size());
  const loam::DayOfCells day{Span<const Span<const float>>(predictors), Span<float>(out)};
  loam::predictForest(forest, {&day, 1}, rowLength, work);
  return out;
}

std::vector<std::uint8_t> fileOf(const loam::Forest& forest) {
  const std::vector<std::uint8_t> json = {'{', '}'};
  return loam::encodeForest(forest, Span<const std::uint8_t>(json));
}

/** Plain walk on the values themselves. */
float plain(const loam::Forest& forest, const Problem& problem, std::size_t cell) {
  double sum = 0;
  for (std::size_t t = 0; t < forest.treeCount(); t++) {
    const auto tree = forest.tree(t);
    std::size_t i = 0;
    while (!tree[i].isLeaf()) {
      const bool isLeft = problem.columns[tree[i].predictor][cell] <= forest.cuts[tree[i].predictor][tree[i].cut];
      i = isLeft ? i + 1 : tree[i].payload;
    }
    sum += tree[i].value();
  }
  return static_cast<float>(sum / static_cast<double>(forest.treeCount()));
}

/** The best single split of all rows, by trying every one. */
double bestGain(const Problem& problem, std::size_t minLeaf) {
  const std::size_t n = problem.target.size();
  double best = -1;
  for (const auto& column : problem.columns) {
    std::vector<float> values(column);
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    for (const float value : values) {
      double left = 0, right = 0, leftRows = 0, rightRows = 0;
      for (std::size_t i = 0; i < n; i++) (column[i] <= value ? (left += problem.target[i], leftRows++) : (right += problem.target[i], rightRows++));
      if (leftRows < minLeaf || rightRows < minLeaf) continue;
      const double gap = left / leftRows - right / rightRows;
      best = std::max(best, gap * gap * leftRows * rightRows / static_cast<double>(n));
    }
  }
  return best;
}

/** Fall of squared error of the first split of a tree grown without resampling. */
double grownGain(const Problem& problem, const loam::Forest& forest) {
  const loam::Node root = forest.tree(0)[0];
  double left = 0, right = 0, leftRows = 0, rightRows = 0;
  for (std::size_t i = 0; i < problem.target.size(); i++) {
    const bool isLeft = problem.columns[root.predictor][i] <= forest.cuts[root.predictor][root.cut];
    (isLeft ? (left += problem.target[i], leftRows++) : (right += problem.target[i], rightRows++));
  }
  const double gap = left / leftRows - right / rightRows;
  return gap * gap * leftRows * rightRows / static_cast<double>(problem.target.size());
}

}  // namespace

TEST(prediction, "prediction equals a plain walk, on any number of threads; NaN in gives NaN out") {
  loam::TrainOptions options;
  options.treeCount = 12;
  for (const std::uint32_t steps : {0u, 9u}) {
    const Problem problem(2500, 5, 1, steps);
    const auto trained = train(problem, options);
    Problem cells(4001, 5, 2, steps);
    cells.columns[4][77] = std::numeric_limits<float>::quiet_NaN();
    cells.columns[0][78] = std::numeric_limits<float>::infinity();
    const auto predicted = predict(trained.forest, cells);
    CHECK(std::isnan(predicted[77]));
    int differences = 0;
    for (std::size_t i = 0; i < predicted.size(); i++)
      if (i != 77) differences += predicted[i] != plain(trained.forest, cells, i);
    CHECK(differences == 0);
    for (const std::size_t rowLength : {1u, 7u, 8u, 61u, 300u, 5000u}) {
      const auto other = predict(trained.forest, cells, 1, rowLength);
      CHECK(std::memcmp(other.data(), predicted.data(), 4 * other.size()) == 0);
    }
  }
}

TEST(isa, "LOAM_ISA chooses the instruction set; each equals a plain walk, and an unknown one is refused by name") {
  loam::TrainOptions options;
  options.treeCount = 9;
  options.minLeafSize = 2;
  const Problem problem(3000, 4, 21), other(30011, 4, 22);
  const auto trained = train(problem, options);
  Problem cells = other;
  for (std::size_t i = 0; i < cells.target.size(); i += 17) cells.columns[i % 4][i] = std::numeric_limits<float>::quiet_NaN();
  for (int set = 0; set <= static_cast<int>(loam::bestInstructionSet()); set++) {
    setenv("LOAM_ISA", loam::instructionSetNames[set], 1);
    CHECK(fileOf(train(problem, options).forest) == fileOf(trained.forest));
    const auto predicted = predict(trained.forest, cells, 2, 173);
    int differences = 0;
    for (std::size_t i = 0; i < predicted.size(); i++)
      differences += i % 17 == 0 ? !std::isnan(predicted[i]) : predicted[i] != plain(trained.forest, cells, i);
    CHECK(differences == 0);
  }
  setenv("LOAM_ISA", "abacus", 1);
  CHECK(failureOf([&] { predict(trained.forest, cells); }) == "bad_input");
  unsetenv("LOAM_ISA");
}

TEST(forms, "every instruction set adds the same values to the same cells") {
  loam::TrainOptions options;
  options.treeCount = 4;
  const Problem problem(2000, 5, 12, 60);
  const auto trained = train(problem, options);
  std::vector<double> expected;
  for (int set = 0; set <= static_cast<int>(loam::bestInstructionSet()); set++) {
    const loam::AddTree add = loam::addTreeForm(static_cast<loam::InstructionSet>(set));
    loam::MaskTile tile(40, 5);
    loam::Random random(13);
    tile.blocks = 37;
    for (std::size_t i = 0; i < tile.codes.size(); i++) tile.codes[i] = static_cast<std::uint16_t>(random.below(61));
    for (std::size_t b = 0; b < tile.blocks; b++)
      tile.valid[b] = b % 5 == 0 ? 0 : b % 5 == 1 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(random.next()) << 32 | random.next();
    std::fill_n(tile.sums.data(), tile.sums.size(), 0.0);
    for (std::size_t t = 0; t < 4; t++) add(trained.forest.tree(t).data(), {}, tile);
    const std::vector<double> sums(tile.sums.data(), tile.sums.data() + tile.sums.size());
    if (set == 0) expected = sums;
    CHECK(sums == expected);
    CHECK(sums[0] == 0 && sums[64] != 0);
  }
}

TEST(days, "days walked together have the values of each day by itself, also where predictors are the same array") {
  loam::TrainOptions options;
  options.treeCount = 9;
  options.minLeafSize = 3;
  auto trained = train(Problem(3000, 4, 22), options).forest;
  const std::size_t cells = 5000, dayCount = 19;
  std::vector<Problem> days;
  for (std::size_t d = 0; d < dayCount; d++) {
    days.emplace_back(cells, 4, 30 + d);
    for (std::size_t i = d; i < cells; i += 23 + d) days[d].columns[i % 4][i] = std::numeric_limits<float>::quiet_NaN();
  }
  for (const loam::Aggregate aggregate : {loam::Aggregate::mean, loam::Aggregate::median}) {
    trained.aggregate = aggregate;
    for (int set = 0; set <= static_cast<int>(loam::bestInstructionSet()); set++) {
      setenv("LOAM_ISA", loam::instructionSetNames[set], 1);
      for (const std::size_t count : {std::size_t{2}, std::size_t{7}, dayCount})
        for (const std::size_t rowLength : {std::size_t{0}, std::size_t{173}}) {
          // Predictors 1 and 2 are those of the first day on every day, as soil is.
          std::vector<std::vector<Span<const float>>> columns;
          std::vector<std::vector<float>> out(count, std::vector<float>(cells));
          std::vector<loam::DayOfCells> asked;
          for (std::size_t d = 0; d < count; d++)
            columns.push_back({days[d].columns[0], days[0].columns[1], days[0].columns[2], days[d].columns[3]});
          for (std::size_t d = 0; d < count; d++)
            asked.push_back({Span<const Span<const float>>(columns[d]), Span<float>(out[d])});
          loam::Work work;
          work.threads = 3;
          loam::predictForest(trained, Span<const loam::DayOfCells>(asked), rowLength, work);
          for (std::size_t d = 0; d < count; d++) {
            std::vector<float> alone(cells);
            const loam::DayOfCells own{asked[d].predictors, Span<float>(alone)};
            loam::predictForest(trained, {&own, 1}, rowLength, loam::Work());
            CHECK(std::memcmp(alone.data(), out[d].data(), cells * sizeof(float)) == 0);
            CHECK(std::isnan(alone[46]) && !std::isnan(alone[2]));
          }
        }
    }
  }
  unsetenv("LOAM_ISA");
}

TEST(threads, "the same forest on any number of threads, with drawn predictors, weights, large and small nodes") {
  loam::TrainOptions options;
  options.treeCount = 6;
  options.permutationImportance = true;
  const Problem problem(6000, 6, 3, 500);
  std::vector<double> weights;
  for (std::size_t i = 0; i < 6000; i++) weights.push_back(static_cast<double>(i % 5));
  for (const std::uint32_t tried : {0u, 2u, 5u}) {
    options.predictorsPerSplit = tried;
    for (const auto& used : {std::vector<double>{}, weights}) {
      const auto one = train(problem, options, 1, used), four = train(problem, options, 4, used);
      CHECK(fileOf(one.forest) == fileOf(four.forest));
      CHECK(one.outOfBagRmse == four.outOfBagRmse);
      CHECK(one.permutationMean == four.permutationMean && one.permutationSd == four.permutationSd);
      CHECK(one.impurityImportance == four.impurityImportance);
    }
  }
}

TEST(greedy, "a small node gets the very best split there is; a large one a split nearly as good") {
  loam::TrainOptions options;
  options.treeCount = 1;
  options.maxDepth = 1;
  options.sampleFraction = 0.9999999;  // All rows, once.
  for (std::uint64_t seed = 0; seed < 6; seed++) {
    const Problem small(300, 4, seed, seed % 2 == 0 ? 0 : 12);
    CHECK(std::abs(grownGain(small, train(small, options).forest) / bestGain(small, options.minLeafSize) - 1) < 1e-6);
    const Problem large(2000, 2, seed);
    CHECK(grownGain(large, train(large, options).forest) > 0.99 * bestGain(large, options.minLeafSize));
  }
}

TEST(oneBin, "rows that no bin edge parts are still parted") {
  // 300 000 rows in 65 536 values: a bin holds some 1 170 rows, and the target changes only inside bins.
  Problem problem(0, 1, 1);
  for (int i = 0; i < 300000; i++) {
    problem.columns[0].push_back(static_cast<float>(i));
    problem.target.push_back(i / 300 % 2);
  }
  loam::TrainOptions options;
  options.treeCount = 1;
  options.sampleFraction = 0.9999999999;
  const auto predicted = predict(train(problem, options).forest, problem);
  double squares = 0;
  for (std::size_t i = 0; i < predicted.size(); i++) squares += std::pow(predicted[i] - problem.target[i], 2);
  CHECK(std::sqrt(squares / 300000) < 0.1);
}

TEST(leafSize, "no leaf has fewer rows than asked for, and depth is kept") {
  loam::TrainOptions options;
  options.treeCount = 3;
  options.sampleFraction = 0.9999999;
  options.minLeafSize = 40;
  options.maxDepth = 5;
  const Problem problem(3000, 3, 5, 30);
  const auto trained = train(problem, options);
  CHECK(forestDepth(trained.forest) <= 5);
  for (std::size_t t = 0; t < 3; t++) {
    std::vector<int> rows(trained.forest.tree(t).size(), 0);
    for (std::size_t i = 0; i < 3000; i++) {
      const auto tree = trained.forest.tree(t);
      std::size_t at = 0;
      while (!tree[at].isLeaf())
        at = problem.columns[tree[at].predictor][i] <= trained.forest.cuts[tree[at].predictor][tree[at].cut] ? at + 1 : tree[at].payload;
      rows[at]++;
    }
    for (const int count : rows) CHECK(count == 0 || count >= 40);
  }
}

TEST(outOfBag, "out-of-bag predictions lie near the target and cover nearly all rows") {
  loam::TrainOptions options;
  options.treeCount = 40;
  const Problem problem(2000, 4, 6);
  const auto trained = train(problem, options);
  CHECK(trained.outOfBagRows == 2000);
  CHECK(trained.outOfBagR2 > 0.97);
  CHECK(trained.impurityImportance[0] > 0.5 && trained.impurityImportance[3] < 0.02);
}

TEST(refusals, "what cannot be trained on is refused with a reason") {
  Problem problem(10, 2, 7);
  loam::TrainOptions options;
  options.predictorsPerSplit = 3;
  CHECK(failureOf([&] { train(problem, options); }) == "bad_input");
  options.predictorsPerSplit = 0;
  problem.columns[1][4] = std::numeric_limits<float>::infinity();
  CHECK(failureOf([&] { train(problem, options); }) == "bad_table");
  problem.columns[1][4] = 0;
  CHECK(failureOf([&] { train(problem, options, 1, std::vector<double>(10, 0.0)); }) == "bad_table");
  CHECK(failureOf([&] { train(Problem(1, 1, 1), options); }) == "too_few_rows");
}

TEST(stop, "training and prediction end soon after the stop flag") {
  const Problem problem(20000, 6, 8);
  loam::TrainOptions options;
  options.treeCount = 100000;
  std::atomic<bool> stop{false};
  loam::Work work;
  work.threads = 2;
  work.stop = &stop;
  work.progress = [&](double) { stop.store(true); };
  const auto predictors = problem.predictors();
  CHECK(failureOf([&] {
          loam::trainForest(Span<const Span<const float>>(predictors), Span<const double>(problem.target), {}, options, work);
        }) == "cancelled");
}

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

/** Makes the checksum right again, so that what is behind it is tested. */
static void sign(std::vector<std::uint8_t>& bytes) {
  const auto digest = loam::sha256({bytes.data(), bytes.size() - 32});
  std::copy(digest.begin(), digest.end(), bytes.end() - 32);
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

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "../kernel/mask-walk.hpp"
#include "check.hpp"
#include "problem-forest.hpp"

using loam::Span;

namespace {

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

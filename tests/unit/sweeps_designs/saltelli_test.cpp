#include <gtest/gtest.h>

#include "sweeps/designs/sobol_sequence.hpp"
#include "tests/unit/sweeps_designs/support.hpp"

namespace lab::sweeps {
namespace {

using enum SaltelliRow;

SaltelliPlace at(const Leaf& leaf, std::int64_t point) {
  return std::get<SaltelliPlace>(leaf.place(point));
}

TEST(Saltelli, HasKPlusTwoRowsASample) {
  EXPECT_EQ(make_saltelli(number_axes(5), 16, false, true, Seed{1})->size(),
            112);
  EXPECT_EQ(make_saltelli(number_axes(5), 16, true, true, Seed{1})->size(),
            192);
  EXPECT_EQ(
    make_saltelli(number_axes(5), 16, true, true, Seed{1})->prefix_unit(), 12);
}

TEST(Saltelli, SaysWhichRowAPointIs) {
  const auto leaf = make_saltelli(number_axes(2), 4, true, true, Seed{1});

  EXPECT_EQ(at(*leaf, 0), (SaltelliPlace{0, a, -1, 0}));
  EXPECT_EQ(at(*leaf, 1), (SaltelliPlace{0, b, -1, 0}));
  EXPECT_EQ(at(*leaf, 2), (SaltelliPlace{0, ab, 0, 0}));
  EXPECT_EQ(at(*leaf, 3), (SaltelliPlace{0, ab, 1, 0}));
  EXPECT_EQ(at(*leaf, 4), (SaltelliPlace{0, ba, 0, 0}));
  EXPECT_EQ(at(*leaf, 5), (SaltelliPlace{0, ba, 1, 0}));
  EXPECT_EQ(at(*leaf, 6), (SaltelliPlace{1, a, -1, 1}));
  EXPECT_EQ(at(*leaf, 23), (SaltelliPlace{3, ba, 1, 3}));
}

TEST(Saltelli, ExchangesOneColumnAtATime) {
  constexpr std::size_t k = 4;
  const auto leaf = make_saltelli(number_axes(k), 8, true, true, Seed{5});
  const auto points = units(*leaf);

  for (std::size_t sample = 0; sample < 8; ++sample) {
    const auto first = sample * (2 * k + 2);
    const auto& row_a = points[first];
    const auto& row_b = points[first + 1];
    for (std::size_t i = 0; i < k; ++i)
      for (std::size_t column = 0; column < k; ++column) {
        EXPECT_NE(row_a[column], row_b[column]);
        EXPECT_EQ(points[first + 2 + i][column],
                  column == i ? row_b[column] : row_a[column]);
        EXPECT_EQ(points[first + 2 + k + i][column],
                  column == i ? row_a[column] : row_b[column]);
      }
  }
}

TEST(Saltelli, AAndBAreTheHalvesOfOneSobolPoint) {
  const SobolSequence sequence{6};
  const auto leaf = make_saltelli(number_axes(3), 4, false, false, Seed{1});

  for (std::int64_t sample = 0; sample < 4; ++sample)
    for (std::size_t column = 0; column < 3; ++column) {
      // Not scrambled, the zero point is left out: A and B would be the same.
      const auto index = static_cast<std::uint64_t>(sample) + 1;
      EXPECT_EQ(leaf->unit(sample * 5)[column], sequence.at(index, column));
      EXPECT_EQ(leaf->unit(sample * 5 + 1)[column],
                sequence.at(index, column + 3));
    }
}

TEST(Saltelli, SamplesGoRoundSixteenScrambledSequences) {
  const auto leaf = make_saltelli(number_axes(2), 33, false, true, Seed{1});
  for (std::int64_t j = 0; j < 33; ++j)
    EXPECT_EQ(at(*leaf, 4 * j).batch, j % 16);
  // Two points of one sequence lie in different halves, those of two
  // sequences where they will.
  EXPECT_NE(leaf->unit(0)[0] < 0.5, leaf->unit(4 * 16)[0] < 0.5);
  const auto plain = make_saltelli(number_axes(2), 33, false, false, Seed{1});
  EXPECT_EQ(at(*plain, 4 * 20).batch, -1);
}

TEST(Saltelli, MoreSamplesKeepTheEarlierOnes) {
  const auto few =
    units(*make_saltelli(number_axes(3), 4, false, true, Seed{1}));
  auto many = units(*make_saltelli(number_axes(3), 8, false, true, Seed{1}));

  many.resize(few.size());
  EXPECT_EQ(many, few);
}

TEST(Saltelli, SaysThatLevelsHaveEqualCells) {
  const auto leaf =
    make_saltelli({number_axis(0, "trust"),
                   level_axis(1, "rule", {"none", "voluntary", "binding"})},
                  4, false, true, Seed{1});

  EXPECT_EQ(leaf->notes(),
            (std::vector<std::string>{"saltelli: the 3 values of `rule` share "
                                      "the unit interval in equal cells"}));
}

} // namespace
} // namespace lab::sweeps

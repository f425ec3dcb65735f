#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "tests/unit/sweeps_designs/support.hpp"

namespace lab::sweeps {
namespace {

MorrisPlace at(const Leaf& leaf, std::int64_t point) {
  return std::get<MorrisPlace>(leaf.place(point));
}

TEST(Morris, HasKPlusOnePointsATrajectory) {
  const auto leaf = make_morris(number_axes(8), 5, 6, Seed{1});

  EXPECT_EQ(leaf->size(), 45);
  EXPECT_EQ(leaf->prefix_unit(), 9);
  EXPECT_EQ(at(*leaf, 0), (MorrisPlace{0, 0, -1, 0}));
  EXPECT_EQ(at(*leaf, 44).trajectory, 4);
  EXPECT_EQ(at(*leaf, 44).step, 8);
}

class MorrisLevels : public ::testing::TestWithParam<std::int64_t> {};

TEST_P(MorrisLevels, EachFactorMovesOnceByThePrescribedStep) {
  const auto p = GetParam();
  constexpr std::size_t k = 5;
  const auto leaf = make_morris(number_axes(k), 50, p, Seed{3});
  const double step =
    static_cast<double>(p) / (2 * (static_cast<double>(p) - 1));

  for (std::int64_t trajectory = 0; trajectory < 50; ++trajectory) {
    std::set<std::int32_t> moved;
    for (std::int64_t s = 0; s <= static_cast<std::int64_t>(k); ++s) {
      const auto point = trajectory * 6 + s;
      const auto here = leaf->unit(point);
      for (const auto x : here) {
        const double level = x * (static_cast<double>(p) - 1);
        EXPECT_NEAR(level, std::round(level), 1e-9);
        EXPECT_GE(x, 0);
        EXPECT_LE(x, 1);
      }
      if (s == 0)
        continue;
      const auto place = at(*leaf, point);
      EXPECT_EQ(place.trajectory, trajectory);
      EXPECT_EQ(place.step, s);
      EXPECT_NEAR(std::abs(place.delta), step, 1e-12);
      moved.insert(place.moved);
      const auto before = leaf->unit(point - 1);
      for (std::size_t i = 0; i < k; ++i)
        EXPECT_NEAR(here[i] - before[i],
                    static_cast<std::int32_t>(i) == place.moved ? place.delta
                                                                : 0.0,
                    1e-12);
    }
    EXPECT_EQ(moved.size(), k);
  }
}

INSTANTIATE_TEST_SUITE_P(Even, MorrisLevels, ::testing::Values(2, 4, 6, 10));

TEST(Morris, EveryLevelAndOrderIsMetAboutEquallyOften) {
  constexpr int trajectories = 3'000;
  const auto leaf = make_morris(number_axes(3), trajectories, 4, Seed{8});
  std::map<int, int> levels;
  std::map<std::int32_t, int> first;
  for (std::int64_t t = 0; t < trajectories; ++t) {
    ++levels[static_cast<int>(std::lround(leaf->unit(t * 4)[1] * 3))];
    ++first[at(*leaf, t * 4 + 1).moved];
  }
  for (int level = 0; level < 4; ++level)
    EXPECT_NEAR(levels[level], trajectories / 4.0, 100) << level;
  for (std::int32_t factor = 0; factor < 3; ++factor)
    EXPECT_NEAR(first[factor], trajectories / 3.0, 110) << factor;
}

TEST(Morris, MoreTrajectoriesKeepTheEarlierOnes) {
  const auto few = units(*make_morris(number_axes(4), 3, 4, Seed{1}));
  auto many = units(*make_morris(number_axes(4), 9, 4, Seed{1}));

  many.resize(few.size());
  EXPECT_EQ(many, few);
}

TEST(Morris, TheEndsOfTheIntervalAreTheFirstAndLastLevel) {
  const auto leaf = make_morris(
    {level_axis(0, "rule", {"none", "voluntary", "binding"})}, 40, 4, Seed{1});

  std::map<double, std::string> seen;
  for (std::int64_t i = 0; i < leaf->size(); ++i)
    seen[leaf->unit(i)[0]] = leaf->value(i, 0)->text;
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_EQ(seen.begin()->second, "none");
  EXPECT_EQ(seen.rbegin()->second, "binding");
  EXPECT_EQ(leaf->notes(),
            (std::vector<std::string>{"morris: the 3 values of `rule` share "
                                      "the unit interval in equal cells"}));
}

} // namespace
} // namespace lab::sweeps

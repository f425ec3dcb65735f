#include <algorithm>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "sweeps/planner/permutation.hpp"
#include "sweeps/planner/point_order.hpp"

namespace lab::sweeps {
namespace {

std::vector<std::int64_t> walk(const std::vector<Stretch>& stretches,
                               std::uint64_t seed) {
  PointWalk points{stretches, Seed{seed}};
  std::vector<std::int64_t> order;
  while (const auto point = points.next())
    order.push_back(*point);
  return order;
}

/// Up to four stretches of random shapes, one after another.
std::vector<Stretch> random_stretches(const Seed& seed) {
  std::vector<Stretch> stretches;
  std::int64_t first = 0;
  const auto draw = [&](std::uint64_t i, std::uint64_t most) {
    return 1 + static_cast<std::int64_t>(seed.below(i, most));
  };
  const auto count = draw(0, 4);
  for (std::int64_t s = 0; s < count; ++s) {
    const auto at = 3 * static_cast<std::uint64_t>(s);
    stretches.push_back(
      {first, draw(at + 1, 4), draw(at + 2, 9), draw(at + 3, 5)});
    first += stretches.back().size();
  }
  return stretches;
}

TEST(Permutation, EveryNumberIsAtOnePlace) {
  for (std::uint64_t size = 1; size <= 130; ++size) {
    const Permutation order{size, Seed{size}};
    std::set<std::uint64_t> seen;
    for (std::uint64_t i = 0; i < size; ++i) {
      ASSERT_LT(order.at(i), size);
      seen.insert(order.at(i));
    }
    ASSERT_EQ(seen.size(), size);
  }
}

TEST(Permutation, AMillionNumbersAreAtOnePlaceEach) {
  constexpr std::uint64_t size = 1'000'003;
  const Permutation order{size, Seed{7}};
  std::vector<bool> seen(size);
  for (std::uint64_t i = 0; i < size; ++i)
    seen[order.at(i)] = true;

  EXPECT_TRUE(std::ranges::all_of(seen, [](bool one) { return one; }));
}

TEST(Permutation, TheKeyDecides) {
  const Permutation one{1000, Seed{1}};
  const Permutation same{1000, Seed{1}};
  const Permutation other{1000, Seed{2}};
  int equal = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(one.at(i), same.at(i));
    equal += one.at(i) == other.at(i) ? 1 : 0;
  }

  EXPECT_LT(equal, 20); // one is expected
}

TEST(Permutation, EveryNumberIsEquallyOftenAtEveryPlace) {
  constexpr std::uint64_t size = 7;
  constexpr int keys = 7'000;
  std::vector<std::vector<int>> counts(size, std::vector<int>(size));
  for (int key = 0; key < keys; ++key) {
    const Permutation order{size, Seed{static_cast<std::uint64_t>(key)}};
    for (std::uint64_t i = 0; i < size; ++i)
      ++counts[i][order.at(i)];
  }

  // 1,000 are expected in each cell, with a standard deviation of 29.
  for (const auto& row : counts)
    for (const auto count : row)
      EXPECT_NEAR(count, keys / static_cast<int>(size), 150);
}

TEST(PointOrder, EveryPointIsVisitedOnce) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto stretches = random_stretches(Seed{seed});
    auto order = walk(stretches, seed);
    std::ranges::sort(order);

    ASSERT_EQ(std::ssize(order),
              stretches.back().first + stretches.back().size());
    for (std::int64_t i = 0; i < std::ssize(order); ++i)
      ASSERT_EQ(order[static_cast<std::size_t>(i)], i) << "seed " << seed;
  }
}

TEST(PointOrder, HoweverEarlyItEndsOnlyTheLastRowOfAStretchIsBroken) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto stretches = random_stretches(Seed{seed});
    std::vector<std::vector<std::int64_t>> done; // points by stretch and row
    for (const auto& stretch : stretches)
      done.emplace_back(static_cast<std::size_t>(stretch.rows));

    for (const auto point : walk(stretches, seed)) {
      const auto at = std::prev(
        std::ranges::upper_bound(stretches, point, {}, &Stretch::first));
      auto& rows = done[static_cast<std::size_t>(at - stretches.begin())];
      const auto row = static_cast<std::size_t>(at->row_of(point));
      ++rows[row];

      for (std::size_t before = 0; before < row; ++before)
        ASSERT_EQ(rows[before], at->row_size()) << "seed " << seed;
    }
  }
}

TEST(PointOrder, StretchesAreMixedInProportion) {
  // Of 300 and 100 points, the first 40 have about 30 and 10.
  double firsts = 0;
  constexpr int seeds = 200;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const auto order = walk({{0, 1, 1, 300}, {300, 1, 100, 1}}, seed);
    firsts += static_cast<double>(
      std::count_if(order.begin(), order.begin() + 40,
                    [](std::int64_t point) { return point < 300; }));
  }

  EXPECT_NEAR(firsts / seeds, 30, 1);
}

TEST(PointOrder, APlaceLiesInTheShareOfItsRow) {
  const std::vector<Stretch> stretches{{0, 1, 1, 5}, {5, 2, 4, 3}};
  constexpr auto quarter = std::uint64_t{1} << 62U;
  for (const std::uint64_t draw : {std::uint64_t{0}, ~std::uint64_t{0}})
    for (std::int64_t point = 5; point < 29; ++point)
      EXPECT_EQ(place_in_block(stretches, point, draw) / quarter,
                static_cast<std::uint64_t>((point - 5) / 3 % 4));

  EXPECT_EQ(place_in_block(stretches, 2, 12345), 12345U);
}

} // namespace
} // namespace lab::sweeps

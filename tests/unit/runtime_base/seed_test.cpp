#include <set>

#include <gtest/gtest.h>

#include "runtime/base/seed.hpp"

namespace lab {
namespace {

TEST(Seed, ThePathAloneDecides) {
  const auto first = Seed{7}.child("turn").child(3).child("eu");
  const auto again = Seed{7}.child("turn").child(3).child("eu");
  static_cast<void>(Seed{7}.child("turn").unit(0)); // a draw elsewhere

  EXPECT_EQ(first.bits(0), again.bits(0));
  EXPECT_EQ(first.bits(41), again.bits(41));
}

TEST(Seed, EveryPlaceHasItsOwnStream) {
  const Seed root{7};
  const std::set<std::uint64_t> all{root.bits(0),
                                    root.bits(1),
                                    Seed{8}.bits(0),
                                    root.child("a").bits(0),
                                    root.child("b").bits(0),
                                    root.child(1).bits(0),
                                    root.child(2).bits(0),
                                    root.child("1").bits(0),
                                    root.child("a").child("b").bits(0),
                                    root.child("ab").bits(0)};

  EXPECT_EQ(all.size(), 10U);
}

TEST(Seed, UnitsFillTheUnitInterval) {
  const auto seed = Seed{1}.child("units");
  double sum = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const auto unit = seed.unit(i);
    ASSERT_GE(unit, 0.0);
    ASSERT_LT(unit, 1.0);
    sum += unit;
  }

  // Four standard errors of a mean of 10,000 uniform numbers.
  EXPECT_NEAR(sum / 10'000, 0.5, 4 * 0.2887 / 100);
}

TEST(Seed, BelowReachesEveryNumberAndNoOther) {
  const auto seed = Seed{1}.child("below");
  std::set<std::uint64_t> seen;
  for (std::uint64_t i = 0; i < 200; ++i)
    seen.insert(seed.below(i, 6));

  EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2, 3, 4, 5}));
}

} // namespace
} // namespace lab

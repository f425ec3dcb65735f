#include <array>

#include <gtest/gtest.h>

#include "sweeps/statistics/exact_test.hpp"

namespace lab::sweeps::statistics {
namespace {

/// Two groups, each as "of the kind, others".
double fisher_exact(const std::array<std::int64_t, 4>& table) {
  GroupCounts counts;
  counts.add(table[0], table[0] + table[1]);
  counts.add(table[2], table[2] + table[3]);
  return exact_p(counts);
}

// Summed up from exact binomial coefficients.
TEST(FisherExact, HasTheKnownFigures) {
  EXPECT_NEAR(fisher_exact({3, 1, 1, 3}), 0.48571428571428565, 1e-12);
  EXPECT_NEAR(fisher_exact({8, 2, 1, 5}), 0.034965034965034947, 1e-12);
  EXPECT_NEAR(fisher_exact({0, 4, 4, 0}), 0.02857142857142857, 1e-12);
  EXPECT_NEAR(fisher_exact({10, 0, 0, 10}), 1.0825088224469026e-05, 1e-15);
  EXPECT_NEAR(fisher_exact({5, 5, 5, 5}), 1, 1e-12);
}

TEST(FisherExact, KnowsNoDifferenceWithoutTwoGroups) {
  EXPECT_EQ(fisher_exact({0, 0, 3, 1}), 1);
  EXPECT_EQ(fisher_exact({3, 1, 0, 0}), 1);
  EXPECT_EQ(fisher_exact({}), 1);
}

TEST(FisherExact, IsTheSameForBothGroupsAndBothKinds) {
  for (std::int64_t a = 0; a <= 4; ++a)
    for (std::int64_t b = 0; b <= 4; ++b) {
      const auto p = fisher_exact({a, 5 - a, b, 7 - b});
      EXPECT_NEAR(fisher_exact({b, 7 - b, a, 5 - a}), p, 1e-12);
      EXPECT_NEAR(fisher_exact({5 - a, a, 7 - b, b}), p, 1e-12);
      EXPECT_GT(p, 0);
      EXPECT_LE(p, 1);
    }
}

// By the closed form of chi-square's tail for even degrees of freedom.
TEST(CombinedP, HasTheKnownFigures) {
  EXPECT_NEAR(combined_p({0.01, 0.2, 0.3}), 0.02156175132483462, 1e-12);
  EXPECT_NEAR(combined_p({0.5}), 0.5, 1e-12);
  EXPECT_EQ(combined_p({}), 1);
  EXPECT_NEAR(combined_p({1, 1, 1}), 1, 1e-12);
}

} // namespace
} // namespace lab::sweeps::statistics

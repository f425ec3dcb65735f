#include <cmath>

#include <gtest/gtest.h>

#include "sweeps/designs/distribution.hpp"
#include "tests/unit/sweeps_designs/support.hpp"

namespace lab::sweeps {
namespace {

std::optional<Decimal> perhaps(const std::string& word) {
  return word == "-" ? std::nullopt : parse_decimal(word);
}

/// A row of the table: kind, two parameters, low, high.
Distribution from(const std::vector<std::string>& row) {
  const auto first = perhaps(row[1]);
  const auto second = perhaps(row[2]);
  const auto low = perhaps(row[3]);
  const auto high = perhaps(row[4]);
  if (row[0] == "uniform")
    return Distribution::uniform(*low, *high);
  if (row[0] == "log")
    return Distribution::log_uniform(*low, *high);
  if (row[0] == "normal")
    return Distribution::normal(*first, *second, low, high);
  if (row[0] == "triangular")
    return Distribution::triangular(*low, *first, *high);
  return Distribution::beta(*first, *second, *low, *high);
}

TEST(Distribution, QuantilesAreThoseOfScipy) {
  const auto rows = table("quantiles.txt");
  ASSERT_GT(rows.size(), 100U);
  for (const auto& row : rows) {
    SCOPED_TRACE(row[0] + " " + row[1] + " " + row[2] + " u=" + row[5]);
    const double u = std::stod(row[5]);
    const double wanted = std::stod(row[6]);
    const auto distribution = from(row);
    EXPECT_NEAR(distribution.exact_quantile(u), wanted,
                1e-9 * std::max(1.0, std::abs(wanted)));
    // Rounded to six digits behind the first.
    const double rounded =
      static_cast<double>(distribution.quantile(u).units) / 1e9;
    EXPECT_NEAR(rounded, wanted, 1e-5 * std::max(1.0, std::abs(wanted)));
  }
}

TEST(Distribution, NeverLeavesItsBounds) {
  const auto tight = Distribution::uniform(dec("0.123456789"), dec("0.5"));
  EXPECT_EQ(to_string(tight.quantile(0)), "0.123456789");
  EXPECT_EQ(to_string(tight.quantile(1)), "0.5");
  const auto cut =
    Distribution::normal(dec("0"), dec("1"), dec("-1.5"), dec("0.25"));
  EXPECT_EQ(to_string(cut.quantile(0)), "-1.5");
  EXPECT_EQ(to_string(cut.quantile(1)), "0.25");
}

TEST(Distribution, ANormalWithoutBoundsStaysFinite) {
  const auto normal =
    Distribution::normal(dec("10"), dec("2"), std::nullopt, std::nullopt);
  EXPECT_FALSE(normal.has_ends());
  // 2^-54 and 2^-53 from the ends.
  EXPECT_NEAR(normal.exact_quantile(0), 10 - 2 * 8.2924, 1e-3);
  EXPECT_NEAR(normal.exact_quantile(1), 10 + 2 * 8.2095, 1e-3);
}

TEST(Distribution, NumbersAreRoundedToWhatPeopleCanRead) {
  EXPECT_EQ(
    to_string(
      Distribution::uniform(dec("0"), dec("1")).quantile(0.123456789012)),
    "0.123457");
  EXPECT_EQ(
    to_string(
      Distribution::uniform(dec("0"), dec("5000")).quantile(0.123456789012)),
    "617.284");
  // Of a logarithmic range each number keeps seven digits.
  EXPECT_EQ(
    to_string(
      Distribution::log_uniform(dec("0.001"), dec("1000")).quantile(0.25)),
    "0.03162278");
}

TEST(Distribution, WholeNumbersOfARangeAreAllAlike) {
  const auto dice = Distribution::uniform(dec("1"), dec("6")).whole();
  std::vector<int> counts(7);
  constexpr int draws = 6'000;
  for (int i = 0; i < draws; ++i)
    ++counts.at(static_cast<std::size_t>(dice.quantile((i + 0.5) / draws).units
                                         / 1'000'000'000));
  EXPECT_EQ(counts, (std::vector<int>{0, 1000, 1000, 1000, 1000, 1000, 1000}));
  EXPECT_EQ(to_string(dice.quantile(0)), "1");
  EXPECT_EQ(to_string(dice.quantile(1)), "6");
}

TEST(Distribution, WholeNumbersHoldTheLowerEndsOfTheirCells) {
  const auto around = Distribution::uniform(dec("-2"), dec("2")).whole();
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(to_string(around.quantile(i / 5.0)), std::to_string(i - 2));
}

TEST(Distribution, NegativeWholeNumbersAreAlikeToo) {
  const auto around = Distribution::uniform(dec("-2"), dec("2")).whole();
  std::vector<int> counts(5);
  constexpr int draws = 5'000;
  for (int i = 0; i < draws; ++i)
    ++counts.at(static_cast<std::size_t>(
      around.quantile((i + 0.5) / draws).units / 1'000'000'000 + 2));
  EXPECT_EQ(counts, (std::vector<int>{1000, 1000, 1000, 1000, 1000}));
}

} // namespace
} // namespace lab::sweeps

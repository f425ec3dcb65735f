#include <gtest/gtest.h>

#include "sweeps/planner/decimal.hpp"

namespace lab::sweeps {
namespace {

std::string again(std::string_view text) {
  const auto number = parse_decimal(text);
  return number ? to_string(*number) : "nothing";
}

TEST(Decimal, IsReadAndWrittenWithoutLoss) {
  EXPECT_EQ(again("0"), "0");
  EXPECT_EQ(again("0.30"), "0.3");
  EXPECT_EQ(again("-2.50"), "-2.5");
  EXPECT_EQ(again("+7"), "7");
  EXPECT_EQ(again("007.010"), "7.01");
  EXPECT_EQ(again("999999999.999999999"), "999999999.999999999");
  EXPECT_EQ(again("-0.000000001"), "-0.000000001");
  EXPECT_EQ(again("-0"), "0");
}

TEST(Decimal, RefusesWhatIsNoPlainDecimal) {
  for (const auto* text :
       {"", "-", ".", "1.", ".5", "1e3", "0x10", "inf", "nan", "1_000", "1,5",
        "--1", "+-1", "1.0000000001", "1000000000", " 1", "1 "})
    EXPECT_EQ(again(text), "nothing") << text;
}

TEST(Decimal, StepsOfATenthDoNotDrift) {
  const auto step = *parse_decimal("0.1");

  Decimal sum;
  for (int i = 0; i < 3; ++i)
    sum.units += step.units;

  EXPECT_EQ(to_string(sum), "0.3");
}

TEST(Decimal, CountsMayCarryASuffix) {
  EXPECT_EQ(parse_count("250"), 250);
  EXPECT_EQ(parse_count("400k"), 400'000);
  EXPECT_EQ(parse_count("90M"), 90'000'000);
  EXPECT_EQ(parse_count("1.5M"), 1'500'000);
  EXPECT_EQ(parse_count("2G"), 2'000'000'000);
  EXPECT_EQ(parse_count("0"), 0);
}

TEST(Decimal, CountsThatAreNotWholeAreRefused) {
  for (const auto* text :
       {"", "k", "-1", "1.5", "0.0001k", "4K", "4m", "4 k", "1e6", "k4"})
    EXPECT_EQ(parse_count(text), std::nullopt) << text;
}

} // namespace
} // namespace lab::sweeps

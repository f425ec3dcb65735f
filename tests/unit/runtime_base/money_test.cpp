#include <gtest/gtest.h>

#include "runtime/base/money.hpp"

namespace lab {
namespace {

TEST(Money, ReadsDecimalsDigitByDigit) {
  EXPECT_EQ(parse_usd("5"), Money{5'000'000'000'000});
  EXPECT_EQ(parse_usd("0.40"), Money{400'000'000'000});
  EXPECT_EQ(parse_usd("0.000000000001"), Money{1});
  EXPECT_EQ(parse_usd("0"), Money{0});
  EXPECT_EQ(parse_usd("9223372.036854775807"),
            Money{9'223'372'036'854'775'807});
}

TEST(Money, RefusesWhatIsNoPlainAmount) {
  for (const auto* text : {"", ".", ".5", "5.", "-1", "+1", "1e3", "inf", "nan",
                           "5,0", "1_000", "$5", " 5", "0.0000000000001",
                           "9223372.036854775808", "10000000", "1e30"})
    EXPECT_FALSE(parse_usd(text)) << text;
}

TEST(Money, AddsTenthsExactly) {
  EXPECT_EQ(*parse_usd("0.1") + *parse_usd("0.2"), *parse_usd("0.3"));
}

TEST(Money, WritesTheShortestDecimalThatReadsBack) {
  for (const auto* text :
       {"0", "5", "0.4", "0.0123", "0.000000000001", "9223372.036854775807"})
    EXPECT_EQ(to_decimal(*parse_usd(text)), text);
  EXPECT_EQ(to_decimal(*parse_usd("0.4000")), "0.4");
  EXPECT_EQ(to_decimal(Money{-1'500'000'000'000}), "-1.5");
}

TEST(Money, ShowsTwoDecimalsOrTwoDigits) {
  EXPECT_EQ(to_display(*parse_usd("19.434")), "$19.43");
  EXPECT_EQ(to_display(*parse_usd("0.995")), "$1.00");
  EXPECT_EQ(to_display(*parse_usd("0.00534")), "$0.0053");
  EXPECT_EQ(to_display(*parse_usd("0.000012")), "$0.000012");
  EXPECT_EQ(to_display(*parse_usd("0.000000000001")), "$0.000000000001");
  EXPECT_EQ(to_display(Money{}), "$0.00");
  EXPECT_EQ(to_display(Money{-2'000'000'000'000}), "-$2.00");
}

TEST(Money, MultipliesExactlyOrRefuses) {
  EXPECT_EQ(multiply(Money{150'000}, 1'000'000), Money{150'000'000'000});
  EXPECT_FALSE(multiply(Money{9'000'000'000'000'000'000}, 2));
}

TEST(MoneyDeathTest, StopsTheProgramBeforeASumOverflows) {
  const Money most{9'223'372'036'854'775'807};

  EXPECT_DEATH(most + Money{1}, "overflow");
}

} // namespace
} // namespace lab

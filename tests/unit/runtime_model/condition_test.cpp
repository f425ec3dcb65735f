#include <gtest/gtest.h>

#include "runtime/model/condition.hpp"

namespace lab {
namespace {

using Values = std::map<std::string, double>;

const std::vector<std::string> metrics{
  "trust", "co2-tons", "Night sailing", "2030_target", "strikes", "notable"};

std::string refusal_of(const std::string& text) {
  const auto checked = check_condition(text, metrics);
  if (checked)
    return "accepted";
  EXPECT_EQ(checked.error().code, Errc::invalid_input);
  return checked.error().context;
}

TEST(Condition, HoldsAsItsExpressionSays) {
  struct Row {
    const char* text;
    bool holds;
  };
  const Values values{{"trust", 7},         {"co2-tons", 2.5},  {"strikes", 0},
                      {"Night sailing", 1}, {"2030_target", 4}, {"notable", 0},
                      {"turns", 3}};
  for (const auto& [text, holds] : std::vector<Row>{
         {"turns >= 3", true},
         {"turns > 3", false},
         {"trust == 7", true},
         {"trust != 7", false},
         {"trust >= 8 or turns >= 3", true},
         {"trust >= 8 || turns >= 3", true},
         {"trust >= 8 and turns >= 3", false},
         {"trust > 1 && turns > 1", true},
         {"not trust > 8", true},
         {"not trust > 8 and turns == 9", false},
         {"trust > 6 and not turns > 8", true},
         {"!strikes", true},
         {"!strikes == 1", true},
         {"!(trust > 6)", false},
         {"Night_sailing", true},
         {"strikes", false},
         {"co2_tons < 2.6 and co2_tons>2.4", true},
         {"2030_target == 4", true},
         {"notable == 0", true}, // begins with `not`
         {"Night_sailing == true", true},
         {"strikes == false", true},
         {"min(trust, turns, 5) == 3", true},
         {"max (trust, 1) == 7", true},
         {"abs(strikes - trust) == 7", true},
         {"-turns < 0", true},
         {"turns - -1 == 4", true},
         {"2 + 2 * 2 ^ 2 == 10", true},
         {"(trust + co2_tons) / 2 > 4.7", true},
         {"trust > .5e1", true},
         {"turns\n>=\t3", true},
         {"trust > 8 or strikes > 0 or turns == 3", true},
         {"1 or trust and strikes", true}, // `and` binds tighter
       }) {
    EXPECT_EQ(refusal_of(text), "accepted") << text;
    EXPECT_EQ(condition_holds(text, values), holds) << text;
  }
}

TEST(Condition, SaysNothingWhileANumberIsMissing) {
  const Values none{{"turns", 9}};
  EXPECT_EQ(condition_holds("trust > 5", none), std::nullopt);
  EXPECT_EQ(condition_holds("turns > 5 or trust > 5", none), std::nullopt);
  EXPECT_EQ(condition_holds("turns > 5", none), true);
  EXPECT_EQ(condition_holds("turns >", none), std::nullopt);
  EXPECT_EQ(condition_holds("turns / 0", none), std::nullopt);
  EXPECT_EQ(condition_holds("0 / (turns - 9)", none), std::nullopt);
}

TEST(Condition, RefusesWhatItCannotMeanAndSaysWhere) {
  struct Row {
    const char* text;
    const char* why; // the beginning
    const char* column;
  };
  for (const auto& [text, why, column] : std::vector<Row>{
         {"trsut > 5",
          "no metric of the world is called `trsut`; did you mean "
          "`trust`?",
          "column 1"},
         {"turns > 5 or stability < 1",
          "no metric of the world is called `stability`; there are turns, "
          "trust, co2_tons",
          "column 14"},
         {"trust = 5", "`=` compares nothing; write `==`", "column 7"},
         {"trust => 5", "`=` compares nothing", "column 7"},
         {"status == \"open\"", "only numbers can be compared", "column 11"},
         {"1 < trust < 5", "two comparisons in a row", "column 11"},
         {"trust > ", "something is missing at the end", "column 9"},
         {"(trust > 5", "a `(` is not closed", "column 11"},
         {"trust > 5)", "`)` closes nothing", "column 10"},
         {"trust > > 5", "two comparisons in a row", "column 9"},
         {"not not trust", "a number or a metric is missing here", "column 5"},
         {"trust > * 5", "a number or a metric is missing here", "column 9"},
         {"trust 5", "an operator is missing before this", "column 7"},
         {"trust turns", "an operator is missing before this", "column 7"},
         {"trust > 5, turns > 3", "a comma outside of a function", "column 10"},
         {"sqrt(trust) > 5", "there is no function `sqrt`", "column 1"},
         {"abs(trust, 1) > 5", "too many values", "column"},
         {"trust > 5 ? 1 : 0", "`?` means nothing here", "column 11"},
         {"trust % 2 == 0", "`%` means nothing here", "column 7"},
         {"é > 5", "no metric of the world is called `é`", "column 1"},
         {"1 == 1 and é > 5", "no metric of the world", "column 12"},
         {"()", "this parenthesis stands at the wrong place", "column"},
         {"3x > 5", "no metric of the world is called `3x`", "column 1"},
         {". > 5", "a lone dot", "column 1"},
       }) {
    const auto refusal = refusal_of(text);
    EXPECT_TRUE(refusal.starts_with(why)) << text << ": " << refusal;
    EXPECT_NE(refusal.find(column), std::string::npos)
      << text << ": " << refusal;
    EXPECT_EQ(condition_holds(text, {{"turns", 1}}), std::nullopt) << text;
  }
  EXPECT_EQ(refusal_of(" \n"), "a condition without words");
  EXPECT_EQ(refusal_of(std::string(4'001, '1')),
            "a condition of more than 4000 characters");
}

TEST(Condition, RefusesANameThatMayMeanTwoMetrics) {
  const auto checked = check_condition("a_b > 1", {"a-b", "a b"});
  ASSERT_FALSE(checked);
  EXPECT_TRUE(checked.error().context.starts_with(
    "`a_b` may mean several metrics; rename one of them"));
  // A metric called like our own word gives way.
  EXPECT_TRUE(check_condition("turns > 1", {"turns"}));
}

TEST(Condition, TakesDeepNestingWithoutHarm) {
  const std::string deep =
    std::string(1'500, '(') + "1" + std::string(1'500, ')');
  EXPECT_EQ(refusal_of(deep), "accepted");
  EXPECT_EQ(condition_holds(deep, {}), true);
}

} // namespace
} // namespace lab

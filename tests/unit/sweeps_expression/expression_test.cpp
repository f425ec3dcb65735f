#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "sweeps/expression/expression.hpp"
#include "tests/unit/sweeps_expression/table_environment.hpp"

namespace lab::sweeps {
namespace {

Scope everything() {
  Scope scope;
  add_number_functions(scope);
  add_sample_functions(scope);
  scope.add("x", Type::number);
  scope.add("y", Type::number);
  scope.add("lab-openness", Type::number);
  scope.add("none", Type::number); // never has a value
  scope.add("rule", Type::text);
  scope.add("open", Type::truth);
  scope.add("maybe", Type::truth); // never has a value
  scope.add("trust", Type::sample);
  scope.add("empty", Type::sample);
  scope.add("failed", Type::runs);
  scope.add("nobody", Type::runs);
  scope.add("start", Type::moment);
  scope.add("wait", Type::duration);
  return scope;
}

TableEnvironment values() {
  return TableEnvironment{{{"x", 3.0},
                           {"y", -4.0},
                           {"lab-openness", 0.5},
                           {"rule", std::string{"binding"}},
                           {"open", true},
                           {"trust", Sample{{5, 1, 4, 2, 8}}},
                           {"empty", Sample{}},
                           {"failed", Runs{1, 4}},
                           {"nobody", Runs{0, 0}},
                           {"start", Moment{1'000}},
                           {"wait", Duration{90}}}};
}

Expression parsed(const std::string& text, Type type) {
  auto made = Expression::parse(text, everything(), {type});
  if (!made)
    throw std::runtime_error(text + ": " + made.error().message);
  return std::move(*made);
}

struct Sum {
  const char* text;
  std::optional<double> value;
};

void PrintTo(const Sum& sum, std::ostream* out) { *out << sum.text; }

class Number : public ::testing::TestWithParam<Sum> {};

TEST_P(Number, ComesOutAs) {
  const auto made = parsed(GetParam().text, Type::number).number(values());

  ASSERT_EQ(made.has_value(), GetParam().value.has_value());
  EXPECT_DOUBLE_EQ(made.value_or(0), GetParam().value.value_or(0));
}

constexpr std::optional<double> not_known;

INSTANTIATE_TEST_SUITE_P(
  Table, Number,
  ::testing::Values(
    Sum{"1 + 2 * 3", 7}, Sum{"(1 + 2) * 3", 9}, Sum{"8 - 2 - 1", 5},
    Sum{"8 / 2 / 2", 2}, Sum{"-2 * -3", 6}, Sum{"--2", 2},
    Sum{".5 + 1e2", 100.5}, Sum{"5%", 0.05}, Sum{"x + y", -1},
    Sum{"lab_openness", 0.5}, Sum{"abs(y)", 4}, Sum{"abs(x - y)", 7},
    Sum{"min(x, y, 1)", -4}, Sum{"max(x, y)", 3}, Sum{"mean(trust)", 4},
    Sum{"mean(trust, last=2)", 5}, Sum{"mean(trust, 1)", 8},
    Sum{"mean(trust, last=99)", 4}, Sum{"mean(trust, last=0)", not_known},
    Sum{"mean(trust, last=-3)", not_known},
    Sum{"sd(trust)", 2.7386127875258306}, Sum{"sd(trust, last=1)", not_known},
    Sum{"min(trust)", 1}, Sum{"max(trust)", 8}, Sum{"quantile(trust, 0.5)", 4},
    Sum{"quantile(trust, 0.25)", 2}, Sum{"quantile(trust, 0.9)", 6.8},
    Sum{"quantile(trust, 2)", not_known}, Sum{"quantile(trust, q=1)", 8},
    Sum{"count(trust)", 5}, Sum{"count(empty)", 0},
    Sum{"mean(empty)", not_known}, Sum{"count(failed)", 1},
    Sum{"share(failed)", 0.25}, Sum{"share(nobody)", not_known},
    Sum{"share(trust > 3)", 0.6}, Sum{"share(3 < trust)", 0.6},
    Sum{"count(trust == 8)", 1}, Sum{"1 / 0", not_known},
    Sum{"0 / 0", not_known}, Sum{"none + 1", not_known},
    Sum{"min(none, 1)", not_known}, Sum{"1e308 * 10", not_known},
    Sum{"wait / 30s", 3}, Sum{"1 if open else 2", 1},
    Sum{"1 if not open else 2", 2}, Sum{"1 if x > 5 else 2 if x > 2 else 3", 2},
    Sum{"1 if open, else 2", 1}, Sum{"1 if maybe else 1", not_known},
    Sum{"1 if open else none", 1}));

struct Claim {
  const char* text;
  std::optional<bool> holds;
};

void PrintTo(const Claim& claim, std::ostream* out) { *out << claim.text; }

class Truth : public ::testing::TestWithParam<Claim> {};

TEST_P(Truth, ComesOutAs) {
  EXPECT_EQ(parsed(GetParam().text, Type::truth).holds(values()),
            GetParam().holds);
}

constexpr std::optional<bool> undecided;

INSTANTIATE_TEST_SUITE_P(
  Table, Truth,
  ::testing::Values(
    Claim{"x > 2", true}, Claim{"x >= 3 and x <= 3", true},
    Claim{"x < 3 or x != 3", false}, Claim{"x == 3", true},
    Claim{"not x == 3", false}, Claim{"not not open", true},
    Claim{"true or false and false", true},
    Claim{"(true or false) and false", false}, Claim{"rule == 'binding'", true},
    Claim{"rule != \"binding\"", false}, Claim{"open == true", true},
    Claim{"30s < 1m", true}, Claim{"wait == 1.5m", true},
    Claim{"2h > 1d", false}, Claim{"start + 30m > start", true},
    Claim{"start - start == 0s", true},
    Claim{"wait * 2 == 3m and 2 * wait == 3m", true}, Claim{"-wait < 0s", true},
    Claim{"wait / 3 == 30s", true}, Claim{"maybe", undecided},
    Claim{"not maybe", undecided}, Claim{"maybe and false", false},
    Claim{"false and maybe", false}, Claim{"maybe or true", true},
    Claim{"true or maybe", true}, Claim{"maybe and true", undecided},
    Claim{"maybe or false", undecided}, Claim{"none > 1", undecided},
    Claim{"share(failed) > 20% and count(failed) >= 1", true}));

TEST(Expression, ListsTheNamesItUsesWithTheirPlaces) {
  Scope scope;
  add_number_functions(scope);
  scope.open(Type::number);

  const auto made =
    Expression::parse("abs(eu_support - us_support)", scope, {Type::number});

  ASSERT_TRUE(made);
  ASSERT_EQ(made->names().size(), 2U);
  EXPECT_EQ(made->names()[1].name, "us_support");
  EXPECT_EQ(made->names()[1].begin, 17U);
  EXPECT_EQ(made->names()[1].end, 27U);
  EXPECT_FALSE(made->names()[1].declared);
  EXPECT_TRUE(made->calls("abs"));
  EXPECT_FALSE(made->calls("max"));
  EXPECT_EQ(made->text(), "abs(eu_support - us_support)");
}

TEST(Expression, AsksTheEnvironmentWithTheNameOfAMetric) {
  auto scope = everything();
  Parameter metric{"metric", Type::sample};
  metric.by_name = true;
  Parameter order{"order", Type::word};
  order.words = {"first", "total"};
  Parameter level{"level", Type::number};
  level.optional = true;
  scope.add({"sobol_ci", {metric, order, level}, Type::sample, false, {}});
  TableEnvironment table{{{"sobol_ci()", Sample{{0.02, 0.08}}}}};

  const auto made = Expression::parse("max(sobol_ci(trust, total)) < 0.10",
                                      scope, {Type::truth});

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->holds(table), true);
  ASSERT_EQ(table.calls.size(), 1U);
  const auto& [function, given] = table.calls[0];
  EXPECT_EQ(function, "sobol_ci");
  EXPECT_EQ(std::get<std::string>(given[0]), "trust");
  EXPECT_EQ(std::get<std::string>(given[1]), "total");
  EXPECT_FALSE(is_known(given[2]));
}

TEST(Expression, TellsWhichFunctionsItCallsAndWhatIsWrittenThere) {
  auto scope = everything();
  Parameter metric{"metric", Type::sample};
  metric.by_name = true;
  Parameter level{"level", Type::number};
  level.optional = true;
  Parameter factor{"factor", Type::text};
  factor.optional = true;
  scope.add({"width", {metric, level, factor}, Type::number, false, {}});

  const auto made = Expression::parse(
    "width(trust, factor='us') < width(trust, 1 + x)", scope, {Type::truth});

  ASSERT_TRUE(made) << made.error().message;
  const auto uses = made->calls();
  ASSERT_EQ(uses.size(), 2U);
  EXPECT_EQ(uses[0].function, "width");
  EXPECT_EQ(std::get<std::string>(uses[0].arguments[0]), "trust");
  EXPECT_EQ(uses[0].given, (std::vector<bool>{true, false, true}));
  EXPECT_EQ(std::get<std::string>(uses[0].arguments[2]), "us");
  EXPECT_TRUE(uses[1].given[1]);
  EXPECT_FALSE(is_known(uses[1].arguments[1])) << "it is calculated";
}

TEST(Expression, AsksForNothingOnceTheAnswerIsClear) {
  auto scope = everything();
  scope.add({"dear", {}, Type::number, false, {}});
  TableEnvironment table{{{"x", 1.0}}};

  const auto made =
    Expression::parse("x > 5 and dear() > 0", scope, {Type::truth});

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->holds(table), false);
  EXPECT_TRUE(table.calls.empty());
}

TEST(Expression, AValueOfAnotherTypeThanDeclaredIsNotKnown) {
  const auto made = parsed("x > 1", Type::truth);

  EXPECT_EQ(made.holds(TableEnvironment{{{"x", std::string{"3"}}}}),
            std::nullopt);
  EXPECT_EQ(made.holds(TableEnvironment{
              {{"x", std::numeric_limits<double>::infinity()}}}),
            std::nullopt);
}

TEST(Expression, ChoosesAWord) {
  const auto made =
    Expression::parse("continue if x <= 60, else ask", everything(),
                      {Type::word, {"continue", "ask"}});

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->word(TableEnvironment{{{"x", 59.0}}}), "continue");
  EXPECT_EQ(made->word(TableEnvironment{{{"x", 61.0}}}), "ask");
  EXPECT_EQ(made->word(TableEnvironment{}), std::nullopt);
}

TEST(Expression, ALongChainIsReadAndAnswered) {
  std::string sum = "1";
  while (sum.size() + 4 <= Expression::bytes_max)
    sum += " + 1";

  const auto made = parsed(sum, Type::number).number(values());

  EXPECT_EQ(made, static_cast<double>((sum.size() + 3) / 4));
}

} // namespace
} // namespace lab::sweeps

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/base/text.hpp"
#include "sweeps/expression/expression.hpp"
#include "sweeps/expression/sweep_scopes.hpp"

// A faulty expression a row: what is wrong, at which piece, how to mend it.

namespace lab::sweeps {
namespace {

using ::testing::HasSubstr;

struct Fault {
  std::string text;
  std::string piece; // what is marked
  std::string message;
  std::string help; // within the help; empty: none is promised
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.text; }

class ExpressionFault : public ::testing::TestWithParam<Fault> {};

TEST_P(ExpressionFault, IsFoundAtItsPieceWithHelp) {
  auto scope = stop_scope();
  scope.add("x", Type::number);
  scope.add("rule", Type::text);
  const auto& text = GetParam().text;

  const auto made = Expression::parse(text, scope, {Type::truth});

  ASSERT_FALSE(made);
  const auto& error = made.error();
  EXPECT_EQ(error.message, GetParam().message);
  ASSERT_LE(error.begin, error.end);
  ASSERT_LE(error.end, text.size());
  EXPECT_EQ(text.substr(error.begin, error.end - error.begin),
            GetParam().piece);
  EXPECT_THAT(join(error.help, "; "), HasSubstr(GetParam().help));
}

INSTANTIATE_TEST_SUITE_P(
  Table, ExpressionFault,
  ::testing::Values(
    Fault{"", "", "this expression is empty", ""},
    Fault{"x >", "", "the expression ends where a value should stand", ""},
    Fault{"x > 1 x", "x", "`x` does not belong here", ""},
    Fault{"x = 1", "=", "`=` compares nothing", "write `==`"},
    Fault{"1 < x < 5", "<", "two comparisons in a row", "1 < x and x < 5"},
    Fault{"x > 1 && x < 2", "&&", "`&&` means nothing here", "`and`"},
    Fault{"x > 1; x", ";", "`;` means nothing here", "there are + -"},
    Fault{"(x > 1", "(", "this parenthesis is never closed", "add `)`"},
    Fault{"x > 1)", ")", "`)` does not belong here", ""},
    Fault{"count(failed > 1", "(", "this parenthesis is never closed", ""},
    Fault{"rule == 'bind", "'", "this text is never closed", "add '"},
    Fault{"x > 5k", "5k", "`5k` is no number", "30s, 10m"},
    Fault{"x > 1.2.3", "1.2.3", "`1.2.3` is no number", "0.25"},
    Fault{"x > 1e999", "1e999", "this number is too large or too small", ""},
    Fault{"x", "x", "a condition should stand here, not a number",
          "compare it"},
    Fault{"rule == 1", "rule == 1", "`==` cannot compare a text and a number",
          ""},
    Fault{"rule < 'a'", "rule < 'a'", "`<` cannot compare a text and a text",
          ""},
    Fault{"elapsed > 5", "elapsed > 5",
          "`>` cannot compare a length of time and a number", ""},
    Fault{"trust + 1 > 2", "trust + 1",
          "`+` does not go with the values of a metric and a number",
          "mean(trust)"},
    Fault{"trust > 3", "trust > 3",
          "a condition should stand here, not a group of runs",
          "share(trust > 3)"},
    Fault{"failed > 3", "failed > 3",
          "`>` cannot compare a group of runs and a number", "share(failed)"},
    Fault{"x and x > 1", "x",
          "a condition should stand beside `and`, not a number", "compare it"},
    Fault{"not x", "x", "a condition should stand after `not`, not a number",
          "compare it"},
    Fault{"-rule == 'a'", "-rule", "`-` does not go with a text", ""},
    Fault{"1 if x > 1", "if", "this `if` has no `else`", "write it like"},
    Fault{"x > 1 if x else x > 2", "x",
          "a condition should stand after `if`, not a number", "compare it"},
    Fault{"(1 if x > 1 else 'a') == 1", "1 if x > 1 else 'a'",
          "the two sides of `if` are a number and a text", ""},
    Fault{"meen(trust) > 1", "meen", "there is no function `meen`",
          "did you mean `mean`?"},
    Fault{"mean > 1", "mean", "`mean` is a function", "mean(values"},
    Fault{"mean() > 1", "mean()", "`mean` lacks the values of a metric",
          "mean(values, [last=...])"},
    Fault{"mean(x) > 1", "x",
          "`mean` wants the values of a metric here, not a number", "mean("},
    Fault{"mean(trust, 1, 2) > 1", "2", "`mean` takes at most 2 values", ""},
    Fault{"mean(trust, frist=2) > 1", "2", "`mean` has no `frist`", "last"},
    Fault{"mean(trust, last=2, last=3) > 1", "3", "`last` is given twice", ""},
    Fault{"share(trust) > 1", "trust",
          "`share` wants a group of runs here, not the values of a metric",
          "share(runs)"},
    Fault{"max(sobol_ci(trust, totl)) < 1", "totl",
          "there is no word `totl` here", "did you mean `total`?"},
    Fault{"ci_halfwidth(trust > 1) < 1", "trust > 1",
          "`ci_halfwidth` wants the values of a metric here, not a group of "
          "runs",
          ""},
    Fault{"ci_halfwidth(sobol_ci(trust, total)) < 1", "sobol_ci(trust, total)",
          "`ci_halfwidth` wants the name of a metric here", ""},
    Fault{"spent.usdd > 1", "spent.usdd", "there is no name `spent.usdd` here",
          "did you mean `spent.usd`?"},
    Fault{"provider.error_rate(openai, 10m) > 0.3", "openai",
          "`provider.error_rate` wants a text here, not the values of a metric",
          ""},
    Fault{"provider.error_rate('openai', 10) > 0.3", "10",
          "`provider.error_rate` wants a length of time here, not a number",
          ""}));

std::string nested(std::size_t depth) {
  return std::string(depth, '(') + "true" + std::string(depth, ')');
}

TEST(ExpressionFaults, NestingHasABottom) {
  EXPECT_TRUE(Expression::parse(nested(49), stop_scope(), {Type::truth}));

  for (const auto& text : {nested(2'000), std::string(3'000, '-') + "1 > 0"}) {
    const auto made = Expression::parse(text, stop_scope(), {Type::truth});
    ASSERT_FALSE(made);
    EXPECT_FALSE(made.error().message.empty());
  }
}

TEST(ExpressionFaults, ALongTextIsRefused) {
  const auto made = Expression::parse(std::string(5'000, ' ') + "true",
                                      stop_scope(), {Type::truth});

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message, "an expression has at most 4000 bytes");
}

TEST(ExpressionFaults, ABareTextIsShownHowToQuoteIt) {
  Scope scope;
  scope.add("rule", Type::text);

  const auto made = Expression::parse("rule == binding", scope, {Type::truth});

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().help,
            std::vector<std::string>{
              "if a text is meant, write it in quotes: 'binding'"});
  EXPECT_EQ(made.error().notes, std::vector<std::string>{"names: rule"});
}

} // namespace
} // namespace lab::sweeps

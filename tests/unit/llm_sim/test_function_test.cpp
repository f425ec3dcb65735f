#include <cmath>
#include <cstdlib>
#include <numbers>
#include <string>

#include <gtest/gtest.h>

#include "llm/sim/test_function.hpp"
#include "runtime/base/json.hpp"

namespace lab::llm {
namespace {

TestFunctionKnobs knobs_for(TestFunctionKind kind,
                            std::vector<double> constants = {}) {
  TestFunctionKnobs knobs;
  knobs.kind = kind;
  knobs.constants = std::move(constants);
  return knobs;
}

ChatRequest asked(const std::vector<double>& inputs, std::uint64_t seed,
                  std::int64_t ordinal = 0) {
  auto parameters = json::Value::object();
  for (std::size_t i = 0; i < inputs.size(); ++i)
    parameters["x" + std::to_string(i + 1)] = inputs[i];
  const json::Value brief{
    {"kind", "world"},
    {"turn", 1},
    {"phase", "world_update"},
    {"ordinal", ordinal},
    {"parameters", parameters},
    {"metrics", {{{"name", "outcome"}, {"label", "Outcome"}}}}};
  ChatRequest request;
  request.seed = seed;
  request.brief = json::dump(brief);
  return request;
}

double outcome_of(const TestFunctionKnobs& knobs, const ChatRequest& request) {
  TestFunction function;
  const auto text = function.answer(knobs, request);
  EXPECT_TRUE(text) << to_string(text.error());
  const std::string label = "- Outcome: ";
  const auto at = text.value_or("").find(label);
  EXPECT_NE(at, std::string::npos);
  return at == std::string::npos
           ? std::nan("")
           : std::strtod(text->c_str() + at + label.size(), nullptr);
}

TEST(TestFunction, ValuesAreThoseOfTheFormulas) {
  struct Row {
    TestFunctionKnobs knobs;
    std::vector<double> inputs;
    double value;
  };
  const auto pi = std::numbers::pi;
  const auto linear = TestFunctionKind::linear;
  const auto step = TestFunctionKind::step;
  const auto ishigami = TestFunctionKind::ishigami;
  const auto g = TestFunctionKind::g;
  const std::vector<double> middle(20, 0.5);
  const std::vector<double> ones(20, 1);
  for (const auto& row : {
         Row{knobs_for(linear), {0.5, 0.25, 1, 9}, 4},
         Row{knobs_for(linear, {-2, 4}), {1, 0.5}, 0},
         Row{knobs_for(step), {0.5}, 1},
         Row{knobs_for(step), {0.499}, 0},
         Row{knobs_for(step, {0.2, 10}), {0.2}, 10},
         Row{knobs_for(ishigami), {0.5, 0.5, 0.5}, 0},
         Row{knobs_for(ishigami), {0.5, 0.75, 0.1}, 7},
         Row{knobs_for(ishigami), {0.75, 0.5, 1}, 1 + 0.1 * std::pow(pi, 4)},
         Row{knobs_for(ishigami, {5, 0}), {0.25, 0.75, 1}, 4},
         Row{knobs_for(g, {0, 1}), {0, 1}, 2 * 1.5},
         Row{knobs_for(g, {0, 1}), {0.5, 1}, 0},
         Row{knobs_for(TestFunctionKind::morris), middle,
             // w is 0 but for the curved three: 2 (0.55/0.6 - 0.5) = 5/6 each.
             20 * 3 * (5.0 / 6) - 15 * (5.0 / 6) * (5.0 / 6)
               + 2 * (5.0 / 6) * (5.0 / 6)},
       })
    EXPECT_NEAR(value_of(row.knobs, row.inputs), row.value, 1e-12);
  // All w are 1: 10 x 20 and alternating signs that cancel (5 even, 5 odd);
  // 15 pairs of the first six; of the other 175 pairs those of equal parity
  // count 1, the rest -1; 10 triples; one quadruple.
  int signs = 0;
  for (int i = 1; i <= 20; ++i)
    for (int j = i + 1; j <= 20; ++j)
      if (j > 6)
        signs += (i + j) % 2 == 0 ? 1 : -1;
  EXPECT_NEAR(value_of(knobs_for(TestFunctionKind::morris), ones),
              200.0 - 15 * 15 + signs - 10 * 10 + 5, 1e-9);
}

TEST(TestFunction, SobolIndicesOfIshigamiAreThoseOfItsClosedForm) {
  // A grid of cell middles integrates these sines almost exactly.
  constexpr int cells = 60;
  const auto knobs = knobs_for(TestFunctionKind::ishigami);
  const auto at = [](int i) { return (i + 0.5) / cells; };
  double sum = 0;
  double squares = 0;
  std::vector<double> by_first(cells);
  for (int i = 0; i < cells; ++i)
    for (int j = 0; j < cells; ++j)
      for (int k = 0; k < cells; ++k) {
        const auto y = value_of(knobs, {at(i), at(j), at(k)});
        sum += y;
        squares += y * y;
        by_first[static_cast<std::size_t>(i)] += y / (cells * cells);
      }
  const double n = cells * cells * cells;
  const auto mean = sum / n;
  const auto variance = squares / n - mean * mean;
  double first = 0;
  for (const auto value : by_first)
    first += (value - mean) * (value - mean) / cells;
  EXPECT_NEAR(mean, 3.5, 1e-9);
  EXPECT_NEAR(variance, 13.8446, 0.02);
  EXPECT_NEAR(first / variance, 0.3139, 0.001);
}

TEST(TestFunction, TheWorldSaysTheValueInFullDigits) {
  const auto knobs = knobs_for(TestFunctionKind::ishigami);
  const std::vector<double> inputs{0.123, 0.456, 0.789};

  EXPECT_EQ(outcome_of(knobs, asked(inputs, 7)), value_of(knobs, inputs));
}

TEST(TestFunction, NoiseIsSharedByEqualSeedsAndScatterIsNot) {
  auto knobs = knobs_for(TestFunctionKind::linear, {1});
  knobs.noise = 2;
  const auto left = [&](double x, std::uint64_t seed) {
    return outcome_of(knobs, asked({x}, seed)) - x;
  };
  EXPECT_NEAR(left(0.25, 1), left(0.75, 1), 1e-12);
  EXPECT_NE(left(0.25, 1), left(0.25, 2));

  knobs.noise = 0;
  knobs.scatter = 2;
  EXPECT_GT(std::abs(left(0.25, 1) - left(0.75, 1)), 1e-6);
  EXPECT_EQ(left(0.25, 1), left(0.25, 1));
}

TEST(TestFunction, NoiseHasTheDeviationThatWasAskedFor) {
  for (const bool shared : {true, false}) {
    auto knobs = knobs_for(TestFunctionKind::linear, {0});
    (shared ? knobs.noise : knobs.scatter) = 3;
    double sum = 0;
    double squares = 0;
    constexpr int draws = 4000;
    for (std::uint64_t seed = 0; seed < draws; ++seed) {
      const auto y = outcome_of(knobs, asked({0.5}, seed));
      sum += y;
      squares += y * y;
    }
    EXPECT_NEAR(sum / draws, 0, 0.2);
    EXPECT_NEAR(std::sqrt(squares / draws), 3, 0.15);
  }
}

TEST(TestFunction, FailuresComeAtTheirShareWhateverTheInputs) {
  auto knobs = knobs_for(TestFunctionKind::linear, {1});
  knobs.fail = 0.05;
  constexpr int draws = 20'000;
  int low = 0;
  int high = 0;
  for (std::uint64_t seed = 0; seed < draws; ++seed) {
    low += *TestFunction::fails(knobs, asked({0.1}, seed)) ? 1 : 0;
    high += *TestFunction::fails(knobs, asked({0.9}, seed)) ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(low) / draws, 0.05, 0.006);
  EXPECT_NEAR(static_cast<double>(high) / draws, 0.05, 0.006);
}

// The repair of a question has a seed of its own.
TEST(TestFunction, ARepairIsRefusedLikeItsQuestion) {
  auto knobs = knobs_for(TestFunctionKind::linear, {1});
  knobs.fail = 0.5;
  for (std::uint64_t seed = 0; seed < 50; ++seed)
    EXPECT_TRUE(*TestFunction::fails(knobs, asked({0.5}, seed, 1)));
}

TEST(TestFunction, MissingInputsAreNamed) {
  TestFunction function;
  const auto none =
    function.answer(knobs_for(TestFunctionKind::ishigami), asked({}, 1));
  const auto few =
    function.answer(knobs_for(TestFunctionKind::ishigami), asked({1, 1}, 1));

  ASSERT_FALSE(none);
  EXPECT_NE(none.error().context.find("no numeric parameter x1"),
            std::string::npos);
  ASSERT_FALSE(few);
  EXPECT_NE(few.error().context.find("x1 to x2 only"), std::string::npos);
}

} // namespace
} // namespace lab::llm

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/sweeps/fake_scenario.hpp"
#include "sweeps/planner/estimate.hpp"

namespace lab::sweeps {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

PriceRow row(const std::string& model) {
  PriceRow price;
  price.model = model;
  price.input = Money{1'000'000}; // one dollar a million tokens
  price.output = Money{2'000'000};
  price.cached_input = price.input;
  price.cache_write = price.input;
  price.context_window = 128'000;
  price.max_output = 16'000;
  price.tokenizer = Tokenizer::byte_level;
  return price;
}

Result<PriceRow> dollar_price(const std::string& model) { return row(model); }

Result<PriceRow> no_price(const std::string& model) {
  return fail(Errc::model_not_priced, "model=" + model);
}

/// Two participants, three turns.
ScenarioSpec scenario() {
  Findings findings;
  return *FakeScenario{}.resolve({}, findings, nullptr);
}

TEST(Estimate, CountsACallForEachParticipantAndTheWorldATurn) {
  const auto made = estimate(scenario(), dollar_price);

  EXPECT_EQ(made.total.calls, 9);
  EXPECT_EQ(made.total.calls_max, 18);
  EXPECT_EQ(made.by_phase.at("decision").calls, 6);
  EXPECT_EQ(made.by_phase.at("world_update").calls, 3);
  EXPECT_EQ(made.by_participant.at("eu").calls, 3);
  EXPECT_EQ(made.by_participant.at("world").calls, 3);
  EXPECT_TRUE(made.refused.empty());
}

TEST(Estimate, ThreeBreakdownsAreTheSameNumbers) {
  auto spec = scenario();
  spec.participants[0].model = "a/x";
  const auto made = estimate(spec, dollar_price);

  for (const auto* lines :
       {&made.by_participant, &made.by_phase, &made.by_model}) {
    EstimateLine sum;
    for (const auto& [name, line] : *lines) {
      sum.calls += line.calls;
      sum.input_tokens += line.input_tokens;
      sum.output_tokens += line.output_tokens;
      sum.expected += line.expected;
      sum.worst += line.worst;
      sum.worst_tokens += line.worst_tokens;
    }
    EXPECT_EQ(sum.calls, made.total.calls);
    EXPECT_EQ(sum.input_tokens, made.total.input_tokens);
    EXPECT_EQ(sum.output_tokens, made.total.output_tokens);
    EXPECT_EQ(sum.expected, made.total.expected);
    EXPECT_EQ(sum.worst, made.total.worst);
    EXPECT_EQ(sum.worst_tokens, made.total.worst_tokens);
  }
}

TEST(Estimate, PeopleAndScriptsCostNothing) {
  auto spec = scenario();
  spec.participants[0].control = Control::human;
  spec.participants[1].control = Control::scripted;

  const auto made = estimate(spec, dollar_price);

  EXPECT_EQ(made.total.calls, 3);
  EXPECT_FALSE(made.by_phase.contains("decision"));
}

TEST(Estimate, OnlyPhasesOfTheScenarioAreCounted) {
  auto spec = scenario();
  spec.phases = {"decision"};

  EXPECT_EQ(estimate(spec, dollar_price).total.calls, 6);
}

TEST(Estimate, TheWorstCaseIsAboveTheExpectation) {
  const auto made = estimate(scenario(), dollar_price);

  EXPECT_GT(made.total.expected, Money{});
  EXPECT_GT(made.total.worst, made.total.expected);
  EXPECT_LT(made.smallest_limit, made.total.worst);
  EXPECT_GT(made.smallest_limit, Money{});
}

TEST(Estimate, PromptsGrowUntilTheWindowIsFull) {
  auto spec = scenario();
  const auto tokens_of = [&](std::int32_t turns) {
    spec.turns = turns;
    return estimate(spec, dollar_price).total.input_tokens;
  };

  const auto early = tokens_of(2) - tokens_of(1);
  const auto late = tokens_of(9) - tokens_of(8);
  const auto later = tokens_of(10) - tokens_of(9);

  EXPECT_GT(late, early);
  EXPECT_EQ(later, late);
}

TEST(Estimate, AWiderWindowCostsMore) {
  auto spec = scenario();
  spec.turns = 10;
  const auto narrow = estimate(spec, dollar_price);
  spec.context_window_size = 8;

  EXPECT_GT(estimate(spec, dollar_price).total.expected, narrow.total.expected);
}

TEST(Estimate, LongerTextsOfTheScenarioCostMore) {
  auto spec = scenario();
  const auto before = estimate(spec, dollar_price);
  spec.participants[0].private_information = std::string(4'000, 'x');

  const auto after = estimate(spec, dollar_price);

  // A token for four bytes, in each of three turns.
  EXPECT_EQ(after.total.input_tokens - before.total.input_tokens, 3'000);
  EXPECT_EQ(after.by_participant.at("us"), before.by_participant.at("us"));
}

TEST(Estimate, ASmallerCapLowersTheCeiling) {
  auto spec = scenario();
  const auto before = estimate(spec, dollar_price);
  spec.output_caps = {{"", 300}};

  EXPECT_LT(estimate(spec, dollar_price).total.worst, before.total.worst);
}

TEST(Estimate, ModelsWithoutAPriceAreNamedAndTheirCallsCounted) {
  const auto made = estimate(scenario(), no_price);

  EXPECT_EQ(made.total.calls, 9);
  EXPECT_EQ(made.total.worst, Money{});
  ASSERT_EQ(made.refused.size(), 1U);
  EXPECT_EQ(made.refused.at("sim/persona").code, Errc::model_not_priced);
}

TEST(Estimate, AModelWithTooSmallAWindowIsNamed) {
  const auto made = estimate(scenario(), [](const std::string& model) {
    auto price = row(model);
    price.max_output = 100;
    return Result<PriceRow>{price};
  });

  EXPECT_EQ(made.refused.at("sim/persona").code, Errc::context_overflow);
}

TEST(Estimate, AnUnheardOfPriceStopsAtTheLargestAmount) {
  const auto made = estimate(scenario(), [](const std::string& model) {
    auto price = row(model);
    price.output = Money{std::int64_t{1} << 50};
    return Result<PriceRow>{price};
  });

  EXPECT_EQ(made.total.worst.pico_usd,
            std::numeric_limits<std::int64_t>::max());
}

TEST(Estimate, AThousandTurnsTakeNoLongerThanAFew) {
  auto spec = scenario();
  spec.turns = 1'000;
  spec.context_window_size = 900;

  EXPECT_EQ(estimate(spec, dollar_price).total.calls, 3'000);
}

TEST(Estimate, RunsAreAddedUp) {
  const auto one = estimate(scenario(), dollar_price);

  Estimate sum;
  sum.add(one, 3);
  sum.add(one, 1);

  EXPECT_EQ(sum.total.calls, 36);
  EXPECT_EQ(sum.total.expected, *multiply(one.total.expected, 4));
  EXPECT_EQ(sum.by_phase.at("decision").calls, 24);
  EXPECT_EQ(sum.smallest_limit, one.smallest_limit);
}

class PlanEstimateTest : public ::testing::Test {
protected:
  std::unique_ptr<SweepPlan> plan(const std::string& more,
                                  const PlanContext& context = {}) {
    auto manifest =
      read_manifest("schema: sweep/1\nname: x\nscenario: s\n"
                    "factors: {turns: {path: turns, values: [2, 4]}}\n"
                    "design: {grid: {factors: [turns]}}\n"
                    "replicates: {count: 3}\n"
                      + more,
                    "sweeps/x.yaml", findings);
    return std::move(*make_plan(std::move(*manifest), fake, context, findings));
  }

  FakeScenario fake;
  Findings findings;
};

TEST_F(PlanEstimateTest, SumsEveryPointsRuns) {
  const auto sum = estimate_plan(*plan(""), {}, dollar_price);

  EXPECT_EQ(sum->runs, 6);
  EXPECT_EQ(sum->turns, 3 * 2 + 3 * 4);
  EXPECT_EQ(sum->all.total.calls, 3 * (2 + 4) * 3);
  EXPECT_GT(sum->run_worst_max, sum->run_expected_max);
}

TEST_F(PlanEstimateTest, LeavesOutWhatIsDone) {
  const auto made = plan("");
  std::set<RunId> completed;
  for (const auto& ticket : made->tickets())
    if (ticket.point_index == 1)
      completed.insert(ticket.run);

  const auto sum = estimate_plan(*made, completed, dollar_price);

  EXPECT_EQ(sum->runs, 3);
  EXPECT_EQ(sum->turns, 6);
}

TEST_F(PlanEstimateTest, ABudgetBelowOneCallIsAnErrorAtItsPlace) {
  const auto made = plan("budget:\n  usd: 0.0001\n  tokens: 10\n"
                         "  calls: 0\n  per_run_usd: 0.00001\n");

  check_budget(*made, *estimate_plan(*made, {}, dollar_price), findings);

  std::vector<std::pair<std::string, int>> places;
  for (const auto& finding : findings.all()) {
    EXPECT_EQ(finding.severity, Severity::error);
    places.emplace_back(finding.code, finding.line);
  }
  EXPECT_THAT(places, ElementsAre(Pair("B501", 8), Pair("B501", 11),
                                  Pair("B501", 9), Pair("B501", 10)));
}

TEST_F(PlanEstimateTest, ABudgetBelowTheExpectationIsAWarning) {
  const auto made = plan("");
  const auto sum = *estimate_plan(*made, {}, dollar_price);
  const auto below = to_decimal(Money{sum.all.total.expected.pico_usd - 1});
  const auto tight = plan("budget: {usd: " + below + ", calls: 50}\n");

  check_budget(*tight, sum, findings);

  ASSERT_EQ(findings.all().size(), 2U);
  for (const auto& finding : findings.all()) {
    EXPECT_EQ(finding.code, "B502");
    EXPECT_EQ(finding.severity, Severity::warning);
    EXPECT_EQ(finding.line, 7);
  }
}

TEST_F(PlanEstimateTest, TheCommandLinesBudgetHasNoPlace) {
  PlanContext context;
  context.usd = Money{1};
  const auto made = plan("budget: {usd: 100}\n", context);

  check_budget(*made, *estimate_plan(*made, {}, dollar_price), findings);

  ASSERT_EQ(findings.all().size(), 1U);
  EXPECT_EQ(findings.all()[0].code, "B501");
  EXPECT_EQ(findings.all()[0].line, 0);
}

TEST_F(PlanEstimateTest, ASufficientBudgetSaysNothing) {
  const auto made = plan("budget: {usd: 100, per_run_usd: 50, tokens: 90M, "
                         "calls: 1000}\n");

  check_budget(*made, *estimate_plan(*made, {}, dollar_price), findings);

  EXPECT_TRUE(findings.empty()) << render(findings);
}

TEST_F(PlanEstimateTest, NothingLeftToDoNeedsNoBudget) {
  const auto made = plan("budget: {usd: 0}\n");
  std::set<RunId> completed;
  for (const auto& ticket : made->tickets())
    completed.insert(ticket.run);

  check_budget(*made, *estimate_plan(*made, completed, dollar_price), findings);

  EXPECT_TRUE(findings.empty());
}

} // namespace
} // namespace lab::sweeps

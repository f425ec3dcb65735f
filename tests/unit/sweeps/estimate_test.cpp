#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweeps/planner/estimate.hpp"
#include "sweeps/planner/reply_size.hpp"
#include "tests/unit/sweeps/fake_scenario.hpp"

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
      sum.calls_max += line.calls_max;
    }
    EXPECT_EQ(sum.calls, made.total.calls);
    EXPECT_EQ(sum.input_tokens, made.total.input_tokens);
    EXPECT_EQ(sum.output_tokens, made.total.output_tokens);
    EXPECT_EQ(sum.expected, made.total.expected);
    EXPECT_EQ(sum.worst, made.total.worst);
    EXPECT_EQ(sum.worst_tokens, made.total.worst_tokens);
    EXPECT_EQ(sum.calls_max, made.total.calls_max);
  }
}

TEST(Estimate, PeopleCostNothing) {
  auto spec = scenario();
  for (auto& participant : spec.participants)
    participant.control = Control::human;

  const auto made = estimate(spec, dollar_price);

  EXPECT_EQ(made.total.calls, 3);
  EXPECT_EQ(made.total.calls_max, 6);
  EXPECT_FALSE(made.by_phase.contains("decision"));
}

TEST(Estimate, AModelThatMayStandInForAPersonRaisesTheCeilingAlone) {
  auto spec = scenario();
  const auto of_models = estimate(spec, dollar_price);
  spec.participants[0].control = Control::human;
  spec.participants[0].on_timeout = OnTimeout::ai;

  const auto made = estimate(spec, dollar_price);

  const auto& eu = made.by_participant.at("eu");
  EXPECT_EQ(eu.calls, 0);
  EXPECT_EQ(eu.expected, Money{});
  EXPECT_EQ(eu.worst, of_models.by_participant.at("eu").worst);
  EXPECT_EQ(made.total.worst, of_models.total.worst);
}

TEST(Estimate, AScriptIsAModelThatCostsWhatItsRowSays) {
  auto spec = scenario();
  spec.participants[0].control = Control::scripted;
  spec.participants[0].model = "sim/script?file=lines.yaml";

  const auto made = estimate(spec, [](const std::string& model) {
    auto price = row(model);
    if (model.starts_with("sim/script"))
      price.input = price.output = price.cached_input = price.cache_write = {};
    return Result<PriceRow>{price};
  });

  EXPECT_EQ(made.by_participant.at("eu").calls, 3);
  EXPECT_EQ(made.by_participant.at("eu").worst, Money{});
}

/// Four participants who may do everything, for two turns.
ScenarioSpec full_scenario() {
  auto spec = scenario();
  for (const std::string id : {"cn", "in"}) {
    spec.participants.push_back(spec.participants.front());
    spec.participants.back().id = id;
    spec.participants.back().name = "The " + id;
  }
  spec.turns = 2;
  spec.context_window_size = 1;
  spec.talks_per_turn = 3;
  spec.coalitions = true;
  spec.metrics.resize(4);
  spec.metrics[0].extraction = Extraction::llm; // of the world
  spec.metrics[1].extraction = Extraction::llm;
  spec.metrics[1].per_participant = true;
  spec.metrics[2].extraction = Extraction::llm;
  spec.metrics[2].per_participant = true;
  spec.metrics[2].participant = "cn";
  spec.metrics[2].model = "a/metrics"; // metrics[3] is read by a pattern
  for (auto& metric : spec.metrics)
    metric.name = "metric";
  spec.validation.emplace();
  spec.validation->model = "a/checks";
  for (const auto kind :
       {CheckKind::decision_consistency, CheckKind::world_coherence,
        CheckKind::information_access})
    spec.validation->checks.emplace_back().kind = kind;
  spec.phases = {"events",    "summary",    "communication",
                 "coalition", "decision",   "world_update",
                 "metrics",   "validation", "persistence"};
  return spec;
}

TEST(Estimate, CountsAllThatCanHappenInAnyPhase) {
  const auto made = estimate(full_scenario(), dollar_price);

  const auto most = [&](const char* phase) {
    return made.by_phase.at(phase).calls_max / 2; // without repairs
  };
  EXPECT_EQ(most("summary"), 1); // turn 2 alone
  EXPECT_EQ(most("communication"), 2 * 3 * (4 + 4));
  EXPECT_EQ(most("coalition"), 2 * 4 * (1 + 3 + 4));
  EXPECT_EQ(most("decision"), 2 * 4);
  EXPECT_EQ(most("world_update"), 2);
  EXPECT_EQ(most("metrics"), 2 * (1 + 4 + 1));
  EXPECT_EQ(most("validation"), 2 * (4 + 1 + 4));
  EXPECT_FALSE(made.by_phase.contains("events"));
  EXPECT_EQ(made.by_model.at("a/checks").calls_max, 2 * 2 * 9);
  EXPECT_EQ(made.by_model.at("a/metrics").calls_max, 2 * 2);
}

TEST(Estimate, EverybodyMayTurnToOneParticipantButNotToAllAtOnce) {
  auto spec = full_scenario();
  spec.phases = {"communication"};

  const auto made = estimate(spec, dollar_price);

  // Three rounds of two turns: an offer of one's own, three to answer.
  EXPECT_EQ(made.by_participant.at("cn").calls_max / 2, 2 * 3 * (1 + 3));
  EXPECT_EQ(made.total.calls_max / 2, 2 * 3 * (4 + 4));
}

TEST(Estimate, OffersAreCountedAndAnswersByTheUsualShare) {
  auto spec = full_scenario();
  spec.turns = 100;
  spec.phases = {"communication"};

  const auto made = estimate(spec, dollar_price);

  const auto offers = 100 * 3 * 4;
  const auto wanted =
    offers * (1 + usual_habits.talk) * (1 + usual_habits.repair);
  EXPECT_NEAR(static_cast<double>(made.total.calls), wanted, 4);
}

TEST(Estimate, ChecksAtTheEndAloneAreCountedOnce) {
  auto spec = full_scenario();
  spec.phases = {"validation"};
  spec.validation->every_turn = false;

  EXPECT_EQ(estimate(spec, dollar_price).total.calls, 9);
}

TEST(Estimate, TalksMakeLaterPromptsLonger) {
  auto spec = full_scenario();
  const auto with = estimate(spec, dollar_price);
  spec.talks_per_turn = 0;
  const auto without = estimate(spec, dollar_price);

  EXPECT_FALSE(without.by_phase.contains("communication"));
  EXPECT_GT(with.by_phase.at("decision").expected,
            without.by_phase.at("decision").expected);
  EXPECT_GT(with.by_phase.at("decision").worst,
            without.by_phase.at("decision").worst);
  EXPECT_EQ(with.by_phase.at("world_update"),
            without.by_phase.at("world_update"));
}

TEST(Estimate, ASummaryCostsLessThanTheTurnsItStandsFor) {
  auto spec = full_scenario();
  spec.turns = 12;
  spec.context_window_size = 2;
  spec.phases = {"summary", "decision"};
  const auto told = estimate(spec, dollar_price);
  EXPECT_EQ(told.by_phase.at("summary").calls, 10);
  spec.context_window_size = 12;
  const auto whole = estimate(spec, dollar_price);

  EXPECT_FALSE(whole.by_phase.contains("summary"));
  EXPECT_LT(told.total.expected, whole.total.expected);
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
  EXPECT_NEAR(later, late, 1); // parts of a token
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
  spec.participants[0].private_information = std::string(4'000, 'x');
  const auto before = estimate(spec, dollar_price);
  spec.participants[0].private_information = std::string(8'000, 'x');

  const auto after = estimate(spec, dollar_price);

  // A token for four bytes, in each of three turns, and 2 % of repairs.
  EXPECT_EQ(after.total.input_tokens - before.total.input_tokens, 3'060);
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

  EXPECT_EQ(estimate(spec, dollar_price).total.calls,
            3'060); // with 2 % of repairs
}

// --- From history

/// A run of `scenario()` that asked each place once a turn.
PastRun past_run(std::int32_t turns, std::int64_t input, std::int64_t output) {
  PastRun run;
  run.turns = turns;
  const CallSum sum{turns, {turns * input, 0, 0, turns * output}};
  for (const std::string id : {"eu", "us"})
    run.sites[{"decision", id, "sim/persona"}] = sum;
  run.sites[{"world_update", "", "sim/persona"}] = sum;
  return run;
}

TEST(EstimateFromHistory, ExpectsTheMeanOfRunsThatCompleted) {
  const auto made =
    estimate(scenario(), dollar_price,
             {past_run(3, 1'000, 100), past_run(3, 2'000, 300)});

  EXPECT_EQ(made.history_runs, 2);
  EXPECT_EQ(made.total.calls, 9);
  EXPECT_EQ(made.total.input_tokens, 9 * 1'500);
  EXPECT_EQ(made.total.output_tokens, 9 * 200);
  // A dollar a million tokens in, two out.
  EXPECT_EQ(made.total.expected, Money{9 * (1'500 + 2 * 200) * 1'000'000LL});
}

TEST(EstimateFromHistory, LeavesTheCeilingAsItIs) {
  const auto texts = estimate(scenario(), dollar_price);
  const auto made =
    estimate(scenario(), dollar_price, {past_run(3, 90'000, 9'000)});

  EXPECT_EQ(made.total.worst, texts.total.worst);
  EXPECT_EQ(made.smallest_limit, texts.smallest_limit);
}

TEST(EstimateFromHistory, PrefersRunsOfTheSameLength) {
  const auto made = estimate(scenario(), dollar_price,
                             {past_run(8, 5'000, 10), past_run(3, 1'000, 10)});

  EXPECT_EQ(made.history_runs, 1);
  EXPECT_EQ(made.total.input_tokens, 9'000);
}

TEST(EstimateFromHistory, RunsOfAnotherLengthAreScaled) {
  const auto made =
    estimate(scenario(), dollar_price, {past_run(6, 1'000, 10)});

  EXPECT_EQ(made.total.calls, 9);
  EXPECT_EQ(made.total.input_tokens, 9'000);
}

TEST(EstimateFromHistory, RunsWithOtherModelsTellNothing) {
  auto other = past_run(3, 1'000, 10);
  other.sites[{"decision", "eu", "openai/gpt-4o-mini"}] = {1, {}};

  const auto made = estimate(scenario(), dollar_price, {other});

  EXPECT_EQ(made.history_runs, 0);
  EXPECT_EQ(made.total, estimate(scenario(), dollar_price).total);
}

TEST(EstimateFromHistory, ParametersOfAModelAreNoOtherModel) {
  auto spec = scenario();
  for (auto& participant : spec.participants)
    participant.model = "sim/persona?jitter=0.2";

  EXPECT_EQ(estimate(spec, dollar_price, {past_run(3, 1'000, 10)}).history_runs,
            1);
}

TEST(EstimateFromHistory, APersonsRunsWithoutAPersonTellNothingOfTheirCost) {
  auto spec = scenario();
  spec.participants[0].control = Control::human;
  spec.participants[0].on_timeout = OnTimeout::ai;

  const auto of_models = estimate(spec, dollar_price, {past_run(3, 1'000, 10)});
  auto played = past_run(3, 1'000, 10);
  played.sites[{"decision", "eu", "human/eu"}] = {3, {}};
  played.sites[{"decision", "eu", "sim/persona"}] = {1, {900, 0, 0, 10}};
  const auto of_people = estimate(spec, dollar_price, {played});

  EXPECT_EQ(of_models.by_participant.at("eu").calls, 0);
  EXPECT_EQ(of_people.by_participant.at("eu").calls, 1);
  EXPECT_EQ(of_people.by_participant.at("eu").input_tokens, 900);
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
  const std::string real = "set: {world_state_model: a/x, "
                           "actors.eu.llm_model: a/x, "
                           "actors.us.llm_model: a/x}\n";
  const auto made = plan(real);
  const auto sum = *estimate_plan(*made, {}, dollar_price);
  const auto below = to_decimal(Money{sum.all.total.expected.pico_usd - 1});
  const auto tight = plan(real + "budget: {usd: " + below + ", calls: 50}\n");

  check_budget(*tight, sum, findings);

  ASSERT_EQ(findings.all().size(), 2U);
  for (const auto& finding : findings.all()) {
    EXPECT_EQ(finding.code, "B502");
    EXPECT_EQ(finding.severity, Severity::warning);
    EXPECT_EQ(finding.line, 8);
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

TEST_F(PlanEstimateTest, ACeilingOfAModelIsHeldAgainstItsOwnCalls) {
  const auto made = plan("set: {world_state_model: a/x, actors.eu.llm_model: "
                         "'a/x?t=1', actors.us.llm_model: b/y}\n"
                         "budget:\n  by_model:\n    b/y: 100\n"
                         "    a/x: 0.000001\n    a/xx: 3\n");

  check_budget(*made, *estimate_plan(*made, {}, dollar_price), findings);

  ASSERT_EQ(findings.all().size(), 2U) << render(findings);
  const auto& tight = findings.all()[0];
  EXPECT_EQ(tight.code, "B502");
  EXPECT_EQ(tight.severity, Severity::warning);
  EXPECT_EQ(tight.line, 11);
  EXPECT_EQ(tight.message,
            "this ceiling will probably halt runs that ask `a/x`");
  const auto& unused = findings.all()[1];
  EXPECT_EQ(unused.code, "B505");
  EXPECT_EQ(unused.severity, Severity::warning);
  EXPECT_EQ(unused.line, 12);
  EXPECT_EQ(unused.path, "budget.by_model.a/xx");
  EXPECT_THAT(unused.notes, ElementsAre("the plan's models: a/x, b/y"));
}

TEST_F(PlanEstimateTest, WarningsNeedACeilingToBeAShareOf) {
  const auto made = plan("budget: {warn_at: 50%, by_model: {}}\n");
  check_budget(*made, *estimate_plan(*made, {}, dollar_price), findings);

  ASSERT_EQ(findings.all().size(), 1U);
  EXPECT_EQ(findings.all()[0].code, "B506");
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

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/sweeps/plan_fixture.hpp"

namespace lab::sweeps {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

/// rule x start with two paired seeds.
constexpr const char* six_points = R"(
factors:
  rule: {path: params.rule, values: [none, voluntary, binding]}
  start: {path: params.start, values: [calm, tense]}
design: {grid: {factors: [rule, start]}, seed: 7}
replicates: {count: 2}
)";

class PlanTest : public PlanFixture {
protected:
  /// Run -> name of every run of the plan.
  static std::map<RunId, std::string> names_of(const SweepPlan& plan) {
    std::map<RunId, std::string> names;
    for (const auto& ticket : plan.tickets())
      names.emplace(ticket.run, ticket.name);
    return names;
  }

  static std::vector<RunId> runs_of(RunSource& source) {
    std::vector<RunId> runs;
    for (const auto& ticket : drain(source))
      runs.push_back(ticket.run);
    return runs;
  }
};

TEST_F(PlanTest, EveryPointHasEveryReplicateOnce) {
  const auto made = plan(six_points);

  EXPECT_EQ(made->point_count(), 6);
  EXPECT_EQ(made->tickets().size(), 12U);
  EXPECT_EQ(names_of(*made).size(), 12U);
  EXPECT_TRUE(findings.empty()) << render(findings);
}

TEST_F(PlanTest, APointIsShownWithItsFactorsInOrder) {
  const auto made = plan(six_points);

  EXPECT_EQ(made->point(3).name, "p004");
  EXPECT_THAT(made->point(3).factors,
              ElementsAre(Pair("rule", "voluntary"), Pair("start", "tense")));
  EXPECT_EQ(made->scenario_of(3)->turns, 3);
  EXPECT_EQ(made->turns().least, 3);
  EXPECT_EQ(made->turns().most, 3);
}

TEST_F(PlanTest, ARunKnowsAllItNeeds) {
  PlanContext context;
  context.user = "me";
  const auto made = plan(six_points, context);
  const auto& ticket = made->tickets().front();

  const auto run = made->resolve(ticket);

  ASSERT_TRUE(run);
  EXPECT_EQ(run->id, ticket.run);
  EXPECT_EQ(run->id, run_id_of(run->scenario->content, ticket.seed));
  EXPECT_EQ(run->name, ticket.name);
  EXPECT_EQ(run->sweep, sweep_id_of("demo"));
  EXPECT_EQ(run->point, ticket.point);
  EXPECT_EQ(run->replicate, ticket.replicate);
  EXPECT_EQ(run->seed, ticket.seed);
  EXPECT_EQ(run->user, "me");
  EXPECT_EQ(run->output, "output/demo/" + ticket.name);
  EXPECT_EQ(run->factors, made->point(ticket.point_index).factors);
  EXPECT_TRUE(run->simulated);
}

TEST_F(PlanTest, FactorsReachTheScenario) {
  const auto made = plan("set: {system_prompt: Set, params.rule: set}\n"
                         "factors: {rule: {path: [params.rule, system_prompt], "
                         "values: [a, b]}}\n"
                         "design: {grid: {factors: [rule]}}\n");

  EXPECT_EQ(made->scenario_of(0)->system_prompt, "a");
  EXPECT_EQ(made->scenario_of(1)->system_prompt, "b");
}

TEST_F(PlanTest, TheCommandLinesModelWinsOverEverything) {
  PlanContext context;
  context.models = {{"", "sim/faulty"}, {"us", "openai/gpt-4o-mini"}};

  const auto made = plan("models: {eu: ollama/a, world: ollama/b}\n", context);

  const auto spec = *made->scenario_of(0);
  EXPECT_EQ(spec.participant("eu")->model, "sim/faulty");
  EXPECT_EQ(spec.participant("us")->model, "openai/gpt-4o-mini");
  EXPECT_EQ(spec.world_state_model, "sim/faulty");
}

TEST_F(PlanTest, AModelFactorWinsOverTheManifestsModels) {
  const auto made =
    plan("models: sim/persona\n"
         "factors: {m: {path: actors.us.llm_model, values: [ollama/a]}}\n"
         "design: {grid: {factors: [m]}}\n");

  const auto spec = *made->scenario_of(0);
  EXPECT_EQ(spec.participant("us")->model, "ollama/a");
  EXPECT_EQ(spec.participant("eu")->model, "sim/persona");
}

TEST_F(PlanTest, PairedSeedsAreTheSameAtEveryPoint) {
  const auto made = plan(six_points);

  std::map<std::int32_t, std::set<std::uint64_t>> seeds; // by replicate
  for (const auto& ticket : made->tickets())
    seeds[ticket.replicate].insert(ticket.seed);

  EXPECT_EQ(seeds[1].size(), 1U);
  EXPECT_EQ(seeds[2].size(), 1U);
  EXPECT_NE(seeds[1], seeds[2]);
}

TEST_F(PlanTest, FreshSeedsAreNeverTheSame) {
  const auto made =
    plan(std::string{six_points} + "measure: {final: [tension]}\n");
  auto fresh_text = std::string{six_points};
  fresh_text.replace(fresh_text.find("count: 2"), 8, "count: 2, seeds: fresh");

  const auto fresh = plan(fresh_text);

  std::set<std::uint64_t> seeds;
  for (const auto& ticket : fresh->tickets())
    seeds.insert(ticket.seed);
  EXPECT_EQ(seeds.size(), 12U);
}

TEST_F(PlanTest, OnlyEqualSeedsOfASweepShare) {
  const auto made = plan(six_points);

  std::map<std::uint64_t, std::set<Digest128>> scopes; // by seed
  for (const auto& ticket : made->tickets())
    scopes[ticket.seed].insert(made->resolve(ticket)->scope);

  ASSERT_EQ(scopes.size(), 2U);
  EXPECT_EQ(scopes.begin()->second.size(), 1U);
  EXPECT_NE(scopes.begin()->second, scopes.rbegin()->second);
}

TEST_F(PlanTest, AnotherSweepNeverShares) {
  const auto made = plan(six_points);
  auto manifest = read_manifest("schema: sweep/1\nname: other\nscenario: s\n"
                                  + std::string{six_points},
                                "y.yaml", findings);
  const auto other = make_plan(std::move(*manifest), scenario, {}, findings);

  const auto& ticket = made->tickets().front();
  EXPECT_EQ((*other)->tickets().front().run, ticket.run);
  EXPECT_NE((*other)->resolve(ticket)->scope, made->resolve(ticket)->scope);
}

TEST_F(PlanTest, WithSharingOffEveryRunIsAlone) {
  const auto made = plan(std::string{six_points} + "sharing: off\n");

  std::set<Digest128> scopes;
  for (const auto& ticket : made->tickets())
    scopes.insert(made->resolve(ticket)->scope);

  EXPECT_EQ(scopes.size(), 12U);
}

TEST_F(PlanTest, AReorderedManifestKeepsIdsNamesAndOrder) {
  const auto before = plan(six_points);
  PlanContext context;
  context.names = names_of(*before);

  const auto after = plan(R"(
factors:
  start: {path: params.start, values: [tense, calm]}
  rule: {path: params.rule, values: [binding, none, voluntary]}
design: {grid: {factors: [start, rule]}, seed: 7}
replicates: {count: 2}
)",
                          context);

  EXPECT_EQ(names_of(*after), context.names);
  std::vector<RunId> old_order;
  std::vector<RunId> new_order;
  for (const auto& ticket : before->tickets())
    old_order.push_back(ticket.run);
  for (const auto& ticket : after->tickets())
    new_order.push_back(ticket.run);
  EXPECT_EQ(new_order, old_order);
  EXPECT_TRUE(after->sweep_fact().runs.empty());
}

TEST_F(PlanTest, AnAddedLevelAddsPointsAndKeepsTheOthers) {
  const auto before = plan(six_points);
  PlanContext context;
  context.names = names_of(*before);
  auto longer = std::string{six_points};
  longer.replace(longer.find("[calm, tense]"), 13, "[calm, dire, tense]");

  const auto after = plan(longer, context);

  const auto names = names_of(*after);
  EXPECT_EQ(names.size(), 18U);
  for (const auto& [run, name] : context.names)
    EXPECT_EQ(names.at(run), name);
  const auto fact = after->sweep_fact();
  EXPECT_EQ(fact.runs.size(), 6U);
  for (const auto& ticket : fact.runs)
    EXPECT_GE(ticket.point, "p007");
}

TEST_F(PlanTest, AnAddedReplicateAddsRunsAndKeepsTheOthers) {
  const auto before = plan(six_points);
  PlanContext context;
  context.names = names_of(*before);
  auto more = std::string{six_points};
  more.replace(more.find("count: 2"), 8, "count: 3");

  const auto after = plan(more, context);

  const auto fact = after->sweep_fact();
  EXPECT_EQ(fact.runs.size(), 6U);
  for (const auto& ticket : fact.runs)
    EXPECT_EQ(ticket.replicate, 3);
}

TEST_F(PlanTest, EveryPrefixIsBalanced) {
  const auto made = plan(six_points);

  std::vector<int> done(6);
  for (const auto& ticket : made->tickets()) {
    ++done[static_cast<std::size_t>(ticket.point_index)];

    const auto [least, most] = std::ranges::minmax(done);
    ASSERT_LE(most - least, 1);
  }
}

TEST_F(PlanTest, CompletedRunsAreNotHandedOutAgain) {
  const auto made = plan(six_points);
  const auto& tickets = made->tickets();
  const std::set<RunId> completed{tickets[0].run, tickets[5].run};

  const auto source = made->missing(completed);
  const auto runs = runs_of(*source);

  EXPECT_EQ(runs.size(), 10U);
  EXPECT_EQ(runs.front(), tickets[1].run);
  EXPECT_EQ(source->next(), std::nullopt);
}

TEST_F(PlanTest, ASourceMakesRunsFromTickets) {
  const auto made = plan(six_points);
  const auto source = made->missing({});
  const auto ticket = source->next();

  EXPECT_EQ(source->resolve(*ticket)->id, ticket->run);
}

TEST_F(PlanTest, FirstTakesTheHeadOfTheOrderAndNamesAllRuns) {
  const auto whole = plan(six_points);
  PlanContext context;
  context.first = 5;

  const auto made = plan(six_points, context);

  ASSERT_EQ(made->tickets().size(), 5U);
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ(made->tickets()[i].run, whole->tickets()[i].run);
  EXPECT_EQ(made->sweep_fact().runs.size(), 12U);
}

TEST_F(PlanTest, TheFactSaysWhatWasPlanned) {
  const auto fact =
    plan(std::string{"about: Why?\n"} + six_points)->sweep_fact();

  EXPECT_EQ(fact.sweep, sweep_id_of("demo"));
  EXPECT_EQ(fact.name, "demo");
  EXPECT_EQ(fact.about, "Why?");
  EXPECT_EQ(fact.scenario, "fake");
  EXPECT_THAT(fact.manifest, HasSubstr("values: [none, voluntary, binding]"));
  EXPECT_EQ(fact.points, 6);
  EXPECT_EQ(fact.replicates, 2);
  EXPECT_THAT(fact.factors, ElementsAre("rule", "start"));
  EXPECT_EQ(fact.output, "output/demo");
  EXPECT_TRUE(fact.simulated);
  EXPECT_EQ(fact.runs.size(), 12U);
}

TEST_F(PlanTest, ASweepOfRealModelsIsNotSimulated) {
  const auto fact = plan("models: ollama/llama3.1:8b\n")->sweep_fact();

  EXPECT_FALSE(fact.simulated);
}

TEST_F(PlanTest, OutputIsTheCommandLinesThenTheManifestsThenOurs) {
  PlanContext context;
  EXPECT_EQ(plan("")->output(), "output/demo");
  EXPECT_EQ(plan("output: {dir: ../results/mine}\n")->output(), "results/mine");

  context.output = "/tmp/out";
  EXPECT_EQ(plan("output: {dir: ../results/mine}\n", context)->output(),
            "/tmp/out/demo");
}

TEST_F(PlanTest, TheBudgetIsTheCommandLinesOrTheManifests) {
  PlanContext context;
  context.usd = *parse_usd("3");

  const auto made = plan("budget: {usd: 5, calls: 10}\n", context);

  EXPECT_EQ(made->budget().usd, *parse_usd("3"));
  EXPECT_EQ(made->budget().calls, 10);
  EXPECT_EQ(plan("budget: {usd: 5}\n")->budget().usd, *parse_usd("5"));
}

TEST_F(PlanTest, EqualPointsRunOnceAndAreReported) {
  PlanContext context;
  context.models = {{"", "sim/persona"}};

  const auto made = plan(
    "factors: {m: {path: actors.us.llm_model, values: [ollama/a, ollama/b]}}\n"
    "design: {grid: {factors: [m]}}\n",
    context);

  EXPECT_EQ(made->point_count(), 1);
  EXPECT_EQ(made->tickets().size(), 1U);
  ASSERT_EQ(findings.all().size(), 1U);
  const auto& finding = findings.all()[0];
  EXPECT_EQ(finding.severity, Severity::warning);
  EXPECT_EQ(finding.code, "S419");
  EXPECT_EQ(finding.line, 5);
  EXPECT_THAT(finding.notes,
              ElementsAre("(m=ollama/b) is the same as (m=ollama/a)"));
}

TEST_F(PlanTest, APathThatIsNotThereIsOneFindingAtItsValue) {
  const auto made = plan(R"(
factors:
  rule: {path: params.rule, values: [a, b]}
  typo:
    path: params.rul
    values: [x]
design: {grid: {factors: [rule, typo]}}
)");

  EXPECT_EQ(made, nullptr);
  EXPECT_EQ(error.code, Errc::invalid_input);
  EXPECT_EQ(lines_of(findings),
            (std::vector<std::string>{"S210@9: no such place: params.rul"}));
  EXPECT_THAT(findings.all()[0].notes,
              ElementsAre("first met at the point rule=a, typo=x"));
}

TEST_F(PlanTest, AnUnknownParticipantAmongTheModelsHasItsPlace) {
  EXPECT_EQ(plan("models:\n  eu: sim/persona\n  uk: sim/persona\n"), nullptr);
  EXPECT_EQ(
    lines_of(findings),
    (std::vector<std::string>{"S210@6: no such place: actors.uk.llm_model"}));
}

TEST_F(PlanTest, AMetricThatTheScenarioLacksIsFound) {
  EXPECT_EQ(plan("measure:\n  final: [tension, cooperaton]\n"), nullptr);
  ASSERT_EQ(lines_of(findings),
            (std::vector<std::string>{
              "S420@5: the scenario has no metric `cooperaton`"}));
  EXPECT_THAT(findings.all()[0].help,
              ElementsAre("did you mean `cooperation`?"));
}

TEST_F(PlanTest, EveryPointIsCheckedOnceAndNoneIsKept) {
  const auto made = plan(six_points);
  EXPECT_EQ(scenario.resolved(), 6);

  const auto& ticket = made->tickets().front();
  std::weak_ptr<const ScenarioSpec> seen;
  {
    const auto first = made->resolve(ticket);
    const auto again = made->resolve(ticket);
    EXPECT_EQ(first->scenario.ptr(), again->scenario.ptr());
    EXPECT_EQ(scenario.resolved(), 7);
    seen = first->scenario.ptr();
  }

  EXPECT_TRUE(seen.expired());
  EXPECT_TRUE(made->resolve(ticket));
  EXPECT_EQ(scenario.resolved(), 8);
}

TEST_F(PlanTest, AScenarioThatChangedUnderneathIsRefused) {
  const auto made = plan(six_points);
  scenario.ignored = "params.rule";

  const auto& tickets = made->tickets();
  const auto changed =
    std::ranges::find(tickets, 2, &RunTicket::point_index); // rule=voluntary

  EXPECT_EQ(made->resolve(*changed).error().code, Errc::internal);
}

TEST_F(PlanTest, AnExtraRunIsTheOneThatALargerCountWouldGive) {
  const auto made = plan(six_points);
  const auto larger =
    plan("factors:\n"
         "  rule: {path: params.rule, values: [none, voluntary, binding]}\n"
         "  start: {path: params.start, values: [calm, tense]}\n"
         "design: {grid: {factors: [rule, start]}, seed: 7}\n"
         "replicates: {count: 3}\n");

  const auto extra = made->extra_run(2, 3);

  ASSERT_TRUE(extra);
  EXPECT_EQ(extra->name, "p003.r3");
  const auto same =
    std::ranges::find(larger->tickets(), extra->run, &RunTicket::run);
  ASSERT_NE(same, larger->tickets().end());
  EXPECT_EQ(extra->name, same->name);
  EXPECT_EQ(extra->seed, same->seed);
}

TEST_F(PlanTest, AnExtraRunTakesNoNameThatAnotherHas) {
  const auto plain = plan(six_points);
  PlanContext context;
  context.names = names_of(*plain);
  context.names[RunId{77}] = "p003.r3";
  const auto made = plan(six_points, context);

  const auto third = made->extra_run(2, 3);
  const auto fourth = made->extra_run(2, 4);

  ASSERT_TRUE(third && fourth);
  EXPECT_EQ(third->name, "p003.r4");
  EXPECT_EQ(fourth->name, "p003.r5");
  EXPECT_EQ(made->extra_run(2, 3)->name, "p003.r4") << "it stays";

  context.names[third->run] = third->name;
  EXPECT_EQ(plan(six_points, context)->extra_run(2, 3)->name, "p003.r4");
}

} // namespace
} // namespace lab::sweeps

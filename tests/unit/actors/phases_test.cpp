#include <functional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/calls.hpp"
#include "actors/prompts/prompts.hpp"
#include "runtime/base/json.hpp"
#include "tests/unit/actors/phase_fixture.hpp"

namespace lab::actors {
namespace {

using lab::testing::first_turn;
using lab::testing::Made;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto decision_text =
  R"({"goals":{"long_term":["Peace"],"short_term":["A pact"]},)"
  R"("reasoning":"R","action":"We sign."})";
constexpr auto world_text =
  R"({"updated_state":"Calm, level: 7.","key_changes":["A pact"],)"
  R"("consequences":["Trade"]})";

ScenarioSpec ferry() {
  ScenarioSpec scenario;
  scenario.id = "ferry";
  scenario.name = "Ferry";
  scenario.turns = 5;
  scenario.world_state_model = "openai/world";
  scenario.temperature = "0.7";
  for (const auto* id : {"isle", "port"}) {
    ParticipantSpec participant;
    participant.id = id;
    participant.name = id;
    participant.model = std::string{"openai/"} + id;
    scenario.participants.push_back(participant);
  }
  MetricSpec metric;
  metric.name = "level";
  metric.patterns = {"level: (\\d+)"};
  scenario.metrics = {metric};
  scenario.phases = {"decision", "world_update", "metrics", "persistence"};
  return scenario;
}

using Phases = lab::testing::PhaseTest;

TEST_F(Phases, AreMadeInTheScenariosOrderAndPersistenceIsLeftToRun) {
  make(ferry());

  std::vector<std::string> names;
  for (const auto& phase : made->phases)
    names.push_back(phase.name);
  EXPECT_THAT(names, ElementsAre("decision", "world_update", "metrics"));
}

struct Refusal {
  const char* what;
  std::function<void(ScenarioSpec&)> spoil;
  const char* says;
};

TEST_F(Phases, AreRefusedBeforeAnyActorIsMade) {
  const std::vector<Refusal> refusals{
    {"an unknown phase", [](auto& s) { s.phases = {"gossip"}; },
     "unknown phase 'gossip'; known are events, summary, communication, "
     "coalition, decision, world_update, metrics, validation, persistence"},
    {"a phase twice",
     [](auto& s) {
       s.phases = {"decision", "decision"};
     },
     "named twice"},
    {"persistence before others",
     [](auto& s) {
       s.phases = {"persistence", "decision"};
     },
     "only be the last"},
    {"no phases", [](auto& s) { s.phases.clear(); }, "no phases"},
    {"persistence alone", [](auto& s) { s.phases = {"persistence"}; },
     "no phases"},
    {"a person for whom a model it has not shall stand in",
     [](auto& s) {
       s.participants[1].control = Control::human;
       s.participants[1].on_timeout = OnTimeout::ai;
       s.participants[1].model.clear();
     },
     "participant 'port' has no model"},
    {"talks with nobody",
     [](auto& s) {
       s.phases = {"communication"};
       s.participants.pop_back();
     },
     "phase communication needs at least 2 participants; there is 1"},
    {"coalitions of two", [](auto& s) { s.phases = {"coalition"}; },
     "phase coalition needs at least 3 participants; there are 2"},
    {"a participant without a model",
     [](auto& s) { s.participants[0].model.clear(); },
     "participant 'isle' has no model"},
    {"nobody", [](auto& s) { s.participants.clear(); },
     "phase decision: nobody takes part"},
    {"no world model", [](auto& s) { s.world_state_model.clear(); },
     "no world_state_model"},
    {"a metric for a model without a prompt",
     [](auto& s) { s.metrics[0].extraction = Extraction::llm; },
     "metric 'level'"},
    {"a broken pattern", [](auto& s) { s.metrics[0].patterns = {"("}; },
     "metric 'level'"},
  };
  for (const auto& refusal : refusals) {
    SCOPED_TRACE(refusal.what);
    auto scenario = ferry();
    refusal.spoil(scenario);
    made = std::make_shared<Made>();

    make(scenario);

    EXPECT_EQ(made->error.code, Errc::invalid_input);
    EXPECT_THAT(made->error.context, HasSubstr(refusal.says));
    EXPECT_TRUE(made->phases.empty());
  }
}

TEST_F(Phases, EndWithTheirRun) {
  make(ferry());
  // RUN, GATEWAY, two participants, three phases.
  EXPECT_EQ(system.registry().running(), 7u);
  auto phases = made->phases; // handles outlive RUN here

  caf::anon_send_exit(run_actor, caf::exit_reason::user_shutdown);
  run();

  EXPECT_EQ(system.registry().running(), 1u);
}

TEST_F(Phases, WhoeverWaitsWhenTheRunEndsGetsAnAnswer) {
  script->hold = {"turn 1 decision isle #0"};
  script->replies = {{"turn 1 decision isle #0", decision_text},
                     {"turn 1 decision port #0", decision_text}};
  make(ferry());
  auto answer =
    ask_later<PhaseDone>(made->phases[0].actor, RunPhase{share(first_turn())});
  run();

  caf::anon_send_exit(run_actor, caf::exit_reason::user_shutdown);
  run();

  EXPECT_EQ(answer.code(), Errc::shutting_down);
  tell(gateway, std::string{"turn 1 decision isle #0"});
}

TEST_F(Phases, DecisionsAreTakenAtOnceAndKeptInScenarioOrder) {
  script->hold = {"turn 1 decision isle #0"};
  script->replies = {{"turn 1 decision isle #0", decision_text},
                     {"turn 1 decision port #0", "**ACTION:** We row."}};
  make(ferry());
  auto answer =
    ask_later<PhaseDone>(made->phases[0].actor, RunPhase{share(first_turn())});
  run();
  ASSERT_EQ(script->calls.size(), 2u); // both were asked
  EXPECT_FALSE(answer.came());

  tell(gateway, std::string{"turn 1 decision isle #0"});

  const auto done = answer.value();
  const auto& decisions = done.state->current.decisions;
  ASSERT_EQ(decisions.size(), 2u);
  EXPECT_EQ(decisions[0].participant, "isle");
  EXPECT_EQ(decisions[0].action, "We sign.");
  EXPECT_THAT(decisions[0].long_term_goals, ElementsAre("Peace"));
  EXPECT_EQ(decisions[0].raw, decision_text);
  EXPECT_FALSE(decisions[0].repaired);
  EXPECT_EQ(decisions[1].participant, "port");
  EXPECT_EQ(decisions[1].action, "We row.");
}

TEST_F(Phases, ADecisionIsBlindToTheMovesOfItsOwnTurn) {
  script->replies = {{"turn 1 decision isle #0", decision_text},
                     {"turn 1 decision port #0", decision_text}};
  make(ferry());
  auto state = first_turn();
  Decision early;
  early.participant = "port";
  early.action = "We strike first.";
  state.current.decisions = {early};

  ASSERT_TRUE(play("decision", state));

  for (const auto& call : script->calls)
    for (const auto& message : call.request.messages)
      EXPECT_THAT(message.text, Not(HasSubstr("strike first")));
}

TEST_F(Phases, ADecisionsCallSaysWhoAsksWhereAndWithWhat) {
  script->replies = {{"turn 1 decision isle #0", decision_text},
                     {"turn 1 decision port #0", decision_text}};
  auto scenario = ferry();
  scenario.output_caps = {{"decision", 300}};
  make(scenario);
  ASSERT_TRUE(play("decision", first_turn()));

  const auto* call = script->call_at("turn 1 decision isle #0");

  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->owner.run, RunId{7});
  EXPECT_FALSE(call->inherit_from);
  EXPECT_EQ(call->request.model, "openai/isle");
  EXPECT_EQ(call->request.schema_name, "decision");
  EXPECT_EQ(call->request.schema, decision_schema());
  EXPECT_EQ(call->request.output_cap, 300);
  EXPECT_EQ(call->request.temperature, "0.7");
  EXPECT_LT(call->request.seed, std::uint64_t{1} << 53U);
  EXPECT_EQ(call->request.brief, ""); // not a sim/ model
}

TEST_F(Phases, AFailureIsAnsweredWhenAllHaveAnsweredAndNamesTheFirst) {
  script->hold = {"turn 1 decision isle #0"};
  script->errors = {
    {"turn 1 decision isle #0", {Errc::limit_exhausted, "no money"}},
    {"turn 1 decision port #0", {Errc::provider_failed, "no server"}}};
  make(ferry());
  auto answer =
    ask_later<PhaseDone>(made->phases[0].actor, RunPhase{share(first_turn())});
  run();
  EXPECT_FALSE(answer.came());

  tell(gateway, std::string{"turn 1 decision isle #0"});

  EXPECT_EQ(answer.code(), Errc::limit_exhausted);
}

TEST_F(Phases, AfterAFailureTheNextTurnStartsClean) {
  script->errors = {
    {"turn 1 decision isle #0", {Errc::provider_failed, "no server"}}};
  script->replies = {{"turn 1 decision port #0", decision_text}};
  make(ferry());
  EXPECT_FALSE(play("decision", first_turn()));
  script->errors.clear();
  script->replies["turn 1 decision isle #0"] = decision_text;

  const auto done = play("decision", first_turn());

  ASSERT_TRUE(done);
  EXPECT_EQ(done->state->current.decisions.size(), 2u);
}

TEST_F(Phases, AnUnreadableReplyIsRepairedOnce) {
  script->replies = {{"turn 1 decision isle #0", "Hm, let me see."},
                     {"turn 1 decision isle #1", decision_text},
                     {"turn 1 decision port #0", decision_text}};
  make(ferry());

  const auto done = play("decision", first_turn());

  ASSERT_TRUE(done);
  EXPECT_TRUE(done->state->current.decisions[0].repaired);
  EXPECT_FALSE(done->state->current.decisions[1].repaired);
  const auto* repair = script->call_at("turn 1 decision isle #1");
  ASSERT_NE(repair, nullptr);
  EXPECT_THAT(repair->request.messages.back().text,
              HasSubstr(R"("text":"Hm, let me see.")"));
  EXPECT_NE(repair->request.seed,
            script->call_at("turn 1 decision isle #0")->request.seed);
}

TEST_F(Phases, ASecondUnreadableReplyIsAnError) {
  script->replies = {{"turn 1 decision isle #0", "Hm."},
                     {"turn 1 decision isle #1", "**REASONING:** Hm."},
                     {"turn 1 decision port #0", decision_text}};
  make(ferry());

  const auto done = play("decision", first_turn());

  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::reply_invalid);
  EXPECT_EQ(done.error().context,
            "turn 1 decision isle #1 after a repair: there is no section "
            "action");
  EXPECT_EQ(script->calls.size(), 3u);
}

TEST_F(Phases, ModelTimeIsTheLongestChainAndTheSum) {
  script->replies = {{"turn 1 decision isle #0", "Hm."},
                     {"turn 1 decision isle #1", decision_text},
                     {"turn 1 decision port #0", decision_text}};
  script->latency_us = {{"turn 1 decision isle #0", 100},
                        {"turn 1 decision isle #1", 20},
                        {"turn 1 decision port #0", 110}};
  make(ferry());

  const auto done = play("decision", first_turn());

  ASSERT_TRUE(done);
  EXPECT_EQ(done->time.critical_us, 120);
  EXPECT_EQ(done->time.total_us, 230);
}

TEST_F(Phases, TheWorldIsToldFromTheActionsOfTheTurn) {
  script->replies = {{to_string(Place{1, "world_update", "", 0}), world_text}};
  make(ferry());
  auto state = first_turn();
  Decision decision;
  decision.participant = "isle";
  decision.action = "We sign.";
  decision.reasoning = "Out of fear.";
  state.current.decisions = {decision};
  state.current.events = {{"Storm", "It storms."}};

  const auto done = play("world_update", state);

  ASSERT_TRUE(done);
  EXPECT_EQ(done->state->current.world, "Calm, level: 7.");
  EXPECT_THAT(done->state->current.key_changes, ElementsAre("A pact"));
  EXPECT_THAT(done->state->current.consequences, ElementsAre("Trade"));
  EXPECT_EQ(done->state->current.world_raw, world_text);
  EXPECT_EQ(done->state->current.decisions.size(), 1u);
  ASSERT_EQ(script->calls.size(), 1u);
  const auto& request = script->calls[0].request;
  EXPECT_EQ(request.model, "openai/world");
  EXPECT_EQ(request.output_cap, 2'000);
  EXPECT_THAT(request.messages.back().text, HasSubstr("We sign."));
  EXPECT_THAT(request.messages.back().text, HasSubstr("It storms."));
  EXPECT_THAT(request.messages.back().text, Not(HasSubstr("Out of fear")));
}

TEST_F(Phases, AnUnreadableWorldIsRepairedOnceThenAnError) {
  script->replies = {{to_string(Place{1, "world_update", "", 0}), "It rains."},
                     {to_string(Place{1, "world_update", "", 1}), "It rains."}};
  make(ferry());

  const auto done = play("world_update", first_turn());

  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::reply_invalid);
  EXPECT_EQ(script->calls.size(), 2u);
}

TEST_F(Phases, MetricsAreReadFromTheTurn) {
  make(ferry());
  auto state = first_turn();
  state.current.world = "Calm, level: 7.";

  const auto done = play("metrics", state);

  ASSERT_TRUE(done);
  ASSERT_EQ(done->state->current.metrics.size(), 1u);
  EXPECT_EQ(done->state->current.metrics[0].number, 7);
  EXPECT_TRUE(script->calls.empty());
}

TEST_F(Phases, V1PromptsAskForNoSchema) {
  script->replies = {{"turn 1 decision isle #0", decision_text},
                     {"turn 1 decision port #0", decision_text}};
  auto scenario = ferry();
  scenario.v1_prompts = true;
  make(scenario);
  ASSERT_TRUE(play("decision", first_turn()));

  EXPECT_EQ(script->calls.at(0).request.schema, "");
  EXPECT_EQ(script->calls.at(0).request.schema_name, "");
}

TEST_F(Phases, SimulatedModelsGetABriefAndARepairSaysThatItIsOne) {
  script->replies = {{"turn 1 decision isle #0", "Hm."},
                     {"turn 1 decision isle #1", decision_text},
                     {"turn 1 decision port #0", decision_text}};
  auto scenario = ferry();
  scenario.participants[0].model = "sim/persona";
  scenario.participants[0].sim = {{"trust", 0.9}};
  scenario.sim = {{"trust", 0.1}, {"caution", 0.2}};
  make(scenario);
  ASSERT_TRUE(play("decision", first_turn()));

  const auto first =
    json::parse(script->call_at("turn 1 decision isle #0")->request.brief);
  const auto repair =
    json::parse(script->call_at("turn 1 decision isle #1")->request.brief);

  ASSERT_TRUE(first);
  ASSERT_TRUE(repair);
  EXPECT_EQ((*first)["kind"], "decision");
  EXPECT_EQ((*first)["dials"]["trust"], 0.9);
  EXPECT_EQ((*first)["dials"]["caution"], 0.2);
  EXPECT_EQ((*first)["repair"], false);
  EXPECT_EQ((*repair)["repair"], true);
  EXPECT_EQ((*repair)["ordinal"], 1);
  EXPECT_EQ(script->call_at("turn 1 decision port #0")->request.brief, "");
}

// --- calls -------------------------------------------------------------------

RunSpec run_of(std::uint64_t seed) {
  RunSpec spec;
  spec.seed = seed;
  spec.scenario = share(ferry());
  return spec;
}

TEST(CallAt, EqualReplicatesAtDifferentPointsAskIdenticalRequests) {
  auto one = run_of(42);
  one.id = RunId{1};
  one.name = "p001.r1";
  one.point = "p001";
  one.output = "output/a";
  one.user = "ada";
  auto other = run_of(42);
  other.id = RunId{2};
  other.name = "p002.r1";
  other.point = "p002";
  other.factors = {{"trust", "0.9"}};
  const Place place{3, "decision", "isle", 0};
  const Question question{"openai/isle", {{ChatRole::user, "Q"}}, "", "", ""};

  EXPECT_EQ(call_at(one, place, question).request,
            call_at(other, place, question).request);
  EXPECT_NE(call_at(one, place, question).request,
            call_at(run_of(43), place, question).request);
}

TEST(CallAt, EveryPlaceHasASeedOfItsOwn) {
  const auto spec = run_of(42);
  std::set<std::uint64_t> drawn;
  for (const int turn : {1, 2})
    for (const auto* phase : {"decision", "world_update"})
      for (const auto* who : {"isle", "port", ""})
        for (const int ordinal : {0, 1})
          drawn.insert(call_seed(spec, {turn, phase, who, ordinal}));

  EXPECT_EQ(drawn.size(), 24u);
}

TEST(CallAt, ABranchAsksItsParentsTurnsAsTheParentDid) {
  const auto parent = run_of(42);
  auto branch = run_of(43);
  branch.branch_from = RunId{7};
  branch.branch_turn = 2;
  branch.branch_seed = 42;
  const Place before{2, "decision", "isle", 0};
  const Place after{3, "decision", "isle", 0};

  EXPECT_EQ(call_at(branch, before, {}).inherit_from, RunId{7});
  EXPECT_EQ(call_seed(branch, before), call_seed(parent, before));
  EXPECT_FALSE(call_at(branch, after, {}).inherit_from);
  EXPECT_NE(call_seed(branch, after), call_seed(parent, after));
}

TEST(OutputCap, IsThePhasesOwnThenTheGeneralOneThenTheDefault) {
  auto scenario = ferry();
  EXPECT_EQ(output_cap(scenario, "decision"), 1'200);
  EXPECT_EQ(output_cap(scenario, "world_update"), 2'000);

  scenario.output_caps = {{"", 900}, {"decision", 300}};

  EXPECT_EQ(output_cap(scenario, "decision"), 300);
  EXPECT_EQ(output_cap(scenario, "world_update"), 900);
}

} // namespace
} // namespace lab::actors

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/actors/phase_fixture.hpp"

namespace lab::actors {
namespace {

using lab::testing::first_turn;
using ::testing::HasSubstr;

constexpr auto move =
  R"({"goals":{"long_term":["Peace"],"short_term":["A pact"]},)"
  R"("reasoning":"R","action":"We sign."})";
constexpr auto other_move = R"({"goals":{"long_term":[],"short_term":[]},)"
                            R"("reasoning":"R","action":"We row."})";

/// Two participants, of whom `isle` is played by a person.
ScenarioSpec ferry() {
  ScenarioSpec scenario;
  scenario.id = "ferry";
  scenario.name = "Ferry";
  scenario.turns = 5;
  scenario.talks_per_turn = 1;
  for (const auto* id : {"isle", "port"}) {
    ParticipantSpec participant;
    participant.id = id;
    participant.name = id;
    participant.model = "sim/persona";
    scenario.participants.push_back(participant);
  }
  scenario.participants[0].control = Control::human;
  scenario.phases = {"communication", "decision", "persistence"};
  return scenario;
}

const std::string isle = "turn 1 decision isle #";
const std::string port = "turn 1 decision port #";

class People : public lab::testing::PhaseTest {
protected:
  Decision decided() {
    script->replies[port + "0"] = move;
    const auto done = play("decision", first_turn());
    if (!done) {
      ADD_FAILURE() << to_string(done.error());
      return {};
    }
    return done->state->current.decisions.at(0);
  }
};

TEST_F(People, AreAskedThroughTheirDeskWithTheSameMessagesAndSchema) {
  script->replies[isle + "0"] = move;
  make(ferry());

  const auto decision = decided();

  EXPECT_EQ(decision.action, "We sign.");
  EXPECT_EQ(decision.by, Control::human);
  EXPECT_FALSE(decision.timed_out);
  const auto& person = script->call_at(isle + "0")->request;
  const auto& model = script->call_at(port + "0")->request;
  EXPECT_EQ(person.model, "human/isle");
  EXPECT_EQ(person.schema, model.schema);
  EXPECT_EQ(person.schema_name, "decision");
  EXPECT_EQ(person.brief, "");
  EXPECT_NE(model.brief, "");
  EXPECT_THAT(person.messages.back().text, HasSubstr("You are isle."));
}

TEST_F(People, GetTheirFormEvenWithV1Prompts) {
  script->replies[isle + "0"] = move;
  auto scenario = ferry();
  scenario.v1_prompts = true;
  make(scenario);
  decided();

  EXPECT_EQ(script->call_at(isle + "0")->request.schema_name, "decision");
  EXPECT_EQ(script->call_at(port + "0")->request.schema_name, "");
}

TEST_F(People, MayLeaveOneQuestionToTheModel) {
  script->replies[isle + "0"] = R"({"declined":"ai"})";
  script->replies[isle + "2"] = other_move;
  make(ferry());

  const auto decision = decided();

  EXPECT_EQ(decision.action, "We row.");
  EXPECT_EQ(decision.by, Control::ai);
  EXPECT_FALSE(decision.timed_out);
  const auto& stand_in = script->call_at(isle + "2")->request;
  EXPECT_EQ(stand_in.model, "sim/persona");
  EXPECT_THAT(stand_in.brief, HasSubstr(R"("ordinal":2)"));
}

TEST_F(People, AStandInsUnreadableReplyIsRepairedAtItsOwnPlace) {
  script->replies[isle + "0"] = R"({"declined":"ai"})";
  script->replies[isle + "2"] = "Hm.";
  script->replies[isle + "3"] = other_move;
  make(ferry());

  const auto decision = decided();

  EXPECT_EQ(decision.action, "We row.");
  EXPECT_TRUE(decision.repaired);
}

TEST_F(People, MaySkipAMove) {
  script->replies[isle + "0"] = R"({"declined":"skip"})";
  make(ferry());

  const auto decision = decided();

  EXPECT_EQ(decision.action, "(no move)");
  EXPECT_EQ(decision.participant, "isle");
  EXPECT_EQ(decision.by, Control::human);
  EXPECT_EQ(decision.raw, R"({"declined":"skip"})");
  EXPECT_EQ(script->calls.size(), 2u);
}

TEST_F(People, WhoeverIsTooLateIsReplacedOrSkippedAsTheScenarioSays) {
  for (const auto on_timeout : {OnTimeout::ai, OnTimeout::skip}) {
    script->calls.clear();
    script->replies[isle + "0"] = R"({"declined":"timeout"})";
    script->replies[isle + "2"] = other_move;
    auto scenario = ferry();
    scenario.participants[0].on_timeout = on_timeout;
    made = std::make_shared<lab::testing::Made>();
    make(scenario);

    const auto decision = decided();

    EXPECT_TRUE(decision.timed_out);
    const bool by_model = on_timeout == OnTimeout::ai;
    EXPECT_EQ(decision.action, by_model ? "We row." : "(no move)");
    EXPECT_EQ(decision.by, by_model ? Control::ai : Control::human);
    EXPECT_EQ(script->calls.size(), by_model ? 3u : 2u);
  }
}

TEST_F(People, WithoutAModelCanOnlyBeSkipped) {
  script->replies[isle + "0"] = R"({"declined":"ai"})";
  auto scenario = ferry();
  scenario.participants[0].model.clear();
  make(scenario);

  EXPECT_EQ(decided().action, "(no move)");
}

TEST_F(People, WhoseAnswerCannotBeReadAreAskedOnceMore) {
  script->replies[isle + "0"] = "dunno";
  script->replies[isle + "1"] = R"({"declined":"ai"})";
  script->replies[isle + "2"] = other_move;
  make(ferry());

  const auto decision = decided();

  EXPECT_EQ(decision.action, "We row.");
  EXPECT_EQ(script->call_at(isle + "1")->request.model, "human/isle");
}

TEST_F(People, AModelThatWritesDeclinedIsJustUnreadable) {
  script->replies[isle + "0"] = move;
  make(ferry());
  script->replies[port + "0"] = R"({"declined":"skip"})";
  script->replies[port + "1"] = other_move;

  const auto done = play("decision", first_turn());

  ASSERT_TRUE(done);
  EXPECT_EQ(done->state->current.decisions.at(1).action, "We row.");
  EXPECT_TRUE(done->state->current.decisions.at(1).repaired);
}

TEST_F(People, TakeOverAndHandBackInMidRun) {
  auto scenario = ferry();
  RunSpec spec;
  spec.id = RunId{7};
  spec.seed = 42;
  spec.controls = {{"isle", 2, Control::ai}, {"port", 2, Control::human}};
  spec.scenario = share(scenario);
  make(spec);
  TurnRecord first;
  first.turn = 1;
  first.world = "Still quiet.";
  auto state = first_turn();
  state.history.push_back(share(first));
  state.current.turn = 2;
  script->replies = {{"turn 2 decision isle #0", move},
                     {"turn 2 decision port #0", other_move}};

  const auto done = play("decision", state);

  ASSERT_TRUE(done);
  const auto& decisions = done->state->current.decisions;
  EXPECT_EQ(decisions.at(0).by, Control::ai);
  EXPECT_EQ(decisions.at(1).by, Control::human);
  EXPECT_EQ(script->call_at("turn 2 decision isle #0")->request.model,
            "sim/persona");
  EXPECT_EQ(script->call_at("turn 2 decision port #0")->request.model,
            "human/port");
}

TEST_F(People, HandingOverToAModelThatIsNotThereIsAnError) {
  auto scenario = ferry();
  scenario.participants[0].model.clear();
  RunSpec spec;
  spec.controls = {{"isle", 1, Control::ai}};
  spec.scenario = share(scenario);
  make(spec);
  script->replies[port + "0"] = move;

  const auto done = play("decision", first_turn());

  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::invalid_input);
  EXPECT_THAT(done.error().context, HasSubstr("'isle' has no model"));
}

TEST_F(People, AScriptedParticipantAsksItsScriptAndSaysSo) {
  script->replies[isle + "0"] = move;
  auto scenario = ferry();
  scenario.participants[0].control = Control::scripted;
  scenario.participants[0].model = "sim/script?file=a.yaml";
  make(scenario);

  EXPECT_EQ(decided().by, Control::scripted);
  EXPECT_EQ(script->call_at(isle + "0")->request.model,
            "sim/script?file=a.yaml");
}

TEST_F(People, WhoSkipsATalkSaysNothing) {
  const std::string at = "turn 1 communication ";
  script->replies = {
    {at + "isle #0", R"({"declined":"skip"})"},
    {at + "port #0",
     R"({"initiate":true,"target":"isle","message":"Hello.","reasoning":"R"})"},
    {at + "isle #8", R"({"declined":"timeout"})"}};
  auto scenario = ferry();
  scenario.participants[0].on_timeout = OnTimeout::skip;
  make(scenario);

  const auto done = play("communication", first_turn());

  ASSERT_TRUE(done);
  const auto& talks = done->state->current.talks;
  EXPECT_EQ(talks.at(0).target, "");
  EXPECT_EQ(talks.at(0).ask_raw, R"({"declined":"skip"})");
  EXPECT_EQ(talks.at(1).answer, "");
  EXPECT_EQ(done->state->current.messages.size(), 1u);
}

} // namespace
} // namespace lab::actors

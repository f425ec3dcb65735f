// The phases around the participants' own: events, summary, metrics that a
// model reads, validation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/prompts/helper_prompts.hpp"
#include "runtime/base/json.hpp"
#include "tests/unit/actors/phase_fixture.hpp"

namespace lab::actors {
namespace {

using lab::testing::PhaseTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr auto passed_text =
  R"({"passed":true,"issues":[],"severity":"low","explanation":"Fine."})";
constexpr auto failed_text =
  R"({"passed":false,"issues":["One."],"severity":"high","explanation":"E."})";

std::string at(std::int32_t turn, const char* phase, const char* who,
               int ordinal) {
  return to_string(Place{turn, phase, who, ordinal});
}

ScenarioSpec ferry() {
  ScenarioSpec scenario;
  scenario.id = "ferry";
  scenario.name = "Ferry";
  scenario.turns = 6;
  scenario.context_window_size = 2;
  scenario.world_state_model = "openai/world";
  for (const auto* id : {"isle", "port"}) {
    ParticipantSpec participant;
    participant.id = id;
    participant.name = id;
    participant.model = std::string{"openai/"} + id;
    participant.private_information = std::string{"secret of "} + id;
    scenario.participants.push_back(participant);
  }
  scenario.phases = {"events",       "summary", "decision",
                     "world_update", "metrics", "validation"};
  ValidationSpec validation;
  validation.model = "openai/judge";
  validation.checks = {
    {CheckKind::decision_consistency, IssueSeverity::medium, {}, {}},
    {CheckKind::world_coherence, IssueSeverity::low, {}, {}}};
  scenario.validation = validation;
  return scenario;
}

Decision decided(const std::string& id, const std::string& action) {
  Decision decision;
  decision.participant = id;
  decision.reasoning = "thoughts of " + id;
  decision.action = action;
  return decision;
}

/// The state in which `turn` is played, its decisions made.
TurnState state_at(std::int32_t turn) {
  TurnState state;
  for (std::int32_t past = 0; past < turn; ++past) {
    TurnRecord record;
    record.turn = past;
    record.world = "World " + std::to_string(past) + ".";
    if (past > 0)
      record.decisions = {
        decided("isle", "isle acts in " + std::to_string(past)),
        decided("port", "port acts in " + std::to_string(past))};
    record.messages = {
      {"bilateral", "isle", {"port"}, "whisper " + std::to_string(past)}};
    state.history.push_back(share(record));
  }
  state.current.turn = turn;
  state.current.world = "A new world.";
  state.current.decisions = {decided("isle", "isle rows"),
                             decided("port", "port sails")};
  return state;
}

std::string text_of(const IssueCall& call) {
  std::string text;
  for (const auto& message : call.request.messages)
    text += message.text + '\n';
  return text;
}

// --- events
// -------------------------------------------------------------------

class EventsPhase : public PhaseTest {
protected:
  static ScenarioSpec with_random_events() {
    auto scenario = ferry();
    for (int i = 0; i < 16; ++i) {
      EventSpec event;
      event.name = "e" + std::to_string(i);
      event.type = EventType::random;
      event.probability = 0.5;
      event.once = false;
      scenario.events.push_back(event);
    }
    return scenario;
  }

  std::vector<std::string> drawn(const RunSpec& spec, std::int32_t turn) {
    made = std::make_shared<lab::testing::Made>();
    make(spec);
    const auto done = play("events", state_at(turn));
    std::vector<std::string> names;
    if (!done) {
      ADD_FAILURE() << to_string(done.error());
      return names;
    }
    for (const auto& event : done->state->current.events)
      names.push_back(event.name);
    return names;
  }
};

TEST_F(EventsPhase, AsksNoModelAndReplacesWhatStoodThere) {
  auto scenario = ferry();
  EventSpec event;
  event.name = "Festival";
  event.description = "All ships are full.";
  event.turns = {2};
  scenario.events = {event};
  make(scenario);
  auto state = state_at(2);
  state.current.events = {{"Old", "", EventType::trend}};

  const auto done = play("events", state);

  ASSERT_TRUE(done);
  ASSERT_EQ(done->state->current.events.size(), 1u);
  EXPECT_EQ(done->state->current.events[0].name, "Festival");
  EXPECT_EQ(done->state->current.decisions.size(), 2u);
  EXPECT_TRUE(script->calls.empty());
  const auto later = play("events", state_at(3));
  ASSERT_TRUE(later);
  EXPECT_THAT(later->state->current.events, IsEmpty());
}

TEST_F(EventsPhase, ABranchDrawsItsParentsTurnsAsTheParentDid) {
  RunSpec parent;
  parent.id = RunId{7};
  parent.seed = 42;
  parent.scenario = share(with_random_events());
  auto branch = parent;
  branch.id = RunId{8};
  branch.seed = 43;
  branch.branch_from = RunId{7};
  branch.branch_turn = 3;
  branch.branch_seed = 42;

  EXPECT_EQ(drawn(branch, 3), drawn(parent, 3));
  EXPECT_NE(drawn(branch, 4), drawn(parent, 4));
}

TEST_F(EventsPhase, IsRefusedWithAnEventThatCannotBeDrawn) {
  auto scenario = with_random_events();
  scenario.events[3].probability = 7;

  EXPECT_THAT(refusal_of(scenario), HasSubstr("event 'e3'"));
}

// --- summary
// ------------------------------------------------------------------

class SummaryPhase : public PhaseTest {};

TEST_F(SummaryPhase, AsksNothingWhileNothingHasLeftTheWindow) {
  make(ferry());
  for (const int turn : {1, 2}) {
    const auto done = play("summary", state_at(turn));

    ASSERT_TRUE(done);
    EXPECT_EQ(done->state->current.summary, "");
  }
  EXPECT_TRUE(script->calls.empty());
}

TEST_F(SummaryPhase, TellsWhatHasLeftTheWindowOnceForAll) {
  script->replies = {{at(4, "summary", "", 0), R"({"summary":"They rowed."})"}};
  make(ferry());

  const auto done = play("summary", state_at(4));

  ASSERT_TRUE(done);
  EXPECT_EQ(done->state->current.summary, "They rowed.");
  ASSERT_EQ(script->calls.size(), 1u);
  const auto& call = script->calls[0];
  EXPECT_EQ(call.request.model, "openai/world");
  EXPECT_EQ(call.request.schema_name, "summary");
  EXPECT_EQ(call.request.schema, summary_schema());
  const auto text = text_of(call);
  // Turns 2 and 3 stand in the window of two.
  EXPECT_THAT(text, HasSubstr("World 0."));
  EXPECT_THAT(text, HasSubstr("World 1."));
  EXPECT_THAT(text, HasSubstr("isle acts in 1"));
  EXPECT_THAT(text, Not(HasSubstr("World 2.")));
  EXPECT_THAT(text, Not(HasSubstr("acts in 2")));
  // Public things alone.
  EXPECT_THAT(text, Not(HasSubstr("whisper")));
  EXPECT_THAT(text, Not(HasSubstr("thoughts of")));
  EXPECT_THAT(text, Not(HasSubstr("secret of")));
}

TEST_F(SummaryPhase, GoesOnFromTheSummaryOfTheTurnBefore) {
  script->replies = {{at(5, "summary", "", 0), R"({"summary":"More."})"}};
  make(ferry());
  auto state = state_at(5);
  auto last = *state.history.back(); // turn 4: its summary tells 0 and 1
  last.summary = "They rowed.";
  state.history.back() = share(last);

  ASSERT_TRUE(play("summary", state));

  const auto text = text_of(script->calls.at(0));
  EXPECT_THAT(text, HasSubstr(R"("turn":1,"channel":"summary","text":"They )"
                              R"(rowed.")"));
  EXPECT_THAT(text, HasSubstr("World 2."));
  EXPECT_THAT(text, HasSubstr("isle acts in 2"));
  EXPECT_THAT(text, Not(HasSubstr("World 1.")));
  EXPECT_THAT(text, Not(HasSubstr("World 3.")));
  EXPECT_THAT(text, HasSubstr("turns 0 to 2"));
}

TEST_F(SummaryPhase, UsesTheSummaryModelWhereThereIsOne) {
  script->replies = {{at(3, "summary", "", 0), R"({"summary":"S."})"}};
  auto scenario = ferry();
  scenario.summary_model = "ollama/small";
  make(scenario);

  ASSERT_TRUE(play("summary", state_at(3)));

  EXPECT_EQ(script->calls.at(0).request.model, "ollama/small");
}

TEST_F(SummaryPhase, TakesAWholeReplyThatHasNoFormEvenAfterARepair) {
  script->replies = {{at(3, "summary", "", 0), ""},
                     {at(3, "summary", "", 1), "They met and parted."}};
  make(ferry());

  const auto done = play("summary", state_at(3));

  ASSERT_TRUE(done);
  EXPECT_EQ(done->state->current.summary, "They met and parted.");
  EXPECT_EQ(script->calls.size(), 2u);
}

TEST_F(SummaryPhase, FailsWithoutWordsAndWithItsCall) {
  script->replies = {{at(3, "summary", "", 0), ""},
                     {at(3, "summary", "", 1), " "}};
  script->errors = {{at(4, "summary", "", 0), {Errc::limit_exhausted, "no"}}};
  make(ferry());

  EXPECT_EQ(play("summary", state_at(3)).error().code, Errc::reply_invalid);
  EXPECT_EQ(play("summary", state_at(4)).error().code, Errc::limit_exhausted);
}

TEST_F(SummaryPhase, AnswersWhoWaitsWhenTheRunEnds) {
  script->hold = {at(3, "summary", "", 0)};
  script->replies = {{at(3, "summary", "", 0), R"({"summary":"S."})"}};
  make(ferry());
  auto answer = play_later("summary", state_at(3));

  caf::anon_send_exit(run_actor, caf::exit_reason::user_shutdown);
  run();

  EXPECT_EQ(answer.code(), Errc::shutting_down);
  release(at(3, "summary", "", 0));
}

TEST_F(SummaryPhase, IsRefusedWithoutAModel) {
  auto scenario = ferry();
  scenario.phases = {"summary"};
  scenario.world_state_model.clear();

  EXPECT_THAT(refusal_of(scenario), HasSubstr("neither a summary_model"));
}

// --- metrics that a model reads
// -----------------------------------------------

class LlmMetrics : public PhaseTest {
protected:
  static ScenarioSpec measured() {
    auto scenario = ferry();
    MetricSpec pattern;
    pattern.name = "level";
    pattern.patterns = {"new (world)"};
    pattern.type = MetricType::text;
    MetricSpec trust;
    trust.name = "trust";
    trust.extraction = Extraction::llm;
    trust.prompt = "How much do they trust each other?";
    trust.model = "openai/reader";
    trust.range = {{0, 10}};
    trust.warning_threshold = 5;
    trust.critical_threshold = 2;
    MetricSpec mood;
    mood.name = "mood";
    mood.extraction = Extraction::llm;
    mood.type = MetricType::categorical;
    mood.categories = {"low", "high"};
    mood.prompt = "How is its mood?";
    mood.per_participant = true;
    MetricSpec by_hand;
    by_hand.name = "by_hand";
    by_hand.extraction = Extraction::manual;
    scenario.metrics = {pattern, trust, mood, by_hand};
    return scenario;
  }

  void answer_all() {
    script->replies = {{at(3, "metrics", "", 4), R"({"value":1.5})"},
                       {at(3, "metrics", "isle", 8), R"({"value":"high"})"},
                       {at(3, "metrics", "port", 8), R"({"value":"low"})"}};
  }
};

TEST_F(LlmMetrics, AreAskedAtOnceAndKeptInScenarioOrder) {
  answer_all();
  script->hold = {at(3, "metrics", "", 4)};
  script->latency_us = {{at(3, "metrics", "", 4), 50},
                        {at(3, "metrics", "isle", 8), 70}};
  make(measured());
  auto answer = play_later("metrics", state_at(3));
  ASSERT_EQ(script->calls.size(), 3u); // all were asked
  EXPECT_FALSE(answer.came());

  release(at(3, "metrics", "", 4));

  const auto done = answer.value();
  const auto& values = done.state->current.metrics;
  ASSERT_EQ(values.size(), 5u);
  EXPECT_EQ(values[0].text, "world");
  EXPECT_EQ(values[1].metric, "trust");
  EXPECT_EQ(values[1].number, 1.5);
  EXPECT_EQ(values[1].level, MetricLevel::critical);
  EXPECT_EQ(values[2].participant, "isle");
  EXPECT_EQ(values[2].number, 1);
  EXPECT_EQ(values[3].participant, "port");
  EXPECT_EQ(values[3].number, 0);
  EXPECT_EQ(values[4].metric, "by_hand");
  EXPECT_EQ(values[4].status, MetricStatus::missing);
  EXPECT_EQ(done.time.critical_us, 70);
  EXPECT_EQ(done.time.total_us, 120);
}

TEST_F(LlmMetrics, AreReadFromTheTextsOfTheirSubjectAlone) {
  answer_all();
  make(measured());
  ASSERT_TRUE(play("metrics", state_at(3)));

  const auto* world = script->call_at(at(3, "metrics", "", 4));
  const auto* isle = script->call_at(at(3, "metrics", "isle", 8));

  ASSERT_NE(world, nullptr);
  ASSERT_NE(isle, nullptr);
  EXPECT_EQ(world->request.model, "openai/reader");
  EXPECT_EQ(world->request.schema_name, "metric");
  EXPECT_THAT(text_of(*world), HasSubstr("How much do they trust"));
  EXPECT_THAT(text_of(*world), HasSubstr("A new world."));
  EXPECT_THAT(text_of(*world), Not(HasSubstr("thoughts")));
  EXPECT_EQ(isle->request.model, "openai/world"); // its own has none
  EXPECT_THAT(text_of(*isle), HasSubstr("thoughts of isle"));
  EXPECT_THAT(text_of(*isle), HasSubstr("isle rows"));
  EXPECT_THAT(text_of(*isle), Not(HasSubstr("port")));
}

struct StatusCase {
  const char* first;
  const char* repair;
  MetricStatus status;
  std::size_t calls;
};

TEST_F(LlmMetrics, TellApartWhatIsMissingUnparseableAndOutOfRange) {
  auto scenario = measured();
  scenario.metrics.resize(2);
  const std::vector<StatusCase> cases{
    {R"({"value":0})", "", MetricStatus::value, 1},
    {R"({"value":null})", "", MetricStatus::missing, 1},
    {R"({"value":11})", "", MetricStatus::out_of_range, 1},
    {"Much.", R"({"value":7})", MetricStatus::value, 2},
    {"Much.", "Very much.", MetricStatus::unparseable, 2},
    {"", "", MetricStatus::unparseable, 2},
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(row.first);
    script->calls.clear();
    script->replies = {{at(3, "metrics", "", 4), row.first},
                       {at(3, "metrics", "", 5), row.repair}};
    made = std::make_shared<lab::testing::Made>();
    make(scenario);

    const auto done = play("metrics", state_at(3));

    ASSERT_TRUE(done);
    const auto& value = done->state->current.metrics[1];
    EXPECT_EQ(value.status, row.status);
    EXPECT_EQ(value.number.has_value(),
              row.status == MetricStatus::value
                || row.status == MetricStatus::out_of_range);
    EXPECT_EQ(script->calls.size(), row.calls);
  }
}

TEST_F(LlmMetrics, FailThePhaseWhenACallFails) {
  answer_all();
  script->errors = {
    {at(3, "metrics", "port", 8), {Errc::provider_failed, "no server"}}};
  make(measured());

  EXPECT_EQ(play("metrics", state_at(3)).error().code, Errc::provider_failed);
  script->errors.clear();
  EXPECT_TRUE(play("metrics", state_at(3)));
}

TEST_F(LlmMetrics, OfWhoDidNotDecideAreMissingAndNotAsked) {
  answer_all();
  make(measured());
  auto state = state_at(3);
  state.current.decisions.pop_back();

  const auto done = play("metrics", state);

  ASSERT_TRUE(done);
  EXPECT_EQ(done->state->current.metrics[3].status, MetricStatus::missing);
  EXPECT_EQ(script->calls.size(), 2u);
}

TEST_F(LlmMetrics, AreRefusedWithoutAPromptOrAModel) {
  auto no_prompt = measured();
  no_prompt.metrics[1].prompt = " ";
  EXPECT_THAT(refusal_of(no_prompt), HasSubstr("metric 'trust'"));
  auto no_model = measured();
  no_model.phases = {"metrics"};
  no_model.world_state_model.clear();

  EXPECT_THAT(refusal_of(no_model), HasSubstr("metric 'mood'"));
}

// --- validation
// ---------------------------------------------------------------

class Validation : public PhaseTest {
protected:
  void answer(const char* isle, const char* port, const char* world) {
    script->replies = {{at(3, "validation", "isle", 0), isle},
                       {at(3, "validation", "port", 0), port},
                       {at(3, "validation", "", 4), world}};
  }

  TurnRecord validated(const ScenarioSpec& scenario, const TurnState& state) {
    made = std::make_shared<lab::testing::Made>();
    make(scenario);
    const auto done = play("validation", state);
    if (!done) {
      ADD_FAILURE() << to_string(done.error());
      return {};
    }
    return done->state->current;
  }
};

TEST_F(Validation, MakesAllChecksAtOnceAndKeepsThemInOrder) {
  answer(failed_text, passed_text, passed_text);
  script->hold = {at(3, "validation", "isle", 0)};
  make(ferry());
  auto answer = play_later("validation", state_at(3));
  ASSERT_EQ(script->calls.size(), 3u);
  EXPECT_FALSE(answer.came());

  release(at(3, "validation", "isle", 0));

  const auto& checks = answer.value().state->current.checks;
  ASSERT_EQ(checks.size(), 3u);
  EXPECT_EQ(checks[0].kind, CheckKind::decision_consistency);
  EXPECT_EQ(checks[0].participant, "isle");
  EXPECT_EQ(checks[0].verdict, CheckVerdict::failed);
  EXPECT_EQ(checks[0].severity, IssueSeverity::high);
  EXPECT_THAT(checks[0].issues, ElementsAre("One."));
  EXPECT_EQ(checks[0].explanation, "E.");
  EXPECT_EQ(checks[0].raw, failed_text);
  EXPECT_EQ(checks[1].participant, "port");
  EXPECT_EQ(checks[1].verdict, CheckVerdict::passed);
  EXPECT_EQ(checks[2].kind, CheckKind::world_coherence);
  EXPECT_EQ(checks[2].participant, "");
}

TEST_F(Validation, AsksTheJudgeWithASchema) {
  answer(passed_text, passed_text, passed_text);
  make(ferry());
  ASSERT_TRUE(play("validation", state_at(3)));

  const auto& request = script->calls.at(0).request;
  EXPECT_EQ(request.model, "openai/judge");
  EXPECT_EQ(request.schema_name, "check");
  EXPECT_EQ(request.schema, check_schema());
}

TEST_F(Validation, AMissingVerdictIsNoPassEvenAfterARepair) {
  answer("It is fine.", passed_text, "CONSISTENT: Yes or No");
  script->replies[at(3, "validation", "isle", 1)] = "Still fine.";
  script->replies[at(3, "validation", "", 5)] = "**COHERENT:** Yes";

  const auto turn = validated(ferry(), state_at(3));

  ASSERT_EQ(turn.checks.size(), 3u);
  EXPECT_EQ(turn.checks[0].verdict, CheckVerdict::missing);
  EXPECT_EQ(turn.checks[0].raw, "Still fine.");
  EXPECT_THAT(turn.checks[0].explanation, HasSubstr("there is no verdict"));
  EXPECT_EQ(turn.checks[0].severity, IssueSeverity::medium); // the check's own
  EXPECT_EQ(turn.checks[2].verdict, CheckVerdict::passed);
  EXPECT_EQ(turn.halt, "");
}

TEST_F(Validation, AFailedCallFailsThePhase) {
  answer(passed_text, passed_text, passed_text);
  script->errors = {
    {at(3, "validation", "port", 0), {Errc::limit_exhausted, "no money"}}};
  make(ferry());

  EXPECT_EQ(play("validation", state_at(3)).error().code,
            Errc::limit_exhausted);
}

TEST_F(Validation, ASevereFailureHaltsWhereItIsToldTo) {
  answer(failed_text, passed_text, passed_text);
  EXPECT_EQ(validated(ferry(), state_at(3)).halt, "");
  auto scenario = ferry();
  scenario.validation->halt_on_critical = true;

  EXPECT_EQ(validated(scenario, state_at(3)).halt,
            "validation: decision_consistency of isle failed with severity "
            "high");
}

TEST_F(Validation, AtTheEndAloneOnlyTheLastTurnIsChecked) {
  auto scenario = ferry();
  scenario.validation->every_turn = false;

  EXPECT_THAT(validated(scenario, state_at(5)).checks, IsEmpty());
  EXPECT_TRUE(script->calls.empty());

  for (const auto* who : {"isle", "port"})
    script->replies[at(6, "validation", who, 0)] = passed_text;
  script->replies[at(6, "validation", "", 4)] = passed_text;
  EXPECT_EQ(validated(scenario, state_at(6)).checks.size(), 3u);
}

TEST_F(Validation, IsRefusedWithoutAJudgeOrWhatItJudges) {
  const auto refused = [&](auto spoil) {
    auto scenario = ferry();
    spoil(scenario);
    return refusal_of(scenario);
  };
  using S = ScenarioSpec;
  EXPECT_THAT(refused([](S& s) { s.validation.reset(); }),
              HasSubstr("no checks"));
  EXPECT_THAT(refused([](S& s) { s.validation->checks.clear(); }),
              HasSubstr("no checks"));
  EXPECT_THAT(refused([](S& s) { s.validation->model.clear(); }),
              HasSubstr("no validation_model"));
  EXPECT_THAT(refused([](S& s) {
                s.phases = {"decision", "world_update", "validation",
                            "metrics"};
                s.validation->every_turn = false;
                s.end_condition = "turns > 2";
              }),
              HasSubstr("have to come after phase metrics"));
  EXPECT_THAT(refused([](S& s) {
                s.phases = {"decision", "validation", "world_update"};
              }),
              HasSubstr("check world_coherence judges what phase world_update "
                        "brings"));
}

TEST_F(Validation, SimulatedJudgesGetABriefAndOthersNone) {
  answer(passed_text, passed_text, passed_text);
  auto scenario = ferry();
  scenario.validation->model = "sim/persona";
  validated(scenario, state_at(3));
  const auto brief =
    json::parse(script->call_at(at(3, "validation", "isle", 0))->request.brief);
  ASSERT_TRUE(brief);
  EXPECT_EQ((*brief)["kind"], "check");
  EXPECT_EQ((*brief)["check"], "decision_consistency");
  EXPECT_EQ((*brief)["text"], "isle rows");
  script->calls.clear();

  validated(ferry(), state_at(3));

  EXPECT_EQ(script->calls.at(0).request.brief, "");
}

} // namespace
} // namespace lab::actors

// The briefs that phases write are what simulated models read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/parse/helper_replies.hpp"
#include "actors/parse/reply_parsers.hpp"
#include "actors/prompts/helper_prompts.hpp"
#include "actors/prompts/prompts.hpp"
#include "actors/prompts/sim_brief.hpp"
#include "llm/sim/persona.hpp"

namespace lab::actors {
namespace {

using ::testing::HasSubstr;

ScenarioSpec ferry() {
  ScenarioSpec scenario;
  scenario.name = "Ferry";
  scenario.turns = 5;
  scenario.context_window_size = 1;
  for (const auto* id : {"isle", "port"}) {
    ParticipantSpec participant;
    participant.id = id;
    participant.name = std::string{"The "} + id;
    participant.sim = {{"trust", 0.9}, {"openness", 0.9}};
    participant.private_information =
      std::string{"The reserve of "} + id + " holds two million crowns.";
    scenario.participants.push_back(participant);
  }
  for (const auto type : {MetricType::continuous, MetricType::integer,
                          MetricType::categorical, MetricType::boolean}) {
    MetricSpec metric;
    metric.name = "trust_" + std::to_string(static_cast<int>(type));
    metric.type = type;
    metric.extraction = Extraction::llm;
    metric.prompt = "How much?";
    if (type == MetricType::categorical)
      metric.categories = {"low", "middle", "high"};
    scenario.metrics.push_back(metric);
  }
  return scenario;
}

TurnState state() {
  TurnState state;
  for (int turn = 0; turn < 3; ++turn) {
    TurnRecord record;
    record.turn = turn;
    record.world = "Quiet.";
    state.history.push_back(share(record));
  }
  state.current.turn = 3;
  for (const auto* id : {"isle", "port"}) {
    Decision decision;
    decision.participant = id;
    decision.action = std::string{"The "} + id + " concedes a point.";
    state.current.decisions.push_back(decision);
  }
  return state;
}

class SimHelpers : public ::testing::Test {
protected:
  Reply answer(const std::string& brief, const std::string& schema,
               std::uint64_t seed = 1) {
    ChatRequest request;
    request.seed = seed;
    request.schema = schema;
    // As a repair, so that none of the replies is flawed on purpose.
    request.brief = repair_brief(brief, {});
    Reply reply;
    const auto text = persona.answer(request);
    EXPECT_TRUE(text) << to_string(text.error());
    reply.text = text.value_or("");
    return reply;
  }

  ScenarioSpec scenario = ferry();
  SimBriefs briefs{share(scenario)};
  llm::Persona persona;
};

TEST_F(SimHelpers, AReaderReadsBackWhatTheWorldSaid) {
  int told = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    auto now = state();
    const auto world = parse_world(answer(
      briefs.for_world(now, {3, "world_update", "", 0}), world_schema(), seed));
    ASSERT_TRUE(world);
    now.current.world = world->state;
    for (const auto& metric : scenario.metrics) {
      const auto view = metric_view_of(scenario, now.current, metric, "");
      const auto value = parse_metric(
        metric, answer(briefs.for_metric(view, {3, "metrics", "", 0}),
                       metric_schema(metric), seed));
      ASSERT_TRUE(value) << metric.name;
      const auto label =
        "- Trust " + std::to_string(static_cast<int>(metric.type)) + ": ";
      if (metric.type == MetricType::boolean) {
        EXPECT_EQ(value->number == 1.0,
                  world->state.find(label + "yes") != std::string::npos);
        continue;
      }
      ASSERT_EQ(value->status, MetricStatus::value) << world->state;
      EXPECT_THAT(world->state + '\n', HasSubstr(label + value->text));
      ++told;
    }
  }
  EXPECT_EQ(told, 120);
}

TEST_F(SimHelpers, AJudgeJudgesWhatItsBriefShows) {
  auto now = state();
  now.current.world = "The isle and The port agree.";
  const auto verdict = [&](CheckKind kind, const std::string& who) {
    CheckSpec check;
    check.kind = kind;
    const auto view = check_view_of(scenario, now, check, who);
    const auto read = parse_check(answer(
      briefs.for_check(view, {3, "validation", who, 0}), check_schema()));
    EXPECT_TRUE(read);
    return read && read->passed;
  };
  EXPECT_TRUE(verdict(CheckKind::decision_consistency, "isle"));
  EXPECT_TRUE(verdict(CheckKind::world_coherence, ""));
  EXPECT_TRUE(verdict(CheckKind::information_access, "isle"));

  now.current.world = "The isle rests.";
  now.current.decisions[0].action = "The isle escalates.";
  now.current.decisions[0].reasoning =
    "I know it: the reserve of port holds two million crowns.";

  EXPECT_FALSE(verdict(CheckKind::decision_consistency, "isle"));
  EXPECT_FALSE(verdict(CheckKind::world_coherence, ""));
  EXPECT_FALSE(verdict(CheckKind::information_access, "isle"));
}

TEST_F(SimHelpers, ARecordGrowsFromTurnToTurn) {
  auto now = state();
  TurnRecord third = now.current;
  third.summary = "Turn 1: nobody acted.";
  now.history.push_back(share(third));
  TurnRecord fourth;
  fourth.turn = 4;
  now.history.push_back(share(fourth));
  now.current = {};
  now.current.turn = 5;
  const auto view = summary_view_of(scenario, now);
  ASSERT_TRUE(view);

  for (const auto& schema : {summary_schema(), std::string{}}) {
    const auto summary = parse_summary(
      answer(briefs.for_summary(*view, {5, "summary", "", 0}), schema));

    ASSERT_TRUE(summary);
    EXPECT_THAT(summary->summary, ::testing::StartsWith(
                                    "Turn 1: nobody acted. Turn 3: The isle "));
    EXPECT_THAT(summary->summary, HasSubstr("; The port "));
  }
}

} // namespace
} // namespace lab::actors

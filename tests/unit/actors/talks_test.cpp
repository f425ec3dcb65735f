#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/prompts/talk_prompts.hpp"
#include "runtime/base/json.hpp"
#include "tests/unit/actors/phase_fixture.hpp"

namespace lab::actors {
namespace {

using lab::testing::first_turn;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto no_talk =
  R"({"initiate":false,"target":"none","message":"","reasoning":"R"})";

std::string offer(const std::string& target, const std::string& message) {
  return R"({"initiate":true,"target":")" + target + R"(","message":")"
         + message + R"(","reasoning":"My own."})";
}

std::string answer(const std::string& response) {
  return R"({"response":")" + response + R"(","internal_notes":"Notes."})";
}

/// Three participants; "The Isle" is `isle` and so on.
ScenarioSpec harbour(std::int32_t rounds) {
  ScenarioSpec scenario;
  scenario.id = "harbour";
  scenario.name = "Harbour";
  scenario.turns = 5;
  scenario.talks_per_turn = rounds;
  for (const auto& [id, name] :
       {std::pair{"isle", "The Isle"}, std::pair{"port", "The Port"},
        std::pair{"line", "Nordic Line"}}) {
    ParticipantSpec participant;
    participant.id = id;
    participant.name = name;
    participant.model = std::string{"openai/"} + id;
    scenario.participants.push_back(participant);
  }
  scenario.phases = {"communication", "persistence"};
  return scenario;
}

/// Question `q` of a participant in turn 1.
std::string at(const std::string& id, int q, int step = 0) {
  return "turn 1 communication " + id + " #" + std::to_string(4 * q + step);
}

class Talks : public lab::testing::PhaseTest {
protected:
  void nobody_talks(int round = 0) {
    for (const auto* id : {"isle", "port", "line"})
      script->replies[at(id, 4 * round)] = no_talk;
  }

  TurnRecord played() {
    const auto done = play("communication", first_turn());
    if (!done) {
      ADD_FAILURE() << to_string(done.error());
      return {};
    }
    return done->state->current;
  }

  std::string asked(const std::string& place) const {
    const auto* call = script->call_at(place);
    return call == nullptr ? std::string{} : call->request.messages.back().text;
  }
};

TEST_F(Talks, AreOfferedAtOnceAndKeptInScenarioOrder) {
  nobody_talks();
  script->replies[at("isle", 0)] = offer("The Port", "Hello from the isle.");
  script->replies[at("line", 0)] = offer("The Isle", "Hello from the line.");
  script->replies[at("port", 1)] = answer("Good day."); // to isle, index 0
  script->replies[at("isle", 3)] = answer("Ahoy.");     // to line, index 2
  script->hold = {at("isle", 0), at("port", 1)};
  make(harbour(1));
  auto phase =
    ask_later<PhaseDone>(made->phases[0].actor, RunPhase{share(first_turn())});
  run();
  // All three were asked, and the line's talk did not wait for the isle's.
  EXPECT_EQ(script->calls.size(), 4u);
  EXPECT_NE(script->call_at(at("isle", 3)), nullptr);

  tell(gateway, at("isle", 0));
  EXPECT_FALSE(phase.came());
  tell(gateway, at("port", 1));

  const auto record = phase.value().state->current;
  ASSERT_EQ(record.talks.size(), 3u);
  EXPECT_EQ(record.talks[0].initiator, "isle");
  EXPECT_EQ(record.talks[0].target, "port");
  EXPECT_EQ(record.talks[0].message, "Hello from the isle.");
  EXPECT_EQ(record.talks[0].reasoning, "My own.");
  EXPECT_EQ(record.talks[0].answer, "Good day.");
  EXPECT_EQ(record.talks[0].notes, "Notes.");
  EXPECT_EQ(record.talks[0].answer_raw, answer("Good day."));
  EXPECT_EQ(record.talks[1].initiator, "port");
  EXPECT_EQ(record.talks[1].target, "");
  EXPECT_EQ(record.talks[1].ask_raw, no_talk);
  EXPECT_EQ(record.talks[2].answer, "Ahoy.");
  std::vector<std::string> texts;
  for (const auto& message : record.messages) {
    EXPECT_EQ(message.channel, "bilateral");
    texts.push_back(message.sender + ">" + message.recipients.at(0) + ": "
                    + message.text);
  }
  EXPECT_THAT(texts, ElementsAre("isle>port: Hello from the isle.",
                                 "port>isle: Good day.",
                                 "line>isle: Hello from the line.",
                                 "isle>line: Ahoy."));
}

TEST_F(Talks, OneParticipantAnswersSeveralAtOnceInAnyOrder) {
  nobody_talks();
  script->replies[at("isle", 0)] = offer("port", "One.");
  script->replies[at("line", 0)] = offer("port", "Three.");
  script->replies[at("port", 1)] = answer("To one.");
  script->replies[at("port", 3)] = answer("To three.");
  script->hold = {at("port", 0), at("port", 1), at("port", 3)};
  make(harbour(1));
  auto phase =
    ask_later<PhaseDone>(made->phases[0].actor, RunPhase{share(first_turn())});
  run();
  EXPECT_EQ(script->held.size(), 3u); // its own offer and two answers

  tell(gateway, at("port", 3));
  tell(gateway, at("port", 0));
  tell(gateway, at("port", 1));

  const auto record = phase.value().state->current;
  EXPECT_EQ(record.talks.at(0).answer, "To one.");
  EXPECT_EQ(record.talks.at(2).answer, "To three.");
}

TEST_F(Talks, WhoeverIsAddressedReadsTheMessageAndNobodyElseDoes) {
  nobody_talks();
  script->replies[at("isle", 0)] = offer("The Port", "A secret word.");
  script->replies[at("port", 1)] = answer("A secret answer.");
  nobody_talks(1);
  make(harbour(2));
  played();

  EXPECT_THAT(asked(at("port", 1)),
              HasSubstr(R"("from":"The Isle","turn":1,"channel":"bilateral",)"
                        R"("to":["The Port"],"text":"A secret word.")"));
  // In the second round both know what was said; the third does not.
  EXPECT_THAT(asked(at("isle", 4)), HasSubstr("A secret answer."));
  EXPECT_THAT(asked(at("port", 4)), HasSubstr("A secret word."));
  EXPECT_THAT(asked(at("line", 4)), Not(HasSubstr("secret")));
  for (const auto& call : script->calls) {
    EXPECT_THAT(call.request.messages.back().text, Not(HasSubstr("My own.")));
    EXPECT_THAT(call.request.messages.back().text, Not(HasSubstr("Notes.")));
  }
}

TEST_F(Talks, WhatIsNoTalkIsKeptAndNeverBecomesAMessage) {
  const std::vector<std::pair<const char*, std::string>> refusals{
    {"no talk", no_talk},
    {"a stranger", offer("The Moon", "Hello?")},
    {"itself", offer("The Isle", "Hello, me.")},
    {"no words", offer("The Port", "")},
    {"none as words", offer("The Port", "none")},
    {"nobody", offer("none", "Hello?")},
    {"a no with a message",
     R"({"initiate":false,"target":"The Port","message":"Hello.","reasoning":"R"})"},
  };
  for (const auto& [what, reply] : refusals) {
    SCOPED_TRACE(what);
    script->calls.clear();
    nobody_talks();
    script->replies[at("isle", 0)] = reply;
    made = std::make_shared<lab::testing::Made>();
    make(harbour(1));

    const auto record = played();

    EXPECT_TRUE(record.messages.empty());
    ASSERT_EQ(record.talks.size(), 3u);
    EXPECT_EQ(record.talks[0].target, "");
    EXPECT_EQ(record.talks[0].message, "");
    EXPECT_EQ(record.talks[0].ask_raw, reply);
    EXPECT_FALSE(record.talks[0].reasoning.empty());
    EXPECT_EQ(script->calls.size(), 3u);
  }
}

TEST_F(Talks, AnUnreadableOfferIsRepairedOnceAndThenMeansNoTalk) {
  nobody_talks();
  script->replies[at("isle", 0)] = "Hm.";
  script->replies[at("isle", 0, 1)] = offer("The Port", "Hello.");
  script->replies[at("port", 1)] = answer("Good day.");
  script->replies[at("line", 0)] = "Hm.";
  script->replies[at("line", 0, 1)] = "Hm, hm.";
  make(harbour(1));

  const auto record = played();

  EXPECT_EQ(record.talks.at(0).answer, "Good day.");
  EXPECT_EQ(record.talks.at(2).target, "");
  EXPECT_EQ(record.talks.at(2).ask_raw, "Hm, hm.");
}

TEST_F(Talks, AnUnreadableAnswerLeavesTheTalkWithoutOne) {
  nobody_talks();
  script->replies[at("isle", 0)] = offer("The Port", "Hello.");
  script->replies[at("port", 1)] = "Hm.";
  script->replies[at("port", 1, 1)] = "Still hm.";
  make(harbour(1));

  const auto record = played();

  EXPECT_EQ(record.talks.at(0).message, "Hello.");
  EXPECT_EQ(record.talks.at(0).answer, "");
  EXPECT_EQ(record.talks.at(0).answer_raw, "Still hm.");
  ASSERT_EQ(record.messages.size(), 1u); // the offer stays said
  EXPECT_EQ(record.messages[0].text, "Hello.");
}

TEST_F(Talks, AFailedCallFailsThePhaseWhenAllTalksHaveEnded) {
  nobody_talks();
  script->replies[at("isle", 0)] = offer("The Port", "Hello.");
  script->hold = {at("port", 1)};
  script->errors = {{at("port", 1), {Errc::limit_exhausted, "no money"}},
                    {at("line", 0), {Errc::provider_failed, "no server"}}};
  make(harbour(2));
  auto phase =
    ask_later<PhaseDone>(made->phases[0].actor, RunPhase{share(first_turn())});
  run();
  EXPECT_FALSE(phase.came());

  tell(gateway, at("port", 1));

  EXPECT_EQ(phase.code(), Errc::limit_exhausted);     // the isle comes first
  EXPECT_EQ(script->call_at(at("isle", 4)), nullptr); // no second round
}

TEST_F(Talks, AfterAFailureTheNextTurnStartsClean) {
  nobody_talks();
  script->errors = {{at("line", 0), {Errc::provider_failed, "no server"}}};
  make(harbour(1));
  EXPECT_FALSE(play("communication", first_turn()));
  script->errors.clear();

  EXPECT_EQ(played().talks.size(), 3u);
}

TEST_F(Talks, WithoutRoundsNothingIsAsked) {
  make(harbour(0));

  EXPECT_TRUE(played().talks.empty());
  EXPECT_TRUE(script->calls.empty());
}

TEST_F(Talks, ModelTimeIsTheLongestChainOfEachRound) {
  nobody_talks();
  script->replies[at("isle", 0)] = offer("The Port", "Hello.");
  script->replies[at("port", 1)] = answer("Good day.");
  nobody_talks(1);
  script->latency_us = {{at("isle", 0), 100}, {at("port", 1), 50},
                        {at("port", 0), 10},  {at("line", 0), 120},
                        {at("isle", 4), 7},   {at("port", 4), 9}};
  make(harbour(2));

  const auto done = play("communication", first_turn());

  ASSERT_TRUE(done);
  EXPECT_EQ(done->time.critical_us, 150 + 9);
  EXPECT_EQ(done->time.total_us, 100 + 50 + 10 + 120 + 7 + 9);
}

TEST_F(Talks, WhoeverWaitsWhenTheRunEndsGetsAnAnswer) {
  nobody_talks();
  script->replies[at("isle", 0)] = offer("The Port", "Hello.");
  script->replies[at("line", 0)] = offer("The Port", "Hello.");
  script->replies[at("port", 1)] = answer("Good day.");
  script->replies[at("port", 3)] = answer("Good day.");
  script->hold = {at("port", 0), at("port", 1), at("port", 3)};
  make(harbour(1));
  auto phase =
    ask_later<PhaseDone>(made->phases[0].actor, RunPhase{share(first_turn())});
  run();

  caf::anon_send_exit(run_actor, caf::exit_reason::user_shutdown);
  run();

  EXPECT_EQ(phase.code(), Errc::shutting_down);
  for (const auto& place : script->hold)
    tell(gateway, place);
}

TEST_F(Talks, ACallsSchemaNamesWhomOneCanTalkTo) {
  nobody_talks();
  make(harbour(1));
  played();

  const auto& request = script->call_at(at("port", 0))->request;

  EXPECT_EQ(request.schema_name, "talk_offer");
  const auto schema = json::parse(request.schema);
  ASSERT_TRUE(schema);
  EXPECT_EQ((*schema)["properties"]["target"]["enum"],
            json::Value::array({"The Isle", "Nordic Line", "none"}));
  EXPECT_EQ((*schema)["required"].size(), 4u);
}

TEST_F(Talks, V1PromptsAskForLabelsAlone) {
  nobody_talks();
  auto scenario = harbour(1);
  scenario.v1_prompts = true;
  make(scenario);
  played();

  const auto& request = script->call_at(at("isle", 0))->request;

  EXPECT_EQ(request.schema, "");
  EXPECT_THAT(request.messages.back().text,
              HasSubstr("**INITIATE_BILATERAL:** yes or no"));
  EXPECT_THAT(request.messages.back().text, Not(HasSubstr("JSON object")));
}

TEST_F(Talks, SimulatedModelsGetABrief) {
  nobody_talks();
  script->replies[at("isle", 0)] = offer("The Port", "Hello.");
  script->replies[at("port", 1)] = answer("Good day.");
  auto scenario = harbour(1);
  scenario.participants[1].model = "sim/persona";
  make(scenario);
  played();

  const auto own = json::parse(script->call_at(at("port", 0))->request.brief);
  const auto to = json::parse(script->call_at(at("port", 1))->request.brief);

  ASSERT_TRUE(own);
  EXPECT_EQ((*own)["kind"], "talk_offer");
  ASSERT_TRUE(to);
  EXPECT_EQ((*to)["kind"], "talk_answer");
  EXPECT_EQ((*to)["from"], "isle");
  EXPECT_EQ((*to)["message"], "Hello.");
  EXPECT_EQ((*to)["ordinal"], 4);
  EXPECT_EQ(script->call_at(at("isle", 0))->request.brief, "");
}

} // namespace
} // namespace lab::actors

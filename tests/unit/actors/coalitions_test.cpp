#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "tests/unit/actors/phase_fixture.hpp"

namespace lab::actors {
namespace {

using lab::testing::first_turn;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr auto none_proposed =
  R"({"propose":false,"members":[],"purpose":"","reasoning":"R"})";

std::string proposal(const std::string& members, const std::string& purpose) {
  return R"({"propose":true,"members":[)" + members + R"(],"purpose":")"
         + purpose + R"(","reasoning":"My own."})";
}

std::string accept(const std::string& response) {
  return R"({"decision":"accept","response":")" + response
         + R"(","internal_notes":"Notes."})";
}

std::string reject(const std::string& response) {
  return R"({"decision":"reject","response":")" + response
         + R"(","internal_notes":"Notes."})";
}

std::string word(const std::string& message) {
  return R"({"message":")" + message + R"("})";
}

/// Participants a, b, c, d.
ScenarioSpec four() {
  ScenarioSpec scenario;
  scenario.id = "four";
  scenario.name = "Four";
  scenario.turns = 5;
  scenario.coalitions = true;
  for (const auto* id : {"a", "b", "c", "d"}) {
    ParticipantSpec participant;
    participant.id = id;
    participant.name = std::string{"Party "} + id;
    participant.model = std::string{"openai/"} + id;
    scenario.participants.push_back(participant);
  }
  scenario.phases = {"coalition", "persistence"};
  return scenario;
}

std::string at(const std::string& id, int q, int step = 0) {
  return "turn 1 coalition " + id + " #" + std::to_string(4 * q + step);
}
std::string own(const std::string& id) { return at(id, 0); }
/// The answer to the proposal of the k-th participant.
std::string to(const std::string& id, int k) { return at(id, 1 + 2 * k); }
std::string word_of(const std::string& id, int k) { return at(id, 2 + 2 * k); }

std::vector<std::string> shown(const std::vector<Message>& messages) {
  std::vector<std::string> lines;
  for (const auto& message : messages) {
    auto line = message.sender + ">";
    for (const auto& recipient : message.recipients)
      line += recipient;
    lines.push_back(line + ": " + message.text);
  }
  return lines;
}

class Coalitions : public lab::testing::PhaseTest {
protected:
  Coalitions() {
    for (const auto* id : {"a", "b", "c", "d"})
      script->replies[own(id)] = none_proposed;
  }

  Result<PhaseDone> result() { return play("coalition", first_turn()); }
  TurnRecord played() {
    const auto done = result();
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

TEST_F(Coalitions, StandWhenAllAcceptAndThenEverybodySaysAWord) {
  script->replies[own("b")] = proposal(R"("Party c","party A")", "Peace");
  script->replies[to("c", 1)] = accept("Gladly.");
  script->replies[to("a", 1)] = accept("So be it.");
  script->replies[word_of("b", 1)] = word("Welcome.");
  script->replies[word_of("c", 1)] = word("Thanks.");
  script->replies[word_of("a", 1)] = word("To work.");
  make(four());

  const auto record = played();

  ASSERT_EQ(record.coalitions.size(), 4u);
  const auto& coalition = record.coalitions[1];
  EXPECT_EQ(coalition.proposer, "b");
  EXPECT_THAT(coalition.members, ElementsAre("c", "a"));
  EXPECT_EQ(coalition.purpose, "Peace");
  EXPECT_EQ(coalition.reasoning, "My own.");
  EXPECT_TRUE(coalition.formed);
  ASSERT_EQ(coalition.answers.size(), 2u);
  EXPECT_EQ(coalition.answers[0].participant, "c");
  EXPECT_EQ(coalition.answers[0].notes, "Notes.");
  EXPECT_EQ(coalition.answers[1].raw, accept("So be it."));
  EXPECT_THAT(shown(record.messages),
              ElementsAre("b>ca: Peace", "c>b: Gladly.", "a>b: So be it.",
                          "b>ca: Welcome.", "c>ba: Thanks.", "a>bc: To work."));
  EXPECT_EQ(record.coalitions[0].raw, none_proposed);
}

TEST_F(Coalitions, EachSpeakerKnowsWhatWasSaidForItBefore) {
  script->replies[own("b")] = proposal(R"("c","a")", "Peace");
  script->replies[to("c", 1)] = accept("Gladly.");
  script->replies[to("a", 1)] = accept("So be it.");
  script->replies[word_of("b", 1)] = word("Welcome.");
  script->replies[word_of("c", 1)] = word("Thanks.");
  script->replies[word_of("a", 1)] = word("To work.");
  make(four());
  played();

  EXPECT_THAT(asked(to("c", 1)), HasSubstr(R"("text":"Peace")"));
  EXPECT_THAT(asked(word_of("b", 1)), HasSubstr("Gladly."));
  EXPECT_THAT(asked(word_of("c", 1)), HasSubstr("Welcome."));
  EXPECT_THAT(asked(word_of("c", 1)), Not(HasSubstr("So be it."))); // for b
  EXPECT_THAT(asked(word_of("a", 1)), HasSubstr("Thanks."));
  for (const auto& call : script->calls) {
    EXPECT_THAT(call.request.messages.back().text, Not(HasSubstr("My own.")));
    EXPECT_THAT(call.request.messages.back().text, Not(HasSubstr("Notes.")));
  }
  EXPECT_EQ(script->call_at(to("d", 1)), nullptr);
}

TEST_F(Coalitions, OneRefusalIsEnoughAndItsWordsAreKept) {
  script->replies[own("a")] = proposal(R"("b","c")", "Peace");
  script->replies[to("b", 0)] = accept("Gladly.");
  script->replies[to("c", 0)] = reject("Never.");
  make(four());

  const auto record = played();

  EXPECT_FALSE(record.coalitions.at(0).formed);
  EXPECT_TRUE(record.coalitions[0].answers.at(0).accepted);
  EXPECT_FALSE(record.coalitions[0].answers.at(1).accepted);
  EXPECT_EQ(record.coalitions[0].answers[1].notes, "Notes.");
  EXPECT_THAT(shown(record.messages),
              ElementsAre("a>bc: Peace", "b>a: Gladly.", "c>a: Never."));
  EXPECT_EQ(script->calls.size(), 6u);
}

TEST_F(Coalitions, TheSameMembersAreNotAskedTwiceWhoeverProposes) {
  script->replies[own("a")] = proposal(R"("b","c")", "Peace");
  script->replies[own("c")] = proposal(R"("b","a")", "War");
  script->replies[to("b", 0)] = reject("No.");
  script->replies[to("c", 0)] = reject("No.");
  make(four());

  const auto record = played();

  EXPECT_FALSE(record.coalitions.at(0).repeated);
  EXPECT_TRUE(record.coalitions.at(2).repeated);
  EXPECT_EQ(record.coalitions[2].purpose, "War");
  EXPECT_THAT(record.coalitions[2].answers, IsEmpty());
  for (const auto& message : record.messages)
    EXPECT_NE(message.text, "War");
}

TEST_F(Coalitions, WhatIsNoProposalIsKeptAndAsksNobody) {
  const std::vector<std::pair<const char*, std::string>> refusals{
    {"none", none_proposed},
    {"one other", proposal(R"("b")", "Peace")},
    {"itself as the second", proposal(R"("b","a")", "Peace")},
    {"one twice", proposal(R"("b","Party b")", "Peace")},
    {"a stranger as the second", proposal(R"("b","The Moon")", "Peace")},
    {"no purpose", proposal(R"("b","c")", "")},
    {"a no with members",
     R"({"propose":false,"members":["b","c"],"purpose":"P","reasoning":"R"})"}};
  for (const auto& [what, reply] : refusals) {
    SCOPED_TRACE(what);
    script->calls.clear();
    script->replies[own("a")] = reply;
    made = std::make_shared<lab::testing::Made>();
    make(four());

    const auto record = played();

    EXPECT_THAT(record.coalitions.at(0).members, IsEmpty());
    EXPECT_EQ(record.coalitions[0].raw, reply);
    EXPECT_THAT(record.messages, IsEmpty());
    EXPECT_EQ(script->calls.size(), 4u);
  }
}

TEST_F(Coalitions, RunSideBySideAndAreKeptInScenarioOrder) {
  script->replies[own("a")] = proposal(R"("b","c")", "Peace");
  script->replies[own("d")] = proposal(R"("b","c","a")", "Trade");
  script->replies[to("b", 0)] = accept("A1");
  script->replies[to("c", 0)] = accept("A2");
  for (const auto* id : {"b", "c", "a"})
    script->replies[to(id, 3)] = reject("D");
  for (const auto* id : {"a", "b", "c"})
    script->replies[word_of(id, 0)] = word(std::string{"W"} + id);
  script->hold = {to("b", 0)};
  make(four());
  auto phase =
    ask_later<PhaseDone>(made->phases[0].actor, RunPhase{share(first_turn())});
  run();
  // b answers d's proposal while a's still waits for it.
  EXPECT_NE(script->call_at(to("b", 3)), nullptr);
  EXPECT_FALSE(phase.came());

  tell(gateway, to("b", 0));

  const auto record = phase.value().state->current;
  EXPECT_TRUE(record.coalitions.at(0).formed);
  EXPECT_FALSE(record.coalitions.at(3).formed);
  EXPECT_THAT(shown(record.messages),
              ElementsAre("a>bc: Peace", "b>a: A1", "c>a: A2", "a>bc: Wa",
                          "b>ac: Wb", "c>ab: Wc", "d>bca: Trade", "b>d: D",
                          "c>d: D", "a>d: D"));
}

TEST_F(Coalitions, AnUnreadableAnswerIsARefusalAndAnUnreadableWordIsNone) {
  script->replies[own("a")] = proposal(R"("b","c")", "Peace");
  script->replies[to("b", 0)] = "Hm.";
  script->replies[at("b", 1, 1)] = "Hm, hm.";
  script->replies[to("c", 0)] = accept("Gladly.");
  script->replies[own("d")] = proposal(R"("a","c")", "Trade");
  script->replies[to("a", 3)] = accept("Yes.");
  script->replies[to("c", 3)] = accept("Yes.");
  script->replies[word_of("d", 3)] = "We are glad.";
  script->replies[at("d", 8, 1)] = "We are still glad.";
  script->replies[word_of("a", 3)] = word("Good.");
  script->replies[word_of("c", 3)] = word("Fine.");
  make(four());

  const auto record = played();

  EXPECT_FALSE(record.coalitions.at(0).formed);
  EXPECT_FALSE(record.coalitions[0].answers.at(0).accepted);
  EXPECT_EQ(record.coalitions[0].answers[0].raw, "Hm, hm.");
  EXPECT_TRUE(record.coalitions.at(3).formed);
  for (const auto& message : record.messages)
    EXPECT_THAT(message.text, Not(HasSubstr("glad."))) << message.sender;
  EXPECT_EQ(record.messages.back().text, "Fine.");
}

TEST_F(Coalitions, AFailedCallFailsThePhaseWhenAllHaveEnded) {
  script->replies[own("a")] = proposal(R"("b","c")", "Peace");
  script->errors = {{to("b", 0), {Errc::provider_failed, "no server"}},
                    {to("c", 0), {Errc::limit_exhausted, "no money"}}};
  script->hold = {to("b", 0)};
  make(four());
  auto phase =
    ask_later<PhaseDone>(made->phases[0].actor, RunPhase{share(first_turn())});
  run();
  EXPECT_FALSE(phase.came());

  tell(gateway, to("b", 0));

  EXPECT_EQ(phase.code(), Errc::provider_failed); // b is the first member
}

TEST_F(Coalitions, AFailedProposalIsAnsweredBeforeAnybodyIsAsked) {
  script->replies[own("a")] = proposal(R"("b","c")", "Peace");
  script->errors = {{own("d"), {Errc::provider_failed, "no server"}}};
  make(four());

  EXPECT_EQ(result().error().code, Errc::provider_failed);
  EXPECT_EQ(script->calls.size(), 4u);
}

TEST_F(Coalitions, AFailedWordFailsThePhase) {
  script->replies[own("a")] = proposal(R"("b","c")", "Peace");
  script->replies[to("b", 0)] = accept("Yes.");
  script->replies[to("c", 0)] = accept("Yes.");
  script->replies[word_of("a", 0)] = word("Good.");
  script->errors = {{word_of("b", 0), {Errc::provider_failed, "no server"}}};
  make(four());

  EXPECT_EQ(result().error().code, Errc::provider_failed);
  EXPECT_EQ(script->call_at(word_of("c", 0)), nullptr);
}

TEST_F(Coalitions, ModelTimeIsTheLongestChain) {
  script->replies[own("a")] = proposal(R"("b","c")", "Peace");
  script->replies[to("b", 0)] = accept("Yes.");
  script->replies[to("c", 0)] = accept("Yes.");
  for (const auto* id : {"a", "b", "c"})
    script->replies[word_of(id, 0)] = word("Good.");
  script->latency_us = {{own("a"), 10},       {own("d"), 100},
                        {to("b", 0), 30},     {to("c", 0), 20},
                        {word_of("a", 0), 1}, {word_of("b", 0), 2},
                        {word_of("c", 0), 4}};
  make(four());

  const auto done = result();

  ASSERT_TRUE(done);
  EXPECT_EQ(done->time.critical_us, 100 + 30 + 7);
  EXPECT_EQ(done->time.total_us, 110 + 50 + 7);
}

TEST_F(Coalitions, WhoeverWaitsWhenTheRunEndsGetsAnAnswer) {
  script->replies[own("a")] = proposal(R"("b","c")", "Peace");
  script->replies[to("b", 0)] = accept("Yes.");
  script->replies[to("c", 0)] = accept("Yes.");
  script->hold = {to("b", 0), to("c", 0)};
  make(four());
  auto phase =
    ask_later<PhaseDone>(made->phases[0].actor, RunPhase{share(first_turn())});
  run();

  caf::anon_send_exit(run_actor, caf::exit_reason::user_shutdown);
  run();

  EXPECT_EQ(phase.code(), Errc::shutting_down);
  for (const auto& place : script->hold)
    tell(gateway, place);
}

TEST_F(Coalitions, SimulatedModelsGetABrief) {
  script->replies[own("a")] = proposal(R"("b","c")", "Peace");
  script->replies[to("b", 0)] = accept("Yes.");
  script->replies[to("c", 0)] = accept("Yes.");
  for (const auto* id : {"a", "b", "c"})
    script->replies[word_of(id, 0)] = word(std::string{"By "} + id);
  auto scenario = four();
  scenario.participants[1].model = "sim/persona";
  make(scenario);
  played();

  const auto answers = json::parse(script->call_at(to("b", 0))->request.brief);
  const auto words =
    json::parse(script->call_at(word_of("b", 0))->request.brief);

  ASSERT_TRUE(answers);
  EXPECT_EQ((*answers)["kind"], "coalition_answer");
  EXPECT_EQ((*answers)["from"], "a");
  EXPECT_EQ((*answers)["members"], json::Value::array({"b", "c"}));
  EXPECT_EQ((*answers)["message"], "Peace");
  ASSERT_TRUE(words);
  EXPECT_EQ((*words)["kind"], "coalition_word");
  // Its own answer to a, and a's word; not c's answer to a.
  EXPECT_EQ((*words)["words"],
            json::Value::array({{{"from", "b"}, {"text", "Yes."}},
                                {{"from", "a"}, {"text", "By a"}}}));
}

} // namespace
} // namespace lab::actors

#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "actors/calls.hpp"
#include "actors/parse/names.hpp"
#include "actors/parse/talk_replies.hpp"
#include "actors/prompts/sim_brief.hpp"
#include "actors/prompts/talk_prompts.hpp"
#include "llm/sim/persona.hpp"
#include "tests/support/seeds.hpp"
#include "tests/unit/actors/random_scenario.hpp"

// What simulated models say in talks, asked and read as a run does it.

namespace lab {
namespace {

using lab::testing::random_scenario;
using lab::testing::RandomScenario;
using lab::testing::replay_hint;
using lab::testing::seeds;

/// Asks a persona, once more with the repair's brief when the reply cannot be
/// read, and counts how often that was needed.
class Table {
public:
  Table(const RandomScenario& random, std::uint64_t seed)
    : random_(random), seed_(seed), briefs_(share(random.scenario)) {}

  template <class Value>
  std::optional<Value> ask(std::string brief, const std::string& schema,
                           const Place& place,
                           Result<Value> (*parse)(const Reply&)) {
    ++asked;
    auto at = place;
    for (const bool repair : {false, true}) {
      if (repair) {
        ++repaired;
        ++at.ordinal;
        brief = actors::repair_brief(brief, at);
      }
      ChatRequest request;
      request.model = "sim/persona";
      request.seed = seed_;
      request.brief = brief;
      if (!random_.scenario.v1_prompts)
        request.schema = schema;
      const auto text = persona_.answer(request);
      if (!text) {
        ADD_FAILURE() << to_string(text.error());
        return std::nullopt;
      }
      Reply reply;
      reply.text = *text;
      if (auto value = parse(reply))
        return *value;
    }
    ADD_FAILURE() << "unreadable also after its repair";
    return std::nullopt;
  }

  void play(const std::string& id);

  int asked = 0;
  int repaired = 0;
  int talks = 0;
  int coalitions = 0;
  int accepted = 0;

private:
  void talk(const std::string& id);
  void coalition(const std::string& id);

  const RandomScenario& random_;
  std::uint64_t seed_;
  actors::SimBriefs briefs_;
  llm::Persona persona_;
};

void Table::play(const std::string& id) {
  talk(id);
  coalition(id);
}

void Table::talk(const std::string& id) {
  const auto& scenario = random_.scenario;
  const auto& state = random_.state;
  const Place place{state.current.turn, "communication", id, 0};
  const auto view = actors::view_of(scenario, state, id);
  const auto offer =
    ask(briefs_.for_talk_offer(state, place), actors::talk_offer_schema(view),
        place, actors::parse_talk_offer);
  if (!offer || !offer->initiate)
    return;
  ++talks;
  Talk talk;
  talk.initiator = id;
  talk.target = actors::participant_named(scenario, offer->target);
  talk.message = offer->message;
  EXPECT_NE(talk.target, "") << offer->target;
  EXPECT_NE(talk.target, id);
  EXPECT_NE(talk.message, "");
  const Place at{state.current.turn, "communication", talk.target, 4};
  const auto answer =
    ask(briefs_.for_talk_answer(state, talk, at), actors::talk_answer_schema(),
        at, actors::parse_talk_answer);
  EXPECT_TRUE(answer && !answer->response.empty());
}

void Table::coalition(const std::string& id) {
  const auto& scenario = random_.scenario;
  const auto& state = random_.state;
  const Place place{state.current.turn, "coalition", id, 0};
  const auto view = actors::view_of(scenario, state, id);
  const auto reply = ask(briefs_.for_coalition_proposal(state, place),
                         actors::coalition_proposal_schema(view), place,
                         actors::parse_coalition_proposal);
  if (!reply || !reply->propose)
    return;
  ++coalitions;
  CoalitionProposal proposal;
  proposal.proposer = id;
  proposal.members = actors::participants_named(scenario, reply->members);
  proposal.purpose = reply->purpose;
  EXPECT_GE(proposal.members.size(), 2u);
  EXPECT_THAT(proposal.members, ::testing::Not(::testing::Contains(id)));
  EXPECT_NE(proposal.purpose, "");
  for (const auto& member : proposal.members) {
    const Place at{state.current.turn, "coalition", member, 4};
    const auto answer = ask(briefs_.for_coalition_answer(state, proposal, at),
                            actors::coalition_answer_schema(), at,
                            actors::parse_coalition_answer);
    accepted += answer && answer->accepted ? 1 : 0;
  }
  const Place at{state.current.turn, "coalition", id, 8};
  const auto word =
    ask(briefs_.for_coalition_word(state, proposal, {}, at),
        actors::coalition_word_schema(), at, actors::parse_coalition_word);
  EXPECT_TRUE(word && !word->message.empty());
}

TEST(SimTalksProperty, EveryReplyIsReadAtMostAfterItsRepair) {
  int asked = 0;
  int repaired = 0;
  int talks = 0;
  int coalitions = 0;
  int accepted = 0;
  for (const auto seed : seeds(300)) {
    SCOPED_TRACE(replay_hint(seed));
    const auto random = random_scenario(seed);
    Table table{random, seed};
    for (const auto& participant : random.scenario.participants)
      table.play(participant.id);
    asked += table.asked;
    repaired += table.repaired;
    talks += table.talks;
    coalitions += table.coalitions;
    accepted += table.accepted;
    if (HasFailure())
      return;
  }
  // All of it is in use: 2 % of repairs, talks, coalitions, both answers.
  EXPECT_GT(repaired * 200, asked);
  EXPECT_LT(repaired * 20, asked);
  EXPECT_GT(talks, 100);
  EXPECT_GT(coalitions, 50);
  EXPECT_GT(accepted, 50);
}

} // namespace
} // namespace lab

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "actors/calls.hpp"
#include "actors/parse/reply_parsers.hpp"
#include "actors/prompts/prompts.hpp"
#include "runtime/credit/pricing.hpp"
#include "scenarios/loader/scenario_source.hpp"
#include "sweeps/planner/estimate.hpp"
#include "sweeps/planner/prompt_size.hpp"

// The estimate knows prompts by their sizes alone. Here it is held against
// those that the actors really build, with every reply as long as it may be.

namespace lab::sweeps {
namespace {

PriceRow price() {
  PriceRow row;
  row.model = "a/x";
  row.input = Money{1'000'000};
  row.output = Money{4'000'000};
  row.cached_input = row.input;
  row.cache_write = row.input;
  row.max_output = 16'000;
  row.tokenizer = Tokenizer::byte_level;
  return row;
}

std::vector<std::string> texts(std::size_t count, std::size_t each) {
  return std::vector<std::string>(count, std::string(each, 'x'));
}

/// Everything private that `reader` may read of one turn, at its most: its own
/// talks, and those of all others with it, each answered.
std::vector<Message> talks_with(const ScenarioSpec& scenario,
                                const std::string& reader, std::size_t bytes) {
  std::vector<Message> messages;
  const auto talk = [&](const std::string& from, const std::string& to) {
    messages.push_back({"bilateral", from, {to}, std::string(bytes, 'x')});
    messages.push_back({"bilateral", to, {from}, std::string(bytes, 'x')});
  };
  for (std::int32_t round = 0; round < scenario.talks_per_turn; ++round) {
    std::string somebody;
    for (const auto& other : scenario.participants)
      if (other.id != reader) {
        talk(other.id, reader);
        somebody = other.id;
      }
    if (!somebody.empty())
      talk(reader, somebody);
  }
  return messages;
}

/// Turn `turn` of a run in which nobody ever spared a word.
TurnState talkative(const ScenarioSpec& scenario, std::int32_t turn,
                    const std::string& reader) {
  const auto sizes = longest_replies(scenario);
  const auto bytes = [](double length) {
    return static_cast<std::size_t>(length);
  };
  TurnState state;
  for (std::int32_t t = 0; t <= turn; ++t) {
    TurnRecord record;
    record.turn = t;
    record.world = t == 0 ? scenario.initial_world_state
                          : std::string(bytes(sizes.world.kept), 'x');
    if (t > 0) {
      for (const auto& participant : scenario.participants) {
        Decision decision;
        decision.participant = participant.id;
        decision.long_term_goals =
          texts(actors::goals_max, bytes(sizes.decisions[0].whole) / 20);
        decision.short_term_priorities = decision.long_term_goals;
        decision.action.assign(bytes(sizes.decisions[0].kept), 'x');
        record.decisions.push_back(decision);
      }
      record.messages =
        talks_with(scenario, reader, bytes(sizes.offers[0].kept));
    }
    if (t < turn)
      state.history.push_back(share(std::move(record)));
    else
      state.current = std::move(record);
  }
  return state;
}

/// What the ledger would set aside for this call and for its repair.
Money set_aside(const ScenarioSpec& scenario, const std::string& phase,
                const std::vector<ChatMessage>& asked) {
  ChatRequest request;
  request.schema_name = phase;
  request.schema =
    phase == "decision" ? actors::decision_schema() : actors::world_schema();
  request.output_cap = actors::output_cap(scenario, phase);
  request.messages = asked;
  const auto first = runtime::worst_case(price(), request)->usd;
  request.messages = actors::repair_messages(asked, std::string(8'000, 'x'),
                                             "the reply holds no JSON object");
  return first + runtime::worst_case(price(), request)->usd;
}

class PromptSize : public ::testing::TestWithParam<const char*> {
protected:
  ScenarioSpec scenario() {
    Findings findings;
    auto source = scenarios::open_scenario(
      std::string{LAB_SOURCE_DIR} + "/scenarios/" + GetParam(), findings);
    EXPECT_TRUE(source) << render(findings);
    auto spec = (*source)->resolve({}, findings);
    EXPECT_TRUE(spec) << render(findings);
    return *spec;
  }
};

TEST_P(PromptSize, TheCeilingHoldsForTheLongestRealPrompts) {
  auto spec = scenario();
  for (const std::int32_t talks : {0, 2}) {
    spec.phases = {"communication", "decision", "world_update"};
    spec.talks_per_turn = talks;
    Money decisions;
    Money worlds;
    for (std::int32_t turn = 1; turn <= spec.turns; ++turn) {
      for (const auto& participant : spec.participants)
        decisions += set_aside(
          spec, "decision",
          actors::decision_messages(actors::view_of(
            spec, talkative(spec, turn, participant.id), participant.id)));
      worlds += set_aside(spec, "world_update",
                          actors::world_messages(actors::world_view_of(
                            spec, talkative(spec, turn, ""))));
    }

    const auto made = estimate(
      spec, [](const std::string&) { return Result<PriceRow>{price()}; });

    const auto& decision = made.by_phase.at("decision").worst;
    const auto& world = made.by_phase.at("world_update").worst;
    EXPECT_GE(decision, decisions);
    EXPECT_GE(world, worlds);
    // A ceiling far above what can happen would scare people off.
    EXPECT_LT(decision.pico_usd, decisions.pico_usd * 115 / 100);
    EXPECT_LT(world.pico_usd, worlds.pico_usd * 115 / 100);
  }
}

std::size_t bytes_of(const std::vector<ChatMessage>& messages) {
  std::size_t bytes = 0;
  for (const auto& message : messages)
    bytes += message.text.size();
  return bytes;
}

/// The prompts of all turns against their predicted lengths, reply by reply
/// equal: what is left over is our own wording.
TEST_P(PromptSize, OurOwnWordingIsAsLongAsMeasured) {
  auto spec = scenario();
  spec.phases = {"decision", "world_update"};
  spec.talks_per_turn = 0;
  spec.events.clear();
  const PromptSizes sizes{spec, longest_replies(spec), utmost_habits};
  const auto predicted_goals = longest_replies(spec).decisions[0].goals;
  double decision_error = 0;
  double world_error = 0;
  double decisions = 0;
  for (std::int32_t turn = 1; turn <= spec.turns; ++turn)
    for (std::size_t i = 0; i < spec.participants.size(); ++i) {
      const auto& id = spec.participants[i].id;
      const auto state = talkative(spec, turn, id);
      // The parsers let through more goals than a reply of this cap can hold.
      double goals = 0;
      if (turn > 1)
        for (const auto& goal :
             state.history.back()->decisions[i].long_term_goals)
          goals += 2 * (static_cast<double>(goal.size()) + 3);
      const auto asked =
        actors::decision_messages(actors::view_of(spec, state, id));
      decision_error += static_cast<double>(bytes_of(asked))
                        - sizes.decision(i, turn).bytes
                        + (predicted_goals - goals) * std::min(turn - 1, 2);
      world_error +=
        static_cast<double>(
          bytes_of(actors::world_messages(actors::world_view_of(spec, state))))
        - sizes.world_update(turn).bytes;
      ++decisions;
    }

  // Some bytes of a record differ by its turn and channel.
  EXPECT_NEAR(decision_error / decisions, 0, 40)
    << "wording_of(CallKind::decision).prompt should be "
    << wording_of(CallKind::decision).prompt + decision_error / decisions;
  EXPECT_NEAR(world_error / decisions, 0, 40)
    << "wording_of(CallKind::world_update).prompt should be "
    << wording_of(CallKind::world_update).prompt + world_error / decisions;
}

TEST(OwnWording, SchemasAreAsLongAsMeasured) {
  EXPECT_EQ(wording_of(CallKind::decision).schema,
            actors::decision_schema().size());
  EXPECT_EQ(wording_of(CallKind::world_update).schema,
            actors::world_schema().size());
}

INSTANTIATE_TEST_SUITE_P(Shipped, PromptSize,
                         ::testing::Values("river-compact", "grid-transition",
                                           "harbour-minimal"));

TEST(OutputCaps, AreThoseThatCallsAreSentWith) {
  for (const bool own : {false, true}) {
    ScenarioSpec spec;
    if (own)
      spec.output_caps = {{"", 700}, {"decision", 300}};
    for (const auto kind :
         {CallKind::summary, CallKind::talk_offer, CallKind::coalition_word,
          CallKind::decision, CallKind::world_update, CallKind::metric,
          CallKind::check})
      EXPECT_EQ(output_cap_of(spec, phase_of(kind)),
                actors::output_cap(spec, phase_of(kind)))
        << phase_of(kind);
  }
}

} // namespace
} // namespace lab::sweeps

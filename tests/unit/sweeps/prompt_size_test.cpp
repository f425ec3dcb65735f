#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "actors/calls.hpp"
#include "actors/parse/reply_parsers.hpp"
#include "actors/prompts/prompts.hpp"
#include "runtime/credit/pricing.hpp"
#include "scenarios/loader/scenario_source.hpp"
#include "sweeps/planner/estimate.hpp"

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

/// Turn `turn` of a run in which nobody ever spared a word.
TurnState talkative(const ScenarioSpec& scenario, std::int32_t turn) {
  const auto reply = [&](const char* phase) {
    return static_cast<std::size_t>(actors::output_cap(scenario, phase)) * 6;
  };
  TurnState state;
  for (std::int32_t t = 0; t <= turn; ++t) {
    TurnRecord record;
    record.turn = t;
    record.world =
      t == 0 ? scenario.initial_world_state
             : std::string(
               std::min(reply("world_update"), actors::world_chars_max), 'x');
    if (t > 0)
      for (const auto& participant : scenario.participants) {
        Decision decision;
        decision.participant = participant.id;
        decision.long_term_goals =
          texts(actors::goals_max, reply("decision") / 20);
        decision.short_term_priorities = decision.long_term_goals;
        decision.action.assign(
          std::min(reply("decision"), actors::action_chars_max), 'x');
        record.decisions.push_back(decision);
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
  const auto spec = scenario();
  Money decisions;
  Money worlds;
  for (std::int32_t turn = 1; turn <= spec.turns; ++turn) {
    const auto state = talkative(spec, turn);
    for (const auto& participant : spec.participants)
      decisions += set_aside(spec, "decision",
                             actors::decision_messages(
                               actors::view_of(spec, state, participant.id)));
    worlds +=
      set_aside(spec, "world_update",
                actors::world_messages(actors::world_view_of(spec, state)));
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

INSTANTIATE_TEST_SUITE_P(Shipped, PromptSize,
                         ::testing::Values("river-compact", "grid-transition",
                                           "harbour-minimal"));

TEST(OutputCaps, AreThoseThatCallsAreSentWith) {
  // Output alone costs here, so the ceiling tells the cap: the cap and its
  // slack of 16 tokens, twice.
  Findings findings;
  auto source = scenarios::open_scenario(
    std::string{LAB_SOURCE_DIR} + "/scenarios/harbour-minimal", findings);
  auto spec = *(*source)->resolve({}, findings);
  spec.turns = 1;

  const auto made = estimate(spec, [](const std::string&) {
    auto row = price();
    row.input = row.cached_input = row.cache_write = Money{};
    row.output = Money{1};
    return Result<PriceRow>{row};
  });

  EXPECT_EQ(made.by_participant.at(spec.participants[0].id).worst.pico_usd,
            2 * (actors::output_cap(spec, "decision") + 16));
  EXPECT_EQ(made.by_phase.at("world_update").worst.pico_usd,
            2 * (actors::output_cap(spec, "world_update") + 16));
}

} // namespace
} // namespace lab::sweeps

#include <gtest/gtest.h>

#include "sweeps/planner/shared_calls.hpp"
#include "tests/unit/sweeps/fake_scenario.hpp"

namespace lab::sweeps {
namespace {

/// Three turns of two decisions and an answer of the world.
ScenarioSpec scenario() {
  Findings findings;
  auto spec = *FakeScenario{}.resolve({}, findings, nullptr);
  for (auto& participant : spec.participants)
    participant.model = "a/x";
  spec.world_state_model = "a/x";
  return spec;
}

Estimate nine_calls() {
  Estimate one;
  one.total.calls = 9;
  return one;
}

std::int64_t shared(const std::vector<ScenarioSpec>& points,
                    std::int32_t replicates) {
  SharedCalls calls{replicates};
  for (const auto& point : points)
    calls.add(point, nine_calls(), replicates);
  return calls.at_least();
}

TEST(SharedCalls, OnePointSharesNothingWithItsReplicates) {
  EXPECT_EQ(shared({scenario()}, 4), 0);
}

TEST(SharedCalls, PointsThatDifferForNobodyButOneShareTheOthersFirstDecision) {
  auto other = scenario();
  other.participants[0].system_prompt = "Be bold.";

  EXPECT_EQ(shared({scenario(), other}, 3), 3);
}

TEST(SharedCalls, PointsThatDifferForAllShareNothing) {
  auto other = scenario();
  other.initial_world_state = "A storm.";

  EXPECT_EQ(shared({scenario(), other}, 3), 0);
}

TEST(SharedCalls, TurnsBeforeAnEventCanComeAreShared) {
  auto plain = scenario();
  auto late = scenario();
  EventSpec storm;
  storm.name = "storm";
  storm.turns = {3};
  late.events = {storm};

  // Turns 1 and 2 with three calls each, in two replicates.
  EXPECT_EQ(shared({plain, late}, 2), 2 * 6);
  late.events[0].turns = {1};
  EXPECT_EQ(shared({plain, late}, 2), 0);
}

TEST(SharedCalls, AnEventThatMayComeAtAnyTimeSharesTurnsBeforeItsFirst) {
  auto plain = scenario();
  auto random = scenario();
  EventSpec leak;
  leak.name = "leak";
  leak.type = EventType::random;
  leak.first_turn = 2;
  random.events = {leak};
  auto likelier = random;
  likelier.events[0].probability = 0.5;

  EXPECT_EQ(shared({plain, random, likelier}, 1), 2 * 3);
}

TEST(SharedCalls, AnotherModelOfTheWorldLeavesTheFirstDecisionsAlike) {
  auto other = scenario();
  other.world_state_model = "b/y";

  EXPECT_EQ(shared({scenario(), other}, 1), 2);
}

TEST(SharedCalls, AfterTalksNothingOfTheFirstTurnIsSure) {
  auto one = scenario();
  one.phases.insert(one.phases.begin(), "communication");
  one.talks_per_turn = 1;
  auto other = one;
  other.world_state_model = "b/y";

  EXPECT_EQ(shared({one, other}, 1), 0);
}

TEST(SharedCalls, ParametersReachSimulatedModelsAsNumbers) {
  auto one = scenario();
  one.parameters = {{"trust", "", "0.1", "low", 0.1}};
  auto other = one;
  other.parameters[0].number = 0.2;

  EXPECT_EQ(shared({one, other}, 1), 9); // the words are the same
  for (auto* spec : {&one, &other})
    spec->participants[1].model = "sim/persona";
  EXPECT_EQ(shared({one, other}, 1), 1);
}

} // namespace
} // namespace lab::sweeps

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/loader/scenario_source.hpp"

namespace lab::scenarios {
namespace {

class Examples : public ::testing::TestWithParam<const char*> {
protected:
  ScenarioSpec spec(const std::vector<Assignment>& assignments = {}) {
    auto source = open_scenario(
      std::string{LAB_SOURCE_DIR "/scenarios/"} + GetParam(), findings);
    EXPECT_TRUE(source) << render(findings);
    if (!source)
      return {};
    paths = (*source)->paths();
    auto resolved = (*source)->resolve(assignments, findings);
    EXPECT_TRUE(resolved) << render(findings);
    return resolved ? *resolved : ScenarioSpec{};
  }

  Findings findings;
  std::vector<SettablePath> paths;
};

TEST_P(Examples, LoadWithoutAnyFinding) {
  spec();

  EXPECT_TRUE(findings.empty()) << render(findings);
}

TEST_P(Examples, RunWithoutAModelServer) {
  const auto loaded = spec();

  EXPECT_EQ(loaded.world_state_model, "sim/persona");
  for (const auto& participant : loaded.participants)
    EXPECT_EQ(participant.model, "sim/persona") << participant.id;
}

TEST_P(Examples, LeaveNoPlaceholderInAnyText) {
  const auto loaded = spec();

  EXPECT_THAT(loaded.initial_world_state,
              ::testing::Not(::testing::HasSubstr("{{")));
  for (const auto& participant : loaded.participants)
    EXPECT_THAT(participant.decision_style,
                ::testing::Not(::testing::HasSubstr("{{")));
}

TEST_P(Examples, ChangeWithEveryParameter) {
  const auto loaded = spec();
  for (const auto& parameter : loaded.parameters) {
    if (!parameter.number)
      continue;
    const auto slightly_less = std::to_string(*parameter.number / 1.01);

    const auto changed =
      spec({{"params." + parameter.name, yaml::Node::plain(slightly_less)}});

    EXPECT_FALSE(findings.has_errors()) << parameter.name;
    EXPECT_NE(changed.content, loaded.content) << parameter.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Examples,
                         ::testing::Values("harbour-minimal", "river-compact",
                                           "grid-transition"));

} // namespace
} // namespace lab::scenarios

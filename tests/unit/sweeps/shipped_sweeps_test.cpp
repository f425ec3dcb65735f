#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "scenarios/loader/scenario_source.hpp"
#include "sweeps/planner/plan.hpp"

namespace lab::sweeps {
namespace {

/// A sweep of this repository, planned. The scenario must outlive its plan.
struct Planned {
  std::unique_ptr<ScenarioSource> scenario;
  std::unique_ptr<SweepPlan> plan;
  Findings findings;
};

Planned planned(const std::string& file, const PlanContext& context = {}) {
  Planned made;
  auto manifest = load_manifest(std::string{LAB_SOURCE_DIR} + "/sweeps/" + file,
                                made.findings);
  EXPECT_TRUE(manifest) << render(made.findings);
  auto scenario = scenarios::open_scenario(manifest->scenario, made.findings);
  EXPECT_TRUE(scenario) << render(made.findings);
  made.scenario = std::move(*scenario);
  auto plan =
    make_plan(std::move(*manifest), *made.scenario, context, made.findings);
  EXPECT_TRUE(plan) << render(made.findings);
  made.plan = std::move(*plan);
  return made;
}

TEST(ShippedSweeps, TheDemoIsTwentyFourSimulatedRuns) {
  const auto demo = planned("demo.yaml");

  EXPECT_TRUE(demo.findings.empty()) << render(demo.findings);
  EXPECT_EQ(demo.plan->manifest().design->outline(), "6 grid");
  EXPECT_EQ(demo.plan->tickets().size(), 24U);
  EXPECT_TRUE(demo.plan->sweep_fact().simulated);
  EXPECT_EQ(demo.plan->scenario_of(0)->turns, 4);
}

TEST(ShippedSweeps, FactorsReachTheWordsOfTheScenario) {
  const auto demo = planned("demo.yaml");

  const auto none = demo.plan->scenario_of(0)->initial_world_state;
  const auto binding = demo.plan->scenario_of(5)->initial_world_state;

  EXPECT_NE(none.find("said nothing about meters"), std::string::npos);
  EXPECT_NE(binding.find("water without a meter is cut off"),
            std::string::npos);
}

TEST(ShippedSweeps, TheNightIsAHundredAndSixtyTwoLocalRuns) {
  const auto night = planned("overnight-ollama.yaml");

  EXPECT_TRUE(night.findings.empty()) << render(night.findings);
  EXPECT_EQ(night.plan->point_count(), 54);
  EXPECT_EQ(night.plan->tickets().size(), 162U);
  EXPECT_FALSE(night.plan->sweep_fact().simulated);
  EXPECT_EQ(night.plan->scenario_of(0)->world_state_model,
            "ollama/llama3.1:8b");
}

TEST(ShippedSweeps, ThePaidSweepIsThirtyRunsWithListedSeeds) {
  const auto paid = planned("paid-models.yaml");

  EXPECT_TRUE(paid.findings.empty()) << render(paid.findings);
  EXPECT_EQ(paid.plan->tickets().size(), 30U);
  EXPECT_EQ(paid.plan->point(0).label, "good year");
  // An unused factor keeps the scenario's own value, and the appended goal is
  // there.
  const auto good_year = *paid.plan->scenario_of(0);
  EXPECT_NE(good_year.initial_world_state.find("half of every meter"),
            std::string::npos);
  EXPECT_EQ(good_year.participant("orchard-union")->goals.back(),
            "Keep one dry week a month for the harvest");
}

TEST(ShippedSweeps, ARehearsalOnASimulatedModelMergesTheModels) {
  PlanContext context;
  context.models = {{"", "sim/persona"}};

  const auto paid = planned("paid-models.yaml", context);

  EXPECT_EQ(paid.plan->point_count(), 3);
  ASSERT_EQ(paid.findings.all().size(), 1U) << render(paid.findings);
  EXPECT_EQ(paid.findings.all()[0].code, "S419");
}

TEST(ModelOverrides, ReachTheChecksAsWell) {
  Findings findings;
  auto scenario = scenarios::open_scenario(
    std::string{LAB_SOURCE_DIR} + "/scenarios/grid-transition", findings);
  ASSERT_TRUE(scenario) << render(findings);

  const auto spec = (*scenario)->resolve(
    model_assignments({{"", "ollama/llama3.1:8b"}}, **scenario), findings);

  ASSERT_TRUE(spec) << render(findings);
  EXPECT_EQ(spec->world_state_model, "ollama/llama3.1:8b");
  ASSERT_TRUE(spec->validation);
  EXPECT_EQ(spec->validation->model, "ollama/llama3.1:8b");
}

} // namespace
} // namespace lab::sweeps

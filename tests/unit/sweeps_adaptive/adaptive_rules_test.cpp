// What a plan can keep of its manifest's rules.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweeps/adaptive/adaptive_rules.hpp"
#include "tests/unit/sweeps/plan_fixture.hpp"

namespace lab::sweeps {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr const char* factors = R"(
factors:
  rule: {path: params.rule, values: [none, binding]}
  trust: {path: params.trust, range: [0, 1]}
)";
constexpr const char* saltelli =
  "design: {saltelli: {factors: [rule, trust], base: 4}}\n";
constexpr const char* morris =
  "design: {morris: {factors: [rule, trust], trajectories: 4}}\n";

class AdaptiveRulesTest : public PlanFixture {
protected:
  std::optional<AdaptiveRules> rules(const std::string& design,
                                     const std::string& more) {
    made = plan(std::string{factors} + design + more);
    EXPECT_NE(made, nullptr) << render(findings);
    findings = {};
    if (!made)
      return std::nullopt;
    auto found = adaptive_rules(*made, findings);
    EXPECT_TRUE(found);
    return found ? std::optional{std::move(*found)} : std::nullopt;
  }

  static std::string stop(const std::string& when,
                          const std::string& then = "finish") {
    return "stop: [{when: \"" + when + "\", then: " + then + "}]\n";
  }

  /// "S441: words", in order.
  std::vector<std::string> told() const {
    std::vector<std::string> lines;
    for (const auto& finding : findings.all())
      lines.push_back(finding.code + ": " + finding.message);
    return lines;
  }

  std::unique_ptr<SweepPlan> made;
};

TEST_F(AdaptiveRulesTest, ARuleOnIndicesSaysOfWhichMetric) {
  const auto found =
    rules(saltelli, stop("max(sobol_ci(tension, total, factor='trust')) < 1"));
  EXPECT_THAT(told(), ElementsAre());
  EXPECT_EQ(found->design.manifest, &made->manifest());
  EXPECT_THAT(found->design.metrics, ElementsAre("tension"));
  EXPECT_EQ(found->design.index_of(3), made->point(3).index);
  EXPECT_TRUE(found->ask_for("sobol_ci"));
  EXPECT_FALSE(found->ask_for("provider.error_rate"));
}

TEST_F(AdaptiveRulesTest, ADesignWithoutThePartCannotAnswer) {
  rules(morris, stop("max(sobol_ci(tension, total)) < 1"));
  EXPECT_THAT(told(), ElementsAre("S441: `sobol_ci` needs a `saltelli` part, "
                                  "and this design has none"));
  EXPECT_THAT(findings.all().front().help.front(), HasSubstr("add `saltelli:"));

  rules(saltelli, "replicates: {more: {until: 'max(morris_ci(tension)) < 1', "
                  "at_most: 9}}\n");
  EXPECT_THAT(told(), ElementsAre("S441: `morris_ci` needs a `morris` part, "
                                  "and this design has none"));
}

TEST_F(AdaptiveRulesTest, AFactorThatThePartLacksIsRefused) {
  rules(morris, stop("max(morris_mu(tension, factor='trst')) < 1"));
  EXPECT_THAT(told(), ElementsAre("S441: `morris_mu` has no factor `trst`"));
  EXPECT_THAT(findings.all().front().help,
              ElementsAre("write one of its factors: rule, trust"));
}

TEST_F(AdaptiveRulesTest, AnUnknownMetricIsToldAndNoIndexOfItIsKept) {
  rules(morris, stop("max(morris_mu(tensoin)) < 1"));
  EXPECT_THAT(told(),
              ElementsAre("S420: the scenario has no metric `tensoin`"));
}

TEST_F(AdaptiveRulesTest, OneModelsRunsHaveNoIndices) {
  rules(morris, stop("max(morris_mu(tension)) < 1", "pause-model"));
  EXPECT_THAT(told(), ElementsAre(HasSubstr("is of the whole sweep")));
}

TEST_F(AdaptiveRulesTest, ALengthOfTimeIsAWarning) {
  const auto found =
    rules(morris, stop("provider.error_rate('sim', 10m) > 0.3", "pause"));
  EXPECT_THAT(told(), ElementsAre(HasSubstr("S442: ")));
  EXPECT_FALSE(findings.has_errors());
  EXPECT_TRUE(found->ask_for("provider.error_rate"));

  rules(morris, stop("provider.error_rate('sim', last=20) > 0.3", "pause"));
  EXPECT_THAT(told(), ElementsAre());
}

TEST_F(AdaptiveRulesTest, ModelsAreThoseOfThePointsScenario) {
  const auto found =
    rules("  model: {path: actors.us.llm_model, values: [sim/a, sim/b]}\n"
          "design: {grid: {factors: [rule, model]}}\n",
          stop("share(failed) > 0.2", "pause-model"));
  ASSERT_TRUE(found->may_hold_models());
  EXPECT_EQ(found->points, 4);
  EXPECT_THAT(found->models_of(0),
              UnorderedElementsAre("sim/persona", "sim/a"));
  EXPECT_THAT(found->models_of(1),
              UnorderedElementsAre("sim/persona", "sim/b"));
}

} // namespace
} // namespace lab::sweeps

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/loader/check_template.hpp"
#include "tests/unit/scenarios/temp_scenario.hpp"

namespace lab::scenarios {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

class Checks : public ::testing::Test {
protected:
  std::optional<ValidationSpec> validation(const std::string& yaml) {
    scenario.write("validation-rules.yaml", yaml);
    return scenario.spec().validation;
  }

  TempScenario scenario;
};

TEST_F(Checks, ReadEveryKey) {
  const auto made = validation("validation_model: sim/persona\n"
                               "checks:\n"
                               "  world_state_coherence:\n"
                               "    enabled: true\n"
                               "    severity: high\n"
                               "    description: Sums must add up.\n"
                               "  actor_decision_consistency:\n"
                               "    enabled: true\n"
                               "    prompt_template: Judge {actor_action}.\n"
                               "run_after_each_turn: true\n"
                               "run_at_scenario_end: true\n"
                               "generate_turn_reports: false\n"
                               "generate_summary_report: false\n"
                               "halt_on_critical: true\n"
                               "max_issues_before_halt: 3\n"
                               "severity_thresholds: {low: log, high: halt}\n"
                               "scenario_specific_rules: No miracles.\n");

  ASSERT_TRUE(made);
  EXPECT_EQ(made->model, "sim/persona");
  ASSERT_EQ(made->checks.size(), 2U);
  EXPECT_EQ(made->checks[0].kind, CheckKind::decision_consistency);
  EXPECT_EQ(made->checks[0].severity, IssueSeverity::medium);
  EXPECT_EQ(made->checks[0].prompt_template, "Judge {actor_action}.");
  EXPECT_EQ(made->checks[1].kind, CheckKind::world_coherence);
  EXPECT_EQ(made->checks[1].severity, IssueSeverity::high);
  EXPECT_EQ(made->checks[1].description, "Sums must add up.");
  EXPECT_TRUE(made->every_turn);
  EXPECT_FALSE(made->turn_reports);
  EXPECT_FALSE(made->summary_report);
  EXPECT_TRUE(made->halt_on_critical);
  EXPECT_EQ(made->issues_before_halt, 3);
  EXPECT_THAT(made->actions, ElementsAre(Pair("high", IssueAction::halt),
                                         Pair("low", IssueAction::log)));
  EXPECT_EQ(made->rules, "No miracles.");
  EXPECT_THAT(scenario.spec().phases, Contains("validation"));
}

TEST_F(Checks, OfAMissingOrEmptyFileAreNone) {
  EXPECT_FALSE(scenario.spec().validation);
  EXPECT_THAT(scenario.spec().phases, Not(Contains("validation")));
  EXPECT_FALSE(validation("# none yet\n"));
  EXPECT_FALSE(validation("checks: {}\n"));
  EXPECT_FALSE(validation("checks:\n"
                          "  world_state_coherence: {enabled: false}\n"));
}

TEST_F(Checks, MayWaitForTheEnd) {
  const auto made = validation("validation_model: sim/persona\n"
                               "checks: {world_state_coherence: true}\n"
                               "run_after_each_turn: false\n"
                               "run_at_scenario_end: true\n");

  ASSERT_TRUE(made);
  EXPECT_FALSE(made->every_turn);
}

TEST_F(Checks, AreOffWhenTheyAreNeverMade) {
  EXPECT_FALSE(validation("validation_model: sim/persona\n"
                          "checks: {world_state_coherence: true}\n"
                          "run_after_each_turn: false\n"));
}

TEST_F(Checks, TheReportingBlockMayHaltAsWell) {
  const auto made = validation("validation_model: sim/persona\n"
                               "checks: {world_state_coherence: true}\n"
                               "reporting: {halt_on_critical: true}\n");

  ASSERT_TRUE(made);
  EXPECT_TRUE(made->halt_on_critical);
}

TEST_F(Checks, OfTheFirstVersionMustBeSwitchedOn) {
  const auto* rules = "validation_model: sim/persona\n"
                      "checks: {world_state_coherence: {severity: high}}\n";
  EXPECT_TRUE(validation(rules));

  scenario.append("scenario.yaml", "turn_duration: 1 month\n"
                                   "enable_coalition_formation: false\n");
  EXPECT_FALSE(validation(rules));
}

TEST_F(Checks, ByNobodyAreMadeByTheWorldsModel) {
  scenario.write("validation-rules.yaml",
                 "checks: {world_state_coherence: {enabled: true}}\n");

  const auto local = scenario.read("world_state_model: ollama/a\n");
  const auto hosted = scenario.read("actors.eu.llm_model: mistral/large\n");

  ASSERT_TRUE(local.spec) << local.text;
  EXPECT_EQ(local.spec->validation->model, "ollama/a");
  EXPECT_THAT(local.codes(), ElementsAre("S312"));
  ASSERT_TRUE(hosted.spec) << hosted.text;
  EXPECT_EQ(hosted.spec->validation->model, "openai/gpt-4o-mini");
  EXPECT_THAT(hosted.codes(), ElementsAre("S309"));
}

TEST_F(Checks, CanBeSetByPath) {
  scenario.write("validation-rules.yaml",
                 "validation_model: sim/persona\n"
                 "checks: {world_state_coherence: {enabled: true}}\n");

  const auto spec =
    scenario.spec("validation.validation_model: sim/faulty\n"
                  "validation.checks.world_state_coherence.severity: low\n"
                  "validation.max_issues_before_halt: 5\n");

  ASSERT_TRUE(spec.validation);
  EXPECT_EQ(spec.validation->model, "sim/faulty");
  EXPECT_EQ(spec.validation->checks[0].severity, IssueSeverity::low);
  EXPECT_EQ(spec.validation->issues_before_halt, 5);
  EXPECT_FALSE(scenario
                 .spec("validation.checks.world_state_coherence.enabled: "
                       "false\n")
                 .validation);
}

TEST_F(Checks, ASwitchInFeaturesLeavesThemOut) {
  scenario.append("scenario.yaml", "features: {quality_assurance: no}\n");

  EXPECT_FALSE(validation("validation_model: sim/persona\n"
                          "checks: {world_state_coherence: true}\n"));
}

TEST_F(Checks, TheOrderOfTheirKeysMeansNothing) {
  const auto content = [this](const std::string& checks) {
    scenario.write("validation-rules.yaml",
                   "validation_model: sim/persona\nchecks:\n" + checks);
    return scenario.spec().content;
  };

  EXPECT_EQ(content("  world_state_coherence: true\n"
                    "  actor_decision_consistency: true\n"),
            content("  actor_decision_consistency: true\n"
                    "  world_state_coherence: true\n"));
}

struct TemplateCase {
  const char* written;
  const char* text;
  std::vector<std::string> unknown;
  bool has_placeholder;
};

class Templates : public ::testing::TestWithParam<TemplateCase> {};

TEST_P(Templates, KeepLiteralBraces) {
  const auto& one = GetParam();

  const auto read =
    read_check_template(one.written, CheckKind::world_coherence);

  EXPECT_EQ(read.text, one.text);
  EXPECT_EQ(read.unknown, one.unknown);
  EXPECT_EQ(read.has_placeholder, one.has_placeholder);
}

INSTANTIATE_TEST_SUITE_P(
  Braces, Templates,
  ::testing::Values(
    TemplateCase{"no braces", "no braces", {}, false},
    TemplateCase{"to {new_world_state}.", "to {new_world_state}.", {}, true},
    // Doubled, as the first version needed them.
    TemplateCase{R"({{"ok": {{"a": 1}}}} {actor_actions})",
                 R"({"ok": {"a": 1}} {actor_actions})",
                 {},
                 true},
    // Single, which the first version died of.
    TemplateCase{R"({"ok": {"a": 1}} {actor_actions})",
                 R"({"ok": {"a": 1}} {actor_actions})",
                 {},
                 true},
    TemplateCase{"{Yes or No}", "{Yes or No}", {}, false},
    TemplateCase{"{{yes}}", "{yes}", {}, false},
    TemplateCase{"{yes} {yes} {no}", "{yes} {yes} {no}", {"yes", "no"}, false},
    TemplateCase{"{world_state}", "{world_state}", {"world_state"}, false},
    TemplateCase{"{", "{", {}, false}, TemplateCase{"}", "}", {}, false},
    TemplateCase{"{{", "{", {}, false},
    TemplateCase{"{new_world_state", "{new_world_state", {}, false},
    TemplateCase{"{{{new_world_state}}}", "{{new_world_state}}", {}, true},
    TemplateCase{"", "", {}, false}));

TEST(Templates, EachKindOfCheckHasItsOwnPlaceholders) {
  const std::string written = "{actor_reasoning}";

  EXPECT_THAT(
    read_check_template(written, CheckKind::decision_consistency).unknown,
    IsEmpty());
  EXPECT_THAT(
    read_check_template(written, CheckKind::information_access).unknown,
    IsEmpty());
  EXPECT_THAT(read_check_template(written, CheckKind::world_coherence).unknown,
              ElementsAre("actor_reasoning"));
}

TEST_F(Checks, ATemplateMayUseParameters) {
  scenario.append(
    "scenario.yaml",
    "parameters: {pace: {default: 1, say: {0: slow, 1: fast}}}\n");

  const auto made =
    validation("validation_model: sim/persona\n"
               "checks:\n"
               "  world_state_coherence:\n"
               "    prompt_template: 'A {{pace}} world: {new_world_state}'\n");

  ASSERT_TRUE(made);
  EXPECT_EQ(made->checks[0].prompt_template, "A fast world: {new_world_state}");
}

} // namespace
} // namespace lab::scenarios

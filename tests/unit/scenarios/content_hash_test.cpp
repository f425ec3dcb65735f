#include <functional>

#include <gtest/gtest.h>

#include "scenarios/loader/content_hash.hpp"
#include "tests/unit/scenarios/temp_scenario.hpp"

namespace lab::scenarios {
namespace {

TEST(Content, IgnoresCommentsOrderAndStyle) {
  const TempScenario plain;
  TempScenario other;
  other.write("scenario.yaml", "# the same, otherwise written\n"
                               "actors:\n"
                               "  - \"eu\"\n"
                               "  - 'us' # second\n"
                               "turns: 4\n"
                               "world_state_model: \"sim/persona\"\n"
                               "initial_world_state: >-\n"
                               "  All is\n"
                               "  calm.\n"
                               "name: Summit\n");
  other.write("actors/us.yaml", "goals: trade\n"
                                "control: ai\n"
                                "short_name: us\n"
                                "model: sim/persona\n"
                                "name: America\n");

  EXPECT_EQ(plain.spec().content, other.spec().content);
}

TEST(Content, IgnoresWhatHasNoEffect) {
  const TempScenario plain;
  TempScenario other;
  other.append("scenario.yaml", "author: Somebody\n"
                                "tags: [a]\n"
                                "success_criteria: [b]\n"
                                "context_window_size: 3\n");

  EXPECT_EQ(plain.spec().content, other.spec().content);
}

TEST(Content, HangsOnTheWordsOfAScript) {
  TempScenario scenario;
  scenario.append("actors/eu.yaml", "control: scripted\nscript: eu.jsonl\n");
  scenario.write("eu.jsonl", "{\"text\": \"We wait.\"}\n");
  const auto before = scenario.spec().content;
  EXPECT_EQ(scenario.spec().content, before);

  scenario.write("eu.jsonl", "{\"text\": \"We act.\"}\n");

  EXPECT_NE(scenario.spec().content, before);
}

TEST(Content, ChangesWithEverySetting) {
  TempScenario scenario;
  scenario.write("background/a.md", "Long ago.\n");
  const auto before = scenario.spec().content;

  for (const auto* set : {"name: Other",
                          "turns: 5",
                          "initial_world_state: Storm.",
                          "world_state_model: sim/faulty",
                          "actors: [us, eu]",
                          "actors: [eu]",
                          "description: x",
                          "system_prompt: x",
                          "turn_duration: 1 day",
                          "context_window_size: 4",
                          "phases: [decision]",
                          "compat: v1-prompts",
                          "output_caps.default: 5",
                          "temperature: 0.5",
                          "sim.trust: 0.5",
                          "enable_bilateral_communication: true",
                          "enable_coalition_formation: true",
                          "summaries: false",
                          "summary_model: sim/faulty",
                          "scenario_length.condition: turns > 2",
                          "pauses.+: {before: decision}",
                          "background: include",
                          "actors.eu.deadline: 60",
                          "actors.eu.on_timeout: skip",
                          "actors.eu.preferred_coalitions: [us]",
                          "actors.eu.response_format: x",
                          "actors.eu.name: Evropa",
                          "actors.eu.llm_model: sim/faulty",
                          "actors.eu.control: human",
                          "actors.eu.system_prompt: x",
                          "actors.eu.role: x",
                          "actors.eu.description: x",
                          "actors.eu.goals.+: x",
                          "actors.eu.constraints.+: x",
                          "actors.eu.expertise.law: x",
                          "actors.eu.decision_style: x",
                          "actors.eu.communication_style: x",
                          "actors.eu.personality_traits: [x]",
                          "actors.eu.private_information: x",
                          "actors.eu.sim.power: 0.5"})
    EXPECT_NE(scenario.spec(set).content, before) << set;
}

TEST(Content, CoversEveryFieldOfAMetric) {
  ScenarioSpec spec;
  spec.metrics.emplace_back();
  const auto before = content_of(spec);
  const std::vector<std::function<void(MetricSpec&)>> changes{
    [](MetricSpec& m) { m.name = "x"; },
    [](MetricSpec& m) { m.description = "x"; },
    [](MetricSpec& m) { m.unit = "x"; },
    [](MetricSpec& m) { m.type = MetricType::text; },
    [](MetricSpec& m) { m.extraction = Extraction::manual; },
    [](MetricSpec& m) { m.patterns = {"x"}; },
    [](MetricSpec& m) { m.keywords = {"x"}; },
    [](MetricSpec& m) { m.scoring = Scoring::density; },
    [](MetricSpec& m) { m.prompt = "x"; },
    [](MetricSpec& m) { m.model = "x"; },
    [](MetricSpec& m) { m.categories = {"x"}; },
    [](MetricSpec& m) {
      m.range = {0, 1};
    },
    [](MetricSpec& m) { m.warning_threshold = 0; },
    [](MetricSpec& m) { m.critical_threshold = 0; },
    [](MetricSpec& m) { m.per_participant = true; },
    [](MetricSpec& m) { m.participant = "x"; },
    [](MetricSpec& m) { m.reads_actions = true; }};

  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto changed = spec;
    changes[i](changed.metrics[0]);
    EXPECT_NE(content_of(changed), before) << i;
  }
}

TEST(Content, CoversEveryFieldOfAnEvent) {
  ScenarioSpec spec;
  spec.events.emplace_back().conditions.emplace_back();
  const auto before = content_of(spec);
  const std::vector<std::function<void(EventSpec&)>> changes{
    [](EventSpec& e) { e.name = "x"; },
    [](EventSpec& e) { e.description = "x"; },
    [](EventSpec& e) { e.type = EventType::random; },
    [](EventSpec& e) { e.first_turn = 2; },
    [](EventSpec& e) { e.last_turn = 2; },
    [](EventSpec& e) { e.every = 2; },
    [](EventSpec& e) { e.turns = {2}; },
    [](EventSpec& e) { e.probability = 0.5; },
    [](EventSpec& e) { e.conditions[0].metric = "x"; },
    [](EventSpec& e) { e.conditions[0].comparison = Comparison::less; },
    [](EventSpec& e) { e.conditions[0].value = 1; },
    [](EventSpec& e) { e.conditions[0].patterns = {"x"}; },
    [](EventSpec& e) { e.once = false; }};

  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto changed = spec;
    changes[i](changed.events[0]);
    EXPECT_NE(content_of(changed), before) << i;
  }
}

TEST(Content, CoversEveryFieldOfTheChecks) {
  ScenarioSpec spec;
  spec.validation.emplace().checks.emplace_back();
  const auto before = content_of(spec);
  const std::vector<std::function<void(ValidationSpec&)>> changes{
    [](ValidationSpec& v) { v.model = "x"; },
    [](ValidationSpec& v) { v.checks[0].kind = CheckKind::information_access; },
    [](ValidationSpec& v) { v.checks[0].severity = IssueSeverity::low; },
    [](ValidationSpec& v) { v.checks[0].description = "x"; },
    [](ValidationSpec& v) { v.checks[0].prompt_template = "x"; },
    [](ValidationSpec& v) { v.every_turn = false; },
    [](ValidationSpec& v) { v.turn_reports = false; },
    [](ValidationSpec& v) { v.summary_report = false; },
    [](ValidationSpec& v) { v.halt_on_critical = true; },
    [](ValidationSpec& v) { v.issues_before_halt = 1; },
    [](ValidationSpec& v) { v.rules = "x"; },
    [](ValidationSpec& v) {
      v.actions = {{"low", IssueAction::log}};
    }};

  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto changed = spec;
    changes[i](*changed.validation);
    EXPECT_NE(content_of(changed), before) << i;
  }
  spec.validation.reset();
  EXPECT_NE(content_of(spec), before);
}

TEST(Content, IsNoPartOfItself) {
  auto spec = TempScenario{}.spec();

  EXPECT_EQ(content_of(spec), spec.content);
  EXPECT_NE(spec.content, Digest256{});
}

} // namespace
} // namespace lab::scenarios

#include <gtest/gtest.h>

#include "sweeps/planner/manifest.hpp"
#include "tests/unit/sweeps/fake_scenario.hpp"
#include "tests/unit/sweeps/manifest_fault.hpp"
#include "tests/unit/sweeps/temp_folder.hpp"

namespace lab::sweeps {
namespace {

/// Warnings of keys without effect are another test's matter.
Manifest read(const std::string& text, const std::string& file = "x.yaml") {
  Findings findings;
  auto manifest = read_manifest(text, file, findings);
  EXPECT_TRUE(manifest) << render(findings);
  return manifest ? std::move(*manifest) : Manifest{};
}

TEST(ManifestRules, MeasuresAreRead) {
  const auto measure =
    read(with_factors("design:\n"
                      "  union:\n"
                      "    - name: screen\n"
                      "      morris: {factors: [trust, rule], trajectories: 2, "
                      "levels: 4}\n"
                      "    - name: stories\n"
                      "      list: [{label: calm, trust: 0.1}]\n"
                      "measure:\n"
                      "  final: [a, gap]\n"
                      "  series: a\n"
                      "  derived: {gap: abs(a - b), twice: gap * 2}\n"
                      "  analyse:\n"
                      "    - morris: {of: a, block: screen, by: rule, "
                      "bootstrap: 0}\n"
                      "    - compare: {of: [a, gap], block: stories, baseline: "
                      "calm, confidence: 90%}\n"
                      "    - effects: {of: twice}\n"))
      .measure;

  EXPECT_EQ(measure.final_metrics, (std::vector<std::string>{"a", "gap"}));
  EXPECT_EQ(measure.series, std::vector<std::string>{"a"});
  ASSERT_EQ(measure.derived.size(), 2U);
  EXPECT_EQ(measure.derived[0].name, "gap");
  EXPECT_EQ(measure.derived[1].value.text(), "gap * 2");
  ASSERT_EQ(measure.analyses.size(), 3U);
  EXPECT_EQ(measure.analyses[0].kind, AnalysisKind::morris);
  EXPECT_EQ(measure.analyses[0].block, "screen");
  EXPECT_EQ(measure.analyses[0].by, "rule");
  EXPECT_EQ(measure.analyses[0].resamples, 0);
  EXPECT_EQ(measure.analyses[0].confidence, 0.95);
  EXPECT_EQ(measure.analyses[1].of, (std::vector<std::string>{"a", "gap"}));
  EXPECT_EQ(measure.analyses[1].baseline, "calm");
  EXPECT_EQ(measure.analyses[1].confidence, 0.9);
  EXPECT_EQ(measure.analyses[2].resamples, 1000);
}

TEST(ManifestRules, RulesAreRead) {
  const auto made = read(
    after("replicates:\n"
          "  count: 3\n"
          "  more: {until: \"ci_halfwidth(a, 0.95) <= 0.8\", at_most: 10}\n"
          "schedule:\n"
          "  order: interleave\n"
          "  pilot: {runs: 6, then: \"continue if forecast.usd <= 60, else "
          "ask\"}\n"
          "stop:\n"
          "  - {when: share(failed) > 5%, then: pause-model, because: many}\n"
          "  - {when: elapsed > 2h, then: finish}\n"));

  ASSERT_TRUE(made.replicates.more);
  EXPECT_EQ(made.replicates.more->at_most, 10);
  EXPECT_EQ(made.replicates.more->until.text(), "ci_halfwidth(a, 0.95) <= 0.8");
  EXPECT_EQ(made.order, RunOrder::interleave);
  ASSERT_TRUE(made.pilot);
  EXPECT_EQ(made.pilot->runs, 6);
  ASSERT_TRUE(made.pilot->then);
  ASSERT_EQ(made.stop.size(), 2U);
  EXPECT_EQ(made.stop[0].then, StopAction::pause_model);
  EXPECT_EQ(made.stop[0].because, "many");
  EXPECT_EQ(made.stop[1].then, StopAction::finish);
  EXPECT_EQ(made.stop[1].because, "elapsed > 2h");
}

TEST(ManifestRules, CeilingsAreRead) {
  const auto made = read(
    after("budget:\n"
          "  usd: 60\n"
          "  by_model: {anthropic/claude-haiku-4-5: 50.00}\n"
          "  warn_at: [80%, 0.5]\n"
          "  on_exhausted: finish-running\n"
          "limits:\n"
          "  run_time: 45m\n"
          "  sweep_time: 8h\n"
          "  window: {open: \"22:30\", close: \"07:30\", at_close: "
          "finish-running}\n"
          "providers:\n"
          "  openai: {calls: 12, per_minute: {requests: 2k}}\n"
          "retry_runs: {attempts: 2, from: last-phase}\n"
          "output: {keep: metrics, export: [csv, parquet, csv], report: yes}\n"
          "notify: {on: [paused, needs-you], run: [notify-send, Lab]}\n"));

  ASSERT_EQ(made.budget_rules.by_model.size(), 1U);
  EXPECT_EQ(made.budget_rules.by_model[0].first, "anthropic/claude-haiku-4-5");
  EXPECT_EQ(made.budget_rules.by_model[0].second, *parse_usd("50"));
  EXPECT_EQ(made.budget_rules.warn_at,
            (std::vector<std::int32_t>{5'000, 8'000}));
  EXPECT_EQ(made.budget_rules.on_exhausted, OnExhausted::finish_running);
  EXPECT_EQ(made.time.run_seconds, 2'700);
  EXPECT_EQ(made.time.sweep_seconds, 28'800);
  ASSERT_TRUE(made.time.window);
  EXPECT_EQ(made.time.window->hours, (DayWindow{22 * 60 + 30, 7 * 60 + 30}));
  EXPECT_TRUE(made.time.window->finish_running);
  ASSERT_EQ(made.providers.size(), 1U);
  EXPECT_EQ(made.providers[0].calls, 12);
  EXPECT_EQ(made.providers[0].requests_per_minute, 2'000);
  ASSERT_TRUE(made.retry);
  EXPECT_EQ(made.retry->attempts, 2);
  EXPECT_EQ(made.output_rules.keep, Keep::metrics);
  EXPECT_EQ(
    made.output_rules.exports,
    (std::vector<ExportFormat>{ExportFormat::csv, ExportFormat::parquet}));
  EXPECT_TRUE(made.output_rules.report);
  ASSERT_TRUE(made.notify);
  EXPECT_EQ(made.notify->run.size(), 2U);
}

TEST(ManifestRules, WordingsWriteTextsAndFiles) {
  const TempFolder folder;
  folder.write("prompts/plain.md", "Say it plainly.\n");

  const auto made = read(after("replicates: {count: 4}\n"
                               "wording:\n"
                               "  as-written: {}\n"
                               "  plain: {system_prompt: {file: "
                               "prompts/plain.md}, actors.*.style: short}\n"),
                         folder / "x.yaml");

  ASSERT_EQ(made.wording.variants.size(), 2U);
  EXPECT_TRUE(made.wording.variants[0].writes.empty());
  ASSERT_EQ(made.wording.variants[1].writes.size(), 2U);
  EXPECT_EQ(made.wording.variants[1].writes[0].second.scalar,
            "Say it plainly.\n");
  EXPECT_EQ(made.wording.variants[1].writes[0].second.mark.line, 7);
  EXPECT_EQ(made.wording.variants[1].writes[1].first, "actors.*.style");
}

TEST(ManifestRules, ASentinelIsReadWithItsDefaults) {
  EXPECT_FALSE(read(after("")).sentinel);
  const auto usual = read(after("sentinel: {}\n")).sentinel;
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->every, 20);
  EXPECT_EQ(usual->repeats, 4);
  EXPECT_EQ(usual->false_alarms, 0.01);
  const auto own =
    read(after("sentinel: {every: 5, repeats: 2, false_alarms: 5%}\n"))
      .sentinel;
  ASSERT_TRUE(own);
  EXPECT_EQ(own->every, 5);
  EXPECT_EQ(own->repeats, 2);
  EXPECT_EQ(own->false_alarms, 0.05);
}

} // namespace
} // namespace lab::sweeps

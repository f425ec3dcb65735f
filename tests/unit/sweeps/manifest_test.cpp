#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "sweeps/planner/manifest.hpp"
#include "tests/unit/sweeps/fake_scenario.hpp"

namespace lab::sweeps {
namespace {

constexpr const char* full = R"(schema: sweep/1
name: summit-screening
about: Which assumption moves cooperation most?
scenario: ../scenarios/summit
set:
  turns: 8
  actors.us.goals.+: Keep the lead
factors:
  rule: {path: params.rule, values: [none, voluntary, binding], label: Rule}
  trust:
    path: params.trust
    range: [0.0, 1.0]
    step: 0.25
    unit: share
  model:
    path: ["actors.*.llm_model", world_state_model]
    values: ["ollama/llama3.1:8b", "ollama/qwen2.5:14b"]
design:
  cross:
    - grid: {factors: [rule, trust]}
    - list:
        - {label: small, model: "ollama/llama3.1:8b"}
        - {label: large, model: "ollama/qwen2.5:14b"}
  seed: 20261122
replicates: {count: 3, seeds: paired}
models: {"*": sim/persona, us: openai/gpt-4o-mini, world: sim/persona}
measure: {final: [cooperation, tension]}
budget: {usd: 5.00, per_run_usd: "0.25", calls: 2000, tokens: 90M}
limits: {runs: 6, calls: 12}
schedule: {order: by-model}
sharing: off
on_unknown: pause
output: {dir: ../output/screening}
)";

Manifest read(const std::string& text) {
  Findings findings;
  auto manifest = read_manifest(text, "sweeps/x.yaml", findings);
  EXPECT_EQ(lines_of(findings), std::vector<std::string>{});
  return manifest ? std::move(*manifest) : Manifest{};
}

/// The shortest manifest there is, and more lines.
Manifest read_short(const std::string& more) {
  return read("schema: sweep/1\nname: x\nscenario: s\n" + more);
}

TEST(Manifest, EveryKeyIsRead) {
  const auto manifest = read(full);

  EXPECT_EQ(manifest.file, "sweeps/x.yaml");
  EXPECT_EQ(manifest.name, "summit-screening");
  EXPECT_EQ(manifest.about, "Which assumption moves cooperation most?");
  EXPECT_EQ(manifest.scenario, "scenarios/summit");
  ASSERT_EQ(manifest.set.size(), 2U);
  EXPECT_EQ(manifest.set[1].path, "actors.us.goals.+");
  EXPECT_EQ(manifest.set[1].value.scalar, "Keep the lead");
  EXPECT_EQ(manifest.set[1].value.mark.line, 7);
  EXPECT_EQ(manifest.seed, 20261122U);
  EXPECT_EQ(manifest.replicates.count, 3);
  EXPECT_EQ(manifest.replicates.mode, SeedMode::paired);
  EXPECT_EQ(manifest.models,
            (std::vector<ModelOverride>{{"", "sim/persona"},
                                        {"us", "openai/gpt-4o-mini"},
                                        {"world", "sim/persona"}}));
  EXPECT_EQ(manifest.measure.final_metrics,
            (std::vector<std::string>{"cooperation", "tension"}));
  EXPECT_EQ(manifest.budget.usd, *parse_usd("5"));
  EXPECT_EQ(manifest.per_run_usd, *parse_usd("0.25"));
  EXPECT_EQ(manifest.budget.calls, 2'000);
  EXPECT_EQ(manifest.budget.tokens, 90'000'000);
  EXPECT_EQ(manifest.runs_max, 6);
  EXPECT_EQ(manifest.calls_max, 12);
  EXPECT_EQ(manifest.order, RunOrder::by_model);
  EXPECT_FALSE(manifest.sharing);
  EXPECT_EQ(manifest.on_unknown, OnUnknown::pause);
  EXPECT_EQ(manifest.output_dir, "output/screening");
}

TEST(Manifest, FactorsKeepTheirOrderPathsAndWords) {
  const auto manifest = read(full);

  ASSERT_EQ(manifest.factors.size(), 3U);
  EXPECT_EQ(manifest.factors[0].name, "rule");
  EXPECT_EQ(manifest.factors[0].label, "Rule");
  EXPECT_EQ(manifest.factors[1].label, "trust");
  EXPECT_EQ(manifest.factors[1].unit, "share");
  EXPECT_EQ(
    manifest.factors[2].paths,
    (std::vector<std::string>{"actors.*.llm_model", "world_state_model"}));
  EXPECT_EQ(manifest.factors[0].levels[1].text, "voluntary");
  EXPECT_EQ(manifest.factors[0].levels[1].value.mark.line, 9);
}

TEST(Manifest, TheDesignCombinesItsParts) {
  const auto manifest = read(full);

  ASSERT_NE(manifest.design, nullptr);
  EXPECT_EQ(manifest.design->size(), 30);
  EXPECT_EQ(manifest.design->outline(), "15 grid x 2 list");
  const auto last = manifest.design->point(29);
  EXPECT_EQ(last.label, "large");
  EXPECT_EQ(last.values[0]->text, "binding");
  EXPECT_EQ(last.values[1]->text, "1");
  EXPECT_EQ(last.values[2]->text, "ollama/qwen2.5:14b");
}

TEST(Manifest, DefaultsNeedNoKeys) {
  const auto manifest = read_short("");

  EXPECT_EQ(manifest.design->size(), 1);
  EXPECT_EQ(manifest.replicates.count, 1);
  EXPECT_EQ(manifest.order, RunOrder::blocks);
  EXPECT_TRUE(manifest.sharing);
  EXPECT_EQ(manifest.on_unknown, OnUnknown::reissue);
  EXPECT_TRUE(manifest.budget.unlimited());
  EXPECT_FALSE(manifest.per_run_usd);
  EXPECT_EQ(manifest.scenario, "sweeps/s");
  EXPECT_EQ(manifest.output_dir, "");
}

TEST(Manifest, StepsOfARangeAreExact) {
  const auto manifest = read_short(
    "factors: {trust: {path: params.trust, range: [0, 1], step: 0.1}}\n"
    "design: {grid: {factors: [trust]}}\n");

  std::vector<std::string> texts;
  for (const auto& level : manifest.factors[0].levels)
    texts.push_back(level.text + "|" + level.value.scalar);
  EXPECT_EQ(texts,
            (std::vector<std::string>{"0|0", "0.1|0.1", "0.2|0.2", "0.3|0.3",
                                      "0.4|0.4", "0.5|0.5", "0.6|0.6",
                                      "0.7|0.7", "0.8|0.8", "0.9|0.9", "1|1"}));
}

TEST(Manifest, ARangeMayBeNegativeAndWhole) {
  const auto manifest =
    read_short("factors: {a: {path: params.a, range: [-2, 2], step: 2}}\n"
               "design: {grid: {factors: [a]}}\n");

  std::vector<std::string> texts;
  for (const auto& level : manifest.factors[0].levels)
    texts.push_back(level.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"-2", "0", "2"}));
}

TEST(Manifest, ValuesMayBeListsAndMaps) {
  const auto manifest = read_short(
    "factors: {span: {path: metrics.t.range, values: [[0, 10], {a: 1}, yes]}}\n"
    "design: {grid: {factors: [span]}}\n");

  EXPECT_EQ(manifest.factors[0].levels[0].text, "[0, 10]");
  EXPECT_EQ(manifest.factors[0].levels[0].value.kind, yaml::Kind::list);
  EXPECT_EQ(manifest.factors[0].levels[1].text, "{a: 1}");
  EXPECT_EQ(manifest.factors[0].levels[2].text, "yes");
}

TEST(Manifest, AHandMadePointMayNameAnyNumberOfARange) {
  const auto manifest =
    read_short("factors: {trust: {path: params.trust, range: [0, 1]}}\n"
               "design: {list: [{trust: 0.333}, {label: all}]}\n");

  EXPECT_EQ(manifest.design->point(0).values[0]->text, "0.333");
  EXPECT_FALSE(manifest.design->point(1).values[0]);
}

TEST(Manifest, AHandMadePointIsTheLevelHoweverItIsWritten) {
  const auto manifest =
    read_short("factors: {trust: {path: params.trust, values: [0.5, 1]}}\n"
               "design: {list: [{trust: 0.50}]}\n");

  EXPECT_EQ(manifest.design->point(0).values[0]->value.scalar, "0.5");
  EXPECT_EQ(manifest.design->point(0).values[0]->value.mark.line, 5);
}

TEST(Manifest, SeedsMayBeListedOrFresh) {
  const auto listed = read_short("replicates: {seeds: [7001, 7002, 7003]}\n");
  const auto fresh = read_short("replicates: {count: 4, seeds: fresh}\n");

  EXPECT_EQ(listed.replicates.mode, SeedMode::listed);
  EXPECT_EQ(listed.replicates.count, 3);
  EXPECT_EQ(listed.replicates.seeds,
            (std::vector<std::uint64_t>{7001, 7002, 7003}));
  EXPECT_EQ(fresh.replicates.mode, SeedMode::fresh);
  EXPECT_EQ(fresh.replicates.count, 4);
}

TEST(Manifest, OneModelIsForEverybody) {
  const auto manifest = read_short("models: sim/persona?jitter=0.2\n");

  EXPECT_EQ(manifest.models,
            (std::vector<ModelOverride>{{"", "sim/persona?jitter=0.2"}}));
}

TEST(Manifest, EverybodysModelComesBeforeTheExceptions) {
  const auto manifest =
    read_short("models: {us: openai/gpt-4o-mini, \"*\": sim/persona}\n");

  EXPECT_EQ(manifest.models.front().first, "");
  EXPECT_EQ(manifest.models.back().first, "us");
}

TEST(Manifest, TheOtherWordsOfAChoiceAreReadToo) {
  EXPECT_EQ(read_short("on_unknown: fail\n").on_unknown, OnUnknown::fail);
  EXPECT_EQ(read_short("on_unknown: reissue\n").on_unknown, OnUnknown::reissue);
  EXPECT_EQ(read_short("schedule: {order: blocks}\n").order, RunOrder::blocks);
  EXPECT_TRUE(read_short("sharing: on\n").sharing);
}

TEST(Manifest, FactorsThatNeverMeetMayWriteTheSamePlace) {
  const auto manifest =
    read_short("factors:\n"
               "  stance: {path: params.trust, values: [0, 1]}\n"
               "  trust: {path: params.trust, range: [0, 1]}\n"
               "design: {list: [{stance: 0}, {trust: 0.3}]}\n");

  EXPECT_EQ(manifest.design->size(), 2);
}

TEST(Manifest, AbsoluteAndNeighbouringFoldersAreUnderstood) {
  Findings findings;

  const auto here = read_manifest("schema: sweep/1\nname: x\nscenario: s\n",
                                  "x.yaml", findings);
  const auto far = read_manifest(
    "schema: sweep/1\nname: x\nscenario: /data/s\n", "a/x.yaml", findings);

  EXPECT_EQ(here->scenario, "s");
  EXPECT_EQ(far->scenario, "/data/s");
}

TEST(Manifest, AFileThatIsNotThereIsAFinding) {
  Findings findings;

  EXPECT_FALSE(load_manifest("no/such.yaml", findings));
  ASSERT_EQ(findings.all().size(), 1U);
  EXPECT_EQ(findings.all()[0].code, "Y002");
}

TEST(Manifest, TheShippedExamplesAreValid) {
  int count = 0;
  for (const auto& file : std::filesystem::directory_iterator{
         std::string{LAB_SOURCE_DIR} + "/sweeps"}) {
    if (file.path().extension() != ".yaml")
      continue;
    Findings findings;
    const auto manifest = load_manifest(file.path().string(), findings);
    EXPECT_TRUE(manifest) << render(findings);
    EXPECT_TRUE(findings.empty()) << render(findings);
    ++count;
  }
  EXPECT_GE(count, 3);
}

} // namespace
} // namespace lab::sweeps

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweeps/batch/batch_file.hpp"
#include "sweeps/planner/manifest.hpp"
#include "tests/unit/sweeps/fake_scenario.hpp"
#include "tests/unit/sweeps/temp_folder.hpp"

// Batch files of the first two versions, as their programs wrote them and as
// people wrote them by hand.

namespace lab::sweeps {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* first_version = R"(experiment_name: "Saltmarsh seq. 2x4"
base_scenario: "/data/saltmarsh"
runs_per_variation: 4
max_parallel: 1
variations:
  - type: actor_model
    actor: "port-authority"
    values: ["openai/gpt-4o", "openai/gpt-4o-mini"]
output_dir: "/data/runs/batch-seq8"
)";

constexpr const char* second_version = R"(experiment_name: Ferry models
description: Does the buyer's model change the subsidy?
base_scenario: scenarios/ferry
runs_per_variation: 5
max_parallel: 2
budget_limit: 6.00
cost_per_run_limit: 0.40
variations:
  - type: actor_model
    actor: transport-authority
    values: [openai/gpt-4o-mini, anthropic/claude-3-haiku]
  - type: scenario_parameter
    parameter: num_turns
    values: [3, 6]
save_individual_runs: true
aggregate_metrics: true
)";

struct Read {
  std::optional<Manifest> manifest;
  Findings findings;
};

Read read(const std::string& text, const std::string& file = "batch.yaml") {
  Read made;
  made.manifest = read_manifest(text, file, made.findings);
  return made;
}

TEST(BatchFile, OfTheFirstVersionIsASweep) {
  const auto made = read(first_version);

  ASSERT_TRUE(made.manifest) << render(made.findings);
  EXPECT_TRUE(made.findings.empty()) << render(made.findings);
  const auto& sweep = *made.manifest;
  EXPECT_EQ(sweep.name, "saltmarsh-seq-2x4");
  EXPECT_EQ(sweep.about, "Saltmarsh seq. 2x4");
  EXPECT_EQ(sweep.scenario, "/data/saltmarsh");
  EXPECT_EQ(sweep.replicates.count, 4);
  EXPECT_EQ(sweep.runs_max, 1);
  EXPECT_EQ(sweep.output_dir, "/data/runs/batch-seq8");
  ASSERT_EQ(sweep.factors.size(), 1U);
  EXPECT_EQ(sweep.factors[0].paths,
            std::vector<std::string>{"actors.port-authority.llm_model"});
  EXPECT_EQ(sweep.design->size(), 2);
}

TEST(BatchFile, OfTheSecondVersionIsASweepWithALastFactorThatVariesFastest) {
  const auto made = read(second_version);

  ASSERT_TRUE(made.manifest) << render(made.findings);
  EXPECT_TRUE(made.findings.empty()) << render(made.findings);
  const auto& sweep = *made.manifest;
  EXPECT_EQ(sweep.about, "Does the buyer's model change the subsidy?");
  EXPECT_EQ(sweep.budget.usd, *parse_usd("6"));
  EXPECT_EQ(sweep.per_run_usd, *parse_usd("0.40"));
  ASSERT_EQ(sweep.factors.size(), 2U);
  EXPECT_EQ(sweep.factors[1].paths, std::vector<std::string>{"turns"});
  EXPECT_EQ(sweep.factors[1].label, "num_turns");
  EXPECT_EQ(sweep.design->size(), 4);
  EXPECT_EQ(sweep.design->point(1).values[0]->text, "openai/gpt-4o-mini");
  EXPECT_EQ(sweep.design->point(1).values[1]->text, "6");
}

TEST(BatchFile, TheMapFormMeansTheSameAsTheList) {
  const auto made = read("experiment_name: x\nbase_scenario: s\n"
                         "variations:\n"
                         "  actor_models:\n"
                         "    eu: [sim/a, sim/b]\n"
                         "    us: [sim/c]\n");

  ASSERT_TRUE(made.manifest) << render(made.findings);
  ASSERT_EQ(made.manifest->factors.size(), 2U);
  EXPECT_EQ(made.manifest->factors[1].paths,
            std::vector<std::string>{"actors.us.llm_model"});
}

TEST(BatchFile, WithoutVariationsIsOnePoint) {
  const auto made = read("experiment_name: x\nbase_scenario: s\n"
                         "runs_per_variation: 3\n");

  ASSERT_TRUE(made.manifest) << render(made.findings);
  EXPECT_EQ(made.manifest->design->size(), 1);
  EXPECT_EQ(made.manifest->replicates.count, 3);
}

TEST(BatchFile, NamesThatOnlyTheHelpTextKnewAreTakenWithANotice) {
  const auto made = read("experiment_name: x\nbase_scenario: s\n"
                         "scenario_parameters: {turns: [3, 4]}\n"
                         "max_parallel_workers: 2\n"
                         "total_budget: 5\n"
                         "per_run_budget: 1\n");

  ASSERT_TRUE(made.manifest) << render(made.findings);
  EXPECT_EQ(made.manifest->runs_max, 2);
  EXPECT_EQ(made.manifest->budget.usd, *parse_usd("5"));
  EXPECT_EQ(made.manifest->per_run_usd, *parse_usd("1"));
  EXPECT_EQ(made.manifest->design->size(), 2);
  EXPECT_THAT(
    lines_of(made.findings),
    Contains("S424@4: no earlier version had the key `max_parallel_workers`"));
}

TEST(BatchFile, AParticipantIsFoundByWhatItIsCalledInProse) {
  const TempFolder folder;
  folder.write("s/actors/port.yaml", "name: Port Authority of Nessmouth\n");
  folder.write("s/actors/fisher.yaml",
               "name: Fishers\nshort_name: fisher-cooperative\n");

  const auto made = read("experiment_name: x\nbase_scenario: s\n"
                         "variations:\n"
                         "  - {type: actor_model, actor: Port Authority of "
                         "Nessmouth, values: [sim/a]}\n"
                         "  - {type: actor_model, actor: fisher-cooperative, "
                         "values: [sim/a]}\n"
                         "  - {type: actor_model, actor: Fishers, values: "
                         "[sim/a]}\n",
                         folder / "batch.yaml");

  ASSERT_TRUE(made.manifest) << render(made.findings);
  std::vector<std::string> paths;
  for (const auto& factor : made.manifest->factors)
    paths.push_back(factor.paths[0]);
  // With a short name, prose names nobody: so it was.
  EXPECT_THAT(paths,
              ElementsAre("actors.port.llm_model", "actors.fisher.llm_model",
                          "actors.Fishers.llm_model"));
  EXPECT_EQ(made.manifest->scenario, folder / "s");
}

TEST(BatchFile, WhatHasNoEffectIsToldHonestly) {
  const auto made = read("experiment_name: x\nbase_scenario: s\n"
                         "timeout_per_run: 1800\n"
                         "save_individual_runs: false\n"
                         "aggregate_metrics: true\n"
                         "resume_from: old\n"
                         "runs_per_variaton: 3\n");

  ASSERT_TRUE(made.manifest) << render(made.findings);
  EXPECT_THAT(
    lines_of(made.findings),
    ElementsAre("S424@3: nothing acts on `timeout_per_run`; the earlier "
                "versions never enforced it either",
                "S424@4: nothing acts on `save_individual_runs`",
                "S424@6: nothing acts on `resume_from`",
                "S104@7: unknown key `runs_per_variaton`"));
  EXPECT_THAT(made.findings.all()[3].help,
              Contains(HasSubstr("`runs_per_variation`")));
}

struct Fault {
  const char* name;
  std::string more; // from line 3 on
  std::string line;
  std::string help;
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

class BatchFault : public ::testing::TestWithParam<Fault> {};

TEST_P(BatchFault, IsFoundWithItsLineAndHelp) {
  const auto made =
    read("experiment_name: x\nbase_scenario: s\n" + GetParam().more);

  EXPECT_FALSE(made.manifest);
  EXPECT_THAT(lines_of(made.findings), Contains(GetParam().line))
    << render(made.findings);
  std::vector<std::string> help;
  for (const auto& finding : made.findings.all())
    help.insert(help.end(), finding.help.begin(), finding.help.end());
  if (GetParam().help.empty())
    return;
  EXPECT_THAT(help, Contains(HasSubstr(GetParam().help)))
    << render(made.findings);
}

INSTANTIATE_TEST_SUITE_P(
  Table, BatchFault,
  ::testing::Values(
    Fault{"no values",
          "variations:\n  - {type: actor_model, actor: eu, values: []}\n",
          "S437@4: `eu` has no values, so there would be no run at all",
          "at least one value"},
    Fault{"values of no list",
          "variations:\n  - {type: actor_model, actor: eu, values: sim/a}\n",
          "S405@4: `values` must be a list of at least one value, not a text",
          ""},
    Fault{"an unknown type",
          "variations:\n  - {type: actor_modle, actor: eu, values: [a]}\n",
          "S437@4: there is no variation of type `actor_modle`",
          "did you mean `actor_model`?"},
    Fault{"a type of another kind",
          "variations:\n  - {type: event, name: flood, values: [a]}\n",
          "S437@4: there is no variation of type `event`", "in silence"},
    Fault{"no actor", "variations:\n  - {type: actor_model, values: [a]}\n",
          "S103@4: `variations.0` lacks the key `actor`", ""},
    Fault{"no parameter",
          "variations:\n  - {type: scenario_parameter, values: [a]}\n",
          "S103@4: `variations.0` lacks the key `parameter`", ""},
    Fault{"no values at all",
          "variations:\n  - {type: actor_model, actor: eu}\n",
          "S103@4: `variations.0` lacks the key `values`", ""},
    Fault{"a value twice",
          "variations:\n  - {type: scenario_parameter, parameter: turns, "
          "values: [3, 3]}\n",
          "S407@4: the value `3` of `turns` stands twice", ""},
    Fault{"one place twice",
          "variations:\n"
          "  - {type: scenario_parameter, parameter: turns, values: [3]}\n"
          "  - {type: scenario_parameter, parameter: num_turns, values: [4]}\n",
          "S415@5: the factors `turns` and `num_turns` write the same place",
          ""},
    Fault{"variations of a word", "variations: all\n",
          "S437@3: `variations` must be a list, not a text", "actor_model"},
    Fault{"no runs", "runs_per_variation: 0\n",
          "S102@3: `count` must be from 1 to 10000, not 0", ""},
    Fault{"a negative budget", "budget_limit: -5\n",
          "S101@3: `usd` must be an amount in USD, not `-5`", ""}));

TEST(BatchFile, WithoutAScenarioIsRefused) {
  const auto made = read("experiment_name: x\nvariations: []\n");

  EXPECT_FALSE(made.manifest);
  EXPECT_THAT(lines_of(made.findings),
              Contains("S103@1: the key `base_scenario` is missing"));
}

TEST(BatchFile, ASchemaMakesItAManifest) {
  const auto made = read("schema: sweep/1\nname: x\nscenario: s\n"
                         "variations: []\n");

  EXPECT_FALSE(made.manifest);
  EXPECT_THAT(lines_of(made.findings),
              Contains("S104@4: unknown key `variations`"));
}

} // namespace
} // namespace lab::sweeps

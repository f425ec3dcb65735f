#include <gtest/gtest.h>

#include "sweeps/batch/batch_file.hpp"
#include "sweeps/batch/batch_upgrade.hpp"
#include "sweeps/planner/manifest.hpp"

namespace lab::sweeps {
namespace {

std::string upgraded(const std::string& text) {
  Findings findings;
  const auto document = yaml::parse(text, "/data/batch.yaml", findings);
  if (!document)
    return render(findings);
  return upgraded_batch(*document, findings).value_or(render(findings));
}

TEST(BatchUpgrade, WritesAManifestAndKeepsComments) {
  EXPECT_EQ(upgraded("# Ferry study, second round\n"
                     "\n"
                     "# who asks\n"
                     "experiment_name: \"Ferry models\"\n"
                     "base_scenario: /data/ferry   # the small one\n"
                     "runs_per_variation: 5\n"
                     "# money\n"
                     "budget_limit: 6.00\n"
                     "variations:\n"
                     "  # the buyer\n"
                     "  - type: actor_model\n"
                     "    actor: transport-authority\n"
                     "    values: [\"openai/gpt-4o-mini\", \"a/b # c\"]\n"
                     "  - {type: scenario_parameter, parameter: num_turns, "
                     "values: [3, \"6\"]}  # turns\n"
                     "timeout_per_run: 900  # seconds\n"),
            "# Ferry study, second round\n"
            "\n"
            "schema: sweep/1\n"
            "# who asks\n"
            "name: ferry-models\n"
            "about: \"Ferry models\"\n"
            "scenario: /data/ferry  # the small one\n"
            "factors:\n"
            "  # the buyer\n"
            "  transport-authority:\n"
            "    path: actors.transport-authority.llm_model\n"
            "    label: transport-authority\n"
            "    values: [openai/gpt-4o-mini, \"a/b # c\"]\n"
            "  num_turns:  # turns\n"
            "    path: turns\n"
            "    label: num_turns\n"
            "    values: [3, \"6\"]\n"
            "design:\n"
            "  grid:\n"
            "    factors: [transport-authority, num_turns]\n"
            "replicates:\n"
            "  count: 5\n"
            "# money\n"
            "budget:\n"
            "  usd: 6.00\n"
            "# seconds\n");
}

TEST(BatchUpgrade, WhatIsWrittenMeansTheSame) {
  const std::string text = "experiment_name: x\n"
                           "base_scenario: /data/s\n"
                           "max_parallel: 3\n"
                           "cost_per_run_limit: 0.4\n"
                           "output_dir: /data/out\n"
                           "variations:\n"
                           "  actor_models: {eu: [sim/a, 'sim/b: c']}\n";
  Findings findings;
  const auto batch = yaml::parse(text, "/data/batch.yaml", findings);
  const auto before = manifest_of_batch(*batch, findings);

  const auto after = yaml::parse(upgraded(text), "/data/sweep.yaml", findings);

  ASSERT_TRUE(before && after) << render(findings);
  EXPECT_EQ(yaml::canonical(before->root), yaml::canonical(after->root));
}

TEST(BatchUpgrade, AFaultyFileIsNotWritten) {
  Findings findings;
  const auto document =
    yaml::parse("experiment_name: x\nbase_scenario: s\n"
                "variations: [{type: actor_model, actor: eu, values: []}]\n",
                "batch.yaml", findings);

  EXPECT_FALSE(upgraded_batch(*document, findings));
  EXPECT_TRUE(findings.has_errors());
}

} // namespace
} // namespace lab::sweeps

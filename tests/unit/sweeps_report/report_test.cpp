#include <gmock/gmock.h>

#include "sweeps/report/report.hpp"
#include "sweeps/report/sections.hpp"
#include "tests/unit/sweeps_report/synthetic_sweep.hpp"
#include "tests/unit/sweeps_report/xml_check.hpp"

namespace lab::sweeps::report {

namespace {

using testing::grid_manifest;
using ::testing::HasSubstr;
using testing::noise;
using ::testing::Not;
using testing::number;
using testing::synthetic;
using testing::talks;
using testing::xml_fault;

std::string markdown(const ReportInput& input) {
  return to_markdown(report(input));
}

TEST(SweepReport, TheSameSweepGivesTheSameBytes) {
  const auto first = report(synthetic(grid_manifest, talks));
  const auto second = report(synthetic(grid_manifest, talks));
  EXPECT_EQ(to_markdown(first), to_markdown(second));
  EXPECT_EQ(to_html(first), to_html(second));
}

TEST(SweepReport, ThePageIsWellFormedAndHasItsDrawings) {
  const auto page = to_html(report(synthetic(grid_manifest, talks)));
  EXPECT_EQ(xml_fault(page), "");
  std::size_t drawings = 0;
  for (std::size_t at = 0; (at = page.find("<svg", at)) != std::string::npos;
       ++at)
    ++drawings;
  // Effects, the curve of trust, variance, turns, points, cost.
  EXPECT_EQ(drawings, 6u);
}

TEST(SweepReport, FindingsNameTheStrongestFactorFirst) {
  const auto text = markdown(synthetic(grid_manifest, talks));
  const auto rule = text.find("Rule moves y most: from ");
  const auto trust = text.find("Trust moves y: from ");
  EXPECT_NE(rule, std::string::npos) << text;
  EXPECT_NE(trust, std::string::npos) << text;
  EXPECT_LT(rule, trust);
}

TEST(SweepReport, AFactorWithoutEffectIsNotToldApartFromNoise) {
  const auto input =
    synthetic(grid_manifest, [](const auto& factors, std::int32_t replicate) {
      const auto place = static_cast<std::int64_t>(
        number(factors, "trust") * 100 + 10'000.0 * replicate);
      const double rule = factors.at("rule") == "binding" ? 2 : 0;
      return std::optional{3 + rule + noise(place)};
    });
  EXPECT_NE(markdown(input).find(
              "For y, no effect can be told apart from noise for Trust."),
            std::string::npos)
    << markdown(input);
}

// A first version's cache gave eight replicates one text: n was 1, not 8.
TEST(SweepReport, ReplicatesThatHoldOneTextAreOneObservation) {
  auto input = synthetic(R"(schema: sweep/1
name: cached
scenario: ../ferry
replicates: {count: 8, seeds: paired}
)",
                         [](const auto&, auto) { return std::optional{4.0}; });
  for (auto& run : input.runs)
    run.replies = Hasher{}.add("the cached reply").finish128();
  const auto data = sweep_data(input);
  const auto analysis = analyse(input, data);

  ASSERT_EQ(analysis.outcomes.size(), 1u);
  const auto& found = analysis.outcomes[0];
  EXPECT_EQ(found.n, 8);
  EXPECT_EQ(found.effective_n, 1);
  EXPECT_FALSE(found.points[0].interval);
  EXPECT_FALSE(found.seed_noise);
  const auto text = markdown(input);
  EXPECT_NE(text.find("of 8 runs with a number only 1 is independent"),
            std::string::npos)
    << text;
  EXPECT_NE(text.find("| 8 | 1 | 4 no interval: one observation |"),
            std::string::npos)
    << text;
}

TEST(SweepReport, FailedRunsAreNoDataAndWhatTheyShareIsSaid) {
  const auto input =
    synthetic(grid_manifest, [](const auto& factors, std::int32_t replicate) {
      if (factors.at("rule") == "binding" && replicate <= 3)
        return std::optional<double>{};
      return talks(factors, replicate);
    });
  const auto data = sweep_data(input);
  const auto analysis = analyse(input, data);
  EXPECT_EQ(analysis.outcomes[0].n, 15);
  EXPECT_EQ(analysis.outcomes[0].censored.missing.at("failed"), 9);
  ASSERT_TRUE(analysis.outcomes[0].censored.bounds);
  EXPECT_LT(analysis.outcomes[0].censored.bounds->low,
            analysis.outcomes[0].censored.bounds->high);
  const auto text = markdown(input);
  EXPECT_NE(text.find("9 runs gave no data"), std::string::npos) << text;
  EXPECT_NE(text.find("| Rule | binding 75 % | none 0 % | exact |"),
            std::string::npos)
    << text;
}

TEST(SweepReport, AHalfFinishedSweepSaysHowFarItIs) {
  auto input = synthetic(grid_manifest, talks);
  for (std::size_t i = 10; i < input.runs.size(); ++i) {
    input.runs[i].status = RunStatus::planned;
    input.runs[i].values.clear();
  }
  const auto text = markdown(input);
  EXPECT_NE(text.find("Not finished: 10 of 24 runs completed (42 %)"),
            std::string::npos)
    << text;
}

TEST(SweepReport, ASweepThatItsRuleEndedSaysWhatItSaved) {
  auto input = synthetic(grid_manifest, talks);
  for (auto& run : input.runs)
    run.paid_calls = 20;
  for (std::size_t i = 10; i < input.runs.size(); ++i) {
    input.runs[i].status = RunStatus::planned;
    input.runs[i].values.clear();
  }
  input.ended_by_rule = "indices are tight enough";
  const auto text = markdown(input);
  EXPECT_EQ(text.find("Not finished"), std::string::npos);
  EXPECT_NE(text.find("Ended by its own rule: indices are tight enough. 14 of "
                      "24 planned runs were not needed, about 280 paid calls."),
            std::string::npos)
    << text;
}

TEST(SweepReport, ASweepThatHasNotBegunHasAReportToo) {
  auto input = synthetic(grid_manifest, talks);
  for (auto& run : input.runs) {
    ReportRun planned;
    planned.name = run.name;
    planned.point = run.point;
    planned.seed = run.seed;
    run = planned;
  }
  input.metrics.clear();
  input.by_model.clear();
  const auto text = markdown(input);
  EXPECT_NE(text.find("No run has a number yet."), std::string::npos) << text;
  EXPECT_EQ(xml_fault(to_html(report(input))), "");
}

TEST(SweepReport, SimulatedSweepsSaySoAndHaveNoFindings) {
  auto input = synthetic(grid_manifest, talks);
  input.simulated = true;
  const auto text = markdown(input);
  EXPECT_NE(text.find("> **SIMULATED: no language model was called."),
            std::string::npos);
  EXPECT_NE(text.find("## Simulated outcome in short"), std::string::npos);
  EXPECT_EQ(text.find("Findings"), std::string::npos);
}

TEST(SweepReport, AManifestThatIsGoneLeavesTheNumbers) {
  auto input = synthetic(grid_manifest, talks);
  input.manifest.reset();
  const auto text = markdown(input);
  EXPECT_NE(text.find("rule moves y most: from "), std::string::npos) << text;
  EXPECT_NE(text.find("The manifest can no longer be read"), std::string::npos);
}

TEST(SweepReport, DerivedMetricsAreOutcomesOfTheirOwn) {
  const auto input = synthetic(grid_manifest + R"(measure:
  final: [y, doubled]
  derived:
    doubled: "y * 2"
)",
                               talks);
  const auto data = sweep_data(input);
  ASSERT_EQ(data.outcomes.size(), 2u);
  EXPECT_EQ(data.outcomes[1].name, "doubled");
  EXPECT_DOUBLE_EQ(*data.outcomes[1].runs[3]->value,
                   2 * *data.outcomes[0].runs[3]->value);
  EXPECT_NE(markdown(input).find("doubled is derived: y \\* 2."),
            std::string::npos);
}

TEST(SweepReport, WordsOfAManifestCannotBreakThePage) {
  auto input = synthetic(grid_manifest, talks);
  input.about = "</p><script>alert(1)</script> & \x01 |x|";
  input.name = "<b>talks</b>";
  input.runs[0].status = RunStatus::failed;
  input.runs[0].code = "provider_failed";
  input.runs[0].reason = "<img src=http://elsewhere/>";
  const auto page = to_html(report(input));
  EXPECT_EQ(xml_fault(page), "");
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("<img"), std::string::npos);
}

// --- Models -----------------------------------------------------------------

/// Replicates from the third on met another model, which adds 2; the second
/// one was under way when it came.
ReportInput drifted() {
  auto input =
    synthetic(grid_manifest, [](const auto& factors, auto replicate) {
      const auto y = talks(factors, replicate);
      return replicate > 2 ? std::optional{*y + 2} : y;
    });
  input.model_checks = 3;
  input.model_changes = {{"fake/m", 1'700'000'000'000, 1'700'000'060'000, 2,
                          "its digest is bb in place of aa"}};
  for (std::size_t i = 0; i < input.runs.size(); ++i) {
    auto& run = input.runs[i];
    run.began = true;
    const auto replicate = run.name.back() - '0';
    if (replicate != 2)
      run.stratum = replicate > 2 ? 2 : 1;
  }
  return input;
}

TEST(SweepReport, TellsAChangeOfModelAtTheTopAndOutcomesByStratum) {
  const auto text = markdown(drifted());

  EXPECT_THAT(text, HasSubstr("Another model came to answer under a name"));
  EXPECT_THAT(text, HasSubstr("## Did the models stay the same?"));
  EXPECT_THAT(text, HasSubstr("| fake/m | 2023-11-14T22:13:20.000Z | "
                              "2023-11-14T22:14:20.000Z | its digest is bb in "
                              "place of aa |"));
  EXPECT_THAT(text, HasSubstr("stratum 1 has 6 runs, stratum 2 has 12 runs. 6 "
                              "runs were under way"));
  // Six points in both strata: the difference is of points, so of the model
  // and a little noise.
  EXPECT_THAT(text, HasSubstr("| y (points) | 2 | 12 | 6.57 (5.85 to 7.30) | "
                              "1.96 (1.60 to 2.32) |"));
}

TEST(SweepReport, SaysThatModelsStayedTheSameWhenCanariesSayso) {
  auto input = synthetic(grid_manifest, talks);
  input.model_checks = 14;

  const auto text = markdown(input);

  EXPECT_THAT(text, HasSubstr("Yes, as far as canaries tell: in 14 checks"));
  EXPECT_THAT(text, Not(HasSubstr("Another model")));
}

TEST(SweepReport, SaysNothingOfModelsThatNobodyWatched) {
  EXPECT_THAT(markdown(synthetic(grid_manifest, talks)),
              Not(HasSubstr("stay the same")));
}

TEST(SweepReport, OfOneStratumSaysWhatIsLeftOut) {
  auto input = drifted();
  input.only_stratum = 1;
  std::erase_if(input.runs, [](const auto& run) { return run.stratum != 1; });
  for (auto& metric : input.metrics)
    metric.series.clear();
  input.left_out = 18;

  const auto text = markdown(input);

  EXPECT_THAT(text, HasSubstr("Only stratum 1: 18 runs of other strata"));
}

} // namespace

} // namespace lab::sweeps::report

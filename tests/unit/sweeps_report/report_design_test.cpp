#include <algorithm>

#include <gtest/gtest.h>

#include "sweeps/report/report.hpp"
#include "sweeps/report/sections.hpp"
#include "tests/unit/sweeps_report/synthetic_sweep.hpp"
#include "tests/unit/sweeps_report/xml_check.hpp"

namespace lab::sweeps::report {

namespace {

using testing::noise;
using testing::number;
using testing::synthetic;
using testing::xml_fault;

const std::string three_factors = R"(schema: sweep/1
name: three
scenario: ../ferry
factors:
  big:   {path: params.big, range: [0, 1]}
  small: {path: params.small, range: [0, 1]}
  idle:  {path: params.idle, range: [0, 1]}
  model: {path: actors.*.llm_model, values: [a/one, b/two]}
)";

std::optional<double> linear(const std::map<std::string, std::string>& factors,
                             std::int32_t replicate) {
  return 2 + 4 * number(factors, "big") + number(factors, "small")
         + 0.01 * replicate;
}

OutcomeAnalysis analysis_of(const ReportInput& input) {
  return analyse(input, sweep_data(input)).outcomes.at(0);
}

TEST(SweepReportDesign, MorrisFindsTheSlopesOfALinearResponse) {
  const auto input = synthetic(three_factors + R"(design:
  morris: {factors: [big, small, idle], trajectories: 6, levels: 4}
  seed: 3
replicates: {count: 2, seeds: paired}
)",
                               linear);

  const auto found = analysis_of(input);

  ASSERT_EQ(found.morris.size(), 1u);
  const auto& morris = found.morris[0];
  EXPECT_EQ(morris.absent, 0);
  ASSERT_EQ(morris.result.effects.size(), 3u);
  EXPECT_NEAR(morris.result.effects[0].mu_star->value, 4, 1e-5);
  EXPECT_NEAR(morris.result.effects[1].mu_star->value, 1, 1e-5);
  EXPECT_NEAR(morris.result.effects[2].mu_star->value, 0, 1e-5);
  const auto text = to_markdown(report(input));
  EXPECT_NE(text.find("Screening (Morris)"), std::string::npos);
  EXPECT_EQ(xml_fault(to_html(report(input))), "");
}

TEST(SweepReportDesign, IndicesAreOfOneGroupOfACrossedDesign) {
  const auto input =
    synthetic(three_factors + R"(design:
  cross:
    - morris: {factors: [big, small, idle], trajectories: 4, levels: 4}
    - grid: {factors: [model]}
)",
              [](const auto& factors, std::int32_t replicate) {
                const double twice = factors.at("model") == "b/two" ? 2 : 1;
                return std::optional{*linear(factors, replicate) * twice / 2};
              });

  const auto found = analysis_of(input);

  ASSERT_EQ(found.morris.size(), 2u) << "one a model";
  EXPECT_EQ(found.morris[0].group, "model a/one");
  EXPECT_EQ(found.morris[1].group, "model b/two");
  EXPECT_NEAR(found.morris[0].result.effects[0].mu_star->value, 2, 1e-5);
  EXPECT_NEAR(found.morris[1].result.effects[0].mu_star->value, 4, 1e-5);
  // Of what the sampler drew there are indices, of the model there are effects.
  ASSERT_EQ(found.levelled.size(), 1u);
  EXPECT_EQ(sweep_data(input).factors[found.levelled[0]].role,
            statistics::TermRole::model);
}

// Var = (16 + 1) / 12: big has 16/17 of it, small 1/17.
TEST(SweepReportDesign, SobolIndicesOfALinearResponseAreKnown) {
  const auto input = synthetic(three_factors + R"(design:
  saltelli: {factors: [big, small, idle], base: 512}
  seed: 5
)",
                               linear);

  const auto found = analysis_of(input);

  ASSERT_EQ(found.sobol.size(), 1u);
  const auto& result = found.sobol[0].result;
  ASSERT_EQ(result.total.size(), 3u);
  EXPECT_EQ(result.used, 512);
  EXPECT_NEAR(result.total[0].value, 16.0 / 17, 0.05);
  EXPECT_NEAR(result.total[1].value, 1.0 / 17, 0.03);
  EXPECT_NEAR(result.total[2].value, 0, 1e-5);
  EXPECT_EQ(xml_fault(to_html(report(input))), "");
  EXPECT_NE(to_markdown(report(input))
              .find("Most of the variance of y hangs on, by total index: big"),
            std::string::npos);
}

TEST(SweepReportDesign, RunsThatAreMissingAreCountedAndLeaveTheRest) {
  auto input = synthetic(three_factors + R"(design:
  saltelli: {factors: [big, small, idle], base: 512}
)",
                         linear);
  input.runs[7].status = RunStatus::failed;
  input.runs[7].values.clear();
  input.runs.pop_back(); // never planned

  const auto found = analysis_of(input);

  const auto& sobol = found.sobol.at(0);
  EXPECT_EQ(sobol.absent, 1);
  EXPECT_EQ(sobol.result.dropped, 2);
  EXPECT_NEAR(sobol.result.total[0].value, 16.0 / 17, 0.05);
}

TEST(SweepReportDesign, OneAtATimeIsHeldAgainstItsBaseline) {
  const auto input =
    synthetic(R"(schema: sweep/1
name: changes
scenario: ../ferry
factors:
  rule: {path: params.rule, values: [none, weak, binding]}
  trust: {path: params.trust, values: [0.2, 0.8]}
design:
  one-at-a-time: {factors: [rule, trust], baseline: {rule: none, trust: 0.2}}
replicates: {count: 5, seeds: paired}
)",
              [](const auto& factors, std::int32_t replicate) {
                const double rule = factors.at("rule") == "binding" ? 3 : 0;
                return std::optional{
                  2 + rule + noise(replicate)
                  + 0.1 * noise(100 * replicate + static_cast<int>(rule))};
              });

  const auto found = analysis_of(input);

  ASSERT_EQ(found.compared.size(), 1u);
  const auto& points = found.compared[0].points;
  ASSERT_EQ(points.size(), 3u);
  const auto binding = std::ranges::find_if(points, [](const auto& point) {
    return point.label.find("binding") != std::string::npos;
  });
  ASSERT_NE(binding, points.end());
  EXPECT_TRUE(binding->against.is_paired);
  EXPECT_NEAR(*binding->against.difference, 3, 0.2);
  EXPECT_GT(*binding->against.pairing_gain, 0.8)
    << "the seed's own noise is gone";
}

TEST(SweepReportDesign, StoriesAreComparedWithTheNamedOne) {
  const auto input =
    synthetic(R"(schema: sweep/1
name: stories
scenario: ../ferry
factors:
  trust: {path: params.trust, range: [0, 1]}
design:
  list:
    - {label: calm, trust: 0.2}
    - {label: tense, trust: 0.9}
replicates: {count: 4, seeds: paired}
measure:
  analyse:
    - compare: {of: y, baseline: tense}
)",
              [](const auto& factors, std::int32_t replicate) {
                return std::optional{5 * number(factors, "trust")
                                     + 0.1 * noise(replicate)};
              });

  const auto found = analysis_of(input);

  ASSERT_EQ(found.compared.size(), 1u);
  EXPECT_EQ(found.compared[0].baseline, "tense");
  ASSERT_EQ(found.compared[0].points.size(), 1u);
  EXPECT_EQ(found.compared[0].points[0].label, "calm");
  EXPECT_NEAR(*found.compared[0].points[0].against.difference, -3.5, 1e-9);
}

TEST(SweepReportDesign, ManyPointsAreShownByTheirSpread) {
  const auto input = synthetic(three_factors + R"(design:
  latin-hypercube: {factors: [big, small, idle], points: 120}
)",
                               linear);

  const auto text = to_markdown(report(input));

  EXPECT_NE(text.find("40 of 120 points, evenly spaced by their means"),
            std::string::npos);
  EXPECT_NE(text.find("Response to numbers"), std::string::npos);
}

} // namespace

} // namespace lab::sweeps::report

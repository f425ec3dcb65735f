#include <gtest/gtest.h>

#include "sweeps/planner/measure_check.hpp"
#include "tests/unit/sweeps/fake_scenario.hpp"
#include "tests/unit/sweeps/manifest_fault.hpp"

namespace lab::sweeps {
namespace {

Findings findings_of(const std::string& measure) {
  Findings findings;
  const auto manifest =
    read_manifest(after("measure:\n" + measure), "x.yaml", findings);
  EXPECT_TRUE(manifest) << render(findings);
  if (manifest)
    check_metrics(*manifest, {"trust", "Night sailing"}, findings);
  return findings;
}

TEST(MeasureCheck, KnowsMetricsAndWhatIsMadeOfThem) {
  const auto findings =
    findings_of("  final: [trust, gap]\n"
                "  series: Night sailing\n"
                "  derived: {gap: abs(trust - Night_sailing), twice: gap * 2}\n"
                "  analyse: [effects: {of: [twice, trust]}]\n");

  EXPECT_TRUE(findings.empty()) << render(findings);
}

TEST(MeasureCheck, EveryNameThatIsNoMetricIsFound) {
  const auto findings = findings_of("  final: [trsut]\n"
                                    "  series: [trust, tension]\n"
                                    "  derived: {gap: trust - trist}\n"
                                    "  analyse: [effects: {of: gpa}]\n");

  EXPECT_EQ(
    lines_of(findings),
    (std::vector<std::string>{"S420@7: the scenario has no metric `trist`",
                              "S420@5: the scenario has no metric `trsut`",
                              "S420@6: the scenario has no metric `tension`",
                              "S420@8: the scenario has no metric `gpa`"}));
  EXPECT_EQ(findings.all()[0].column, 26);
  EXPECT_EQ(findings.all()[0].help,
            std::vector<std::string>{"did you mean `trust`?"});
}

} // namespace
} // namespace lab::sweeps

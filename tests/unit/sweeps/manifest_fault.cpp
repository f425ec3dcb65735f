#include "tests/unit/sweeps/manifest_fault.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweeps/planner/manifest.hpp"
#include "tests/unit/sweeps/fake_scenario.hpp"

namespace lab::sweeps {

void expect_found(const Fault& fault) {
  Findings findings;

  const auto manifest = read_manifest(fault.text, "sweeps/x.yaml", findings);

  EXPECT_FALSE(manifest);
  EXPECT_THAT(lines_of(findings), ::testing::Contains(fault.line))
    << render(findings);
  if (fault.help.empty())
    return;
  std::vector<std::string> help;
  for (const auto& finding : findings.all())
    help.insert(help.end(), finding.help.begin(), finding.help.end());
  EXPECT_THAT(help, ::testing::Contains(::testing::HasSubstr(fault.help)))
    << render(findings);
}

std::string after(const std::string& more) {
  return "schema: sweep/1\nname: x\nscenario: s\n" + more;
}

std::string with_factors(const std::string& more) {
  return after("factors:\n"
               "  rule: {path: params.rule, values: [none, binding]}\n"
               "  trust: {path: params.trust, range: [0, 1]}\n"
               + more);
}

std::string factor(const std::string& factor) {
  return after("factors:\n  a: " + factor
               + "\ndesign: {grid: {factors: [a]}}\n");
}

} // namespace lab::sweeps

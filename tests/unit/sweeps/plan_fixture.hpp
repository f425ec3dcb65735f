#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "sweeps/planner/plan.hpp"
#include "tests/unit/sweeps/fake_scenario.hpp"

namespace lab::sweeps {

/// Plans of manifests on a made-up scenario.
class PlanFixture : public ::testing::Test {
protected:
  /// @param more  of a manifest called `demo`, without scenario
  std::unique_ptr<SweepPlan> plan(const std::string& more,
                                  const PlanContext& context = {}) {
    auto manifest =
      read_manifest("schema: sweep/1\nname: demo\nscenario: s\n" + more,
                    "sweeps/x.yaml", findings);
    EXPECT_TRUE(manifest) << render(findings);
    if (!manifest)
      return nullptr;
    auto made = make_plan(std::move(*manifest), scenario, context, findings);
    if (!made) {
      error = made.error();
      return nullptr;
    }
    return std::move(*made);
  }

  /// Every ticket that the source has.
  static std::vector<RunTicket> drain(RunSource& source) {
    std::vector<RunTicket> tickets;
    while (auto ticket = source.next())
      tickets.push_back(std::move(*ticket));
    return tickets;
  }

  FakeScenario scenario;
  Findings findings;
  Error error;
};

} // namespace lab::sweeps

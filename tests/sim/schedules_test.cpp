// Real actors under orders that a seed chooses.

#include <gtest/gtest.h>

#include "tests/sim/sim_lab.hpp"
#include "tests/support/seeds.hpp"

namespace lab::testing {
namespace {

TEST(Schedules, TheOrderOfEventsNeverShowsInWhatIsWritten) {
  std::map<std::string, std::string> first_files;
  std::string first_tables;
  for (const auto seed : seeds(100)) {
    SCOPED_TRACE(replay_hint(seed));
    TempFolder folder{TempFolder::On::memory};

    SweepOutcome outcome;
    {
      SimLab sim{folder.path(), seed};
      outcome = sim.run({});
    }

    ASSERT_EQ(outcome.status, "completed") << outcome.reason;
    const auto files = files_in(folder.path() / "output");
    const auto tables = tables_of(folder.path() / "scenario-lab.db");
    if (first_files.empty()) {
      first_files = files;
      first_tables = tables;
      ASSERT_GT(files.size(), 20U);
      ASSERT_GT(tables.size(), 1000U);
    }
    ASSERT_EQ(files, first_files);
    ASSERT_EQ(tables, first_tables);
  }
}

TEST(Schedules, SpendNeverPassesTheLimitWhateverFailsAndWhenever) {
  for (const auto seed : seeds(40)) {
    SCOPED_TRACE(replay_hint(seed));
    TempFolder folder{TempFolder::On::memory};
    SimSweep sweep;
    sweep.model = "sim/faulty?usd_per_mtok=2&fail429=0.05&fail500=0.05&cut=0.03"
                  "&usage=0.03&timeout=0.02&latency_ms=20&jitter=0.5";
    sweep.runs = 12;
    sweep.runs_in_flight = 12;
    sweep.limit.usd = *parse_usd("0.05");

    SimLab sim{folder.path(), seed};
    const auto outcome = sim.run(sweep);

    ASSERT_EQ(outcome.runs.running, 0) << "every run ended with a reason";
    ASSERT_GT(
      outcome.runs.completed + outcome.runs.halted + outcome.runs.failed, 0);
    ASSERT_LE(sim.committed_max(), *sweep.limit.usd);
    ASSERT_EQ(sim.balance().reserved, Charge{}) << "something is still held";
    ASSERT_EQ(sim.open_permits(), 0U);
  }
}

} // namespace
} // namespace lab::testing

// The whole engine on 1, 2 and 8 scheduler threads.

#include <gtest/gtest.h>

#include "llm/price_book.hpp"
#include "tests/sim/sim_lab.hpp"
#include "tools/wiring/engine.hpp"

namespace lab::testing {
namespace {

TEST(Threads, ArtefactsAndTablesAreTheSameOnAnyNumberOfThem) {
  SimSweep sweep;
  sweep.runs = 20;
  sweep.turns = 3;
  std::map<std::string, std::string> files;
  std::string tables;
  for (const std::size_t threads : {1, 2, 8}) {
    SCOPED_TRACE(std::to_string(threads) + " threads");
    TempFolder folder;
    tools::EngineSettings settings;
    settings.home = (folder.path() / "lab").string();
    settings.threads = threads;
    settings.providers = llm::builtin_providers(
      [](const char*) { return std::optional<std::string>{}; });
    {
      auto engine = tools::Engine::open(settings);
      ASSERT_TRUE(engine) << to_string(engine.error());
      tools::Job job;
      job.runs = sim_runs(sweep, (folder.path() / "output").string());
      job.counts.planned = 20;
      job.account = {AccountKind::global, ""};

      const auto outcome = (*engine)->execute(std::move(job));

      ASSERT_EQ(outcome.status, "completed") << outcome.reason;
      ASSERT_TRUE((*engine)->flush());
    }
    const auto written = files_in(folder.path() / "output");
    const auto rows = tables_of(folder.path() / "lab/scenario-lab.db");
    if (files.empty()) {
      files = written;
      tables = rows;
      ASSERT_GT(files.size(), 100U);
    }
    EXPECT_EQ(written, files);
    EXPECT_EQ(rows, tables);
  }
}

} // namespace
} // namespace lab::testing

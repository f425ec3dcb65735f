// Each mistake a user makes once: a clear error with the fix, the documented
// exit code, nothing lost, nothing spent.

#include <csignal>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/small_sweep.hpp"

namespace lab::testing {
namespace {

class Faults : public ::testing::Test {
protected:
  TempFolder provider_folder;
  FakeProvider provider{provider_folder.path(), "openai"};
  SmallSweep sweep{provider.base_url(), {}};

  void expect_refused(const Ended& ended, int status,
                      const std::vector<std::string>& words) const {
    EXPECT_EQ(ended.status, status) << ended.out << ended.err;
    for (const auto& word : words)
      EXPECT_NE(ended.err.find(word), std::string::npos)
        << "no '" << word << "' in:\n"
        << ended.err;
    EXPECT_EQ(provider.bill().requests, 0) << "something was sent";
  }

  void replace(const std::string& file, const std::string& from,
               const std::string& to) const {
    auto text = sweep.folder().read(file);
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos);
    sweep.folder().write(file, text.replace(at, from.size(), to));
  }
};

TEST_F(Faults, AModelWithoutAPriceIsRefusedWithTheLinesToAdd) {
  replace("scenario-lab.yaml", "tiny:", "large:");

  expect_refused(sweep.sweep(), 3, {"fake/tiny", "input_usd_per_mtok"});
}

TEST_F(Faults, AMisspeltManifestKeyIsRefusedWithASuggestion) {
  replace("sweep.yaml", "replicates:", "replicats:");

  expect_refused(sweep.sweep(), 3,
                 {"sweep.yaml:", "`replicats`", "did you mean `replicates`?"});
}

TEST_F(Faults, AMissingActorFileIsNamed) {
  std::filesystem::remove(sweep.path() / "two-quays/actors/north-quay.yaml");

  expect_refused(sweep.sweep(), 3, {"north-quay", "scenario.yaml:"});
}

TEST_F(Faults, AMissingScenarioIsNotFound) {
  expect_refused(sweep.run({"run", "no-such-scenario"}), 4,
                 {"no-such-scenario"});
}

TEST_F(Faults, AMisspeltCommandIsAUsageErrorWithASuggestion) {
  expect_refused(sweep.run({"sweep", "rum", "sweep.yaml"}), 2,
                 {"did you mean `run`?"});
}

TEST_F(Faults, ADeadServerIsAProviderErrorAndNothingIsSpent) {
  // A port that was free a moment ago and that nobody listens on.
  std::string url;
  {
    TempFolder gone;
    url = FakeProvider{gone.path(), "openai"}.base_url();
  }
  replace("scenario-lab.yaml", provider.base_url(), url);

  const auto ended = sweep.sweep();

  expect_refused(ended, 6, {"P310", "Connection refused", "127.0.0.1"});
  const auto costs = sweep.run({"costs"});
  EXPECT_NE(costs.out.find("\"settled\":\"0\""), std::string::npos)
    << costs.out;
}

TEST_F(Faults, ASecondEngineIsRefusedAndToldThePid) {
  TempFolder slow_folder;
  const FakeProvider slow{
    slow_folder.path(), "openai", {"--latency-ms", "60000"}};
  replace("scenario-lab.yaml", provider.base_url(), slow.base_url());
  Process first{sweep.sweep_command(), sweep.path()};
  while (slow.bill().requests == 0 && first.running()
         && !std::filesystem::exists(sweep.path() / ".scenario-lab/ledger.db"))
    usleep(2000);

  const auto second = sweep.sweep();

  EXPECT_EQ(second.status, 7) << second.err;
  EXPECT_NE(second.err.find(std::to_string(first.pid())), std::string::npos)
    << second.err;
}

TEST_F(Faults, AFullDiskLosesNothingAndTheSameCommandGoesOn) {
  // The file size limit stands for a full disk: writes fail, the process lives.
  const auto reference = [] {
    TempFolder folder;
    const FakeProvider other{folder.path(), "openai"};
    const SmallSweep undisturbed{other.base_url(), {}};
    EXPECT_EQ(undisturbed.sweep().status, 0);
    return other.bill().billed;
  }();
  const auto ended = Process{{"/bin/sh", "-c",
                              "ulimit -f 96; exec " + scenario_lab()
                                + " sweep run sweep.yaml --json"},
                             sweep.path()}
                       .wait();

  EXPECT_EQ(ended.status, 74) << ended.out << ended.err;
  EXPECT_NE(ended.err.find("= help:"), std::string::npos) << ended.err;

  const auto again = sweep.sweep();
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_LE(provider.bill().billed, reference + 64)
    << "only calls in flight may be bought again";
  EXPECT_EQ(sweep.run({"verify"}).status, 0);
}

TEST_F(Faults, AnInterruptStopsCleanlyAndTheSameCommandGoesOn) {
  TempFolder slow_folder;
  const FakeProvider slow{
    slow_folder.path(), "openai", {"--latency-ms", "150"}};
  SmallSweep::Shape shape;
  shape.points = 4;
  shape.replicates = 4;
  shape.turns = 3;
  shape.runs_in_flight = 2;
  const SmallSweep night{slow.base_url(), shape};
  Process first{night.sweep_command(), night.path()};
  while (slow.bill().requests < 4 && first.running())
    usleep(2000);

  first.send(SIGINT);
  const auto stopped = first.wait();
  const auto finished = night.sweep();

  EXPECT_EQ(stopped.status, 130) << stopped.err;
  EXPECT_NE(stopped.out.find("\"paused\""), std::string::npos) << stopped.out;
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(slow.bill().billed, 16 * 3 * 3) << "nothing was bought twice";
}

} // namespace
} // namespace lab::testing

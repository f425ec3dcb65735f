// The real program against the real loopback server, killed. Whatever moment
// the kill hits, repeating the command ends with the full set of runs, the
// books agree with the server's own bill, and the artefacts are those of a
// sweep that was never interrupted.

#include <csignal>
#include <random>

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "runtime/base/money.hpp"
#include "storage/queries.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/small_sweep.hpp"

namespace lab::testing {
namespace {

struct Books {
  Money settled;
  Money unknown;
};

Books books(const SmallSweep& sweep) {
  const auto ended = sweep.run({"costs"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  const auto costs = json::parse(ended.out).value_or(json::Value{});
  Books sum;
  const auto& total = costs.at("total");
  sum.settled = *parse_usd(total.at("settled").get<std::string>());
  sum.unknown = *parse_usd(total.at("unknown").get<std::string>());
  return sum;
}

class Crash : public ::testing::Test {
protected:
  static constexpr SmallSweep::Shape shape{};

  /// What an undisturbed sweep of this shape buys and writes.
  struct Undisturbed {
    Books bought;
    std::map<std::string, std::string> artefacts;
  };

  static Undisturbed undisturbed() {
    TempFolder folder;
    const FakeProvider provider{folder.path(), "openai"};
    const SmallSweep sweep{provider.base_url(), shape};
    const auto ended = sweep.sweep();
    EXPECT_EQ(ended.status, 0) << ended.err;
    Undisturbed result{books(sweep), sweep.artefacts()};
    EXPECT_EQ(result.bought.settled.pico_usd, provider.bill().pico_usd);
    EXPECT_GT(result.artefacts.size(), 8U);
    return result;
  }

  /// Repeats the command until it is done, then compares everything.
  static void recover_and_compare(const SmallSweep& sweep,
                                  const FakeProvider& provider,
                                  const Undisturbed& wanted) {
    const auto ended = sweep.sweep();
    ASSERT_EQ(ended.status, 0) << ended.err;
    const auto got = books(sweep);
    const auto bill = provider.bill();
    ASSERT_EQ(got.settled, wanted.bought.settled)
      << "a journalled reply was bought again";
    ASSERT_LE(bill.pico_usd, (got.settled + got.unknown).pico_usd)
      << "billed more than the books admit";
    ASSERT_EQ(sweep.run({"verify"}).status, 0);
    const auto artefacts = sweep.artefacts();
    ASSERT_EQ(artefacts.size(), wanted.artefacts.size());
    for (const auto& [name, content] : wanted.artefacts)
      ASSERT_EQ(artefacts.at(name), content) << name;
  }
};

TEST_F(Crash, AKillAtEveryWriteLosesNothing) {
  const auto wanted = undisturbed();
  for (int visit = 1;; ++visit) {
    SCOPED_TRACE("SCENARIO_LAB_KILL_AT=" + std::to_string(visit));
    TempFolder folder;
    const FakeProvider provider{folder.path(), "openai"};
    const SmallSweep sweep{provider.base_url(), shape};

    const auto killed =
      sweep.sweep({{"SCENARIO_LAB_KILL_AT", std::to_string(visit)}});

    if (killed.signal == 0) {
      EXPECT_EQ(killed.status, 0) << killed.err;
      EXPECT_GT(visit, 40) << "there are more writes than that";
      break;
    }
    ASSERT_EQ(killed.signal, SIGKILL);
    recover_and_compare(sweep, provider, wanted);
    if (HasFatalFailure())
      return;
  }
}

TEST_F(Crash, AKillAtAnyMomentLosesNothing) {
  const auto wanted = undisturbed();
  for (const auto seed : seeds(200)) {
    SCOPED_TRACE(replay_hint(seed));
    std::mt19937_64 random{seed};
    TempFolder folder;
    const FakeProvider provider{
      folder.path(), "openai", {"--latency-ms", "4", "--jitter", "0.8"}};
    const SmallSweep sweep{provider.base_url(), shape};

    // Two kills on the way, so that a recovery may be killed too.
    for (int kill = 0; kill < 2; ++kill) {
      Process process{sweep.sweep_command(), sweep.path()};
      process.wait(std::chrono::milliseconds{5 + random() % 120});
    }

    recover_and_compare(sweep, provider, wanted);
    if (HasFatalFailure())
      return;
  }
}

/// Whatever write a kill hits, a place is paused at until that is journalled,
/// then never again, and nothing is lost.
TEST_F(Crash, AKillAtAPauseNeitherLosesNorRepeatsIt) {
  const auto output_of = [](const SmallSweep& files, const json::Value& run) {
    return files_in(files.path() / run.at("output").get<std::string>());
  };
  const std::vector<std::string> plain{"run", "two-quays", "--seed",
                                       "5",   "--model",   "sim/persona"};
  auto pausing = plain;
  pausing.insert(pausing.end(), {"--pause-after", "decision@1"});
  const SmallSweep undisturbed_files{"http://127.0.0.1:9/v1", shape};
  const auto whole = undisturbed_files.run(plain);
  ASSERT_EQ(whole.status, 0) << whole.err;
  const auto wanted = output_of(undisturbed_files,
                                json::parse(whole.out).value_or(json::Value{}));

  for (int visit = 1;; ++visit) {
    SCOPED_TRACE("SCENARIO_LAB_KILL_AT=" + std::to_string(visit));
    const SmallSweep files{"http://127.0.0.1:9/v1", shape};
    const auto killed =
      files.run(pausing, {{"SCENARIO_LAB_KILL_AT", std::to_string(visit)}});

    int pauses = 0;
    json::Value result;
    do {
      const auto ended = files.run(pausing);
      ASSERT_EQ(ended.status, 0) << ended.err;
      result = json::parse(ended.out).value_or(json::Value{});
      pauses += result.at("status") == "paused" ? 1 : 0;
      ASSERT_LE(pauses, 1) << "the same place twice";
    } while (result.at("status") == "paused");

    ASSERT_EQ(result.at("status"), "completed");
    ASSERT_EQ(output_of(files, result), wanted);
    if (killed.signal == 0) {
      EXPECT_EQ(pauses, 0) << "it had paused already";
      EXPECT_GT(visit, 10) << "there are more writes than that";
      break;
    }
    ASSERT_EQ(killed.signal, SIGKILL);
  }
}

/// A sweep that decides as it goes: a pilot, more replicates, a stop rule.
class AdaptiveSweep {
public:
  explicit AdaptiveSweep(const std::string& rules) {
    folder_.write("sweep.yaml",
                  "schema: sweep/1\nname: f\nscenario: " LAB_SOURCE_DIR
                  "/scenarios/test-function\n"
                  "models: {\"*\": 'sim/testfn?f=linear&k=1,2&scatter=0.3'}\n"
                  "factors: {a: {path: params.x1, values: [0, 0.5, 1]}, b: "
                  "{path: params.x2, values: [0, 1]}}\n"
                  "design: {grid: {factors: [a, b]}, seed: 3}\n"
                  "schedule: {pilot: {runs: 5, then: 'continue if "
                  "forecast.calls <= 1000, else pause'}}\n"
                    + rules);
  }

  Ended run(const std::string& jobs, const Variables& variables = {}) const {
    return Process{
      {scenario_lab(), "sweep", "run", "sweep.yaml", "--jobs", jobs, "--json"},
      folder_.path(),
      variables}
      .wait();
  }
  /// Every run with its name, and how the sweep ended.
  std::string runs() const {
    auto queries = storage::Queries::open(
      (folder_.path() / ".scenario-lab/scenario-lab.db").string());
    if (!queries)
      return to_string(queries.error());
    const auto table = queries->sql(
      "SELECT s.name, s.run, r.status FROM sweep_runs s JOIN runs r "
      "ON r.id = s.run ORDER BY s.name",
      10'000);
    if (!table)
      return to_string(table.error());
    std::string text;
    for (const auto& row : table->rows)
      for (const auto& cell : row)
        text += cell.value_or("NULL") + "\n";
    return text;
  }

private:
  TempFolder folder_;
};

TEST_F(Crash, AKilledSweepThatDecidesComesToTheSameRuns) {
  const std::string more = "replicates: {count: 4, seeds: fresh, more: {until: "
                           "'ci_halfwidth(outcome) <= 0.4', at_most: 40}}\n";
  const std::string rule =
    "stop: [{when: 'ci_halfwidth(outcome, 0.9) <= 0.32', then: finish, "
    "because: precise enough as a whole}]\n";
  for (const auto& rules : {more, more + rule}) {
    const AdaptiveSweep whole{rules};
    const auto undisturbed = whole.run("7");
    ASSERT_EQ(undisturbed.status, 0) << undisturbed.err;
    const auto wanted = json::parse(undisturbed.out).value_or(json::Value{});
    const auto runs = whole.runs();
    ASSERT_GT(wanted.at("runs").at("completed"), 4 * 6) << "more were added";
    for (const auto seed : seeds(20)) {
      SCOPED_TRACE(replay_hint(seed) + " " + rules);
      std::mt19937_64 random{seed};
      const AdaptiveSweep sweep{rules};
      int kills = 0;
      for (int i = 0; i < 3; ++i) {
        const auto jobs = std::to_string(1 + random() % 16);
        const auto visit = std::to_string(1 + random() % 250);
        kills +=
          sweep.run(jobs, {{"SCENARIO_LAB_KILL_AT", visit}}).signal == SIGKILL
            ? 1
            : 0;
      }
      EXPECT_GT(kills, 0);

      const auto ended = sweep.run("5");

      ASSERT_EQ(ended.status, 0) << ended.err;
      const auto got = json::parse(ended.out).value_or(json::Value{});
      EXPECT_EQ(got.at("reason"), wanted.at("reason"));
      ASSERT_EQ(sweep.runs(), runs);
    }
  }
}

} // namespace
} // namespace lab::testing

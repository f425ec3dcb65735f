// Ceilings of models and of time, warnings and retries, as a user types them.

#include <csignal>
#include <ctime>

#include <gtest/gtest.h>
#include <unistd.h>

#include "runtime/base/json.hpp"
#include "runtime/base/money.hpp"
#include "storage/queries.hpp"
#include "tests/support/small_sweep.hpp"

namespace lab::testing {
namespace {

json::Value read_result(const Ended& ended) {
  return json::parse(ended.out).value_or(json::Value::object());
}

std::size_t count_in(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos;
       at = text.find(part, at + part.size()))
    ++count;
  return count;
}

/// The first cell of a query on the sweep's tables.
std::string cell(const SmallSweep& small, const std::string& sql) {
  auto tables = storage::Queries::open(
    (small.path() / ".scenario-lab/scenario-lab.db").string());
  if (!tables)
    return to_string(tables.error());
  const auto found = tables->sql(sql, 1);
  if (!found)
    return to_string(found.error());
  return found->rows.empty() ? "" : found->rows[0][0].value_or("NULL");
}

/// Writes `more.yaml`: the small sweep's manifest with more lines.
/// @param lines  keys that it does not have
void extend(const SmallSweep& small, const std::string& lines) {
  small.folder().write(
    "more.yaml", "schema: sweep/1\nname: small\nextends: sweep.yaml\n" + lines);
}

/// The small sweep with more lines in its manifest.
class Ceilings : public ::testing::Test {
protected:
  Ended run(const std::string& lines) const {
    extend(small, lines);
    return Process{{scenario_lab(), "sweep", "run", "more.yaml", "--json"},
                   small.path(),
                   {{"TZ", "UTC0"}}}
      .wait();
  }

  TempFolder provider_folder;
  FakeProvider provider{provider_folder.path(), "openai"};
  SmallSweep small{provider.base_url(), {}};
};

/// Two models at one price, each asked by half of the runs.
class ModelCeilings : public Ceilings {
protected:
  ModelCeilings() {
    auto settings = small.folder().read("scenario-lab.yaml");
    const auto tiny = settings.find("      tiny:");
    auto large = settings.substr(tiny);
    large.replace(large.find("tiny:"), 5, "large:");
    small.folder().write("scenario-lab.yaml", settings + large);
  }

  static std::string manifest(const std::string& by_model) {
    return "factors:\n  opening: {path: initial_world_state, values: [One quay "
           "is closed., Both quays are open.]}\n  model: {path: "
           "[actors.*.llm_model, world_state_model], values: [fake/tiny, "
           "fake/large]}\ndesign: {grid: {factors: [opening, model]}}\n"
           "replicates: {count: 4}\nlimits: {runs: 2}\n"
           + by_model;
  }

  Money settled(const std::string& model) const {
    return {std::stoll(cell(
      small,
      "SELECT COALESCE(SUM(settled_pico_usd), 0) FROM costs WHERE model = '"
        + model + "'"))};
  }
};

TEST_F(ModelCeilings, AnExhaustedModelHaltsItsOwnRunsAndMoreMoneyFinishesThem) {
  const auto halted =
    run(manifest("budget: {usd: 1.00, by_model: {fake/tiny: 0.0045}}\n"));

  ASSERT_EQ(halted.status, 5) << halted.out << halted.err;
  const auto result = read_result(halted);
  EXPECT_EQ(result.at("status"), "halted");
  EXPECT_EQ(result.at("runs").at("planned"), 16);
  const auto done = result.at("runs").at("completed").get<int>();
  EXPECT_GE(done, 8) << "all that do not ask it: " << halted.out;
  EXPECT_LT(done, 16);
  EXPECT_EQ(result.at("runs").at("halted"), 16 - done);
  EXPECT_NE(halted.err.find("B513"), std::string::npos) << halted.err;
  EXPECT_LE(settled("fake/tiny"), parse_usd("0.0045").value());
  EXPECT_GT(settled("fake/large"), settled("fake/tiny"));

  const auto finished =
    run(manifest("budget: {usd: 1.00, by_model: {fake/tiny: 0.50}}\n"));

  ASSERT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(read_result(finished).at("runs").at("completed"), 16);
  EXPECT_EQ(provider.bill().billed, 16 * 3) << "nothing was paid twice";
  EXPECT_EQ(settled("fake/tiny") + settled("fake/large"),
            Money{provider.bill().pico_usd});
}

TEST_F(ModelCeilings, ACeilingThatTheManifestNoLongerNamesIsLifted) {
  ASSERT_EQ(run(manifest("budget: {by_model: {fake/tiny: 0.0045}}\n")).status,
            5);

  EXPECT_EQ(run(manifest("")).status, 0);
}

TEST_F(ModelCeilings, AModelThatNobodyAsksIsAWarningThatNamesTheOthers) {
  const auto ended = run(manifest("budget: {by_model: {fake/tinny: 1.00}}\n"));

  EXPECT_EQ(ended.status, 0) << ended.err;
  for (const auto* words :
       {"warning[B505]: no run that is left asks `fake/tinny`",
        "did you mean `fake/tiny`?",
        "the plan's models: fake/large, fake/tiny"})
    EXPECT_NE(ended.err.find(words), std::string::npos) << ended.err;
}

TEST_F(Ceilings, AShareOfTheBudgetIsToldOnceOverAllCommands) {
  const std::string budget = "budget: {usd: 1.00, warn_at: [0.01%, 90%]}\n";
  const std::string told = "0.01 % of the budget is used up or set aside";

  const auto first = run(budget + "replicates: {count: 1}\n");
  const auto second = run(budget + "replicates: {count: 3}\n");

  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(second.status, 0) << second.err;
  EXPECT_EQ(count_in(first.err, told), 1U) << first.err;
  EXPECT_EQ(count_in(second.err, told), 0U) << second.err;
  EXPECT_GT(read_result(second).at("calls").at("sent").get<int>(), 0);
}

TEST_F(Ceilings, AShareOfNothingIsAWarning) {
  const auto ended = run("budget: {warn_at: 50%}\n");

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.err.find("warning[B506]"), std::string::npos) << ended.err;
}

TEST(TimeCeilings, ARunThatTakesTooLongIsHaltedAndTheSameCommandGoesOn) {
  TempFolder provider_folder;
  // Each phase with a call takes longer than a run may.
  const FakeProvider provider{
    provider_folder.path(), "openai", {"--latency-ms", "1200"}};
  SmallSweep::Shape shape;
  shape.points = 1;
  shape.replicates = 1;
  const SmallSweep small{provider.base_url(), shape};
  extend(small, "limits: {run_time: 1s}\n");
  const auto run = [&] { return small.run({"sweep", "run", "more.yaml"}); };

  const auto first = run();

  ASSERT_EQ(first.status, 5) << first.out << first.err;
  const auto result = read_result(first);
  EXPECT_EQ(result.at("status"), "halted");
  EXPECT_EQ(result.at("runs").at("halted"), 1);
  EXPECT_EQ(result.at("runs").at("completed"), 0);
  EXPECT_NE(result.at("reason").get<std::string>().find("`limits.run_time`"),
            std::string::npos)
    << first.out;
  EXPECT_NE(first.err.find("R506"), std::string::npos) << first.err;
  EXPECT_EQ(provider.bill().billed, 2) << "the phase under way came to its end";

  auto last = run();
  for (int i = 0; i < 3 && last.status == 5; ++i)
    last = run();
  EXPECT_EQ(last.status, 0) << last.err;
  EXPECT_EQ(provider.bill().billed, 3) << "nothing was paid twice";
}

TEST(TimeCeilings, AfterItsTimeASweepIsPausedAndTheSameCommandGoesOn) {
  TempFolder provider_folder;
  const FakeProvider provider{
    provider_folder.path(), "openai", {"--latency-ms", "1200"}};
  SmallSweep::Shape shape;
  shape.runs_in_flight = 1;
  const SmallSweep small{provider.base_url(), shape};
  extend(small, "limits: {sweep_time: 1s}\n");

  const auto paused = small.run({"sweep", "run", "more.yaml"});

  ASSERT_EQ(paused.status, 5) << paused.out << paused.err;
  const auto result = read_result(paused);
  EXPECT_EQ(result.at("status"), "paused");
  EXPECT_EQ(result.at("ended_by_rule").at("then"), "pause");
  EXPECT_EQ(result.at("reason"), "`limits.sweep_time` is over, 1 s");
  EXPECT_EQ(cell(small, "SELECT status FROM sweeps"), "paused");

  // Without the limit.
  const auto finished =
    small.run({"sweep", "run", "sweep.yaml", "--jobs", "4"});

  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(provider.bill().billed, 4 * 3) << "nothing was paid twice";
}

/// "HH:MM", so many hours from now, in UTC.
std::string clock_in(int hours) {
  const auto at = std::time(nullptr) + hours * 3'600;
  std::tm parts{};
  gmtime_r(&at, &parts);
  char text[8] = {};
  std::strftime(text, sizeof text, "%H:%M", &parts);
  return text;
}

std::string window(int opens_in, int closes_in) {
  return "limits: {window: {open: \"" + clock_in(opens_in) + "\", close: \""
         + clock_in(closes_in) + "\", at_close: pause}}\n";
}

TEST_F(Ceilings, InsideItsWindowASweepJustRuns) {
  EXPECT_EQ(run(window(-2, 2)).status, 0);
}

TEST_F(Ceilings, OutsideItsWindowASweepWaitsSaysUntilWhenAndHearsCtrlC) {
  extend(small, window(2, 4));
  Process process{{scenario_lab(), "sweep", "run", "more.yaml", "--json"},
                  small.path(),
                  {{"TZ", "UTC0"}}};
  while (process.running()
         && process.err().find("waiting") == std::string::npos)
    usleep(2'000);

  process.send(SIGINT);
  const auto ended = process.wait();

  EXPECT_EQ(ended.status, 130) << ended.err;
  EXPECT_NE(ended.err.find("until " + clock_in(2).substr(0, 3)),
            std::string::npos)
    << ended.err;
  EXPECT_EQ(provider.bill().requests, 0);
  EXPECT_EQ(read_result(ended).at("status"), "paused");
}

TEST_F(Ceilings, ThePlanShowsThemAll) {
  extend(
    small,
    "budget: {usd: 1.00, by_model: {fake/tiny: 0.75}, warn_at: [50%, 0.8]}\n"
    "limits: {run_time: 90m, sweep_time: 8h, window: {open: \"22:30\", close: "
    "\"07:30\"}}\nretry_runs: {attempts: 2}\n");

  const auto plan =
    Process{{scenario_lab(), "sweep", "plan", "more.yaml"}, small.path()}
      .wait();

  EXPECT_EQ(plan.status, 0) << plan.err;
  for (
    const auto* words :
    {"  warns      at 50 %, 80 % of the budget\n",
     "  window     22:30 to 07:30, then the sweep pauses   fits: not known\n",
     "  sweep time at most 8 h a command                   fits: not known\n",
     "  run time   at most 1 h 30 min a run\n",
     "  retries    a run whose call fails is tried up to 2 times\n",
     ", cap $0.75\n"})
    EXPECT_NE(plan.out.find(words), std::string::npos) << words << plan.out;
  EXPECT_EQ(plan.err.find("S424"), std::string::npos) << plan.err;
}

/// A server that answers the first calls of one participant with garbage.
class RunRetries : public ::testing::Test {
protected:
  std::string faults() const {
    folder.write("faults.json",
                 R"({"rules": [{"fault": "garbage_json", "contains": )"
                 R"("You speak for the north-quay", "times": 3}]})");
    return (folder.path() / "faults.json").string();
  }

  TempFolder folder;
  const FakeProvider provider{folder.path(), "openai", {"--faults", faults()}};
};

TEST_F(RunRetries, ARunThatFailedIsTriedAgainInTheSameCommand) {
  SmallSweep::Shape shape;
  shape.points = 1;
  shape.replicates = 1;
  const SmallSweep small{provider.base_url(), shape};
  extend(small, "retry_runs: {attempts: 2, from: last-phase}\n");

  const auto ended = small.run({"sweep", "run", "more.yaml"});

  ASSERT_EQ(ended.status, 0) << ended.out << ended.err;
  const auto result = read_result(ended);
  EXPECT_EQ(result.at("runs").at("completed"), 1);
  EXPECT_EQ(result.at("runs").at("failed"), 0);
  EXPECT_EQ(result.at("runs").at("retried"), 1);
  EXPECT_EQ(provider.bill().requests, 3 + 3)
    << "three in vain; what was paid for is read back";
  EXPECT_EQ(cell(small, "SELECT status FROM runs"), "completed");
}

TEST_F(RunRetries, WithoutAWordItFails) {
  SmallSweep::Shape shape;
  shape.points = 1;
  shape.replicates = 1;
  const SmallSweep small{provider.base_url(), shape};

  const auto ended = small.sweep();

  EXPECT_EQ(read_result(ended).at("runs").at("failed"), 1) << ended.out;
  EXPECT_NE(ended.status, 0);
}

} // namespace
} // namespace lab::testing

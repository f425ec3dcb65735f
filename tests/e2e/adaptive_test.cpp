// Sweeps on functions that are known in closed form, and sweeps that decide
// while they run, as a user types them.

#include <array>
#include <cstdlib>

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "storage/queries.hpp"
#include "tests/support/process.hpp"

namespace lab::testing {
namespace {

const std::string scenario = LAB_SOURCE_DIR "/scenarios/test-function";

/// A workspace of its own.
class Workspace {
public:
  json::Value sweep(const std::string& manifest, int status = 0,
                    const std::string& jobs = "8") {
    files.write("sweep.yaml", "schema: sweep/1\nname: f\nscenario: " + scenario
                                + "\n" + manifest);
    Process process{
      {scenario_lab(), "sweep", "run", "sweep.yaml", "--jobs", jobs, "--json"},
      files.path()};
    const auto ended = process.wait();
    EXPECT_EQ(ended.status, status) << ended.out << ended.err;
    return json::parse(ended.out).value_or(json::Value::object());
  }

  /// Rows of a query, cells joined by blanks.
  std::vector<std::string> rows(const std::string& sql) const {
    auto queries = storage::Queries::open(
      (files.path() / ".scenario-lab/scenario-lab.db").string());
    if (!queries)
      return {to_string(queries.error())};
    const auto table = queries->sql(sql, 10'000);
    if (!table)
      return {to_string(table.error())};
    std::vector<std::string> lines;
    for (const auto& row : table->rows) {
      auto& line = lines.emplace_back();
      for (const auto& cell : row)
        line += (line.empty() ? "" : " ") + cell.value_or("NULL");
    }
    return lines;
  }

  /// "x1 x2 outcome", one a run that completed.
  std::vector<std::array<double, 3>> outcomes() const {
    std::vector<std::array<double, 3>> found;
    for (const auto& row :
         rows("SELECT json_extract(r.factors, '$.a'), json_extract(r.factors, "
              "'$.b'), printf('%.17g', m.value) FROM runs r JOIN metrics m ON "
              "m.run = r.id WHERE r.status = 'completed' AND m.turn = 1")) {
      std::array<double, 3> numbers{};
      const char* at = row.c_str();
      char* end = nullptr;
      for (auto& number : numbers) {
        number = std::strtod(at, &end);
        at = end;
      }
      found.push_back(numbers);
    }
    return found;
  }

private:
  TempFolder files;
};

class FunctionSweep : public ::testing::Test, public Workspace {};

const std::string two_factors = R"(
factors:
  a: {path: params.x1, range: [0, 1], step: 0.25}
  b: {path: params.x2, range: [0, 1], step: 0.5}
design: {grid: {factors: [a, b]}}
)";

TEST_F(FunctionSweep, ALinearFunctionComesOutExactly) {
  sweep("models: {\"*\": 'sim/testfn?f=linear&k=2,-4'}" + two_factors);

  const auto found = outcomes();
  ASSERT_EQ(found.size(), 15U);
  for (const auto& [a, b, y] : found)
    EXPECT_EQ(y, 2 * a + -4 * b);
}

TEST_F(FunctionSweep, AStepComesOutExactly) {
  sweep("models: {\"*\": 'sim/testfn?f=step&k=0.5,10'}" + two_factors);

  const auto found = outcomes();
  ASSERT_EQ(found.size(), 15U);
  for (const auto& [a, b, y] : found)
    EXPECT_EQ(y, a >= 0.5 ? 10 : 0);
}

TEST_F(FunctionSweep, PairedSeedsShareTheNoiseSoDifferencesAreExact) {
  sweep("models: {\"*\": 'sim/testfn?f=linear&k=1,0&noise=5'}\n"
        "replicates: {count: 3}"
        + two_factors);

  const auto pairs = rows(
    "SELECT printf('%.9f', MAX(m.value - json_extract(r.factors, '$.a')) - "
    "MIN(m.value - json_extract(r.factors, '$.a'))) FROM runs r JOIN metrics m "
    "ON m.run = r.id WHERE m.turn = 1 GROUP BY r.seed");
  EXPECT_EQ(pairs, (std::vector<std::string>(3, "0.000000000")));
}

TEST_F(FunctionSweep, ARunCostsOneCall) {
  const auto result =
    sweep("models: {\"*\": 'sim/testfn?f=linear'}" + two_factors);
  EXPECT_EQ(result.at("calls").at("sent"), 15);
}

const std::string noisy = R"(
models: {"*": 'sim/testfn?f=linear&k=1,0&scatter=0.1'}
replicates: {count: 40, seeds: fresh}
)";

TEST_F(FunctionSweep, ARuleFinishesASweepWhateverTheJobsAndItStaysFinished) {
  const auto manifest =
    noisy + two_factors
    + "stop: [{when: 'ci_halfwidth(outcome, 0.95) <= 0.08', then: finish, "
      "because: precise enough}]\n";
  const auto first = sweep(manifest, 0, "3");
  EXPECT_EQ(first.at("status"), "completed");
  EXPECT_EQ(first.at("reason"), "precise enough");
  const auto& rule = first.at("ended_by_rule");
  const auto done = first.at("runs").at("completed").get<int>();
  EXPECT_EQ(rule.at("then"), "finish");
  EXPECT_EQ(rule.at("runs_saved"), 600 - done);
  EXPECT_EQ(rule.at("calls_saved"), 600 - done);
  EXPECT_EQ(done % 15, 0) << "whole blocks";
  EXPECT_LT(done, 600);
  EXPECT_EQ(rows("SELECT status || ' ' || reason FROM sweeps"),
            std::vector<std::string>{"completed precise enough"});

  const auto again = sweep(manifest, 0, "3");
  EXPECT_EQ(again.at("calls").at("sent"), 0);
  EXPECT_EQ(again.at("reason"), "precise enough");

  Workspace other;
  const auto elsewhere = other.sweep(manifest, 0, "64");
  EXPECT_EQ(elsewhere.at("runs"), first.at("runs"))
    << "the schedule decides nothing";

  const auto without = sweep(noisy + two_factors);
  EXPECT_EQ(without.at("runs").at("completed"), 600);
}

TEST_F(FunctionSweep, FailuresPauseASweepAndTheSameCommandGoesOn) {
  const auto manifest =
    "models: {\"*\": 'sim/testfn?f=linear&k=1,0&fail=0.3'}\n"
    "replicates: {count: 4, seeds: fresh}"
    + two_factors
    + "stop: [{when: 'share(failed) > 0.05 and count(finished) >= 10', then: "
      "pause, because: too many failed runs}]\n";
  const auto paused = sweep(manifest, 5);
  EXPECT_EQ(paused.at("status"), "paused");
  EXPECT_EQ(paused.at("reason"), "too many failed runs");
  EXPECT_EQ(paused.at("runs").at("completed").get<int>()
              + paused.at("runs").at("failed").get<int>(),
            30)
    << "two blocks make a look";
}

TEST_F(FunctionSweep, LoosePointsGetMoreReplicates) {
  const auto manifest =
    "models: {\"*\": 'sim/testfn?f=linear&k=1,0&scatter=0.3'}\n"
    "replicates: {count: 4, seeds: fresh, more: {until: "
    "'ci_halfwidth(outcome) <= 0.5', at_most: 30}}\n"
    "factors: {a: {path: params.x1, values: [0, 1]}, b: {path: params.x2, "
    "values: [0]}}\ndesign: {grid: {factors: [a, b]}}\n";
  const auto result = sweep(manifest);
  const auto done = result.at("runs").at("completed").get<int>();
  EXPECT_GT(done, 8);
  EXPECT_LT(done, 60);
  EXPECT_EQ(result.at("reason"), "precise enough at 2 points");
  EXPECT_EQ(rows("SELECT COUNT(*) FROM sweep_runs"),
            std::vector<std::string>{std::to_string(done)});

  const auto again = sweep(manifest);
  EXPECT_EQ(again.at("calls").at("sent"), 0);
}

TEST_F(FunctionSweep, APilotWithoutATerminalPausesAndSaysSo) {
  const auto manifest = "models: {\"*\": 'sim/testfn?f=linear&k=1,0'}\n"
                        "schedule: {pilot: {runs: 4, then: 'continue if "
                        "forecast.calls <= 14, else ask'}}"
                        + two_factors;
  const auto asked = sweep(manifest, 5);
  EXPECT_EQ(asked.at("status"), "paused");
  EXPECT_EQ(asked.at("ended_by_rule").at("then"), "ask");
  EXPECT_EQ(asked.at("runs").at("completed"), 4);

  EXPECT_EQ(sweep(manifest).at("runs").at("completed"), 15);
}

} // namespace
} // namespace lab::testing

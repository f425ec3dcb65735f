// `sweep plan` and `sweep run` of a manifest that changes, ends early or is
// long.

#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "tests/support/small_sweep.hpp"

namespace lab::testing {
namespace {

class Plans : public ::testing::Test {
protected:
  void write(const std::string& factors, const std::string& design,
             const std::string& more) const {
    std::ofstream{files.path() / "changing.yaml"}
      << "schema: sweep/1\nname: changing\nscenario: two-quays\n"
         "models: sim/persona\nfactors:\n"
      << factors << "design: {grid: {factors: " << design << "}, seed: 7}\n"
      << more;
  }

  json::Value sweep(const std::string& verb,
                    const std::vector<std::string>& more = {},
                    int status = 0) const {
    std::vector<std::string> words{"sweep", verb, "changing.yaml"};
    words.insert(words.end(), more.begin(), more.end());
    const auto ended = files.run(words);
    EXPECT_EQ(ended.status, status) << ended.err;
    return json::parse(ended.out).value_or(json::Value::object());
  }

  /// Completed runs by point.
  std::map<std::string, int> completed() const {
    const auto ended = files.run({"runs", "--sweep", "changing"});
    const auto listed = json::parse(ended.out).value_or(json::Value::object());
    std::map<std::string, int> points;
    for (const auto& run : listed.at("runs"))
      if (run.at("status") == "completed")
        ++points[run.at("point").get<std::string>()];
    return points;
  }

  SmallSweep files{"http://127.0.0.1:9/v1", {}};

  static constexpr const char* two_factors =
    "  turns: {path: turns, values: [1, 2]}\n"
    "  world: {path: initial_world_state, values: [calm, storm]}\n";
};

TEST_F(Plans, AReorderedManifestRunsNothingAgain) {
  write(two_factors, "[turns, world]", "replicates: {count: 2}\n");
  sweep("run");
  write("  world: {path: initial_world_state, values: [storm, calm]}\n"
        "  turns: {path: turns, values: [2, 1]}\n",
        "[world, turns]", "replicates: {count: 2}\n");

  const auto planned = sweep("plan");
  const auto again = sweep("run");

  EXPECT_EQ(planned.at("runs").at("missing"), 0);
  EXPECT_EQ(again.at("calls").at("sent"), 0);
}

TEST_F(Plans, AnAddedLevelRunsItsOwnPointsAlone) {
  write(two_factors, "[turns, world]", "");
  sweep("run");
  write("  turns: {path: turns, values: [1, 2]}\n"
        "  world: {path: initial_world_state, values: [fog, calm, storm]}\n",
        "[turns, world]", "");

  const auto planned = sweep("plan");

  EXPECT_EQ(planned.at("runs").at("completed"), 4);
  EXPECT_EQ(planned.at("runs").at("missing"), 2);
}

TEST_F(Plans, ASweepThatStopsAfterAnyNumberOfCallsIsBalanced) {
  const std::string runs = "replicates: {count: 2}\nlimits: {runs: 1}\n";
  write("  world: {path: initial_world_state, values: [calm, storm, fog]}\n",
        "[world]", runs);
  const auto calls =
    sweep("plan").at("estimate").at("total").at("calls").get<int>();
  ASSERT_GT(calls, 6);
  // One workspace after the other: each stops after one call more.
  for (int limit = 1; limit < calls; ++limit) {
    write("  world: {path: initial_world_state, values: [calm, storm, fog]}\n",
          "[world]", runs + "budget: {calls: " + std::to_string(limit) + "}\n");
    sweep("run", {"--home", "home-" + std::to_string(limit)}, 5);
    const auto ended = files.run({"runs", "--sweep", "changing", "--home",
                                  "home-" + std::to_string(limit)});
    const auto listed = json::parse(ended.out).value_or(json::Value::object());
    std::map<std::string, int> points;
    for (const auto& run : listed.at("runs")) {
      points[run.at("point").get<std::string>()] +=
        run.at("status") == "completed" ? 1 : 0;
    }
    int least = 2;
    int most = 0;
    for (const auto& [point, done] : points) {
      least = std::min(least, done);
      most = std::max(most, done);
    }
    EXPECT_LE(most - least, 1) << "after " << limit << " calls";
  }
}

TEST_F(Plans, ALongSweepNamesRunsAsTheyStartAndGoesOnWhereItStood) {
  write("  turns: {path: turns, values: [1]}\n"
        "  fill: {path: system_prompt, range: [1, 3000], step: 1}\n",
        "[turns, fill]", "");
  const auto planned = sweep("plan");
  EXPECT_EQ(planned.at("listed"), false);
  EXPECT_EQ(planned.at("points"), 3'000);
  EXPECT_EQ(planned.at("basis").at("points_sampled"), 400);

  sweep("run", {"--first", "5"});
  EXPECT_EQ(completed().size(), 5U);
  const auto again = sweep("run", {"--first", "5"});
  EXPECT_EQ(again.at("calls").at("sent"), 0);
  sweep("run", {"--first", "8"});

  const auto points = completed();
  EXPECT_EQ(points.size(), 8U);
  for (const auto& [point, runs] : points)
    EXPECT_EQ(runs, 1) << point;
}

} // namespace
} // namespace lab::testing

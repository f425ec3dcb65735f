// Rules on indices and attempts, models that are held back, and money that ends
// a sweep: as a user meets them.

#include <filesystem>
#include <optional>

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "tests/support/small_sweep.hpp"

namespace lab::testing {
namespace {

const std::string test_function = LAB_SOURCE_DIR "/scenarios/test-function";

class StopRules : public ::testing::Test {
protected:
  void manifest(const std::string& text) const {
    files.write("sweep.yaml", "schema: sweep/1\nname: f\nscenario: "
                                + test_function + "\n" + text);
  }

  Ended lab(const std::vector<std::string>& words) const {
    std::vector<std::string> command{scenario_lab()};
    command.insert(command.end(), words.begin(), words.end());
    return Process{command, files.path()}.wait();
  }

  json::Value sweep(const std::string& text, int status,
                    const std::string& jobs = "8") const {
    manifest(text);
    const auto ended =
      lab({"sweep", "run", "sweep.yaml", "--jobs", jobs, "--json"});
    EXPECT_EQ(ended.status, status) << ended.out << ended.err;
    return json::parse(ended.out).value_or(json::Value::object());
  }

  TempFolder files;
};

const std::string linear = R"(
models: {"*": 'sim/testfn?f=linear&k=2,1&scatter=0.1'}
factors:
  x1: {path: params.x1, range: [0, 1]}
  x2: {path: params.x2, range: [0, 1]}
)";

TEST_F(StopRules, ASweepEndsWhenItsIndicesAreKnownWellEnough) {
  const auto text =
    linear
    + "design: {saltelli: {factors: [x1, x2], base: 128}, seed: 2}\n"
      "stop: [{when: 'max(sobol_ci(outcome, total)) < 0.5', then: finish, "
      "because: indices are tight enough}]\n";
  const auto first = sweep(text, 0, "3");

  EXPECT_EQ(first.at("status"), "completed");
  EXPECT_EQ(first.at("reason"), "indices are tight enough");
  const auto done = first.at("runs").at("completed").get<int>();
  EXPECT_GE(done, 16 * 4);
  EXPECT_LT(done, 128 * 4);
  EXPECT_EQ(first.at("ended_by_rule").at("runs_saved"), 128 * 4 - done);

  const auto again = sweep(text, 0, "17");
  EXPECT_EQ(again.at("calls").at("sent"), 0) << "it stays finished";
  EXPECT_EQ(again.at("runs").at("completed"), done);

  std::filesystem::remove_all(files.path() / ".scenario-lab");
  EXPECT_EQ(sweep(text, 0, "64").at("runs"), first.at("runs"))
    << "the schedule decides nothing";
}

TEST_F(StopRules, RunsOfAnotherSweepAreReadBackAndCountedOnce) {
  const std::string grid = R"(
models: {"*": 'sim/testfn?f=linear'}
factors: {a: {path: params.x1, range: [0, 1], step: 0.1}}
design: {grid: {factors: [a]}}
)";
  sweep(grid, 0);
  files.write("other.yaml", "schema: sweep/1\nname: g\nscenario: "
                              + test_function + "\n" + grid
                              + "stop: [{when: count(failed) > 100, then: "
                                "pause}]\n");
  const auto ended = lab({"sweep", "run", "other.yaml", "--json"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  const auto result = json::parse(ended.out).value_or(json::Value{});
  EXPECT_EQ(result.at("runs").at("completed"), 11);
  EXPECT_EQ(result.at("calls").at("sent"), 0);
}

TEST_F(StopRules, ARuleThatTheDesignCannotAnswerIsRefusedWhenItIsPlanned) {
  manifest(linear
           + "design: {latin-hypercube: {factors: [x1, x2], points: 8}}\n"
             "stop: [{when: 'max(sobol_ci(outcome, total)) < 0.1', then: "
             "finish}, {when: \"provider.error_rate('sim', 10m) > 0.5\", then: "
             "pause}]\n");
  const auto ended = lab({"sweep", "plan", "sweep.yaml"});
  EXPECT_EQ(ended.status, 3);
  EXPECT_NE(ended.err.find("S441"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("needs a `saltelli` part"), std::string::npos);
  EXPECT_NE(ended.err.find("warning[S442]"), std::string::npos) << ended.err;
}

TEST_F(StopRules, MoneyThatIsOutEndsASweepForGoodIfItSaysSo) {
  const std::string grid = R"(
models: {"*": 'sim/testfn?f=linear'}
factors: {a: {path: params.x1, range: [0, 1], step: 0.1}}
design: {grid: {factors: [a]}}
)";
  const auto stopped =
    sweep(grid + "budget: {calls: 4, on_exhausted: stop}\n", 5, "1");
  EXPECT_EQ(stopped.at("status"), "stopped");
  EXPECT_EQ(stopped.at("runs").at("completed"), 4);

  const auto refused = lab({"sweep", "run", "sweep.yaml"});
  EXPECT_EQ(refused.status, 5);
  EXPECT_NE(refused.err.find("B515"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("--budget-usd"), std::string::npos);
  EXPECT_NE(lab({"status"}).out.find("stopped"), std::string::npos);

  const auto paused =
    sweep(grid + "budget: {calls: 4, on_exhausted: pause}\n", 5);
  EXPECT_EQ(paused.at("status"), "halted") << "it may go on, with no money";

  sweep(grid + "budget: {calls: 4, on_exhausted: stop}\n", 5);
  const auto done =
    sweep(grid + "budget: {calls: 20, on_exhausted: stop}\n", 0);
  EXPECT_EQ(done.at("status"), "completed");
  EXPECT_EQ(done.at("runs").at("completed"), 11);
}

/// Two models of one server, of which one sends nonsense.
class TwoModels : public ::testing::Test {
protected:
  void SetUp() override {
    faults.write("faults.json",
                 R"({"rules": [{"contains": "\"broken\"", "fault": )"
                 R"("huge_body", "bytes": 9000000, "bill": false}]})");
    provider.emplace(faults.path(), "openai",
                     std::vector<std::string>{
                       "--faults", (faults.path() / "faults.json").string()});
    sweep.emplace(provider->base_url(), SmallSweep::Shape{});
    auto settings = sweep->folder().read("scenario-lab.yaml");
    const auto tiny = settings.find("      tiny:");
    auto broken = settings.substr(tiny);
    broken.replace(broken.find("tiny"), 4, "broken");
    sweep->folder().write("scenario-lab.yaml", settings + broken);
  }

  void manifest(const std::string& rule) const {
    sweep->folder().write("sweep.yaml", R"(
schema: sweep/1
name: small
scenario: two-quays
set: {turns: 1, world_state_model: fake/tiny}
factors:
  opening: {path: initial_world_state, values: [One., Two., Three., Four.]}
  model: {path: "actors.*.llm_model", values: [fake/tiny, fake/broken]}
design: {grid: {factors: [opening, model]}}
replicates: {count: 4}
stop: [{when: ")" + rule + R"(", then: pause-model, because: too many errors}]
)");
  }

  TempFolder faults;
  std::optional<FakeProvider> provider;
  std::optional<SmallSweep> sweep;
};

TEST_F(TwoModels, TheBrokenOneIsHeldBackAndTheOtherGoesOn) {
  manifest("provider.error_rate('fake') > 0.3");

  const auto ended = sweep->sweep();

  ASSERT_EQ(ended.status, 5) << ended.out << ended.err;
  const auto result = json::parse(ended.out).value_or(json::Value::object());
  EXPECT_EQ(result.at("status"), "paused");
  EXPECT_EQ(result.at("reason"),
            "fake/broken is held back: too many errors; 8 runs wait");
  EXPECT_EQ(result.at("ended_by_rule").at("then"), "pause-model");
  EXPECT_EQ(result.at("runs").at("completed"), 16);
  EXPECT_EQ(result.at("runs").at("failed"), 8);
  EXPECT_NE(sweep->folder()
              .read(".scenario-lab/engine.log")
              .find(R"("event":"model-held-back","model":"fake/broken")"),
            std::string::npos);
  const auto status = sweep->run({"status"});
  EXPECT_NE(status.out.find("fake/broken is held back"), std::string::npos)
    << status.out;

  // The same command asks again: after a run of that model.
  const auto again = sweep->sweep();
  ASSERT_EQ(again.status, 5) << again.out << again.err;
  EXPECT_EQ(json::parse(again.out)->at("reason"),
            "fake/broken is held back: too many errors; 8 runs wait");
}

TEST_F(TwoModels, ARuleOnFailedRunsHoldsOneModelToo) {
  manifest("share(failed) > 0.2 and count(failed) >= 4");
  const auto ended = sweep->sweep();
  ASSERT_EQ(ended.status, 5) << ended.out << ended.err;
  EXPECT_EQ(json::parse(ended.out)->at("runs").at("completed"), 16);
}

} // namespace
} // namespace lab::testing

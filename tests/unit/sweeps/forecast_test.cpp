#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sweeps/planner/forecast.hpp"

namespace lab::sweeps {
namespace {

using ::testing::ElementsAre;

class Forecast : public ::testing::Test {
protected:
  Forecast() {
    input.lane_of = [](const std::string& model) {
      return LaneWidth{model.substr(0, model.find('/')), 4};
    };
    input.runs_in_flight = 64;
    input.participants = 2;
    estimate.runs = 10;
  }

  void ask(const std::string& model, std::int64_t calls) {
    estimate.all.by_model[model].calls = calls;
  }
  TimeForecast made() const { return forecast_time(estimate, input); }

  SweepEstimate estimate;
  ForecastInput input;
};

TEST_F(Forecast, IsWorkOverSlotsUpToThatAndAChain) {
  ask("a/x", 400); // 40 a run
  input.latencies["a/x"] = {{2, 2, 2}};

  const auto time = made();

  // 800 s of work on four slots; a run's own calls take 80 s in a row.
  ASSERT_TRUE(time.seconds);
  EXPECT_DOUBLE_EQ(time.low, 200);
  EXPECT_DOUBLE_EQ(time.high, 280);
  EXPECT_DOUBLE_EQ(*time.seconds, 240);
  EXPECT_EQ(time.slots, 4);
  EXPECT_EQ(time.runs, 3);
}

TEST_F(Forecast, WidensWithTheSpreadOfEarlierRuns) {
  ask("a/x", 400);
  input.latencies["a/x"] = {{1, 2, 3}};

  const auto time = made();

  // Student's t of 2 degrees: 4.303 * 1 / sqrt(3) = 2.484 s around 2 s.
  EXPECT_DOUBLE_EQ(time.low, 0);
  EXPECT_NEAR(time.high, 4.484 * (400 / 4 + 40), 1);
  EXPECT_DOUBLE_EQ(*time.seconds, 240);
}

TEST_F(Forecast, OneRunSpeaksForHalfToTwice) {
  ask("a/x?temperature=1", 400);
  input.latencies["a/x"] = {{2}};

  const auto time = made();

  EXPECT_DOUBLE_EQ(time.low, 100);
  EXPECT_DOUBLE_EQ(time.high, 560);
}

TEST_F(Forecast, WithoutALatencyOfAModelItSaysWhich) {
  ask("a/x", 400);
  ask("human/eu", 4);
  ask("sim/persona", 10);
  input.latencies["a/x"] = {{2}};

  const auto time = made();

  EXPECT_FALSE(time.seconds);
  EXPECT_THAT(time.unknown, ElementsAre("human/eu"));
}

TEST_F(Forecast, BuiltInModelsAnswerAtOnce) {
  ask("sim/persona", 10'000);

  const auto time = made();

  EXPECT_EQ(time.seconds, 0);
  EXPECT_EQ(time.runs, 0);
}

TEST_F(Forecast, LanesWorkTogetherExceptByModel) {
  ask("a/x", 400);
  ask("b/y", 200);
  input.latencies["a/x"] = {{2, 2}};
  input.latencies["b/y"] = {{2, 2}};
  EXPECT_DOUBLE_EQ(made().low, 200);
  EXPECT_DOUBLE_EQ(made().high, 300 + 120);

  input.order = RunOrder::by_model;

  EXPECT_DOUBLE_EQ(made().low, 300);
}

TEST_F(Forecast, FewRunsInFlightAndTheSweepsCeilingNarrowALane) {
  ask("a/x", 400);
  input.latencies["a/x"] = {{2, 2}};
  input.runs_in_flight = 1;
  EXPECT_EQ(made().slots, 2);
  EXPECT_DOUBLE_EQ(made().low, 400);

  input.calls_max = 1;

  EXPECT_EQ(made().slots, 1);
  EXPECT_DOUBLE_EQ(made().low, 800);
}

} // namespace
} // namespace lab::sweeps

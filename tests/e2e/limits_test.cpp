// A limit that fits only part of the work.

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "runtime/base/money.hpp"
#include "tests/support/small_sweep.hpp"

namespace lab::testing {
namespace {

TEST(Limits, FiveHundredRunsInFlightNeverPassALimitThatFitsAThird) {
  TempFolder folder;
  const FakeProvider provider{folder.path(), "openai", {"--latency-ms", "20"}};
  SmallSweep::Shape shape;
  shape.points = 50;
  shape.replicates = 10;
  shape.turns = 2;
  shape.runs_in_flight = 500;
  shape.max_in_flight = 256;
  SmallSweep sweep{provider.base_url(), shape};
  // What all of it costs, from a sweep of one of the ten replicates.
  TempFolder probe_folder;
  const FakeProvider probe_provider{probe_folder.path(), "openai"};
  auto probe_shape = shape;
  probe_shape.replicates = 1;
  const SmallSweep probe{probe_provider.base_url(), probe_shape};
  ASSERT_EQ(probe.sweep().status, 0);
  const Money whole{probe_provider.bill().pico_usd * 10};
  const Money third{whole.pico_usd / 3};
  sweep.set_budget(to_decimal(third));

  const auto halted = sweep.sweep();

  ASSERT_EQ(halted.status, 5) << halted.err;
  const auto result = json::parse(halted.out).value_or(json::Value{});
  EXPECT_EQ(result.at("status"), "halted");
  EXPECT_LE(provider.bill().pico_usd, third.pico_usd);
  EXPECT_EQ(result.at("cost").at("reserved"), "0");
  const auto first_bill = provider.bill();

  // A raised limit and the same command finish the rest.
  sweep.set_budget(to_decimal(whole + whole));
  const auto finished = sweep.sweep();

  ASSERT_EQ(finished.status, 0) << finished.err;
  const auto done = json::parse(finished.out).value_or(json::Value{});
  EXPECT_EQ(done.at("runs").at("completed"), 500);
  EXPECT_EQ(
    parse_usd(done.at("cost").at("settled").get<std::string>())->pico_usd,
    provider.bill().pico_usd);
  EXPECT_EQ(provider.bill().billed, 500 * 2 * 3) << "nothing was paid twice";
  EXPECT_GT(first_bill.billed, 0);
}

TEST(Limits, ABudgetBelowOneCallIsRefusedBeforeAnythingIsSent) {
  TempFolder folder;
  const FakeProvider provider{folder.path(), "openai"};
  SmallSweep::Shape shape;
  shape.budget_usd = "0.000001";
  const SmallSweep sweep{provider.base_url(), shape};

  const auto ended = sweep.sweep();

  EXPECT_EQ(ended.status, 3) << ended.err;
  EXPECT_NE(ended.err.find("B501"), std::string::npos) << ended.err;
  EXPECT_EQ(provider.bill().requests, 0);
}

TEST(Limits, ACreditLimitStopsASingleRunAndTheSameSeedGoesOn) {
  TempFolder folder;
  const FakeProvider provider{folder.path(), "openai"};
  const SmallSweep sweep{provider.base_url(), {}};

  const auto halted = sweep.run({"run", "two-quays", "--seed", "3", "--model",
                                 "fake/tiny", "--credit-limit", "0.0009"});
  const auto more = sweep.run({"run", "two-quays", "--seed", "3", "--model",
                               "fake/tiny", "--credit-limit", "1"});

  EXPECT_EQ(halted.status, 5) << halted.out << halted.err;
  EXPECT_EQ(more.status, 0) << more.err;
  EXPECT_EQ(provider.bill().billed, 3);
}

} // namespace
} // namespace lab::testing

// The same manifest against real HTTP servers in every dialect.

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "runtime/base/money.hpp"
#include "tests/support/small_sweep.hpp"

namespace lab::testing {
namespace {

class Servers : public ::testing::TestWithParam<const char*> {};

TEST_P(Servers, ASweepSettlesExactlyWhatTheServerBills) {
  TempFolder folder;
  const FakeProvider provider{folder.path(), GetParam()};
  SmallSweep::Shape shape;
  shape.dialect = GetParam();
  shape.replicates = 3;
  shape.turns = 2;
  const SmallSweep sweep{provider.base_url(), shape};

  const auto ended = sweep.sweep();

  ASSERT_EQ(ended.status, 0) << ended.err;
  const auto result = json::parse(ended.out).value_or(json::Value{});
  EXPECT_EQ(result.at("status"), "completed");
  EXPECT_EQ(result.at("simulated"), false);
  EXPECT_EQ(result.at("runs").at("completed"), 6);
  EXPECT_EQ(
    parse_usd(result.at("cost").at("settled").get<std::string>())->pico_usd,
    provider.bill().pico_usd);
  EXPECT_EQ(result.at("cost").at("unknown"), "0");
  EXPECT_EQ(result.at("calls").at("sent"), provider.bill().billed);
}

TEST_P(Servers, RepeatingTheCommandBuysNothing) {
  TempFolder folder;
  const FakeProvider provider{folder.path(), GetParam()};
  SmallSweep::Shape shape;
  shape.dialect = GetParam();
  const SmallSweep sweep{provider.base_url(), shape};
  ASSERT_EQ(sweep.sweep().status, 0);
  const auto before = provider.bill().requests;
  const auto artefacts = sweep.artefacts();

  const auto again = sweep.sweep();

  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(provider.bill().requests, before);
  EXPECT_EQ(sweep.artefacts(), artefacts);
}

TEST_P(Servers, ReplicatesAreDifferentSamples) {
  TempFolder folder;
  const FakeProvider provider{folder.path(), GetParam()};
  SmallSweep::Shape shape;
  shape.dialect = GetParam();
  shape.points = 1;
  shape.replicates = 8;
  const SmallSweep sweep{provider.base_url(), shape};

  ASSERT_EQ(sweep.sweep().status, 0);

  // Two participants and the world, once for each replicate: nothing shared.
  EXPECT_EQ(provider.bill().billed, 8 * 3);
}

INSTANTIATE_TEST_SUITE_P(Dialects, Servers,
                         ::testing::Values("openai", "anthropic", "ollama"),
                         [](const auto& dialect) {
                           return std::string{dialect.param};
                         });

TEST(Sharing, PointsThatDifferOnlyLaterShareTheirFirstTurns) {
  TempFolder folder;
  const FakeProvider provider{folder.path(), "openai"};
  SmallSweep::Shape shape;
  shape.points = 1;
  shape.replicates = 1;
  const SmallSweep sweep{provider.base_url(), shape};
  // Two lengths of the same story: only `turns` differs, which every prompt
  // tells, so nothing is shared; two metrics differ in no prompt at all.
  sweep.folder().write("sweep.yaml", R"(schema: sweep/1
name: prefix
scenario: two-quays
set:
  turns: 2
  actors.*.llm_model: fake/tiny
  world_state_model: fake/tiny
factors:
  ceiling: {path: metrics.crane_talk.range, values: [[0, 10], [0, 20]]}
design:
  grid: {factors: [ceiling]}
  seed: 7
replicates: {count: 1, seeds: paired}
output: {dir: output}
)");

  const auto ended = sweep.sweep();

  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(provider.bill().billed, 2 * 3) << "six calls, not twelve";
  const auto result = json::parse(ended.out).value_or(json::Value{});
  EXPECT_EQ(result.at("calls").at("shared"), 6);
}

} // namespace
} // namespace lab::testing

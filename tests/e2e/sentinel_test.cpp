// A provider that puts another model behind a name in the middle of a sweep.

#include <algorithm>

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"
#include "runtime/base/money.hpp"
#include "storage/queries.hpp"
#include "tests/support/small_sweep.hpp"

namespace lab::testing {
namespace {

/// Sixteen runs of three calls, one after the other, with a check of sixteen
/// questions before them and after every fourth.
SmallSweep::Shape watched(const std::string& dialect) {
  SmallSweep::Shape shape;
  shape.dialect = dialect;
  shape.replicates = 8;
  shape.runs_in_flight = 1;
  shape.more = "sentinel: {every: 4}\n";
  return shape;
}

/// Another model from this request on; the third check is the first to hear it.
FakeProvider swapping(const TempFolder& folder, const std::string& dialect) {
  folder.write("faults.json", R"({"rules":[{"fault":"swapped","from":45}]})");
  return FakeProvider{folder.path(),
                      dialect,
                      {"--faults", (folder.path() / "faults.json").string(),
                       "--models", "tiny:latest"}};
}

storage::Queries tables_of(const SmallSweep& sweep) {
  return std::move(*storage::Queries::open(
    (sweep.path() / ".scenario-lab/scenario-lab.db").string()));
}

class Sentinel : public ::testing::TestWithParam<const char*> {};

TEST_P(Sentinel, ASilentChangeOfModelOpensAStratumAndWarns) {
  TempFolder folder;
  const auto provider = swapping(folder, GetParam());
  const SmallSweep sweep{provider.base_url(), watched(GetParam())};

  const auto ended = sweep.sweep();

  ASSERT_EQ(ended.status, 0) << ended.err;
  const auto result = json::parse(ended.out).value_or(json::Value{});
  ASSERT_EQ(result.at("model_changes").size(), 1U) << ended.out;
  const auto warning = result.at("model_changes")[0].get<std::string>();
  EXPECT_TRUE(warning.starts_with("another model answers as fake/tiny: "));
  EXPECT_NE(ended.err.find(warning), std::string::npos) << ended.err;
  EXPECT_EQ(warning.find("its digest is") != std::string::npos,
            std::string{GetParam()} == "ollama")
    << warning;

  const auto id = sweep_id_of("small");
  auto tables = tables_of(sweep);
  const auto changes = tables.model_changes(id);
  ASSERT_TRUE(changes) << to_string(changes.error());
  EXPECT_EQ(changes->size(), 1U);
  const auto strata = tables.strata(id);
  ASSERT_TRUE(strata) << to_string(strata.error());
  const auto count = [&](std::optional<std::int32_t> stratum) {
    return std::ranges::count_if(
      *strata, [&](const auto& run) { return run.second == stratum; });
  };
  EXPECT_EQ(count(1) + count(2) + count(std::nullopt), 16);
  EXPECT_GE(count(1), 3); // the fourth starts the second check
  EXPECT_GE(count(2), 1);
  EXPECT_GE(count(std::nullopt), 1);
}

TEST_P(Sentinel, CanariesAreBilledInTheSweepAndNeverBoughtAgain) {
  TempFolder folder;
  const auto provider = swapping(folder, GetParam());
  auto shape = watched(GetParam());
  shape.budget_usd = "0.006";
  SmallSweep sweep{provider.base_url(), shape};
  EXPECT_EQ(sweep.sweep().status, 5);
  sweep.set_budget("1");

  const auto ended = sweep.sweep();

  ASSERT_EQ(ended.status, 0) << ended.err;
  const auto result = json::parse(ended.out).value_or(json::Value{});
  EXPECT_EQ(
    parse_usd(result.at("cost").at("settled").get<std::string>())->pico_usd,
    provider.bill().pico_usd);
  auto tables = tables_of(sweep);
  const auto twice = tables.sql(
    "SELECT COUNT(*) - COUNT(DISTINCT run || turn || phase || actor || ordinal)"
    " FROM calls WHERE resolution = 'settled'",
    10);
  ASSERT_TRUE(twice) << to_string(twice.error());
  EXPECT_EQ(twice->rows[0][0], "0");

  const auto before = provider.bill().requests;
  EXPECT_EQ(sweep.sweep().status, 0);
  EXPECT_EQ(provider.bill().requests, before);
}

TEST_P(Sentinel, TheReportTellsStrataApart) {
  TempFolder folder;
  const auto provider = swapping(folder, GetParam());
  const SmallSweep sweep{provider.base_url(), watched(GetParam())};
  ASSERT_EQ(sweep.sweep().status, 0);

  ASSERT_EQ(sweep.run({"sweep", "report", "small"}).status, 0);
  ASSERT_EQ(
    sweep.run({"sweep", "report", "small", "--stratum", "1", "--to", "first"})
      .status,
    0);

  const auto all = sweep.folder().read("output/report.md");
  EXPECT_NE(all.find("Another model came to answer"), std::string::npos) << all;
  EXPECT_NE(all.find("## Did the models stay the same?"), std::string::npos);
  EXPECT_NE(all.find("Means by stratum"), std::string::npos);
  const auto first = sweep.folder().read("first/report.md");
  EXPECT_NE(first.find("Only stratum 1"), std::string::npos) << first;
}

INSTANTIATE_TEST_SUITE_P(Dialects, Sentinel,
                         ::testing::Values("openai", "anthropic", "ollama"),
                         [](const auto& each) { return each.param; });

TEST(SentinelOfRules, AsksNobodyWhereEveryModelIsSimulated) {
  SmallSweep::Shape shape;
  shape.more = "models: sim/persona\nsentinel: {every: 4}\n";
  const SmallSweep sweep{"http://127.0.0.1:9", shape};

  const auto ended = sweep.sweep();

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.err.find("S440"), std::string::npos) << ended.err;
  EXPECT_TRUE(tables_of(sweep).model_checks(sweep_id_of("small"))->empty());
}

} // namespace
} // namespace lab::testing

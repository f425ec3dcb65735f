#include <optional>

#include "runtime/base/json.hpp"
#include "storage/export/junit_file.hpp"
#include "storage/export/tidy_tables.hpp"
#include "storage/projections.hpp"
#include "tests/unit/storage/facts.hpp"
#include "tests/unit/storage/scratch.hpp"

namespace lab::storage {

namespace {

using testing::Story;
using Json = nlohmann::json;

/// A sweep of one point and six runs. What becomes of each is up to the test.
class TidyTables : public testing::ScratchTest {
protected:
  TidyTables() {
    projections_ = std::move(*Projections::open(at("scenario-lab.db")));
    SweepPlanned planned;
    planned.sweep = sweep_;
    planned.name = "storm";
    planned.about = "Does caution calm?";
    planned.points = 1;
    planned.replicates = 6;
    planned.factors = {"caution", "model"};
    planned.simulated = true;
    for (std::uint64_t i = 1; i <= 6; ++i)
      planned.runs.push_back({RunId{i}, "p001.r" + std::to_string(i), "p001", 0,
                              static_cast<std::int32_t>(i), i});
    feed({planned});
  }

  /// @param said  in the turn; runs that say the same are one observation
  void play(std::uint64_t number, RunStatus how, const std::string& said,
            MetricStatus status = MetricStatus::value) {
    const Story story{number};
    auto spec = story.spec();
    spec.factors = {{"caution", "0.25"}, {"model", "a, b"}};
    auto turn = story.turn(1);
    turn.decisions[0].raw = said;
    turn.metrics[0].status = status;
    const auto call = story.reserved(1, "decision", "council", 1'000'000'000);
    feed({RunPlanned{spec}, RunStarted{spec.id}, call,
          story.settled(call, 123'450'000'000, story.reply(said)),
          TurnCompleted{spec.id, turn},
          RunEnded{{spec.id, how,
                    how == RunStatus::failed ? Errc::provider_failed : Errc::ok,
                    how == RunStatus::failed ? "no answer" : "", 1}}});
  }

  void share(std::uint64_t number, const CallReserved& source) {
    feed({CallShared{RunId{number}, source.place, source.fingerprint,
                     source.attempt}});
  }

  void feed(std::vector<Fact> facts) {
    std::vector<JournalledFact> numbered;
    for (auto& fact : facts)
      numbered.push_back({++seq_, 1'700'000'000'000 + static_cast<UnixMs>(seq_),
                          std::move(fact)});
    const auto done = projections_->project(numbered);
    ASSERT_TRUE(done) << to_string(done.error());
  }

  /// Rows of a table as objects, by way of its JSON Lines.
  std::vector<Json> rows(TidyTable table) {
    auto queries = Queries::open(at("scenario-lab.db"));
    ExportOrder order;
    order.target = sweep_;
    order.form = ExportForm::jsonl;
    order.tables = {table};
    order.folder = at("data");
    order.factor_units = {{"caution", "share"}};
    const auto written = export_tables(*queries, order);
    EXPECT_TRUE(written) << to_string(written.error());
    std::istringstream lines{read(written->at(0).file)};
    std::vector<Json> found;
    for (std::string line; std::getline(lines, line);)
      found.push_back(Json::parse(line));
    EXPECT_EQ(written->at(0).rows, static_cast<std::int64_t>(found.size()));
    return found;
  }

  Queries queries() { return std::move(*Queries::open(at("scenario-lab.db"))); }

  const SweepId sweep_ = sweep_id_of("storm");

private:
  std::unique_ptr<Projections> projections_;
  std::uint64_t seq_ = 0;
};

TEST_F(TidyTables, EveryRunHasARowWhateverBecameOfIt) {
  play(1, RunStatus::completed, "one");
  play(2, RunStatus::failed, "two");
  play(3, RunStatus::halted, "three");

  const auto runs = rows(TidyTable::runs);

  ASSERT_EQ(runs.size(), 6u);
  EXPECT_EQ(runs[0]["run"], "p001.r1");
  EXPECT_EQ(runs[0]["sweep"], "storm");
  EXPECT_EQ(runs[0]["simulated"], true);
  EXPECT_EQ(runs[0]["factor_caution"], 0.25) << "numbers are numbers";
  EXPECT_EQ(runs[0]["factor_model"], "a, b");
  EXPECT_EQ(runs[0]["settled_usd"], "0.12345") << "to the last digit";
  EXPECT_EQ(runs[0]["effective"], true);
  EXPECT_EQ(runs[1]["status"], "failed");
  EXPECT_EQ(runs[1]["code"], "provider_failed");
  EXPECT_EQ(runs[1]["reason"], "no answer");
  EXPECT_EQ(runs[1]["effective"], false);
  EXPECT_EQ(runs[2]["status"], "halted");
  EXPECT_EQ(runs[3]["status"], "planned");
  EXPECT_TRUE(runs[3]["started_at"].is_null());
}

TEST_F(TidyTables, OnlyNumbersOfCompletedRunsAreValues) {
  play(1, RunStatus::completed, "one");
  play(2, RunStatus::failed, "two");
  play(3, RunStatus::completed, "three", MetricStatus::out_of_range);

  const auto metrics = rows(TidyTable::metrics);

  ASSERT_EQ(metrics.size(), 6u) << "two metrics a run";
  EXPECT_EQ(metrics[0]["metric"], "tension");
  EXPECT_EQ(metrics[0]["unit"], "points");
  EXPECT_EQ(metrics[0]["turn"], 1);
  EXPECT_EQ(metrics[0]["last_turn"], true);
  EXPECT_EQ(metrics[0]["value"], 5.5);
  EXPECT_EQ(metrics[0]["effective"], true);
  EXPECT_TRUE(metrics[1]["value"].is_null());
  EXPECT_EQ(metrics[1]["actor"], "lines");
  EXPECT_EQ(metrics[1]["status"], "missing");
  for (const std::size_t row : {2, 4}) {
    EXPECT_TRUE(metrics[row]["value"].is_null()) << row;
    EXPECT_EQ(metrics[row]["observed"], 5.5) << row;
    EXPECT_EQ(metrics[row]["effective"], false) << row;
  }
}

// What a first version's cache did: six runs, one text.
TEST_F(TidyTables, RunsThatHoldTheSameTextAreMarkedAsCopies) {
  for (std::uint64_t i = 1; i <= 5; ++i)
    play(i, RunStatus::completed, "the same");
  play(6, RunStatus::completed, "another");

  const auto runs = rows(TidyTable::runs);
  const auto metrics = rows(TidyTable::metrics);

  EXPECT_EQ(runs[0]["effective"], true);
  EXPECT_TRUE(runs[0]["duplicate_of"].is_null());
  for (std::size_t i = 1; i < 5; ++i) {
    EXPECT_EQ(runs[i]["effective"], false) << i;
    EXPECT_EQ(runs[i]["duplicate_of"], "p001.r1") << i;
  }
  EXPECT_EQ(runs[5]["effective"], true);
  int effective = 0;
  for (const auto& row : metrics)
    effective += row["effective"] == true ? 1 : 0;
  EXPECT_EQ(effective, 2) << "n is 2, not 6";
}

TEST_F(TidyTables, AFailedRunNeverStandsForItsCopies) {
  play(1, RunStatus::failed, "the same");
  play(2, RunStatus::completed, "the same");

  const auto runs = rows(TidyTable::runs);

  EXPECT_EQ(runs[1]["effective"], true);
  EXPECT_TRUE(runs[1]["duplicate_of"].is_null());
}

TEST_F(TidyTables, CallsNameTheirPlaceAndSharedOnesTheirSource) {
  play(1, RunStatus::completed, "one");
  play(2, RunStatus::completed, "one");
  const auto source = Story{1}.reserved(1, "decision", "council");
  share(3, source);

  const auto calls = rows(TidyTable::calls);

  ASSERT_EQ(calls.size(), 3u);
  EXPECT_EQ(calls[0]["phase"], "decision");
  EXPECT_EQ(calls[0]["actor"], "council");
  EXPECT_EQ(calls[0]["shared"], false);
  EXPECT_EQ(calls[0]["resolution"], "settled");
  EXPECT_EQ(calls[0]["settled_usd"], "0.12345");
  EXPECT_EQ(calls[0]["unknown_usd"], "0");
  EXPECT_EQ(calls[2]["run"], "p001.r3");
  EXPECT_EQ(calls[2]["shared"], true);
  EXPECT_EQ(calls[2]["attempt_id"], calls[0]["attempt_id"]);
  EXPECT_EQ(calls[2]["settled_usd"], "0") << "paid once";
}

TEST_F(TidyTables, TheDictionaryExplainsEveryColumnOfEveryTable) {
  play(1, RunStatus::completed, "one");
  const auto runs = rows(TidyTable::runs);

  const auto dictionary = Json::parse(read(at("data/dictionary.json")));

  EXPECT_EQ(dictionary["schema"], "scenario-lab/export/1");
  EXPECT_EQ(dictionary["simulated"], true);
  EXPECT_EQ(dictionary["subject"], "storm");
  ASSERT_EQ(dictionary["tables"].size(), 1u);
  const auto& table = dictionary["tables"][0];
  EXPECT_EQ(table["file"], "runs.jsonl");
  EXPECT_EQ(table["rows"], 6);
  std::set<std::string> named;
  for (const auto& column : table["columns"]) {
    named.insert(column["name"]);
    if (column["name"] == "factor_caution") {
      EXPECT_EQ(column["unit"], "share");
    }
  }
  for (const auto& [key, value] : runs[0].items())
    EXPECT_TRUE(named.contains(key)) << key;
}

TEST_F(TidyTables, JUnitHasASuiteAPointAndACaseARun) {
  play(1, RunStatus::completed, "one");
  play(2, RunStatus::failed, "two");
  play(3, RunStatus::halted, "three");
  RunFilter filter;
  filter.sweep = sweep_;
  auto tables = queries();

  const auto text = junit_file("a & <b>", *tables.runs(filter));

  EXPECT_EQ(text,
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="a &amp; &lt;b&gt;" tests="6" failures="1" skipped="4">
  <testsuite name="a &amp; &lt;b&gt;.p001" tests="6" failures="1" skipped="4">
    <testcase classname="a &amp; &lt;b&gt;.p001" name="p001.r1" time="0.004"/>
    <testcase classname="a &amp; &lt;b&gt;.p001" name="p001.r2" time="0.004">
      <failure type="provider_failed" message="no answer"/>
    </testcase>
    <testcase classname="a &amp; &lt;b&gt;.p001" name="p001.r3" time="0.004">
      <skipped message="halted"/>
    </testcase>
    <testcase classname="a &amp; &lt;b&gt;.p001" name="p001.r4" time="0.000">
      <skipped message="planned"/>
    </testcase>
    <testcase classname="a &amp; &lt;b&gt;.p001" name="p001.r5" time="0.000">
      <skipped message="planned"/>
    </testcase>
    <testcase classname="a &amp; &lt;b&gt;.p001" name="p001.r6" time="0.000">
      <skipped message="planned"/>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST_F(TidyTables, QueriesTellWhatModelsWereUsedAndWhereRunsStood) {
  play(1, RunStatus::failed, "one");
  share(2, Story{1}.reserved(1, "decision", "council"));
  auto tables = queries();

  const auto sites = tables.last_calls(sweep_);
  const auto models = tables.models_used(sweep_);
  const auto meanings = tables.metric_meanings(sweep_);

  ASSERT_TRUE(sites);
  ASSERT_EQ(sites->size(), 1u);
  EXPECT_EQ(sites->at(RunId{1}).phase, "decision");
  EXPECT_EQ(sites->at(RunId{1}).participant, "council");
  EXPECT_EQ(models->at(RunId{1}), models->at(RunId{2}));
  ASSERT_EQ(meanings->size(), 1u);
  EXPECT_EQ(meanings->at(0).unit, "points");
}

} // namespace

} // namespace lab::storage

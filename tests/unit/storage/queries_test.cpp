#include "storage/fact_codec.hpp"
#include "storage/projections.hpp"
#include "storage/queries.hpp"
#include "storage/sqlite/database.hpp"
#include "tests/unit/storage/facts.hpp"
#include "tests/unit/storage/scratch.hpp"

namespace lab::storage {

namespace {

using testing::Story;

/// Two sweeps and a single run, with every way a run can end.
class QueriesTest : public testing::ScratchTest {
protected:
  QueriesTest() {
    projections = std::move(*Projections::open(path()));
    SweepPlanned storm;
    storm.sweep = sweep_id_of("storm");
    storm.name = "storm";
    storm.scenario = "veddan-ferry";
    storm.points = 2;
    storm.replicates = 2;
    storm.factors = {"caution", "model"};
    storm.simulated = true;
    for (std::uint64_t i = 1; i <= 4; ++i)
      storm.runs.push_back({RunId{i},
                            "p00" + std::to_string((i + 1) / 2) + ".r"
                              + std::to_string((i + 1) % 2 + 1),
                            "p00" + std::to_string((i + 1) / 2),
                            static_cast<std::int32_t>((i - 1) / 2),
                            static_cast<std::int32_t>((i + 1) % 2 + 1), i});
    feed({storm});
    // Run 1 completes with a number, 2 with a number out of range, 3 fails
    // with a number, 4 never starts.
    play(1, RunStatus::completed, MetricStatus::value);
    play(2, RunStatus::completed, MetricStatus::out_of_range);
    play(3, RunStatus::failed, MetricStatus::value);
    SweepPlanned calm;
    calm.sweep = sweep_id_of("calm");
    calm.name = "calm";
    feed({calm});
    single = Story{77, ""}.spec();
    at_ += 1'000;
    feed({RunPlanned{single}});
    queries.emplace(std::move(*Queries::open(path())));
  }

  std::string path() const { return at("scenario-lab.db"); }

  void feed(std::vector<Fact> facts) {
    std::vector<JournalledFact> numbered;
    for (auto& fact : facts)
      numbered.push_back({++seq_, ++at_, std::move(fact)});
    const auto done = projections->project(numbered);
    ASSERT_TRUE(done) << to_string(done.error());
  }

  void play(std::uint64_t number, RunStatus how, MetricStatus status) {
    const Story story{number};
    auto spec = story.spec();
    spec.point = number <= 2 ? "p001" : "p002";
    spec.name = spec.point + ".r" + std::to_string((number + 1) % 2 + 1);
    spec.factors = {{"caution", number <= 2 ? "0.2" : "0.8"}, {"model", "a"}};
    auto turn = story.turn(1);
    turn.metrics[0].status = status;
    const auto a = story.reserved(1, "decision", "council", 1'000);
    const auto b = story.reserved(1, "decision", "lines", 2'000);
    auto c = story.reserved(1, "world_update", "", 4'000);
    c.at += 86'400'000;
    feed({RunPlanned{spec}, RunStarted{spec.id}, a, b, c,
          story.settled(a, 100 * static_cast<std::int64_t>(number),
                        story.reply("x")),
          story.ended(b, Resolution::bounded), TurnCompleted{spec.id, turn},
          RunEnded{{spec.id, how,
                    how == RunStatus::failed ? Errc::provider_failed : Errc::ok,
                    "", 1}}});
  }

  std::unique_ptr<Projections> projections;
  std::optional<Queries> queries;
  RunSpec single;
  const SweepId storm_id = sweep_id_of("storm");

private:
  std::uint64_t seq_ = 0;
  UnixMs at_ = 1'700'000'000'000;
};

using EmptyTables = testing::ScratchTest;

TEST_F(EmptyTables, AFileLeftEmptyByAKillMeansThatNothingRanYet) {
  const auto path = at("scenario-lab.db");
  ASSERT_TRUE(sqlite::Database::open(path, sqlite::OpenMode::create)
                ->text("PRAGMA journal_mode=WAL"));

  const auto opened = Queries::open(path);

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::not_found);
}

TEST_F(QueriesTest, SweepsCountTheirRunsAndMoney) {
  const auto sweeps = queries->sweeps();

  ASSERT_TRUE(sweeps) << to_string(sweeps.error());
  ASSERT_EQ(sweeps->size(), 2u);
  EXPECT_EQ(sweeps->at(0).name, "calm") << "newest first";
  const auto& storm = sweeps->at(1);
  EXPECT_EQ(storm.id, storm_id);
  EXPECT_EQ(storm.factors, (std::vector<std::string>{"caution", "model"}));
  EXPECT_TRUE(storm.simulated);
  EXPECT_EQ(storm.status, "running");
  EXPECT_EQ(storm.runs.at(RunStatus::completed), 2);
  EXPECT_EQ(storm.runs.at(RunStatus::failed), 1);
  EXPECT_EQ(storm.runs.at(RunStatus::planned), 1);
  EXPECT_EQ(storm.spend.settled.usd, Money{600});
  EXPECT_EQ(storm.spend.settled.calls, 3);
  EXPECT_EQ(storm.spend.unknown.usd, Money{6'000});
  EXPECT_EQ(storm.spend.reserved.usd, Money{12'000});
  EXPECT_EQ(queries->sweep(storm_id)->name, "storm");
  EXPECT_EQ(queries->sweep(SweepId{1}).error().code, Errc::not_found);
}

TEST_F(QueriesTest, RunsAreFilteredAndStandInPlanOrder) {
  const auto names = [&](const RunFilter& filter) {
    std::vector<std::string> found;
    const auto runs = queries->runs(filter);
    EXPECT_TRUE(runs);
    for (const auto& run : *runs)
      found.push_back(run.name);
    return found;
  };
  using Names = std::vector<std::string>;
  const auto in_storm = [&] {
    RunFilter filter;
    filter.sweep = storm_id;
    return filter;
  };

  EXPECT_EQ(names(in_storm()),
            (Names{"p001.r1", "p001.r2", "p002.r1", "p002.r2"}));
  EXPECT_EQ(names({}).size(), 5u);
  auto completed = in_storm();
  completed.status = RunStatus::completed;
  EXPECT_EQ(names(completed), (Names{"p001.r1", "p001.r2"}));
  auto named = in_storm();
  named.name = "p002.r1";
  EXPECT_EQ(names(named), (Names{"p002.r1"}));
  auto prefixed = in_storm();
  prefixed.prefix = "p002";
  EXPECT_EQ(names(prefixed), (Names{"p002.r1", "p002.r2"}));
  RunFilter newest;
  newest.limit = 1;
  EXPECT_EQ(names(newest), (Names{to_string(single.id)}));
  RunFilter percent;
  percent.prefix = "%";
  EXPECT_EQ(names(percent), Names{}) << "a wildcard stands for itself";
  RunFilter scenario;
  scenario.scenario = "veddan-ferry";
  EXPECT_EQ(names(scenario).size(), 4u) << "all but the one still waiting";
}

TEST_F(QueriesTest, ARunShowsEverythingButRawReplies) {
  const auto run = queries->run(RunId{3});

  ASSERT_TRUE(run) << to_string(run.error());
  const auto& row = run->row;
  EXPECT_EQ(row.name, "p002.r1");
  EXPECT_EQ(row.sweep, storm_id);
  EXPECT_EQ(row.status, RunStatus::failed);
  EXPECT_EQ(row.code, Errc::provider_failed);
  EXPECT_EQ(row.scenario_name, "Veddan Strait Ferry Concession");
  EXPECT_EQ(row.turns_planned, 2);
  EXPECT_EQ(row.turns_completed, 1);
  EXPECT_EQ(row.seed, 7u);
  EXPECT_TRUE(row.simulated);
  EXPECT_EQ(row.factors.at(0),
            (std::pair<std::string, std::string>{"caution", "0.8"}));
  EXPECT_GT(row.started_at, 0);
  EXPECT_GT(row.ended_at, row.started_at);
  EXPECT_EQ(row.spend.settled.usd, Money{300});

  ASSERT_EQ(run->turns.size(), 2u);
  EXPECT_EQ(run->turns[0].world, "The contract ends in six months.");
  const auto expected = Story{3}.turn(1);
  const auto& turn = run->turns[1];
  EXPECT_EQ(turn.world, expected.world);
  ASSERT_EQ(turn.decisions.size(), 2u);
  EXPECT_EQ(turn.decisions[0].participant, "council");
  EXPECT_EQ(turn.decisions[0].short_term_priorities,
            expected.decisions[0].short_term_priorities);
  EXPECT_EQ(turn.decisions[1].action, expected.decisions[1].action);
  ASSERT_EQ(turn.messages.size(), 2u);
  EXPECT_EQ(turn.messages[0].recipients, expected.messages[0].recipients);
  ASSERT_EQ(turn.events.size(), 1u);
  EXPECT_EQ(turn.events[0].name, "Fuel price");
  ASSERT_EQ(turn.metrics.size(), 2u);
  EXPECT_EQ(turn.metrics[0].number, 5.5);
  EXPECT_EQ(turn.metrics[1].participant, "lines");
  EXPECT_EQ(turn.metrics[1].status, MetricStatus::missing);
  EXPECT_EQ(queries->run(RunId{99}).error().code, Errc::not_found);
}

TEST_F(QueriesTest, AStoryKeepsTalksCoalitionsPeopleEventsAndChecks) {
  auto turn = Story{1}.busy_turn(2);
  feed({TurnCompleted{RunId{1}, turn}});

  const auto run = queries->run(RunId{1});

  ASSERT_TRUE(run) << to_string(run.error());
  ASSERT_EQ(run->turns.size(), 3u);
  // Everything comes back but what only the journal holds.
  turn.world_raw.clear();
  for (auto& decision : turn.decisions)
    decision.raw.clear();
  for (auto& talk : turn.talks)
    talk.ask_raw = talk.answer_raw = "";
  for (auto& proposal : turn.coalitions) {
    proposal.raw.clear();
    for (auto& answer : proposal.answers)
      answer.raw.clear();
  }
  for (auto& check : turn.checks)
    check.raw.clear();
  const auto encoded = [](const TurnRecord& record) {
    std::string text;
    encode_fact(TurnCompleted{RunId{1}, record}, text);
    return text;
  };
  EXPECT_EQ(encoded(run->turns[2]), encoded(turn));
}

TEST_F(QueriesTest, OnlyAPhasesOwnHaltMakesARunDoneWithoutData) {
  RunOutcome end{RunId{3}, RunStatus::halted, Errc::ok, "end_turn", 1};
  feed({RunEnded{end}});
  EXPECT_TRUE(queries->halted_by_phase({RunId{3}})->empty());

  end.by_phase = true;
  feed({RunEnded{end}});
  EXPECT_EQ(*queries->halted_by_phase({RunId{1}, RunId{3}, RunId{99}}),
            (std::set<RunId>{RunId{3}}));

  feed({RunStarted{RunId{3}}});
  EXPECT_TRUE(queries->halted_by_phase({RunId{3}})->empty());
}

TEST_F(QueriesTest, CostsBreakDownByEveryDimensionAndAlwaysAddUp) {
  const auto total = queries->costs(Target{storm_id}, {});
  ASSERT_TRUE(total);
  ASSERT_EQ(total->size(), 1u);
  EXPECT_EQ(total->front().spend.settled.usd, Money{600});
  for (const auto by :
       {CostBy::actor, CostBy::phase, CostBy::model, CostBy::point, CostBy::run,
        CostBy::turn, CostBy::day, CostBy::user}) {
    Spend sum;
    const auto rows = queries->costs(Target{storm_id}, {by});
    ASSERT_TRUE(rows) << to_string(by);
    for (const auto& row : *rows) {
      sum.settled += row.spend.settled;
      sum.unknown += row.spend.unknown;
      sum.reserved += row.spend.reserved;
    }
    EXPECT_EQ(sum.settled, total->front().spend.settled) << to_string(by);
    EXPECT_EQ(sum.unknown, total->front().spend.unknown) << to_string(by);
    EXPECT_EQ(sum.reserved, total->front().spend.reserved) << to_string(by);
    EXPECT_EQ(cost_by_from(to_string(by)), by);
  }
  EXPECT_FALSE(cost_by_from("colour"));

  const auto actors = queries->costs(Target{RunId{2}}, {CostBy::actor});
  ASSERT_EQ(actors->size(), 3u);
  EXPECT_EQ(actors->at(0).keys, std::vector<std::string>{"council"});
  EXPECT_EQ(actors->at(0).spend.settled.usd, Money{200});
  EXPECT_EQ(actors->at(1).keys, std::vector<std::string>{""}) << "the world";
  EXPECT_EQ(actors->at(2).spend.unknown.usd, Money{2'000});
  const auto days = queries->costs(std::nullopt, {CostBy::day, CostBy::point});
  ASSERT_EQ(days->size(), 2u);
  EXPECT_EQ(days->at(0).keys, (std::vector<std::string>{"2023-11-14", "p001"}));
  EXPECT_EQ(days->at(1).keys.at(0), "2023-11-15");
  EXPECT_EQ(queries->costs(Target{RunId{99}}, {})->size(), 1u);
  EXPECT_TRUE(queries->costs(Target{RunId{99}}, {CostBy::actor})->empty());
}

TEST_F(QueriesTest, OnlyCompletedRunsWithAValueAreData) {
  const auto table = queries->metric_table(storm_id, {"tension", ""});

  ASSERT_TRUE(table) << to_string(table.error());
  EXPECT_EQ(table->factors, (std::vector<std::string>{"caution", "model"}));
  ASSERT_EQ(table->rows.size(), 4u);
  EXPECT_TRUE(table->rows[0].data);
  EXPECT_EQ(table->rows[0].number, 5.5);
  EXPECT_EQ(table->rows[0].values, (std::vector<std::string>{"0.2", "a"}));
  EXPECT_FALSE(table->rows[1].data) << "out of range";
  EXPECT_EQ(table->rows[1].status, MetricStatus::out_of_range);
  EXPECT_FALSE(table->rows[2].data) << "the run failed";
  EXPECT_EQ(table->rows[2].number, 5.5);
  EXPECT_FALSE(table->rows[3].data) << "never started";
  EXPECT_EQ(table->rows[3].run_status, RunStatus::planned);
  EXPECT_EQ(table->rows[3].values, (std::vector<std::string>{"0.8", "a"}));
  EXPECT_EQ(table->rows[3].replicate, 2);

  const auto names = queries->metrics(storm_id);
  ASSERT_EQ(names->size(), 2u);
  EXPECT_EQ(names->at(1).participant, "lines");
}

TEST_F(QueriesTest, ThePlannerLearnsNamesAndWhatIsDone) {
  const auto names = queries->run_names(storm_id);
  const auto done =
    queries->completed({RunId{1}, RunId{2}, RunId{3}, RunId{4}, RunId{99}});

  ASSERT_TRUE(names);
  EXPECT_EQ(names->size(), 4u);
  EXPECT_EQ(names->at(RunId{4}), "p002.r2");
  EXPECT_EQ(*done, (std::set<RunId>{RunId{1}, RunId{2}}));
}

TEST_F(QueriesTest, AWordNamesASweepOrARunOrSaysWhatItMayBe) {
  const auto full = to_string(storm_id);

  EXPECT_EQ(*queries->resolve(full), Target{storm_id});
  EXPECT_EQ(*queries->resolve(full.substr(0, 6)), Target{storm_id});
  EXPECT_EQ(*queries->resolve("storm"), Target{storm_id});
  EXPECT_EQ(*queries->resolve("sto"), Target{storm_id});
  EXPECT_EQ(*queries->resolve("p002.r1"), Target{RunId{3}});
  EXPECT_EQ(*queries->resolve(to_string(RunId{2})), Target{RunId{2}});
  EXPECT_EQ(*queries->resolve("latest"), Target{single.id});

  const auto ambiguous = queries->resolve("r-00000000");
  ASSERT_FALSE(ambiguous);
  EXPECT_EQ(ambiguous.error().code, Errc::invalid_input);
  EXPECT_NE(ambiguous.error().context.find(to_string(RunId{1})),
            std::string::npos);
  for (const char* word : {"nobody", "", "%", "s-zz"})
    EXPECT_EQ(queries->resolve(word).error().code, Errc::not_found) << word;
}

TEST_F(QueriesTest, FreeSqlReadsAndNeverWrites) {
  const auto table =
    queries->sql("SELECT id, started_at FROM runs ORDER BY id", 2);
  ASSERT_TRUE(table) << to_string(table.error());
  EXPECT_EQ(table->columns, (std::vector<std::string>{"id", "started_at"}));
  EXPECT_EQ(table->rows.size(), 2u);
  EXPECT_TRUE(table->truncated);
  EXPECT_FALSE(
    queries->sql("SELECT started_at FROM runs WHERE status = 'planned'", 9)
      ->rows.at(0)
      .at(0)
      .has_value());

  for (const char* sql :
       {"DELETE FROM runs", "SELEC 1", "SELECT 1; DELETE FROM runs", "",
        "CREATE TABLE x(y)", "SELECT * FROM nowhere"})
    EXPECT_EQ(queries->sql(sql, 9).error().code, Errc::invalid_input) << sql;
  EXPECT_EQ(queries->runs({})->size(), 5u);
}

TEST_F(QueriesTest, AReaderSeesWhatIsWrittenWhileItIsOpen) {
  feed({RunEnded{{single.id, RunStatus::halted, Errc::stopped, "stop", 0}}});

  EXPECT_EQ(queries->run(single.id)->row.status, RunStatus::halted);
}

TEST_F(QueriesTest, AClosedWorkspaceCanBeRead) {
  projections.reset();
  queries.reset();

  auto reader = Queries::open(path());

  ASSERT_TRUE(reader) << to_string(reader.error());
  EXPECT_EQ(reader->runs({})->size(), 5u);
}

TEST_F(QueriesTest, WhatIsNoDatabaseOfOursIsRefused) {
  EXPECT_EQ(Queries::open(at("nowhere.db")).error().code, Errc::not_found);
  std::ofstream{at("empty.db")};
  EXPECT_EQ(Queries::open(at("empty.db")).error().code, Errc::not_found);
}

} // namespace

} // namespace lab::storage

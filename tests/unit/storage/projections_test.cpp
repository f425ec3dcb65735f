#include <sqlite3.h>
#include <sys/stat.h>

#include "storage/projections.hpp"
#include "storage/queries.hpp"
#include "tests/unit/storage/facts.hpp"
#include "tests/unit/storage/scratch.hpp"

namespace lab::storage {

namespace {

using testing::Story;

class ProjectionsTest : public testing::ScratchTest {
protected:
  ProjectionsTest() {
    journal = std::move(*Journal::open(at("ledger.db"), {}, clock));
  }

  std::string path() const { return at("scenario-lab.db"); }
  std::string output() const { return at("output/run-001"); }

  std::unique_ptr<Projections> open(ArtefactMode mode = ArtefactMode::write) {
    auto projections = Projections::open(path(), mode);
    EXPECT_TRUE(projections) << to_string(projections.error());
    return projections ? std::move(*projections) : nullptr;
  }

  void commit(CommitFacts batch) {
    const auto done = journal->commit(std::move(batch));
    ASSERT_TRUE(done) << to_string(done.error());
  }

  /// Two turns of one run of a sweep, as the engine would journal them.
  void play(const Story& story) {
    SweepPlanned sweep;
    sweep.sweep = story.sweep();
    sweep.name = "storm";
    sweep.points = 1;
    sweep.replicates = 1;
    sweep.simulated = true;
    auto spec = story.spec();
    spec.output = output();
    sweep.runs = {{spec.id, spec.name, spec.point, 0, spec.replicate, 7}};
    commit({{sweep, RunPlanned{spec}, RunStarted{spec.id}}, {}});
    for (int turn = 1; turn <= 2; ++turn) {
      for (const char* who : {"council", "lines", ""}) {
        const auto call = story.reserved(
          turn, *who == '\0' ? "world_update" : "decision", who, 1'000'000);
        commit({{call}, {}});
        commit(story.bought(call, 123'000));
      }
      clock->advance(std::chrono::milliseconds{1'000});
      commit({{TurnCompleted{spec.id, turn == 1 ? story.turn(turn)
                                                : story.busy_turn(turn)}},
              {}});
    }
    commit({{RunEnded{{spec.id, RunStatus::completed, Errc::ok, "", 2}}}, {}});
  }

  std::vector<JournalledFact> facts() {
    std::vector<JournalledFact> all;
    EXPECT_TRUE(
      journal->replay(1, [&](const JournalledFact& fact) -> Result<void> {
        all.push_back(fact);
        return {};
      }));
    return all;
  }

  /// Every table's every row, in the order of their keys.
  static std::string dump(const std::string& file) {
    std::string out;
    sqlite3* connection = nullptr;
    EXPECT_EQ(
      sqlite3_open_v2(file.c_str(), &connection, SQLITE_OPEN_READONLY, nullptr),
      SQLITE_OK);
    const auto append = [](void* to, int columns, char** values,
                           char**) -> int {
      auto& text = *static_cast<std::string*>(to);
      for (int i = 0; i < columns; ++i)
        text += std::string{values[i] == nullptr ? "NULL" : values[i]} + "|";
      text += '\n';
      return 0;
    };
    for (const char* table :
         {"meta", "sweeps", "points", "sweep_runs", "runs", "turns",
          "decisions", "communications", "talks", "coalitions",
          "coalition_answers", "exogenous_events", "metrics", "validations",
          "calls", "shared_calls", "limits", "prices", "costs"}) {
      out += std::string{"== "} + table + "\n";
      EXPECT_EQ(
        sqlite3_exec(
          connection,
          (std::string{"SELECT * FROM "} + table + " ORDER BY 1, 2").c_str(),
          append, &out, nullptr),
        SQLITE_OK)
        << sqlite3_errmsg(connection);
    }
    sqlite3_close(connection);
    return out;
  }

  /// Name and content of every file below `folder`.
  static std::map<std::string, std::string> files(const std::string& folder) {
    std::map<std::string, std::string> found;
    if (std::filesystem::exists(folder))
      for (const auto& entry :
           std::filesystem::recursive_directory_iterator{folder})
        if (entry.is_regular_file())
          found[entry.path().filename()] = read(entry.path());
    return found;
  }

  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  std::unique_ptr<Journal> journal;
};

TEST_F(ProjectionsTest, CatchingUpBringsEverythingFromTheJournal) {
  play(Story{});
  const auto projections = open();

  ASSERT_TRUE(projections->catch_up(*journal));

  EXPECT_EQ(projections->last_seq(), journal->last_seq());
  auto queries = Queries::open(path());
  ASSERT_TRUE(queries);
  const auto run = queries->run(Story{}.run());
  ASSERT_TRUE(run);
  EXPECT_EQ(run->row.status, RunStatus::completed);
  EXPECT_EQ(run->row.turns_completed, 2);
  EXPECT_EQ(run->row.spend.settled.usd, Money{6 * 123'000});
  EXPECT_EQ(run->row.spend.settled.calls, 6);
  EXPECT_EQ(run->row.spend.reserved, Charge{});
}

TEST_F(ProjectionsTest, FactsThatWereSeenBeforeChangeNothing) {
  play(Story{});
  const auto projections = open();
  const auto all = facts();
  ASSERT_TRUE(projections->project(all));
  const auto before = dump(path());

  ASSERT_TRUE(projections->project(all));

  EXPECT_EQ(dump(path()), before);
}

/// Batches may be cut anywhere: the tables are the same.
TEST_F(ProjectionsTest, HowFactsAreBatchedDoesNotMatter) {
  play(Story{});
  const auto all = facts();
  ASSERT_TRUE(open()->project(all));
  const auto whole = dump(path());

  for (const std::size_t size : {1u, 2u, 5u}) {
    std::filesystem::remove(path());
    const auto projections = open();
    for (std::size_t i = 0; i < all.size(); i += size)
      ASSERT_TRUE(projections->project(
        {all.begin() + static_cast<long>(i),
         all.begin() + static_cast<long>(std::min(i + size, all.size()))}));

    EXPECT_EQ(dump(path()), whole) << size;
  }
}

TEST_F(ProjectionsTest, ARebuiltDatabaseAndItsFilesEqualTheLiveOnes) {
  const Story story;
  {
    const auto live = open();
    play(story);
    ASSERT_TRUE(live->catch_up(*journal));
  }
  const auto tables = dump(path());
  const auto written = files(output());
  std::filesystem::remove_all(at("output"));

  const auto rebuilt =
    Projections::rebuild(path(), *journal, ArtefactMode::write);

  ASSERT_TRUE(rebuilt) << to_string(rebuilt.error());
  EXPECT_EQ(dump(path()), tables);
  EXPECT_EQ(files(output()), written);
  EXPECT_EQ(written.size(), 1u + 5 + 10 + 4)
    << "the world before, two turns, and what stands at the end";
}

TEST_F(ProjectionsTest, ARebuildWithoutArtefactsLeavesFilesAlone) {
  play(Story{});

  const auto rebuilt = Projections::rebuild(path(), *journal);

  ASSERT_TRUE(rebuilt);
  EXPECT_FALSE(std::filesystem::exists(at("output")));
}

TEST_F(ProjectionsTest, AnUnusableDatabaseIsMadeAnewFromTheJournal) {
  play(Story{});
  ASSERT_TRUE(open()->catch_up(*journal));
  const auto tables = dump(path());

  for (const std::string damage : {"garbage", "truncated", "old version"}) {
    if (damage == "garbage") {
      std::ofstream{path(), std::ios::trunc} << std::string(9'000, '?');
    } else if (damage == "truncated") {
      std::filesystem::resize_file(path(), 5'000);
    } else {
      sqlite3* connection = nullptr;
      sqlite3_open(path().c_str(), &connection);
      sqlite3_exec(connection, "PRAGMA user_version = 99", nullptr, nullptr,
                   nullptr);
      sqlite3_close(connection);
    }
    const auto projections = open();
    ASSERT_NE(projections, nullptr) << damage;
    EXPECT_EQ(projections->last_seq(), 0u) << damage;
    ASSERT_TRUE(projections->catch_up(*journal)) << damage;
    EXPECT_EQ(dump(path()), tables) << damage;
  }
}

TEST_F(ProjectionsTest, AnotherApplicationsDatabaseIsLeftAlone) {
  sqlite3* connection = nullptr;
  sqlite3_open(path().c_str(), &connection);
  sqlite3_exec(connection, "CREATE TABLE precious(x)", nullptr, nullptr,
               nullptr);
  sqlite3_close(connection);

  const auto opened = Projections::open(path());
  const auto rebuilt = Projections::rebuild(path(), *journal);

  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::invalid_input);
  EXPECT_FALSE(rebuilt);
  EXPECT_TRUE(std::filesystem::exists(path()));
}

TEST_F(ProjectionsTest, AnOlderJournalIsNoticed) {
  play(Story{});
  const auto projections = open();
  ASSERT_TRUE(projections->catch_up(*journal));
  journal.reset();
  std::filesystem::remove(at("ledger.db"));
  journal = std::move(*Journal::open(at("ledger.db")));

  const auto refused = projections->catch_up(*journal);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::journal_corrupt);
  EXPECT_NE(refused.error().context.find("older copy"), std::string::npos);
}

TEST_F(ProjectionsTest, AFolderThatCannotBeWrittenIsNotedAndNothingStops) {
  std::ofstream{at("output")} << "a file where a folder should be";
  play(Story{});
  const auto projections = open();

  ASSERT_TRUE(projections->catch_up(*journal));

  auto queries = Queries::open(path());
  const auto run = queries->run(Story{}.run());
  ASSERT_TRUE(run);
  EXPECT_EQ(run->row.status, RunStatus::completed);
  EXPECT_NE(run->row.artefact_error.find(at("output")), std::string::npos);
  EXPECT_EQ(run->turns.size(), 3u);
}

TEST_F(ProjectionsTest, ALinkInPlaceOfTheFolderIsNotFollowed) {
  std::filesystem::create_directories(at("output"));
  std::filesystem::create_directories(at("elsewhere"));
  std::filesystem::create_directory_symlink(at("elsewhere"), output());
  play(Story{});
  const auto projections = open();

  ASSERT_TRUE(projections->catch_up(*journal));

  EXPECT_TRUE(std::filesystem::is_empty(at("elsewhere")));
  auto queries = Queries::open(path());
  EXPECT_NE(queries->run(Story{}.run())->row.artefact_error, "");
}

TEST_F(ProjectionsTest, ALinkInPlaceOfAFileIsReplacedNotFollowed) {
  std::filesystem::create_directories(output());
  std::ofstream{at("precious")} << "mine";
  std::filesystem::create_symlink(at("precious"),
                                  output() + "/world-state-001.md");
  play(Story{});

  ASSERT_TRUE(open()->catch_up(*journal));

  EXPECT_EQ(read(at("precious")), "mine");
  EXPECT_FALSE(std::filesystem::is_symlink(output() + "/world-state-001.md"));
}

/// Whichever of two runs paid for a reply, both files say what it was worth.
TEST_F(ProjectionsTest, SharedRepliesCountInEveryRunThatUsedThem) {
  const Story payer{1};
  const Story sharer{2};
  auto first = payer.spec();
  auto second = sharer.spec();
  first.output = at("output/a");
  second.output = at("output/b");
  const auto call = payer.reserved(1, "decision", "council", 1'000'000);
  commit({{RunPlanned{first}, RunPlanned{second}, call}, {}});
  commit(payer.bought(call, 5'000'000));
  commit({{CallShared{second.id, call.place, call.fingerprint, call.attempt},
           RunEnded{{first.id, RunStatus::completed, Errc::ok, "", 1}},
           RunEnded{{second.id, RunStatus::completed, Errc::ok, "", 1}}},
          {}});

  ASSERT_TRUE(open()->catch_up(*journal));

  for (const char* folder : {"output/a", "output/b"}) {
    const auto costs = read(at(std::string{folder} + "/costs.json"));
    EXPECT_NE(costs.find("\"usd\": \"0.000005\""), std::string::npos) << costs;
  }
  auto queries = Queries::open(path());
  EXPECT_EQ(queries->run(second.id)->row.spend.settled, Charge{});
}

/// A crash leaves attempts that never answered; the files do not show them.
TEST_F(ProjectionsTest, FailedAttemptsChangeTheTablesButNoFile) {
  const Story story;
  play(story);
  ASSERT_TRUE(open()->catch_up(*journal));
  const auto plain = files(output());

  std::filesystem::remove_all(at("output"));
  std::filesystem::remove(path());
  journal.reset();
  std::filesystem::remove(at("ledger.db"));
  journal = std::move(*Journal::open(at("ledger.db"), {}, clock));
  const auto lost = story.reserved(1, "decision", "council", 9'000'000, 7);
  commit({{lost}, {}});
  commit({{story.ended(lost, Resolution::unknown)}, {}});
  play(story);
  ASSERT_TRUE(open()->catch_up(*journal));

  EXPECT_EQ(files(output()), plain);
  auto queries = Queries::open(path());
  const auto costs = queries->costs(Target{story.run()}, {});
  ASSERT_EQ(costs->size(), 1u);
  EXPECT_EQ(costs->front().spend.unknown.usd, Money{9'000'000});
}

TEST_F(ProjectionsTest, NoHalfWrittenFileIsLeftBehind) {
  std::filesystem::create_directories(output());
  std::ofstream{output() + "/.world-state-001.md.tmp"} << "of a killed process";
  play(Story{});

  ASSERT_TRUE(open()->catch_up(*journal));

  for (const auto& [name, text] : files(output())) {
    EXPECT_NE(name.front(), '.') << name;
    EXPECT_FALSE(text.empty()) << name;
  }
}

/// The summary's cost is that of the checks, whose replies are calls like any
/// other.
TEST_F(ProjectionsTest, TheSummaryOfChecksNamesWhatTheyCost) {
  const Story story;
  play(story);
  const auto call = story.reserved(2, "validation", "lines", 9'000'000);
  commit({{call}, {}});
  commit(story.bought(call, 2'000'000));
  commit(
    {{RunEnded{{story.run(), RunStatus::completed, Errc::ok, "", 2}}}, {}});

  ASSERT_TRUE(open()->catch_up(*journal));

  const auto summary = read(output() + "/validation-summary.md");
  EXPECT_NE(summary.find("- **Total checks:** 3\n"), std::string::npos);
  EXPECT_NE(summary.find("- **Tokens:** 812\n"), std::string::npos);
  EXPECT_NE(summary.find("- **Cost (USD):** 0.000002\n"), std::string::npos)
    << summary;
}

/// A branch of a branch: each turn's cost is that of the run that played it.
TEST_F(ProjectionsTest, ABranchShowsWhatItsFirstTurnsCostElsewhereApart) {
  const std::vector<std::int32_t> branch_turns{0, 1, 2};
  for (std::uint64_t number = 1; number <= 3; ++number) {
    const Story story{number, ""};
    auto spec = story.spec();
    spec.output = at("output/" + std::to_string(number));
    if (number > 1) {
      spec.branch_from = RunId{number - 1};
      spec.branch_turn = branch_turns[number - 1];
    }
    commit({{RunPlanned{spec}, RunStarted{spec.id}}, {}});
    // Of each turn that it plays itself: 1, 10 and 100 micro-dollars a call.
    for (int turn = spec.branch_turn + 1; turn <= 3; ++turn) {
      const auto call =
        story.reserved(turn, "decision", "council", 1'000'000'000);
      commit({{call}, {}});
      commit(story.bought(call, number == 1   ? 1'000'000
                                : number == 2 ? 10'000'000
                                              : 100'000'000));
    }
    commit({{RunEnded{{spec.id, RunStatus::completed, Errc::ok, "", 3}}}, {}});
  }

  ASSERT_TRUE(open()->catch_up(*journal));

  const auto costs = [&](const char* run, const char* part) {
    const auto text = read(at(std::string{"output/"} + run + "/costs.json"));
    const auto from = text.find("\"usd\": \"", text.find(part));
    return text.substr(from + 8, text.find('"', from + 8) - from - 8);
  };
  EXPECT_EQ(costs("1", "settled"), "0.000003");
  EXPECT_EQ(costs("1", "inherited"), "0");
  EXPECT_EQ(costs("2", "settled"), "0.00002");
  EXPECT_EQ(costs("2", "inherited"), "0.000001");
  EXPECT_EQ(costs("3", "settled"), "0.0001");
  EXPECT_EQ(costs("3", "inherited"), "0.000011");
}

/// A second plan of a run: other people at the table, the same turns.
TEST_F(ProjectionsTest, ASecondPlanOfARunLeavesItsTurnsAlone) {
  const Story story;
  play(story);
  const auto projections = open();
  ASSERT_TRUE(projections->catch_up(*journal));
  const auto written = files(output());
  auto spec = story.spec();
  spec.output = output();
  spec.controls = {{"lines", 2, Control::human}};

  commit({{RunPlanned{spec}, RunStarted{spec.id, spec.controls}}, {}});
  commit({{RunEnded{{spec.id, RunStatus::completed, Errc::ok, "", 2}}}, {}});
  ASSERT_TRUE(projections->catch_up(*journal));

  EXPECT_EQ(files(output()), written);
  auto queries = Queries::open(path());
  const auto run = queries->run(spec.id);
  ASSERT_EQ(run->turns.size(), 3u);
  EXPECT_EQ(run->turns[2].talks.size(), 3u);
  EXPECT_EQ(run->row.status, RunStatus::completed);
}

/// Whoever repeats a run without passing its halt gets the state at the halt.
TEST_F(ProjectionsTest, TurnsBeyondTheEndOfARunDoNotShowInItsState) {
  const Story story;
  play(story);
  RunOutcome halted{story.run(), RunStatus::halted, Errc::ok, "validation", 1,
                    true};
  commit({{RunStarted{story.run()}, RunEnded{halted}}, {}});

  ASSERT_TRUE(open()->catch_up(*journal));

  const auto state = read(output() + "/state.json");
  EXPECT_NE(state.find("Talks opened, round 1."), std::string::npos);
  EXPECT_EQ(state.find("round 2"), std::string::npos);
  EXPECT_EQ(read(output() + "/metrics.json").find("\"turn\": 2"),
            std::string::npos);
}

} // namespace

} // namespace lab::storage

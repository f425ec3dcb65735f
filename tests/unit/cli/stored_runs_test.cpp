// What commands ask the tables: names and ends of runs, attempts, latencies.

#include "storage/projections.hpp"
#include "storage/queries.hpp"
#include "tests/unit/storage/facts.hpp"
#include "tests/unit/storage/scratch.hpp"
#include "tools/cli/past_runs.hpp"
#include "tools/cli/stopped_sweep.hpp"
#include "tools/cli/stored_attempts.hpp"
#include "tools/cli/stored_runs.hpp"

namespace lab::tools {
namespace {

using storage::testing::Story;

class StoredTest : public storage::testing::ScratchTest {
protected:
  StoredTest() {
    projections_ =
      std::move(*storage::Projections::open(at("scenario-lab.db")));
  }

  void feed(std::vector<Fact> facts) {
    std::vector<JournalledFact> numbered;
    for (auto& fact : facts)
      numbered.push_back({++seq_, 1'700'000'000'000 + static_cast<UnixMs>(seq_),
                          std::move(fact)});
    const auto done = projections_->project(numbered);
    ASSERT_TRUE(done) << to_string(done.error());
  }

  /// The sweep `storm` with runs of these points, two each.
  void plan(const std::vector<std::int32_t>& points) {
    SweepPlanned planned;
    planned.sweep = sweep_;
    planned.name = "storm";
    for (const auto point : points)
      for (std::int32_t r = 1; r <= 2; ++r) {
        const auto name = "p00" + std::to_string(point);
        planned.runs.push_back(
          {RunId{static_cast<std::uint64_t>(point * 10 + r)},
           name + ".r" + std::to_string(r), name, point - 1, r, 1});
      }
    feed({planned});
  }

  /// A run that made one call a latency, each of one attempt.
  void play(std::uint64_t number, RunStatus how,
            const std::vector<std::int64_t>& latencies, bool by_phase = false) {
    const Story story{number};
    auto spec = story.spec();
    spec.point = "p00" + std::to_string(number / 10);
    spec.name = spec.point + ".r" + std::to_string(number % 10);
    if (number == elsewhere)
      spec.sweep = SweepId{};
    std::vector<Fact> facts{RunPlanned{spec}, RunStarted{story.run()}};
    int turn = 0;
    for (const auto latency : latencies) {
      const auto call = story.reserved(++turn, "decision", "council", 1'000);
      auto end = story.settled(call, 500, story.reply("yes"));
      end.latency_ms = latency;
      facts.emplace_back(call);
      facts.emplace_back(end);
    }
    facts.emplace_back(TurnCompleted{story.run(), story.turn(1)});
    RunEnded ended{{story.run(), how, Errc::ok, "", 1}};
    ended.outcome.by_phase = by_phase;
    facts.emplace_back(ended);
    feed(std::move(facts));
  }

  /// An attempt of a run that ended so.
  void attempt(const Story& story, int number, Resolution how,
               const std::string& reason) {
    const auto call = story.reserved(1, "decision", "council", 1'000, number);
    auto end = story.ended(call, how);
    end.reason = reason;
    feed({call, end});
  }

  storage::Queries tables() const {
    return std::move(*storage::Queries::open(at("scenario-lab.db")));
  }

  /// A run of no sweep.
  static constexpr std::uint64_t elsewhere = 77;
  const SweepId sweep_ = sweep_id_of("storm");

private:
  std::unique_ptr<storage::Projections> projections_;
  std::uint64_t seq_ = 0;
};

TEST_F(StoredTest, ARunIsKnownByItsNameAndByHowItEnded) {
  plan({1, 2});
  play(11, RunStatus::completed, {});
  play(12, RunStatus::failed, {});
  play(21, RunStatus::halted, {}, true);
  play(22, RunStatus::halted, {});
  play(elsewhere, RunStatus::completed, {});
  StoredRuns stored{tables(), sweep_};

  const auto found = [&](std::uint64_t run) {
    return *stored.find(RunId{run});
  };
  EXPECT_EQ(found(11).name, "p001.r1");
  EXPECT_TRUE(found(11).settled);
  EXPECT_EQ(found(12).name, "p001.r2");
  EXPECT_FALSE(found(12).settled) << "it failed";
  EXPECT_TRUE(found(21).settled) << "its own checks halted it";
  EXPECT_FALSE(found(22).settled) << "somebody else halted it";
  EXPECT_EQ(found(elsewhere).name, "");
  EXPECT_TRUE(found(elsewhere).settled) << "wherever it was done";
  EXPECT_EQ(found(99).name, "");
  EXPECT_FALSE(found(99).settled);

  const auto totals = *stored.totals();
  EXPECT_EQ(totals.completed, 1);
  EXPECT_EQ(totals.halted, 1);
}

TEST_F(StoredTest, NamesAndNumbersThatWereGivenAreKnown) {
  plan({1, 3});
  StoredRuns stored{tables(), sweep_};
  EXPECT_TRUE(*stored.has_point(1));
  EXPECT_FALSE(*stored.has_point(2));
  EXPECT_TRUE(*stored.has_point(3));
  EXPECT_TRUE(*stored.has_name("p003.r2"));
  EXPECT_FALSE(*stored.has_name("p003.r3"));
  EXPECT_EQ(*stored.last_point(), 3);

  StoredRuns other{tables(), sweep_id_of("other")};
  EXPECT_FALSE(*other.has_point(1)) << "names are a sweep's own";
  EXPECT_EQ(*other.last_point(), 0);
}

TEST_F(StoredTest, AttemptsCountByProviderAndOnlyWhereItHadAPart) {
  const Story story{11};
  feed({RunPlanned{story.spec()}, RunStarted{story.run()}});
  attempt(story, 1, Resolution::unknown, "connection_lost");
  attempt(story, 2, Resolution::voided, "rate_limited");
  attempt(story, 3, Resolution::voided, "cancelled");
  attempt(story, 4, Resolution::unknown, "crash");
  attempt(story, 5, Resolution::voided, "never_sent");
  attempt(story, 6, Resolution::bounded, "usage_missing");
  attempt(story, 7, Resolution::settled, "ok");
  attempt(story, 8, Resolution::settled, "prompt_truncated");
  const auto open = story.reserved(1, "decision", "council", 1'000, 9);
  feed({open}); // in flight
  StoredAttempts stored{at("scenario-lab.db")};

  const auto found = stored.of({RunId{11}, RunId{12}});

  ASSERT_TRUE(found) << to_string(found.error());
  ASSERT_EQ(found->size(), 1U) << "the other made none";
  const auto& own = found->at(RunId{11});
  ASSERT_EQ(own.size(), 1U);
  EXPECT_EQ(own.begin()->first, std::pair(open.provider, open.model));
  EXPECT_EQ(own.begin()->second.attempts, 5);
  EXPECT_EQ(own.begin()->second.failed, 3);
}

TEST_F(StoredTest, AttemptsOfManyRunsAreFoundInSeveralQuestions) {
  std::vector<RunId> runs;
  for (std::uint64_t i = 1; i <= 1'203; ++i)
    runs.push_back(RunId{i});
  for (const std::uint64_t run : {1U, 500U, 501U, 1'203U}) {
    const Story story{run};
    feed({RunPlanned{story.spec()}, RunStarted{story.run()}});
    attempt(story, 1, Resolution::settled, "ok");
  }
  const auto found = StoredAttempts{at("scenario-lab.db")}.of(runs);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->size(), 4U);
}

TEST_F(StoredTest, TablesThatAreNotThereAreAnError) {
  EXPECT_FALSE(StoredAttempts{at("no-such.db")}.of({RunId{1}}));
}

TEST_F(StoredTest, LatenciesAreMeansOfRunsByModel) {
  plan({1});
  play(11, RunStatus::completed, {1'000, 3'000});
  play(12, RunStatus::failed, {500});
  auto open = tables();

  const auto past = past_latencies(open);

  ASSERT_TRUE(past) << to_string(past.error());
  ASSERT_EQ(past->size(), 1U);
  auto means = past->begin()->second.run_means;
  std::ranges::sort(means);
  EXPECT_EQ(means, (std::vector<double>{0.5, 2.0}));
}

TEST_F(StoredTest, AWorkspaceWithoutCallsHasNoLatencies) {
  plan({1});
  auto open = tables();
  EXPECT_TRUE(past_latencies(open)->empty());
}

TEST_F(StoredTest, CompletedRunsTellWhatTheirPlacesUsed) {
  plan({1});
  play(11, RunStatus::completed, {1'000, 1'000});
  play(12, RunStatus::failed, {1'000});
  auto open = tables();

  const auto past = past_runs(open, Story{11}.spec().scenario->id);

  ASSERT_TRUE(past) << to_string(past.error());
  ASSERT_EQ(past->size(), 1U) << "of a run that failed nothing is learnt";
  EXPECT_EQ(past->front().turns, 1);
  ASSERT_EQ(past->front().sites.size(), 1U);
  EXPECT_EQ(past->front().sites.begin()->first.phase, "decision");
  EXPECT_EQ(past->front().sites.begin()->second.calls, 2);
  EXPECT_TRUE(past_runs(open, "another")->empty());
}

TEST(StoppedSweep, MoreMoneyIsACeilingThatIsHigherOrGone) {
  const auto usd = [](const char* amount) {
    Limit limit;
    limit.usd = *parse_usd(amount);
    return limit;
  };
  EXPECT_TRUE(is_raised(usd("1"), usd("1.01")));
  EXPECT_FALSE(is_raised(usd("1"), usd("1")));
  EXPECT_FALSE(is_raised(usd("1"), usd("0.99")));
  EXPECT_TRUE(is_raised(usd("1"), Limit{}));
  EXPECT_FALSE(is_raised(Limit{}, usd("1")));
  Limit calls;
  calls.calls = 10;
  auto more = calls;
  more.calls = 11;
  EXPECT_TRUE(is_raised(calls, more));
  EXPECT_FALSE(is_raised(more, calls));
  Limit tokens;
  tokens.tokens = 5;
  EXPECT_TRUE(is_raised(tokens, Limit{}));
}

} // namespace
} // namespace lab::tools

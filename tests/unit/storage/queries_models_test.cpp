#include "storage/projections.hpp"
#include "storage/queries.hpp"
#include "tests/unit/storage/facts.hpp"
#include "tests/unit/storage/scratch.hpp"

namespace lab::storage {

namespace {

using testing::Story;

/// A sweep of three runs whose model was checked, at times that are told.
class ModelQueriesTest : public testing::ScratchTest {
protected:
  ModelQueriesTest() {
    projections_ = std::move(*Projections::open(at("scenario-lab.db")));
    SweepPlanned planned;
    planned.sweep = sweep;
    planned.name = "storm";
    for (std::uint64_t i = 1; i <= 3; ++i)
      planned.runs.push_back({RunId{i}, "p001.r" + std::to_string(i), "p001", 0,
                              static_cast<std::int32_t>(i), i});
    feed(1'000, planned);
  }

  void feed(UnixMs at, Fact fact) {
    const auto done = projections_->project({{++seq_, at, std::move(fact)}});
    ASSERT_TRUE(done) << to_string(done.error());
  }

  void play(std::uint64_t run, UnixMs from, UnixMs to) {
    const Story story{run, "storm"};
    const auto spec = story.spec();
    feed(from, RunPlanned{spec});
    feed(from, RunStarted{spec.id});
    if (to > 0)
      feed(to, RunEnded{{spec.id, RunStatus::completed, Errc::ok, "", 1}});
  }

  void check(std::int32_t number, UnixMs began, UnixMs ended, Drift drift,
             bool silent = false) {
    ModelChecked fact;
    fact.sweep = sweep;
    fact.check = {model(), number, began, ended, "", {}};
    fact.check.replies.resize(2);
    if (!silent)
      fact.check.replies[1] = {{"m-1 of today", Digest128{7, 8}},
                               {"", Digest128{9, 10}}};
    fact.drift = std::move(drift);
    feed(ended, fact);
  }

  static std::string model() {
    return Story{1, "storm"}.spec().scenario->participants.front().model;
  }

  Queries queries() { return std::move(*Queries::open(at("scenario-lab.db"))); }

  const SweepId sweep = sweep_id_of("storm");

private:
  std::unique_ptr<Projections> projections_;
  std::uint64_t seq_ = 0;
};

TEST_F(ModelQueriesTest, ChecksAreReadBackAsTheyWere) {
  check(1, 1'100, 1'200, {1, false, ""});

  const auto checks = queries().model_checks(sweep);

  ASSERT_TRUE(checks);
  ASSERT_EQ(checks->size(), 1U);
  const auto& one = checks->front();
  EXPECT_EQ(one.check.model, model());
  EXPECT_EQ(one.check.number, 1);
  EXPECT_EQ(one.check.began, 1'100);
  EXPECT_EQ(one.check.ended, 1'200);
  ASSERT_EQ(one.check.replies.size(), 2U);
  EXPECT_TRUE(one.check.replies[0].empty());
  EXPECT_EQ(one.check.replies[1],
            (std::vector<CanaryReply>{{"m-1 of today", Digest128{7, 8}},
                                      {"", Digest128{9, 10}}}));
}

TEST_F(ModelQueriesTest, AChangeCameAfterTheLastCheckThatProvedTheOldOne) {
  check(1, 1'100, 1'200, {1, false, ""});
  check(2, 2'100, 2'200, {1, false, ""}, true); // nobody answered
  check(3, 3'100, 3'200, {2, true, "it sings"});

  const auto changes = queries().model_changes(sweep);

  ASSERT_TRUE(changes);
  ASSERT_EQ(changes->size(), 1U);
  EXPECT_EQ(changes->front().after, 1'100);
  EXPECT_EQ(changes->front().before, 3'200);
  EXPECT_EQ(changes->front().why, "it sings");
}

TEST_F(ModelQueriesTest, RunsBelongToTheStratumOfTheirTime) {
  check(1, 1'900, 2'000, {1, false, ""});
  play(1, 2'000, 2'500);
  check(2, 2'600, 2'700, {1, false, ""});
  play(2, 2'700, 3'500); // between the last good check and the change
  check(3, 3'400, 3'500, {2, true, "it sings"});
  play(3, 3'600, 0); // still under way

  const auto strata = queries().strata(sweep);

  ASSERT_TRUE(strata);
  ASSERT_EQ(strata->size(), 3U);
  EXPECT_EQ(strata->at(RunId{1}), 1);
  EXPECT_EQ(strata->at(RunId{2}), std::nullopt);
  EXPECT_EQ(strata->at(RunId{3}), 2);
}

TEST_F(ModelQueriesTest, AReplyOfBeforeTheChangeLeavesARunInDoubt) {
  check(1, 1'900, 2'000, {1, false, ""});
  const Story first{1, "storm"};
  play(1, 2'000, 2'500);
  const auto call = first.reserved(1, "decision", "council", 1'000);
  feed(2'100, call);
  feed(2'200, first.settled(call, 500, first.reply("yes")));
  check(2, 3'400, 3'500, {2, true, "it sings"});
  play(2, 3'600, 3'900);
  play(3, 3'600, 3'900);
  feed(3'700, CallShared{RunId{2}, call.place, call.fingerprint, call.attempt});

  const auto strata = queries().strata(sweep);

  ASSERT_TRUE(strata);
  EXPECT_EQ(strata->at(RunId{2}), std::nullopt);
  EXPECT_EQ(strata->at(RunId{3}), 2);
}

} // namespace

} // namespace lab::storage

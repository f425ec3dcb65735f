#include <gtest/gtest.h>

#include "runtime/engine/run_history.hpp"

namespace lab::runtime {
namespace {

TEST(RunHistory, AnUnknownRunHasRecordedNothing) {
  const auto entry = RunHistory{}.of(RunId{1});

  EXPECT_FALSE(entry.planned);
  EXPECT_EQ(entry.turns_recorded, -1);
}

TEST(RunHistory, TellsWhatTheJournalHolds) {
  RunHistory history;
  RunPlanned planned;
  planned.spec.id = RunId{1};
  TurnCompleted turn;
  turn.run = RunId{1};
  turn.record.turn = 3;
  RunEnded ended;
  ended.outcome.run = RunId{1};
  ended.outcome.status = RunStatus::halted;

  for (const Fact& fact :
       std::vector<Fact>{planned, RunStarted{RunId{1}}, turn, ended})
    history.apply(fact);

  EXPECT_TRUE(history.of(RunId{1}).planned);
  EXPECT_EQ(history.of(RunId{1}).turns_recorded, 3);
  EXPECT_EQ(history.of(RunId{1}).status, RunStatus::halted);
}

TEST(RunHistory, KeepsTheFurthestPlaceAndTheLastHalt) {
  RunHistory history;
  RunEnded ended;
  ended.outcome.run = RunId{1};
  ended.outcome.status = RunStatus::paused;
  for (const auto place :
       {PausePlace{2, 4}, PausePlace{3, 0}, PausePlace{2, 7}}) {
    ended.outcome.paused = place;
    history.apply(ended);
  }
  ended.outcome = {};
  ended.outcome.run = RunId{1};
  ended.outcome.status = RunStatus::halted;
  ended.outcome.by_phase = true;
  ended.outcome.turns_completed = 3;
  history.apply(ended);
  ended.outcome.by_phase = false;
  ended.outcome.turns_completed = 5;
  history.apply(ended);

  EXPECT_EQ(history.of(RunId{1}).paused, (PausePlace{3, 0}));
  EXPECT_EQ(history.of(RunId{1}).halted_after, 3);
}

/// Plans are large and passed over at start, so the start tells as well.
TEST(RunHistory, KnowsWhoPlaysFromTheNewestStart) {
  const std::vector<ControlChange> early{{"east", 2, Control::human}};
  const std::vector<ControlChange> late{{"east", 2, Control::human},
                                        {"east", 4, Control::ai}};
  RunHistory history;
  history.apply(RunStarted{RunId{1}, early});
  EXPECT_EQ(history.of(RunId{1}).controls, early);

  RunPlanned planned;
  planned.spec.id = RunId{1};
  planned.spec.controls = late;
  history.apply(planned);
  EXPECT_EQ(history.of(RunId{1}).controls, late);
}

} // namespace
} // namespace lab::runtime

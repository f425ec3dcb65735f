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

} // namespace
} // namespace lab::runtime

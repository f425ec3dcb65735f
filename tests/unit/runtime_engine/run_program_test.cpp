#include <gtest/gtest.h>

#include "runtime/engine/run_program.hpp"

namespace lab::runtime {
namespace {

using Step = RunProgram::Step;

Shared<RunSpec> two_turns(std::int32_t end_turn = 0) {
  ScenarioSpec scenario;
  scenario.turns = 2;
  scenario.initial_world_state = "calm";
  RunSpec spec;
  spec.id = RunId{7};
  spec.end_turn = end_turn;
  spec.scenario = share(scenario);
  return share(spec);
}

/// What a phase gives back: the same turn with another world.
Shared<TurnState> changed(const RunProgram& program, const std::string& world) {
  TurnState next = *program.state();
  next.current.world = world;
  return share(next);
}

TEST(RunProgram, BeginsWithTheInitialWorldAsTurnZero) {
  RunProgram program{two_turns(), 1};

  EXPECT_EQ(program.next(), Step::turn_finished);
  EXPECT_EQ(program.state()->current.turn, 0);
  EXPECT_EQ(program.state()->current.world, "calm");
}

TEST(RunProgram, PlaysEveryPhaseOfEveryTurnInOrder) {
  RunProgram program{two_turns(), 2};
  program.turn_recorded();
  std::vector<std::string> played;

  while (program.next() != Step::ended) {
    if (program.next() == Step::turn_finished) {
      program.turn_recorded();
      continue;
    }
    played.push_back(std::to_string(program.state()->current.turn) + "."
                     + std::to_string(program.phase()));
    program.phase_done(changed(program, "w" + played.back()));
  }

  EXPECT_EQ(played, (std::vector<std::string>{"1.0", "1.1", "2.0", "2.1"}));
  EXPECT_EQ(program.outcome().status, RunStatus::completed);
  EXPECT_EQ(program.outcome().turns_completed, 2);
}

TEST(RunProgram, ATurnStartsFromTheWorldOfTheTurnBefore) {
  RunProgram program{two_turns(), 1};
  program.turn_recorded();
  program.phase_done(changed(program, "tense"));
  program.turn_recorded();

  EXPECT_EQ(program.state()->current.turn, 2);
  EXPECT_EQ(program.state()->world_before(), "tense");
  ASSERT_EQ(program.state()->history.size(), 2U);
  EXPECT_EQ(program.state()->history[0]->world, "calm");
}

TEST(RunProgram, ALimitHaltsTheRunAndLeavesTheTurnUnfinished) {
  RunProgram program{two_turns(), 1};
  program.turn_recorded();

  program.phase_failed({Errc::limit_exhausted, "sweep:s-1"});

  EXPECT_EQ(program.next(), Step::ended);
  EXPECT_EQ(program.outcome().status, RunStatus::halted);
  EXPECT_EQ(program.outcome().reason, "credit_limit: sweep:s-1");
  EXPECT_EQ(program.outcome().turns_completed, 0);
}

TEST(RunProgram, AnInvalidReplyFailsTheRun) {
  RunProgram program{two_turns(), 1};
  program.turn_recorded();

  program.phase_failed({Errc::reply_invalid, "no action"});

  EXPECT_EQ(program.outcome().status, RunStatus::failed);
  EXPECT_EQ(program.outcome().code, Errc::reply_invalid);
}

TEST(RunProgram, AStopLetsThePhaseBeingPlayedFinish) {
  RunProgram program{two_turns(), 2};
  program.turn_recorded();

  program.stop({Errc::stopped, ""});
  EXPECT_EQ(program.next(), Step::play_phase);
  program.phase_done(changed(program, "x"));

  EXPECT_EQ(program.next(), Step::ended);
  EXPECT_EQ(program.outcome().status, RunStatus::halted);
  EXPECT_EQ(program.outcome().reason, "stopped");
}

TEST(RunProgram, AStopInTheLastPhaseStillRecordsTheTurn) {
  RunProgram program{two_turns(), 1};
  program.turn_recorded();

  program.stop({Errc::stopped, ""});
  program.phase_done(changed(program, "x"));
  EXPECT_EQ(program.next(), Step::turn_finished);
  program.turn_recorded();

  EXPECT_EQ(program.outcome().turns_completed, 1);
  EXPECT_EQ(program.outcome().status, RunStatus::halted);
}

TEST(RunProgram, ARunThatReachesItsEndIsCompletedThoughItWasToldToStop) {
  RunProgram program{two_turns(), 1};
  program.turn_recorded();
  program.phase_done(changed(program, "x"));
  program.turn_recorded();

  program.stop({Errc::stopped, ""});
  program.phase_done(changed(program, "y"));
  program.turn_recorded();

  EXPECT_EQ(program.outcome().status, RunStatus::completed);
}

TEST(RunProgram, EndTurnHaltsWithoutAnError) {
  RunProgram program{two_turns(1), 1};
  program.turn_recorded();
  program.phase_done(changed(program, "x"));
  program.turn_recorded();

  EXPECT_EQ(program.outcome().status, RunStatus::halted);
  EXPECT_EQ(program.outcome().code, Errc::ok);
  EXPECT_EQ(program.outcome().reason, "end_turn");
}

} // namespace
} // namespace lab::runtime

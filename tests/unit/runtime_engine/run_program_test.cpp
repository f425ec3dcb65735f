#include <set>

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
  RunProgram program{two_turns(), {"decision"}};

  EXPECT_EQ(program.next(), Step::turn_finished);
  EXPECT_EQ(program.state()->current.turn, 0);
  EXPECT_EQ(program.state()->current.world, "calm");
}

TEST(RunProgram, PlaysEveryPhaseOfEveryTurnInOrder) {
  RunProgram program{two_turns(), {"decision", "metrics"}};
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
  RunProgram program{two_turns(), {"decision"}};
  program.turn_recorded();
  program.phase_done(changed(program, "tense"));
  program.turn_recorded();

  EXPECT_EQ(program.state()->current.turn, 2);
  EXPECT_EQ(program.state()->world_before(), "tense");
  ASSERT_EQ(program.state()->history.size(), 2U);
  EXPECT_EQ(program.state()->history[0]->world, "calm");
}

TEST(RunProgram, ALimitHaltsTheRunAndLeavesTheTurnUnfinished) {
  RunProgram program{two_turns(), {"decision"}};
  program.turn_recorded();

  program.phase_failed({Errc::limit_exhausted, "sweep:s-1"});

  EXPECT_EQ(program.next(), Step::ended);
  EXPECT_EQ(program.outcome().status, RunStatus::halted);
  EXPECT_EQ(program.outcome().reason, "credit_limit: sweep:s-1");
  EXPECT_EQ(program.outcome().turns_completed, 0);
}

TEST(RunProgram, AnInvalidReplyFailsTheRun) {
  RunProgram program{two_turns(), {"decision"}};
  program.turn_recorded();

  program.phase_failed({Errc::reply_invalid, "no action"});

  EXPECT_EQ(program.outcome().status, RunStatus::failed);
  EXPECT_EQ(program.outcome().code, Errc::reply_invalid);
}

TEST(RunProgram, AStopLetsThePhaseBeingPlayedFinish) {
  RunProgram program{two_turns(), {"decision", "metrics"}};
  program.turn_recorded();

  program.stop({Errc::stopped, ""});
  EXPECT_EQ(program.next(), Step::play_phase);
  program.phase_done(changed(program, "x"));

  EXPECT_EQ(program.next(), Step::ended);
  EXPECT_EQ(program.outcome().status, RunStatus::halted);
  EXPECT_EQ(program.outcome().reason, "stopped");
}

TEST(RunProgram, AStopInTheLastPhaseStillRecordsTheTurn) {
  RunProgram program{two_turns(), {"decision"}};
  program.turn_recorded();

  program.stop({Errc::stopped, ""});
  program.phase_done(changed(program, "x"));
  EXPECT_EQ(program.next(), Step::turn_finished);
  program.turn_recorded();

  EXPECT_EQ(program.outcome().turns_completed, 1);
  EXPECT_EQ(program.outcome().status, RunStatus::halted);
}

TEST(RunProgram, ARunThatReachesItsEndIsCompletedThoughItWasToldToStop) {
  RunProgram program{two_turns(), {"decision"}};
  program.turn_recorded();
  program.phase_done(changed(program, "x"));
  program.turn_recorded();

  program.stop({Errc::stopped, ""});
  program.phase_done(changed(program, "y"));
  program.turn_recorded();

  EXPECT_EQ(program.outcome().status, RunStatus::completed);
}

TEST(RunProgram, EndTurnHaltsWithoutAnError) {
  RunProgram program{two_turns(1), {"decision"}};
  program.turn_recorded();
  program.phase_done(changed(program, "x"));
  program.turn_recorded();

  EXPECT_EQ(program.outcome().status, RunStatus::halted);
  EXPECT_EQ(program.outcome().code, Errc::ok);
  EXPECT_EQ(program.outcome().reason, "end_turn");
}

// --- how a scenario ends its own runs ----------------------------------------

/// A run of `turns` turns with one metric, `trust`, that plays itself.
struct Play {
  explicit Play(std::int32_t turns) { scenario.turns = turns; }

  RunProgram begin() {
    spec.id = RunId{7};
    spec.scenario = share(scenario);
    return RunProgram{share(spec), phases, before};
  }

  /// Plays to the end; `what` changes each turn's record in the last phase.
  template <class What>
  RunOutcome play(What what) {
    auto program = begin();
    steps.clear();
    while (program.next() != Step::ended) {
      if (program.next() == Step::turn_finished) {
        program.turn_recorded();
        continue;
      }
      steps.push_back(std::to_string(program.state()->current.turn) + "."
                      + phases[program.phase()]);
      TurnState next = *program.state();
      if (program.phase() + 1 == phases.size())
        what(next.current);
      program.phase_done(share(next));
    }
    return program.outcome();
  }
  RunOutcome play() {
    return play([](TurnRecord&) {});
  }

  /// Goes on as the engine does: with what the journal tells of the past.
  void remember(const RunOutcome& outcome) {
    RunHistory history;
    RunEnded earlier{outcome};
    earlier.outcome.run = spec.id;
    earlier.outcome.paused = before.paused;
    history.apply(earlier);
    history.apply(RunEnded{outcome});
    before = history.of(spec.id);
  }

  ScenarioSpec scenario;
  RunSpec spec;
  std::vector<std::string> phases{"decision", "metrics"};
  RunHistory::Entry before;
  std::vector<std::string> steps;
};

MetricValue trust(double number, MetricStatus status = MetricStatus::value) {
  MetricValue value;
  value.metric = "trust level";
  value.status = status;
  value.number = number;
  return value;
}

TEST(RunProgram, ACompletedConditionEndsTheRunAfterItsTurn) {
  Play run{5};
  run.scenario.end_condition = "trust_level >= 3";

  const auto outcome =
    run.play([](TurnRecord& turn) { turn.metrics = {trust(turn.turn)}; });

  EXPECT_EQ(outcome.status, RunStatus::completed);
  EXPECT_EQ(outcome.reason, "condition");
  EXPECT_EQ(outcome.code, Errc::ok);
  EXPECT_EQ(outcome.turns_completed, 3);
}

TEST(RunProgram, TheConditionReadsTheLatestNumberThatIsOne) {
  Play run{6};
  run.scenario.end_condition = "trust_level > 1 and turns >= 4";

  // Turn 3 on, the metric is no longer data: its number of turn 2 counts.
  const auto outcome = run.play([](TurnRecord& turn) {
    auto other = trust(0);
    other.participant = "east"; // not the world's
    turn.metrics = {trust(turn.turn == 2 ? 2 : 0, turn.turn < 3
                                                    ? MetricStatus::value
                                                    : MetricStatus::missing),
                    trust(0, MetricStatus::out_of_range), other};
  });

  EXPECT_EQ(outcome.turns_completed, 4);
  EXPECT_EQ(outcome.reason, "condition");
}

TEST(RunProgram, AConditionWithoutNumbersLeavesTheCap) {
  Play run{3};
  run.scenario.end_condition = "trust_level > 0 or turns > 1";

  const auto outcome = run.play();

  EXPECT_EQ(outcome.status, RunStatus::completed);
  EXPECT_EQ(outcome.reason, "");
  EXPECT_EQ(outcome.turns_completed, 3);
}

TEST(RunProgram, APhaseHaltsTheRunAfterItsTurnIsRecorded) {
  Play run{5};

  const auto outcome = run.play([](TurnRecord& turn) {
    if (turn.turn == 2)
      turn.halt = "validation: 3 issues";
  });

  EXPECT_EQ(outcome.status, RunStatus::halted);
  EXPECT_EQ(outcome.code, Errc::ok) << "a sweep goes on";
  EXPECT_EQ(outcome.reason, "validation: 3 issues");
  EXPECT_EQ(outcome.turns_completed, 2);
  EXPECT_TRUE(outcome.by_phase);
}

TEST(RunProgram, AHaltInTheLastTurnIsNoCompletion) {
  Play run{2};
  run.scenario.end_condition = "turns == 2";

  const auto outcome = run.play(
    [](TurnRecord& turn) { turn.halt = turn.turn == 2 ? "validation" : ""; });

  EXPECT_EQ(outcome.status, RunStatus::halted);
}

TEST(RunProgram, AHaltIsPassedOnlyWhenThatIsAsked) {
  Play run{4};
  const auto halts = [](TurnRecord& turn) {
    turn.halt = turn.turn >= 2 ? "validation" : "";
  };
  run.remember(run.play(halts));

  const auto repeated = run.play(halts);
  run.spec.past_halt = true;
  const auto resumed = run.play(halts);
  run.remember(resumed);
  const auto further = run.play(halts);

  EXPECT_EQ(repeated.turns_completed, 2);
  EXPECT_EQ(resumed.turns_completed, 3) << "the next halt holds again";
  EXPECT_EQ(resumed.status, RunStatus::halted);
  EXPECT_EQ(further.turns_completed, 4);
  EXPECT_EQ(further.status, RunStatus::halted);
}

// --- pauses
// -------------------------------------------------------------------

TEST(RunProgram, PausesBeforeAndAfterAPhaseOfOneTurn) {
  Play run{3};
  run.scenario.pauses = {{"metrics", true, 2}, {"metrics", false, 2}};

  const auto first = run.play();
  EXPECT_EQ(first.status, RunStatus::paused);
  EXPECT_EQ(first.code, Errc::ok);
  EXPECT_EQ(first.reason, "paused before metrics, turn 2");
  EXPECT_EQ(first.turns_completed, 1);
  EXPECT_EQ(run.steps.back(), "2.decision");

  run.remember(first);
  const auto second = run.play();
  EXPECT_EQ(second.reason, "paused after metrics, turn 2");
  EXPECT_EQ(second.turns_completed, 1) << "not recorded yet";

  run.remember(second);
  EXPECT_EQ(run.play().status, RunStatus::completed);
}

TEST(RunProgram, APauseWithoutATurnStandsInEveryTurn) {
  Play run{2};
  run.scenario.pauses = {{"decision", true, 0}};
  std::vector<std::string> reasons;

  for (auto outcome = run.play(); outcome.status == RunStatus::paused;
       outcome = run.play()) {
    reasons.push_back(outcome.reason);
    run.remember(outcome);
    ASSERT_LT(reasons.size(), 9U);
  }

  EXPECT_EQ(reasons,
            (std::vector<std::string>{"paused before decision, turn 1",
                                      "paused before decision, turn 2"}));
}

TEST(RunProgram, PausesAroundTheEndOfATurn) {
  Play run{2};
  run.scenario.pauses = {{"persistence", true, 1}, {"persistence", false, 0}};

  const auto before = run.play();
  EXPECT_EQ(before.reason, "paused before persistence, turn 1");
  EXPECT_EQ(before.turns_completed, 0);

  run.remember(before);
  const auto after = run.play();
  EXPECT_EQ(after.reason, "paused after persistence, turn 1");
  EXPECT_EQ(after.turns_completed, 1);

  run.remember(after);
  EXPECT_EQ(run.play().status, RunStatus::completed)
    << "after the last turn there is nothing to wait for";
}

TEST(RunProgram, ThePauseOfACommandIsOneLikeTheScenarios) {
  Play run{2};
  run.spec.pauses = {{"metrics", false, 1}};

  EXPECT_EQ(run.play().reason, "paused after metrics, turn 1");
}

TEST(RunProgram, APlaceThatNoTurnHasPausesNothing) {
  Play run{2};
  run.scenario.pauses = {{"coalition", true, 1}, {"decision", true, 9}};

  EXPECT_EQ(run.play().status, RunStatus::completed);
}

TEST(RunProgram, AReplayPausesNowhere) {
  Play run{2};
  run.scenario.pauses = {{"decision", true, 0}};
  run.spec.replay = true;

  EXPECT_EQ(run.play().status, RunStatus::completed);
}

TEST(RunProgram, AStopWinsOverAPause) {
  Play run{3};
  run.scenario.pauses = {{"decision", false, 1}};
  auto program = run.begin();
  program.turn_recorded();

  program.stop({Errc::stopped, ""});
  program.phase_done(program.state());

  EXPECT_EQ(program.outcome().status, RunStatus::halted);
  EXPECT_FALSE(program.outcome().paused);
}

/// Whatever places are wanted, each is taken once, in order, and none is lost,
/// though the journal may miss the end of any run that a kill cut short.
TEST(RunProgram, EveryPlaceIsTakenOnceWhateverIsKilled) {
  for (unsigned wanted = 0; wanted < 64; ++wanted) {
    Play run{2};
    const std::vector<PauseSpec> places{
      {"decision", true, 0},    {"decision", false, 0},
      {"metrics", true, 0},     {"metrics", false, 0},
      {"persistence", true, 0}, {"persistence", false, 0},
    };
    for (unsigned i = 0; i < places.size(); ++i)
      if ((wanted & (1U << i)) != 0)
        run.scenario.pauses.push_back(places[i]);
    std::vector<std::string> taken;
    for (;;) {
      const auto outcome = run.play();
      // Killed before its end was journalled: the same place once more.
      ASSERT_EQ(run.play().reason, outcome.reason);
      if (outcome.status == RunStatus::completed)
        break;
      taken.push_back(outcome.reason);
      ASSERT_LT(taken.size(), 20U);
      run.remember(outcome);
    }
    const std::set<std::string> distinct{taken.begin(), taken.end()};
    EXPECT_EQ(distinct.size(), taken.size());
    // After the last turn's end nothing is left to pause.
    EXPECT_EQ(taken.size(),
              2 * run.scenario.pauses.size() - ((wanted & 32U) != 0 ? 1 : 0));
  }
}

// --- branches
// -----------------------------------------------------------------

TEST(RunProgram, ABranchGoesOnWhereItsParentEnded) {
  Play run{4};
  run.spec.branch_from = RunId{6};
  run.spec.branch_turn = 2;
  run.scenario.end_condition = "turns == 2";
  run.scenario.pauses = {{"decision", true, 1}, {"decision", true, 3}};

  const auto outcome = run.play(
    [](TurnRecord& turn) { turn.halt = turn.turn == 2 ? "validation" : ""; });

  EXPECT_EQ(outcome.reason, "paused before decision, turn 3");
}

TEST(RunSpec, ATurnComesFromTheNearestRunThatPlayedIt) {
  RunSpec spec;
  spec.id = RunId{9};
  spec.seed = 90;
  EXPECT_EQ(spec.source_of(1).run, RunId{9});

  spec.branch_from = RunId{8};
  spec.branch_turn = 5;
  spec.branch_seed = 80;
  spec.branch_roots = {{RunId{6}, 1, 60}, {RunId{7}, 3, 70}};

  const std::vector<std::uint64_t> runs{6, 7, 7, 8, 8, 9, 9};
  for (std::int32_t turn = 1; turn <= 7; ++turn) {
    const auto source = spec.source_of(turn);
    const auto run = runs[static_cast<std::size_t>(turn - 1)];
    EXPECT_EQ(source.run, RunId{run}) << turn;
    EXPECT_EQ(source.seed, 10 * run) << turn;
  }
}

} // namespace
} // namespace lab::runtime

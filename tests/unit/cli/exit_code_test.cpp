#include <csignal>

#include <gtest/gtest.h>

#include "tools/cli/exit_code.hpp"
#include "tools/cli/failure.hpp"
#include "tools/cli/result_report.hpp"

namespace lab::tools {
namespace {

TEST(ExitCode, EveryErrorHasItsNumber) {
  const std::vector<std::pair<Errc, int>> table{
    {Errc::ok, 0},
    {Errc::limit_exhausted, 5},
    {Errc::run_limit_exhausted, 5},
    {Errc::model_limit_exhausted, 5},
    {Errc::run_time_over, 5},
    {Errc::limit_contended, 5},
    {Errc::attempt_id_reused, 70},
    {Errc::reservation_not_found, 70},
    {Errc::permit_refused, 70},
    {Errc::model_not_priced, 3},
    {Errc::context_overflow, 3},
    {Errc::provider_unreachable, 6},
    {Errc::provider_refused, 6},
    {Errc::provider_overloaded, 75},
    {Errc::provider_failed, 6},
    {Errc::provider_timeout, 6},
    {Errc::reply_truncated, 1},
    {Errc::reply_invalid, 1},
    {Errc::provider_unknown, 3},
    {Errc::non_determinism, 70},
    {Errc::not_journalled, 4},
    {Errc::cancelled, 8},
    {Errc::stopped, 8},
    {Errc::waits_for_person, 9},
    {Errc::shutting_down, 75},
    {Errc::invalid_input, 3},
    {Errc::not_found, 4},
    {Errc::held_elsewhere, 7},
    {Errc::disk_failed, 74},
    {Errc::journal_corrupt, 74},
    {Errc::already_exists, 3},
    {Errc::internal, 70},
  };

  for (const auto& [code, exit] : table)
    EXPECT_EQ(static_cast<int>(exit_code_of(code)), exit) << to_string(code);
}

TEST(ExitCode, EveryErrorHasAFindingCodeOfItsLetter) {
  EXPECT_EQ(finding_code_of(Errc::limit_exhausted), "B510");
  EXPECT_EQ(finding_code_of(Errc::model_not_priced), "P101");
  EXPECT_EQ(finding_code_of(Errc::provider_unreachable), "P310");
  EXPECT_EQ(finding_code_of(Errc::held_elsewhere), "R603");
  EXPECT_EQ(finding_code_of(Errc::permit_refused), "R900");
}

SweepOutcome ended(const std::string& status, Errc code,
                   std::int64_t failed = 0) {
  SweepOutcome outcome;
  outcome.status = status;
  outcome.code = code;
  outcome.runs.failed = failed;
  return outcome;
}

int exit_of(const SweepOutcome& outcome, int signal = 0) {
  return static_cast<int>(exit_code_of(outcome, signal));
}

TEST(ExitCode, ASweepTellsHowItEnded) {
  EXPECT_EQ(exit_of(ended("completed", Errc::ok)), 0);
  EXPECT_EQ(exit_of(ended("completed", Errc::ok, 2)), 1);
  EXPECT_EQ(exit_of(ended("halted", Errc::limit_exhausted)), 5);
  EXPECT_EQ(exit_of(ended("halted", Errc::ok)), 0);
  EXPECT_EQ(exit_of(ended("failed", Errc::provider_unreachable, 1)), 6);
  EXPECT_EQ(exit_of(ended("failed", Errc::ok, 1)), 1);
  EXPECT_EQ(exit_of(ended("cancelled", Errc::cancelled)), 8);
  EXPECT_EQ(exit_of(ended("paused", Errc::shutting_down)), 75);
  EXPECT_EQ(exit_of(ended("failed", Errc::internal)), 70);
  EXPECT_EQ(exit_of(ended("failed", Errc::disk_failed)), 74);
}

TEST(ExitCode, ASignalThatStoppedTheWorkIsItsCode) {
  EXPECT_EQ(exit_of(ended("paused", Errc::stopped), SIGINT), 130);
  EXPECT_EQ(exit_of(ended("paused", Errc::stopped), SIGTERM), 143);
}

TEST(ExitCode, ASignalThatCameTooLateChangesNothing) {
  EXPECT_EQ(exit_of(ended("completed", Errc::ok), SIGINT), 0);
}

TEST(Failure, AnEngineErrorIsToldWithCodeAndHelp) {
  const auto failure = failure_of(Error{Errc::held_elsewhere, "pid 4711"},
                                  "the workspace cannot be opened");

  EXPECT_EQ(failure.exit, ExitCode::held_elsewhere);
  EXPECT_EQ(render(failure),
            "error[R603]: the workspace cannot be opened: pid 4711\n"
            "   = help: wait until it ends, or use another workspace with "
            "--home DIR\n");
}

TEST(Failure, TheJsonFormHasTheExitCodeAndTheFindings) {
  Failure failure;
  failure.exit = ExitCode::provider;
  failure.findings.add(finding("P310", "no answer"));

  EXPECT_EQ(to_json(failure).rfind(
              R"({"schema":"scenario-lab/error/1","exit":6,"findings":[{)", 0),
            0U)
    << to_json(failure);
}

} // namespace
} // namespace lab::tools

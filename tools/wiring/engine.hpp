#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "actors/people/ready_answers.hpp"
#include "llm/provider_settings.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/engine/sweep_clock.hpp"
#include "runtime/model/model_watch.hpp"
#include "runtime/model/run_source.hpp"
#include "runtime/protocol/actors.hpp"

namespace lab::tools {

struct EngineSettings {
  std::string home; // the workspace folder; made when missing
  std::vector<llm::ProviderSettings> providers;
  std::size_t threads = 2; // CAF workers
  /// Answers of people that are there before the questions; may be empty.
  actors::ReadyAnswers ready_answers;
  /// Somebody reads `questions()`; see HumanDeskParts.
  bool people_attended = false;
};

/// What one command executes. A single run is a job of one.
struct Job {
  SweepPlanned sweep;              // `sweep.sweep` is none for a single run
  std::unique_ptr<RunSource> runs; // the missing ones, in order
  RunCounts counts;                // planned and existing are set
  std::int64_t turns_planned = 0;  // of the missing runs
  std::int32_t runs_in_flight = 64;
  std::vector<LimitSet> limits;       // set before the first call
  Limit per_run;                      // set on each run's account as it starts
  bool exhausted_ends_running = true; // see SupervisorParts
  bool exhausted_ends_sweep = false;
  runtime::TimeRules time;
  std::int32_t tries_max = 1; // of a run that fails
  /// Models with a ceiling of their own in `limits`, without parameters.
  std::set<std::string> limited_models;
  /// Checks whether models are still the ones that the sweep began with, after
  /// every so many runs; may be none.
  std::shared_ptr<ModelWatch> watch{};
  std::int64_t check_every = 0;
  std::string user;  // who pays for those checks
  AccountId account; // whose balance `snapshot` shows
  /// Runs whose plan has changed since they began (somebody else decides for
  /// a participant): recorded before they go on.
  std::vector<RunSpec> planned_anew;
};

/// What a display needs, read together.
struct Snapshot {
  SweepProgress progress;
  CallCounts calls;
  Balance balance; // of the sweep, or of the single run
  std::int64_t waiting_for_money = 0;
  /// Shares of limits that were passed, of those somebody asked for.
  std::vector<LimitWarning> warnings;
  std::vector<LaneStatus> lanes;
};

/// The composition root: the one place that names every part. Opening takes
/// the workspace, recovers the journal and starts the actors; destruction
/// stops them in order and leaves everything on disk.
class Engine {
public:
  /// @errors held_elsewhere (names the pid), journal_corrupt, disk_failed,
  ///         invalid_input
  static Result<std::unique_ptr<Engine>> open(EngineSettings settings);
  ~Engine();

  /// What the start found after a crash; zero attempts otherwise.
  const Recovered& recovered() const;

  /// Runs the job to its end; blocks. One at a time.
  SweepOutcome execute(Job job);

  /// From any thread, while `execute` blocks. Waits for nothing.
  void stop(bool now, Error why);
  Snapshot snapshot();

  /// The door to models, for callers that are no run: benchmarks, tests. Must
  /// be given up before the engine ends.
  GatewayActor gateway() const;
  /// What people are asked now. From any thread.
  Questions questions();
  /// The first good answer to a question wins. From any thread.
  AnswerVerdict answer(AttemptId question, std::string text);

  /// Balances of the named accounts, or of all that have a limit.
  Balances balances(std::vector<AccountId> accounts);
  /// Returns when everything is on disk: tables and artefacts too.
  Result<void> flush();

private:
  struct Parts;
  explicit Engine(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

} // namespace lab::tools

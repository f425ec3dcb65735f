#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/day_window.hpp"
#include "runtime/base/money.hpp"
#include "runtime/base/yaml.hpp"
#include "sweeps/expression/expression.hpp"

// What a manifest says about how a sweep may go on and end.

namespace lab::sweeps {

/// `replicates.more`: replicates are added, a block at a time, until the
/// condition holds at every point it is asked of.
struct MoreReplicates {
  Expression until;         // of type `truth`, in `until_scope`
  std::string only;         // a named block of the design; empty: all points
  std::int32_t at_most = 0; // replicates of a point, the first ones included
  yaml::Node place;         // of `until`
};

/// `schedule.pilot`: the first runs of the order, and what comes then.
struct Pilot {
  std::int32_t runs = 1;
  /// Of type `word`, in `pilot_scope`: continue, ask, pause, stop. Without it
  /// the sweep goes on.
  std::optional<Expression> then;
  yaml::Node place;
};

enum class StopAction : std::uint8_t {
  pause,       // as Ctrl-C does: the same command goes on
  finish,      // start no more runs; those that began may end
  stop,        // end at the next turn; what is done counts
  pause_model, // hold back the remaining runs of one model
};

/// An entry of `stop`.
struct StopRule {
  Expression when; // of type `truth`, in `stop_scope`
  StopAction then = StopAction::pause;
  std::string because; // for people; the condition's text unless given
  yaml::Node place;    // of `when`
};

enum class OnExhausted : std::uint8_t {
  pause,          // stop everything at once; more money goes on (the default)
  finish_running, // start no more runs; those that began may end
  stop,           // the sweep is over
};

enum class MoneyHold : std::uint8_t { worst_case, p95 };

/// `budget`, beside the limits that the ledger knows.
struct BudgetRules {
  /// Model, without parameters -> most of the sweep's money for it.
  std::vector<std::pair<std::string, Money>> by_model;
  MoneyHold hold = MoneyHold::worst_case;
  /// Shares of the ceilings, ascending, in parts of `share_whole`.
  std::vector<std::int32_t> warn_at;
  OnExhausted on_exhausted = OnExhausted::pause;
};

/// `limits.window`: the hours of the local day in which the sweep may work.
struct Window {
  DayWindow hours;
  bool finish_running = false; // else what runs is paused at the close
};

/// `limits`, beside how many at once.
struct TimeLimits {
  std::optional<std::int64_t> run_seconds;
  std::optional<std::int64_t> sweep_seconds;
  std::optional<Window> window;
};

enum class Keep : std::uint8_t { full, compact, metrics };
enum class ExportFormat : std::uint8_t { csv, jsonl, parquet, junit };

/// `output`, beside the folder.
struct OutputRules {
  Keep keep = Keep::full;
  std::vector<ExportFormat> exports; // each once
  bool report = false;
};

/// `retry_runs`: how often a failed run is tried. It goes on from what it has:
/// its replies are kept, and only the call that failed is made anew.
struct RetryRuns {
  std::int32_t attempts = 1; // the first one included
};

/// An entry of `providers`: lower ceilings than the settings file has.
struct ProviderLowering {
  std::string provider;
  std::optional<std::int32_t> calls; // in flight at once
  std::optional<std::int64_t> requests_per_minute;
  yaml::Node place;
};

/// `sentinel`: whether models stay the ones that the sweep began with.
struct SentinelRules {
  std::int64_t every = 20;    // runs that begin between two checks
  std::int32_t repeats = 4;   // of each canary in a check
  double false_alarms = 0.01; // chance of one in a stratum, all its checks
  yaml::Node place;
};

/// `notify`: whom to tell what.
struct Notify {
  std::vector<std::string> on;  // paused, stopped, finished, needs-you
  std::vector<std::string> run; // a command and its arguments
};

/// One wording of the prompts: what it writes, and where.
struct WordingVariant {
  std::string name;
  std::vector<std::pair<std::string, yaml::Node>> writes; // path, text
};

/// `wording`: a nuisance factor. Every block of replicates speaks in another
/// wording, each of them equally often; effects are averaged over wordings, and
/// what wording does is reported as variance and never as an effect.
struct Wording {
  std::vector<WordingVariant> variants; // none, or at least two
  yaml::Node place;
};

} // namespace lab::sweeps

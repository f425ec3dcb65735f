#include "tools/cli/result_report.hpp"

#include <algorithm>
#include <cmath>
#include <csignal>

#include "runtime/base/text.hpp"
#include "tools/cli/json_output.hpp"
#include "tools/cli/money_text.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

namespace {

// More would push the summary off the screen; `runs` lists them all.
constexpr std::size_t troubles_shown_max = 5;

Json json_of(const CallCounts& calls) {
  return {{"sent", calls.sent},
          {"journalled", calls.journalled},
          {"shared", calls.shared},
          {"failed", calls.failed}};
}

std::string calls_text(const CallCounts& calls) {
  return grouped(calls.sent) + " sent, " + grouped(calls.journalled)
         + " read back from the journal, " + grouped(calls.shared) + " shared, "
         + grouped(calls.failed) + " failed";
}

std::string line(const std::string& label, const std::string& text) {
  return "  " + pad(label, 10) + text + "\n";
}

double seconds(std::int64_t microseconds) {
  return std::round(static_cast<double>(microseconds) / 1000.0) / 1000.0;
}

std::string wall_text(std::int64_t microseconds) {
  constexpr std::int64_t second = 1'000'000;
  if (microseconds >= 10 * second)
    return duration_text(microseconds / second);
  const auto tenths = (microseconds + second / 20) / (second / 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

/// The first runs that ended in another way than the sweep did, each with its
/// reason. What stopped the sweep stopped the rest, and is told above.
std::string troubles_text(const SweepResult& result) {
  std::string out;
  std::size_t found = 0;
  for (const auto& run : result.outcome.ended) {
    if (run.code == result.outcome.code && run.status != RunStatus::failed
        && !run.by_phase)
      continue;
    if (++found > troubles_shown_max)
      continue;
    const auto name = result.names.find(run.run);
    out += line(found == 1 ? "trouble" : "",
                (name == result.names.end() ? to_string(run.run) : name->second)
                  + " " + std::string{to_string(run.status)} + " after turn "
                  + std::to_string(run.turns_completed) + ": "
                  + shorten(printable(run.reason), 100));
  }
  if (found > troubles_shown_max)
    out +=
      line("", "and " + std::to_string(found - troubles_shown_max)
                 + " more: scenario-lab status " + to_string(result.sweep));
  return out;
}

} // namespace

std::string status_of(const RunOutcome& outcome) {
  // A run that was stopped or cancelled stands and can go on.
  if (outcome.status == RunStatus::cancelled)
    return "halted";
  return std::string{to_string(outcome.status)};
}

std::string run_text(const RunResult& result) {
  std::string out;
  if (result.simulated)
    out += simulated_notice(result.play_money) + "\n";
  out += status_of(result.outcome) + "  " + result.scenario + "  "
         + to_string(result.run) + "  seed " + std::to_string(result.seed)
         + "\n";
  if (!result.outcome.reason.empty())
    out += line("reason", printable(result.outcome.reason));
  out += line("turns", std::to_string(result.outcome.turns_completed) + " of "
                         + std::to_string(result.turns));
  out += line("calls", calls_text(result.calls));
  out += line("cost", balance_text(result.balance, result.play_money));
  if (result.inherited)
    out += line("inherited",
                usd_text(result.inherited->settled.usd, result.play_money)
                  + " settled by " + to_string(result.parent)
                  + " for the shared turns; not part of this run's cost");
  out += line("output", result.output);
  if (result.outcome.status == RunStatus::completed && result.calls.sent == 0
      && result.calls.journalled > 0)
    out += "This run was there already: every reply came from the journal, "
           "nothing was bought.\n";
  return out;
}

std::string run_json(const RunResult& result) {
  Json out{{"run_id", to_string(result.run)},
           {"scenario", result.scenario},
           {"status", status_of(result.outcome)},
           {"reason", text_or_null(result.outcome.reason)},
           {"simulated", result.simulated},
           {"turns_completed", result.outcome.turns_completed},
           {"calls", json_of(result.calls)},
           {"cost", json_of(result.balance)},
           {"output", result.output}};
  if (result.inherited) {
    out["branch_from"] = to_string(result.parent);
    out["inherited"] = json_of(*result.inherited);
  }
  return document(out);
}

double ideal_seconds(const SweepOutcome& outcome, std::int64_t slots) {
  const auto shared = outcome.model_us / std::max<std::int64_t>(slots, 1);
  return seconds(std::max(outcome.critical_us, shared));
}

std::string sweep_text(const SweepResult& result) {
  const auto& runs = result.outcome.runs;
  const auto done = runs.existing + runs.completed;
  std::string out;
  if (result.simulated)
    out += simulated_notice(result.play_money) + "\n";
  out += result.outcome.status + "  " + result.name + "  "
         + to_string(result.sweep) + "\n";
  if (!result.outcome.reason.empty())
    out += line("reason", printable(result.outcome.reason));
  auto counts =
    std::to_string(done) + " of " + std::to_string(runs.planned) + " done";
  if (runs.existing > 0)
    counts += " (" + std::to_string(runs.existing) + " before)";
  for (const auto& [count, word] :
       {std::pair{runs.failed, "failed"}, std::pair{runs.halted, "halted"},
        std::pair{runs.paused, "paused"},
        std::pair{runs.cancelled, "cancelled"},
        std::pair{runs.retried, "tried again"}})
    if (count > 0)
      counts += ", " + std::to_string(count) + " " + word;
  out += line("runs", counts);
  if (const auto& ruled = result.outcome.ruled; ruled && ruled->runs_saved > 0)
    out += line("saved", count_of(ruled->runs_saved, "run") + ", about "
                           + count_of(ruled->calls_saved, "call")
                           + ", against the fixed design");
  out += troubles_text(result);
  for (const auto& drift : result.outcome.drifts)
    out += line("warning", printable(drift));
  out += line("calls", calls_text(result.calls));
  out += line("cost", balance_text(result.balance, result.play_money));
  out += line("time", wall_text(result.outcome.wall_us));
  out += line("output", result.output);
  out += line("database", result.database);
  return out;
}

std::string sweep_json(const SweepResult& result) {
  const auto& runs = result.outcome.runs;
  Json counts{{"planned", runs.planned},
              {"completed", runs.existing + runs.completed},
              {"halted", runs.halted + runs.cancelled},
              {"failed", runs.failed}};
  if (runs.paused > 0)
    counts["paused"] = runs.paused;
  if (runs.retried > 0)
    counts["retried"] = runs.retried;
  Json out{{"sweep_id", to_string(result.sweep)},
           {"status", result.outcome.status},
           {"reason", text_or_null(result.outcome.reason)},
           {"simulated", result.simulated},
           {"points", result.points},
           {"runs", counts},
           {"calls", json_of(result.calls)},
           {"cost", json_of(result.balance)},
           {"wall_s", seconds(result.outcome.wall_us)},
           {"ideal_s", ideal_seconds(result.outcome, result.slots)},
           {"database", result.database},
           {"output", result.output}};
  if (!result.outcome.drifts.empty())
    out["model_changes"] = result.outcome.drifts;
  if (const auto& end = result.outcome.ruled)
    out["ended_by_rule"] = {{"then", end->then},
                            {"because", end->because},
                            {"runs_saved", end->runs_saved},
                            {"calls_saved", end->calls_saved}};
  return document(out);
}

ExitCode exit_code_of(const SweepOutcome& outcome, int signal) {
  if (outcome.status == "completed")
    return outcome.runs.failed > 0 ? ExitCode::some_failed : ExitCode::done;
  if (signal == SIGINT)
    return ExitCode::interrupted;
  if (signal == SIGTERM)
    return ExitCode::terminated;
  // A rule is a limit that the manifest sets, and repeating goes on.
  if (outcome.ruled)
    return ExitCode::limit_reached;
  if (outcome.code == Errc::ok)
    return outcome.status == "failed" ? ExitCode::some_failed : ExitCode::done;
  return exit_code_of(outcome.code);
}

} // namespace lab::tools

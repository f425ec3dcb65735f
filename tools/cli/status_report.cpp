#include "tools/cli/status_report.hpp"

#include "runtime/base/text.hpp"
#include "tools/cli/json_output.hpp"
#include "tools/cli/money_text.hpp"
#include "tools/cli/text_table.hpp"

namespace lab::tools {

namespace {

using storage::RunRow;
using storage::Spend;
using storage::SweepRow;

constexpr std::size_t reason_width = 60;
constexpr std::size_t name_width = 28;

std::int64_t count_in(const SweepRow& sweep, RunStatus status) {
  const auto found = sweep.runs.find(status);
  return found == sweep.runs.end() ? 0 : found->second;
}

std::int64_t total_of(const SweepRow& sweep) {
  std::int64_t total = 0;
  for (const auto& [status, count] : sweep.runs)
    total += count;
  return total;
}

std::string share_text(const SweepRow& sweep) {
  const auto total = total_of(sweep);
  const auto done = count_in(sweep, RunStatus::completed);
  auto text = std::to_string(done) + "/" + std::to_string(total);
  if (total > 0)
    text += " " + std::to_string(100 * done / total) + "%";
  return text;
}

std::string tokens_text(const Spend& spend) {
  return compact(spend.settled.tokens + spend.unknown.tokens);
}

/// A sweep's models are not in its row: what is simulated in part has its
/// money called play, since no reader may take it for a bill.
std::vector<std::string> money_cells(const Spend& spend, bool simulated) {
  return {usd_text(spend.settled.usd, simulated),
          usd_text(spend.unknown.usd, simulated),
          usd_text(spend.reserved.usd, simulated)};
}

std::string why_text(const std::string& reason, bool simulated) {
  auto text = shorten(printable(reason), reason_width);
  if (simulated)
    text = text.empty() ? "simulated" : "simulated; " + text;
  return text;
}

void append(std::vector<std::string>& cells,
            const std::vector<std::string>& more) {
  cells.insert(cells.end(), more.begin(), more.end());
}

TextTable sweep_table(const StatusView& view) {
  TextTable table{{{"SWEEP", Align::left},
                   {"NAME", Align::left},
                   {"STATE", Align::left},
                   {"RUNS", Align::right},
                   {"FAILED", Align::right},
                   {"TOKENS", Align::right},
                   {"SETTLED", Align::right},
                   {"UNKNOWN", Align::right},
                   {"RESERVED", Align::right},
                   {"", Align::left}}};
  for (const auto& sweep : view.sweeps) {
    std::vector<std::string> cells{
      to_string(sweep.id),
      shorten(printable(sweep.name), name_width),
      state_of(sweep, view.engine.has_value()),
      share_text(sweep),
      std::to_string(count_in(sweep, RunStatus::failed)),
      tokens_text(sweep.spend)};
    append(cells, money_cells(sweep.spend, sweep.simulated));
    cells.push_back(why_text(sweep.reason, sweep.simulated));
    table.row(std::move(cells));
  }
  return table;
}

TextTable run_table(const StatusView& view) {
  TextTable table{{{"RUN", Align::left},
                   {"NAME", Align::left},
                   {"SCENARIO", Align::left},
                   {"STATE", Align::left},
                   {"TURN", Align::right},
                   {"SEED", Align::right},
                   {"SETTLED", Align::right},
                   {"UNKNOWN", Align::right},
                   {"RESERVED", Align::right},
                   {"", Align::left}}};
  for (const auto& run : view.runs) {
    const auto id = to_string(run.id);
    std::vector<std::string> cells{
      id,
      run.name == id ? "" : shorten(printable(run.name), name_width),
      shorten(printable(run.scenario), name_width),
      state_of(run, view.engine.has_value()),
      std::to_string(run.turns_completed) + "/"
        + std::to_string(run.turns_planned),
      std::to_string(run.seed)};
    append(cells, money_cells(run.spend, run.simulated));
    cells.push_back(why_text(run.reason, run.simulated));
    table.row(std::move(cells));
  }
  return table;
}

Json run_counts(const SweepRow& sweep) {
  return {{"planned", total_of(sweep)},
          {"waiting", count_in(sweep, RunStatus::planned)},
          {"running", count_in(sweep, RunStatus::running)},
          {"completed", count_in(sweep, RunStatus::completed)},
          {"halted", count_in(sweep, RunStatus::halted)},
          {"paused", count_in(sweep, RunStatus::paused)},
          {"failed", count_in(sweep, RunStatus::failed)},
          {"cancelled", count_in(sweep, RunStatus::cancelled)}};
}

Json usage_of(const Spend& spend) {
  return {{"calls", spend.settled.calls + spend.unknown.calls},
          {"tokens", spend.settled.tokens + spend.unknown.tokens}};
}

Json json_of(const SweepRow& sweep, bool engine_runs) {
  return {{"id", to_string(sweep.id)},
          {"name", sweep.name},
          {"about", sweep.about},
          {"scenario", sweep.scenario},
          {"status", state_of(sweep, engine_runs)},
          {"reason", text_or_null(sweep.reason)},
          {"simulated", sweep.simulated},
          {"points", sweep.points},
          {"replicates", sweep.replicates},
          {"runs", run_counts(sweep)},
          {"usage", usage_of(sweep.spend)},
          {"cost", lab::tools::json_of(sweep.spend)},
          {"planned_at", utc_text(sweep.planned_at)},
          {"output", sweep.output}};
}

Json json_of(const RunRow& run, bool engine_runs) {
  Json factors = Json::object();
  for (const auto& [name, value] : run.factors)
    factors[name] = value;
  // A seed has 64 bits and JSON numbers have 53.
  return {{"id", to_string(run.id)},
          {"name", run.name},
          {"sweep", run.sweep ? Json(to_string(run.sweep)) : Json(nullptr)},
          {"point", text_or_null(run.point)},
          {"replicate", run.replicate},
          {"seed", std::to_string(run.seed)},
          {"scenario", run.scenario},
          {"status", state_of(run, engine_runs)},
          {"reason", text_or_null(run.reason)},
          {"simulated", run.simulated},
          {"turns_planned", run.turns_planned},
          {"turns_completed", run.turns_completed},
          {"factors", factors},
          {"usage", usage_of(run.spend)},
          {"cost", lab::tools::json_of(run.spend)},
          {"output", run.output}};
}

Json envelope(const char* schema, const StatusView& view) {
  return {{"schema", schema},
          {"as_of", utc_text(view.at)},
          {"engine_pid", view.engine ? Json(view.engine->pid) : Json(nullptr)}};
}

Json sweeps_of(const StatusView& view) {
  Json rows = Json::array();
  for (const auto& sweep : view.sweeps)
    rows.push_back(json_of(sweep, view.engine.has_value()));
  return rows;
}

Json runs_of(const StatusView& view) {
  Json rows = Json::array();
  for (const auto& run : view.runs)
    rows.push_back(json_of(run, view.engine.has_value()));
  return rows;
}

} // namespace

std::string state_of(const SweepRow& sweep, bool engine_runs) {
  return sweep.status == "running" && !engine_runs ? "interrupted"
                                                   : sweep.status;
}

std::string state_of(const RunRow& run, bool engine_runs) {
  return run.status == RunStatus::running && !engine_runs
           ? "interrupted"
           : std::string{to_string(run.status)};
}

std::string status_text(const StatusView& view) {
  std::string out;
  if (view.engine)
    out += "An engine works here"
           + (view.engine->pid > 0 ? ", pid " + std::to_string(view.engine->pid)
                                   : std::string{})
           + ".\n\n";
  if (!view.sweeps.empty())
    out += sweep_table(view).text();
  if (!view.sweeps.empty() && !view.runs.empty())
    out += "\n";
  if (!view.runs.empty())
    out += run_table(view).text();
  if (view.sweeps.empty() && view.runs.empty())
    out += "Nothing ran in this workspace yet.\n";
  return out;
}

std::string status_json(const StatusView& view) {
  auto out = envelope("scenario-lab/status/1", view);
  out["sweeps"] = sweeps_of(view);
  out["runs"] = runs_of(view);
  return document(out);
}

std::string sweep_list_text(const StatusView& view) {
  return view.sweeps.empty() ? "No sweep was planned in this workspace yet.\n"
                             : sweep_table(view).text();
}

std::string sweep_list_json(const StatusView& view) {
  auto out = envelope("scenario-lab/sweeps/1", view);
  out["sweeps"] = sweeps_of(view);
  return document(out);
}

std::string runs_text(const StatusView& view) {
  return view.runs.empty() ? "No runs.\n" : run_table(view).text();
}

std::string runs_json(const StatusView& view) {
  auto out = envelope("scenario-lab/runs/1", view);
  out["runs"] = runs_of(view);
  return document(out);
}

} // namespace lab::tools

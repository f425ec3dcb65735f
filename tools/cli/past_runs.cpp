#include "tools/cli/past_runs.hpp"

#include <map>
#include <utility>

#include "tools/cli/table_cells.hpp"

namespace lab::tools {

namespace {

/// The latest ones tell most, and reading them must not be felt.
constexpr std::int64_t runs_max = 50;
constexpr std::size_t rows_max = 1'000'000;

/// Calls whose latencies are looked at.
constexpr std::int64_t timed_calls_max = 20'000;

/// Of the calls that `runs`, a list of quoted ids, had answered.
std::string calls_sql(const std::string& runs) {
  const std::string used = "c.model, c.input_tokens, c.cached_tokens, "
                           "c.cache_write_tokens, c.output_tokens ";
  return "SELECT run, phase, actor, model, COUNT(*), SUM(input_tokens), "
         "SUM(cached_tokens), SUM(cache_write_tokens), SUM(output_tokens) "
         "FROM (SELECT c.run, c.phase, c.actor, "
         + used + "FROM calls c WHERE c.resolution = 'settled' AND c.run IN ("
         + runs + ") UNION ALL SELECT s.run, s.phase, s.actor, " + used
         + "FROM shared_calls s JOIN calls c ON c.attempt = s.source "
           "WHERE c.resolution = 'settled' AND s.run IN ("
         + runs + ")) GROUP BY run, phase, actor, model";
}

} // namespace

Result<std::vector<sweeps::PastRun>> past_runs(storage::Queries& tables,
                                               const std::string& scenario) {
  storage::RunFilter filter;
  filter.status = RunStatus::completed;
  filter.scenario = scenario;
  filter.limit = runs_max;
  LAB_TRY(const auto rows, tables.runs(filter));
  std::map<std::string, sweeps::PastRun> runs; // by id
  std::string ids;
  for (const auto& row : rows) {
    // A branch reads its first turns from its parent for nothing.
    if (row.branch_from || row.turns_completed < 1)
      continue;
    const auto id = to_string(row.id);
    runs[id].turns = row.turns_completed;
    ids += (ids.empty() ? "'" : ",'") + id + "'";
  }
  std::vector<sweeps::PastRun> past;
  if (runs.empty())
    return past;
  LAB_TRY(const auto calls, tables.sql(calls_sql(ids), rows_max));
  for (const auto& row : calls.rows) {
    auto& sum =
      runs[row[0].value_or("")]
        .sites[{row[1].value_or(""), row[2].value_or(""), row[3].value_or("")}];
    sum.calls = number_in(row[4]);
    sum.usage = {number_in(row[5]), number_in(row[6]), number_in(row[7]),
                 number_in(row[8])};
  }
  for (auto& [id, run] : runs)
    past.push_back(std::move(run));
  return past;
}

std::vector<sweeps::PastRun> past_runs(const Context& context,
                                       const std::string& scenario) {
  auto tables = storage::Queries::open(context.workspace().analytics);
  if (!tables && tables.error().code == Errc::not_found)
    return {};
  const auto past = tables ? past_runs(*tables, scenario)
                           : Result<std::vector<sweeps::PastRun>>{
                             tl::unexpected(std::move(tables.error()))};
  if (past)
    return *past;
  context.console.say("Earlier runs cannot be read (" + to_string(past.error())
                      + "); the estimate is from the scenario's texts.\n");
  return {};
}

Result<std::map<std::string, sweeps::PastLatency>>
past_latencies(storage::Queries& tables) {
  LAB_TRY(const auto means,
          tables.sql("SELECT model, SUM(latency_ms), COUNT(*) FROM (SELECT "
                     "model, run, latency_ms FROM calls WHERE resolution = "
                     "'settled' AND latency_ms IS NOT NULL ORDER BY seq DESC "
                     "LIMIT "
                       + std::to_string(timed_calls_max)
                       + ") GROUP BY model, run ORDER BY model, run",
                     rows_max));
  constexpr double ms_per_second = 1000;
  std::map<std::string, sweeps::PastLatency> past;
  for (const auto& row : means.rows)
    past[row[0].value_or("")].run_means.push_back(
      static_cast<double>(number_in(row[1]))
      / static_cast<double>(number_in(row[2])) / ms_per_second);
  return past;
}

std::map<std::string, sweeps::PastLatency>
past_latencies(const Context& context) {
  auto tables = storage::Queries::open(context.workspace().analytics);
  if (!tables)
    return {};
  // What is wrong with the tables was told when past runs were looked for.
  return past_latencies(*tables).value_or(
    std::map<std::string, sweeps::PastLatency>{});
}

} // namespace lab::tools

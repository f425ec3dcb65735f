#include "storage/queries.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "runtime/base/text.hpp"
#include "runtime/model/names.hpp"
#include "storage/json_columns.hpp"
#include "storage/queries_impl.hpp"
#include "storage/run_story.hpp"
#include "storage/tables.hpp"

namespace lab::storage {

namespace {

struct CostName {
  CostBy by;
  std::string_view name; // in messages and, but for "point", the column's
  std::string_view column;
  bool in_order; // by the key itself rather than by amount
};

constexpr std::array cost_names{
  CostName{CostBy::actor, "actor", "actor", false},
  CostName{CostBy::phase, "phase", "phase", false},
  CostName{CostBy::model, "model", "model", false},
  CostName{CostBy::point, "point", "point", false},
  CostName{CostBy::run, "run", "run", false},
  CostName{CostBy::turn, "turn", "turn", true},
  CostName{CostBy::day, "day", "day", true},
  CostName{CostBy::user, "user", "user", false},
};

const CostName& cost_name(CostBy by) {
  return *std::ranges::find(cost_names, by, &CostName::by);
}

/// Nine columns of `table`, in the order of `spend_at`.
std::string spend_columns(const std::string& table) {
  std::string out;
  for (const char* part : {"settled", "unknown", "reserved"})
    for (const char* unit : {"_pico_usd", "_calls", "_tokens"})
      out += (out.empty() ? "" : ", ") + table + "." + part + unit;
  return out;
}

Charge charge_at(const Statement& row, int column) {
  return {Money{row.integer(column)}, row.integer(column + 1),
          row.integer(column + 2)};
}

Spend spend_at(const Statement& row, int column) {
  return {charge_at(row, column), charge_at(row, column + 3),
          charge_at(row, column + 6)};
}

/// Columns of a run, in the order of `run_row`. `n` is the row of `sweep_runs`
/// where names and places in a sweep come from, or the run itself.
std::string run_columns(bool in_sweep) {
  const std::string n = in_sweep ? "n" : "r";
  return "r.id, " + n + ".name, " + n + ".sweep, " + n + ".point, " + n
         + ".replicate, r.seed, r.scenario, r.scenario_name, r.status, r.code, "
           "r.reason, r.turns_planned, r.turns_completed, r.simulated, "
           "r.user, r.output, r.artefact_error, r.branch_from, r.branch_turn, "
           "r.planned_at, r.started_at, r.ended_at, "
         + (in_sweep ? "COALESCE(p.factors, r.factors), " : "r.factors, ")
         + spend_columns("r");
}

Result<RunRow> run_row(const Statement& row) {
  RunRow run;
  run.id = run_at(row, 0);
  run.name = text_at(row, 1);
  run.sweep = sweep_at(row, 2);
  run.point = text_at(row, 3);
  run.replicate = count_at(row, 4);
  run.seed = seed_from(row.text(5));
  run.scenario = text_at(row, 6);
  run.scenario_name = text_at(row, 7);
  run.status = run_status_from(row.text(8));
  run.code = errc_from(row.text(9));
  run.reason = text_at(row, 10);
  run.turns_planned = count_at(row, 11);
  run.turns_completed = count_at(row, 12);
  run.simulated = row.integer(13) != 0;
  run.user = text_at(row, 14);
  run.output = text_at(row, 15);
  run.artefact_error = text_at(row, 16);
  run.branch_from = run_at(row, 17);
  run.branch_turn = count_at(row, 18);
  run.planned_at = row.integer(19);
  run.started_at = row.integer(20);
  run.ended_at = row.integer(21);
  LAB_TRY(run.factors, pairs_from(row.text(22)));
  run.spend = spend_at(row, 23);
  return run;
}

/// For LIKE, with `\` as the escape: what people type stands for itself.
std::string like_prefix(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\')
      out += '\\';
    out += c;
  }
  return out + "%";
}

} // namespace

std::string_view to_string(CostBy by) { return cost_name(by).name; }

std::optional<CostBy> cost_by_from(std::string_view name) {
  for (const auto& entry : cost_names)
    if (entry.name == name)
      return entry.by;
  return std::nullopt;
}

Queries::Queries(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Queries::Queries(Queries&&) noexcept = default;
Queries& Queries::operator=(Queries&&) noexcept = default;
Queries::~Queries() = default;

Result<Queries> Queries::open(const std::string& path) {
  if (!std::filesystem::exists(path))
    return fail(Errc::not_found,
                path + ": nothing has been run in this workspace yet");
  // Not SQLite's read-only mode: whoever opens a file first after a kill must
  // be able to roll its journal back. The pragma forbids everything else.
  LAB_TRY(auto database, Database::open(path, sqlite::OpenMode::read_write));
  LAB_CHECKED(database.exec("PRAGMA query_only=ON"));
  LAB_TRY(const auto id, database.integer("PRAGMA application_id"));
  LAB_TRY(const auto version, database.integer("PRAGMA user_version"));
  LAB_TRY(const auto tables,
          database.integer("SELECT COUNT(*) FROM sqlite_schema"));
  // A process killed while it made the file leaves it empty.
  if (tables == 0)
    return fail(Errc::not_found,
                path + ": nothing has been run in this workspace yet");
  if (id != analytics_id)
    return fail(Errc::invalid_input,
                path + ": not a database of Scenario Lab (application id "
                  + std::to_string(id) + ")");
  if (version != analytics_version)
    return fail(Errc::invalid_input, path + ": tables of version "
                                       + std::to_string(version)
                                       + ", this program reads version "
                                       + std::to_string(analytics_version)
                                       + "; the next run makes them anew");
  return Queries{std::make_unique<Impl>(std::move(database))};
}

// --- Which sweep or run ------------------------------------------------------

Result<std::vector<std::pair<Target, std::string>>>
Queries::Impl::targets(const char* sql, const std::string& parameter) {
  LAB_TRY(auto rows, database.prepare(sql));
  rows.bind_all(parameter);
  std::vector<std::pair<Target, std::string>> found;
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      return found;
    const Target target = rows.integer(0) == 0 ? Target{sweep_at(rows, 1)}
                                               : Target{run_at(rows, 1)};
    found.emplace_back(target, text_at(rows, 2));
  }
}

Result<std::optional<Target>> Queries::Impl::latest() {
  LAB_TRY(const auto found,
          targets("SELECT kind, id, '' FROM ("
                  "SELECT 0 AS kind, id, planned_at, rowid FROM sweeps "
                  "WHERE ?1 = '' UNION ALL "
                  "SELECT 1, id, planned_at, rowid FROM runs WHERE sweep = '') "
                  "ORDER BY planned_at DESC, kind, rowid DESC LIMIT 1",
                  ""));
  return found.empty() ? std::nullopt : std::optional{found.front().first};
}

Result<Target> Queries::resolve(const std::string& word) {
  if (word == "latest") {
    LAB_TRY(const auto newest, impl_->latest());
    if (!newest)
      return fail(Errc::not_found, "nothing has been run yet");
    return *newest;
  }
  if (word.empty())
    return fail(Errc::not_found, "an empty name");
  // A whole id or name wins over the beginnings of others.
  LAB_TRY(auto found,
          impl_->targets("SELECT 0, id, id || ' (sweep ' || name || ')' "
                         "FROM sweeps WHERE id = ?1 OR name = ?1 UNION ALL "
                         "SELECT 1, id, id || ' (run ' || name || ')' "
                         "FROM runs WHERE id = ?1 OR name = ?1 UNION "
                         "SELECT 1, run, run || ' (run ' || name || ' of ' || "
                         "sweep || ')' FROM sweep_runs WHERE name = ?1 "
                         "AND run NOT IN (SELECT id FROM runs WHERE name = ?1)",
                         word));
  if (found.empty()) {
    LAB_TRY(found,
            impl_->targets("SELECT 0, id, id || ' (sweep ' || name || ')' "
                           "FROM sweeps WHERE id LIKE ?1 ESCAPE '\\' "
                           "OR name LIKE ?1 ESCAPE '\\' UNION ALL "
                           "SELECT 1, id, id || ' (run ' || name || ')' "
                           "FROM runs WHERE id LIKE ?1 ESCAPE '\\' "
                           "OR (sweep = '' AND name LIKE ?1 ESCAPE '\\')",
                           like_prefix(word)));
  }
  if (found.empty())
    return fail(Errc::not_found, "no sweep or run is called '" + word + "'");
  if (found.size() == 1)
    return found.front().first;
  std::string list;
  constexpr std::size_t shown_max = 5;
  for (std::size_t i = 0; i < std::min(found.size(), shown_max); ++i)
    list += (i > 0 ? ", " : "") + found[i].second;
  if (found.size() > shown_max)
    list += " and " + std::to_string(found.size() - shown_max) + " more";
  return fail(Errc::invalid_input,
              "'" + word + "' may be " + list + "; give more of the id");
}

// --- Sweeps ------------------------------------------------------------------

Result<std::vector<SweepRow>> Queries::Impl::sweeps(const std::string& where,
                                                    const std::string& id) {
  LAB_TRY(auto rows,
          database.prepare("SELECT s.id, s.name, s.about, s.scenario, "
                           "s.points, s.replicates, s.factors, s.output, "
                           "s.simulated, s.status, s.reason, s.planned_at, "
                           "s.ended_at, "
                           + spend_columns("s") + " FROM sweeps s " + where
                           + " ORDER BY s.planned_at DESC, s.rowid DESC"));
  if (!id.empty())
    rows.bind_all(id);
  std::vector<SweepRow> sweeps;
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      break;
    SweepRow sweep;
    sweep.id = sweep_at(rows, 0);
    sweep.name = text_at(rows, 1);
    sweep.about = text_at(rows, 2);
    sweep.scenario = text_at(rows, 3);
    sweep.points = count_at(rows, 4);
    sweep.replicates = count_at(rows, 5);
    LAB_TRY(sweep.factors, list_from(rows.text(6)));
    sweep.output = text_at(rows, 7);
    sweep.simulated = rows.integer(8) != 0;
    sweep.status = text_at(rows, 9);
    sweep.reason = text_at(rows, 10);
    sweep.planned_at = rows.integer(11);
    sweep.ended_at = rows.integer(12);
    sweep.spend = spend_at(rows, 13);
    sweeps.push_back(std::move(sweep));
  }
  LAB_CHECKED(count_runs(sweeps));
  return sweeps;
}

Result<void> Queries::Impl::count_runs(std::vector<SweepRow>& sweeps) {
  LAB_TRY(auto rows,
          database.prepare("SELECT r.status, COUNT(*) FROM sweep_runs n "
                           "JOIN runs r ON r.id = n.run WHERE n.sweep = ? "
                           "GROUP BY r.status"));
  for (auto& sweep : sweeps) {
    rows.bind_all(to_string(sweep.id));
    for (;;) {
      LAB_TRY(const bool row, rows.step());
      if (!row)
        break;
      sweep.runs[run_status_from(rows.text(0))] = rows.integer(1);
    }
  }
  return {};
}

Result<std::vector<SweepRow>> Queries::sweeps() {
  return impl_->sweeps("", "");
}

Result<SweepRow> Queries::sweep(SweepId id) {
  LAB_TRY(auto rows, impl_->sweeps("WHERE s.id = ?", to_string(id)));
  if (rows.empty())
    return fail(Errc::not_found, "no sweep " + to_string(id));
  return std::move(rows.front());
}

// --- Runs --------------------------------------------------------------------

Result<std::vector<RunRow>> Queries::runs(const RunFilter& filter) {
  const bool in_sweep = static_cast<bool>(filter.sweep);
  std::string sql = "SELECT " + run_columns(in_sweep);
  sql += in_sweep ? " FROM sweep_runs n JOIN runs r ON r.id = n.run "
                    "LEFT JOIN points p ON p.sweep = n.sweep "
                    "AND p.name = n.point WHERE n.sweep = ?1"
                  : " FROM runs r WHERE ?1 = ''";
  const std::string name = in_sweep ? "n.name" : "r.name";
  sql += " AND (?2 = '' OR r.status = ?2) AND (?3 = '' OR " + name + " = ?3)"
         + " AND (?4 = '' OR r.id LIKE ?4 ESCAPE '\\' OR " + name
         + " LIKE ?4 ESCAPE '\\') AND (?5 = '' OR r.scenario = ?5)";
  if (filter.limit > 0)
    sql += " ORDER BY r.planned_at DESC, r.rowid DESC LIMIT "
           + std::to_string(filter.limit);
  else
    sql += in_sweep ? " ORDER BY n.position, n.replicate, n.name"
                    : " ORDER BY r.rowid";
  LAB_TRY(auto rows, impl_->database.prepare(sql));
  rows.bind_all(
    in_sweep ? to_string(filter.sweep) : std::string{},
    filter.status ? std::string{to_string(*filter.status)} : std::string{},
    filter.name, filter.prefix.empty() ? "" : like_prefix(filter.prefix),
    filter.scenario);
  std::vector<RunRow> runs;
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      return runs;
    LAB_TRY(auto run, run_row(rows));
    runs.push_back(std::move(run));
  }
}

Result<RunDetail> Queries::run(RunId id) {
  const auto name = to_string(id);
  RunDetail detail;
  {
    LAB_TRY(auto rows, impl_->database.prepare("SELECT " + run_columns(false)
                                               + " FROM runs r WHERE id = ?"));
    rows.bind_all(name);
    LAB_TRY(const bool row, rows.step());
    if (!row)
      return fail(Errc::not_found, "no run " + name);
    LAB_TRY(detail.row, run_row(rows));
  }
  LAB_TRY(detail.turns, read_turns(impl_->database, name));
  return detail;
}

// --- Costs -------------------------------------------------------------------

Result<std::vector<CostRow>> Queries::costs(const std::optional<Target>& target,
                                            const std::vector<CostBy>& by) {
  std::string keys;
  std::string order;
  for (const auto dimension : by) {
    const auto& name = cost_name(dimension);
    keys += std::string{name.column} + ", ";
    if (name.in_order)
      order += std::string{name.column} + ", ";
  }
  std::string sql = "SELECT " + keys;
  for (const char* part :
       {"resolution = 'settled'", "resolution IN ('unknown', 'bounded')",
        "resolution = 'reserved'"})
    for (const char* unit : {"pico_usd", "calls", "tokens"})
      sql +=
        std::string{"COALESCE(SUM(iif("} + part + ", " + unit + ", 0)), 0), ";
  sql.resize(sql.size() - 2);
  sql += " FROM calls";
  if (target)
    sql += std::holds_alternative<SweepId>(*target) ? " WHERE sweep = ?"
                                                    : " WHERE run = ?";
  const auto first = static_cast<int>(by.size());
  if (!by.empty()) {
    sql += " GROUP BY " + keys.substr(0, keys.size() - 2);
    sql += " ORDER BY " + order + std::to_string(first + 1) + " DESC, "
           + keys.substr(0, keys.size() - 2);
  }
  LAB_TRY(auto rows, impl_->database.prepare(sql));
  if (target)
    rows.bind_all(text_of(*target));
  std::vector<CostRow> costs;
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      return costs;
    CostRow cost;
    for (int i = 0; i < first; ++i)
      cost.keys.push_back(text_at(rows, i));
    cost.spend = spend_at(rows, first);
    costs.push_back(std::move(cost));
  }
}

// --- Metrics -----------------------------------------------------------------

Result<std::vector<MetricName>> Queries::metrics(SweepId sweep) {
  LAB_TRY(auto rows,
          impl_->database.prepare(
            "SELECT DISTINCT m.metric, m.actor FROM sweep_runs n "
            "JOIN metrics m ON m.run = n.run WHERE n.sweep = ? ORDER BY 1, 2"));
  rows.bind_all(to_string(sweep));
  std::vector<MetricName> names;
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      return names;
    names.push_back({text_at(rows, 0), text_at(rows, 1)});
  }
}

Result<MetricTable> Queries::metric_table(SweepId id, const MetricName& name) {
  LAB_TRY(auto planned, sweep(id));
  MetricTable table;
  table.factors = std::move(planned.factors);
  LAB_TRY(auto rows,
          impl_->database.prepare(
            "SELECT n.run, n.name, n.point, n.replicate, "
            "COALESCE(p.factors, r.factors), r.status, "
            "m.status, m.value, m.text FROM sweep_runs n "
            "JOIN runs r ON r.id = n.run "
            "LEFT JOIN points p ON p.sweep = n.sweep AND p.name = n.point "
            "LEFT JOIN metrics m ON m.run = n.run "
            "AND m.turn = r.turns_completed AND m.metric = ?2 AND m.actor = ?3 "
            "WHERE n.sweep = ?1 ORDER BY n.position, n.replicate, n.name"));
  rows.bind_all(to_string(id), name.metric, name.participant);
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      return table;
    MetricRow metric;
    metric.run = run_at(rows, 0);
    metric.name = text_at(rows, 1);
    metric.point = text_at(rows, 2);
    metric.replicate = count_at(rows, 3);
    LAB_TRY(const auto values,
            pairs_from(rows.is_null(4) ? "{}" : rows.text(4)));
    for (const auto& factor : table.factors) {
      const auto value = std::ranges::find(
        values, factor, &std::pair<std::string, std::string>::first);
      metric.values.push_back(value == values.end() ? "" : value->second);
    }
    metric.run_status = run_status_from(rows.text(5));
    metric.status =
      enum_from<MetricStatus>(rows.text(6)).value_or(MetricStatus::missing);
    if (!rows.is_null(7))
      metric.number = rows.real(7);
    metric.text = text_at(rows, 8);
    metric.data = metric.run_status == RunStatus::completed
                  && metric.status == MetricStatus::value;
    table.rows.push_back(std::move(metric));
  }
}

// --- For the planner ---------------------------------------------------------

Result<std::map<RunId, std::string>> Queries::run_names(SweepId sweep) {
  LAB_TRY(auto rows, impl_->database.prepare(
                       "SELECT run, name FROM sweep_runs WHERE sweep = ?"));
  rows.bind_all(to_string(sweep));
  std::map<RunId, std::string> names;
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      return names;
    names.emplace(run_at(rows, 0), text_at(rows, 1));
  }
}

Result<std::set<RunId>> Queries::completed(const std::vector<RunId>& runs) {
  LAB_TRY(auto row, impl_->database.prepare(
                      "SELECT status = 'completed' FROM runs WHERE id = ?"));
  std::set<RunId> done;
  for (const auto run : runs) {
    row.bind_all(to_string(run));
    LAB_TRY(const bool found, row.step());
    if (found && row.integer(0) != 0)
      done.insert(run);
  }
  return done;
}

Result<std::set<RunId>>
Queries::halted_by_phase(const std::vector<RunId>& runs) {
  LAB_TRY(auto row, impl_->database.prepare(
                      "SELECT status = 'halted' AND halted_by_phase "
                      "FROM runs WHERE id = ?"));
  std::set<RunId> halted;
  for (const auto run : runs) {
    row.bind_all(to_string(run));
    LAB_TRY(const bool found, row.step());
    if (found && row.integer(0) != 0)
      halted.insert(run);
  }
  return halted;
}

// --- Free SQL ----------------------------------------------------------------

Result<TextTable> Queries::sql(const std::string& text, std::size_t rows_max) {
  LAB_TRY(auto rows, impl_->database.prepare(text));
  if (!rows.reads_only())
    return fail(Errc::invalid_input,
                "only SELECT is possible here: the tables belong to the "
                "engine");
  TextTable table;
  for (int i = 0; i < rows.columns(); ++i)
    table.columns.push_back(rows.column_name(i));
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      return table;
    if (table.rows.size() == rows_max) {
      table.truncated = true;
      return table;
    }
    auto& cells = table.rows.emplace_back();
    for (int i = 0; i < rows.columns(); ++i)
      cells.push_back(rows.is_null(i) ? std::nullopt
                                      : std::optional{text_at(rows, i)});
  }
}

} // namespace lab::storage

#include "storage/export/tidy_tables.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>
#include <utility>

#include "runtime/base/text.hpp"
#include "runtime/model/names.hpp"
#include "storage/export/out_file.hpp"
#include "storage/export/tidy_subject.hpp"

namespace lab::storage {

namespace {

constexpr std::string_view export_schema = "scenario-lab/export/1";

void add_spend_columns(std::vector<Column>& columns) {
  columns.insert(columns.end(),
                 {{"settled_usd", ColumnType::money, "USD", "billed"},
                  {"unknown_usd", ColumnType::money, "USD",
                   "may have been billed: at the worst case"},
                  {"reserved_usd", ColumnType::money, "USD",
                   "set aside for calls in flight"}});
}

void add_spend_cells(Cells& cells, const Spend& spend) {
  cells.insert(cells.end(),
               {spend.settled.usd, spend.unknown.usd, spend.reserved.usd});
}

TableShape runs_shape(const TidySubject& subject) {
  TableShape shape{"runs", "one row a run, whatever became of it", {}};
  subject.add_key_columns(shape.columns);
  shape.columns.insert(
    shape.columns.end(),
    {{"seed", ColumnType::text, "", "root of the run's chance, a decimal"},
     {"scenario", ColumnType::text, "", "id of the scenario"},
     {"scenario_name", ColumnType::text, "", ""},
     {"status", ColumnType::text, "",
      "planned, running, completed, halted, paused, failed or cancelled"},
     {"code", ColumnType::text, "", "kind of failure; ok without one"},
     {"reason", ColumnType::text, "", "why it ended, in words"},
     {"effective", ColumnType::boolean, "",
      "completed, and no repetition of another run's replies: an observation"},
     {"duplicate_of", ColumnType::text, "",
      "the run of this point whose replies it repeats word for word"},
     {"turns_planned", ColumnType::integer, "turns", ""},
     {"turns_completed", ColumnType::integer, "turns", ""},
     {"branch_from", ColumnType::text, "",
      "the run whose first turns it shares"},
     {"branch_turn", ColumnType::integer, "turns", "how many it shares"},
     {"user", ColumnType::text, "", "who started it"},
     {"planned_at", ColumnType::time, "UTC", ""},
     {"started_at", ColumnType::time, "UTC", ""},
     {"ended_at", ColumnType::time, "UTC", ""},
     {"stratum", ColumnType::integer, "",
      "one more for every change of its models before it; none: a change may "
      "have come in its middle, or it did not begin"}});
  add_spend_columns(shape.columns);
  shape.columns.insert(
    shape.columns.end(),
    {{"settled_calls", ColumnType::integer, "calls", "paid attempts"},
     {"settled_tokens", ColumnType::integer, "tokens", "of those"}});
  return shape;
}

Result<std::int64_t> write_runs(const TidySubject& subject,
                                TableWriter& table) {
  for (const auto& run : subject.runs) {
    Cells cells;
    subject.add_key_cells(cells, run);
    const auto repeated = subject.repeated.find(run.id);
    const auto* first = repeated == subject.repeated.end()
                          ? nullptr
                          : subject.run(repeated->second);
    cells.insert(cells.end(),
                 {std::to_string(run.seed), text_or_none(run.scenario),
                  text_or_none(run.scenario_name),
                  std::string{to_string(run.status)},
                  std::string{to_string(run.code)}, run.reason,
                  Cell{subject.effective(run)},
                  first == nullptr ? Cell{} : Cell{first->name},
                  whole(run.turns_planned), whole(run.turns_completed),
                  run.branch_from ? Cell{to_string(run.branch_from)} : Cell{},
                  run.branch_from ? whole(run.branch_turn) : Cell{},
                  text_or_none(run.user), time_or_none(run.planned_at),
                  time_or_none(run.started_at), time_or_none(run.ended_at),
                  subject.stratum_cell(run)});
    add_spend_cells(cells, run.spend);
    cells.insert(cells.end(), {whole(run.spend.settled.calls),
                               whole(run.spend.settled.tokens)});
    LAB_CHECKED(table.row(cells));
  }
  return static_cast<std::int64_t>(subject.runs.size());
}

TableShape metrics_shape(const TidySubject& subject) {
  TableShape shape{"metrics", "one row a run, turn and metric", {}};
  subject.add_key_columns(shape.columns);
  shape.columns.insert(
    shape.columns.end(),
    {{"run_status", ColumnType::text, "", "of the run the row belongs to"},
     {"turn", ColumnType::integer, "turns", "from 1"},
     {"last_turn", ColumnType::boolean, "", "the run's last completed turn"},
     {"metric", ColumnType::text, "", "its name"},
     {"actor", ColumnType::text, "", "whose it is; none: of the world"},
     {"unit", ColumnType::text, "", "of the metric"},
     {"value", ColumnType::real, "see unit",
      "a number that counts as data: of a completed run and with status value"},
     {"observed", ColumnType::real, "see unit",
      "the number as found, whatever it is worth"},
     {"status", ColumnType::text, "",
      "value, missing, unparseable or out_of_range"},
     {"level", ColumnType::text, "", "normal, warning or critical"},
     {"text", ColumnType::text, "", "as found"},
     {"effective", ColumnType::boolean, "",
      "the value is an observation: its run repeats no other one's replies"}});
  return shape;
}

Result<std::int64_t> write_metrics(Queries& queries, const Target& target,
                                   const TidySubject& subject,
                                   TableWriter& table) {
  std::int64_t rows = 0;
  LAB_CHECKED(
    queries.each_metric(target, [&](const MetricPoint& metric) -> Result<void> {
      const auto* run = subject.run(metric.run);
      if (run == nullptr)
        return {}; // planned since the runs were read
      const bool data = run->status == RunStatus::completed
                        && metric.status == MetricStatus::value
                        && metric.number.has_value();
      const auto unit = subject.metric_units.find(metric.metric);
      Cells cells;
      subject.add_key_cells(cells, *run);
      cells.insert(
        cells.end(),
        {std::string{to_string(run->status)}, whole(metric.turn),
         Cell{metric.turn == run->turns_completed}, metric.metric,
         text_or_none(metric.participant),
         text_or_none(unit == subject.metric_units.end() ? "" : unit->second),
         data ? Cell{*metric.number} : Cell{},
         metric.number ? Cell{*metric.number} : Cell{},
         std::string{to_string(metric.status)},
         std::string{to_string(metric.level)}, text_or_none(metric.text),
         Cell{data && subject.effective(*run)}});
      ++rows;
      return table.row(cells);
    }));
  return rows;
}

TableShape calls_shape(const TidySubject& subject) {
  TableShape shape{
    "calls",
    "one row an attempt that a run made, and one a reply it used unpaid",
    {}};
  subject.add_key_columns(shape.columns);
  shape.columns.insert(
    shape.columns.end(),
    {{"turn", ColumnType::integer, "turns", "from 1"},
     {"phase", ColumnType::text, "", "step of the turn"},
     {"actor", ColumnType::text, "", "who was asked; none: the world"},
     {"ordinal", ColumnType::integer, "", "of several calls at one place"},
     {"attempt", ColumnType::integer, "",
      "number of the try; none: a shared reply"},
     {"attempt_id", ColumnType::text, "",
      "of the try; of a shared reply: the one that paid for it"},
     {"shared", ColumnType::boolean, "", "another attempt paid for the reply"},
     {"provider", ColumnType::text, "", ""},
     {"model", ColumnType::text, "", ""},
     {"price", ColumnType::text, "", "id of the price row"},
     {"resolution", ColumnType::text, "",
      "settled, bounded, voided, unknown, or reserved while in flight"}});
  add_spend_columns(shape.columns);
  shape.columns.insert(
    shape.columns.end(),
    {{"input_tokens", ColumnType::integer, "tokens",
      "neither read from nor "
      "written to a cache"},
     {"cached_tokens", ColumnType::integer, "tokens", "read from a cache"},
     {"cache_write_tokens", ColumnType::integer, "tokens",
      "written to a cache"},
     {"output_tokens", ColumnType::integer, "tokens", "reasoning included"},
     {"overrun", ColumnType::boolean, "", "billed above its worst case"},
     {"reason", ColumnType::text, "", "how it ended"},
     {"latency", ColumnType::integer, "ms", "from the wire to the reply"},
     {"reserved_at", ColumnType::time, "UTC", ""},
     {"resolved_at", ColumnType::time, "UTC", ""}});
  return shape;
}

Result<std::int64_t> write_calls(Queries& queries, const Target& target,
                                 const TidySubject& subject,
                                 TableWriter& table) {
  std::int64_t rows = 0;
  LAB_CHECKED(
    queries.each_call(target, [&](const CallRow& call) -> Result<void> {
      const auto* run = subject.run(call.run);
      if (run == nullptr)
        return {}; // planned since the runs were read
      Cells cells;
      subject.add_key_cells(cells, *run);
      cells.insert(cells.end(),
                   {whole(call.turn), call.phase,
                    text_or_none(call.participant), whole(call.ordinal),
                    call.shared ? Cell{} : whole(call.number), call.attempt,
                    Cell{call.shared}, call.provider, call.model,
                    text_or_none(call.price), text_or_none(call.resolution)});
      add_spend_cells(cells, call.spend);
      cells.insert(cells.end(),
                   {whole(call.input_tokens), whole(call.cached_tokens),
                    whole(call.cache_write_tokens), whole(call.output_tokens),
                    Cell{call.overrun}, text_or_none(call.reason),
                    call.latency_ms ? whole(*call.latency_ms) : Cell{},
                    time_or_none(call.reserved_at),
                    time_or_none(call.resolved_at)});
      ++rows;
      return table.row(cells);
    }));
  return rows;
}

std::string columns_json(const TableShape& shape) {
  std::string out;
  for (const auto& column : shape.columns) {
    out += out.empty() ? "" : ",\n";
    out += R"(      {"name":)" + json_quote(column.name) + R"(,"type":)"
           + json_quote(to_string(column.type));
    if (!column.unit.empty())
      out += R"(,"unit":)" + json_quote(column.unit);
    if (!column.about.empty())
      out += R"(,"about":)" + json_quote(column.about);
    out += "}";
  }
  return "[\n" + out + "]";
}

/// What is true of all tables of this export.
TableNotes notes_of(const TidySubject& subject) {
  TableNotes notes{
    {"schema", std::string{export_schema}},
    {"program", "scenario-lab " LAB_VERSION},
    {"subject", subject.name},
    {"about", subject.about},
    {"simulated", subject.simulated ? "true" : "false"},
  };
  if (subject.simulated)
    notes.emplace_back("warning",
                       "Simulated: no language model was called. Do not cite.");
  return notes;
}

std::string dictionary_head(const TableNotes& notes) {
  std::string out = "{\n";
  for (const auto& [key, value] : notes)
    out += "  " + json_quote(key) + ":"
           + (key == "simulated" ? value : json_quote(value)) + ",\n";
  return out + "  \"tables\":[";
}

TableShape shape_of(TidyTable table, const TidySubject& subject) {
  switch (table) {
  case TidyTable::runs:
    return runs_shape(subject);
  case TidyTable::metrics:
    return metrics_shape(subject);
  case TidyTable::calls:
    return calls_shape(subject);
  }
  return {};
}

Result<std::int64_t> write_rows(TidyTable table, Queries& queries,
                                const Target& target,
                                const TidySubject& subject,
                                TableWriter& writer) {
  switch (table) {
  case TidyTable::runs:
    return write_runs(subject, writer);
  case TidyTable::metrics:
    return write_metrics(queries, target, subject, writer);
  case TidyTable::calls:
    return write_calls(queries, target, subject, writer);
  }
  return 0;
}

} // namespace

std::string_view to_string(TidyTable table) {
  switch (table) {
  case TidyTable::runs:
    return "runs";
  case TidyTable::metrics:
    return "metrics";
  case TidyTable::calls:
    return "calls";
  }
  return "";
}

std::map<RunId, RunId> repeats(const std::vector<RunRow>& runs,
                               const std::map<RunId, std::string>& digests) {
  std::map<RunId, RunId> repeated;
  std::map<std::pair<std::string, std::string>, RunId> first;
  for (const auto& run : runs) {
    const auto digest = digests.find(run.id);
    if (run.status != RunStatus::completed || run.point.empty()
        || digest == digests.end())
      continue;
    const auto [entry, fresh] =
      first.try_emplace({run.point, digest->second}, run.id);
    if (!fresh && entry->second != run.id)
      repeated.emplace(run.id, entry->second);
  }
  return repeated;
}

Result<std::vector<ExportedTable>> export_tables(Queries& queries,
                                                 const ExportOrder& order) {
  LAB_TRY(const auto subject, TidySubject::read(queries, order));
  std::error_code error;
  std::filesystem::create_directories(order.folder, error);
  if (error)
    return fail(Errc::disk_failed, order.folder + ": " + error.message());
  const auto notes = notes_of(subject);
  auto dictionary = dictionary_head(notes);
  std::vector<ExportedTable> written;
  for (const auto table : order.tables) {
    const auto shape = shape_of(table, subject);
    const auto file = shape.name + "." + std::string{to_string(order.form)};
    const auto path = (std::filesystem::path{order.folder} / file).string();
    auto table_notes = notes;
    table_notes.emplace_back("columns", columns_json(shape));
    LAB_TRY(auto writer, open_table(path, order.form, shape, table_notes));
    LAB_TRY(const auto rows,
            write_rows(table, queries, order.target, subject, *writer));
    LAB_CHECKED(writer->finish());
    dictionary +=
      (written.empty() ? "\n" : ",\n") + std::string{"    {\"name\":"}
      + json_quote(shape.name) + ",\"file\":" + json_quote(file) + ",\"about\":"
      + json_quote(shape.about) + ",\"rows\":" + std::to_string(rows)
      + ",\"columns\":" + columns_json(shape) + "}";
    written.push_back({shape.name, path, rows});
  }
  LAB_TRY(
    auto sidecar,
    OutFile::open(
      (std::filesystem::path{order.folder} / "dictionary.json").string()));
  LAB_CHECKED(sidecar.write(dictionary + "]\n}\n"));
  LAB_CHECKED(sidecar.finish());
  return written;
}

} // namespace lab::storage

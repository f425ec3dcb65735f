#include <utility>

#include "runtime/base/digest.hpp"
#include "runtime/base/text.hpp"
#include "runtime/model/names.hpp"
#include "storage/json_columns.hpp"
#include "storage/queries_impl.hpp"

// What runs measured, said and asked: for export and reports.

namespace lab::storage {

namespace {

bool is_sweep(const Target& target) {
  return std::holds_alternative<SweepId>(target);
}

/// Rows of `runs r` that a target means, then `joins`; `?1` is the target.
std::string from_runs(const Target& target, const std::string& joins) {
  return is_sweep(target) ? " FROM sweep_runs n JOIN runs r ON r.id = n.run "
                              + joins + " WHERE n.sweep = ?1 "
                          : " FROM runs r " + joins + " WHERE r.id = ?1 ";
}

std::string plan_order(const Target& target) {
  return is_sweep(target) ? "n.position, n.replicate, n.name" : "r.id";
}

MetricMeaning meaning_of(const TextPairs& metric) {
  MetricMeaning meaning;
  std::pair<double, double> range;
  for (const auto& [key, value] : metric) {
    if (key == "name")
      meaning.name = value;
    else if (key == "description")
      meaning.description = value;
    else if (key == "unit")
      meaning.unit = value;
    else if (key == "binary")
      meaning.binary = true;
    else if (key == "low")
      range.first = finite_number(value).value_or(0);
    else if (key == "high") // stands last
      meaning.range = {range.first, finite_number(value).value_or(0)};
  }
  return meaning;
}

CallRow call_row(const Statement& row) {
  CallRow call;
  call.run = run_at(row, 0);
  call.turn = count_at(row, 1);
  call.phase = text_at(row, 2);
  call.participant = text_at(row, 3);
  call.ordinal = count_at(row, 4);
  call.number = count_at(row, 5);
  call.attempt = text_at(row, 6);
  call.shared = row.integer(7) != 0;
  call.provider = text_at(row, 8);
  call.model = text_at(row, 9);
  call.price = text_at(row, 10);
  call.resolution = text_at(row, 11);
  call.overrun = row.integer(19) != 0;
  call.reason = text_at(row, 20);
  if (call.shared)
    return call;
  const Charge charge{Money{row.integer(12)}, row.integer(13), row.integer(14)};
  if (call.resolution == "settled")
    call.spend.settled = charge;
  else if (call.resolution == "reserved")
    call.spend.reserved = charge;
  else
    call.spend.unknown = charge; // nothing when voided
  call.input_tokens = row.integer(15);
  call.cached_tokens = row.integer(16);
  call.cache_write_tokens = row.integer(17);
  call.output_tokens = row.integer(18);
  if (!row.is_null(21))
    call.latency_ms = row.integer(21);
  call.reserved_at = row.integer(22);
  call.resolved_at = row.integer(23);
  return call;
}

} // namespace

Result<std::string> Queries::manifest(SweepId sweep) {
  LAB_TRY(auto rows,
          impl_->database.prepare("SELECT manifest FROM sweeps WHERE id = ?"));
  rows.bind_all(to_string(sweep));
  LAB_TRY(const bool row, rows.step());
  if (!row)
    return fail(Errc::not_found, "no sweep " + to_string(sweep));
  return text_at(rows, 0);
}

Result<void> Queries::each_metric(
  const Target& target,
  const std::function<Result<void>(const MetricPoint&)>& take) {
  LAB_TRY(auto rows,
          impl_->database.prepare(
            "SELECT m.run, m.turn, m.metric, m.actor, m.status, m.value, "
            "m.text, m.level"
            + from_runs(target, "JOIN metrics m ON m.run = r.id")
            + "AND m.turn <= r.turns_completed ORDER BY " + plan_order(target)
            + ", m.turn, m.position"));
  rows.bind_all(text_of(target));
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      return {};
    MetricPoint point;
    point.run = run_at(rows, 0);
    point.turn = count_at(rows, 1);
    point.metric = text_at(rows, 2);
    point.participant = text_at(rows, 3);
    point.status =
      enum_from<MetricStatus>(rows.text(4)).value_or(MetricStatus::missing);
    if (!rows.is_null(5))
      point.number = rows.real(5);
    point.text = text_at(rows, 6);
    point.level =
      enum_from<MetricLevel>(rows.text(7)).value_or(MetricLevel::normal);
    LAB_CHECKED(take(point));
  }
}

Result<void>
Queries::each_call(const Target& target,
                   const std::function<Result<void>(const CallRow&)>& take) {
  // Run after run, so that nothing has to be sorted.
  LAB_TRY(auto runs,
          impl_->database.prepare("SELECT r.id" + from_runs(target, "")
                                  + "ORDER BY " + plan_order(target)));
  const std::string columns =
    "provider, c.model, c.price, c.resolution, c.pico_usd, c.calls, c.tokens, "
    "c.input_tokens, c.cached_tokens, c.cache_write_tokens, c.output_tokens, "
    "c.overrun, c.reason, c.latency_ms, c.reserved_at, c.resolved_at ";
  LAB_TRY(auto own, impl_->database.prepare(
                      "SELECT c.run, c.turn, c.phase, c.actor, c.ordinal, "
                      "c.number, c.attempt, 0, c."
                      + columns
                      + "FROM calls c WHERE c.run = ? "
                        "ORDER BY c.seq"));
  LAB_TRY(auto shared,
          impl_->database.prepare(
            "SELECT s.run, s.turn, s.phase, s.actor, s.ordinal, 0, s.source, "
            "1, c."
            + columns
            + "FROM shared_calls s LEFT JOIN calls c ON c.attempt = s.source "
              "WHERE s.run = ? "
              "ORDER BY s.turn, s.phase, s.actor, s.ordinal"));
  runs.bind_all(text_of(target));
  for (;;) {
    LAB_TRY(const bool run, runs.step());
    if (!run)
      return {};
    const auto id = text_at(runs, 0);
    for (auto* rows : {&own, &shared}) {
      rows->bind_all(id);
      for (;;) {
        LAB_TRY(const bool row, rows->step());
        if (!row)
          break;
        LAB_CHECKED(take(call_row(*rows)));
      }
    }
  }
}

Result<std::map<RunId, std::string>>
Queries::reply_digests(const Target& target) {
  LAB_TRY(auto rows, impl_->database.prepare(
                       "SELECT DISTINCT t.run, t.turn, t.replies"
                       + from_runs(target, "JOIN turns t ON t.run = r.id")
                       + "AND t.turn > 0 AND t.turn <= r.turns_completed "
                         "ORDER BY t.run, t.turn"));
  rows.bind_all(text_of(target));
  std::map<RunId, Hasher> hashers;
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      break;
    hashers[run_at(rows, 0)].add(rows.text(2));
  }
  std::map<RunId, std::string> digests;
  for (auto& [run, hasher] : hashers)
    digests.emplace(run, to_string(hasher.finish128()));
  return digests;
}

Result<std::map<RunId, CallSite>> Queries::last_calls(const Target& target) {
  // SQLite takes the other columns from the row that has the maximum.
  LAB_TRY(auto rows,
          impl_->database.prepare(
            "SELECT c.run, c.turn, c.phase, c.actor, c.model, MAX(c.seq)"
            + from_runs(target, "JOIN calls c ON c.run = r.id")
            + "GROUP BY c.run"));
  rows.bind_all(text_of(target));
  std::map<RunId, CallSite> sites;
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      return sites;
    sites[run_at(rows, 0)] = {count_at(rows, 1), text_at(rows, 2),
                              text_at(rows, 3), text_at(rows, 4)};
  }
}

Result<std::map<RunId, std::set<std::string>>>
Queries::models_used(const Target& target) {
  std::map<RunId, std::set<std::string>> models;
  for (const char* joins : {"JOIN calls c ON c.run = r.id",
                            "JOIN shared_calls s ON s.run = r.id "
                            "JOIN calls c ON c.attempt = s.source"}) {
    LAB_TRY(auto rows, impl_->database.prepare("SELECT DISTINCT r.id, c.model"
                                               + from_runs(target, joins)));
    rows.bind_all(text_of(target));
    for (;;) {
      LAB_TRY(const bool row, rows.step());
      if (!row)
        break;
      models[run_at(rows, 0)].insert(text_at(rows, 1));
    }
  }
  return models;
}

Result<std::vector<MetricMeaning>>
Queries::metric_meanings(const Target& target) {
  LAB_TRY(auto rows, impl_->database.prepare("SELECT DISTINCT r.metrics"
                                             + from_runs(target, "")));
  rows.bind_all(text_of(target));
  std::map<std::string, MetricMeaning> meanings;
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      break;
    LAB_TRY(const auto metrics, objects_from(rows.text(0)));
    for (const auto& metric : metrics) {
      const auto meaning = meaning_of(metric);
      meanings.emplace(meaning.name, meaning);
    }
  }
  std::vector<MetricMeaning> sorted;
  for (auto& [name, meaning] : meanings)
    sorted.push_back(std::move(meaning));
  return sorted;
}

Result<std::vector<PriceUse>> Queries::prices(const Target& target) {
  LAB_TRY(auto rows, impl_->database.prepare(
                       "SELECT DISTINCT c.model, c.price, COALESCE(p.row, '')"
                       + from_runs(target, "JOIN calls c ON c.run = r.id "
                                           "LEFT JOIN prices p ON "
                                           "p.id = c.price")
                       + "ORDER BY 1, 2"));
  rows.bind_all(text_of(target));
  std::vector<PriceUse> prices;
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      return prices;
    prices.push_back({text_at(rows, 0), text_at(rows, 1), text_at(rows, 2)});
  }
}

} // namespace lab::storage

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "storage/json_columns.hpp"
#include "storage/queries_impl.hpp"

// Whether models stayed the same, and which runs met which: for reports, export
// and the sentinel of the next command.

namespace lab::storage {

namespace {

/// As `Tables` writes them.
Result<std::vector<std::vector<CanaryReply>>>
replies_from(std::string_view column) {
  std::vector<std::vector<CanaryReply>> replies;
  LAB_TRY(const auto objects, objects_from(column));
  for (const auto& pairs : objects) {
    std::size_t canary = 0;
    CanaryReply reply;
    for (const auto& [key, value] : pairs)
      if (key == "canary")
        std::from_chars(value.data(), value.data() + value.size(), canary);
      else if (key == "text")
        reply.text = digest128_from(value).value_or(Digest128{});
      else
        reply.served = value;
    replies.resize(std::max(replies.size(), canary + 1));
    replies[canary].push_back(std::move(reply));
  }
  return replies;
}

} // namespace

Result<std::vector<ModelChecked>> Queries::model_checks(SweepId sweep) {
  LAB_TRY(auto rows,
          impl_->database.prepare(
            "SELECT model, number, began_at, digest, replies, stratum, "
            "changed, why, ended_at FROM model_checks WHERE sweep = ? "
            "ORDER BY model, number"));
  rows.bind_all(to_string(sweep));
  std::vector<ModelChecked> checks;
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      return checks;
    auto& one = checks.emplace_back();
    one.sweep = sweep;
    one.check.model = text_at(rows, 0);
    one.check.number = count_at(rows, 1);
    one.check.began = rows.integer(2);
    one.check.digest = text_at(rows, 3);
    LAB_TRY(one.check.replies, replies_from(rows.text(4)));
    one.drift = {count_at(rows, 5), rows.integer(6) != 0, text_at(rows, 7)};
    one.check.ended = rows.integer(8);
  }
}

Result<std::vector<ModelChange>> Queries::model_changes(SweepId sweep) {
  LAB_TRY(const auto checks, model_checks(sweep));
  std::vector<ModelChange> changes;
  const ModelChecked* last =
    nullptr; // of the same model, that proves something
  for (const auto& one : checks) {
    if (last != nullptr && last->check.model != one.check.model)
      last = nullptr;
    if (one.check.silent() && one.check.digest.empty())
      continue;
    if (one.drift.changed && last != nullptr)
      changes.push_back({one.check.model, last->check.began, one.check.ended,
                         one.drift.stratum, one.drift.why});
    last = &one;
  }
  return changes;
}

Result<std::map<RunId, std::optional<std::int32_t>>>
Queries::strata(SweepId sweep) {
  LAB_TRY(const auto changes, model_changes(sweep));
  LAB_TRY(auto rows,
          impl_->database.prepare(
            "SELECT r.id, r.models, r.started_at, r.ended_at, "
            "(SELECT MIN(c.reserved_at) FROM shared_calls s "
            "JOIN calls c ON c.attempt = s.source WHERE s.run = r.id) "
            "FROM sweep_runs n JOIN runs r ON r.id = n.run "
            "WHERE n.sweep = ? AND r.started_at IS NOT NULL"));
  rows.bind_all(to_string(sweep));
  std::map<RunId, std::optional<std::int32_t>> strata;
  for (;;) {
    LAB_TRY(const bool row, rows.step());
    if (!row)
      return strata;
    LAB_TRY(const auto models, list_from(rows.text(1)));
    auto from = rows.integer(2);
    if (!rows.is_null(4))
      from = std::min(from, rows.integer(4));
    const auto to =
      rows.is_null(3) ? std::numeric_limits<UnixMs>::max() : rows.integer(3);
    strata[run_at(rows, 0)] = stratum_of(changes, models, from, to);
  }
}

} // namespace lab::storage

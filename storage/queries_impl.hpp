#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/queries.hpp"
#include "storage/sqlite/database.hpp"

// Shared by the files that implement `Queries`, and by nobody else.

namespace lab::storage {

using sqlite::Database;
using sqlite::Statement;

inline std::string text_at(const Statement& row, int column) {
  return std::string{row.text(column)};
}

inline std::int32_t count_at(const Statement& row, int column) {
  return static_cast<std::int32_t>(row.integer(column));
}

inline RunId run_at(const Statement& row, int column) {
  return run_id_from(row.text(column)).value_or(RunId{});
}

inline SweepId sweep_at(const Statement& row, int column) {
  return sweep_id_from(row.text(column)).value_or(SweepId{});
}

inline std::string text_of(const Target& target) {
  return std::visit([](auto id) { return to_string(id); }, target);
}

struct Queries::Impl {
  explicit Impl(Database opened) : database(std::move(opened)) {}

  Result<std::vector<SweepRow>> sweeps(const std::string& where,
                                       const std::string& id);
  Result<void> count_runs(std::vector<SweepRow>& sweeps);
  Result<std::optional<Target>> latest();
  /// What the statement's rows (kind, id, shown) name, each once.
  Result<std::vector<std::pair<Target, std::string>>>
  targets(const char* sql, const std::string& parameter);

  Database database;
};

} // namespace lab::storage

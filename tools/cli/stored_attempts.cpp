#include "tools/cli/stored_attempts.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "llm/outcome.hpp"
#include "storage/queries.hpp"
#include "tools/cli/table_cells.hpp"

namespace lab::tools {

namespace {

namespace reason = llm::reason;

/// More ids than this are asked for in several questions.
constexpr std::size_t runs_a_question = 500;
constexpr std::size_t rows_max = 1'000'000;

/// A reply came, whatever it says.
constexpr std::array answered{reason::ok, reason::other_model,
                              reason::other_tier, reason::usage_missing,
                              reason::usage_nonsense};
/// The provider had no part in it. The last two: the engine ended first, or
/// died.
constexpr std::array ours{reason::cancelled, reason::permit_refused,
                          reason::not_sendable, std::string_view{"never_sent"},
                          std::string_view{"crash"}};

template <class Words>
std::string listed(const Words& words) {
  std::string out;
  for (const auto& word : words)
    out += (out.empty() ? "'" : ",'") + std::string{word} + "'";
  return "(" + out + ")";
}

std::string question(const std::vector<std::string>& runs) {
  return "SELECT run, provider, model, COUNT(*), COUNT(*) FILTER (WHERE "
         "reason NOT IN "
         + listed(answered)
         + ") FROM calls WHERE resolution <> 'reserved' AND reason NOT IN "
         + listed(ours) + " AND run IN " + listed(runs)
         + " GROUP BY run, provider, model";
}

} // namespace

Result<std::unordered_map<RunId, sweeps::RunAttempts>>
StoredAttempts::of(const std::vector<RunId>& runs) {
  std::unordered_map<RunId, sweeps::RunAttempts> found;
  LAB_TRY(auto tables, storage::Queries::open(tables_));
  for (std::size_t from = 0; from < runs.size(); from += runs_a_question) {
    const auto to = std::min(runs.size(), from + runs_a_question);
    std::unordered_map<std::string, RunId> ids;
    std::vector<std::string> words;
    for (auto i = from; i < to; ++i) {
      words.push_back(to_string(runs[i]));
      ids.emplace(words.back(), runs[i]);
    }
    LAB_TRY(const auto rows, tables.sql(question(words), rows_max));
    for (const auto& row : rows.rows)
      found[ids.at(row[0].value_or(""))]
           [{row[1].value_or(""), row[2].value_or("")}] = {number_in(row[3]),
                                                           number_in(row[4])};
  }
  return found;
}

} // namespace lab::tools

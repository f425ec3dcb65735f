#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/model/fact.hpp"

namespace lab::storage {

/// The number of a fact's kind in the journal: its place in `Fact`, from 1.
enum class FactKind : int {
  call_reserved = 1,
  call_resolved,
  call_shared,
  limit_set,
  price_recorded,
  sweep_planned,
  run_planned,
  run_started,
  turn_completed,
  run_ended,
  sweep_ended,
  recovered,
  model_checked,
};

FactKind kind_of(const Fact& fact);
/// "call_reserved", …; empty for a number that is none.
std::string_view to_string(FactKind kind);

/// Appends the fact's JSON to `out`. A RunPlanned names its scenario by content
/// only; `encode_scenario` gives the rest. docs/formats/journal.md has the
/// keys.
void encode_fact(const Fact& fact, std::string& out);

/// Finds a scenario by its content.
using ScenarioFinder =
  std::function<Result<Shared<ScenarioSpec>>(const Digest256& content)>;

/// @errors journal_corrupt: malformed, or a key that is not of this version
Result<Fact> decode_fact(FactKind kind, std::string_view text,
                         const ScenarioFinder& scenario);

std::string encode_scenario(const ScenarioSpec& scenario);
Result<ScenarioSpec> decode_scenario(std::string_view text);

std::string encode_reply(const Reply& reply);
Result<Reply> decode_reply(std::string_view text);

} // namespace lab::storage

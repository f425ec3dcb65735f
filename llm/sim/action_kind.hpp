#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lab::llm {

/// What simulated participants do.
enum class ActionKind : std::uint8_t {
  propose,
  concede,
  comply,
  disclose,
  mediate,
  coalition,
  hold,
  delay,
  defect,
  escalate,
};
constexpr std::size_t action_kinds = 10;

/// Hidden traits, 0 to 1.
struct Dials {
  double caution = 0.5;
  double openness = 0.5;
  double trust = 0.5;
  double power = 0.5;
  double pressure = 0.5;
};

/// One row of the table in docs/sim.md, with the words for it.
struct ActionRule {
  ActionKind kind;
  /// From -1 (confrontation) to 1 (cooperation).
  double stance;
  double base; // utility of a participant with all dials in the middle
  Dials weights;
  /// @n who, @t another participant, @g a goal, @e the event of the turn.
  /// Each pattern's first stance word is of this kind.
  std::array<std::string_view, 3> patterns;
  std::string_view priority;
  std::string_view reasoning;
  std::string_view seen_as; // by the world: "put a proposal on the table"
};

const ActionRule& rule_of(ActionKind kind);

/// The kind of action a text tells of: that of its first verb which names one.
/// Nothing when none does.
std::optional<ActionKind> kind_in(std::string_view text);

} // namespace lab::llm

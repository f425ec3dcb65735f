#pragma once

#include <array>
#include <string>
#include <string_view>

#include "llm/sim/action_kind.hpp"
#include "llm/sim/brief.hpp"

namespace lab::llm {

// What a simulated participant is like, and how it words what it says.

/// How much it answers in kind. @source docs/sim.md
constexpr double reciprocity = 0.4;

constexpr std::array all_dials{&Dials::caution, &Dials::openness, &Dials::trust,
                               &Dials::power, &Dials::pressure};

Dials dials_of(const Brief& brief);

/// Of the action that a text tells of; 0 when it tells of none.
double stance_of(std::string_view text);

/// How the others acted last turn, and spoke to it in private this turn, on
/// average.
double mood_of_others(const Brief& brief);

std::string_view without_stop(std::string_view text);

std::string_view shown_name(const Brief& brief, std::string_view id);

/// What sentence patterns are filled with.
struct Words {
  std::string_view name;   // @n
  std::string_view target; // @t
  std::string_view goal;   // @g
};
void fill(std::string& out, std::string_view pattern, const Words& words);

} // namespace lab::llm

#pragma once

#include "llm/sim/answer.hpp"
#include "llm/sim/brief.hpp"
#include "llm/sim/chance.hpp"
#include "llm/sim/persona.hpp"

namespace lab::llm {

/// What a simulated participant says in private talks and coalitions, by the
/// rules of docs/sim.md: whether it opens a talk or proposes a coalition and
/// with whom, what it answers, whether it joins.
/// @param brief  of one of the five kinds of talk
Answer talked(const Brief& brief, const Chance& chance, Manner manner);

} // namespace lab::llm

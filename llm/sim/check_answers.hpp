#pragma once

#include "llm/sim/action_kind.hpp"
#include "llm/sim/answer.hpp"
#include "llm/sim/brief.hpp"

namespace lab::llm {

// What a simulated model says that helps to run a scenario, by the rules of
// docs/sim.md. Nothing here is drawn: the same brief gets the same answer.

/// The record so far and a sentence for each turn since.
Answer summarised(const Brief& brief);

/// The verdict of a check.
/// @param dials  of who is judged
Answer judged(const Brief& brief, const Dials& dials);

/// The value that the text says for the brief's metric.
Answer measured(const Brief& brief);

} // namespace lab::llm

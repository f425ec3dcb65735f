#pragma once

#include <string>
#include <vector>

#include "runtime/model/turn_state.hpp"

namespace lab::actors {

/// A passage that several participants brought in one turn.
struct Spread {
  std::vector<std::string> participants; // ids, in the turn's order
};

/// Finds text that travels: the same 200 characters in the public actions or
/// private words of at least three participants of a turn, as when one model's
/// output makes others repeat it. Case and blanks do not matter. At most one
/// for each group of participants.
/// @source docs/reliability.md, prompt injection
std::vector<Spread> spreads_in(const TurnRecord& turn);

/// Reports them where people look: as issues of the check of the world's
/// coherence, or of the first check when there is none. The verdict stays the
/// judge's.
void add_spread(std::vector<CheckResult>& checks,
                const std::vector<Spread>& spreads);

} // namespace lab::actors

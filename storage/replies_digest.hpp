#pragma once

#include <string>

#include "runtime/model/turn_state.hpp"

namespace lab::storage {

/// 32 hex digits that stand for everything the models and people said in a
/// turn, word for word; empty for turn 0. What chance brought (events) is not
/// in it: two turns with equal digests hold one observation.
std::string replies_digest(const TurnRecord& record);

} // namespace lab::storage

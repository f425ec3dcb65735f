#pragma once

#include <string>

#include "runtime/base/digest.hpp"
#include "runtime/model/turn_state.hpp"

namespace lab {

/// 32 hex digits that stand for everything the models and people said in a
/// turn, word for word; empty for turn 0. What chance brought (events) is not
/// in it: two turns with equal digests hold one observation.
std::string replies_digest(const TurnRecord& record);

/// The same of a run: turns 1 to the last completed one, in order.
class RepliesDigest {
public:
  void add(const TurnRecord& record);
  Digest128 finish();

private:
  Hasher hasher_;
};

} // namespace lab

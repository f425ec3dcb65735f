// Ids of two kinds are never equal: to ask is a mistake.
// refused: no match for .operator==.*
#include "runtime/model/ids.hpp"

bool mistake(lab::AttemptId attempt, lab::CallKey call) {
  return attempt == call;
}

// Only the ledger makes a permit.
// refused: SpendPermit.* is private within this context
#include "runtime/protocol/spend_permit.hpp"

lab::SpendPermit forge(lab::AttemptId attempt) {
  return lab::SpendPermit{attempt, lab::Charge{}, 1};
}

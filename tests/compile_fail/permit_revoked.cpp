// Only the ledger takes permits back.
// refused: revoke.* is private within this context
#include "runtime/protocol/spend_permit.hpp"

bool take(lab::PermitRegister& permits, lab::AttemptId attempt) {
  return permits.revoke(attempt);
}

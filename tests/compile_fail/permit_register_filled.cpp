// Only the ledger puts permits into the register.
// refused: issue.* is private within this context
#include "runtime/protocol/spend_permit.hpp"

lab::SpendPermit forge(lab::AttemptId attempt) {
  lab::PermitRegister permits;
  return permits.issue(attempt, lab::Charge{});
}

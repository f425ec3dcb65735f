// A permit's nonce cannot be set from outside.
// refused: nonce_.* is private within this context
#include "runtime/protocol/spend_permit.hpp"

void forge(lab::SpendPermit& permit) { permit.nonce_ = 1; }

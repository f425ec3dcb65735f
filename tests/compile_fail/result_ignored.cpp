// Whether a permit was redeemed must be looked at.
// refused: ignoring return value .*nodiscard
#include "runtime/protocol/spend_permit.hpp"

void mistake(lab::PermitRegister& permits, const lab::SpendPermit& permit) {
  permits.redeem(permit);
}

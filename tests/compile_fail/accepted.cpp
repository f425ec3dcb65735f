// What the refused cases come close to, written as intended.
#include "runtime/base/money.hpp"
#include "runtime/model/ids.hpp"
#include "runtime/protocol/spend_permit.hpp"

lab::Result<void> use(lab::PermitRegister& permits,
                      const lab::SpendPermit& permit) {
  return permits.redeem(permit);
}

lab::SpendPermit made_by_caf() { return {}; }

bool same(lab::RunId a, lab::RunId b) { return a == b; }

lab::RunId named() { return lab::RunId{17}; }

lab::Money sum(lab::Money a) { return a + lab::Money{5}; }

#include "runtime/protocol/spend_permit.hpp"

#include <sodium.h>

#include "runtime/base/check.hpp"

namespace lab {

Result<void> PermitRegister::redeem(const SpendPermit& permit) {
  std::lock_guard lock{guard_};
  const auto entry = open_.find(permit.attempt_);
  if (permit.nonce_ == 0 || entry == open_.end()
      || entry->second != permit.nonce_)
    return fail(Errc::permit_refused, "attempt=" + to_string(permit.attempt_));
  open_.erase(entry);
  return {};
}

std::size_t PermitRegister::open() const {
  std::lock_guard lock{guard_};
  return open_.size();
}

SpendPermit PermitRegister::issue(AttemptId attempt, const Charge& worst) {
  // Random, so that no message from anywhere can name a permit it was not sent.
  std::uint64_t nonce = 0;
  while (nonce == 0)
    randombytes_buf(&nonce, sizeof nonce);
  std::lock_guard lock{guard_};
  const bool fresh = open_.emplace(attempt, nonce).second;
  LAB_CHECK(fresh, "second permit for attempt " + to_string(attempt));
  return {attempt, worst, nonce};
}

bool PermitRegister::revoke(AttemptId attempt) {
  std::lock_guard lock{guard_};
  return open_.erase(attempt) == 1;
}

} // namespace lab

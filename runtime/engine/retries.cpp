#include "runtime/engine/retries.hpp"

namespace lab::runtime {

bool may_be_mended(Errc code) {
  switch (code) {
  case Errc::provider_failed:
  case Errc::provider_timeout:
  case Errc::reply_truncated:
    return true;
  default:
    return false;
  }
}

bool Retries::takes(const RunOutcome& outcome) {
  if (tries_max_ <= 1)
    return false;
  if (outcome.status == RunStatus::failed && may_be_mended(outcome.code)
      && ++tries_[outcome.run] < tries_max_)
    return true;
  tries_.erase(outcome.run);
  return false;
}

} // namespace lab::runtime

#include "llm/lane_limits.hpp"

#include <algorithm>
#include <cmath>

namespace lab::llm {

namespace {

using std::chrono::ceil;
using std::chrono::duration;

/// Retries in flight: at most these, or a fifth of all, whichever is more, so
/// that a server in trouble is not met by twice the load.
constexpr std::int64_t retries_floor = 3;

/// The pause after the n-th volley of complaints in a row; a server's own word
/// goes before it.
constexpr Milliseconds pause_first{500};
constexpr Milliseconds pause_max{8'000};

} // namespace

LaneLimits::LaneLimits(const LimitRules& rules) : rules_(rules) {
  rules_.ceiling = std::max<std::int64_t>(rules_.ceiling, 1);
  rules_.start = std::clamp<std::int64_t>(rules_.start, 1, rules_.ceiling);
  slots_ = static_cast<double>(rules_.start);
  doubling_ = rules_.start < rules_.ceiling;
  if (const auto rate = rules_.requests_per_minute; rate > 0) {
    // Two seconds' worth may go at once. The bucket fills that much slower, so
    // that no minute ever sees more than the rate.
    burst_ = std::max(1.0, static_cast<double>(rate) / 30.0);
    tokens_per_ms_ = (static_cast<double>(rate) - (burst_ - 1.0)) / 60'000.0;
    tokens_ = burst_;
  }
}

LaneLimits::Verdict LaneLimits::may_start(bool retry, TimePoint now) const {
  if (in_flight_ >= slots())
    return {};
  if (retry && retries_ >= std::max(retries_floor, in_flight_ / 5))
    return {};
  if (paused_until_ && *paused_until_ > now)
    return {false, paused_until_};
  if (rules_.requests_per_minute > 0) {
    const auto have = tokens(now);
    // A millionth short is full: the wait below is rounded up, the sum is not.
    if (have < 1.0 - 1e-6)
      return {false, now
                       + ceil<Milliseconds>(duration<double, std::milli>(
                         (1.0 - have) / tokens_per_ms_))};
  }
  return {true, {}};
}

void LaneLimits::start(bool retry, TimePoint now) {
  ++in_flight_;
  retries_ += retry ? 1 : 0;
  if (in_flight_ >= slots())
    full_at_ = now;
  if (rules_.requests_per_minute > 0) {
    tokens_ = tokens(now) - 1.0;
    counted_at_ = now;
  }
}

void LaneLimits::give_back(bool retry) {
  --in_flight_;
  retries_ -= retry ? 1 : 0;
  if (rules_.requests_per_minute > 0)
    tokens_ = std::min(burst_, tokens_ + 1.0);
}

void LaneLimits::end(bool retry, TimePoint started, LoadSign sign,
                     Milliseconds pause, TimePoint now) {
  --in_flight_;
  retries_ -= retry ? 1 : 0;
  if (pause > Milliseconds::zero()) {
    const auto until = now + pause;
    paused_until_ = std::max(paused_until_.value_or(until), until);
  }
  switch (sign) {
  case LoadSign::answered:
    complaints_ = 0;
    grow(started);
    break;
  case LoadSign::overloaded:
  case LoadSign::slow:
    // What started before the last cut knows nothing of it.
    if (!halved_at_ || started >= *halved_at_)
      back_off(sign, pause, now);
    break;
  case LoadSign::none:
    break;
  }
}

Milliseconds LaneLimits::paused_for(TimePoint now) const {
  if (!paused_until_ || *paused_until_ <= now)
    return Milliseconds::zero();
  return ceil<Milliseconds>(*paused_until_ - now);
}

void LaneLimits::back_off(LoadSign sign, Milliseconds pause, TimePoint now) {
  slots_ = std::max(1.0, std::floor(slots_ / 2.0));
  doubling_ = false;
  halved_at_ = now;
  ++complaints_;
  // One complaint among answers is the way a limit is found. Several in a row
  // are a server that wants peace, also when it does not say for how long.
  if (sign == LoadSign::overloaded && pause == Milliseconds::zero()
      && complaints_ > 1) {
    const auto doublings = std::min(complaints_ - 2, 4);
    const auto until =
      now + std::min(pause_max, pause_first * (1 << doublings));
    paused_until_ = std::max(paused_until_.value_or(until), until);
  }
}

void LaneLimits::grow(TimePoint started) {
  // An answer proves that the server can take more only if all slots were in
  // use while it was on its way.
  if (!full_at_ || *full_at_ < started)
    return;
  slots_ += doubling_ ? 1.0 : 1.0 / slots_;
  const auto ceiling = static_cast<double>(rules_.ceiling);
  if (slots_ >= ceiling) {
    slots_ = ceiling;
    doubling_ = false;
  }
}

double LaneLimits::tokens(TimePoint now) const {
  if (counted_at_ == TimePoint{})
    return tokens_;
  const auto passed = duration<double, std::milli>(now - counted_at_).count();
  return std::min(burst_, tokens_ + passed * tokens_per_ms_);
}

} // namespace lab::llm

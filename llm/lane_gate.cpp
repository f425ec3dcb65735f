#include "llm/lane_gate.hpp"

#include <algorithm>

namespace lab::llm {

namespace {

constexpr Milliseconds look_first{250};
constexpr Milliseconds look_max{8'000};

} // namespace

bool LaneGate::shut(TimePoint now) const { return shut_since_ || refusal(now); }

std::optional<Error> LaneGate::refusal(TimePoint now) const {
  if (broke_until_ && now < *broke_until_)
    return Error{Errc::provider_refused, broke_why_};
  const auto patience = known_ ? patience_known : patience_unknown;
  if (shut_since_ && now - *shut_since_ >= patience)
    return Error{Errc::provider_unreachable, why_};
  if (overloaded_since_) {
    const auto for_long = now - *overloaded_since_ - patience_overloaded;
    if (for_long >= Milliseconds::zero() && for_long < overload_rest)
      return Error{Errc::provider_unreachable,
                   "overloaded for two minutes without one answer: "
                     + overloaded_why_};
  }
  return std::nullopt;
}

std::optional<TimePoint> LaneGate::look_at() const { return look_at_; }

void LaneGate::answered() {
  known_ = true;
  shut_since_.reset();
  look_at_.reset();
}

void LaneGate::served() { overloaded_since_.reset(); }

void LaneGate::overloaded(const std::string& why, TimePoint now) {
  overloaded_why_ = why;
  if (!overloaded_since_
      || now - *overloaded_since_ >= patience_overloaded + overload_rest)
    overloaded_since_ = now;
}

void LaneGate::unreachable(const std::string& why, TimePoint now) {
  why_ = why;
  if (shut_since_)
    return;
  shut_since_ = now;
  wait_ = look_first;
  look_at_ = now + wait_;
}

void LaneGate::looking() { look_at_.reset(); }

void LaneGate::looked(bool reached, TimePoint now) {
  if (!shut_since_)
    return;
  if (reached) {
    shut_since_.reset();
    look_at_.reset();
    return;
  }
  wait_ = std::min(wait_ * 2, look_max);
  look_at_ = now + wait_;
}

void LaneGate::out_of_money(const std::string& why, TimePoint now) {
  broke_why_ = why;
  broke_until_ = now + spend_pause;
}

} // namespace lab::llm

#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace lab {

/// Wall-clock time as stored: milliseconds since 1970-01-01 UTC.
using UnixMs = std::int64_t;

/// The door to time. Pure code takes `now` as a parameter; shells ask a Clock.
class Clock {
public:
  virtual ~Clock() = default;
  /// Wall clock; may jump.
  virtual UnixMs now_ms() const = 0;
  /// Monotonic; for durations and deadlines.
  virtual std::chrono::steady_clock::time_point steady() const = 0;
};

class SystemClock final : public Clock {
public:
  UnixMs now_ms() const override;
  std::chrono::steady_clock::time_point steady() const override;
};

/// A clock that tests move by hand.
class ManualClock final : public Clock {
public:
  explicit ManualClock(UnixMs start = 1'700'000'000'000) : now_(start) {}
  UnixMs now_ms() const override { return now_; }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point{
      std::chrono::milliseconds{now_}};
  }
  void advance(std::chrono::milliseconds by) { now_ += by.count(); }

private:
  UnixMs now_;
};

/// "2026-11-22": the UTC day of `at`; key of per-day accounts.
std::string utc_day(UnixMs at);
/// "2026-W47": the ISO week of `at`; key of per-week accounts.
std::string utc_week(UnixMs at);
/// "2026-11-22T02:41:22.104Z"
std::string utc_text(UnixMs at);
/// "2026-11-22T02:41:22+01:00": local time with its offset, for people.
std::string local_text(UnixMs at);

} // namespace lab

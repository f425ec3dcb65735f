#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace lab::llm {

using TimePoint = std::chrono::steady_clock::time_point;
using Milliseconds = std::chrono::milliseconds;

/// What one attempt's end says about how much the server can take.
enum class LoadSign : std::uint8_t {
  answered,   // it kept up
  overloaded, // it said so: 429, 503, 529
  slow,       // our deadline passed
  none,       // says nothing: refused for what it was, never sent
};

struct LimitRules {
  std::int64_t start = 16;              // slots before anything is known
  std::int64_t ceiling = 32;            // slots at most
  std::int64_t requests_per_minute = 0; // 0: none
};

/// How many attempts a lane may have in flight, and when. Pure: `now` comes in.
///
/// The number of slots doubles each round trip until the server complains, is
/// then halved and grows by one a round trip; one volley of complaints halves
/// it once. It never leaves [1, ceiling].
class LaneLimits {
public:
  explicit LaneLimits(const LimitRules& rules);

  /// The answer to "may one more start?". When `go` is false, `again` is when
  /// time alone changes that; without it only the end of another attempt does.
  struct Verdict {
    bool go = false;
    std::optional<TimePoint> again;
  };
  Verdict may_start(bool retry, TimePoint now) const;

  void start(bool retry, TimePoint now);
  /// A started attempt was never sent.
  void give_back(bool retry);
  /// @param started  when it was started
  /// @param pause    nobody may start for so long, by the server's own words
  void end(bool retry, TimePoint started, LoadSign sign, Milliseconds pause,
           TimePoint now);

  std::int64_t slots() const { return static_cast<std::int64_t>(slots_); }
  std::int64_t in_flight() const { return in_flight_; }
  /// How long nobody may start yet; zero when somebody may.
  Milliseconds paused_for(TimePoint now) const;

private:
  void back_off(LoadSign sign, Milliseconds pause, TimePoint now);
  void grow(TimePoint started);
  /// Tokens of the rate limit at `now`.
  double tokens(TimePoint now) const;

  LimitRules rules_;
  double slots_;
  bool doubling_ = true; // nobody complained yet
  std::int64_t in_flight_ = 0;
  std::int64_t retries_ = 0;         // of those in flight
  std::optional<TimePoint> full_at_; // all slots were in use, last
  std::optional<TimePoint> halved_at_;
  std::int32_t complaints_ = 0; // volleys in a row without an answer between
  std::optional<TimePoint> paused_until_;
  double burst_ = 0;
  double tokens_ = 0;
  double tokens_per_ms_ = 0;
  TimePoint counted_at_{};
};

} // namespace lab::llm

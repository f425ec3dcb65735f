#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/base/day_window.hpp"
#include "runtime/model/ids.hpp"

namespace lab::runtime {

/// How long, and when, a sweep may work.
struct TimeRules {
  /// Of one run in this command, from its start; from its last one when it is
  /// tried again.
  std::optional<std::chrono::seconds> run_time;
  /// Of this command, from the first run that it may start.
  std::optional<std::chrono::seconds> sweep_time;
  /// Runs start only while it is open; when it closes, the sweep pauses.
  std::optional<DayWindow> window;
  /// At the close running runs end at their next phase; else each goes on.
  bool close_ends_running = true;

  bool any() const { return run_time || sweep_time || window; }
};

/// Which runs have taken too long, and whether the sweep may go on. Pure: it
/// is told the time, and tells when it wants to be told again.
class SweepClock {
public:
  using Time = std::chrono::steady_clock::time_point;
  using Milliseconds = std::chrono::milliseconds;

  /// A pause that the clock asks for.
  struct Pause {
    std::string because; // for people
    bool ends_running = true;
  };

  explicit SweepClock(TimeRules rules = {}, UtcOffset offset = local_utc_offset)
    : rules_(std::move(rules)), offset_(std::move(offset)) {}

  /// Asked before a run starts: the moment to wait for, while the window is
  /// closed and has not been open in this command; else nothing, and the
  /// sweep's time begins to count.
  std::optional<UnixMs> wait_until(UnixMs wall, Time now);

  void run_began(RunId run, Time now);
  void run_ended(RunId run);
  /// Runs whose time is over, each told once.
  std::vector<RunId> overdue(Time now);
  /// "it took longer than `limits.run_time`, 60 min"
  std::string run_reason() const;

  /// Why the sweep has to stand still from now on, if it has.
  std::optional<Pause> pause(UnixMs wall, Time now) const;

  /// How long nothing changes, as far as can be seen. A wall clock may be set
  /// or sleep, so nobody waits for it longer than a minute.
  std::optional<Milliseconds> next_look(UnixMs wall, Time now) const;

private:
  TimeRules rules_;
  UtcOffset offset_;
  std::optional<Time> began_;      // when runs might start
  std::optional<UnixMs> opens_;    // waited for
  std::optional<Opening> opening_; // that the sweep works in
  std::set<std::pair<Time, RunId>> due_;
  std::unordered_map<RunId, Time> due_of_;
};

/// "45 min", "9 h", "1 d 12 h": exact, without parts that are zero.
std::string length_text(std::chrono::seconds length);

} // namespace lab::runtime

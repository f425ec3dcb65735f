#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/clock.hpp"
#include "tools/cli/console.hpp"
#include "tools/cli/money_text.hpp"
#include "tools/wiring/engine.hpp"

namespace lab::tools {

/// What a live display shows of one command. Pure values: the same snapshot
/// gives the same lines.
struct LiveView {
  std::string subject; // "sweep" or "run"
  std::string id;
  std::string name;
  bool simulated = false;  // some model is `sim/…`
  bool play_money = false; // every model is
  Snapshot now;
  std::chrono::seconds elapsed{0};
};

/// Runs that need nothing more, of all that were planned.
std::int64_t runs_done(const RunCounts& runs);
/// 0 to 100, rounded down, so that 100 means all of it. By turns where they
/// are known, since a long run is more than a short one.
int percent_done(const SweepProgress& progress);
/// Seconds left at the pace so far; nothing before there is one.
std::optional<std::int64_t> seconds_left(const LiveView& view);

/// The block that a terminal shows while work goes on.
std::vector<std::string> live_block(const LiveView& view, const Style& style);

/// "[stamp] sweep   progress  14/270 5% …" without the stamp.
std::string heartbeat_text(const LiveView& view, UnixMs at);

/// "80 % of the budget is used up or set aside: $8.02 of $10.00"
std::string warning_text(const LimitWarning& warning, bool play);
/// "until 22:30, when `limits.window` opens (2026-11-22T22:30:00+01:00)"
std::string waiting_text(UnixMs until);

/// One line of progress for pipes and files: text, or a JSON object.
/// @param stamp  local time with its offset
std::string progress_line(const std::string& stamp, const std::string& subject,
                          const std::string& event, const std::string& text,
                          bool as_json);

/// When a pipe hears of progress: at each 5 %, at most once a minute.
class HeartbeatSchedule {
public:
  using Time = std::chrono::steady_clock::time_point;
  explicit HeartbeatSchedule(Time start) : last_(start) {}
  /// True when a line is due now; counts it as written.
  bool due(int percent, Time now);

private:
  Time last_;
  int last_step_ = 0;
};

} // namespace lab::tools

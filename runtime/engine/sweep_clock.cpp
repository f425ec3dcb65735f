#include "runtime/engine/sweep_clock.hpp"

#include <algorithm>
#include <array>

namespace lab::runtime {

namespace {

constexpr std::chrono::milliseconds wall_look{60'000};

/// "07:30" of a local time stamp.
std::string clock_text(UnixMs at, const UtcOffset& offset) {
  const auto shown = utc_text(at + offset(at) * 1'000);
  return shown.substr(shown.find('T') + 1, 5);
}

} // namespace

std::optional<UnixMs> SweepClock::wait_until(UnixMs wall, Time now) {
  if (rules_.window && !opening_) {
    const auto next = opening_at(*rules_.window, wall, offset_);
    if (next.open > wall) {
      opens_ = next.open;
      return opens_;
    }
    opening_ = next;
    opens_.reset();
  }
  if (!began_)
    began_ = now;
  return std::nullopt;
}

void SweepClock::run_began(RunId run, Time now) {
  if (!rules_.run_time)
    return;
  run_ended(run);
  const auto due = now + *rules_.run_time;
  due_.emplace(due, run);
  due_of_[run] = due;
}

void SweepClock::run_ended(RunId run) {
  const auto known = due_of_.find(run);
  if (known == due_of_.end())
    return;
  due_.erase({known->second, run});
  due_of_.erase(known);
}

std::vector<RunId> SweepClock::overdue(Time now) {
  std::vector<RunId> runs;
  while (!due_.empty() && due_.begin()->first <= now) {
    runs.push_back(due_.begin()->second);
    run_ended(runs.back());
  }
  return runs;
}

std::string SweepClock::run_reason() const {
  return "it took longer than `limits.run_time`, "
         + length_text(rules_.run_time.value_or(std::chrono::seconds{0}));
}

std::optional<SweepClock::Pause> SweepClock::pause(UnixMs wall,
                                                   Time now) const {
  if (opening_ && wall >= opening_->close)
    return Pause{"`limits.window` closed at "
                   + clock_text(opening_->close, offset_),
                 rules_.close_ends_running};
  if (rules_.sweep_time && began_ && now >= *began_ + *rules_.sweep_time)
    return Pause{
      "`limits.sweep_time` is over, " + length_text(*rules_.sweep_time), true};
  return std::nullopt;
}

std::optional<SweepClock::Milliseconds> SweepClock::next_look(UnixMs wall,
                                                              Time now) const {
  std::optional<Milliseconds> next;
  const auto consider = [&next](Milliseconds wait) {
    // Rounded up, so that what is waited for has come by then.
    wait = std::max(wait, Milliseconds{1});
    next = std::min(next.value_or(wait), wait);
  };
  const auto until = [now](Time due) {
    return std::chrono::ceil<Milliseconds>(due - now);
  };
  if (!due_.empty())
    consider(until(due_.begin()->first));
  if (pause(wall, now))
    return next; // nothing else comes any more
  if (rules_.sweep_time && began_)
    consider(until(*began_ + *rules_.sweep_time));
  if (opening_)
    consider(std::min(Milliseconds{opening_->close - wall}, wall_look));
  else if (opens_)
    consider(std::min(Milliseconds{*opens_ - wall}, wall_look));
  return next;
}

std::string length_text(std::chrono::seconds length) {
  struct Unit {
    std::int64_t seconds;
    const char* name;
  };
  constexpr std::array<Unit, 4> units{
    {{86'400, " d"}, {3'600, " h"}, {60, " min"}, {1, " s"}}};
  auto left = length.count();
  std::string text;
  for (const auto& [seconds, name] : units) {
    if (left < seconds)
      continue;
    text += (text.empty() ? "" : " ") + std::to_string(left / seconds) + name;
    left %= seconds;
  }
  return text.empty() ? "0 s" : text;
}

} // namespace lab::runtime

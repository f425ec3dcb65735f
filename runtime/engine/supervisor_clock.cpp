// How SUPERVISOR waits, and pauses a sweep, by the clock.

#include <algorithm>

#include "runtime/base/log.hpp"
#include "runtime/engine/supervisor.hpp"

namespace lab::runtime {

bool SupervisorState::may_start() {
  const auto wall = parts.clock->now_ms();
  const auto now = parts.clock->steady();
  const auto opens = clock.wait_until(wall, now);
  if (opens && *opens != waits_until)
    log_info("window-closed", {{"until", utc_text(*opens)}});
  waits_until = opens.value_or(0);
  if (!opens)
    if (const auto why = clock.pause(wall, now))
      pause(*why);
  heed_clock();
  return !opens && !stopping;
}

void SupervisorState::on_look_again() {
  look_due.reset();
  resting = false;
  if (caller.pending())
    fill();
}

void SupervisorState::heed_clock() {
  const auto wall = parts.clock->now_ms();
  const auto now = parts.clock->steady();
  for (const auto run : clock.overdue(now))
    if (const auto late = live.find(run); late != live.end())
      self->send(late->second.actor,
                 StopRun{{Errc::run_time_over, clock.run_reason()}});
  if (const auto why = clock.pause(wall, now); why && !live.empty())
    pause(*why);
  if (const auto wait = clock.next_look(wall, now); wait && caller.pending())
    look_again_in(*wait);
}

void SupervisorState::pause(const SweepClock::Pause& why) {
  if (stopping)
    return;
  stopping = Error{Errc::stopped, why.because};
  paused_by_clock = true;
  if (why.ends_running)
    for (const auto& [id, entry] : live)
      self->send(entry.actor, StopRun{*stopping});
}

void SupervisorState::look_again_in(SweepClock::Milliseconds wait) {
  const auto due = parts.clock->steady() + wait;
  if (look_due && *look_due <= due)
    return;
  look_due = due;
  self->delayed_send(self, wait, LookAgain{});
}

void SupervisorState::forget_idle_pause() {
  const bool cut_short = std::ranges::any_of(
    ended, [](const RunOutcome& run) { return run.code == Errc::stopped; });
  if (!paused_by_clock || cut_short || next_up)
    return;
  next_up = parts.source->next();
  if (next_up)
    return;
  stopping.reset();
  paused_by_clock = false;
}

} // namespace lab::runtime

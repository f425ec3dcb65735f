#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/base/clock.hpp"
#include "runtime/model/account.hpp"
#include "runtime/model/ids.hpp"

namespace lab {

/// What watchers are told. May be dropped, never decides anything. The names
/// are those of the earlier Python version where it had one.
enum class EventKind : std::uint8_t {
  sweep_started,
  sweep_ended,
  scenario_started, // a run began
  scenario_completed,
  scenario_halted,
  scenario_failed,
  turn_started,
  turn_completed,
  phase_started,
  phase_completed,
  phase_failed,
  call_reserved,
  call_queued, // waits for money
  call_settled,
  call_retried,
  credit_limit_warning,
  credit_limit_exceeded,
  communication_sent, // a private word; its text stays private
  metric_recorded,    // past its warning or critical threshold
  validation_failed,
  scenario_paused,
  human_asked,
  human_answered,
  model_changed, // another one answers behind its name
};

std::string_view to_string(EventKind kind);

struct Event {
  EventKind kind = EventKind::sweep_started;
  std::uint64_t seq = 0; // set by EVENT HUB
  UnixMs at = 0;         // set by EVENT HUB
  SweepId sweep;
  RunId run;
  std::string run_name;
  std::int32_t turn = 0;
  std::string phase;
  std::string participant;
  std::string text; // one line for people
  Charge charge;    // settled or reserved, by kind
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Event& x) {
  return f(x.kind, x.seq, x.at, x.sweep, x.run, x.run_name, x.turn, x.phase,
           x.participant, x.text, x.charge);
}

} // namespace lab

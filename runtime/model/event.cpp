#include "runtime/model/event.hpp"

#include <array>

namespace lab {

std::string_view to_string(EventKind kind) {
  static constexpr std::array<std::string_view, 24> names{
    "sweep_started",        "sweep_ended",           "scenario_started",
    "scenario_completed",   "scenario_halted",       "scenario_failed",
    "turn_started",         "turn_completed",        "phase_started",
    "phase_completed",      "phase_failed",          "call_reserved",
    "call_queued",          "call_settled",          "call_retried",
    "credit_limit_warning", "credit_limit_exceeded", "communication_sent",
    "metric_recorded",      "validation_failed",     "scenario_paused",
    "human_asked",          "human_answered",        "model_changed"};
  return names.at(static_cast<std::size_t>(kind));
}

} // namespace lab

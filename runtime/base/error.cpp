#include "runtime/base/error.hpp"

#include <array>

namespace lab {

namespace {

struct Name {
  Errc code;
  std::string_view text;
};

constexpr std::array names{
  Name{Errc::ok, "ok"},
  Name{Errc::limit_exhausted, "limit_exhausted"},
  Name{Errc::limit_contended, "limit_contended"},
  Name{Errc::attempt_id_reused, "attempt_id_reused"},
  Name{Errc::reservation_not_found, "reservation_not_found"},
  Name{Errc::permit_refused, "permit_refused"},
  Name{Errc::model_not_priced, "model_not_priced"},
  Name{Errc::context_overflow, "context_overflow"},
  Name{Errc::run_limit_exhausted, "run_limit_exhausted"},
  Name{Errc::model_limit_exhausted, "model_limit_exhausted"},
  Name{Errc::run_time_over, "run_time_over"},
  Name{Errc::sweep_limit_exhausted, "sweep_limit_exhausted"},
  Name{Errc::provider_unreachable, "provider_unreachable"},
  Name{Errc::provider_refused, "provider_refused"},
  Name{Errc::provider_overloaded, "provider_overloaded"},
  Name{Errc::provider_failed, "provider_failed"},
  Name{Errc::provider_timeout, "provider_timeout"},
  Name{Errc::reply_truncated, "reply_truncated"},
  Name{Errc::reply_invalid, "reply_invalid"},
  Name{Errc::provider_unknown, "provider_unknown"},
  Name{Errc::non_determinism, "non_determinism"},
  Name{Errc::not_journalled, "not_journalled"},
  Name{Errc::cancelled, "cancelled"},
  Name{Errc::stopped, "stopped"},
  Name{Errc::shutting_down, "shutting_down"},
  Name{Errc::waits_for_person, "waits_for_person"},
  Name{Errc::invalid_input, "invalid_input"},
  Name{Errc::not_found, "not_found"},
  Name{Errc::held_elsewhere, "held_elsewhere"},
  Name{Errc::disk_failed, "disk_failed"},
  Name{Errc::journal_corrupt, "journal_corrupt"},
  Name{Errc::already_exists, "already_exists"},
  Name{Errc::internal, "internal"},
};

} // namespace

std::string_view to_string(Errc code) {
  for (const auto& name : names)
    if (name.code == code)
      return name.text;
  return "internal";
}

Errc errc_from(std::string_view name) {
  for (const auto& entry : names)
    if (entry.text == name)
      return entry.code;
  return Errc::internal;
}

std::string to_string(const Error& error) {
  std::string text{to_string(error.code)};
  if (!error.context.empty())
    text += ": " + error.context;
  return text;
}

} // namespace lab

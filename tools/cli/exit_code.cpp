#include "tools/cli/exit_code.hpp"

namespace lab::tools {

ExitCode exit_code_of(Errc code) {
  switch (code) {
  case Errc::ok:
    return ExitCode::done;
  case Errc::limit_exhausted:
  case Errc::sweep_limit_exhausted:
  case Errc::run_limit_exhausted:
  case Errc::model_limit_exhausted:
  case Errc::run_time_over:
  case Errc::limit_contended:
    return ExitCode::limit_reached;
  case Errc::model_not_priced:
  case Errc::context_overflow:
  case Errc::provider_unknown:
  case Errc::invalid_input:
  case Errc::already_exists:
    return ExitCode::invalid;
  case Errc::provider_unreachable:
  case Errc::provider_refused:
  case Errc::provider_failed:
  case Errc::provider_timeout:
    return ExitCode::provider;
  case Errc::provider_overloaded:
  case Errc::shutting_down:
    return ExitCode::try_again;
  case Errc::reply_truncated:
  case Errc::reply_invalid:
    return ExitCode::some_failed;
  case Errc::not_journalled:
  case Errc::not_found:
    return ExitCode::not_found;
  case Errc::cancelled:
  case Errc::stopped:
    return ExitCode::cancelled;
  case Errc::waits_for_person:
    return ExitCode::waits_for_person;
  case Errc::held_elsewhere:
    return ExitCode::held_elsewhere;
  case Errc::disk_failed:
  case Errc::journal_corrupt:
    return ExitCode::disk;
  case Errc::attempt_id_reused:
  case Errc::reservation_not_found:
  case Errc::permit_refused:
  case Errc::non_determinism:
  case Errc::internal:
    return ExitCode::bug;
  }
  return ExitCode::bug;
}

} // namespace lab::tools

#include "tools/cli/failure.hpp"

#include <utility>

namespace lab::tools {

namespace {

/// What helps when work ended with this error; empty where nothing general
/// can be said.
std::vector<std::string> help_for(Errc code) {
  switch (code) {
  case Errc::limit_exhausted:
  case Errc::sweep_limit_exhausted:
  case Errc::run_limit_exhausted:
  case Errc::model_limit_exhausted:
    return {"raise the limit and repeat the command; what was paid for is "
            "kept"};
  case Errc::run_time_over:
    return {"repeat the command: what was paid for is kept, and the time "
            "counts anew; or raise `limits.run_time`"};
  case Errc::limit_contended:
    return {"repeat the command, or lower the number of runs in flight with "
            "--jobs"};
  case Errc::model_not_priced:
    return {"add a price for the model under `providers:` in "
            "scenario-lab.yaml (scenario-lab explain P101)"};
  case Errc::context_overflow:
    return {"choose a model with a larger context window, or lower "
            "`context_window_size` in the scenario"};
  case Errc::provider_unknown:
    return {"`scenario-lab config show` lists the providers"};
  case Errc::provider_unreachable:
    return {"start the server or correct its `base_url`; then repeat the "
            "command",
            "to try without any model server: add --model sim/persona"};
  case Errc::provider_refused:
    return {"check the key that the provider's `api_key_env` names"};
  case Errc::provider_overloaded:
  case Errc::provider_failed:
  case Errc::provider_timeout:
    return {"repeat the command later; what was paid for is kept"};
  case Errc::held_elsewhere:
    return {"wait until it ends, or use another workspace with --home DIR"};
  case Errc::disk_failed:
    return {"free space or correct permissions, then repeat the command; "
            "everything journalled so far is safe"};
  case Errc::journal_corrupt:
    return {"run `scenario-lab verify` and restore ledger.db from a copy"};
  case Errc::waits_for_person:
    return {"resume the run on a terminal, or give the answers in a file: "
            "--answers FILE (scenario-lab explain R505)"};
  case Errc::non_determinism:
    return {"the run's id promises the same requests as before: please report "
            "this with the run's id"};
  default:
    return {};
  }
}

} // namespace

std::string finding_code_of(Errc code) {
  switch (code) {
  case Errc::limit_exhausted:
  case Errc::sweep_limit_exhausted:
    return "B510";
  case Errc::run_limit_exhausted:
    return "B511";
  case Errc::limit_contended:
    return "B512";
  case Errc::model_limit_exhausted:
    return "B513";
  case Errc::run_time_over:
    return "R506";
  case Errc::model_not_priced:
    return "P101";
  case Errc::context_overflow:
    return "P102";
  case Errc::provider_unknown:
    return "P103";
  case Errc::provider_unreachable:
    return "P310";
  case Errc::provider_refused:
    return "P311";
  case Errc::provider_overloaded:
    return "P312";
  case Errc::provider_failed:
    return "P313";
  case Errc::provider_timeout:
    return "P314";
  case Errc::reply_truncated:
    return "R213";
  case Errc::reply_invalid:
    return "R214";
  case Errc::non_determinism:
    return "R410";
  case Errc::not_journalled:
    return "R411";
  case Errc::cancelled:
    return "R501";
  case Errc::stopped:
    return "R502";
  case Errc::shutting_down:
    return "R503";
  case Errc::waits_for_person:
    return "R505";
  case Errc::invalid_input:
    return "R601";
  case Errc::not_found:
    return "R602";
  case Errc::held_elsewhere:
    return "R603";
  case Errc::disk_failed:
    return "R604";
  case Errc::journal_corrupt:
    return "R605";
  case Errc::already_exists:
    return "R606";
  case Errc::ok:
  case Errc::attempt_id_reused:
  case Errc::reservation_not_found:
  case Errc::permit_refused:
  case Errc::internal:
    return "R900";
  }
  return "R900";
}

Failure failure_of(const Error& error, const std::string& doing) {
  auto message = doing;
  if (!error.context.empty())
    message += message.empty() ? error.context : ": " + error.context;
  Failure failure;
  failure.exit = exit_code_of(error.code);
  failure.findings.add(
    finding(finding_code_of(error.code), message, help_for(error.code)));
  return failure;
}

Failure failure_of(Findings findings) {
  findings.sort();
  Failure failure;
  failure.exit = ExitCode::invalid;
  failure.findings = std::move(findings);
  return failure;
}

Diagnostic finding(std::string code, std::string message,
                   std::vector<std::string> help) {
  Diagnostic result;
  result.code = std::move(code);
  result.message = std::move(message);
  result.help = std::move(help);
  return result;
}

std::string render(const Failure& failure) {
  auto out = render(failure.findings);
  if (!failure.consequence.empty())
    out += "   " + failure.consequence + "\n";
  return out;
}

std::string to_json(const Failure& failure) {
  return R"({"schema":"scenario-lab/error/1","exit":)"
         + std::to_string(static_cast<int>(failure.exit)) + R"(,"findings":)"
         + to_json(failure.findings) + "}";
}

} // namespace lab::tools

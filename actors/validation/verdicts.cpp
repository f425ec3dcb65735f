#include "actors/validation/verdicts.hpp"

#include <algorithm>
#include <array>

#include "runtime/model/condition.hpp"

namespace lab::actors {

namespace {

bool is_last_turn(const ScenarioSpec& scenario, const TurnState& state) {
  return state.current.turn >= scenario.turns
         || ended_by_condition(scenario, state);
}

std::int64_t failed_in(const TurnRecord& turn) {
  return std::count_if(
    turn.checks.begin(), turn.checks.end(),
    [](const auto& one) { return one.verdict == CheckVerdict::failed; });
}

bool halts(const ValidationSpec& spec, const CheckResult& result) {
  if (result.verdict != CheckVerdict::failed)
    return false;
  return (spec.halt_on_critical && result.severity == IssueSeverity::high)
         || action_for(spec, result) == IssueAction::halt;
}

} // namespace

std::vector<CheckJob> check_jobs(const ScenarioSpec& scenario,
                                 const TurnState& state) {
  std::vector<CheckJob> jobs;
  if (!scenario.validation)
    return jobs;
  const auto& spec = *scenario.validation;
  if (!spec.every_turn && !is_last_turn(scenario, state))
    return jobs;
  for (std::size_t i = 0; i < spec.checks.size(); ++i) {
    if (spec.checks[i].kind == CheckKind::world_coherence) {
      jobs.push_back({i, {}});
      continue;
    }
    for (const auto& decision : state.current.decisions)
      jobs.push_back({i, decision.participant});
  }
  return jobs;
}

std::string_view check_name(CheckKind kind) {
  constexpr std::array<std::string_view, 3> names{
    "decision_consistency", "world_coherence", "information_access"};
  return names.at(static_cast<std::size_t>(kind));
}

std::string_view severity_name(IssueSeverity severity) {
  constexpr std::array<std::string_view, 3> names{"low", "medium", "high"};
  return names.at(static_cast<std::size_t>(severity));
}

CheckResult result_of(const CheckSpec& check, const CheckJob& job,
                      const CheckReply& reply) {
  CheckResult result;
  result.kind = check.kind;
  result.participant = job.participant;
  result.verdict = reply.passed ? CheckVerdict::passed : CheckVerdict::failed;
  result.severity = reply.severity.value_or(check.severity);
  result.issues = reply.issues;
  result.explanation = reply.explanation;
  result.raw = reply.raw;
  return result;
}

CheckResult without_verdict(const CheckSpec& check, const CheckJob& job,
                            const Reply& reply, const Error& why) {
  CheckResult result;
  result.kind = check.kind;
  result.participant = job.participant;
  result.verdict = CheckVerdict::missing;
  result.severity = check.severity;
  result.explanation = "No verdict: " + why.context + '.';
  result.raw = reply.text;
  return result;
}

IssueAction action_for(const ValidationSpec& spec, const CheckResult& result) {
  const auto found =
    spec.actions.find(std::string{severity_name(result.severity)});
  return found == spec.actions.end() ? IssueAction::log : found->second;
}

std::string halt_reason(const ValidationSpec& spec, const TurnState& state) {
  for (const auto& result : state.current.checks)
    if (halts(spec, result)) {
      auto reason = "validation: " + std::string{check_name(result.kind)};
      if (!result.participant.empty())
        reason += " of " + result.participant;
      return reason + " failed with severity "
             + std::string{severity_name(result.severity)};
    }
  if (spec.issues_before_halt <= 0)
    return {};
  auto failed = failed_in(state.current);
  if (failed == 0)
    return {}; // the run went on after the others
  for (const auto& past : state.history)
    failed += failed_in(*past);
  if (failed < spec.issues_before_halt)
    return {};
  return "validation: " + std::to_string(failed)
         + " failed checks in this run, halts at "
         + std::to_string(spec.issues_before_halt);
}

} // namespace lab::actors

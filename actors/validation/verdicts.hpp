#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "actors/parse/helper_replies.hpp"
#include "runtime/model/scenario_spec.hpp"
#include "runtime/model/turn_state.hpp"

namespace lab::actors {

/// One check of one turn that is to be made.
struct CheckJob {
  std::size_t check = 0;   // place in `ValidationSpec::checks`
  std::string participant; // id of who is judged; empty: the world
};

/// The checks of a turn, in the spec's order and then the scenario's. Who did
/// not decide in this turn is not judged. With `every_turn` off, nothing before
/// the last turn.
///
/// A scenario with an end condition may end after any turn, so each counts as
/// the last. A run's end turn does not: the run can go on, and then its turns
/// must be the same.
std::vector<CheckJob> check_jobs(const ScenarioSpec& scenario,
                                 const TurnState& state);

/// "decision_consistency", …
std::string_view check_name(CheckKind kind);
std::string_view severity_name(IssueSeverity severity);

/// What a reply says of a job.
CheckResult result_of(const CheckSpec& check, const CheckJob& job,
                      const CheckReply& reply);
/// What stands for a reply without a verdict: nothing was found, good or bad.
CheckResult without_verdict(const CheckSpec& check, const CheckJob& job,
                            const Reply& reply, const Error& why);

/// What the scenario wants done about a failed check.
IssueAction action_for(const ValidationSpec& spec, const CheckResult& result);

/// Why the run shall not go on after `state.current`, whose checks are made;
/// empty: it may. The first failed check that halts counts, then the number of
/// failed checks in the run.
std::string halt_reason(const ValidationSpec& spec, const TurnState& state);

} // namespace lab::actors

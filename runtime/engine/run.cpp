#include "runtime/engine/run.hpp"

#include <algorithm>
#include <cstdio>
#include <span>
#include <utility>

#include "runtime/base/log.hpp"
#include "runtime/base/text.hpp"
#include "runtime/model/names.hpp"
#include "runtime/model/replies_digest.hpp"

namespace lab::runtime {

namespace {

std::string line_of(const MetricValue& metric) {
  char number[32] = "";
  if (metric.number)
    std::snprintf(number, sizeof number, " %.4g", *metric.number);
  return metric.metric + number
         + (metric.level == MetricLevel::critical ? " (critical)"
                                                  : " (warning)");
}

/// What was found stays out of it: it may quote what only one may know.
std::string line_of(const CheckResult& check) {
  return std::string{to_string(check.kind)}
         + (check.verdict == CheckVerdict::missing ? ": no verdict"
                                                   : ": not passed")
         + " (" + std::string{to_string(check.severity)} + ")";
}

EventKind end_kind(RunStatus status) {
  switch (status) {
  case RunStatus::completed:
    return EventKind::scenario_completed;
  case RunStatus::failed:
    return EventKind::scenario_failed;
  case RunStatus::paused:
    return EventKind::scenario_paused;
  default:
    return EventKind::scenario_halted;
  }
}

} // namespace

caf::result<RunDone> RunState::on_start() {
  caller = self->make_response_promise<RunDone>();
  if (!before.planned || before.controls != spec->controls)
    record(RunPlanned{*spec});
  record(RunStarted{spec->id, spec->controls});
  auto made = parts.make_phases(self, spec);
  if (!made) {
    RunOutcome outcome;
    outcome.run = spec->id;
    outcome.code = made.error().code;
    outcome.reason = to_string(made.error());
    record(RunEnded{outcome});
    caller.deliver(RunDone{outcome, {}});
    self->quit(caf::exit_reason::user_shutdown);
    return caller;
  }
  phases = std::move(*made);
  std::vector<std::string> names;
  for (const auto& phase : phases)
    names.push_back(phase.name);
  program.emplace(spec, std::move(names), before);
  tell(EventKind::scenario_started, spec->name);
  go_on();
  return caller;
}

void RunState::go_on() {
  switch (program->next()) {
  case RunProgram::Step::play_phase:
    return play_phase();
  case RunProgram::Step::turn_finished:
    return finish_turn();
  case RunProgram::Step::ended:
    return finish_run();
  }
}

void RunState::play_phase() {
  tell(EventKind::phase_started);
  self
    ->request(phases[program->phase()].actor, caf::infinite,
              RunPhase{program->state()})
    .then([this](const PhaseDone& done) { on_phase_done(done); },
          [this](caf::error& why) { on_phase_failed(from_caf(why)); });
}

void RunState::on_phase_done(const PhaseDone& done) {
  time.critical_us += done.time.critical_us;
  time.total_us += done.time.total_us;
  tell_news(done.state->current);
  tell(EventKind::phase_completed);
  program->phase_done(done.state);
  go_on();
}

void RunState::tell_news(const TurnRecord& now) {
  const auto& then = program->state()->current;
  // A phase adds at the end or fills what was empty; one that rewrites what
  // stood there is told as far as it is longer.
  const auto fresh = [](const auto& after, const auto& earlier) {
    return std::span{after}.subspan(std::min(earlier.size(), after.size()));
  };
  for (const auto& message : fresh(now.messages, then.messages))
    tell(EventKind::communication_sent,
         message.channel + " to " + join(message.recipients, ", "),
         message.sender);
  for (const auto& metric : fresh(now.metrics, then.metrics))
    if (metric.level != MetricLevel::normal)
      tell(EventKind::metric_recorded, line_of(metric), metric.participant);
  for (const auto& check : fresh(now.checks, then.checks))
    if (check.verdict != CheckVerdict::passed)
      tell(EventKind::validation_failed, line_of(check), check.participant);
}

void RunState::on_phase_failed(const Error& why) {
  tell(EventKind::phase_failed, to_string(why));
  program->phase_failed(why);
  go_on();
}

void RunState::finish_turn() {
  const auto& record_of_turn = program->state()->current;
  if (record_of_turn.turn > before.turns_recorded)
    record(TurnCompleted{spec->id, record_of_turn});
  if (record_of_turn.turn > 0)
    tell(EventKind::turn_completed);
  program->turn_recorded();
  if (program->next() == RunProgram::Step::play_phase)
    tell(EventKind::turn_started);
  go_on();
}

void RunState::finish_run() {
  ending = true;
  if (unrecorded == 0)
    on_recorded();
}

void RunState::on_recorded() {
  if (!ending || unrecorded > 0)
    return;
  auto outcome = program->outcome();
  // A run whose turns are not on disk is not done, whatever it computed.
  if (record_error) {
    outcome.status = status_after(record_error->code);
    outcome.code = record_error->code;
    outcome.reason = to_string(*record_error);
  }
  const auto answer = [this, outcome](caf::error* why) {
    auto done = RunDone{outcome, time};
    tell_results(done);
    if (why != nullptr) {
      const auto error = from_caf(*why);
      done.outcome.status = status_after(error.code);
      done.outcome.code = error.code;
      done.outcome.reason = to_string(error);
    }
    tell(end_kind(done.outcome.status), done.outcome.reason);
    caller.deliver(done);
    // Not a normal exit: linked phases and participants shall end as well.
    self->quit(caf::exit_reason::user_shutdown);
  };
  ending = false;
  self
    ->request(parts.journal, caf::infinite,
              CommitFacts{{RunEnded{outcome}}, {}})
    .then([answer](const Committed&) { answer(nullptr); },
          [answer](caf::error& why) { answer(&why); });
}

void RunState::tell_results(RunDone& done) const {
  if (done.outcome.status != RunStatus::completed)
    return;
  // It ended with its last turn, which is the current one still.
  const auto& state = *program->state();
  for (const auto& metric : state.current.metrics)
    if (metric.participant.empty() && metric.status == MetricStatus::value
        && metric.number)
      done.metrics.emplace_back(metric.metric, *metric.number);
  RepliesDigest digest;
  for (const auto& turn : state.history)
    digest.add(*turn);
  digest.add(state.current);
  done.replies = digest.finish();
}

void RunState::on_stop(const StopRun& m) {
  if (!program || program->next() == RunProgram::Step::ended)
    return;
  program->stop(m.why);
  if (m.why.code == Errc::cancelled)
    self->send(parts.gateway, CancelRun{spec->id});
}

void RunState::on_exit(const caf::error& why) {
  if (caller.pending()) {
    RunDone done;
    done.outcome.run = spec->id;
    const auto error = from_caf(why);
    done.outcome.status = status_after(error.code);
    done.outcome.code = error.code;
    done.outcome.reason = to_string(error);
    caf::anon_send(parts.journal, CommitFacts{{RunEnded{done.outcome}}, {}});
    caller.deliver(done);
  }
  self->quit(caf::exit_reason::user_shutdown);
}

void RunState::record(Fact fact) {
  ++unrecorded;
  CommitFacts commit;
  commit.facts.push_back(std::move(fact));
  self->request(parts.journal, caf::infinite, std::move(commit))
    .then(
      [this](const Committed&) {
        --unrecorded;
        on_recorded();
      },
      [this](caf::error& why) {
        --unrecorded;
        on_record_failed(from_caf(why));
      });
}

void RunState::on_record_failed(const Error& why) {
  if (!record_error)
    record_error = why;
  if (program)
    program->stop(why);
  on_recorded();
}

void RunState::tell(EventKind kind, std::string text, std::string participant) {
  Event event;
  event.kind = kind;
  event.sweep = spec->sweep;
  event.run = spec->id;
  event.run_name = spec->name;
  if (program) {
    event.turn = program->state()->current.turn;
    if (program->next() == RunProgram::Step::play_phase)
      event.phase = phases[program->phase()].name;
  }
  event.participant = std::move(participant);
  event.text = std::move(text);
  self->send(parts.events, std::move(event));
}

RunActor::behavior_type run(RunActor::stateful_pointer<RunState> self,
                            RunParts parts, Shared<RunSpec> spec,
                            RunHistory::Entry before) {
  harden(self);
  auto& state = self->state;
  state.parts = std::move(parts);
  state.spec = std::move(spec);
  state.before = std::move(before);
  self->set_exit_handler(
    [self](caf::exit_msg& m) { self->state.on_exit(m.reason); });
  return {
    [self](const StartRun&) { return self->state.on_start(); },
    [self](const StopRun& m) { self->state.on_stop(m); },
  };
}

} // namespace lab::runtime

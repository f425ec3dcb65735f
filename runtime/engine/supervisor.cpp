#include "runtime/engine/supervisor.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "runtime/base/log.hpp"

namespace lab::runtime {

namespace {

/// Of an account that all runs have.
bool money_is_out(Errc code) {
  return code == Errc::limit_exhausted || code == Errc::sweep_limit_exhausted;
}

/// Failures after which starting further runs would only repeat them.
bool concerns_all_runs(Errc code) {
  switch (code) {
  case Errc::limit_exhausted:
  case Errc::sweep_limit_exhausted:
  case Errc::provider_unreachable:
  case Errc::provider_refused:
  case Errc::model_not_priced:
  case Errc::disk_failed:
  case Errc::shutting_down:
    return true;
  default:
    return false;
  }
}

} // namespace

caf::result<SweepOutcome> SupervisorState::on_start() {
  caller = self->make_response_promise<SweepOutcome>();
  started = parts.clock->steady();
  CommitFacts commit;
  if (parts.plan)
    commit.facts.emplace_back(*parts.plan);
  self->request(parts.run.journal, caf::infinite, std::move(commit))
    .then([this](const Committed&) { fill(); },
          [this](caf::error& why) {
            stop_starting(from_caf(why));
            finish();
          });
  return caller;
}

void SupervisorState::fill() {
  heed_clock();
  while (!stopping && !projecting && !check_first && !resting
         && static_cast<std::int64_t>(live.size()) + starting
              < parts.runs_in_flight) {
    const auto ticket =
      next_up ? std::exchange(next_up, std::nullopt) : parts.source->next();
    std::ranges::move(parts.source->take_named(), std::back_inserter(named));
    if (!ticket) {
      if (parts.source->waits_for_tables())
        wait_for_projector();
      break;
    }
    if (!may_start()) {
      next_up = ticket;
      break;
    }
    if (unprojected == unprojected_max) {
      next_up = ticket;
      wait_for_projector();
      break;
    }
    if (parts.sentinel && !unchecked) { // what is normal comes first
      next_up = ticket;
      check_models(true);
      break;
    }
    ++unprojected;
    start_run(*ticket);
  }
  const bool waits = waits_until != 0 && !stopping;
  // Canaries that wait for a slot would keep a stopped sweep waiting.
  if (stopping && checking && !std::exchange(check_stopped, true))
    self->send(parts.sentinel, StopRun{*stopping});
  if (!live.empty() || starting > 0 || projecting || checking || resting
      || waits)
    return;
  // The last runs are as sure as the others only after a check behind them.
  if (!stopping && unchecked.value_or(0) > 0)
    check_models(true);
  else
    finish();
}

void SupervisorState::check_models(bool before_more) {
  check_first |= before_more;
  if (std::exchange(checking, true))
    return; // runs that began meanwhile wait for the next one
  unchecked = 0;
  self->request(parts.sentinel, caf::infinite, CheckModels{})
    .then(
      [this](const ModelsChecked& found) {
        checking = check_first = false;
        drifts.insert(drifts.end(), found.drifts.begin(), found.drifts.end());
        fill();
      },
      [this](caf::error& why) {
        checking = check_first = false;
        stop_starting(from_caf(why));
        fill();
      });
}

void SupervisorState::wait_for_projector() {
  projecting = true;
  const auto go_on = [this] {
    projecting = false;
    unprojected = 0;
    if (parts.source->waits_for_tables())
      parts.source->tables_caught_up();
    fill();
  };
  // A PROJECTOR that failed keeps nothing, and the journal has everything.
  self->request(parts.projector, caf::infinite, FlushProjections{})
    .then([go_on](const Done&) { go_on(); }, [go_on](caf::error&) { go_on(); });
}

void SupervisorState::start_run(const RunTicket& ticket) {
  auto spec = parts.source->resolve(ticket);
  if (!spec) {
    RunOutcome outcome;
    outcome.run = ticket.run;
    outcome.code = spec.error().code;
    outcome.reason = to_string(spec.error());
    count(outcome);
    parts.source->ended(ended_now(RunDone{outcome, {}}));
    return;
  }
  if (spent.holds_back(spent.asked_by(*spec->scenario)))
    return hold_back(ticket);
  if (parts.per_run.unlimited())
    return spawn_run(ticket, std::move(*spec));
  ++starting;
  SetLimits limits;
  limits.limits.push_back({{AccountKind::run, to_string(ticket.run)},
                           parts.per_run,
                           spec->user,
                           "limit of each run"});
  self->request(parts.credit, caf::infinite, std::move(limits))
    .then(
      [this, ticket, spec = std::move(*spec)](const Done&) mutable {
        --starting;
        if (stopping) // meanwhile
          return fill();
        spawn_run(ticket, std::move(spec));
      },
      [this](caf::error& why) {
        --starting;
        stop_starting(from_caf(why));
        fill();
      });
}

void SupervisorState::spawn_run(const RunTicket& ticket, RunSpec spec) {
  const auto history = history_of(ticket.run);
  Live begun{{}, ticket, history, spent.asked_by(*spec.scenario)};
  begun.begun.planned = true;
  begun.begun.controls = spec.controls;
  parts.run.supervisor = caf::actor_cast<SupervisorActor>(self);
  const auto actor =
    self->spawn(run, parts.run, share(std::move(spec)), history);
  begun.actor = actor;
  live.emplace(ticket.run, std::move(begun));
  clock.run_began(ticket.run, parts.clock->steady());
  heed_clock();
  ++counts.running;
  if (unchecked && ++*unchecked >= parts.check_every)
    check_models(false);
  self->request(actor, caf::infinite, StartRun{})
    .then(
      [this, id = ticket.run](const RunDone& done) { on_run_done(id, done); },
      [this, id = ticket.run](caf::error& why) {
        const auto error = from_caf(why);
        RunDone done;
        done.outcome.run = id;
        done.outcome.code = error.code;
        done.outcome.reason = to_string(error);
        on_run_done(id, done);
      });
}

void SupervisorState::on_turn_played(const TurnPlayed& m) {
  // A run that is done has said its last word on its turns.
  const auto found = live.find(m.run);
  if (found == live.end())
    return;
  turns_completed += m.turn - found->second.turns;
  found->second.turns = m.turn;
}

void SupervisorState::on_run_done(RunId id, const RunDone& done) {
  auto entry = live.extract(id);
  --counts.running;
  clock.run_ended(id);
  critical_us = std::max(critical_us, done.time.critical_us);
  model_us += done.time.total_us;
  if (entry) {
    turns_completed -= entry.mapped().turns;
    if (!stopping && retries.takes(done.outcome))
      return try_again(entry.mapped(), done.outcome);
    if (done.outcome.code == Errc::model_limit_exhausted)
      spent.refused(std::move(entry.mapped().limited_models));
  }
  tried.erase(id);
  turns_completed += done.outcome.turns_completed;
  count(done.outcome);
  if (concerns_all_runs(done.outcome.code)) {
    const Error why{done.outcome.code, done.outcome.reason};
    const bool is_first = !stopping;
    stop_starting(why);
    if (is_first && money_is_out(why.code) && parts.exhausted_ends_running)
      for (const auto& [other, run] : live)
        self->send(run.actor, StopRun{why});
  }
  tell_source(done);
}

void SupervisorState::try_again(const Live& run, const RunOutcome& end) {
  ++counts.retried;
  log_warning("run-tried-again",
              {{"run", to_string(end.run)}, {"reason", end.reason}});
  auto& known = tried[end.run] = run.begun;
  RunHistory::note_end(known, end);
  start_run(run.ticket);
  fill();
}

RunHistory::Entry SupervisorState::history_of(RunId run) const {
  const auto known = tried.find(run);
  return known == tried.end() ? parts.history->of(run) : known->second;
}

void SupervisorState::hold_back(const RunTicket& ticket) {
  RunDone done;
  done.outcome.run = ticket.run;
  done.outcome.status = RunStatus::halted;
  done.outcome.code = Errc::model_limit_exhausted;
  done.outcome.reason = "credit_limit: the money of its model is out";
  // Counted, and not told one by one: there may be very many.
  ++counts.halted;
  parts.source->ended(ended_now(done));
  if (++held_back % held_back_max == 0) {
    resting = true;
    self->send(self, LookAgain{});
  }
}

EndedRun SupervisorState::ended_now(const RunDone& done) const {
  EndedRun run;
  run.outcome = done.outcome;
  run.metrics = done.metrics;
  run.replies = done.replies;
  run.at = parts.clock->now_ms();
  run.elapsed_us = elapsed_us();
  return run;
}

void SupervisorState::tell_source(const RunDone& done) {
  auto run = ended_now(done);
  if (!parts.source->wants_charges())
    return take_up(run);
  ++starting;
  const AccountId account{AccountKind::run, to_string(done.outcome.run)};
  self->request(parts.credit, caf::infinite, GetBalances{{account}})
    .then(
      [this, run = std::move(run)](const Balances& found) mutable {
        --starting;
        for (const auto& [id, balance] : found.accounts)
          run.charge = balance.settled + balance.unknown;
        take_up(run);
      },
      [this](caf::error& why) {
        --starting;
        stop_starting(from_caf(why));
        fill();
      });
}

void SupervisorState::take_up(const EndedRun& run) {
  parts.source->ended(run);
  fill();
}

std::int64_t SupervisorState::elapsed_us() const {
  return std::chrono::duration_cast<std::chrono::microseconds>(
           parts.clock->steady() - started)
    .count();
}

void SupervisorState::count(const RunOutcome& outcome) {
  switch (outcome.status) {
  case RunStatus::completed:
    ++counts.completed;
    return;
  case RunStatus::halted:
    ++counts.halted;
    break;
  case RunStatus::paused:
    ++counts.paused;
    break;
  case RunStatus::cancelled:
    ++counts.cancelled;
    break;
  default:
    ++counts.failed;
    break;
  }
  log_warning("run-ended-early",
              {{"run", to_string(outcome.run)},
               {"status", std::string{to_string(outcome.status)}},
               {"reason", outcome.reason}});
  ended.push_back(outcome);
}

void SupervisorState::stop_starting(const Error& why) {
  if (!stopping)
    stopping = why;
}

void SupervisorState::on_stop(const StopSweep& m) {
  stop_starting(m.why);
  if (m.now)
    for (const auto& [id, entry] : live)
      self->send(entry.actor, StopRun{m.why});
  fill(); // nothing may be under way that would come back
}

RunCounts SupervisorState::counts_now() const {
  auto now = counts;
  now.planned += parts.source->added();
  now.existing += std::ssize(named);
  return now;
}

SweepProgress SupervisorState::progress() const {
  return {counts_now(), turns_completed, parts.turns_planned, drifts,
          waits_until};
}

/// Money of other accounts, as a user's day, comes again by itself.
bool SupervisorState::is_over() const {
  return parts.exhausted_ends_sweep && stopping
         && stopping->code == Errc::sweep_limit_exhausted;
}

SweepOutcome SupervisorState::outcome() const {
  const auto find_ended = [this](const auto& wanted) -> const RunOutcome* {
    const auto found = std::ranges::find_if(ended, wanted);
    return found == ended.end() ? nullptr : &*found;
  };
  // In a sweep, what a phase of the run itself halted is as done as a run that
  // failed; a single run is told as it is.
  const auto is_cut_short = [this](const RunOutcome& x) {
    return x.status == RunStatus::cancelled
           || (x.status == RunStatus::halted && !(x.by_phase && parts.sweep));
  };
  const auto is_paused = [](const RunOutcome& x) {
    return x.status == RunStatus::paused;
  };
  SweepOutcome result;
  result.runs = counts_now();
  result.ended = ended;
  result.drifts = drifts;
  result.critical_us = critical_us;
  result.model_us = model_us;
  result.wall_us = elapsed_us();
  if (stopping) {
    result.code = stopping->code;
    result.reason = stopping->context;
    result.status = stopping->code == Errc::cancelled ? "cancelled"
                    : stopping->code == Errc::stopped ? "paused"
                    : is_over()                       ? "stopped"
                                                      : "halted";
    if (paused_by_clock)
      result.ruled = RuledEnd{"pause", stopping->context, 0, 0};
  } else if (const auto ruled = parts.source->stop()) {
    const bool goes_on = ruled->then != SourceStop::Then::finish
                         && ruled->then != SourceStop::Then::stop;
    result.status = goes_on ? "paused" : "completed";
    result.reason = ruled->because;
    result.ruled = RuledEnd{std::string{to_string(ruled->then)}, ruled->because,
                            ruled->runs_saved, ruled->calls_saved};
  } else if (const auto* first = find_ended(is_cut_short)) {
    result.code = first->code;
    result.reason = first->reason;
    result.status = "halted";
  } else if (const auto* still = find_ended(is_paused)) {
    result.reason = still->reason;
    result.status = "paused";
  } else if (counts.failed > 0 && counts.completed + counts.existing == 0) {
    result.code = ended.front().code;
    result.reason = ended.front().reason;
    result.status = "failed";
  } else {
    // Some failed runs, or some that their scenario's own checks halted, do not
    // undo a sweep: they are counted, never data.
    result.status = "completed";
  }
  return result;
}

void SupervisorState::finish() {
  if (!caller.pending())
    return;
  auto promise = std::exchange(caller, {});
  forget_idle_pause();
  CommitFacts commit;
  const auto result = outcome();
  if (parts.plan && !named.empty()) {
    commit.facts.emplace_back(*parts.plan);
    std::get<SweepPlanned>(commit.facts.back()).runs = named;
  }
  if (parts.sweep)
    commit.facts.emplace_back(
      SweepEnded{parts.sweep, result.status, result.reason});
  self->request(parts.run.journal, caf::infinite, std::move(commit))
    .then(
      [promise, result](const Committed&) mutable { promise.deliver(result); },
      [promise, result](caf::error& why) mutable {
        const auto error = from_caf(why);
        auto failed = result;
        failed.status = "halted";
        failed.code = error.code;
        failed.reason = error.context;
        promise.deliver(std::move(failed));
      });
}

SupervisorImpl::behavior_type
supervisor(SupervisorImpl::stateful_pointer<SupervisorState> self,
           SupervisorParts parts) {
  harden(self);
  auto& state = self->state;
  state.counts = parts.counts;
  state.clock = SweepClock{parts.time};
  state.retries = Retries{parts.tries_max};
  state.spent = SpentModels{parts.limited_models};
  state.parts = std::move(parts);
  return {
    [self](const StartSweep&) { return self->state.on_start(); },
    [self](const StopSweep& m) { self->state.on_stop(m); },
    [self](const TurnPlayed& m) { self->state.on_turn_played(m); },
    [self](const GetProgress&) { return self->state.progress(); },
    [self](const LookAgain&) { self->state.on_look_again(); },
  };
}

} // namespace lab::runtime

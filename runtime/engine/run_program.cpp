#include "runtime/engine/run_program.hpp"

#include <utility>

#include "runtime/base/check.hpp"

namespace lab::runtime {

namespace {

/// The reason word of a run that ended early, as V1 and V2 spelled it.
std::string reason_of(const Error& why) {
  switch (why.code) {
  case Errc::limit_exhausted:
  case Errc::run_limit_exhausted:
  case Errc::limit_contended:
    return "credit_limit: " + why.context;
  case Errc::stopped:
    return why.context.empty() ? "stopped" : "stopped: " + why.context;
  default:
    return to_string(why);
  }
}

} // namespace

RunStatus status_after(Errc code) {
  switch (code) {
  case Errc::limit_exhausted:
  case Errc::run_limit_exhausted:
  case Errc::limit_contended:
  case Errc::stopped:
  case Errc::shutting_down:
  case Errc::waits_for_person:
  case Errc::disk_failed:
  case Errc::provider_unreachable:
  case Errc::provider_overloaded:
  case Errc::provider_refused:
    return RunStatus::halted;
  case Errc::cancelled:
    return RunStatus::cancelled;
  default:
    return RunStatus::failed;
  }
}

RunProgram::RunProgram(const Shared<RunSpec>& spec, std::size_t phases)
  : spec_(spec), phases_(phases) {
  LAB_CHECK(phases > 0, "a turn without phases");
  TurnState initial;
  initial.current.world = spec->scenario->initial_world_state;
  state_ = share(std::move(initial));
  outcome_.run = spec->id;
}

RunOutcome RunProgram::outcome() const {
  LAB_CHECK(step_ == Step::ended, "outcome of a run that goes on");
  return outcome_;
}

void RunProgram::phase_done(Shared<TurnState> state) {
  LAB_CHECK(step_ == Step::play_phase, "no phase is being played");
  LAB_CHECK(state->current.turn == state_->current.turn,
            "a phase changed the turn");
  state_ = std::move(state);
  if (++phase_ == phases_)
    step_ = Step::turn_finished;
  else if (stop_)
    end(status_after(stop_->code), stop_->code, reason_of(*stop_));
}

void RunProgram::turn_recorded() {
  LAB_CHECK(step_ == Step::turn_finished, "no turn was finished");
  const auto turn = state_->current.turn;
  outcome_.turns_completed = turn;
  if (turn == spec_->scenario->turns)
    end(RunStatus::completed, Errc::ok, {});
  else if (stop_)
    end(status_after(stop_->code), stop_->code, reason_of(*stop_));
  else if (spec_->end_turn != 0 && turn >= spec_->end_turn)
    end(RunStatus::halted, Errc::ok, "end_turn");
  else
    begin_turn(turn + 1);
}

void RunProgram::phase_failed(const Error& why) {
  LAB_CHECK(step_ == Step::play_phase, "no phase is being played");
  end(status_after(why.code), why.code, reason_of(why));
}

void RunProgram::stop(const Error& why) {
  if (!stop_)
    stop_ = why;
}

void RunProgram::end(RunStatus status, Errc code, std::string reason) {
  outcome_.status = status;
  outcome_.code = code;
  outcome_.reason = std::move(reason);
  step_ = Step::ended;
}

void RunProgram::begin_turn(std::int32_t turn) {
  TurnState next;
  next.history = state_->history;
  next.history.push_back(share(state_->current));
  next.current.turn = turn;
  next.current.world = state_->current.world;
  state_ = share(std::move(next));
  phase_ = 0;
  step_ = Step::play_phase;
}

} // namespace lab::runtime

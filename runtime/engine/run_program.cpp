#include "runtime/engine/run_program.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/check.hpp"
#include "runtime/model/condition.hpp"

namespace lab::runtime {

namespace {

/// The reason word of a run that ended early, as V1 and V2 spelled it.
std::string reason_of(const Error& why) {
  switch (why.code) {
  case Errc::limit_exhausted:
  case Errc::model_limit_exhausted:
  case Errc::run_limit_exhausted:
  case Errc::sweep_limit_exhausted:
  case Errc::limit_contended:
    return "credit_limit: " + why.context;
  case Errc::stopped:
    return why.context.empty() ? "stopped" : "stopped: " + why.context;
  case Errc::waits_for_person:
    return why.context;
  default:
    return to_string(why);
  }
}

} // namespace

RunStatus status_after(Errc code) {
  switch (code) {
  case Errc::limit_exhausted:
  case Errc::model_limit_exhausted:
  case Errc::run_limit_exhausted:
  case Errc::sweep_limit_exhausted:
  case Errc::limit_contended:
  case Errc::run_time_over:
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

RunProgram::RunProgram(const Shared<RunSpec>& spec,
                       std::vector<std::string> phases,
                       RunHistory::Entry before)
  : spec_(spec), phases_(std::move(phases)), before_(std::move(before)) {
  LAB_CHECK(!phases_.empty(), "a turn without phases");
  TurnState initial;
  initial.current.world = spec->scenario->initial_world_state;
  state_ = share(std::move(initial));
  outcome_.run = spec->id;
}

const RunOutcome& RunProgram::outcome() const {
  LAB_CHECK(step_ == Step::ended, "outcome of a run that goes on");
  return outcome_;
}

void RunProgram::phase_done(Shared<TurnState> state) {
  LAB_CHECK(step_ == Step::play_phase, "no phase is being played");
  LAB_CHECK(state->current.turn == state_->current.turn,
            "a phase changed the turn");
  state_ = std::move(state);
  const auto played = phase_++;
  const bool last = phase_ == phases_.size();
  if (stop_ && !last)
    return end_for(*stop_);
  // After the last phase a stop lets the turn be recorded, pauses or not.
  if (!stop_ && (pauses(played, false) || pauses(phase_, true)))
    return;
  if (last)
    step_ = Step::turn_finished;
}

void RunProgram::turn_recorded() {
  LAB_CHECK(step_ == Step::turn_finished, "no turn was finished");
  const auto& turn = state_->current;
  outcome_.turns_completed = turn.turn;
  if (ends_after_turn(turn))
    return;
  if (turn.turn > 0 && pauses(phases_.size(), false))
    return;
  begin_turn(turn.turn + 1);
}

bool RunProgram::ends_after_turn(const TurnRecord& turn) {
  const auto& scenario = *spec_->scenario;
  // Whoever branches after a turn wants what comes then.
  const bool own = turn.turn > spec_->branch_turn;
  const bool passed = spec_->past_halt && turn.turn <= before_.halted_after;
  if (!turn.halt.empty() && own && !passed) {
    end(RunStatus::halted, Errc::ok, turn.halt);
    outcome_.by_phase = true;
  } else if (turn.turn == scenario.turns) {
    end(RunStatus::completed, Errc::ok, {});
  } else if (own && ended_by_condition(scenario, *state_)) {
    end(RunStatus::completed, Errc::ok, "condition");
  } else if (stop_) {
    end_for(*stop_);
  } else if (spec_->end_turn != 0 && turn.turn >= spec_->end_turn) {
    end(RunStatus::halted, Errc::ok, "end_turn");
  }
  return step_ == Step::ended;
}

bool RunProgram::pauses(std::size_t phase, bool before) {
  const auto turn = state_->current.turn;
  if (spec_->replay || turn <= spec_->branch_turn)
    return false;
  const PausePlace place{
    turn, static_cast<std::int32_t>(2 * phase + (before ? 0 : 1))};
  if (before_.paused && place <= *before_.paused)
    return false;
  const auto& name = name_of(phase);
  const auto wanted = [&](const PauseSpec& pause) {
    return pause.phase == name && pause.before == before
           && (pause.turn == 0 || pause.turn == turn);
  };
  if (std::ranges::none_of(spec_->scenario->pauses, wanted)
      && std::ranges::none_of(spec_->pauses, wanted))
    return false;
  end(RunStatus::paused, Errc::ok,
      std::string{"paused "} + (before ? "before " : "after ") + name
        + ", turn " + std::to_string(turn));
  outcome_.paused = place;
  return true;
}

const std::string& RunProgram::name_of(std::size_t phase) const {
  static const std::string persistence = "persistence";
  return phase == phases_.size() ? persistence : phases_[phase];
}

void RunProgram::phase_failed(const Error& why) {
  LAB_CHECK(step_ == Step::play_phase, "no phase is being played");
  end_for(why);
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

void RunProgram::end_for(const Error& why) {
  end(status_after(why.code), why.code, reason_of(why));
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
  pauses(0, true);
}

} // namespace lab::runtime

#include "sweeps/adaptive/controller.hpp"

#include <algorithm>
#include <utility>

namespace lab::sweeps {

namespace {

/// A point gets a quarter more replicates at a time: enough to keep models
/// busy, and at most a quarter too many.
constexpr std::int32_t growth = 4;

SourceStop::Then then_of(StopAction action) {
  switch (action) {
  case StopAction::finish:
    return SourceStop::Then::finish;
  case StopAction::stop:
    return SourceStop::Then::stop;
  case StopAction::pause:
  case StopAction::pause_model:
    break;
  }
  return SourceStop::Then::pause;
}

bool goes_on_later(SourceStop::Then then) {
  return then == SourceStop::Then::pause || then == SourceStop::Then::ask;
}

std::string count_of(std::size_t count, const std::string& word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

} // namespace

Controller::Controller(AdaptiveRules rules, Tickets& tickets,
                       std::unordered_map<RunId, EndedRun> known)
  : rules_(std::move(rules)), tickets_(tickets), known_(std::move(known)),
    outcomes_(&rules_.metrics), design_(rules_.design), holds_(rules_),
    looks_(rules_.pilot ? std::optional<std::int64_t>{rules_.pilot->runs}
                        : std::nullopt) {}

std::optional<RunTicket> Controller::next() {
  while (!stop_ && !done_) {
    if (look_due_) {
      if (!open_.empty() || must_wait_for_records())
        return std::nullopt;
      look();
      continue;
    }
    const auto ticket = next_ticket();
    if (!ticket)
      continue; // a look is due
    if (const auto known = known_.find(ticket->run); known != known_.end()) {
      batch_.push_back({*ticket, std::move(known->second), false});
      known_.erase(known);
      continue;
    }
    if (holds_.holds_back(ticket->point_index)) {
      ++held_back_;
      continue;
    }
    batch_.push_back({*ticket, std::nullopt, true});
    open_.emplace(ticket->run, batch_.size() - 1);
    return ticket;
  }
  return std::nullopt;
}

/// The next run of the order, unless a look comes first.
std::optional<RunTicket> Controller::next_ticket() {
  if (fixed_done_) {
    if (extra_.empty()) {
      look_due_ = true;
      return std::nullopt;
    }
    auto ticket = extra_.front();
    extra_.pop_front();
    return ticket;
  }
  auto ticket = ahead_ ? std::exchange(ahead_, std::nullopt) : tickets_.next();
  if (!ticket) {
    fixed_done_ = true;
    look_due_ = true;
    return std::nullopt;
  }
  if (looks_.is_due_before(ticket->replicate)) {
    ahead_ = ticket;
    look_due_ = true;
    return std::nullopt;
  }
  looks_.take(ticket->replicate);
  return ticket;
}

void Controller::ended(const EndedRun& run) {
  const auto open = open_.find(run.outcome.run);
  if (open == open_.end())
    return;
  batch_[open->second].run = run;
  open_.erase(open);
  is_fresh_ = true;
}

/// Records of runs that ended before this command are whole.
bool Controller::must_wait_for_records() {
  waits_for_records_ = rules_.attempts && !records_are_whole_
                       && std::ranges::count(batch_, true, &Slot::is_fresh) > 0;
  return waits_for_records_;
}

void Controller::records_are_whole() {
  records_are_whole_ = true;
  waits_for_records_ = false;
}

void Controller::look() {
  look_due_ = false;
  records_are_whole_ = false;
  if (const auto taken = absorb(); !taken)
    return end(SourceStop::Then::pause,
               "what is recorded of attempts cannot be read: "
                 + to_string(taken.error()));
  looks_.looked();
  design_.look(fixed_done_);
  decide();
  if (stop_ || !fixed_done_)
    return;
  plan_more();
  if (done_ || (stop_ && stop_->then == SourceStop::Then::finish))
    end_with_held_models();
}

Result<void> Controller::absorb() {
  std::unordered_map<RunId, RunAttempts> attempts;
  if (rules_.attempts && !batch_.empty()) {
    std::vector<RunId> runs;
    for (const auto& slot : batch_)
      runs.push_back(slot.ticket.run);
    auto found = rules_.attempts->of(runs);
    if (!found)
      return tl::unexpected(found.error());
    attempts.swap(*found);
  }
  for (const auto& [ticket, run, is_fresh] : batch_) {
    const auto& own = attempts[ticket.run];
    outcomes_.add(*run, ticket.seed, own);
    design_.add(*run, ticket.seed, ticket.point_index, rules_.metrics);
    holds_.add(ticket.point_index, ticket.seed, *run, own, is_fresh);
    if (!rules_.more || !rules_.may_grow(ticket.point_index))
      continue;
    auto& point =
      points_.try_emplace(ticket.point_index, &rules_.metrics).first->second;
    point.outcomes.add(*run, ticket.seed);
    ++point.replicates;
  }
  batch_.clear();
  return {};
}

void Controller::decide() {
  if (rules_.pilot && !pilot_decided_
      && (outcomes_.ended() >= rules_.pilot->runs || fixed_done_)) {
    pilot_decided_ = true;
    decide_pilot();
  }
  holds_.decide();
  for (const auto& rule : rules_.stop) {
    if (stop_)
      return;
    if (rule.then == StopAction::pause_model)
      continue;
    const auto then = then_of(rule.then);
    // Whoever repeats the command after a pause wants it to go on.
    if (goes_on_later(then) && !is_fresh_)
      continue;
    if (rule.when.holds(OutcomeWords{outcomes_, &design_}).value_or(false))
      end(then, rule.because);
  }
}

void Controller::decide_pilot() {
  if (!rules_.pilot->then || !is_fresh_)
    return;
  const auto word =
    rules_.pilot->then->word(PilotWords{outcomes_, rules_.forecast});
  if (word == "continue")
    return;
  const auto because = "the pilot ended: " + rules_.pilot->then->text();
  if (word == "stop")
    end(SourceStop::Then::stop, because);
  else if (word == "pause")
    end(SourceStop::Then::pause, because);
  else // what is not known is for the user to judge, too
    end(SourceStop::Then::ask, because);
}

bool Controller::is_loose(const PointRuns& point) const {
  const PointWords words{point.outcomes, point.replicates, outcomes_, design_};
  return !rules_.more->until.holds(words).value_or(false);
}

void Controller::plan_more() {
  if (!rules_.more) {
    done_ = true;
    return;
  }
  const auto at_most = rules_.more->at_most;
  std::size_t loose = 0;
  std::int64_t runs = 0;
  std::int64_t waiting = 0;
  for (const auto& [index, point] : points_) {
    runs += std::max(at_most, point.replicates) - point.replicates;
    if (!is_loose(point))
      continue;
    ++loose;
    const auto wanted = std::min(
      at_most, point.replicates + std::max(1, point.replicates / growth));
    if (holds_.holds_back(index)) {
      waiting += wanted - point.replicates;
      continue;
    }
    for (auto next = point.replicates + 1; next <= wanted; ++next) {
      auto ticket = tickets_.another(index, next);
      if (!ticket)
        return end(SourceStop::Then::pause, to_string(ticket.error()));
      added_ += known_.contains(ticket->run) ? 0 : 1;
      extra_.push_back(std::move(*ticket));
    }
  }
  if (!extra_.empty())
    return;
  held_back_ += waiting;
  stop_ = SourceStop{
    SourceStop::Then::finish,
    loose == 0 ? "precise enough at " + count_of(points_.size(), "point")
               : "not precise enough at " + std::to_string(loose) + " of "
                   + count_of(points_.size(), "point") + ", which had all "
                   + count_of(static_cast<std::size_t>(at_most), "replicate"),
    runs, calls_of(runs)};
}

void Controller::end(SourceStop::Then then, std::string because) {
  const auto runs =
    std::max<std::int64_t>(rules_.forecast.runs_planned - outcomes_.ended(), 0);
  stop_ = SourceStop{then, std::move(because), 0, 0};
  if (goes_on_later(then))
    return; // nothing is saved yet
  stop_->runs_saved = runs;
  stop_->calls_saved = calls_of(runs);
}

/// Runs that wait for a model are all that is left: the sweep is not done.
void Controller::end_with_held_models() {
  if (held_back_ == 0)
    return;
  std::string because;
  for (const auto& [model, why] : holds_.held())
    because += (because.empty() ? "" : "; ") + model + " is held back: " + why;
  stop_ = SourceStop{SourceStop::Then::pause_model,
                     because + "; "
                       + count_of(static_cast<std::size_t>(held_back_), "run")
                       + (held_back_ == 1 ? " waits" : " wait"),
                     0, 0};
}

/// At the calls that a run took so far.
std::int64_t Controller::calls_of(std::int64_t runs) const {
  return outcomes_.ended() == 0
           ? 0
           : (runs * outcomes_.spent().calls + outcomes_.ended() / 2)
               / outcomes_.ended();
}

} // namespace lab::sweeps

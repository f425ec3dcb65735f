#include "runtime/engine/sentinel.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/log.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::runtime {

caf::result<ModelsChecked> SentinelState::on_check() {
  // The supervisor asks again only after an answer.
  if (caller.pending())
    return to_caf({Errc::internal, "a check of the models is under way"});
  caller = self->make_response_promise<ModelsChecked>();
  found = {};
  const auto answer = caller;
  const auto models = parts.watch->models();
  for (const auto& model : models)
    checking.emplace(model.model, Checking{});
  for (const auto& model : models)
    begin(model);
  if (models.empty())
    finish();
  return answer;
}

void SentinelState::begin(const WatchedModel& model) {
  auto& now = checking.at(model.model);
  now.check.model = model.model;
  now.check.number = model.checks + 1;
  now.check.began = parts.clock->now_ms();
  now.check.replies.resize(model.canaries.size());
  now.open = 1;
  self->request(parts.gateway, caf::infinite, IdentifyModel{model.model})
    .then(
      [this, name = model.model](const ModelIdentity& identity) {
        checking.at(name).check.digest = identity.digest;
        on_answer(name);
      },
      [this, name = model.model](caf::error& why) {
        log_warning("model-not-identified",
                    {{"model", name}, {"why", to_string(from_caf(why))}});
        on_answer(name);
      });
  for (std::size_t canary = 0; canary < model.canaries.size(); ++canary)
    for (std::int32_t repeat = 0; repeat < parts.watch->repeats(); ++repeat)
      ask(model, canary, repeat);
}

void SentinelState::ask(const WatchedModel& model, std::size_t canary,
                        std::int32_t repeat) {
  ++checking.at(model.model).open;
  IssueCall call;
  call.owner.run = canary_run_of(parts.sweep, model.model);
  call.owner.sweep = parts.sweep;
  call.owner.user = parts.user;
  call.owner.scope.high = call.owner.run.value; // shared with nobody
  call.place.turn = model.checks + 1;
  call.place.phase = canary_phase;
  call.place.ordinal =
    static_cast<std::int32_t>(canary) * parts.watch->repeats() + repeat;
  call.request = model.canaries[canary];
  self->request(parts.gateway, caf::infinite, std::move(call))
    .then(
      [this, name = model.model, canary](const CallAnswer& answer) {
        checking.at(name).check.replies[canary].push_back(
          {answer.reply.served_model,
           Hasher{}.add(answer.reply.text).finish128()});
        on_answer(name);
      },
      [this, name = model.model](caf::error& why) {
        // Money, server or model: whatever it is, the runs will meet it, too.
        log_warning("canary-unanswered",
                    {{"model", name}, {"why", to_string(from_caf(why))}});
        on_answer(name);
      });
}

void SentinelState::on_answer(const std::string& model) {
  if (--checking.at(model).open > 0)
    return;
  auto done = checking.extract(model);
  auto& check = done.mapped().check;
  check.ended = parts.clock->now_ms();
  // Answers come in any order; what is recorded has one of its own.
  for (auto& replies : check.replies)
    std::ranges::sort(replies, {}, &CanaryReply::text);
  judge(check);
}

void SentinelState::judge(const ModelCheck& check) {
  // Kept among the open ones until it is on disk.
  checking.emplace(check.model, Checking{});
  const ModelChecked checked{parts.sweep, check, parts.watch->judge(check)};
  self->request(parts.journal, caf::infinite, CommitFacts{{checked}, {}})
    .then([this, checked](const Committed&) { on_recorded(checked); },
          [this, model = check.model](caf::error& why) {
            failed = from_caf(why);
            checking.erase(model);
            finish();
          });
}

void SentinelState::on_recorded(const ModelChecked& checked) {
  if (checked.drift.changed)
    tell(checked);
  checking.erase(checked.check.model);
  finish();
}

void SentinelState::tell(const ModelChecked& checked) {
  const auto& model = checked.check.model;
  const auto& drift = checked.drift;
  log_warning("model-changed", {{"model", model},
                                {"why", drift.why},
                                {"stratum", std::to_string(drift.stratum)}});
  found.drifts.push_back("another model answers as " + model + ": " + drift.why
                         + "; runs from here on are stratum "
                         + std::to_string(drift.stratum));
  Event event;
  event.kind = EventKind::model_changed;
  event.sweep = parts.sweep;
  event.phase = canary_phase;
  event.text = found.drifts.back();
  self->send(parts.events, std::move(event));
}

void SentinelState::finish() {
  if (!checking.empty())
    return;
  if (failed)
    caller.deliver(to_caf(*std::exchange(failed, std::nullopt)));
  else
    caller.deliver(std::exchange(found, {}));
}

void SentinelState::on_stop() {
  for (const auto& [model, now] : checking)
    if (now.open > 0)
      self->send(parts.gateway, CancelRun{canary_run_of(parts.sweep, model)});
}

SentinelActor::behavior_type
sentinel(SentinelActor::stateful_pointer<SentinelState> self,
         SentinelParts parts) {
  harden(self);
  self->state.parts = std::move(parts);
  return {
    [self](const CheckModels&) { return self->state.on_check(); },
    [self](const StopRun&) { self->state.on_stop(); },
  };
}

} // namespace lab::runtime

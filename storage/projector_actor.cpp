#include "storage/projector_actor.hpp"

#include <iterator>
#include <utility>

#include "runtime/base/log.hpp"
#include "runtime/protocol/caf_error.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::storage {

void ProjectorState::on_facts(ProjectFacts& m) {
  if (failure)
    return;
  if (facts.empty())
    facts = std::move(m.facts);
  else
    facts.insert(facts.end(), std::make_move_iterator(m.facts.begin()),
                 std::make_move_iterator(m.facts.end()));
  send_flush();
}

caf::result<Done> ProjectorState::on_flush_asked() {
  auto promise = self->make_response_promise<Done>();
  waiting.push_back(promise);
  send_flush();
  return promise;
}

void ProjectorState::send_flush() {
  if (!std::exchange(flush_sent, true))
    self->send(self, FlushTables{});
}

void ProjectorState::flush() {
  flush_sent = false;
  const auto batch = std::exchange(facts, {});
  if (!batch.empty()) {
    if (const auto written = projections->project(batch); !written) {
      failure = written.error();
      log_error("projections-failed", {{"reason", to_string(*failure)}});
    }
  }
  for (auto& promise : std::exchange(waiting, {})) {
    if (failure)
      promise.deliver(to_caf(*failure));
    else
      promise.deliver(Done{});
  }
}

ProjectorImpl::behavior_type
projector_actor(ProjectorImpl::stateful_pointer<ProjectorState> self,
                std::shared_ptr<Projections> projections) {
  harden(self);
  self->state.projections = std::move(projections);
  self->set_exit_handler([self](caf::exit_msg& m) {
    self->state.flush();
    self->quit(std::move(m.reason));
  });
  return {
    [self](ProjectFacts& m) { self->state.on_facts(m); },
    [self](const FlushProjections&) { return self->state.on_flush_asked(); },
    [self](FlushTables) { self->state.flush(); },
  };
}

} // namespace lab::storage

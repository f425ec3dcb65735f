#include "storage/projector_actor.hpp"

#include <chrono>
#include <iterator>
#include <utility>

#include "runtime/base/log.hpp"
#include "runtime/protocol/caf_error.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::storage {

namespace {

/// A transaction waits this long for company: each has its price, and a run
/// that plays several turns meanwhile gets its `state.json` written once.
constexpr std::chrono::milliseconds gathering{500};

} // namespace

void ProjectorState::on_facts(ProjectFacts& m) {
  if (failure)
    return;
  if (facts.empty())
    facts = std::move(m.facts);
  else
    facts.insert(facts.end(), std::make_move_iterator(m.facts.begin()),
                 std::make_move_iterator(m.facts.end()));
  if (!std::exchange(flush_sent, true))
    self->delayed_send(self, gathering, FlushTables{});
}

caf::result<Done> ProjectorState::on_flush_asked() {
  flush();
  if (failure)
    return to_caf(*failure);
  return Done{};
}

void ProjectorState::flush() {
  const auto batch = std::exchange(facts, {});
  if (!batch.empty()) {
    if (const auto written = projections->project(batch); !written) {
      failure = written.error();
      log_error("projections-failed", {{"reason", to_string(*failure)}});
    }
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
    [self](FlushTables) {
      self->state.flush_sent = false;
      self->state.flush();
    },
  };
}

} // namespace lab::storage

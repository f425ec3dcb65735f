#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "runtime/protocol/actors.hpp"
#include "storage/projections.hpp"

namespace lab::storage {

/// Sent by PROJECTOR to itself: write what has come in until now.
struct FlushTables {};

using ProjectorImpl = ProjectorActor::extend<caf::reacts_to<FlushTables>>;

/// Writes what has come in, a few times a second. After a failure it
/// takes no more facts: the journal has them, and the next start catches up.
struct ProjectorState {
  static inline const char* name = "lab.projector";

  explicit ProjectorState(ProjectorImpl::pointer actor) : self(actor) {}

  void on_facts(ProjectFacts& m);     // 1: collect
  void flush();                       // 2: write
  caf::result<Done> on_flush_asked(); // by whoever needs it on disk

  ProjectorImpl::pointer self;
  std::shared_ptr<Projections> projections;
  std::vector<JournalledFact> facts;
  bool flush_sent = false;
  std::optional<Error> failure;
};

/// Spawn detached: it blocks on the disk. On exit it writes what is left.
ProjectorImpl::behavior_type
projector_actor(ProjectorImpl::stateful_pointer<ProjectorState> self,
                std::shared_ptr<Projections> projections);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, FlushTables&) {
  return f();
}

} // namespace lab::storage

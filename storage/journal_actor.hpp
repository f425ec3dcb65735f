#pragma once

#include <memory>
#include <vector>

#include "runtime/protocol/actors.hpp"
#include "storage/journal.hpp"

namespace lab::storage {

/// Sent by JOURNAL to itself: commit what has come in until now.
struct FlushJournal {};

using JournalImpl = JournalActor::extend<caf::reacts_to<FlushJournal>>;

/// Group commit without a timer: the first batch that arrives sends a flush
/// message, which queues behind everything that came while the last commit ran.
struct JournalState {
  static inline const char* name = "lab.journal";

  explicit JournalState(JournalImpl::pointer actor) : self(actor) {}

  caf::result<Committed> on_commit(CommitFacts& m); // 1: collect
  void flush();                                     // 2: write, answer
  caf::result<StoredReply> on_read(const ReadReply& m);

  JournalImpl::pointer self;
  std::shared_ptr<Journal> journal;
  ProjectorActor projector;
  /// Batches not yet written and, at the same index, who waits for each.
  std::vector<CommitFacts> batches;
  std::vector<caf::typed_response_promise<Committed>> waiting;
  std::size_t facts = 0; // in `batches`
};

/// Spawn detached: it blocks on the disk. On exit it writes what is left.
JournalImpl::behavior_type
journal_actor(JournalImpl::stateful_pointer<JournalState> self,
              std::shared_ptr<Journal> journal, ProjectorActor projector);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, FlushJournal&) {
  return f();
}

} // namespace lab::storage

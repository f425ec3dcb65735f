#include "storage/journal_actor.hpp"

#include <utility>

#include "runtime/base/check.hpp"
#include "runtime/protocol/caf_error.hpp"
#include "runtime/protocol/system.hpp"

namespace lab::storage {

namespace {

/// A batch is written at once when it holds this many facts, so that the first
/// who waits does not wait for all the others' encoding.
constexpr std::size_t facts_max = 512;

} // namespace

caf::result<Committed> JournalState::on_commit(CommitFacts& m) {
  facts += m.facts.size();
  batches.push_back(std::move(m));
  if (batches.size() == 1)
    self->send(self, FlushJournal{});
  auto promise = self->make_response_promise<Committed>();
  waiting.push_back(promise);
  if (facts >= facts_max)
    flush();
  return promise;
}

void JournalState::flush() {
  if (batches.empty())
    return; // written already, because there were many
  auto written = journal->commit_group(std::exchange(batches, {}));
  facts = 0;
  // First: who hears that a fact is durable may ask PROJECTOR for it next.
  if (!written.facts.empty())
    self->send(projector, ProjectFacts{std::move(written.facts)});
  auto promises = std::exchange(waiting, {});
  LAB_CHECK(promises.size() == written.answers.size(), "an answer is missing");
  for (std::size_t i = 0; i < promises.size(); ++i) {
    if (written.answers[i])
      promises[i].deliver(*written.answers[i]);
    else
      promises[i].deliver(to_caf(written.answers[i].error()));
  }
}

caf::result<StoredReply> JournalState::on_read(const ReadReply& m) {
  return reply(journal->read_reply(m.attempt));
}

JournalImpl::behavior_type
journal_actor(JournalImpl::stateful_pointer<JournalState> self,
              std::shared_ptr<Journal> journal, ProjectorActor projector) {
  harden_vital(self);
  self->state.journal = std::move(journal);
  self->state.projector = std::move(projector);
  self->set_exit_handler([self](caf::exit_msg& m) {
    self->state.flush();
    self->quit(std::move(m.reason));
  });
  return {
    [self](CommitFacts& m) { return self->state.on_commit(m); },
    [self](const ReadReply& m) { return self->state.on_read(m); },
    [self](FlushJournal) { self->state.flush(); },
  };
}

} // namespace lab::storage

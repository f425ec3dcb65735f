#include "runtime/model/replies_digest.hpp"

namespace lab {

std::string replies_digest(const TurnRecord& record) {
  if (record.turn == 0)
    return {};
  Hasher hasher;
  hasher.add("replies/1").add(record.summary).add(record.world_raw);
  for (const auto& talk : record.talks)
    hasher.add(talk.initiator).add(talk.ask_raw).add(talk.answer_raw);
  for (const auto& proposal : record.coalitions) {
    hasher.add(proposal.proposer).add(proposal.raw);
    for (const auto& answer : proposal.answers)
      hasher.add(answer.participant).add(answer.raw);
  }
  for (const auto& decision : record.decisions)
    hasher.add(decision.participant).add(decision.raw);
  // What a model read out of the texts is a reply too.
  for (const auto& metric : record.metrics)
    hasher.add(metric.metric).add(metric.participant).add(metric.text);
  for (const auto& check : record.checks)
    hasher.add(check.participant).add(check.raw);
  return to_string(hasher.finish128());
}

void RepliesDigest::add(const TurnRecord& record) {
  if (record.turn > 0)
    hasher_.add(replies_digest(record));
}

Digest128 RepliesDigest::finish() { return hasher_.finish128(); }

} // namespace lab

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/model/account.hpp"
#include "runtime/model/fact.hpp"
#include "runtime/protocol/messages.hpp"

namespace lab::storage {

/// Gets each fact in order. An error ends the reading and is its result.
using FactVisitor = std::function<Result<void>(const JournalledFact&)>;

/// What a reading of the journal hands out.
enum class Reading {
  everything,
  /// All but RunPlanned and TurnCompleted, which are large: what money, resume
  /// and sharing need. Skipped facts are checked but never decoded.
  calls,
  /// RunPlanned alone; skipped facts are not looked at.
  plans,
};

/// What `Journal::verify` found.
struct JournalReport {
  std::uint64_t facts = 0;
  std::uint64_t last_seq = 0;
  std::uint64_t replies = 0;
  std::string head; // hash of the last fact, 64 hex digits
  /// One sentence each, with sequence numbers, expected and actual values.
  std::vector<std::string> problems;

  bool sound() const { return problems.empty(); }
};

/// How a group of batches went into the journal.
struct GroupCommit {
  std::vector<Result<Committed>> answers; // one a batch, in their order
  std::vector<JournalledFact> facts;      // those that are durable now
};

/// `ledger.db`: all facts, in order, for ever; beside them the replies and the
/// balance of every account. One process, one connection, one thread at a time.
///
/// Invariants, checked on every opening: sequence numbers have no gap; each
/// fact's hash covers its predecessor's; the sum of the facts equals the
/// balances table. docs/formats/journal.md describes the file.
class Journal {
public:
  /// Opens or makes the journal, checks it, and hands each fact of
  /// `Reading::calls` to `visit` while doing so: one pass serves all readers.
  /// @param clock  stamps facts; the system's when null
  /// @errors held_elsewhere, disk_failed; journal_corrupt with the exact
  ///         reason; the first error of `visit`
  static Result<std::unique_ptr<Journal>>
  open(const std::string& path, const FactVisitor& visit = {},
       std::shared_ptr<const Clock> clock = nullptr);

  /// Reads the whole file and lists everything that is wrong with it, every
  /// reply included. Changes nothing; needs the journal to be closed.
  static JournalReport verify(const std::string& path);

  ~Journal();

  std::uint64_t last_seq() const;
  /// The open file's name, for messages.
  const std::string& path() const;

  /// Hands out facts from sequence number `from` on.
  /// @errors journal_corrupt, disk_failed; the first error of `visit`
  Result<void> replay(std::uint64_t from, const FactVisitor& visit,
                      Reading reading = Reading::everything);

  /// Appends the batch in one transaction; it is durable when this returns.
  /// @errors disk_failed: nothing of the batch was kept
  Result<Committed> commit(CommitFacts batch);

  /// Commits all batches in one transaction. When the disk is full, the group
  /// is given up and those batches that reserve nothing are tried again alone,
  /// once `ledger.reserve` has made room for them.
  GroupCommit commit_group(std::vector<CommitFacts> group);

  /// A commit failed: reservations are refused from now on.
  bool failed() const;

  /// @errors not_found; journal_corrupt when it is not the reply that its
  ///         settlement names; disk_failed
  Result<StoredReply> read_reply(AttemptId attempt);

  /// Every account that was ever touched, in order of first touch.
  std::vector<AccountBalance> balances() const;

private:
  struct Impl;
  explicit Journal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

} // namespace lab::storage

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/model/account.hpp"
#include "runtime/model/chat.hpp"
#include "runtime/model/model_check.hpp"
#include "runtime/model/run_spec.hpp"
#include "runtime/model/turn_state.hpp"

namespace lab {

// Facts: what the journal holds, in order, for ever. Ledger, resume, branch,
// replay, sharing, tables and artefacts are readings of them. Their JSON form
// is docs/formats/journal.md; fields are added, never changed or removed.

/// Money was set aside for one attempt. Durable before the first byte is sent.
struct CallReserved {
  AttemptId attempt;
  std::int32_t number = 1; // of the attempt, from 1
  CallOwner owner;
  Place place;
  Fingerprint fingerprint;
  std::string outline; // `outline_of` the request
  std::string provider;
  std::string model;
  std::string price_id;
  Charge worst;
  UnixMs at = 0; // fixes the day and week accounts
};

enum class Resolution : std::uint8_t {
  settled = 1, // reply journalled, usage trusted
  bounded = 2, // reply journalled, usage missing or nonsense: worst case,
               // counted with the unknown amounts
  voided = 3,  // provably not billed
  unknown = 4, // may have been billed: worst case, until evidence
};

std::string_view to_string(Resolution resolution);
std::optional<Resolution> resolution_from(std::string_view name);

/// How a reserved attempt ended; once for each.
struct CallResolved {
  AttemptId attempt;
  Resolution resolution = Resolution::unknown;
  Charge charge; // zero when voided
  bool overrun = false;
  Usage usage;
  std::string reason; // "ok", "never_sent", "deadline", "crash", …
  std::int64_t latency_ms = 0;
  Digest256 reply_hash{}; // of the stored reply; zero without one
};

/// A run used a reply that another run (or itself, earlier) paid for.
struct CallShared {
  RunId run;
  Place place;
  Fingerprint fingerprint;
  AttemptId source;
};

/// An account's ceilings were set. They stand here together with the shares at
/// which somebody wants to be told, so that the journal knows what was told.
struct LimitSet {
  AccountId account;
  Limit limit;
  std::string by;
  std::string reason;
  /// Of the limit, ascending, in parts of `share_whole`. They count what is
  /// set aside, too.
  std::vector<std::int32_t> warn_at{};
};

/// A price as it was when attempts were priced with it.
struct PriceRecorded {
  std::string price_id;
  std::string row; // JSON
};

/// A manifest was planned. `runs` are those that earlier plans of the sweep did
/// not name: a name, once given, stays.
struct SweepPlanned {
  SweepId sweep;
  std::string name;
  std::string about;
  std::string scenario;
  std::string manifest; // its text
  std::int32_t points = 0;
  std::int32_t replicates = 0;
  std::vector<std::string> factors;
  std::string output;
  bool simulated = false;
  std::vector<RunTicket> runs;
};

/// A run is about to start for the first time, or with other people at the
/// table: of several plans of a run the newest counts. The journal keeps each
/// distinct scenario once, named by its content.
struct RunPlanned {
  RunSpec spec;
};

/// `controls` are those of its newest plan: readers that pass over plans, which
/// are large, see that they changed.
struct RunStarted {
  RunId run;
  std::vector<ControlChange> controls{};
};

/// A turn ended. The record is complete: artefacts and tables need no more.
struct TurnCompleted {
  RunId run;
  TurnRecord record;
};

struct RunEnded {
  RunOutcome outcome;
};

struct SweepEnded {
  SweepId sweep;
  std::string status;
  std::string reason;
};

/// What a start after a crash found.
struct Recovered {
  std::int32_t attempts = 0; // open reservations that became unknown
  Money unknown;
};

/// A model of a sweep was asked its canaries.
struct ModelChecked {
  SweepId sweep;
  ModelCheck check;
  Drift drift;
};

using Fact =
  std::variant<CallReserved, CallResolved, CallShared, LimitSet, PriceRecorded,
               SweepPlanned, RunPlanned, RunStarted, TurnCompleted, RunEnded,
               SweepEnded, Recovered, ModelChecked>;

/// A fact with its place in the journal.
struct JournalledFact {
  std::uint64_t seq = 0;
  UnixMs at = 0;
  Fact fact;
};

/// A reply as the journal keeps it, beside its `CallResolved`.
struct StoredReply {
  AttemptId attempt;
  Reply reply;
};

/// BLAKE2b of every field of a reply: `CallResolved::reply_hash`.
Digest256 reply_hash_of(const Reply& reply);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CallReserved& x) {
  return f(x.attempt, x.number, x.owner, x.place, x.fingerprint, x.outline,
           x.provider, x.model, x.price_id, x.worst, x.at);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CallResolved& x) {
  return f(x.attempt, x.resolution, x.charge, x.overrun, x.usage, x.reason,
           x.latency_ms, x.reply_hash);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CallShared& x) {
  return f(x.run, x.place, x.fingerprint, x.source);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LimitSet& x) {
  return f(x.account, x.limit, x.by, x.reason, x.warn_at);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, PriceRecorded& x) {
  return f(x.price_id, x.row);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, SweepPlanned& x) {
  return f(x.sweep, x.name, x.about, x.scenario, x.manifest, x.points,
           x.replicates, x.factors, x.output, x.simulated, x.runs);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RunPlanned& x) {
  return f(x.spec);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RunStarted& x) {
  return f(x.run, x.controls);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, TurnCompleted& x) {
  return f(x.run, x.record);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RunEnded& x) {
  return f(x.outcome);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, SweepEnded& x) {
  return f(x.sweep, x.status, x.reason);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Recovered& x) {
  return f(x.attempts, x.unknown);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ModelChecked& x) {
  return f(x.sweep, x.check, x.drift);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JournalledFact& x) {
  return f(x.seq, x.at, x.fact);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, StoredReply& x) {
  return f(x.attempt, x.reply);
}

} // namespace lab

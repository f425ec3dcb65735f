#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/digest.hpp"
#include "runtime/base/error.hpp"
#include "runtime/model/account.hpp"
#include "runtime/model/run_spec.hpp"

namespace lab {

/// A run that ended, as whoever decides about further runs needs it.
struct EndedRun {
  RunOutcome outcome;
  /// Metrics of the world after its last turn, by name; only numbers that are
  /// data. Empty unless the run completed.
  std::vector<std::pair<std::string, double>> metrics;
  /// Of all replies that the run read. Nothing when it is not known.
  std::optional<Digest128> replies;
  /// Settled and unknown, when the source asked for charges.
  Charge charge;
  UnixMs at = 0;               // when it ended
  std::int64_t elapsed_us = 0; // since this command's first run
};

/// Why a source hands out no more runs although it has some.
struct SourceStop {
  enum class Then : std::uint8_t {
    finish,      // the sweep is done
    stop,        // the same, and what runs ends at its next turn
    pause,       // the same command goes on
    ask,         // whoever sits at the terminal decides
    pause_model, // all that is left are runs of models that are held back
  };
  Then then = Then::pause;
  std::string because; // for people
  /// Runs of the fixed design that were not needed, and about how many calls.
  std::int64_t runs_saved = 0;
  std::int64_t calls_saved = 0;
};

std::string_view to_string(SourceStop::Then then);

/// Hands out a sweep's missing runs in the order they shall start. Called by
/// SUPERVISOR alone.
class RunSource {
public:
  virtual ~RunSource() = default;
  /// The next run to start; nothing when all have been handed out, or when
  /// `waits` says so, or when `stop` does.
  virtual std::optional<RunTicket> next() = 0;
  /// Makes the whole run of a ticket.
  virtual Result<RunSpec> resolve(const RunTicket& ticket) const = 0;

  /// Whether what comes next hangs on runs that have not ended.
  virtual bool waits() const { return false; }
  /// A run that `next` gave has ended. In the order in which runs happen to
  /// end: a source that decides by outcomes must not go by it.
  virtual void ended(const EndedRun&) {}
  /// Whether `EndedRun::charge` is wanted; it takes a question to the ledger.
  virtual bool wants_charges() const { return false; }
  /// Whether what comes next hangs on tables, which lag behind the journal;
  /// then they catch up, `tables_caught_up` is called, and `next` again.
  virtual bool waits_for_tables() const { return false; }
  virtual void tables_caught_up() {}
  virtual std::optional<SourceStop> stop() const { return std::nullopt; }
  /// Runs that are done already and that this sweep had no name for. They have
  /// one now, which is to be recorded; each is given once.
  virtual std::vector<RunTicket> take_named() { return {}; }
  /// Runs beyond the plan that the source added so far.
  virtual std::int64_t added() const { return 0; }
};

} // namespace lab

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/model/run_spec.hpp"
#include "runtime/model/turn_state.hpp"
#include "storage/file_batch.hpp"

// A run's output folder: what stands in its files. The same facts give the same
// bytes, whenever they are projected: no clock, no latency, no attempt numbers,
// no paths. docs/formats/artefacts.md.

namespace lab::storage {

/// What files say of a run besides its turns.
struct RunHeader {
  struct Participant {
    std::string id;
    std::string name;
    std::string model;
  };
  struct Metric {
    std::string name;
    std::string description;
    std::string unit;
  };
  struct Validation {
    std::string model;
    bool turn_reports = true;
    bool summary_report = true;
  };

  RunId run;
  std::string name;
  std::string point;
  std::int32_t replicate = 0;
  std::uint64_t seed = 0;
  std::vector<std::pair<std::string, std::string>> factors;
  std::string scenario; // id
  std::string scenario_name;
  std::string turn_duration;
  std::string output; // the folder; empty: no files
  bool simulated = false;
  std::vector<Participant> participants;
  std::vector<Metric> metrics;
  std::optional<Validation> validation; // none: nothing is checked
  RunId branch_from;
  std::int32_t branch_turn = 0;
};

RunHeader header_of(const RunSpec& spec);

/// What one kind of call of a run was billed.
struct UsedCalls {
  std::int32_t turn = 0;
  std::string phase;
  std::string participant;
  std::string model;
  Charge settled;
};

/// Where a run stands.
struct RunState {
  struct Goals {
    std::string participant;
    std::vector<std::string> long_term;
    std::vector<std::string> short_term;
  };
  struct Event {
    std::int32_t turn = 0;
    std::string name;
    std::string type;
  };
  /// How often, over all turns.
  struct Counts {
    std::int64_t talks_offered = 0;
    std::int64_t talks_answered = 0;
    std::int64_t coalitions_proposed = 0;
    std::int64_t coalitions_formed = 0;
    std::int64_t checks_passed = 0;
    std::int64_t checks_failed = 0;
    std::int64_t checks_missing = 0;
  };

  std::string status;
  std::string reason;
  std::int32_t turns_completed = 0;
  std::string world;
  std::vector<Goals> goals;  // of those who have any, in scenario order
  std::vector<Event> events; // that happened, oldest first
  Counts counts;
};

struct TurnMetrics {
  std::int32_t turn = 0;
  std::vector<MetricValue> values;
};

struct TurnChecks {
  std::int32_t turn = 0;
  std::vector<CheckResult> checks; // without the raw replies
};

/// `world-state-NNN.md`, one file a participant, one a conversation, the report
/// of the checks, and the replies as they came.
/// @errors invalid_input: a name that cannot be a file's, or two equal names
Result<std::vector<ArtefactFile>> turn_files(const RunHeader& run,
                                             const TurnRecord& record);

ArtefactFile state_file(const RunHeader& run, const RunState& state);
ArtefactFile metrics_file(const RunHeader& run,
                          const std::vector<TurnMetrics>& turns);
/// Sums of what the run's replies were billed, each in full, whichever run of
/// the sweep paid for it.
/// @param inherited  what a branch reads from its parent; shown apart
ArtefactFile costs_file(const RunHeader& run,
                        const std::vector<UsedCalls>& calls,
                        const std::vector<UsedCalls>& inherited);
/// `validation-summary.md`, for runs with a `validation`.
/// @param cost  of all checks
ArtefactFile validation_summary_file(const RunHeader& run,
                                     const std::vector<TurnChecks>& turns,
                                     const Charge& cost);

} // namespace lab::storage

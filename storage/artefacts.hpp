#pragma once

#include <cstdint>
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

struct RunState {
  std::string status;
  std::string reason;
  std::int32_t turns_completed = 0;
  std::string world;
};

struct TurnMetrics {
  std::int32_t turn = 0;
  std::vector<MetricValue> values;
};

/// `world-state-NNN.md`, one file a participant, one a conversation.
/// @errors invalid_input: a name that cannot be a file's, or two equal names
Result<std::vector<ArtefactFile>> turn_files(const RunHeader& run,
                                             const TurnRecord& record);

ArtefactFile state_file(const RunHeader& run, const RunState& state);
ArtefactFile metrics_file(const RunHeader& run,
                          const std::vector<TurnMetrics>& turns);
/// Sums of what the run's replies were billed, each in full, whichever run of
/// the sweep paid for it.
ArtefactFile costs_file(const RunHeader& run,
                        const std::vector<UsedCalls>& calls);

} // namespace lab::storage

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/model/account.hpp"
#include "runtime/model/fact.hpp"
#include "runtime/model/run_spec.hpp"
#include "runtime/model/turn_state.hpp"

namespace lab::storage {

/// What calls used up, in three parts that are never added up. `calls` of
/// `settled` are the paid ones; attempts that were provably not billed count
/// nowhere.
struct Spend {
  Charge settled;
  Charge unknown;  // unknown and bounded: at worst case
  Charge reserved; // in flight, or left open by a crash
};

struct SweepRow {
  SweepId id;
  std::string name;
  std::string about;
  std::string scenario;
  std::int32_t points = 0;
  std::int32_t replicates = 0;
  std::vector<std::string> factors;
  std::string output;
  bool simulated = false;
  std::string status; // "planned", "running", or as SweepEnded says
  std::string reason;
  UnixMs planned_at = 0;
  UnixMs ended_at = 0; // 0: not ended
  /// Runs by status, of this sweep's own plan.
  std::map<RunStatus, std::int64_t> runs;
  Spend spend;
};

struct RunRow {
  RunId id;
  std::string name; // in the sweep that was asked for
  SweepId sweep;    // none for a single run
  std::string point;
  std::int32_t replicate = 0;
  std::uint64_t seed = 0;
  std::string scenario;      // id; empty while planned
  std::string scenario_name; // display name
  RunStatus status = RunStatus::planned;
  Errc code = Errc::ok;
  std::string reason;
  std::int32_t turns_planned = 0;
  std::int32_t turns_completed = 0;
  bool simulated = false;
  std::string user;
  std::string output;
  std::string artefact_error; // why files are missing; empty: none are
  RunId branch_from;
  std::int32_t branch_turn = 0;
  UnixMs planned_at = 0;
  UnixMs started_at = 0; // 0: not started
  UnixMs ended_at = 0;   // 0: not ended
  std::vector<std::pair<std::string, std::string>> factors;
  Spend spend;
};

/// Empty members do not filter.
struct RunFilter {
  SweepId sweep;
  std::optional<RunStatus> status;
  std::string name;       // of the run, exactly
  std::string prefix;     // of the run's id or name
  std::string scenario;   // id
  std::int64_t limit = 0; // newest first, then; 0: all in plan order
};

struct RunDetail {
  RunRow row;
  std::vector<TurnRecord> turns; // from 0; raw replies are in the journal only
};

enum class CostBy { actor, phase, model, point, run, turn, day, user };

/// "actor", "phase", …; nothing for another word.
std::optional<CostBy> cost_by_from(std::string_view name);
std::string_view to_string(CostBy by);

struct CostRow {
  std::vector<std::string> keys; // one a dimension that was asked for
  Spend spend;
};

/// One run of a sweep and one metric at the end of its last completed turn.
struct MetricRow {
  RunId run;
  std::string name;
  std::string point;
  std::vector<std::string> values; // one a factor
  std::int32_t replicate = 0;
  RunStatus run_status = RunStatus::planned;
  MetricStatus status = MetricStatus::missing;
  std::optional<double> number;
  std::string text;
  /// The run completed and its metric has status `value`: only such rows may
  /// enter a statistic.
  bool data = false;
};

struct MetricTable {
  std::vector<std::string> factors;
  std::vector<MetricRow> rows; // one a run, in plan order
};

struct MetricName {
  std::string metric;
  std::string participant; // empty: of the world
};

/// One metric of one turn.
struct MetricPoint {
  RunId run;
  std::int32_t turn = 0;
  std::string metric;
  std::string participant; // empty: of the world
  MetricStatus status = MetricStatus::missing;
  std::optional<double> number;
  std::string text;
  MetricLevel level = MetricLevel::normal;
};

/// One attempt that a run made, or one reply that it used and another attempt
/// had paid for.
struct CallRow {
  RunId run;
  std::int32_t turn = 0;
  std::string phase;
  std::string participant;
  std::int32_t ordinal = 0;
  std::int32_t number = 0; // of the attempt; 0: shared
  std::string attempt;     // of a shared reply: the one that paid
  bool shared = false;
  std::string provider;
  std::string model;
  std::string price;
  std::string resolution; // "reserved" while in flight
  Spend spend;            // nothing of a shared reply
  std::int64_t input_tokens = 0;
  std::int64_t cached_tokens = 0;
  std::int64_t cache_write_tokens = 0;
  std::int64_t output_tokens = 0;
  bool overrun = false;
  std::string reason;
  std::optional<std::int64_t> latency_ms;
  UnixMs reserved_at = 0; // 0: shared
  UnixMs resolved_at = 0; // 0: not yet
};

/// Where a run stood when it made its latest attempt.
struct CallSite {
  std::int32_t turn = 0;
  std::string phase;
  std::string participant;
  std::string model;
};

/// What a scenario says about a metric.
struct MetricMeaning {
  std::string name;
  std::string description;
  std::string unit;
  std::optional<std::pair<double, double>> range;
  bool binary = false; // yes or no, as 1 or 0
};

/// A price that calls were priced with.
struct PriceUse {
  std::string model;
  std::string id;
  std::string row; // JSON
};

/// What a word on the command line names.
using Target = std::variant<SweepId, RunId>;

/// Rows of free SQL.
struct TextTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows; // none: NULL
  bool truncated = false; // more rows than were asked for
};

/// Reads `scenario-lab.db` beside an engine that may be writing it. One thread
/// at a time. What it shows may lag behind the journal by one transaction.
class Queries {
public:
  /// @errors not_found (nothing ran in this workspace), disk_failed,
  ///         invalid_input (another version's or application's database)
  static Result<Queries> open(const std::string& path);

  Queries(Queries&&) noexcept;
  Queries& operator=(Queries&&) noexcept;
  ~Queries();

  /// A full id, the beginning of one, a sweep's or run's name, or "latest".
  /// @errors not_found; invalid_input lists the candidates of an ambiguous word
  Result<Target> resolve(const std::string& word);

  /// Newest first.
  Result<std::vector<SweepRow>> sweeps();
  /// @errors not_found
  Result<SweepRow> sweep(SweepId id);
  Result<std::vector<RunRow>> runs(const RunFilter& filter);
  /// @errors not_found
  Result<RunDetail> run(RunId id);

  /// Spending of the target, or of everything, by the dimensions in `by`; one
  /// row without keys when `by` is empty. Largest settled amount first; turns
  /// and days in their own order.
  Result<std::vector<CostRow>> costs(const std::optional<Target>& target,
                                     const std::vector<CostBy>& by);

  /// The metrics that runs of a sweep have, by name.
  Result<std::vector<MetricName>> metrics(SweepId sweep);
  Result<MetricTable> metric_table(SweepId sweep, const MetricName& metric);

  /// The manifest's text as it was last planned.
  /// @errors not_found
  Result<std::string> manifest(SweepId sweep);

  // Of one run, or of all runs of a sweep, whoever paid for them.

  /// Every metric of every completed turn: runs in plan order, then by turn.
  /// Ends early with `take`'s first error.
  Result<void>
  each_metric(const Target& target,
              const std::function<Result<void>(const MetricPoint&)>& take);
  /// Every attempt and every shared reply: runs in plan order, then attempts
  /// in the order they were made, then the shared ones by place.
  Result<void>
  each_call(const Target& target,
            const std::function<Result<void>(const CallRow&)>& take);
  /// A digest of all replies that a run used, in their order, as 32 hex
  /// digits. Runs with the same one said the same from the first turn to the
  /// last. Runs without a completed turn have none.
  Result<std::map<RunId, std::string>> reply_digests(const Target& target);
  /// Of runs that made an attempt.
  Result<std::map<RunId, CallSite>> last_calls(const Target& target);
  /// The models whose replies each run used or paid for.
  Result<std::map<RunId, std::set<std::string>>>
  models_used(const Target& target);
  /// Each once, by name; as the first run that has them says.
  Result<std::vector<MetricMeaning>> metric_meanings(const Target& target);
  /// By model, then id.
  Result<std::vector<PriceUse>> prices(const Target& target);

  /// How a sweep's models were checked: by model, then in order of time.
  Result<std::vector<ModelChecked>> model_checks(SweepId sweep);
  /// By model, then in order of time.
  Result<std::vector<ModelChange>> model_changes(SweepId sweep);
  /// Of each run that began: its stratum, or nothing when one of its models may
  /// have changed in its middle. Replies that a run shares count as its own,
  /// with the time at which they were bought.
  Result<std::map<RunId, std::optional<std::int32_t>>> strata(SweepId sweep);

  /// The names that this sweep's plans gave.
  Result<std::map<RunId, std::string>> run_names(SweepId sweep);
  /// Those that completed, in whatever sweep.
  Result<std::set<RunId>> completed(const std::vector<RunId>& runs);
  /// Those that a phase of their own halted, validation for one: no data, and
  /// nothing that repeating would change.
  Result<std::set<RunId>> halted_by_phase(const std::vector<RunId>& runs);

  /// Runs one SELECT of the user's own.
  /// @param rows_max  further rows are cut and flagged
  /// @errors invalid_input: not well-formed, or it would write
  Result<TextTable> sql(const std::string& text, std::size_t rows_max);

private:
  struct Impl;
  explicit Queries(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

} // namespace lab::storage

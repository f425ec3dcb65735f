#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/base/digest.hpp"
#include "runtime/base/money.hpp"
#include "runtime/model/account.hpp"
#include "runtime/model/model_check.hpp"
#include "runtime/model/run_spec.hpp"
#include "sweeps/planner/manifest.hpp"
#include "sweeps/statistics/observation.hpp"

// What a report is made of: everything that tables know of a sweep, as plain
// values. Nothing here knows where it was read.

namespace lab::sweeps::report {

struct ReportRun {
  std::string name;  // "p053.r2"
  std::string point; // "p053"
  std::uint64_t seed = 0;
  RunStatus status = RunStatus::planned;
  std::string code;   // "ok", "provider_timeout"
  std::string reason; // in words
  std::vector<std::pair<std::string, std::string>> factors;
  std::optional<Digest128> replies;
  /// Metrics of the world after the last completed turn.
  std::map<std::string, double> values;
  /// Metrics that have no number there, and why: "no value", "out of range".
  std::map<std::string, std::string> without;
  std::set<std::string> models; // whose replies it used
  std::string last_phase;       // of its latest call; empty: none
  std::int64_t paid_calls = 0;  // settled and unknown
  bool began = false;
  /// See `stratum_of`; nothing, too, for a run that did not begin.
  std::optional<std::int32_t> stratum;
};

/// A metric of the world at the end of one turn of one completed run.
struct SeriesValue {
  std::size_t run = 0; // index
  std::int32_t turn = 0;
  double value = 0;
};

struct ReportMetric {
  std::string name;
  std::string description;
  std::string unit;
  statistics::MetricKind kind;
  std::vector<SeriesValue> series;
};

/// Spending, its parts never added up.
struct ReportCost {
  std::string name; // of a model or a phase
  Charge settled;
  Charge unknown;
  Charge reserved;
  bool is_play = false; // a simulated model's money
};

struct ReportPrice {
  std::string model;
  std::string id;
  std::string text; // amounts and source
};

struct ReportModel {
  std::string name;
  std::string note; // digest, strata; may be empty
};

struct ReportInput {
  std::string program; // "scenario-lab 2.1.0"
  std::string id;
  std::string name;
  std::string about;
  std::string scenario; // id
  std::string scenario_name;
  /// The sweep's own rules ended it, for this reason; empty: they did not.
  std::string ended_by_rule;
  bool simulated = false;
  UnixMs first_start = 0; // 0: none
  UnixMs last_end = 0;
  /// Of the sweep, in the manifest's order.
  std::vector<std::string> factors;
  std::vector<ReportRun> runs; // in plan order
  /// Points and runs that the manifest asks for.
  std::int64_t points_planned = 0;
  std::int64_t runs_planned = 0;
  std::vector<ReportMetric> metrics; // by name
  std::vector<ReportCost> by_model;
  std::vector<ReportCost> by_phase;
  /// Attempts by phase, whatever became of them.
  std::map<std::string, std::int64_t> attempts;
  std::vector<ReportPrice> prices;
  std::vector<ReportModel> models;
  std::int64_t model_checks = 0; // by the sentinel
  std::vector<ModelChange> model_changes;
  /// Runs of other strata were left out, so many.
  std::optional<std::int32_t> only_stratum;
  std::int64_t left_out = 0;
  std::string manifest_text;
  /// Nothing when it can no longer be read: then design and units are unknown.
  std::optional<Manifest> manifest;
};

} // namespace lab::sweeps::report

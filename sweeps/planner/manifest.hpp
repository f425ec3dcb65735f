#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/diagnostic.hpp"
#include "runtime/base/money.hpp"
#include "runtime/base/yaml.hpp"
#include "runtime/model/account.hpp"
#include "runtime/model/overlay.hpp"
#include "sweeps/designs/factor.hpp"
#include "sweeps/planner/design.hpp"
#include "sweeps/planner/measure.hpp"
#include "sweeps/planner/rules.hpp"

namespace lab::sweeps {

enum class SeedMode : std::uint8_t {
  paired, // the same seeds at every point
  fresh,  // each run its own
  listed, // the given ones, at every point
};

struct Replicates {
  std::int32_t count = 1;
  SeedMode mode = SeedMode::paired;
  std::vector<std::uint64_t> seeds; // listed only; `count` of them
  std::optional<MoreReplicates> more;
};

enum class RunOrder : std::uint8_t {
  blocks,     // whole random blocks, one a replicate
  by_model,   // the same, with a model's runs together within a block
  interleave, // the same, with models taking turns within a block
};

/// What to do with a call that was in flight when the process died.
enum class OnUnknown : std::uint8_t { reissue, pause, fail };

/// A model and whom it is for: a participant's short name, "world", or
/// everybody (empty), which includes the world and the metrics.
using ModelOverride = std::pair<std::string, std::string>;

/// A sweep as written: docs/formats/manifest.md. Defaults are filled in; the
/// scenario has not been looked at.
struct Manifest {
  std::string file; // as the user named it
  std::string name;
  std::string about;
  /// The scenario's folder, resolved against the manifest's.
  std::string scenario;
  std::vector<Assignment> set;
  std::vector<Factor> factors;
  /// One point without values when the manifest has no design.
  std::shared_ptr<const Design> design;
  std::uint64_t seed = 1;
  Replicates replicates;
  Wording wording;
  std::vector<ModelOverride> models;
  Measure measure;
  Limit budget; // of the whole sweep
  BudgetRules budget_rules;
  std::optional<Money> per_run_usd;
  std::optional<std::int32_t> runs_max;  // in flight at once
  std::optional<std::int32_t> calls_max; // in flight at once
  TimeLimits time;
  RunOrder order = RunOrder::blocks;
  std::optional<Pilot> pilot;
  std::vector<StopRule> stop;
  std::optional<SentinelRules> sentinel;
  std::optional<RetryRuns> retry;
  std::vector<ProviderLowering> providers;
  std::optional<Notify> notify;
  bool sharing = true;
  OnUnknown on_unknown = OnUnknown::reissue;
  /// The sweep's folder, resolved against the manifest's; empty: not given.
  std::string output_dir;
  OutputRules output_rules;
  /// For findings that need a place; never null.
  std::shared_ptr<const yaml::Document> document;
};

/// More points or runs than this are refused: a slip of the pen, not a plan.
inline constexpr std::int64_t runs_planned_max = 1'000'000;

/// Reads and checks a manifest. Every problem of the file becomes a finding;
/// returns the manifest when none of them is an error.
std::optional<Manifest> load_manifest(const std::string& path,
                                      Findings& findings);

/// The same of a text. `file` is the name that findings show and the place
/// that relative paths start from.
std::optional<Manifest> read_manifest(std::string_view text,
                                      const std::string& file,
                                      Findings& findings);

} // namespace lab::sweeps

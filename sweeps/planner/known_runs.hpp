#pragma once

#include <cstdint>
#include <string>

#include "runtime/base/error.hpp"
#include "runtime/model/ids.hpp"

namespace lab::sweeps {

/// What the workspace holds of one run.
struct KnownRun {
  /// That this sweep calls it by; empty: it has none yet.
  std::string name;
  /// It completed, in whatever sweep, or its own checks halted it: nothing is
  /// left to do.
  bool settled = false;
};

/// What the workspace holds of a sweep's runs. A long plan asks it run by run,
/// because a set of all of them would be as long as the plan. One thread at a
/// time, not always the same. Tables lag behind the journal a little; a plan
/// remembers by itself what it gave out.
class KnownRuns {
public:
  virtual ~KnownRuns() = default;

  /// @errors those of the storage
  virtual Result<KnownRun> find(RunId run) = 0;
  /// Whether a run of this sweep has a name of point number `point`.
  virtual Result<bool> has_point(std::int32_t point) = 0;
  /// Whether a run of this sweep has this name.
  virtual Result<bool> has_name(const std::string& name) = 0;
  /// The highest point number that this sweep's names have; 0: none.
  virtual Result<std::int32_t> last_point() = 0;
};

} // namespace lab::sweeps

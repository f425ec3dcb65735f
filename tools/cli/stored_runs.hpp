#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "storage/queries.hpp"
#include "sweeps/planner/known_runs.hpp"

namespace lab::tools {

/// What this workspace's tables hold of a sweep's runs, asked run by run.
class StoredRuns final : public sweeps::KnownRuns {
public:
  StoredRuns(storage::Queries tables, SweepId sweep);

  Result<sweeps::KnownRun> find(RunId run) override;
  Result<bool> has_point(std::int32_t point) override;
  Result<bool> has_name(const std::string& name) override;
  Result<std::int32_t> last_point() override;

  struct Totals {
    std::int64_t completed = 0;
    std::int64_t halted = 0; // by their own checks
  };
  /// Of the runs that plans of this sweep named.
  Result<Totals> totals();

private:
  Result<bool> any(const std::string& condition);

  storage::Queries tables_;
  std::string sweep_; // quoted
};

} // namespace lab::tools

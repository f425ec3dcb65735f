#pragma once

#include <cstdint>
#include <unordered_map>

#include "runtime/model/run_spec.hpp"

namespace lab::runtime {

/// Whether a run that failed like this may come out otherwise when it is tried
/// again: its last call has no reply yet, so that it is made anew. A reply that
/// came is kept for ever, and the run would fail over it once more.
bool may_be_mended(Errc code);

/// Which failed runs are tried again. Pure.
class Retries {
public:
  /// @param tries_max  of one run, its first one included
  explicit Retries(std::int32_t tries_max = 1) : tries_max_(tries_max) {}

  /// A try has ended. True when there shall be another one.
  bool takes(const RunOutcome& outcome);

private:
  std::int32_t tries_max_;
  std::unordered_map<RunId, std::int32_t> tries_; // of runs that failed
};

} // namespace lab::runtime

#pragma once

#include <optional>

#include "runtime/base/error.hpp"
#include "runtime/model/run_spec.hpp"

namespace lab {

/// Hands out a sweep's missing runs in the order they shall start. Called by
/// SUPERVISOR alone.
class RunSource {
public:
  virtual ~RunSource() = default;
  /// The next run to start; nothing when all have been handed out.
  virtual std::optional<RunTicket> next() = 0;
  /// Makes the whole run of a ticket.
  virtual Result<RunSpec> resolve(const RunTicket& ticket) const = 0;
};

} // namespace lab

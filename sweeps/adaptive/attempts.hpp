#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/base/error.hpp"
#include "runtime/model/ids.hpp"

namespace lab::sweeps {

/// How attempts at a provider ended. Those that the provider had no part in, as
/// one that we cut short, are in neither number.
struct AttemptCounts {
  std::int64_t attempts = 0;
  std::int64_t failed = 0; // brought no usable reply
};

/// Of one run, by provider and model (without its parameters).
using RunAttempts =
  std::map<std::pair<std::string, std::string>, AttemptCounts>;

/// What is recorded of attempts. A rule that counts them hangs on the record
/// and never on a clock.
class AttemptRecords {
public:
  virtual ~AttemptRecords() = default;
  /// @errors those of the storage
  virtual Result<std::unordered_map<RunId, RunAttempts>>
  of(const std::vector<RunId>& runs) = 0;
};

} // namespace lab::sweeps

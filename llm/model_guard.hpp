#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "llm/lane_limits.hpp"
#include "runtime/base/error.hpp"
#include "runtime/model/fact.hpp"

namespace lab::llm {

/// A model as a provider calls it.
using ModelKey = std::pair<std::string, std::string>; // provider, wire model

/// Models that must not be asked at the moment. Pure: `now` comes in.
///
/// A model that billed more than its worst case is out for the life of the
/// process: its price row is wrong, so no later bound of it holds. A model
/// whose attempts end in doubt five times in a row rests, because each doubt
/// stays charged at its worst case; then one attempt may show whether it has
/// recovered.
class ModelGuard {
public:
  static constexpr std::int32_t doubts_max = 5;
  static constexpr Milliseconds rest_first{30'000};
  static constexpr Milliseconds rest_max{480'000};

  /// @errors provider_refused: billed too much before; provider_unknown: it
  ///         rests. A granted attempt after a rest is the one probe until it
  ///         ends.
  Result<void> admit(const ModelKey& model, TimePoint now);

  /// An attempt that `admit` let through was not sent.
  void withdrawn(const ModelKey& model);
  void ended(const ModelKey& model, Resolution resolution, TimePoint now);

  /// No attempt at this model from now on.
  void quarantine(const ModelKey& model, std::string why);

private:
  struct Doubts {
    std::int32_t in_row = 0;
    std::optional<TimePoint> rests_until;
    Milliseconds rest = rest_first;
    bool probing = false;
  };

  std::map<ModelKey, Doubts> doubts_;
  std::map<ModelKey, std::string> quarantined_;
};

} // namespace lab::llm

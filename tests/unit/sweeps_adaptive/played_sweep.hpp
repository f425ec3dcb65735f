#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <gtest/gtest.h>

#include "runtime/base/seed.hpp"
#include "sweeps/adaptive/controller.hpp"
#include "sweeps/expression/sweep_scopes.hpp"

// Sweeps that are played without an engine.

namespace lab::sweeps {

Expression parsed(std::string_view text, const Scope& scope, Wanted wanted);
StopRule stop_when(std::string_view text, StopAction then);
MoreReplicates more_until(std::string_view text, std::int32_t at_most);
Pilot pilot_of(std::int32_t runs, std::string_view then);

RunTicket ticket_of(std::int32_t point, std::int32_t replicate);

/// Blocks of replicates, every point once in each.
class Blocks : public Tickets {
public:
  Blocks(std::int32_t points, std::int32_t replicates)
    : points_(points), replicates_(replicates) {}

  std::optional<RunTicket> next() override;
  Result<RunTicket> another(std::int32_t point,
                            std::int32_t replicate) override {
    return ticket_of(point, replicate);
  }

private:
  std::int32_t points_;
  std::int32_t replicates_;
  std::int32_t given_ = 0;
};

using Number = std::optional<double>;

/// What a run comes to: a number, or a failure.
using World = std::function<std::optional<double>(const RunTicket&)>;

/// Two calls and a cent; the number is `Night sailing`.
EndedRun outcome_of(const RunTicket& ticket, std::optional<double> number);

AdaptiveRules rules_for(std::int32_t points, std::int32_t replicates);

struct Played {
  std::vector<std::string> runs; // sorted
  std::optional<SourceStop> stop;
  std::int64_t added = 0;
  std::unordered_map<RunId, EndedRun> outcomes; // that completed
};

/// Plays a sweep with so many slots; whoever ends next is drawn. With
/// `killed_after` the engine dies when so many runs have ended.
Played play(const AdaptiveRules& rules, std::int32_t points,
            std::int32_t replicates, const World& world, std::size_t slots,
            std::uint64_t schedule,
            std::unordered_map<RunId, EndedRun> known = {},
            std::size_t killed_after = 1'000'000);

/// Between 0 and 1, by the run's name.
double unit(const RunTicket& ticket, std::uint64_t world = 1);

} // namespace lab::sweeps

#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "runtime/base/digest.hpp"
#include "sweeps/planner/estimate.hpp"

namespace lab::sweeps {

/// How many calls of a plan are sure to be shared: runs of one replicate have
/// one seed, and pay once for what they ask alike at the same place. Two points
/// ask alike
///
/// - in a whole turn, when nothing differs but events that cannot have come by
///   then; a turn counts with the calls that it has on average;
/// - in the first turn's decisions, where nobody was asked anything before:
///   each participant whom nothing concerns that differs.
///
/// Runs whose replies come out alike go on sharing, which nobody can know
/// beforehand, so this is the least that will be shared.
class SharedCalls {
public:
  /// @param replicates  whose seeds all points have in common
  explicit SharedCalls(std::int32_t replicates) : replicates_(replicates) {}

  /// `runs` runs of a point, and what one of them comes to.
  void add(const ScenarioSpec& scenario, const Estimate& one,
           std::int64_t runs);

  /// Calls that some run asks and need not pay.
  std::int64_t at_least() const;

private:
  struct Asked {
    std::int64_t runs = 0;
    std::int64_t calls = 0; // of each run
  };

  /// What is the same, and where: a turn, or -1 - i for the first decision of
  /// participant i.
  using Group = std::pair<Digest128, std::int64_t>;

  void add_to(const Group& asked_alike, std::int64_t runs, std::int64_t calls);

  std::int32_t replicates_;
  std::map<Group, Asked> groups_; // of runs that ask alike
};

} // namespace lab::sweeps

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "sweeps/adaptive/adaptive_rules.hpp"

namespace lab::sweeps {

/// Models whose remaining runs wait because a rule of `then: pause-model` holds
/// for the runs they take part in. Pure.
///
/// One broken model must not take the others with it. So models are asked from
/// the one in fewest points of the plan to the one in most, and a run of a
/// model that is held back speaks for no other model any more.
class ModelHolds {
public:
  /// The rules must outlive it.
  explicit ModelHolds(const AdaptiveRules& rules);

  /// A run that ended, in the order of the plan.
  /// @param is_fresh  it ended in this command
  void add(std::int32_t point, std::uint64_t seed, const EndedRun& run,
           const RunAttempts& attempts, bool is_fresh);
  /// Asks the rules at a look. A model none of whose runs ended in this command
  /// is not asked about: whoever repeats the command wants it to go on.
  void decide();

  /// Whether a point's runs wait.
  bool holds_back(std::int32_t point);
  /// Why, by model.
  const std::map<std::string, std::string>& held() const { return held_; }

private:
  using Models = std::set<std::string>;
  struct Ended {
    std::int32_t point = 0;
    std::uint64_t seed = 0;
    EndedRun run;
    RunAttempts attempts;
    bool is_fresh = false;
  };
  struct Evidence {
    explicit Evidence(Outcomes of) : outcomes(std::move(of)) {}
    Outcomes outcomes;
    bool is_fresh = false;
  };

  const Models& models_at(std::int32_t point);
  void count(const Ended& ended);
  std::vector<std::string> narrowest_first();

  const AdaptiveRules& rules_;
  bool is_needed_ = false;
  std::set<Models> kept_;
  std::unordered_map<std::int32_t, const Models*> models_; // by point
  std::vector<Ended> ended_;
  std::map<std::string, Evidence> evidence_; // by model
  std::map<std::string, std::string> held_;
  std::optional<std::map<std::string, std::int64_t>> breadth_;
};

} // namespace lab::sweeps

#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "runtime/model/model_watch.hpp"
#include "sweeps/planner/rules.hpp"

namespace lab::sweeps {

/// Judges whether models are still the ones that the sweep began with. Pure.
///
/// A check opens a new stratum when the server gives the model another digest,
/// when the model calls itself otherwise than in this stratum before, or when
/// its replies to the canaries are no sample of what it said in this stratum:
/// Fisher's exact test of each canary's commonest reply, now against before,
/// combined over the canaries. Comparisons of a stratum share the chance of a
/// false alarm (`alpha_of_look`).
/// @source docs/statistics.md
class ModelSentinel final : public ModelWatch {
public:
  /// @param models  as scenarios name them
  ModelSentinel(SentinelRules rules, std::vector<std::string> models);

  std::vector<WatchedModel> models() const override;
  std::int32_t repeats() const override { return rules_.repeats; }
  Drift judge(const ModelCheck& check) override;

private:
  using Counts = std::map<Digest128, std::int64_t>; // replies by their text

  /// What is normal in a stratum.
  struct Known {
    std::int32_t checks = 0;
    std::int32_t stratum = 1;
    std::int64_t comparisons = 0; // in this stratum
    std::string digest;
    std::set<std::string> served;
    std::vector<Counts> canaries;
  };

  static void learn(Known& known, const ModelCheck& check);
  std::string change(Known& known, const ModelCheck& check) const;
  std::string other_replies(Known& known, const ModelCheck& check) const;

  SentinelRules rules_;
  std::map<std::string, Known> known_;
};

} // namespace lab::sweeps

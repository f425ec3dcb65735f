#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/digest.hpp"

namespace lab::sweeps {

/// What a model said to one canary: a fixed prompt at temperature 0 that has
/// nothing to do with the sweep.
struct CanaryReply {
  std::string served; // the model's own word for itself; empty: it says none
  Digest128 text;     // of the reply
};

/// One check of one model: each canary asked `repeats` times.
struct CanaryCheck {
  std::int64_t runs_before = 0;                  // of the sweep, that had begun
  std::vector<std::vector<CanaryReply>> replies; // [canary][repeat]
};

/// What a check found.
struct Drift {
  std::int32_t stratum = 1; // of the runs from here on, counting from 1
  bool changed = false;
  std::string why; // "it calls itself b in place of a", for people
};

/// Judges whether a model is still the one that the sweep began with. Pure.
///
/// The first check of a stratum says what is normal: canaries whose repeats
/// were not all equal are unsteady (batching on a server is enough for that),
/// and only their model's name is heeded. A later check opens a new stratum
/// when the model calls itself otherwise, or when a steady canary gets a reply
/// that none of its first repeats was, every time it is asked: one odd reply
/// among several is the server's noise, and makes the canary unsteady.
class Sentinel {
public:
  /// The model's check, in the order in which they were made. A check without
  /// any reply says nothing and changes nothing.
  Drift take(const std::string& model, const CanaryCheck& check);

  /// Of runs that begin now; 1 for a model that was never checked.
  std::int32_t stratum(const std::string& model) const;

private:
  struct Canary {
    std::optional<Digest128> steady; // nothing: unsteady
  };
  struct Known {
    std::int32_t stratum = 1;
    std::string served;
    std::vector<Canary> canaries;
  };

  static Known learnt(const CanaryCheck& check, std::int32_t stratum);
  static std::string change(Known& known, const CanaryCheck& check);

  std::map<std::string, Known> models_;
};

} // namespace lab::sweeps

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/base/digest.hpp"
#include "runtime/model/ids.hpp"

namespace lab {

/// What a model said to one canary: a fixed prompt at temperature 0 that has
/// nothing to do with the sweep.
struct CanaryReply {
  std::string served; // the model's own word for itself; empty: it says none
  Digest128 text;     // of the reply

  friend bool operator==(const CanaryReply&, const CanaryReply&) = default;
};

/// One check of one model: each canary asked several times.
struct ModelCheck {
  std::string model;       // as scenarios name it
  std::int32_t number = 1; // of the sweep's checks of this model, from 1
  UnixMs began = 0;        // before the first question
  UnixMs ended = 0;        // behind the last answer
  /// The server's digest of the model's contents; empty: it tells none.
  std::string digest;
  /// [canary][repeat]. A question that got no reply is left out.
  std::vector<std::vector<CanaryReply>> replies;

  /// Nobody answered, so it proves nothing.
  bool silent() const;
};

/// What a check found.
struct Drift {
  std::int32_t stratum = 1; // of the model from here on, counting from 1
  bool changed = false;
  std::string why; // "it calls itself b in place of a", for people
};

/// Between two times another model came to stand behind a name.
struct ModelChange {
  std::string model;
  UnixMs after = 0;  // it was the old one until then, at least
  UnixMs before = 0; // and the new one from then on, at the latest
  std::int32_t stratum = 1;
  std::string why;
};

/// The stratum of a run: 1 and one more for every change of one of its models
/// before it. Nothing when a change may have come in its middle.
/// @param from, to  of the run's calls, those that it shares included
std::optional<std::int32_t> stratum_of(const std::vector<ModelChange>& changes,
                                       const std::vector<std::string>& models,
                                       UnixMs from, UnixMs to);

/// Who pays for the canaries of a model: no run of the sweep.
RunId canary_run_of(SweepId sweep, std::string_view model);

/// The phase of their calls.
inline constexpr const char* canary_phase = "canary";

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CanaryReply& x) {
  return f(x.served, x.text);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ModelCheck& x) {
  return f(x.model, x.number, x.began, x.ended, x.digest, x.replies);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Drift& x) {
  return f(x.stratum, x.changed, x.why);
}

} // namespace lab

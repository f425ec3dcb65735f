#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/digest.hpp"
#include "runtime/base/strong_id.hpp"

namespace lab {

/// Content-addressed: the hash of everything that determines a run.
using RunId = StrongId<struct RunTag, std::uint64_t>;
/// The hash of a sweep's name within its workspace.
using SweepId = StrongId<struct SweepTag, std::uint64_t>;
/// One attempt at one call: hash of coordinates and attempt number.
using AttemptId = StrongId<struct AttemptTag, Digest128>;
/// One call: hash of run and place.
using CallKey = StrongId<struct CallTag, Digest128>;
/// Calls with equal share keys are one paid call.
using ShareKey = StrongId<struct ShareTag, Digest128>;
/// BLAKE2b of the canonical request: model, parameters, messages, schema.
using Fingerprint = StrongId<struct FingerprintTag, Digest128>;

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Digest128& x) {
  return f(x.high, x.low);
}

/// "r-0f2c9e1122334455", "s-…": prefix and 16 hex digits.
std::string to_string(RunId id);
std::string to_string(SweepId id);
std::string to_string(AttemptId id); // 32 hex digits
std::string to_string(Fingerprint id);

std::optional<RunId> run_id_from(std::string_view text);
std::optional<SweepId> sweep_id_from(std::string_view text);
std::optional<AttemptId> attempt_id_from(std::string_view text);
std::optional<Fingerprint> fingerprint_from(std::string_view text);

/// `s-` and the hash of the sweep's name.
SweepId sweep_id_of(std::string_view name);

/// Names a call before anything happens, apart from its run. `phase` is a
/// phase's name; `participant` a short name, or empty for the world and other
/// helpers; `ordinal` counts the calls of one participant in one phase.
struct Place {
  std::int32_t turn = 0;
  std::string phase;
  std::string participant;
  std::int32_t ordinal = 0;

  friend auto operator<=>(const Place&, const Place&) = default;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Place& x) {
  return f(x.turn, x.phase, x.participant, x.ordinal);
}

/// "turn 3 decision eu-commission #0"
std::string to_string(const Place& place);

CallKey call_key_of(RunId run, const Place& place);
/// `scope` is the hash of sweep and replicate seed, or of the run alone.
ShareKey share_key_of(const Digest128& scope, const Place& place,
                      Fingerprint fingerprint);
/// `number` counts from 1 and goes on over restarts.
AttemptId attempt_id_of(CallKey call, std::int32_t number);

} // namespace lab

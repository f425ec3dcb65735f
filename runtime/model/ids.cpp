#include "runtime/model/ids.hpp"

namespace lab {

namespace {

std::string with_prefix(const char* prefix, std::uint64_t value) {
  return prefix + to_string(Digest128{value, 0}).substr(0, 16);
}

std::optional<std::uint64_t> without_prefix(std::string_view prefix,
                                            std::string_view text) {
  if (text.size() != prefix.size() + 16 || !text.starts_with(prefix))
    return std::nullopt;
  const auto digest = digest128_from(std::string{text.substr(prefix.size())}
                                     + std::string(16, '0'));
  return digest ? std::optional{digest->high} : std::nullopt;
}

} // namespace

std::string to_string(RunId id) { return with_prefix("r-", id.value); }
std::string to_string(SweepId id) { return with_prefix("s-", id.value); }
std::string to_string(AttemptId id) { return to_string(id.value); }
std::string to_string(Fingerprint id) { return to_string(id.value); }

std::optional<RunId> run_id_from(std::string_view text) {
  const auto value = without_prefix("r-", text);
  return value ? std::optional{RunId{*value}} : std::nullopt;
}

std::optional<SweepId> sweep_id_from(std::string_view text) {
  const auto value = without_prefix("s-", text);
  return value ? std::optional{SweepId{*value}} : std::nullopt;
}

std::optional<AttemptId> attempt_id_from(std::string_view text) {
  const auto value = digest128_from(text);
  return value ? std::optional{AttemptId{*value}} : std::nullopt;
}

std::optional<Fingerprint> fingerprint_from(std::string_view text) {
  const auto value = digest128_from(text);
  return value ? std::optional{Fingerprint{*value}} : std::nullopt;
}

SweepId sweep_id_of(std::string_view name) {
  return SweepId{Hasher{}.add("sweep").add(name).finish128().high};
}

std::string to_string(const Place& place) {
  return "turn " + std::to_string(place.turn) + " " + place.phase
         + (place.participant.empty() ? "" : " " + place.participant) + " #"
         + std::to_string(place.ordinal);
}

CallKey call_key_of(RunId run, const Place& place) {
  return CallKey{Hasher{}
                   .add("call")
                   .add(static_cast<std::int64_t>(run.value))
                   .add(place.turn)
                   .add(place.phase)
                   .add(place.participant)
                   .add(place.ordinal)
                   .finish128()};
}

ShareKey share_key_of(const Digest128& scope, const Place& place,
                      Fingerprint fingerprint) {
  return ShareKey{Hasher{}
                    .add("share")
                    .add(scope)
                    .add(place.turn)
                    .add(place.phase)
                    .add(place.participant)
                    .add(place.ordinal)
                    .add(fingerprint.value)
                    .finish128()};
}

AttemptId attempt_id_of(CallKey call, std::int32_t number) {
  return AttemptId{
    Hasher{}.add("attempt").add(call.value).add(number).finish128()};
}

} // namespace lab

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/base/error.hpp"
#include "runtime/model/scenario_spec.hpp"

namespace lab {

/// The provider whose models are people.
constexpr std::string_view human_provider = "human";
/// A year; longer deadlines are taken for mistakes.
constexpr std::int64_t human_deadline_s_max = 31'536'000;

/// A person as the model of a request. The deadline stands in the id because a
/// request has no other place for it: `human/eu?deadline_s=600&then=ai`.
struct HumanModel {
  std::string participant;     // id
  std::int64_t deadline_s = 0; // 0: none
  OnTimeout then = OnTimeout::wait;
};

/// The model that a participant's questions go to while a person decides for
/// it. A deadline after which the question stays open is none, so it is left
/// out.
std::string human_model_id(const ParticipantSpec& participant);

/// Reads the whole id.
/// @errors invalid_input: says what is wrong with it
Result<HumanModel> parse_human_model(std::string_view id);

} // namespace lab

#include "runtime/model/human_model.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "runtime/base/text.hpp"

namespace lab {

namespace {

constexpr std::string_view deadline_knob = "deadline_s";
constexpr std::string_view then_knob = "then";

tl::unexpected<Error> refuse(std::string_view id, const std::string& why) {
  return fail(Errc::invalid_input, "model `" + printable(id) + "`: " + why);
}

/// What `value` had to be; empty when it was taken.
std::string take(HumanModel& model, std::string_view knob,
                 std::string_view value) {
  if (knob == then_knob) {
    model.then = value == "ai" ? OnTimeout::ai : OnTimeout::skip;
    return value == "ai" || value == "skip" ? "" : "ai or skip";
  }
  const auto* end = value.data() + value.size();
  const auto [stop, error] =
    std::from_chars(value.data(), end, model.deadline_s);
  const bool good = error == std::errc{} && stop == end && model.deadline_s >= 1
                    && model.deadline_s <= human_deadline_s_max;
  return good ? ""
              : "a whole number of seconds from 1 to "
                  + std::to_string(human_deadline_s_max);
}

} // namespace

std::string human_model_id(const ParticipantSpec& participant) {
  auto id = std::string{human_provider} + "/" + participant.id;
  if (participant.deadline_s <= 0 || participant.on_timeout == OnTimeout::wait)
    return id;
  id +=
    "?deadline_s="
    + std::to_string(std::min(participant.deadline_s, human_deadline_s_max));
  return id
         + (participant.on_timeout == OnTimeout::ai ? "&then=ai"
                                                    : "&then=skip");
}

Result<HumanModel> parse_human_model(std::string_view id) {
  const auto slash = id.find('/');
  if (id.substr(0, slash) != human_provider || slash == std::string_view::npos)
    return refuse(id, "people are called human/PARTICIPANT");
  const auto question = std::min(id.find('?'), id.size());
  HumanModel model;
  model.participant = id.substr(slash + 1, question - slash - 1);
  if (model.participant.empty())
    return refuse(id, "it names no participant");
  if (question == id.size())
    return model;
  bool told_deadline = false;
  bool told_then = false;
  for (const auto& knob : split(id.substr(question + 1), '&')) {
    const auto equals = std::min(knob.find('='), knob.size());
    const auto name = std::string_view{knob}.substr(0, equals);
    if (name != deadline_knob && name != then_knob)
      return refuse(id, "`" + printable(name)
                          + "` is no knob of a person; knobs: deadline_s, "
                            "then");
    auto& told = name == deadline_knob ? told_deadline : told_then;
    if (std::exchange(told, true))
      return refuse(id, "`" + std::string{name} + "` stands twice");
    const auto value =
      std::string_view{knob}.substr(std::min(equals + 1, knob.size()));
    if (const auto wanted = take(model, name, value); !wanted.empty())
      return refuse(id, "`" + std::string{name} + "` must be " + wanted);
  }
  if (!told_deadline || !told_then)
    return refuse(id, "`deadline_s` and `then` belong together");
  return model;
}

} // namespace lab

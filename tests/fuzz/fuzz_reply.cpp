#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "actors/parse/declined.hpp"
#include "actors/parse/helper_replies.hpp"
#include "actors/parse/names.hpp"
#include "actors/parse/reply_parsers.hpp"
#include "actors/parse/talk_replies.hpp"
#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"

// Any reply becomes a value within its caps, or a reason; never a crash.

namespace {

using lab::Errc;
using lab::FinishReason;
using lab::Reply;

void check_field(const std::string& text, std::size_t chars_max) {
  LAB_CHECK(lab::is_utf8(text), "malformed field");
  LAB_CHECK(lab::printable(text) == text, "unprintable field");
  LAB_CHECK(std::string{lab::trim(text)} == text, "untrimmed field");
  const auto chars =
    std::count_if(text.begin(), text.end(),
                  [](unsigned char byte) { return (byte & 0xC0U) != 0x80U; });
  LAB_CHECK(static_cast<std::size_t>(chars) <= chars_max,
            std::to_string(chars) + " characters");
}

void check_fields(const std::vector<std::string>& texts, std::size_t count_max,
                  std::size_t chars_max) {
  LAB_CHECK(texts.size() <= count_max, std::to_string(texts.size()));
  for (const auto& text : texts) {
    check_field(text, chars_max);
    LAB_CHECK(!text.empty(), "empty entry");
  }
}

void check_decision(const Reply& reply) {
  const auto decision = lab::actors::parse_decision(reply);
  if (!decision) {
    LAB_CHECK(decision.error().code == Errc::reply_invalid
                && !decision.error().context.empty(),
              to_string(decision.error()));
    return;
  }
  LAB_CHECK(!decision->action.empty(), "no action");
  check_field(decision->action, lab::actors::action_chars_max);
  check_field(decision->reasoning, lab::actors::reasoning_chars_max);
  check_fields(decision->long_term_goals, lab::actors::goals_max,
               lab::actors::goal_chars_max);
  check_fields(decision->short_term_priorities, lab::actors::goals_max,
               lab::actors::goal_chars_max);
  LAB_CHECK(decision->raw == reply.text, "raw reply changed");
}

void check_world(const Reply& reply) {
  const auto update = lab::actors::parse_world(reply);
  if (!update) {
    LAB_CHECK(update.error().code == Errc::reply_invalid
                && !update.error().context.empty(),
              to_string(update.error()));
    return;
  }
  LAB_CHECK(!update->state.empty(), "no state");
  check_field(update->state, lab::actors::world_chars_max);
  check_fields(update->key_changes, lab::actors::changes_max,
               lab::actors::change_chars_max);
  check_fields(update->consequences, lab::actors::changes_max,
               lab::actors::change_chars_max);
  LAB_CHECK(update->raw == reply.text, "raw reply changed");
}

/// What every refusal must be.
template <class Value>
bool was_read(const lab::Result<Value>& result) {
  LAB_CHECK(result
              || (result.error().code == Errc::reply_invalid
                  && !result.error().context.empty()),
            "an error without a reason");
  return result.has_value();
}

/// Whatever name a reply holds, it is nobody's or a participant's.
void check_named(const std::vector<std::string>& names) {
  static const auto scenario = [] {
    lab::ScenarioSpec spec;
    for (const auto* id : {"isle", "port", "line"}) {
      lab::ParticipantSpec participant;
      participant.id = id;
      participant.name = std::string{"The "} + id;
      spec.participants.push_back(participant);
    }
    return spec;
  }();
  for (const auto& id : lab::actors::participants_named(scenario, names))
    LAB_CHECK(scenario.participant(id) != nullptr, id);
}

void check_talk(const Reply& reply) {
  using namespace lab::actors;
  if (const auto offer = parse_talk_offer(reply); was_read(offer)) {
    check_field(offer->target, name_chars_max);
    check_field(offer->message, message_chars_max);
    check_field(offer->reasoning, reasoning_chars_max);
    check_named({offer->target});
  }
  if (const auto answer = parse_talk_answer(reply); was_read(answer)) {
    check_field(answer->response, message_chars_max);
    check_field(answer->notes, notes_chars_max);
  }
}

void check_coalition(const Reply& reply) {
  using namespace lab::actors;
  const auto proposal = parse_coalition_proposal(reply);
  if (was_read(proposal)) {
    check_fields(proposal->members, members_max, name_chars_max);
    check_field(proposal->purpose, purpose_chars_max);
    check_field(proposal->reasoning, reasoning_chars_max);
    check_named(proposal->members);
  }
  if (const auto answer = parse_coalition_answer(reply); was_read(answer)) {
    check_field(answer->response, message_chars_max);
    check_field(answer->notes, notes_chars_max);
  }
  if (const auto word = parse_coalition_word(reply); was_read(word))
    check_field(word->message, message_chars_max);
}

void check_verdict(const Reply& reply) {
  const auto check = lab::actors::parse_check(reply);
  if (!check) {
    LAB_CHECK(check.error().code == Errc::reply_invalid
                && !check.error().context.empty(),
              to_string(check.error()));
    return;
  }
  check_fields(check->issues, lab::actors::issues_max,
               lab::actors::issue_chars_max);
  check_field(check->explanation, lab::actors::explanation_chars_max);
  LAB_CHECK(check->raw == reply.text, "raw reply changed");
}

void check_summary(const Reply& reply) {
  for (const auto& summary : {lab::actors::parse_summary(reply),
                              lab::actors::summary_from_text(reply)})
    if (summary) {
      LAB_CHECK(!summary->summary.empty(), "no summary");
      check_field(summary->summary, lab::actors::summary_chars_max);
    }
}

void check_metric(const Reply& reply) {
  lab::MetricSpec metric;
  metric.name = "level";
  metric.range = {{0, 10}};
  metric.categories = {"far", "near"};
  for (const auto type :
       {lab::MetricType::continuous, lab::MetricType::boolean,
        lab::MetricType::categorical, lab::MetricType::text}) {
    metric.type = type;
    const auto value = lab::actors::parse_metric(metric, reply);
    LAB_CHECK(!value || value->status != lab::MetricStatus::unparseable,
              "unparseable and yet read");
    LAB_CHECK(!lab::actors::unparseable(metric, reply).number,
              "a number that is none");
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  Reply reply;
  // The first byte says how the reply ended.
  if (size > 0 && data[0] % 4 == 1)
    reply.finish = FinishReason::length;
  reply.text.assign(reinterpret_cast<const char*>(data), size);
  check_decision(reply);
  check_world(reply);
  check_talk(reply);
  check_coalition(reply);
  static_cast<void>(lab::actors::declined_in(reply.text));
  check_verdict(reply);
  check_summary(reply);
  check_metric(reply);
  return 0;
}

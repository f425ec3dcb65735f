#include "actors/parse/fields.hpp"
#include "actors/parse/talk_replies.hpp"
#include "actors/parse/tolerant.hpp"

namespace lab::actors {

namespace {

const SectionNames reasoning_names{"REASONING", "CURRENT REASONING",
                                   "RATIONALE", "THINKING"};
const Keys reasoning_keys{"reasoning", "current_reasoning", "rationale",
                          "thinking"};

// --- Offer

const Keys initiate_keys{"initiate", "initiate_bilateral", "initiate_talk",
                         "initiate_bilateral_talk"};
const Keys target_keys{"target", "target_actor", "target_participant", "to"};
const Keys message_keys{"message", "proposed_message", "initial_message"};

const std::vector<SectionNames> offer_sections{
  {"INITIATE BILATERAL", "INITIATE BILATERAL TALK", "INITIATE TALK",
   "INITIATE"},
  {"TARGET ACTOR", "TARGET PARTICIPANT", "TARGET"},
  {"PROPOSED MESSAGE", "INITIAL MESSAGE", "MESSAGE"},
  reasoning_names};

/// @param wish  what the reply says of its wish, if it says so
std::optional<TalkOfferReply> offer_of(std::optional<bool> wish,
                                       const std::string& target,
                                       const std::string& message,
                                       const std::string& reasoning) {
  TalkOfferReply offer;
  offer.target = said_text(target, name_chars_max);
  offer.message = said_text(message, message_chars_max);
  offer.reasoning = field_text(reasoning, reasoning_chars_max);
  // A message to somebody is a wish, whether it is called so or not.
  if (!wish && !offer.target.empty() && !offer.message.empty())
    wish = true;
  if (!wish)
    return std::nullopt;
  offer.initiate = *wish;
  return offer;
}

std::optional<TalkOfferReply> offer_from_object(const json::Value& whole) {
  const auto& object = unwrapped(whole, initiate_keys);
  const auto* wish = member_like(object, initiate_keys);
  return offer_of(wish != nullptr ? yes_or_no_in(*wish) : std::nullopt,
                  text_at(object, target_keys), text_at(object, message_keys),
                  text_at(object, reasoning_keys));
}

std::optional<TalkOfferReply>
offer_from_sections(const std::vector<Section>& sections) {
  return offer_of(yes_or_no(sections[0].text), sections[1].text,
                  sections[2].text, sections[3].text);
}

// --- Answer

const Keys response_keys{"response", "reply", "answer", "message"};
const Keys notes_keys{"internal_notes", "notes", "private_notes"};

const std::vector<SectionNames> answer_sections{
  {"RESPONSE", "REPLY", "ANSWER", "MESSAGE"},
  {"INTERNAL NOTES", "INTERNAL NOTE", "PRIVATE NOTES", "NOTES"}};

std::optional<TalkAnswerReply> answer_of(const std::string& response,
                                         const std::string& notes) {
  const auto text = field_text(response, message_chars_max);
  if (text.empty())
    return std::nullopt;
  return TalkAnswerReply{said_text(text, message_chars_max),
                         said_text(notes, notes_chars_max)};
}

std::optional<TalkAnswerReply> answer_from_object(const json::Value& whole) {
  const auto& object = unwrapped(whole, response_keys);
  return answer_of(text_at(object, response_keys), text_at(object, notes_keys));
}

std::optional<TalkAnswerReply>
answer_from_sections(const std::vector<Section>& sections) {
  return answer_of(sections[0].text, sections[1].text);
}

} // namespace

Result<TalkOfferReply> parse_talk_offer(const Reply& reply) {
  static const TolerantForm<TalkOfferReply> form{
    offer_sections, offer_from_object, offer_from_sections,
    "initiate with yes or no"};
  return parse_tolerantly(reply, form);
}

Result<TalkAnswerReply> parse_talk_answer(const Reply& reply) {
  static const TolerantForm<TalkAnswerReply> form{
    answer_sections, answer_from_object, answer_from_sections, "response"};
  return parse_tolerantly(reply, form);
}

} // namespace lab::actors

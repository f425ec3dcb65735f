#include "actors/parse/fields.hpp"
#include "actors/parse/talk_replies.hpp"
#include "actors/parse/tolerant.hpp"

namespace lab::actors {

namespace {

// --- Proposal

const Keys propose_keys{"propose", "propose_coalition", "proposes"};
const Keys members_keys{"members", "coalition_members", "partners"};
const Keys purpose_keys{"purpose", "coalition_purpose"};
const Keys reasoning_keys{"reasoning", "current_reasoning", "rationale",
                          "thinking"};

const std::vector<SectionNames> proposal_sections{
  {"PROPOSE COALITION", "PROPOSE A COALITION", "PROPOSE"},
  {"COALITION MEMBERS", "PROPOSED MEMBERS", "MEMBERS", "PARTNERS"},
  {"COALITION PURPOSE", "PURPOSE"},
  {"REASONING", "CURRENT REASONING", "RATIONALE", "THINKING"}};

std::optional<CoalitionProposalReply>
proposal_of(std::optional<bool> wish, const std::vector<std::string>& members,
            const std::string& purpose, const std::string& reasoning) {
  CoalitionProposalReply proposal;
  proposal.members = field_texts(members, members_max, name_chars_max);
  std::erase_if(proposal.members,
                [](const auto& name) { return says_none(name); });
  proposal.purpose = said_text(purpose, purpose_chars_max);
  proposal.reasoning = field_text(reasoning, reasoning_chars_max);
  // Members and a purpose are a proposal, whether it is called so or not.
  if (!wish && !proposal.members.empty() && !proposal.purpose.empty())
    wish = true;
  if (!wish)
    return std::nullopt;
  proposal.propose = *wish;
  return proposal;
}

/// "Isle, Port" within one entry stays so: names may hold commas.
std::optional<CoalitionProposalReply>
proposal_from_object(const json::Value& whole) {
  const auto& object = unwrapped(whole, propose_keys);
  const auto* wish = member_like(object, propose_keys);
  return proposal_of(wish != nullptr ? yes_or_no_in(*wish) : std::nullopt,
                     texts_at(object, members_keys),
                     text_at(object, purpose_keys),
                     text_at(object, reasoning_keys));
}

std::optional<CoalitionProposalReply>
proposal_from_sections(const std::vector<Section>& sections) {
  return proposal_of(yes_or_no(sections[0].text), list_items(sections[1].text),
                     sections[2].text, sections[3].text);
}

// --- Answer

const Keys decision_keys{"decision", "accept", "accepted", "answer"};
const Keys response_keys{"response", "reply", "message"};
const Keys notes_keys{"internal_notes", "notes", "private_notes"};

const std::vector<SectionNames> answer_sections{
  {"DECISION", "ANSWER"},
  {"RESPONSE", "REPLY", "MESSAGE"},
  {"INTERNAL NOTES", "INTERNAL NOTE", "PRIVATE NOTES", "NOTES"}};

std::optional<CoalitionAnswerReply> answer_of(std::optional<bool> accepted,
                                              const std::string& response,
                                              const std::string& notes) {
  if (!accepted)
    return std::nullopt;
  CoalitionAnswerReply answer;
  answer.accepted = *accepted;
  answer.response = said_text(response, message_chars_max);
  answer.notes = said_text(notes, notes_chars_max);
  return answer;
}

std::optional<CoalitionAnswerReply>
answer_from_object(const json::Value& whole) {
  const auto& object = unwrapped(whole, decision_keys);
  const auto* decision = member_like(object, decision_keys);
  return answer_of(decision != nullptr ? acceptance_in(*decision)
                                       : std::nullopt,
                   text_at(object, response_keys), text_at(object, notes_keys));
}

std::optional<CoalitionAnswerReply>
answer_from_sections(const std::vector<Section>& sections) {
  return answer_of(acceptance(sections[0].text), sections[1].text,
                   sections[2].text);
}

// --- Word

const Keys message_keys{"message", "coalition_message", "response"};

const std::vector<SectionNames> word_sections{
  {"MESSAGE", "COALITION MESSAGE", "INITIAL MESSAGE", "RESPONSE"}};

std::optional<CoalitionWordReply> word_of(const std::string& message) {
  const auto text = field_text(message, message_chars_max);
  if (text.empty())
    return std::nullopt;
  return CoalitionWordReply{said_text(text, message_chars_max)};
}

std::optional<CoalitionWordReply> word_from_object(const json::Value& whole) {
  return word_of(text_at(unwrapped(whole, message_keys), message_keys));
}

std::optional<CoalitionWordReply>
word_from_sections(const std::vector<Section>& sections) {
  return word_of(sections[0].text);
}

} // namespace

Result<CoalitionProposalReply> parse_coalition_proposal(const Reply& reply) {
  static const TolerantForm<CoalitionProposalReply> form{
    proposal_sections, proposal_from_object, proposal_from_sections,
    "propose with yes or no"};
  return parse_tolerantly(reply, form);
}

Result<CoalitionAnswerReply> parse_coalition_answer(const Reply& reply) {
  static const TolerantForm<CoalitionAnswerReply> form{
    answer_sections, answer_from_object, answer_from_sections,
    "decision to accept or reject"};
  return parse_tolerantly(reply, form);
}

Result<CoalitionWordReply> parse_coalition_word(const Reply& reply) {
  static const TolerantForm<CoalitionWordReply> form{
    word_sections, word_from_object, word_from_sections, "message"};
  return parse_tolerantly(reply, form);
}

} // namespace lab::actors

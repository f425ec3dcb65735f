#include "actors/participants/questions.hpp"

#include <algorithm>
#include <utility>

#include "actors/parse/names.hpp"
#include "actors/prompts/prompts.hpp"
#include "actors/prompts/talk_prompts.hpp"
#include "runtime/base/check.hpp"

namespace lab::actors {

namespace {

constexpr const char* no_move = "(no move)";
constexpr std::int32_t places_per_question = 4; // see Asking
constexpr std::size_t others_min = 2;           // of a coalition

Place place_of(const Asker& asker, const TurnState& state, const char* phase,
               std::int32_t number) {
  return {state.current.turn, phase, asker.id, number * places_per_question};
}

/// The place of a participant in the scenario.
std::int32_t index_of(const Asker& asker, const std::string& id) {
  const auto& all = asker.spec->scenario->participants;
  const auto found =
    std::ranges::find_if(all, [&](const auto& one) { return one.id == id; });
  LAB_CHECK(found != all.end(), "participant=" + id);
  return static_cast<std::int32_t>(found - all.begin());
}

/// Questions of one talk round: everybody's own offer, and an answer to each
/// participant.
std::int32_t first_of_round(const Asker& asker, std::int32_t round) {
  const auto count = std::ssize(asker.spec->scenario->participants);
  return round * (static_cast<std::int32_t>(count) + 1);
}

ParticipantView own_view(const Asker& asker, const TurnState& state) {
  return view_of(*asker.spec->scenario, state, asker.id);
}

CoalitionView coalition_of(const Asker& asker, const TurnState& state,
                           const CoalitionProposal& proposal,
                           const std::vector<Message>& words) {
  return coalition_view_of(*asker.spec->scenario, proposal, words,
                           state.current.turn, asker.id);
}

/// @param brief  gives the facts for a simulated model
template <class Brief>
Question question_of(const Asker& asker, std::vector<ChatMessage> messages,
                     const char* schema_name, std::string schema, Brief brief) {
  Question question;
  question.model = asker.own().model;
  question.messages = std::move(messages);
  question.schema_name = schema_name;
  question.schema = std::move(schema);
  if (asker.briefs)
    question.brief = brief(*asker.briefs);
  return question;
}

} // namespace

// --- Decide

Place QuestionKind<Decide>::place(const Asker& asker, const Decide& m) {
  return place_of(asker, *m.state, "decision", 0);
}

Question QuestionKind<Decide>::question(const Asker& asker, const Decide& m,
                                        const Place& place) {
  return question_of(asker, decision_messages(own_view(asker, *m.state)),
                     "decision", decision_schema(), [&](const auto& briefs) {
                       return briefs.for_decision(*m.state, place);
                     });
}

Result<DecisionMade> QuestionKind<Decide>::done(const Asker& asker,
                                                const Decide&,
                                                Asked<Decision> asked) {
  DecisionMade made;
  if (asked.value)
    made.decision = std::move(*asked.value);
  else if (asked.declined)
    made.decision.action = no_move;
  else
    return tl::unexpected(std::move(asked.unreadable));
  made.decision.participant = asker.id;
  made.decision.raw = std::move(asked.raw);
  made.decision.repaired = asked.repaired;
  made.decision.by = asked.by;
  made.decision.timed_out = asked.timed_out;
  made.time = asked.time;
  return made;
}

// --- OfferTalk

Place QuestionKind<OfferTalk>::place(const Asker& asker, const OfferTalk& m) {
  return place_of(asker, *m.state, "communication",
                  first_of_round(asker, m.round));
}

Question QuestionKind<OfferTalk>::question(const Asker& asker,
                                           const OfferTalk& m,
                                           const Place& place) {
  const auto view = own_view(asker, *m.state);
  return question_of(
    asker,
    talk_offer_messages(view, m.round, asker.spec->scenario->talks_per_turn),
    "talk_offer", talk_offer_schema(view),
    [&](const auto& briefs) { return briefs.for_talk_offer(*m.state, place); });
}

Result<TalkOffered> QuestionKind<OfferTalk>::done(const Asker& asker,
                                                  const OfferTalk&,
                                                  Asked<TalkOfferReply> asked) {
  TalkOffered offered;
  offered.time = asked.time;
  auto& talk = offered.talk;
  talk.initiator = asker.id;
  talk.ask_raw = std::move(asked.raw);
  if (!asked.value)
    return offered;
  talk.reasoning = std::move(asked.value->reasoning);
  auto target = participant_named(*asker.spec->scenario, asked.value->target);
  if (asked.value->initiate && !asked.value->message.empty() && !target.empty()
      && target != asker.id) {
    talk.target = std::move(target);
    talk.message = std::move(asked.value->message);
  }
  return offered;
}

// --- AnswerTalk

Place QuestionKind<AnswerTalk>::place(const Asker& asker, const AnswerTalk& m) {
  return place_of(asker, *m.state, "communication",
                  first_of_round(asker, m.round) + 1
                    + index_of(asker, m.talk.initiator));
}

Question QuestionKind<AnswerTalk>::question(const Asker& asker,
                                            const AnswerTalk& m,
                                            const Place& place) {
  const auto offer =
    offer_to(*asker.spec->scenario, m.talk, m.state->current.turn, asker.id);
  return question_of(
    asker, talk_answer_messages(own_view(asker, *m.state), offer),
    "talk_answer", talk_answer_schema(), [&](const auto& briefs) {
      return briefs.for_talk_answer(*m.state, m.talk, place);
    });
}

Result<TalkAnswered>
QuestionKind<AnswerTalk>::done(const Asker&, const AnswerTalk& m,
                               Asked<TalkAnswerReply> asked) {
  TalkAnswered answered{m.talk, asked.time};
  answered.talk.answer_raw = std::move(asked.raw);
  if (asked.value) {
    answered.talk.answer = std::move(asked.value->response);
    answered.talk.notes = std::move(asked.value->notes);
  }
  return answered;
}

// --- ProposeCoalition

Place QuestionKind<ProposeCoalition>::place(const Asker& asker,
                                            const ProposeCoalition& m) {
  return place_of(asker, *m.state, "coalition", 0);
}

Question QuestionKind<ProposeCoalition>::question(const Asker& asker,
                                                  const ProposeCoalition& m,
                                                  const Place& place) {
  const auto view = own_view(asker, *m.state);
  return question_of(asker, coalition_proposal_messages(view),
                     "coalition_proposal", coalition_proposal_schema(view),
                     [&](const auto& briefs) {
                       return briefs.for_coalition_proposal(*m.state, place);
                     });
}

Result<CoalitionProposed>
QuestionKind<ProposeCoalition>::done(const Asker& asker,
                                     const ProposeCoalition&,
                                     Asked<CoalitionProposalReply> asked) {
  CoalitionProposed proposed;
  proposed.time = asked.time;
  auto& proposal = proposed.proposal;
  proposal.proposer = asker.id;
  proposal.raw = std::move(asked.raw);
  if (!asked.value)
    return proposed;
  proposal.reasoning = std::move(asked.value->reasoning);
  auto members =
    participants_named(*asker.spec->scenario, asked.value->members);
  std::erase(members, asker.id);
  if (asked.value->propose && members.size() >= others_min
      && !asked.value->purpose.empty()) {
    proposal.members = std::move(members);
    proposal.purpose = std::move(asked.value->purpose);
  }
  return proposed;
}

// --- AnswerCoalition

Place QuestionKind<AnswerCoalition>::place(const Asker& asker,
                                           const AnswerCoalition& m) {
  return place_of(asker, *m.state, "coalition", 1 + 2 * m.number);
}

Question QuestionKind<AnswerCoalition>::question(const Asker& asker,
                                                 const AnswerCoalition& m,
                                                 const Place& place) {
  return question_of(
    asker,
    coalition_answer_messages(own_view(asker, *m.state),
                              coalition_of(asker, *m.state, m.proposal, {})),
    "coalition_answer", coalition_answer_schema(), [&](const auto& briefs) {
      return briefs.for_coalition_answer(*m.state, m.proposal, place);
    });
}

Result<CoalitionAnswered>
QuestionKind<AnswerCoalition>::done(const Asker& asker, const AnswerCoalition&,
                                    Asked<CoalitionAnswerReply> asked) {
  CoalitionAnswered answered;
  answered.time = asked.time;
  auto& answer = answered.answer;
  answer.participant = asker.id;
  answer.raw = std::move(asked.raw);
  if (asked.value) {
    answer.accepted = asked.value->accepted;
    answer.response = std::move(asked.value->response);
    answer.notes = std::move(asked.value->notes);
  }
  return answered;
}

// --- SpeakInCoalition

Place QuestionKind<SpeakInCoalition>::place(const Asker& asker,
                                            const SpeakInCoalition& m) {
  return place_of(asker, *m.state, "coalition", 2 + 2 * m.number);
}

Question QuestionKind<SpeakInCoalition>::question(const Asker& asker,
                                                  const SpeakInCoalition& m,
                                                  const Place& place) {
  return question_of(
    asker,
    coalition_word_messages(
      own_view(asker, *m.state),
      coalition_of(asker, *m.state, m.proposal, m.so_far)),
    "coalition_word", coalition_word_schema(), [&](const auto& briefs) {
      return briefs.for_coalition_word(*m.state, m.proposal, m.so_far, place);
    });
}

Result<CoalitionSpoken>
QuestionKind<SpeakInCoalition>::done(const Asker& asker,
                                     const SpeakInCoalition& m,
                                     Asked<CoalitionWordReply> asked) {
  CoalitionSpoken spoken;
  spoken.time = asked.time;
  spoken.message.raw = std::move(asked.raw);
  spoken.message.channel = "coalition";
  spoken.message.sender = asker.id;
  spoken.message.recipients.push_back(m.proposal.proposer);
  for (const auto& member : m.proposal.members)
    spoken.message.recipients.push_back(member);
  std::erase(spoken.message.recipients, asker.id);
  if (asked.value)
    spoken.message.text = std::move(asked.value->message);
  return spoken;
}

} // namespace lab::actors

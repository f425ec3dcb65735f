#pragma once

#include <optional>
#include <string>

#include "actors/parse/talk_replies.hpp"
#include "actors/participants/asking.hpp"
#include "actors/prompts/sim_brief.hpp"
#include "runtime/protocol/messages.hpp"

namespace lab::actors {

/// A participant, for those who word its questions.
struct Asker {
  Shared<RunSpec> spec;
  std::string id;
  std::optional<SimBriefs> briefs; // simulated models only

  const ParticipantSpec& own() const {
    return *spec->scenario->participant(id);
  }
};

/// One kind of question: where it is asked, how it is worded, how its reply is
/// read, and what it comes to. Pure. Specialised for every request that a
/// PARTICIPANT answers; numbers of places are those of docs/adr/0065.
template <class Request>
struct QuestionKind;

template <>
struct QuestionKind<Decide> {
  using Value = Decision;
  using Done = DecisionMade;
  static constexpr auto parse = parse_decision;

  static Place place(const Asker& asker, const Decide& m);
  static Question question(const Asker& asker, const Decide& m,
                           const Place& place);
  /// @errors reply_invalid: nobody can go on without a decision
  static Result<Done> done(const Asker& asker, const Decide& m,
                           Asked<Value> asked);
};

template <>
struct QuestionKind<OfferTalk> {
  using Value = TalkOfferReply;
  using Done = TalkOffered;
  static constexpr auto parse = parse_talk_offer;

  static Place place(const Asker& asker, const OfferTalk& m);
  static Question question(const Asker& asker, const OfferTalk& m,
                           const Place& place);
  static Result<Done> done(const Asker& asker, const OfferTalk& m,
                           Asked<Value> asked);
};

template <>
struct QuestionKind<AnswerTalk> {
  using Value = TalkAnswerReply;
  using Done = TalkAnswered;
  static constexpr auto parse = parse_talk_answer;

  static Place place(const Asker& asker, const AnswerTalk& m);
  static Question question(const Asker& asker, const AnswerTalk& m,
                           const Place& place);
  static Result<Done> done(const Asker& asker, const AnswerTalk& m,
                           Asked<Value> asked);
};

template <>
struct QuestionKind<ProposeCoalition> {
  using Value = CoalitionProposalReply;
  using Done = CoalitionProposed;
  static constexpr auto parse = parse_coalition_proposal;

  static Place place(const Asker& asker, const ProposeCoalition& m);
  static Question question(const Asker& asker, const ProposeCoalition& m,
                           const Place& place);
  static Result<Done> done(const Asker& asker, const ProposeCoalition& m,
                           Asked<Value> asked);
};

template <>
struct QuestionKind<AnswerCoalition> {
  using Value = CoalitionAnswerReply;
  using Done = CoalitionAnswered;
  static constexpr auto parse = parse_coalition_answer;

  static Place place(const Asker& asker, const AnswerCoalition& m);
  static Question question(const Asker& asker, const AnswerCoalition& m,
                           const Place& place);
  static Result<Done> done(const Asker& asker, const AnswerCoalition& m,
                           Asked<Value> asked);
};

template <>
struct QuestionKind<SpeakInCoalition> {
  using Value = CoalitionWordReply;
  using Done = CoalitionSpoken;
  static constexpr auto parse = parse_coalition_word;

  static Place place(const Asker& asker, const SpeakInCoalition& m);
  static Question question(const Asker& asker, const SpeakInCoalition& m,
                           const Place& place);
  static Result<Done> done(const Asker& asker, const SpeakInCoalition& m,
                           Asked<Value> asked);
};

} // namespace lab::actors

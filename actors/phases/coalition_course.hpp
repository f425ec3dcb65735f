#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/protocol/messages.hpp"

namespace lab::actors {

/// One proposed coalition on its way: the members' answers in any order, then,
/// when all accept, one word of each, the proposer first. Pure.
class CoalitionCourse {
public:
  /// @param proposal  without answers; with no members nothing was proposed
  explicit CoalitionCourse(CoalitionProposal proposal);

  /// The ids of all, proposer included, sorted: what makes two proposals the
  /// same one.
  std::vector<std::string> member_set() const;
  /// An earlier proposal names the same: nobody is asked.
  void skip_as_repeated();

  const CoalitionProposal& proposal() const { return proposal_; }
  /// Whether members have to be asked.
  bool asks() const;

  /// @param member  by place in `CoalitionProposal::members`
  void take_answer(std::size_t member, CoalitionAnswered answered);
  void take_word(CoalitionSpoken spoken);
  void take_failure(std::size_t member, Error why);

  bool all_answered() const;
  /// Who speaks next, by id; nobody before all have accepted, after a failure,
  /// and when all have spoken.
  std::optional<std::string> next_speaker() const;
  /// Nothing more is to be asked.
  bool ended() const;
  /// What was said in it after its purpose, oldest first.
  std::vector<Message> said() const;

  /// Of the first member, in order, that failed; nullptr without any.
  const Error* error() const;
  /// The answers at once, then the words one after the other.
  ModelTime time() const;
  void add_to(TurnRecord& record) const;

private:
  std::size_t speakers() const { return proposal_.members.size() + 1; }

  CoalitionProposal proposal_;
  std::map<std::size_t, CoalitionAnswered> answers_; // by member
  std::map<std::size_t, Error> failures_;            // by member or speaker
  std::vector<Message> words_; // one a speaker; no text: nothing was said
  ModelTime words_time_;
};

} // namespace lab::actors

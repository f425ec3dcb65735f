#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/protocol/messages.hpp"

namespace lab::actors {

/// One round of private talks as its results come in, in any order. A talk is a
/// chain of its own: an offer and, when it is one, its answer. Pure.
class TalkRound {
public:
  /// @param ids  of everybody, in scenario order
  explicit TalkRound(std::vector<std::string> ids);

  /// @returns who is to answer, by place in the scenario; nobody when the
  ///          initiator wants no talk
  std::optional<std::size_t> take_offer(std::size_t initiator,
                                        TalkOffered offered);
  void take_answer(std::size_t initiator, TalkAnswered answered);
  /// The offer, or its answer, failed.
  void take_failure(std::size_t initiator, Error why);

  const Talk& talk(std::size_t initiator) const;
  /// All talks have ended.
  bool complete() const { return open_ == 0; }
  /// Of the first initiator, in scenario order, whose talk failed.
  const Error* error() const;
  /// The longest chain, and all calls.
  ModelTime time() const;
  /// Adds talks and messages in scenario order: an offer, then its answer.
  void add_to(TurnRecord& record) const;

private:
  struct Chain {
    Talk talk;
    ModelTime time;
    std::optional<Error> error;
  };

  std::vector<std::string> ids_;
  std::vector<Chain> chains_; // by initiator
  std::size_t open_;
};

} // namespace lab::actors

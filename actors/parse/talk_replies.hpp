#pragma once

#include <string>
#include <vector>

#include "actors/parse/reply_parsers.hpp"

namespace lab::actors {

// Replies of private talks and coalitions, read by the rules of decisions:
// JSON, fenced or not, else labelled sections; known fields alone, printable,
// cut at their caps. Names stand as they were written (names.hpp reads them).

constexpr std::size_t message_chars_max = 2'000; // what others are told
constexpr std::size_t notes_chars_max = 4'000;
constexpr std::size_t purpose_chars_max = 500;
constexpr std::size_t name_chars_max = 200;
constexpr std::size_t members_max = 64;

struct TalkOfferReply {
  bool initiate = false;
  std::string target;  // as written
  std::string message; // empty: none, or "none"
  std::string reasoning;
};

/// @errors reply_invalid: whether a talk is wanted cannot be told
Result<TalkOfferReply> parse_talk_offer(const Reply& reply);

struct TalkAnswerReply {
  std::string response; // empty: "none"
  std::string notes;
};

/// @errors reply_invalid: no response
Result<TalkAnswerReply> parse_talk_answer(const Reply& reply);

struct CoalitionProposalReply {
  bool propose = false;
  std::vector<std::string> members; // as written
  std::string purpose;
  std::string reasoning;
};

/// @errors reply_invalid: whether a coalition is proposed cannot be told
Result<CoalitionProposalReply> parse_coalition_proposal(const Reply& reply);

struct CoalitionAnswerReply {
  bool accepted = false;
  std::string response;
  std::string notes;
};

/// @errors reply_invalid: neither a clear yes nor a no
Result<CoalitionAnswerReply> parse_coalition_answer(const Reply& reply);

struct CoalitionWordReply {
  std::string message; // empty: "none"
};

/// @errors reply_invalid: no message
Result<CoalitionWordReply> parse_coalition_word(const Reply& reply);

} // namespace lab::actors

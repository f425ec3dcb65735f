#pragma once

#include <string>

#include "runtime/protocol/messages.hpp"

// Calls and outcomes as tests of the gateway and the lanes need them.

namespace lab::llm::testing {

inline CallOwner owner_of(std::uint64_t run, std::uint64_t scope = 1) {
  CallOwner owner;
  owner.run = RunId{run};
  owner.user = "me";
  owner.scope = Digest128{scope, scope};
  return owner;
}

inline Place place_of(std::int32_t turn, std::string participant = "eu") {
  return {turn, "decision", std::move(participant), 0};
}

inline ChatRequest request_of(std::string text,
                              std::string model = "fake/tiny") {
  ChatRequest request;
  request.model = std::move(model);
  request.messages = {{ChatRole::system, "You decide."},
                      {ChatRole::user, std::move(text)}};
  request.output_cap = 100;
  return request;
}

inline IssueCall call_of(std::uint64_t run, std::int32_t turn = 1,
                         std::string text = "What now?") {
  IssueCall call;
  call.owner = owner_of(run);
  call.place = place_of(turn);
  call.request = request_of(std::move(text));
  return call;
}

} // namespace lab::llm::testing

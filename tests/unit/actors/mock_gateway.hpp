#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/protocol/actors.hpp"

namespace lab::testing {

/// What a mocked GATEWAY answers, and what it was asked.
struct GatewayScript {
  /// `to_string(place)` -> the reply's text. Other places fail with internal.
  std::map<std::string, std::string> replies;
  std::map<std::string, Error> errors;
  std::map<std::string, std::int64_t> latency_us;
  /// Places whose answers wait until the mock is sent their name.
  std::map<std::string, caf::typed_response_promise<CallAnswer>> held;
  std::vector<std::string> hold;

  std::vector<IssueCall> calls;

  const IssueCall* call_at(const std::string& place) const {
    for (const auto& call : calls)
      if (to_string(call.place) == place)
        return &call;
    return nullptr;
  }
};

/// GATEWAY, and the name of a held place: answer it now.
using MockGateway = GatewayActor::extend<caf::reacts_to<std::string>>;

MockGateway::behavior_type mock_gateway(MockGateway::pointer self,
                                        std::shared_ptr<GatewayScript> script);

} // namespace lab::testing

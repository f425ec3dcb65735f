#include "tests/unit/actors/mock_gateway.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "runtime/protocol/system.hpp"

namespace lab::testing {

namespace {

Result<CallAnswer> answer_at(const GatewayScript& script,
                             const std::string& place) {
  if (const auto error = script.errors.find(place);
      error != script.errors.end())
    return tl::unexpected(error->second);
  const auto reply = script.replies.find(place);
  if (reply == script.replies.end()) {
    ADD_FAILURE() << "an unexpected call at " << place;
    return fail(Errc::internal, place);
  }
  CallAnswer answer;
  answer.reply.text = reply->second;
  if (const auto latency = script.latency_us.find(place);
      latency != script.latency_us.end())
    answer.latency_us = latency->second;
  return answer;
}

} // namespace

MockGateway::behavior_type mock_gateway(MockGateway::pointer self,
                                        std::shared_ptr<GatewayScript> script) {
  return {
    [self, script](const IssueCall& m) -> caf::result<CallAnswer> {
      const auto place = to_string(m.place);
      script->calls.push_back(m);
      if (std::find(script->hold.begin(), script->hold.end(), place)
          == script->hold.end())
        return reply(answer_at(*script, place));
      auto promise = self->make_response_promise<CallAnswer>();
      script->held.emplace(place, promise);
      return promise;
    },
    [](const CancelRun&) { ADD_FAILURE() << "no phase cancels a run"; },
    [](const CreditGranted&) { ADD_FAILURE() << "no phase grants"; },
    [](const CreditRefused&) { ADD_FAILURE() << "no phase refuses"; },
    [](const IdentifyModel&) { return ModelIdentity{}; },
    [](const GetCallCounts&) {
      ADD_FAILURE() << "no phase counts";
      return CallCounts{};
    },
    [script](const std::string& place) {
      auto held = script->held.extract(place);
      ASSERT_FALSE(held.empty()) << place;
      if (auto answer = answer_at(*script, place))
        held.mapped().deliver(std::move(*answer));
      else
        held.mapped().deliver(to_caf(answer.error()));
    },
  };
}

} // namespace lab::testing

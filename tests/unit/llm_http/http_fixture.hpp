#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "llm/http/http_transport.hpp"
#include "llm/outcome.hpp"
#include "runtime/credit/credit_ledger.hpp"
#include "runtime/protocol/system.hpp"
#include "tests/unit/llm_http/scripted_server.hpp"

namespace lab::llm::testing {

/// A transport on a real Asio thread, speaking to servers of the test. Waits
/// end with the answer; a minute without one is a failed test.
class HttpTest : public ::testing::Test {
protected:
  static constexpr auto patience = std::chrono::minutes{1};

  HttpTest() {
    provider.name = "fake";
    provider.api_key = "sk-canary";
    provider.local = true;
    PriceRow row;
    row.input = Money{100};
    row.output = Money{200};
    row.tokenizer = Tokenizer::byte_level;
    provider.models["tiny"] = row;
  }

  ~HttpTest() override { drop_transport(); }

  void open(const std::string& base_url) {
    provider.base_url = base_url;
    auto opened = HttpTransport::open(
      host, provider,
      std::make_shared<PriceBook>(std::vector<ProviderSettings>{provider}),
      *permits, clock);
    ASSERT_TRUE(opened) << to_string(opened.error());
    transport = std::move(*opened);
  }
  void open(const ScriptedServer& server) {
    open("http://127.0.0.1:" + std::to_string(server.port()) + "/v1");
  }

  SpendPermit new_permit() {
    CallReserved reservation;
    reservation.attempt = AttemptId{Digest128{++last_attempt, 0}};
    EXPECT_TRUE(ledger.request(reservation));
    return ledger.permit(reservation.attempt);
  }

  static ChatRequest request_of(std::string text = "What now?") {
    ChatRequest request;
    request.model = "fake/tiny";
    request.messages = {{ChatRole::user, std::move(text)}};
    return request;
  }

  std::future<CallOutcome> post_later(SpendPermit permit, ChatRequest request) {
    auto promise = std::make_shared<std::promise<CallOutcome>>();
    boost::asio::post(
      host.context(), [this, promise, permit, request = std::move(request)] {
        transport->post(permit, request, [promise](CallOutcome outcome) {
          promise->set_value(std::move(outcome));
        });
      });
    return promise->get_future();
  }

  static CallOutcome wait(std::future<CallOutcome> outcome) {
    if (outcome.wait_for(patience) != std::future_status::ready) {
      ADD_FAILURE() << "the call did not end";
      return {};
    }
    return outcome.get();
  }

  CallOutcome post(ChatRequest request = request_of()) {
    return wait(post_later(new_permit(), std::move(request)));
  }

  /// Runs `work` on the Asio thread and waits for it.
  template <class Work>
  void on_asio(Work work) {
    std::promise<void> done;
    boost::asio::post(host.context(), [&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }

  bool look() {
    auto promise = std::make_shared<std::promise<bool>>();
    on_asio([&] {
      transport->look([promise](bool reached) { promise->set_value(reached); });
    });
    return promise->get_future().get();
  }

  Result<std::string> identify(const std::string& model) {
    auto promise = std::make_shared<std::promise<Result<std::string>>>();
    on_asio([&] {
      transport->identify(model, [promise](Result<std::string> told) {
        promise->set_value(std::move(told));
      });
    });
    return promise->get_future().get();
  }

  void drop_transport() {
    if (transport)
      on_asio([this] { transport.reset(); });
  }

  SystemConfig config{1};
  caf::actor_system system{config};
  AsioHost host{system};
  std::shared_ptr<PermitRegister> permits = std::make_shared<PermitRegister>();
  runtime::CreditLedger ledger{permits};
  std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>();
  ProviderSettings provider;
  std::unique_ptr<HttpTransport> transport;
  std::uint64_t last_attempt = 0;
};

/// A reply of the OpenAI dialect.
inline std::string reply_json(const std::string& text) {
  return R"({"model":"tiny","choices":[{"finish_reason":"stop","message":)"
         R"({"role":"assistant","content":")"
         + text
         + R"("}}],"usage":{"prompt_tokens":10,"completion_tokens":5,)"
           R"("total_tokens":15}})";
}

/// Serves good replies "1", "2", … on one connection.
inline void serve(Peer& peer) {
  for (int n = 1; !peer.read_request().empty(); ++n)
    if (!peer.write(response(200, reply_json(std::to_string(n)))))
      return;
}

} // namespace lab::llm::testing

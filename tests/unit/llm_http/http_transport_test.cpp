#include <gmock/gmock.h>

#include "llm/http/http_transport.hpp"
#include "tests/unit/llm_http/http_fixture.hpp"

namespace lab::llm::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class HttpTransportTest : public HttpTest {
protected:
  static constexpr auto short_deadline = 300ms;

  /// Posts one call to a server that does `script`.
  CallOutcome post_to(ScriptedServer::Script script) {
    ScriptedServer server{{std::move(script)}};
    open(server);
    auto outcome = post();
    drop_transport();
    return outcome;
  }
  /// Answers the request with these bytes and closes.
  static ScriptedServer::Script say(std::string bytes) {
    return [bytes = std::move(bytes)](Peer& peer) {
      peer.read_request();
      peer.write(bytes);
    };
  }
};

// --- What goes out ----------------------------------------------------------

TEST_F(HttpTransportTest, ARequestHasWhatTheServerNeedsAndNothingMore) {
  std::string seen;
  ScriptedServer server{{[&](Peer& peer) {
    seen = peer.read_request();
    peer.write(response(200, reply_json("yes")));
    peer.wait_closed();
  }}};
  open(server);

  const auto outcome = post();
  drop_transport();

  EXPECT_EQ(outcome.resolution, Resolution::settled);
  ASSERT_TRUE(outcome.reply.has_value());
  EXPECT_EQ(outcome.reply->text, "yes");
  EXPECT_EQ(outcome.bill, Money{10 * 100 + 5 * 200});
  EXPECT_GT(outcome.latency_us, 0);
  EXPECT_THAT(seen, StartsWith("POST /v1/chat/completions HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("Host: 127.0.0.1:" + std::to_string(server.port())
                              + "\r\n"));
  EXPECT_THAT(seen, HasSubstr("Accept-Encoding: identity\r\n"));
  EXPECT_THAT(seen, HasSubstr("Bearer sk-canary\r\n"));
  EXPECT_THAT(seen, HasSubstr("\"model\":\"tiny\""));
  EXPECT_THAT(seen, HasSubstr("What now?"));
}

TEST_F(HttpTransportTest, APermitIsRedeemedOnceAndNeverWithoutTheLedger) {
  ScriptedServer server{{serve}};
  open(server);
  const auto permit = new_permit();

  const auto first = wait(post_later(permit, request_of()));
  const auto again = wait(post_later(permit, request_of()));
  const auto forged = wait(post_later(SpendPermit{}, request_of()));

  EXPECT_EQ(first.resolution, Resolution::settled);
  for (const auto& refused : {again, forged}) {
    EXPECT_EQ(refused.resolution, Resolution::voided);
    EXPECT_EQ(refused.reason, reason::permit_refused);
    EXPECT_FALSE(refused.retry);
  }
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(permits->open(), 0u);
}

TEST_F(HttpTransportTest, WhatCannotBePutOnTheWireKeepsItsPermit) {
  ScriptedServer server{{serve}};
  open(server);
  auto request = request_of();
  request.messages.clear();

  const auto outcome = post(request);

  EXPECT_EQ(outcome.resolution, Resolution::voided);
  EXPECT_EQ(outcome.reason, reason::not_sendable);
  EXPECT_EQ(server.connections(), 0);
}

// --- Connections ------------------------------------------------------------

TEST_F(HttpTransportTest, AConnectionIsUsedAgain) {
  ScriptedServer server{{serve}};
  open(server);

  EXPECT_EQ(post().reply->text, "1");
  EXPECT_EQ(post().reply->text, "2");
  EXPECT_EQ(post().reply->text, "3");
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpTransportTest, CallsAtTheSameTimeHaveConnectionsOfTheirOwn) {
  std::promise<void> both;
  auto go = both.get_future().share();
  ScriptedServer server{{[go](Peer& peer) {
    const auto request = peer.read_request();
    go.wait();
    peer.write(response(
      200, reply_json(request.find("first") != std::string::npos ? "1" : "2")));
  }}};
  open(server);
  auto first = post_later(new_permit(), request_of("first"));
  auto second = post_later(new_permit(), request_of("second"));

  both.set_value();

  EXPECT_EQ(wait(std::move(first)).reply->text, "1");
  EXPECT_EQ(wait(std::move(second)).reply->text, "2");
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpTransportTest, AConnectionTheServerClosedWhileIdleIsNoAttempt) {
  std::promise<void> closed;
  ScriptedServer server{{[&](Peer& peer) {
                           peer.read_request();
                           peer.write(response(200, reply_json("1")));
                           peer.close();
                           closed.set_value();
                         },
                         serve}};
  open(server);
  EXPECT_EQ(post().reply->text, "1");
  closed.get_future().wait();

  const auto outcome = post();

  EXPECT_EQ(outcome.resolution, Resolution::settled);
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpTransportTest, AConnectionThatSaysCloseIsNotUsedAgain) {
  ScriptedServer server{
    {say(response(200, reply_json("1"), "Connection: close\r\n")), serve}};
  open(server);

  EXPECT_EQ(post().reply->text, "1");
  EXPECT_EQ(post().reply->text, "1");
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpTransportTest, AnEndOfAUsedConnectionAfterTheRequestIsUnknown) {
  ScriptedServer server{{[](Peer& peer) {
    peer.read_request();
    peer.write(response(200, reply_json("1")));
    peer.read_request(); // and not a word
  }}};
  open(server);
  EXPECT_EQ(post().reply->text, "1");

  const auto outcome = post();

  EXPECT_EQ(outcome.resolution, Resolution::unknown);
  EXPECT_EQ(outcome.reason, reason::connection_lost);
  EXPECT_EQ(server.connections(), 1) << "never sent again in silence";
}

TEST_F(HttpTransportTest, BytesBehindAResponseDoNotPoisonTheNextCall) {
  const auto poison = response(200, reply_json("poison"));
  ScriptedServer server{{[&](Peer& peer) {
                           peer.read_request();
                           peer.write(response(200, reply_json("mine"))
                                      + poison);
                           peer.wait_closed();
                         },
                         serve}};
  open(server);

  EXPECT_EQ(post().reply->text, "mine");
  EXPECT_EQ(post().reply->text, "1");
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpTransportTest, UnsolicitedBytesOnAnIdleConnectionEndIt) {
  std::promise<void> first_came;
  std::promise<void> poisoned;
  ScriptedServer server{{[&](Peer& peer) {
                           peer.read_request();
                           peer.write(response(200, reply_json("mine")));
                           first_came.get_future().wait();
                           peer.write(response(200, reply_json("poison")));
                           poisoned.set_value();
                           peer.wait_closed();
                         },
                         serve}};
  open(server);
  EXPECT_EQ(post().reply->text, "mine");
  first_came.set_value();
  poisoned.get_future().wait();

  EXPECT_EQ(post().reply->text, "1");
}

TEST_F(HttpTransportTest, AnInterimResponseIsNotTheAnswer) {
  ScriptedServer server{{[](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
    peer.write(response(200, reply_json("later")));
    peer.wait_closed();
  }}};
  open(server);

  EXPECT_EQ(post().reply->text, "later");
}

// --- Not reached ------------------------------------------------------------

TEST_F(HttpTransportTest, ARefusedConnectionIsVoidedAndTriedAgain) {
  open("http://127.0.0.1:" + std::to_string(free_port()) + "/v1");

  const auto outcome = post();

  EXPECT_EQ(outcome.resolution, Resolution::voided);
  EXPECT_EQ(outcome.reason, reason::connect_failed);
  EXPECT_EQ(outcome.error.code, Errc::provider_unreachable);
  EXPECT_TRUE(outcome.retry);
  EXPECT_FALSE(look());
}

TEST_F(HttpTransportTest, LookingConnectsAndSendsNothing) {
  std::string seen = "nothing yet";
  std::promise<void> ended;
  ScriptedServer server{{[&](Peer& peer) {
    seen = peer.read_some(100);
    ended.set_value();
  }}};
  open(server);

  EXPECT_TRUE(look());

  ended.get_future().wait();
  EXPECT_EQ(seen, "");
}

TEST_F(HttpTransportTest, AHostThatDoesNotExistIsVoided) {
  provider.connect_timeout = 5s;
  open("http://no-such-host.invalid:8080/v1");

  const auto outcome = post();

  EXPECT_EQ(outcome.resolution, Resolution::voided);
  EXPECT_EQ(outcome.reason, reason::dns_failed);
}

TEST_F(HttpTransportTest, AddressesOfCloudSecretsAreNotConnectedTo) {
  open("http://169.254.169.254/v1");

  const auto outcome = post();

  EXPECT_EQ(outcome.resolution, Resolution::voided);
  EXPECT_THAT(outcome.error.context, HasSubstr("not one to connect to"));
}

TEST_F(HttpTransportTest, ARedirectIsNotFollowed) {
  ScriptedServer elsewhere{{serve}};
  const auto target = "http://127.0.0.1:" + std::to_string(elsewhere.port());
  for (const int status : {301, 302, 307, 308}) {
    const auto outcome =
      post_to(say(response(status, "", "Location: " + target + "/v1\r\n")));

    EXPECT_EQ(outcome.resolution, Resolution::voided);
    EXPECT_EQ(outcome.reason, reason::redirected);
    EXPECT_FALSE(outcome.retry);
  }
  EXPECT_EQ(elsewhere.connections(), 0);
}

// --- Sent in part -----------------------------------------------------------

TEST_F(HttpTransportTest, AResetWhileWeSendIsVoided) {
  ScriptedServer server{{[](Peer& peer) {
                          peer.read_some(1'000);
                          peer.reset();
                        }},
                        4'096};
  open(server);

  const auto outcome = post(request_of(std::string(std::size_t{8} << 20, 'x')));

  EXPECT_EQ(outcome.resolution, Resolution::voided);
  EXPECT_EQ(outcome.reason, reason::write_incomplete);
}

TEST_F(HttpTransportTest, AServerThatStopsReadingMeetsTheDeadline) {
  provider.call_timeout = short_deadline;
  ScriptedServer server{{[](Peer& peer) { peer.stop_reading(); }}, 4'096};
  open(server);

  const auto outcome = post(request_of(std::string(std::size_t{8} << 20, 'x')));

  EXPECT_EQ(outcome.resolution, Resolution::voided);
  EXPECT_EQ(outcome.reason, reason::write_incomplete);
}

// --- Sent, and no whole answer ----------------------------------------------

TEST_F(HttpTransportTest, SilenceMeetsTheDeadlineAndIsUnknown) {
  provider.call_timeout = short_deadline;

  const auto outcome = post_to([](Peer& peer) {
    peer.read_request();
    peer.wait_closed();
  });

  EXPECT_EQ(outcome.resolution, Resolution::unknown);
  EXPECT_EQ(outcome.reason, reason::deadline);
  EXPECT_EQ(outcome.error.code, Errc::provider_timeout);
  EXPECT_GE(outcome.latency_us, 300'000);
}

TEST_F(HttpTransportTest, ADrippingBodyDoesNotMoveTheDeadline) {
  provider.call_timeout = short_deadline;

  const auto outcome = post_to([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    std::promise<void> never;
    const auto tick = never.get_future();
    while (peer.write("x"))
      tick.wait_for(20ms);
  });

  EXPECT_EQ(outcome.resolution, Resolution::unknown);
  EXPECT_EQ(outcome.reason, reason::deadline);
}

TEST_F(HttpTransportTest, AResetInTheMiddleOfTheBodyIsUnknown) {
  const auto outcome = post_to([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"mod");
    peer.reset();
  });

  EXPECT_EQ(outcome.resolution, Resolution::unknown);
  EXPECT_TRUE(outcome.retry);
}

TEST_F(HttpTransportTest, ABodyThatIsCutNeverReachesAnybody) {
  const auto whole = reply_json("whole");
  const auto chunk = [&](std::size_t claimed) {
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", claimed);
    return size + whole + "\r\n";
  };
  const std::string chunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string cut[] = {
    // Shorter than it says.
    "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + whole,
    // No last chunk.
    chunked + chunk(whole.size()),
    // A chunk of another size than it says.
    chunked + chunk(whole.size() + 1) + "0\r\n\r\n",
    // Longer than it says: what counts is cut, and no JSON.
    "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n" + whole,
  };
  for (const auto& bytes : cut) {
    const auto outcome = post_to(say(bytes));

    EXPECT_EQ(outcome.resolution, Resolution::unknown) << bytes;
    EXPECT_FALSE(outcome.reply.has_value());
  }
}

TEST_F(HttpTransportTest, WhatIsNoReplyIsUnknown) {
  const std::string garbage[] = {
    response(200, "<html>hello</html>", "Content-Type: text/html\r\n"),
    response(200, ""),
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabc",
    "hello, who is there?\r\n\r\n",
    "\r\n\r\n\r\n",
    std::string(100, '\0'),
    "",
  };
  for (const auto& bytes : garbage) {
    const auto outcome = post_to(say(bytes));

    EXPECT_EQ(outcome.resolution, Resolution::unknown) << bytes;
    EXPECT_FALSE(outcome.reply.has_value());
  }
}

TEST_F(HttpTransportTest, AReplyThatIsTooLargeIsCut) {
  const auto claimed =
    post_to(say("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nxxx"));
  const auto endless = post_to([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const auto chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
    while (peer.write(chunk)) {
    }
  });
  const auto headers = post_to([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\n");
    while (peer.write("X-Filler: " + std::string(1'000, 'x') + "\r\n")) {
    }
  });

  for (const auto& outcome : {claimed, endless, headers}) {
    EXPECT_EQ(outcome.resolution, Resolution::unknown);
    EXPECT_EQ(outcome.reason, reason::reply_oversize);
    EXPECT_FALSE(outcome.retry);
  }
}

// --- Cut by us --------------------------------------------------------------

TEST_F(HttpTransportTest, AnAbortedCallThatWasSentIsUnknown) {
  std::promise<void> arrived;
  ScriptedServer server{{[&](Peer& peer) {
    peer.read_request();
    arrived.set_value();
    peer.wait_closed();
  }}};
  open(server);
  const auto permit = new_permit();
  auto outcome = post_later(permit, request_of());
  arrived.get_future().wait();

  on_asio([&] { transport->abort(permit.attempt()); });

  const auto ended = wait(std::move(outcome));
  EXPECT_EQ(ended.resolution, Resolution::unknown);
  EXPECT_EQ(ended.reason, reason::cancelled);
  EXPECT_FALSE(ended.retry);
}

TEST_F(HttpTransportTest, AnAbortBeforeAnythingWasSentIsVoided) {
  ScriptedServer server{{serve}};
  open(server);
  const auto permit = new_permit();
  std::promise<CallOutcome> promise;

  on_asio([&] {
    transport->post(permit, request_of(), [&](CallOutcome outcome) {
      promise.set_value(std::move(outcome));
    });
    transport->abort(permit.attempt());
  });

  const auto ended = wait(promise.get_future());
  EXPECT_EQ(ended.resolution, Resolution::voided);
  EXPECT_EQ(ended.reason, reason::cancelled);
}

TEST_F(HttpTransportTest, ATransportThatGoesCutsWhatIsOnTheWire) {
  std::promise<void> arrived;
  std::promise<void> closed;
  ScriptedServer server{{[&](Peer& peer) {
    peer.read_request();
    arrived.set_value();
    peer.wait_closed();
    closed.set_value();
  }}};
  open(server);
  auto outcome = post_later(new_permit(), request_of());
  arrived.get_future().wait();

  drop_transport();

  EXPECT_EQ(closed.get_future().wait_for(patience), std::future_status::ready);
  EXPECT_THROW(outcome.get(), std::future_error) << "nobody is told";
}

// --- Digests ----------------------------------------------------------------

TEST_F(HttpTransportTest, AServerOfOurOwnIsAskedForTheDigestOfAModel) {
  std::string seen;
  ScriptedServer server{{[&](Peer& peer) {
    seen = peer.read_request();
    peer.write(
      response(200, R"({"models":[{"name":"tiny:latest","digest":"aabb"}]})"));
  }}};
  provider.dialect = Dialect::ollama;
  open(server);

  const auto told = identify("tiny");

  ASSERT_TRUE(told) << to_string(told.error());
  EXPECT_EQ(*told, "aabb");
  EXPECT_THAT(seen, StartsWith("GET /api/tags HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("Bearer sk-canary\r\n"));
}

TEST_F(HttpTransportTest, OthersAreNotAskedForDigests) {
  ScriptedServer server{{serve}};
  open(server);

  EXPECT_EQ(identify("tiny").value(), "");
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(HttpTransportTest, AServerThatListsNothingIsAnError) {
  provider.dialect = Dialect::ollama;
  for (const auto& script :
       {say(response(404, "{}")), say("nonsense\r\n\r\n"),
        ScriptedServer::Script{[](Peer& peer) { peer.reset(); }}}) {
    ScriptedServer server{{script}};
    open(server);
    const auto told = identify("tiny");
    drop_transport();
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code, Errc::provider_unreachable);
  }
}

// --- Opening ----------------------------------------------------------------

TEST_F(HttpTransportTest, ABaseUrlOrTrustThatIsNoneIsAnError) {
  auto far = provider;
  far.local = false;
  far.base_url = "http://llm.example/v1";
  auto untrusted = provider;
  untrusted.base_url = "https://llm.example/v1";
  untrusted.ca_file = "/no/such/file.pem";
  for (const auto& bad : {far, untrusted}) {
    const auto opened = HttpTransport::open(
      host, bad,
      std::make_shared<PriceBook>(std::vector<ProviderSettings>{bad}), *permits,
      clock);

    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::invalid_input);
  }
}

} // namespace
} // namespace lab::llm::testing

#include <cstdio>
#include <fstream>

#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include "llm/http/site.hpp"
#include "tests/unit/llm_http/http_fixture.hpp"
#include "tests/unit/llm_http/tls_identity.hpp"

namespace lab::llm::testing {
namespace {

using ::testing::HasSubstr;

class TlsTest : public HttpTest {
protected:
  void TearDown() override { std::remove(ca_file().c_str()); }

  static std::string ca_file() {
    return ::testing::TempDir() + "lab-tls-test-ca.pem";
  }
  void trust(const TlsIdentity& identity) {
    std::ofstream{ca_file()} << identity.certificate_pem;
    provider.ca_file = ca_file();
  }

  /// Posts one call to a TLS server with this identity.
  CallOutcome post_to(const TlsIdentity& identity, int newest = 0) {
    ScriptedServer server{{[&](Peer& peer) {
      seen =
        serve_tls(peer, identity, response(200, reply_json("safe")), newest);
    }}};
    open("https://localhost:" + std::to_string(server.port()) + "/v1");
    auto outcome = post();
    drop_transport();
    return outcome;
  }

  void expect_distrusted(const CallOutcome& outcome) {
    EXPECT_EQ(outcome.resolution, Resolution::voided);
    EXPECT_EQ(outcome.reason, reason::tls_failed);
    EXPECT_FALSE(outcome.retry);
    EXPECT_EQ(seen, "") << "not a byte of a request";
  }

  std::string seen; // by the server, decrypted
};

TEST_F(TlsTest, ATrustedServerIsSpokenTo) {
  const auto identity = make_identity("localhost");
  trust(identity);

  const auto outcome = post_to(identity);

  EXPECT_EQ(outcome.resolution, Resolution::settled)
    << to_string(outcome.error);
  EXPECT_THAT(seen, HasSubstr("Bearer sk-canary"));
}

TEST_F(TlsTest, AServerNobodyVouchesForGetsNothing) {
  const auto outcome = post_to(make_identity("localhost"));

  expect_distrusted(outcome);
  EXPECT_THAT(outcome.error.context, HasSubstr("self-signed"));
}

TEST_F(TlsTest, AServerOfAnotherNameGetsNothing) {
  const auto identity = make_identity("elsewhere.example");
  trust(identity);

  expect_distrusted(post_to(identity));
}

TEST_F(TlsTest, AnExpiredCertificateGetsNothing) {
  const auto identity = make_identity("localhost", -1);
  trust(identity);

  const auto outcome = post_to(identity);

  expect_distrusted(outcome);
  EXPECT_THAT(outcome.error.context, HasSubstr("expired"));
}

TEST_F(TlsTest, OldProtocolVersionsAreRefused) {
  const auto identity = make_identity("localhost");
  trust(identity);

  expect_distrusted(post_to(identity, TLS1_1_VERSION));
  EXPECT_EQ(post_to(identity, TLS1_2_VERSION).resolution, Resolution::settled);
}

TEST_F(TlsTest, AServerThatHangsUpDuringTheHandshakeGetsNothing) {
  ScriptedServer server{{[](Peer& peer) { peer.read_some(10); }}};
  open("https://localhost:" + std::to_string(server.port()) + "/v1");

  const auto outcome = post();

  EXPECT_EQ(outcome.resolution, Resolution::voided);
  EXPECT_EQ(outcome.reason, reason::tls_failed);
}

TEST(MayConnect, AddressesNoModelLivesAtAreRefused) {
  const auto may = [](const char* address, bool tls, bool local) {
    return may_connect(boost::asio::ip::make_address(address), tls, local);
  };
  for (const char* never :
       {"169.254.169.254", "fe80::1", "0.0.0.0", "0.1.2.3", "::", "224.0.0.1",
        "ff02::1", "::ffff:169.254.169.254"}) {
    EXPECT_FALSE(may(never, true, false)) << never;
    EXPECT_FALSE(may(never, false, true)) << never;
  }
  for (const char* here : {"127.0.0.1", "127.9.9.9", "::1"})
    EXPECT_TRUE(may(here, false, false)) << here;
  for (const char* elsewhere : {"10.0.0.5", "192.168.1.20", "93.184.216.34"}) {
    EXPECT_FALSE(may(elsewhere, false, false)) << elsewhere;
    EXPECT_TRUE(may(elsewhere, false, true)) << elsewhere;
    EXPECT_TRUE(may(elsewhere, true, false)) << elsewhere;
  }
}

} // namespace
} // namespace lab::llm::testing

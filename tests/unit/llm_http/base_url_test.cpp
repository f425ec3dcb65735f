#include <gtest/gtest.h>

#include "llm/http/base_url.hpp"

namespace lab::llm {
namespace {

struct Case {
  const char* text;
  bool local;
  bool tls;
  const char* host;
  std::uint16_t port;
  const char* authority;
};

TEST(BaseUrl, ReadsSchemeHostAndPort) {
  const Case cases[] = {
    {"https://api.openai.com/v1", false, true, "api.openai.com", 443,
     "api.openai.com"},
    {"https://API.OpenAI.com", false, true, "api.openai.com", 443,
     "api.openai.com"},
    {"https://llm.example:8443/x/y", false, true, "llm.example", 8443,
     "llm.example:8443"},
    {"http://localhost:11434", false, false, "localhost", 11434,
     "localhost:11434"},
    {"http://127.0.0.1", false, false, "127.0.0.1", 80, "127.0.0.1"},
    {"http://[::1]:8080/v1", false, false, "::1", 8080, "[::1]:8080"},
    {"http://192.168.1.20:8000", true, false, "192.168.1.20", 8000,
     "192.168.1.20:8000"},
  };
  for (const auto& c : cases) {
    const auto url = parse_base_url(c.text, c.local);

    ASSERT_TRUE(url) << c.text << ": " << to_string(url.error());
    EXPECT_EQ(url->tls, c.tls) << c.text;
    EXPECT_EQ(url->host, c.host);
    EXPECT_EQ(url->port, c.port);
    EXPECT_EQ(url->authority(), c.authority);
  }
}

TEST(BaseUrl, RefusesWhatCouldCarryTheKeyElsewhere) {
  for (const char* text : {"",
                           "api.openai.com",
                           "ftp://api.openai.com",
                           "https://",
                           "https://user@host/",
                           "https://host?x=1",
                           "https://host#x",
                           "https://host:0",
                           "https://host:65536",
                           "https://host:80x",
                           "https://host:",
                           "https://ho st",
                           "https://ho\nst",
                           "https://[::1",
                           "https://[::g]",
                           "https://[::1]x",
                           "https://a%2fb",
                           "http://api.openai.com/v1",
                           "http://192.168.1.20:8000",
                           "http://127.0.0.1.evil.example",
                           "http://localhost.evil.example"}) {
    const auto url = parse_base_url(text, false);

    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, Errc::invalid_input);
  }
}

} // namespace
} // namespace lab::llm

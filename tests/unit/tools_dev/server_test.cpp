#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/dev/provider_process.hpp"

namespace lab::tools {
namespace {

/// A plain blocking connection: the test must see what is really sent.
class Connection {
public:
  explicit Connection(std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(
      ::connect(socket_, reinterpret_cast<sockaddr*>(&place), sizeof place), 0);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { ::close(socket_); }

  void ask(const std::string& prompt) {
    const auto body = R"({"model":"tiny","max_tokens":20,"messages":[)"
                      R"({"role":"user","content":")"
                      + prompt + R"("}]})";
    const auto request = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"
                         "Content-Type: application/json\r\nContent-Length: "
                         + std::to_string(body.size()) + "\r\n\r\n" + body;
    EXPECT_EQ(::send(socket_, request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
  }

  /// What arrives next; empty when the server has closed.
  std::string receive() {
    std::string bytes(64 << 10, '\0');
    const auto count = ::recv(socket_, bytes.data(), bytes.size(), 0);
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
  }

private:
  int socket_;
};

class FakeProviderServer : public ::testing::Test {
protected:
  FakeProviderServer()
    : folder_(std::filesystem::temp_directory_path()
              / ("lab-fake-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~FakeProviderServer() override { std::filesystem::remove_all(folder_); }

  ProviderProcess start(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--log", log()});
    auto started =
      ProviderProcess::start(LAB_BIN_DIR "/fake_provider", arguments);
    EXPECT_TRUE(started) << to_string(started.error());
    return std::move(*started);
  }

  std::string log() const { return (folder_ / "bill.jsonl").string(); }

  std::string logged() const {
    std::ifstream file{log()};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

  std::string faults(std::string_view text) const {
    const auto path = folder_ / "faults.json";
    std::ofstream{path} << text;
    return path.string();
  }

private:
  std::filesystem::path folder_;
};

TEST_F(FakeProviderServer, TheBillIsInTheLogWhenTheReplyArrives) {
  const auto provider = start({});
  Connection connection{provider.port()};

  for (int i = 0; i < 20; ++i) {
    connection.ask(std::to_string(i));
    const auto reply = connection.receive();

    ASSERT_TRUE(reply.starts_with("HTTP/1.1 200")) << reply;
    const auto lines = logged();
    ASSERT_EQ(std::count(lines.begin(), lines.end(), '\n'), i + 1);
  }
}

TEST_F(FakeProviderServer, AResetReplyIsCutAndBilled) {
  const auto script = faults(R"({"rules":[{"fault":"reset","bytes":40}]})");
  const auto provider = start({"--faults", script});
  Connection connection{provider.port()};

  connection.ask("hello");
  std::string all;
  for (auto part = connection.receive(); !part.empty();
       part = connection.receive())
    all += part;

  EXPECT_LE(all.size(), 40U);
  EXPECT_NE(logged().find(R"("billed":true,"outcome":"reset")"),
            std::string::npos);
}

TEST_F(FakeProviderServer, AnIdleConnectionIsClosedWhenTheScriptSaysSo) {
  const auto script =
    faults(R"({"rules":[{"fault":"close_idle","variant":"on_next_request"}]})");
  const auto provider = start({"--faults", script});
  Connection connection{provider.port()};

  connection.ask("first");
  EXPECT_TRUE(connection.receive().starts_with("HTTP/1.1 200"));
  connection.ask("second");
  EXPECT_EQ(connection.receive(), "");

  const auto lines = logged();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1);
}

TEST_F(FakeProviderServer, WhatWasNotAnsweredAtTheEndIsLoggedUnbilled) {
  {
    const auto provider = start({"--latency-ms", "3600000"});
    Connection slow{provider.port()};
    slow.ask("never answered");
    Connection bad{provider.port()};
    // A refusal has no latency: once it is here, the first request is known.
    bad.ask("\\");
    EXPECT_TRUE(bad.receive().starts_with("HTTP/1.1 400"));
  }

  EXPECT_NE(logged().find(R"("billed":false,"outcome":"shutdown")"),
            std::string::npos)
    << logged();
}

TEST_F(FakeProviderServer, ItEndsByItselfAfterTheAnswersItWasAllowed) {
  const auto provider = start({"--max-requests", "2"});
  Connection connection{provider.port()};

  connection.ask("one");
  EXPECT_FALSE(connection.receive().empty());
  connection.ask("two");
  EXPECT_FALSE(connection.receive().empty());

  EXPECT_EQ(connection.receive(), "");
}

} // namespace
} // namespace lab::tools

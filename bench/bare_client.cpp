#include "bench/bare_client.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "runtime/base/json.hpp"

namespace lab::bench {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

struct Shared {
  asio::io_context io{1};
  tcp::endpoint server;
  http::request<http::string_body> request;
  std::int64_t left = 0; // calls not yet begun
  LoopResult result;
};

/// One connection's loop: connect, then send, receive, again.
class Connection : public std::enable_shared_from_this<Connection> {
public:
  explicit Connection(Shared& shared) : shared_(shared), socket_(shared.io) {}

  void connect() {
    socket_.async_connect(shared_.server,
                          [self = shared_from_this()](error_code failed) {
                            if (!failed)
                              self->socket_.set_option(tcp::no_delay(true));
                            failed ? self->give_up() : self->send();
                          });
  }

private:
  void send() {
    if (shared_.left == 0)
      return;
    --shared_.left;
    http::async_write(
      socket_, shared_.request,
      [self = shared_from_this()](error_code failed, std::size_t) {
        failed ? self->give_up() : self->receive();
      });
  }

  void receive() {
    response_.emplace();
    http::async_read(
      socket_, buffer_, *response_,
      [self = shared_from_this()](error_code failed, std::size_t) {
        failed ? self->give_up() : self->received();
      });
  }

  void received() {
    const bool good = response_->result_int() == 200
                      && json::parse(response_->body()).has_value();
    ++(good ? shared_.result.calls : shared_.result.failed);
    send();
  }

  void give_up() { ++shared_.result.failed; }

  Shared& shared_;
  tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::response<http::string_body>> response_;
};

} // namespace

LoopResult run_bare_client(std::uint16_t port, std::int64_t connections,
                           std::int64_t calls, const std::string& body) {
  Shared shared;
  shared.server = {asio::ip::address_v4::loopback(), port};
  shared.request = {http::verb::post, "/v1/chat/completions", 11};
  shared.request.set(http::field::host, "127.0.0.1");
  shared.request.set(http::field::content_type, "application/json");
  shared.request.body() = body;
  shared.request.prepare_payload();
  shared.left = calls;
  const auto begun = std::chrono::steady_clock::now();
  for (std::int64_t i = 0; i < connections; ++i)
    std::make_shared<Connection>(shared)->connect();
  shared.io.run();
  shared.result.seconds =
    std::chrono::duration<double>(std::chrono::steady_clock::now() - begun)
      .count();
  return shared.result;
}

} // namespace lab::bench

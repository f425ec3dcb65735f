#include "tools/dev/fake_provider/server.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace lab::tools::fake {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint64_t body_bytes_max = std::uint64_t{64} << 20;
constexpr std::uint32_t head_bytes_max = 64 << 10;

std::int64_t wall_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch())
    .count();
}

class Server;

/// One connection: reads a request, hands it over, sends what it is given.
class Session : public std::enable_shared_from_this<Session> {
public:
  Session(tcp::socket socket, Server& server)
    : socket_(std::move(socket)), timer_(socket_.get_executor()),
      server_(server) {}

  void read();
  /// Works on the request for its latency, then reports to the server.
  void work();
  /// Sends the answer; called by the server when its bill is on the disk.
  void send();

  Answer& answer() { return answer_; }

private:
  void on_read(error_code failed);
  void on_bytes_sent(error_code failed);
  void trickle(std::size_t at);
  void fill();
  void on_sent();
  void finish();
  void reset();
  void wait_for_the_client_to_give_up();

  tcp::socket socket_;
  asio::steady_timer timer_;
  Server& server_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  Answer answer_;
  bool close_on_next_ = false;
};

using SessionPtr = std::shared_ptr<Session>;

/// Accepts, keeps the slots, and lets replies out in rounds: all that are
/// ready, after one write and one sync of the log.
class Server {
public:
  Server(const Options& options, Provider provider, BillingLog log)
    : options_(options), provider_(std::move(provider)), log_(std::move(log)),
      acceptor_(io_), signals_(io_, SIGTERM, SIGINT) {}

  Result<void> run();

  /// A request has arrived: decides its answer and starts on it, or queues it.
  void take(const SessionPtr& session,
            const http::request<http::string_body>& request);
  /// The request's latency is over.
  void worked(const SessionPtr& session);
  void sent() { --sending_; }

private:
  Result<std::uint16_t> listen();
  void accept();
  void begin(const SessionPtr& session);
  Result<void> end_round();
  Result<void> abandon();
  bool finished() const { return stopping_ && sending_ == 0 && ready_.empty(); }

  const Options& options_;
  Provider provider_;
  BillingLog log_;
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  asio::signal_set signals_;
  std::uint64_t arrived_ = 0;
  std::uint64_t answered_ = 0;
  std::int64_t sending_ = 0;
  bool stopping_ = false;
  std::unordered_set<SessionPtr> working_;
  std::deque<SessionPtr> queued_;
  std::vector<SessionPtr> ready_;
};

// --- Session -----------------------------------------------------------------

void Session::read() {
  parser_.emplace();
  parser_->body_limit(body_bytes_max);
  parser_->header_limit(head_bytes_max);
  http::async_read(socket_, buffer_, *parser_,
                   [self = shared_from_this()](error_code failed, std::size_t) {
                     self->on_read(failed);
                   });
}

void Session::on_read(error_code failed) {
  if (failed || close_on_next_)
    return finish();
  server_.take(shared_from_this(), parser_->get());
}

void Session::work() {
  if (answer_.latency_us == 0)
    return server_.worked(shared_from_this());
  timer_.expires_after(std::chrono::microseconds{answer_.latency_us});
  timer_.async_wait([self = shared_from_this()](error_code stopped) {
    if (!stopped)
      self->server_.worked(self);
  });
}

void Session::send() {
  const auto bytes = std::min(answer_.trickle_from, answer_.bytes.size());
  asio::async_write(
    socket_, asio::buffer(answer_.bytes, bytes),
    [self = shared_from_this()](error_code failed, std::size_t) {
      self->on_bytes_sent(failed);
    });
}

void Session::on_bytes_sent(error_code failed) {
  if (failed) {
    server_.sent();
    return finish();
  }
  if (answer_.trickle_from < answer_.bytes.size())
    return trickle(answer_.trickle_from);
  if (answer_.filler_bytes > 0)
    return fill();
  on_sent();
}

void Session::trickle(std::size_t at) {
  if (at == answer_.bytes.size())
    return on_sent();
  timer_.expires_after(std::chrono::milliseconds{answer_.trickle_ms});
  timer_.async_wait([self = shared_from_this(), at](error_code) {
    asio::async_write(self->socket_, asio::buffer(&self->answer_.bytes[at], 1),
                      [self, at](error_code failed, std::size_t) {
                        if (!failed)
                          return self->trickle(at + 1);
                        self->server_.sent();
                        self->finish();
                      });
  });
}

void Session::fill() {
  static const std::string blanks(64 << 10, ' ');
  const auto bytes = static_cast<std::size_t>(
    std::min<std::uint64_t>(answer_.filler_bytes, blanks.size()));
  answer_.filler_bytes -= bytes;
  asio::async_write(
    socket_, asio::buffer(blanks, bytes),
    [self = shared_from_this()](error_code failed, std::size_t) {
      self->on_bytes_sent(failed);
    });
}

void Session::on_sent() {
  server_.sent();
  switch (answer_.after) {
  case After::keep:
    return read();
  case After::close:
    return finish();
  case After::reset:
    return reset();
  case After::close_on_next:
    close_on_next_ = true;
    return read();
  case After::silence:
    return wait_for_the_client_to_give_up();
  }
}

void Session::finish() {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

void Session::reset() {
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

void Session::wait_for_the_client_to_give_up() {
  socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](
                                               error_code) { self->finish(); });
}

// --- Server ------------------------------------------------------------------

Result<std::uint16_t> Server::listen() {
  try {
    const tcp::endpoint place{asio::ip::address_v4::loopback(), options_.port};
    acceptor_.open(place.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(place);
    acceptor_.listen(4096);
    return acceptor_.local_endpoint().port();
  } catch (const boost::system::system_error& e) {
    return fail(Errc::provider_unreachable,
                "port " + std::to_string(options_.port) + ": " + e.what());
  }
}

Result<void> Server::run() {
  LAB_TRY(const auto port, listen());
  std::printf("port %d\n", static_cast<int>(port));
  std::fflush(stdout);
  accept();
  signals_.async_wait([this](error_code, int) { stopping_ = true; });
  // A round: wait for something to do, do all there is, let the replies out.
  while (!finished()) {
    io_.run_one();
    io_.poll();
    LAB_CHECKED(end_round());
  }
  return abandon();
}

void Server::accept() {
  acceptor_.async_accept([this](error_code failed, tcp::socket socket) {
    if (!failed) {
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      std::make_shared<Session>(std::move(socket), *this)->read();
    }
    accept();
  });
}

void Server::take(const SessionPtr& session,
                  const http::request<http::string_body>& request) {
  const auto view = [](auto text) {
    return std::string_view{text.data(), text.size()};
  };
  Received received;
  received.index = arrived_++;
  received.at_ms = wall_ms();
  received.method = view(request.method_string());
  received.target = view(request.target());
  received.body = request.body();
  received.header = [&](std::string_view name) {
    return view(request[boost::beast::string_view{name.data(), name.size()}]);
  };
  session->answer() = provider_.answer(received);
  const auto slots = static_cast<std::size_t>(options_.slots);
  if (slots > 0 && working_.size() >= slots)
    queued_.push_back(session);
  else
    begin(session);
}

void Server::begin(const SessionPtr& session) {
  working_.insert(session);
  session->work();
}

void Server::worked(const SessionPtr& session) {
  working_.erase(session);
  log_.append(session->answer().entry);
  ready_.push_back(session);
  if (queued_.empty())
    return;
  const auto next = std::move(queued_.front());
  queued_.pop_front();
  begin(next);
}

Result<void> Server::end_round() {
  LAB_CHECKED(log_.flush());
  for (const auto& session : std::exchange(ready_, {})) {
    ++sending_;
    session->send();
    ++answered_;
  }
  if (options_.max_requests > 0 && answered_ >= options_.max_requests)
    stopping_ = true;
  return {};
}

/// Requests that were still being worked on are not billed, and the log says
/// so: whoever compares must know that they had arrived.
Result<void> Server::abandon() {
  const auto give_up = [this](const SessionPtr& session) {
    auto entry = session->answer().entry;
    entry.billed = false;
    entry.outcome = "shutdown";
    entry.status = 0;
    entry.pico_usd = 0;
    log_.append(entry);
  };
  std::for_each(working_.begin(), working_.end(), give_up);
  std::for_each(queued_.begin(), queued_.end(), give_up);
  working_.clear();
  queued_.clear();
  return log_.flush();
}

} // namespace

Result<void> serve(const Options& options, Provider provider, BillingLog log) {
  Server server{options, std::move(provider), std::move(log)};
  try {
    return server.run();
  } catch (const std::exception& e) {
    return fail(Errc::internal, e.what());
  }
}

} // namespace lab::tools::fake

#include "llm/http/connection.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <sys/socket.h>

#include "llm/http/http_transport.hpp"

namespace lab::llm {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Stage = Exchange::Stage;
using End = Exchange::End;

namespace {

/// Time for one address when others follow: the first may be dead.
constexpr std::chrono::milliseconds address_slice{2'500};
constexpr int interim_max = 8;

TimePoint now() { return std::chrono::steady_clock::now(); }

bool is_oversize(const error_code& error) {
  return error == http::error::body_limit || error == http::error::header_limit
         || error == http::error::buffer_overflow;
}

/// The peer went away, in any of the ways that looks.
bool is_cut(const error_code& error) {
  return error == http::error::end_of_stream
         || error == http::error::partial_message || error == asio::error::eof
         || error == asio::ssl::error::stream_truncated;
}

/// No HTTP, or none that is well framed.
bool is_malformed(const error_code& error) {
  const auto& parsing =
    http::make_error_code(http::error::end_of_stream).category();
  return error.category() == parsing && !is_cut(error);
}

/// Why a certificate was not believed, where that was the trouble.
std::string distrust(SSL* session, const error_code& error) {
  const auto verdict = SSL_get_verify_result(session);
  return verdict == X509_V_OK ? error.message()
                              : X509_verify_cert_error_string(verdict);
}

} // namespace

Connection::Connection(std::shared_ptr<Site> site)
  : site_(std::move(site)), socket_(site_->io()), alarm_(site_->io()),
    buffer_(std::size_t{2} * header_bytes_max) {}

void Connection::run(HttpRequest request, TimePoint deadline, Done done) {
  request_ = std::move(request);
  done_ = std::move(done);
  exchange_ = {};
  started_ = now();
  deadline_ = deadline;
  interim_ = 0;
  reused_ = std::exchange(reusable_, false);
  if (!reused_) {
    connect();
    return;
  }
  alarm_at(deadline_);
  write();
}

void Connection::look(std::function<void(bool reached)> done) {
  looking_ = true;
  started_ = now();
  deadline_ = started_ + site_->connect_timeout();
  done_ = [done = std::move(done)](const Exchange& exchange) {
    done(exchange.end == End::complete);
  };
  connect();
}

void Connection::abort() {
  if (!done_)
    return;
  aborted_ = true;
  if (exchange_.stage == Stage::resolving)
    finish(End::aborted);
  else
    close(); // the operation under way ends, and with it the exchange
}

bool Connection::stale(TimePoint at) {
  if (at - idle_since_ >= site_->idle_close())
    return true;
  char byte = 0;
  const auto got =
    ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  // Neither an end nor bytes that belong to no request: nothing to read.
  return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

void Connection::close() {
  error_code ignored;
  socket_.close(ignored);
}

// --- open -------------------------------------------------------------------

void Connection::connect() {
  exchange_.stage = Stage::resolving;
  connect_by_ = std::min(deadline_, now() + site_->connect_timeout());
  alarm_at(connect_by_);
  site_->resolve([self = shared_from_this()](const error_code& error,
                                             const Endpoints& found) {
    self->on_resolved(error, found);
  });
}

void Connection::on_resolved(const error_code& error, const Endpoints& found) {
  if (!done_)
    return; // too late
  if (error == asio::error::access_denied) {
    finish(End::failed, "its address is not one to connect to");
    return;
  }
  if (error) {
    finish(End::failed, error.message());
    return;
  }
  exchange_.stage = Stage::connecting;
  addresses_ = found;
  next_address_ = 0;
  try_next_address();
}

void Connection::try_next_address() {
  if (next_address_ == addresses_.size()) {
    finish(End::failed, last_refusal_);
    return;
  }
  const auto& address = addresses_[next_address_++];
  const bool last = next_address_ == addresses_.size();
  close();
  alarm_at(last ? connect_by_ : std::min(connect_by_, now() + address_slice));
  socket_.async_connect(address,
                        [self = shared_from_this()](const error_code& error) {
                          self->on_connected(error);
                        });
}

void Connection::on_connected(const error_code& error) {
  if (aborted_) {
    finish(End::aborted);
    return;
  }
  if (error || timed_out_) {
    if (timed_out_ && now() >= connect_by_) {
      finish(End::timed_out, "no answer to the connection in time");
      return;
    }
    // Only this address's slice is over, or it refused.
    last_refusal_ = timed_out_ ? "no answer" : error.message();
    timed_out_ = false;
    try_next_address();
    return;
  }
  if (looking_) {
    close();
    finish(End::complete);
    return;
  }
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (site_->url().tls) {
    secure();
    return;
  }
  alarm_at(deadline_);
  write();
}

void Connection::secure() {
  exchange_.stage = Stage::securing;
  alarm_at(connect_by_);
  const auto& host = site_->url().host;
  tls_.emplace(socket_, site_->tls());
  tls_->set_verify_callback(asio::ssl::host_name_verification(host));
  // Server name indication is for names only.
  if (!site_->host_is_address())
    SSL_set_tlsext_host_name(tls_->native_handle(), host.c_str());
  tls_->async_handshake(asio::ssl::stream_base::client,
                        [self = shared_from_this()](const error_code& error) {
                          self->on_secured(error);
                        });
}

void Connection::on_secured(const error_code& error) {
  if (aborted_ || timed_out_) {
    fail_with(error);
    return;
  }
  if (error) {
    finish(End::failed, distrust(tls_->native_handle(), error));
    return;
  }
  alarm_at(deadline_);
  write();
}

// --- one request ------------------------------------------------------------

template <class Use>
void Connection::with_stream(Use use) {
  if (tls_)
    use(*tls_);
  else
    use(socket_);
}

void Connection::write() {
  exchange_.stage = Stage::writing;
  with_stream([this](auto& stream) {
    http::async_write(
      stream, request_,
      [self = shared_from_this()](const error_code& error, std::size_t bytes) {
        self->on_written(error, bytes);
      });
  });
}

void Connection::on_written(const error_code& error, std::size_t bytes) {
  if (error && reused_ && bytes == 0 && !timed_out_ && !aborted_) {
    // The server closed it while it was idle. Not a byte of this request left,
    // so a new connection is no second attempt.
    reused_ = false;
    close();
    tls_.reset();
    buffer_.clear();
    connect();
    return;
  }
  if (error) {
    fail_with(error);
    return;
  }
  exchange_.stage = Stage::sent;
  read();
}

void Connection::read() {
  parser_.emplace();
  parser_->header_limit(header_bytes_max);
  parser_->body_limit(response_bytes_max);
  with_stream([this](auto& stream) {
    http::async_read(
      stream, buffer_, *parser_,
      [self = shared_from_this()](const error_code& error, std::size_t) {
        self->on_read(error);
      });
  });
}

void Connection::on_read(const error_code& error) {
  note_response();
  if (error || aborted_ || timed_out_) {
    fail_with(error);
    return;
  }
  if (exchange_.status < 200) {
    if (++interim_ > interim_max)
      finish(End::malformed, "too many interim responses");
    else
      read();
    return;
  }
  // Bytes behind a whole response answer nobody: such a connection would give
  // the next call an answer that is not its own.
  reusable_ = parser_->get().keep_alive() && !parser_->get().need_eof()
              && buffer_.size() == 0;
  idle_since_ = now();
  finish(End::complete);
}

void Connection::note_response() {
  if (!parser_->is_header_done())
    return;
  auto& response = parser_->get();
  exchange_.status = response.result_int();
  exchange_.content_type = response[http::field::content_type];
  exchange_.retry_after = response[http::field::retry_after];
  exchange_.retry_after_ms = response["retry-after-ms"];
  exchange_.body = std::move(response.body());
}

// --- its end ----------------------------------------------------------------

void Connection::fail_with(const error_code& error) {
  if (aborted_) {
    finish(End::aborted);
  } else if (timed_out_) {
    finish(End::timed_out);
  } else if (is_oversize(error)) {
    finish(End::oversize, error.message());
  } else if (is_malformed(error)) {
    finish(End::malformed, error.message());
  } else {
    finish(End::failed, error.message());
  }
}

void Connection::finish(End end, std::string detail) {
  alarm_.cancel();
  request_ = {};
  if (!reusable_)
    close();
  exchange_.end = end;
  exchange_.detail = std::move(detail);
  exchange_.latency_us =
    std::chrono::duration_cast<std::chrono::microseconds>(now() - started_)
      .count();
  // The callback may drop the last reference to this.
  const auto done = std::exchange(done_, nullptr);
  done(std::move(exchange_));
}

void Connection::alarm_at(TimePoint at) {
  alarm_.expires_at(at);
  alarm_.async_wait([self = weak_from_this()](const error_code& error) {
    if (auto connection = self.lock(); connection && !error)
      connection->on_alarm();
  });
}

void Connection::on_alarm() {
  // An alarm that was set anew while this one was on its way.
  if (!done_ || alarm_.expiry() > now())
    return;
  timed_out_ = true;
  if (exchange_.stage == Stage::resolving)
    finish(End::timed_out, "the name was not resolved in time");
  else
    close(); // the operation under way ends, and with it the exchange
}

} // namespace lab::llm

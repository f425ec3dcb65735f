#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "llm/http/site.hpp"
#include "llm/lane_limits.hpp"
#include "llm/outcome.hpp"

// Internal: includes Asio and Beast.

namespace lab::llm {

using HttpRequest =
  boost::beast::http::request<boost::beast::http::string_body>;

/// One connection to a provider's server, used for one request at a time. It
/// opens itself when it is not open, and tells what came of the request as an
/// `Exchange`, exactly once.
class Connection : public std::enable_shared_from_this<Connection> {
public:
  using Done = std::function<void(Exchange)>;

  explicit Connection(std::shared_ptr<Site> site);

  /// Sends `request` and reads its response, all before `deadline`.
  void run(HttpRequest request, TimePoint deadline, Done done);
  /// Connects and says whether that worked; sends nothing.
  void look(std::function<void(bool reached)> done);
  /// Ends what is under way as aborted.
  void abort();

  /// May be used for another request: the last response was whole and nothing
  /// came after it.
  bool reusable() const { return reusable_; }
  /// The server closed it, or sent what nobody asked for, since its last use.
  bool stale(TimePoint now);
  void close();

private:
  // In this order; each ends in the next or in `finish`.
  void connect();
  void on_resolved(const boost::system::error_code& error,
                   const Endpoints& found);
  void try_next_address();
  void on_connected(const boost::system::error_code& error);
  void secure();
  void on_secured(const boost::system::error_code& error);
  void write();
  void on_written(const boost::system::error_code& error, std::size_t bytes);
  void read();
  void on_read(const boost::system::error_code& error);
  void finish(Exchange::End end, std::string detail = {});
  /// How an operation that failed ended the exchange.
  void fail_with(const boost::system::error_code& error);

  void alarm_at(TimePoint at);
  void on_alarm();
  void note_response();
  /// Calls `use` with the stream that requests go through.
  template <class Use>
  void with_stream(Use use);

  std::shared_ptr<Site> site_;
  boost::asio::ip::tcp::socket socket_;
  std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
  boost::asio::steady_timer alarm_;
  boost::beast::flat_buffer buffer_;
  std::optional<
    boost::beast::http::response_parser<boost::beast::http::string_body>>
    parser_;
  HttpRequest request_;
  Endpoints addresses_;
  std::size_t next_address_ = 0;

  Done done_; // set while something is under way
  Exchange exchange_;
  TimePoint started_{};
  TimePoint deadline_{};
  TimePoint connect_by_{};
  TimePoint idle_since_{};
  std::string last_refusal_; // of the addresses tried so far
  int interim_ = 0;          // 1xx responses so far
  bool looking_ = false;
  bool reused_ = false; // it was open before this request
  bool reusable_ = false;
  bool timed_out_ = false;
  bool aborted_ = false;
};

} // namespace lab::llm

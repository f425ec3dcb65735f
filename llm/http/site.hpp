#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "llm/http/base_url.hpp"
#include "llm/provider_settings.hpp"

// Internal: includes Asio. What all connections to one provider share.

namespace lab::llm {

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

/// False for addresses no model lives at: link-local ones (clouds keep their
/// machines' secrets there), multicast, unspecified; and, without TLS, for all
/// but this machine unless the settings call the server `local`. A name that
/// points inwards gains nothing over TLS, where the certificate must fit it.
bool may_connect(const boost::asio::ip::address& address, bool tls, bool local);

/// One provider's server: its address, its trust, how long to wait for it.
class Site : public std::enable_shared_from_this<Site> {
public:
  /// @errors invalid_input: the base URL, or a `ca_file` that cannot be read
  static Result<std::shared_ptr<Site>> open(boost::asio::io_context& io,
                                            const ProviderSettings& provider);

  using Resolved =
    std::function<void(boost::system::error_code, const Endpoints&)>;
  /// Gives the addresses that may be connected to. Never from within: Asio's
  /// own thread asks the system. One look-up serves all who wait, and those of
  /// the next half minute.
  void resolve(Resolved done);
  /// Forgets all who wait for addresses: they hold this site, and this them.
  void close();

  boost::asio::io_context& io() { return io_; }
  boost::asio::ssl::context& tls() { return tls_; }
  const BaseUrl& url() const { return url_; }
  bool host_is_address() const { return host_is_address_; }
  std::chrono::milliseconds connect_timeout() const { return connect_timeout_; }
  std::chrono::milliseconds idle_close() const { return idle_close_; }

private:
  Site(boost::asio::io_context& io, const ProviderSettings& provider,
       BaseUrl url);
  Result<void> trust(const std::string& ca_file);
  void on_resolved(boost::system::error_code error,
                   const boost::asio::ip::tcp::resolver::results_type& found);

  boost::asio::io_context& io_;
  BaseUrl url_;
  bool local_;
  bool host_is_address_;
  std::chrono::milliseconds connect_timeout_;
  std::chrono::milliseconds idle_close_;
  boost::asio::ssl::context tls_;
  boost::asio::ip::tcp::resolver resolver_;
  Endpoints known_;
  std::chrono::steady_clock::time_point known_until_{};
  std::vector<Resolved> waiting_;
};

} // namespace lab::llm

#include "llm/http/site.hpp"

#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <openssl/ssl.h>

namespace lab::llm {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds names_live{30};

bool is_link_local(const asio::ip::address& address) {
  if (address.is_v6())
    return address.to_v6().is_link_local();
  const auto bytes = address.to_v4().to_bytes();
  return bytes[0] == 169 && bytes[1] == 254;
}

/// The IPv4 address within an IPv6 one that only wraps it.
asio::ip::address unwrapped(const asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return address;
}

} // namespace

bool may_connect(const asio::ip::address& wrapped, bool tls, bool local) {
  const auto address = unwrapped(wrapped);
  if (address.is_unspecified() || address.is_multicast()
      || is_link_local(address))
    return false;
  if (address.is_v4() && address.to_v4().to_bytes()[0] == 0)
    return false;
  return tls || local || address.is_loopback();
}

Result<std::shared_ptr<Site>> Site::open(asio::io_context& io,
                                         const ProviderSettings& provider) {
  LAB_TRY(auto url, parse_base_url(provider.base_url, provider.local));
  std::shared_ptr<Site> site{new Site(io, provider, std::move(url))};
  if (site->url_.tls)
    LAB_CHECKED(site->trust(provider.ca_file));
  return site;
}

Site::Site(asio::io_context& io, const ProviderSettings& provider, BaseUrl url)
  : io_(io), url_(std::move(url)), local_(provider.local),
    connect_timeout_(provider.connect_timeout),
    idle_close_(provider.idle_close), tls_(asio::ssl::context::tls_client),
    resolver_(io) {
  error_code error;
  asio::ip::make_address(url_.host, error);
  host_is_address_ = !error;
}

Result<void> Site::trust(const std::string& ca_file) {
  SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_2_VERSION);
  error_code error;
  tls_.set_verify_mode(asio::ssl::verify_peer, error);
  if (!error)
    tls_.set_default_verify_paths(error);
  if (error)
    return fail(Errc::invalid_input, "TLS: " + error.message());
  if (!ca_file.empty())
    tls_.load_verify_file(ca_file, error);
  if (error)
    return fail(Errc::invalid_input,
                "ca_file " + ca_file + ": " + error.message());
  return {};
}

void Site::resolve(Resolved done) {
  const auto now = std::chrono::steady_clock::now();
  if (known_until_ > now) {
    asio::post(io_,
               [done = std::move(done), known = known_] { done({}, known); });
    return;
  }
  waiting_.push_back(std::move(done));
  if (waiting_.size() > 1)
    return;
  const auto service = std::to_string(url_.port);
  resolver_.async_resolve(
    url_.host, service, asio::ip::tcp::resolver::numeric_service,
    [self =
       shared_from_this()](const error_code& error,
                           const asio::ip::tcp::resolver::results_type& found) {
      self->on_resolved(error, found);
    });
}

void Site::close() {
  resolver_.cancel();
  waiting_.clear();
}

void Site::on_resolved(error_code error,
                       const asio::ip::tcp::resolver::results_type& found) {
  known_.clear();
  for (const auto& entry : found)
    if (may_connect(entry.endpoint().address(), url_.tls, local_))
      known_.push_back(entry.endpoint());
  if (!error && known_.empty())
    error = asio::error::access_denied;
  if (!error)
    known_until_ = std::chrono::steady_clock::now() + names_live;
  const auto known = known_;
  for (auto& done : std::exchange(waiting_, {}))
    done(error, known);
}

} // namespace lab::llm

#include "llm/http/base_url.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "runtime/base/text.hpp"

namespace lab::llm {

namespace {

constexpr std::string_view https = "https://";
constexpr std::string_view http = "http://";
constexpr std::size_t host_bytes_max = 253; // RFC 1035

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
         || c == '.' || c == '_';
}

bool is_address_char(char c) {
  return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == ':'
         || c == '.';
}

Result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || stop != end || port == 0)
    return fail(Errc::invalid_input, "no port: \"" + std::string{text} + "\"");
  return port;
}

} // namespace

bool BaseUrl::is_loopback_name() const {
  return host == "localhost" || host == "::1"
         || (host.starts_with("127.")
             && host.find_first_not_of("0123456789.") == std::string::npos);
}

std::string BaseUrl::authority() const {
  const auto name =
    host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (tls ? 443 : 80) ? name : name + ":" + std::to_string(port);
}

Result<BaseUrl> parse_base_url(const std::string& text, bool local) {
  const auto lower = to_lower(text);
  std::string_view rest = lower;
  BaseUrl url;
  if (rest.starts_with(https)) {
    rest.remove_prefix(https.size());
  } else if (rest.starts_with(http)) {
    rest.remove_prefix(http.size());
    url.tls = false;
    url.port = 80;
  } else {
    return fail(Errc::invalid_input, "base_url needs https:// (or http://)");
  }
  if (rest.find_first_of("?#") != std::string_view::npos)
    return fail(Errc::invalid_input, "base_url with a query or fragment");
  rest = rest.substr(0, rest.find('/'));
  if (rest.find('@') != std::string_view::npos)
    return fail(Errc::invalid_input, "base_url with a user name or password");

  std::string_view after;
  bool well_formed = false;
  if (rest.starts_with('[')) {
    const auto close = rest.find(']');
    if (close == std::string_view::npos)
      return fail(Errc::invalid_input, "base_url with a broken address");
    url.host = rest.substr(1, close - 1);
    after = rest.substr(close + 1);
    well_formed =
      std::all_of(url.host.begin(), url.host.end(), is_address_char);
  } else {
    const auto colon = std::min(rest.find(':'), rest.size());
    url.host = rest.substr(0, colon);
    after = rest.substr(colon);
    well_formed = std::all_of(url.host.begin(), url.host.end(), is_host_char);
  }
  if (!well_formed || url.host.empty() || url.host.size() > host_bytes_max)
    return fail(Errc::invalid_input, "base_url with a malformed host");
  if (!after.empty()) {
    if (after.front() != ':')
      return fail(Errc::invalid_input, "base_url with a malformed host");
    LAB_TRY(url.port, parse_port(after.substr(1)));
  }
  if (!url.tls && !local && !url.is_loopback_name())
    return fail(Errc::invalid_input,
                "plain http to " + url.host
                  + ", which is not this machine: a key would be readable on "
                    "the way; use https, or say `local: true`");
  return url;
}

} // namespace lab::llm

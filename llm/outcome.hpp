#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "llm/provider_settings.hpp"
#include "runtime/base/clock.hpp"
#include "runtime/model/price.hpp"
#include "runtime/protocol/messages.hpp"

namespace lab::llm {

/// What happened on the wire to one attempt, as the transport saw it.
struct Exchange {
  /// How far it came; the order matters.
  enum class Stage : std::uint8_t {
    resolving,  // the name of the host
    connecting, // TCP
    securing,   // TLS
    writing,    // not every byte of the request was handed to the kernel
    sent,       // every byte was
  };
  enum class End : std::uint8_t {
    complete,  // a whole response, well framed; stage is `sent`
    failed,    // an error at this stage: refused, reset, end of stream
    timed_out, // our own deadline
    aborted,   // cut short by us
    oversize,  // above the bound of a response
    malformed, // no well-framed HTTP
  };

  Stage stage = Stage::resolving;
  End end = End::failed;
  std::string detail; // for people: "connection refused"

  // Of the response, as far as it came.
  int status = 0; // 0: no status line
  std::string content_type;
  std::string retry_after;    // header, as it came
  std::string retry_after_ms; // header, as it came
  std::string body;

  std::int64_t latency_us = 0;
};

/// What was asked, to judge what came back.
struct Asked {
  const ProviderSettings& provider;
  std::string wire_model;
  PriceRow price;
  /// `runtime::input_bound`, and the bytes of all texts sent.
  std::int64_t input_bound = 0;
  std::int64_t input_bytes = 0;
  UnixMs now = 0; // for Retry-After dates
  /// The row of the model a reply says served it (`PriceBook::row`).
  std::function<std::optional<PriceRow>(const std::string&)> price_of_served;
};

/// `Asked` for a request on its way. `provider` must outlive it.
Asked asked_of(const ProviderSettings& provider, std::string wire_model,
               PriceRow price, const ChatRequest& request, UnixMs now);

/// Why an outcome is what it is: stable labels for facts and metrics. LANE and
/// GATEWAY act on some of them.
namespace reason {
inline constexpr std::string_view ok = "ok";
/// Settled by the dearer of two rows: another model answered than was asked.
inline constexpr std::string_view other_model = "ok_other_model";
/// Charged at the worst case: a tier answered that may be dearer.
inline constexpr std::string_view other_tier = "other_tier";
inline constexpr std::string_view usage_missing = "usage_missing";
inline constexpr std::string_view usage_nonsense = "usage_nonsense";
/// The server dropped a part of the prompt in silence: no data.
inline constexpr std::string_view prompt_truncated = "prompt_truncated";
/// Retry once, not more.
inline constexpr std::string_view dns_failed = "dns_failed";
inline constexpr std::string_view connect_failed = "connect_failed";
inline constexpr std::string_view tls_failed = "tls_failed";
inline constexpr std::string_view write_incomplete = "write_incomplete";
inline constexpr std::string_view permit_refused = "permit_refused";
inline constexpr std::string_view not_sendable = "not_sendable";
inline constexpr std::string_view connection_lost = "connection_lost";
inline constexpr std::string_view deadline = "deadline";
inline constexpr std::string_view cancelled = "cancelled";
inline constexpr std::string_view reply_cut = "reply_cut";
inline constexpr std::string_view reply_garbage = "reply_garbage";
inline constexpr std::string_view reply_oversize = "reply_oversize";
inline constexpr std::string_view error_in_reply = "error_in_reply";
inline constexpr std::string_view redirected = "redirected";
inline constexpr std::string_view rejected = "rejected";
/// The account is out of money or quota: the whole provider should pause.
inline constexpr std::string_view spend_limit = "spend_limit";
inline constexpr std::string_view rate_limited = "rate_limited";
inline constexpr std::string_view overloaded = "overloaded";
inline constexpr std::string_view server_error = "server_error";
inline constexpr std::string_view no_envelope = "no_envelope";
} // namespace reason

/// Judges an attempt by the table of docs/reliability-outcomes.md. Pure.
///
/// Settled without a reply means: pay, but there is no data; `usage` says how
/// much. Everything else is as `CallOutcome` says. A bill may be above the
/// worst case: the ledger's matter.
CallOutcome outcome_of(const Exchange& exchange, const Asked& asked);

/// Of an attempt that was never started: the permit was refused, or the request
/// cannot be put on the wire.
CallOutcome never_sent(std::string_view why, Error error);

/// How often a call is tried again at most after attempts that ended so, while
/// `CallOutcome::retry` says so too.
std::int32_t retries_max(std::string_view why);

} // namespace lab::llm

#include "llm/outcome.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "llm/dialects/dialect.hpp"
#include "llm/retry_after.hpp"
#include "runtime/base/text.hpp"
#include "runtime/credit/pricing.hpp"

namespace lab::llm {

namespace {

using Stage = Exchange::Stage;
using End = Exchange::End;

constexpr std::size_t shown_chars_max = 300;
/// No text has fewer tokens than this share of its bytes; English, the densest
/// that was measured, has a sixth.
/// @source docs/reliability-outcomes.md, "A prompt cut in silence"
constexpr std::int64_t bytes_per_token_max = 8;

/// A provider's words, fit for a log: no control characters, no key (401
/// bodies repeat parts of it), not too long.
std::string shown(const std::string& words, const ProviderSettings& provider) {
  auto text = printable(words);
  constexpr std::string_view mask = "[key]";
  if (!provider.api_key.empty())
    for (auto at = text.find(provider.api_key); at != std::string::npos;
         at = text.find(provider.api_key, at + mask.size()))
      text.replace(at, provider.api_key.size(), mask);
  for (auto at = text.find("sk-"); at != std::string::npos;
       at = text.find("sk-", at + mask.size())) {
    const auto end = text.find_first_of(" \t\n\"'`,;", at);
    text.replace(at, std::min(end, text.size()) - at, mask);
  }
  if (text.size() > shown_chars_max) {
    text.resize(shown_chars_max);
    text = to_utf8(text) + "...";
  }
  return text;
}

Error because(const Asked& asked, Errc code, const std::string& words) {
  return {code, asked.provider.name + "/" + asked.wire_model + ": " + words};
}

CallOutcome outcome(Resolution resolution, std::string_view why, Error error,
                    bool retry) {
  CallOutcome out;
  out.resolution = resolution;
  out.reason = why;
  out.error = std::move(error);
  out.retry = retry;
  return out;
}

CallOutcome voided(std::string_view why, Error error, bool retry) {
  return outcome(Resolution::voided, why, std::move(error), retry);
}

CallOutcome unknown(std::string_view why, Error error, bool retry) {
  return outcome(Resolution::unknown, why, std::move(error), retry);
}

/// Nothing but a part of the request left: no provider bills that.
CallOutcome before_sent(const Exchange& exchange, const Asked& asked) {
  const auto error = [&](Errc code, const std::string& what) {
    return because(asked, code,
                   exchange.detail.empty() ? what
                                           : what + ": " + exchange.detail);
  };
  if (exchange.end == End::aborted)
    return voided(reason::cancelled, error(Errc::cancelled, "cut short"),
                  false);
  const auto& url = asked.provider.base_url;
  switch (exchange.stage) {
  case Stage::resolving:
    return voided(reason::dns_failed,
                  error(Errc::provider_unreachable, "no such host: " + url),
                  true);
  case Stage::connecting:
    return voided(reason::connect_failed,
                  error(Errc::provider_unreachable, "no connection to " + url),
                  true);
  case Stage::securing:
    // Whom we do not trust now we will not trust in a second.
    return voided(
      reason::tls_failed,
      error(Errc::provider_unreachable, "no trusted connection to " + url),
      exchange.end == End::timed_out);
  case Stage::writing:
  case Stage::sent:
    break;
  }
  return voided(reason::write_incomplete,
                error(Errc::provider_unreachable,
                      "the connection ended before the request was sent"),
                true);
}

/// The whole request left and no whole response came: it may be billed.
CallOutcome without_response(const Exchange& exchange, const Asked& asked) {
  const auto error = [&](Errc code, const std::string& what) {
    return because(asked, code,
                   exchange.detail.empty() ? what
                                           : what + ": " + exchange.detail);
  };
  auto out = [&] {
    switch (exchange.end) {
    case End::aborted:
      return unknown(reason::cancelled, error(Errc::cancelled, "cut short"),
                     false);
    case End::timed_out:
      return unknown(reason::deadline,
                     error(Errc::provider_timeout, "no reply in time"), true);
    case End::oversize:
      return unknown(reason::reply_oversize,
                     error(Errc::provider_failed, "the reply is too large"),
                     false);
    case End::failed:
    case End::malformed:
    case End::complete:
      break;
    }
    return exchange.status != 0
             ? unknown(reason::reply_cut,
                       error(Errc::reply_truncated, "the reply was cut"), true)
             : unknown(reason::connection_lost,
                       error(Errc::provider_failed, "the connection was lost"),
                       true);
  }();
  if (exchange.status == 200) {
    const auto seen = input_seen(asked.provider.dialect, exchange.body);
    if (seen && *seen <= asked.input_bound)
      out.known_input = seen;
  }
  return out;
}

/// The same model under another spelling: a dated snapshot, a vendor prefix, a
/// default tag.
bool same_model(std::string_view asked, std::string_view served) {
  const auto bare = [](std::string_view name) {
    name = name.substr(name.rfind('/') + 1);
    if (name.ends_with(":latest"))
      name.remove_suffix(std::string_view{":latest"}.size());
    return name;
  };
  asked = bare(asked);
  served = bare(served);
  if (served.empty() || asked == served)
    return true;
  const auto& longer = asked.size() > served.size() ? asked : served;
  const auto& shorter = asked.size() > served.size() ? served : asked;
  const auto suffix = longer.substr(shorter.size());
  return longer.starts_with(shorter) && suffix.size() > 1
         && (suffix[0] == '-' || suffix[0] == '@')
         && suffix.find_first_not_of("0123456789-", 1)
              == std::string_view::npos;
}

/// Tiers above the standard one. Flexible and batch tiers are cheaper.
bool dearer_tier(std::string_view tier) {
  return tier == "priority" || tier == "fast";
}

/// What the server evaluated cannot be all that was sent: it cut the prompt to
/// its context window and answered the rest.
bool prompt_cut(const Asked& asked, const Usage& usage) {
  if (asked.provider.dialect != Dialect::ollama)
    return false;
  return usage.input >= asked.provider.num_ctx
         || (asked.input_bytes > asked.provider.num_ctx
             && usage.input < asked.input_bytes / bytes_per_token_max);
}

/// A reply with a bill that can be believed.
CallOutcome settled(DecodedReply decoded, const Asked& asked) {
  const auto& usage = *decoded.usage;
  CallOutcome out;
  out.resolution = Resolution::settled;
  out.reason = reason::ok;
  auto bill = runtime::cost_of(asked.price, usage);
  if (!same_model(asked.wire_model, decoded.served_model)) {
    out.reason = reason::other_model;
    if (const auto served = asked.price_of_served
                              ? asked.price_of_served(decoded.served_model)
                              : std::nullopt)
      if (const auto other = runtime::cost_of(*served, usage);
          bill && other && *other > *bill)
        bill = other;
  }
  out.reply = Reply{std::move(decoded.text), decoded.finish,
                    std::move(decoded.served_model), usage};
  if (!bill || dearer_tier(decoded.tier)) {
    // No row says what this costs; the worst case is the best we know.
    out.resolution = Resolution::bounded;
    out.reason = bill ? reason::other_tier : reason::usage_nonsense;
    return out;
  }
  out.bill = *bill;
  out.usage = usage;
  if (prompt_cut(asked, usage)) {
    out.reason = reason::prompt_truncated;
    out.reply.reset();
    out.error = because(asked, Errc::reply_truncated,
                        "the prompt of " + std::to_string(asked.input_bytes)
                          + " bytes was cut to " + std::to_string(usage.input)
                          + " tokens; raise num_ctx ("
                          + std::to_string(asked.provider.num_ctx)
                          + ") or shorten the context window of the scenario");
  }
  return out;
}

CallOutcome with_status_200(const Exchange& exchange, const Asked& asked) {
  auto decoded = decode_reply(asked.provider.dialect, exchange.body);
  if (!decoded)
    return unknown(reason::reply_garbage,
                   because(asked, Errc::provider_failed,
                           "a reply that cannot be read: "
                             + shown(decoded.error().context, asked.provider)),
                   true);
  if (decoded->usage)
    return settled(std::move(*decoded), asked);
  if (!decoded->error.empty() && decoded->text.empty())
    return unknown(reason::error_in_reply,
                   because(asked, Errc::provider_failed,
                           shown(decoded->error, asked.provider)),
                   true);
  CallOutcome out;
  out.resolution = Resolution::bounded;
  out.reason = decoded->usage_problem == "missing" ? reason::usage_missing
                                                   : reason::usage_nonsense;
  out.reply = Reply{std::move(decoded->text),
                    decoded->finish,
                    std::move(decoded->served_model),
                    {}};
  return out;
}

template <std::size_t N>
bool is_any(const ErrorEnvelope& envelope,
            const std::array<std::string_view, N>& names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    return envelope.type == name || envelope.code == name;
  });
}

bool out_of_quota(int status, const ErrorEnvelope& envelope) {
  constexpr std::array<std::string_view, 5> names{
    "insufficient_quota", "enforced_spend_limit_reached",
    "billing_hard_limit_reached", "billing_error", "insufficient_credits"};
  return status == 402
         || ((status == 400 || status == 403 || status == 429)
             && is_any(envelope, names));
}

bool too_long(const ErrorEnvelope& envelope) {
  constexpr std::array<std::string_view, 2> names{"context_length_exceeded",
                                                  "exceed_context_size_error"};
  return is_any(envelope, names);
}

CallOutcome asked_to_wait(const Exchange& exchange, const Asked& asked,
                          const std::string& words) {
  const auto wait =
    parse_retry_after(exchange.retry_after, exchange.retry_after_ms, asked.now);
  const bool too_long = wait.kind == RetryAfter::Kind::too_long;
  auto out =
    voided(exchange.status == 429 ? reason::rate_limited : reason::overloaded,
           because(asked, Errc::provider_overloaded,
                   too_long ? words + " (asks to wait "
                                + std::to_string(wait.ms / 1000) + " s)"
                            : words),
           !too_long);
  out.retry_after_ms = wait.ms;
  return out;
}

CallOutcome with_error_status(const Exchange& exchange, const Asked& asked) {
  const auto status = exchange.status;
  const auto numbered = "status " + std::to_string(status);
  if (status >= 300 && status < 400)
    return voided(
      reason::redirected,
      because(asked, Errc::provider_refused,
              numbered + ": a redirect, never followed; correct base_url"),
      false);
  const auto envelope = decode_error(exchange.content_type, exchange.body);
  if (!envelope || status < 400)
    return unknown(reason::no_envelope,
                   because(asked, Errc::provider_failed,
                           numbered + " without an error of a provider"),
                   true);
  auto words = numbered + ": " + shown(envelope->message, asked.provider);
  if (out_of_quota(status, *envelope))
    return voided(reason::spend_limit,
                  because(asked, Errc::provider_refused, words), false);
  if (status == 429 || status == 503 || status == 529)
    return asked_to_wait(exchange, asked, words);
  if (status == 408 || status >= 500) {
    const bool free = status >= 500 && asked.provider.void_5xx_envelope;
    auto error = because(asked, Errc::provider_failed, words);
    return free ? voided(reason::server_error, std::move(error), true)
                : unknown(reason::server_error, std::move(error), true);
  }
  if (status == 404 && asked.provider.dialect == Dialect::ollama)
    words += "; try `ollama pull " + asked.wire_model + "`";
  return voided(reason::rejected,
                because(asked,
                        too_long(*envelope) ? Errc::context_overflow
                                            : Errc::provider_refused,
                        words),
                false);
}

} // namespace

Asked asked_of(const ProviderSettings& provider, std::string wire_model,
               PriceRow price, const ChatRequest& request, UnixMs now) {
  Asked asked{provider, std::move(wire_model), std::move(price), 0, 0, now, {}};
  asked.input_bound = runtime::input_bound(asked.price, request);
  for (const auto& message : request.messages)
    asked.input_bytes += std::ssize(message.text);
  return asked;
}

CallOutcome outcome_of(const Exchange& exchange, const Asked& asked) {
  auto out = [&] {
    if (exchange.stage != Stage::sent)
      return before_sent(exchange, asked);
    if (exchange.end != End::complete)
      return without_response(exchange, asked);
    return exchange.status == 200 ? with_status_200(exchange, asked)
                                  : with_error_status(exchange, asked);
  }();
  out.latency_us = exchange.latency_us;
  return out;
}

CallOutcome never_sent(std::string_view why, Error error) {
  return voided(why, std::move(error), false);
}

std::int32_t retries_max(std::string_view why) {
  return why == reason::dns_failed ? 1 : 2;
}

} // namespace lab::llm

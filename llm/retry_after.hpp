#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/base/clock.hpp"

namespace lab::llm {

/// What a server says about when to come back.
struct RetryAfter {
  enum class Kind : std::uint8_t {
    unknown,  // nothing, or nothing that makes sense: the caller's own back-off
    wait,     // at least `ms`
    too_long, // longer than anybody should sit and wait
  };
  Kind kind = Kind::unknown;
  std::int64_t ms = 0; // for `too_long` too, at most a year
};

/// The longest wait that is waited for.
/// @source what the OpenAI SDK accepts, doubled; docs/reliability-outcomes.md
constexpr std::int64_t retry_after_ms_max = 120'000;

/// Reads `retry-after-ms` (a number), else `retry-after`: seconds, with or
/// without a fraction, or an HTTP date in any of its three forms.
RetryAfter parse_retry_after(std::string_view retry_after,
                             std::string_view retry_after_ms, UnixMs now);

} // namespace lab::llm

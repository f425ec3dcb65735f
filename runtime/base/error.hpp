#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace lab {

/// Every way an operation can fail. Values are stored in the journal and sent
/// between actors: append, never renumber.
enum class Errc : std::uint8_t {
  ok = 0,
  // Money and other limits.
  /// Waiting cannot help: settled + unknown + this call is above a limit.
  limit_exhausted = 1,
  /// The call waited its longest time for money held by other calls.
  limit_contended = 2,
  /// The same attempt id came with different content.
  attempt_id_reused = 3,
  /// Nothing is reserved under this attempt id.
  reservation_not_found = 4,
  /// The permit was not made by the ledger, or was used before.
  permit_refused = 5,
  /// The model has no price row.
  model_not_priced = 6,
  /// The prompt plus the output cap cannot fit the model's context window.
  context_overflow = 7,
  /// As limit_exhausted, of a limit that concerns one run alone.
  run_limit_exhausted = 8,
  /// As limit_exhausted, of a limit that concerns one model in a sweep alone.
  model_limit_exhausted = 9,
  /// A run took longer than it may.
  run_time_over = 10,
  /// As limit_exhausted, of the sweep's own limit.
  sweep_limit_exhausted = 11,
  // Providers.
  provider_unreachable = 20,
  provider_refused = 21,
  provider_overloaded = 22,
  provider_failed = 23,
  provider_timeout = 24,
  reply_truncated = 25,
  reply_invalid = 26,
  provider_unknown = 27,
  // Determinism.
  /// A run asked at known coordinates with another request.
  non_determinism = 40,
  /// A replay asked for a reply that the journal does not hold.
  not_journalled = 41,
  // Control.
  cancelled = 50,
  stopped = 51,
  shutting_down = 52,
  /// A person is asked, and nobody is there to answer.
  waits_for_person = 53,
  // Files and formats.
  invalid_input = 60,
  not_found = 61,
  held_elsewhere = 62,
  disk_failed = 63,
  journal_corrupt = 64,
  already_exists = 65,
  // Ours.
  internal = 90,
};

/// The stable, lower-case name used in logs, JSON and SQL.
std::string_view to_string(Errc code);

/// The inverse of `to_string`; `internal` for an unknown name.
Errc errc_from(std::string_view name);

/// A failure as a value. `context` holds the facts a reader of the log needs
/// at night: ids, limits, actual values. Never a key, never a prompt.
struct Error {
  Errc code = Errc::ok;
  std::string context;

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Errc code, std::string context = {}) {
  return tl::unexpected<Error>(Error{code, std::move(context)});
}

/// "limit_exhausted: sweep:s-1 wants=$0.02 left=$0.01"
std::string to_string(const Error& error);

} // namespace lab

#define LAB_CONCAT_INNER(a, b) a##b
#define LAB_CONCAT(a, b) LAB_CONCAT_INNER(a, b)
#define LAB_TRY_INNER(tmp, decl, expr)                                         \
  auto tmp = (expr);                                                           \
  if (!tmp)                                                                    \
    return ::tl::unexpected(std::move(tmp.error()));                           \
  decl = std::move(*tmp)

/// `LAB_TRY(auto spec, parse(text));` returns the error or binds the value.
#define LAB_TRY(decl, expr)                                                    \
  LAB_TRY_INNER(LAB_CONCAT(lab_try_, __LINE__), decl, expr)

/// `LAB_CHECKED(expr);` returns the error of a `Result<void>`.
#define LAB_CHECKED(expr)                                                      \
  do {                                                                         \
    if (auto lab_checked = (expr); !lab_checked)                               \
      return ::tl::unexpected(std::move(lab_checked.error()));                 \
  } while (false)

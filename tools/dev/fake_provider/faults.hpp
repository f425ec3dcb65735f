#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/base/error.hpp"
#include "tools/dev/fake_provider/ask.hpp"

namespace lab::tools::fake {

enum class FaultKind : std::uint8_t {
  status,       // an error status, with or without the dialect's envelope
  redirect,     // 302 to another place
  hang,         // no reply ever
  slow_body,    // the head, then one byte at a time
  reset,        // TCP reset after some bytes of the reply
  cut_chunked,  // chunked transfer that ends in the middle
  wrong_length, // a Content-Length that is not the body's
  garbage_json, // 200 with a body that is no JSON
  html,         // 200 with a web page
  empty,        // 200 without a body
  huge_body,    // 200 with far too large a body
  wrong_schema, // a valid reply whose content is not what was asked for
  usage,        // token counts missing, nonsensical or too high
  other_model,  // names another model than asked for
  swapped,      // another model answers, under the name that was asked for
  finish,       // ends for another reason, with empty content
  duplicate,    // the whole response twice
  close_idle,   // a good reply, then the kept connection is closed
  delay,        // a good reply, later
};

/// One thing that goes wrong. Which fields count depends on `kind`.
struct Fault {
  FaultKind kind = FaultKind::delay;
  std::string name; // as in the script, for the log
  /// Whether the request is billed; nothing: the kind's own habit.
  std::optional<bool> bill;
  std::int64_t delay_ms = 0;    // on top of the usual latency; any kind
  int status = 500;             // status
  bool envelope = true;         // status
  std::string code;             // status: the envelope's code or type
  std::string retry_after;      // status: as sent, sense or nonsense
  std::string retry_after_ms;   // status
  std::string location;         // redirect
  std::int64_t bytes = 0;       // reset, wrong_length, huge_body
  std::int64_t interval_ms = 0; // slow_body
  std::string variant;          // wrong_schema, usage, finish, close_idle
  std::string model;            // other_model
  double factor = 1;            // usage `over`
};

/// When a fault strikes. Every condition that is given must hold.
struct FaultRule {
  std::optional<std::uint64_t> from;  // request index
  std::optional<std::uint64_t> to;    // inclusive
  std::uint64_t every = 1;            // each n-th from `from` on
  std::string header;                 // its name …
  std::string header_value;           // … and value
  std::string contains;               // text in the body
  std::optional<double> rate;         // of the requests that fit the rest
  std::optional<std::uint64_t> times; // then never again
  Fault fault;
};

/// What goes wrong and when; the first rule that fits wins.
class FaultScript {
public:
  FaultScript() = default;
  /// @errors invalid_input: says which rule and key; not_found
  static Result<FaultScript> load(const std::string& path, std::uint64_t seed);
  static Result<FaultScript> parse(std::string_view text, std::uint64_t seed);

  /// The fault of this request, if any. Rates depend on the seed, on the body
  /// and on how often that body came before, never on the order of others.
  const Fault* pick(const Received& request);

private:
  struct Rule {
    FaultRule when;
    std::uint64_t struck = 0;
    std::unordered_map<std::uint64_t, std::uint64_t> seen; // body -> times
  };
  bool strikes(Rule& rule, std::uint64_t salt, const Received& request) const;

  std::uint64_t seed_ = 0;
  std::vector<Rule> rules_;
};

} // namespace lab::tools::fake

#include "tools/dev/fake_provider/options.hpp"

#include <charconv>
#include <limits>
#include <string_view>

#include "runtime/base/text.hpp"

namespace lab::tools::fake {

namespace {

Result<std::int64_t> integer(std::string_view text, std::int64_t max) {
  std::int64_t value = 0;
  const auto [end, failed] =
    std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || value < 0
      || value > max)
    return fail(Errc::invalid_input,
                "a whole number from 0 to " + std::to_string(max)
                  + " is needed, not '" + std::string{text} + "'");
  return value;
}

/// "0.15" as 150000: this server reads prices by its own code, because it is
/// the witness against the engine's.
Result<std::int64_t> micro_usd(std::string_view text) {
  const auto dot = text.find('.');
  const auto whole = text.substr(0, dot);
  std::string decimals{dot == text.npos ? "" : text.substr(dot + 1)};
  if (decimals.size() > 6)
    return fail(Errc::invalid_input, "more than 6 decimals in a price");
  decimals.resize(6, '0');
  LAB_TRY(const auto dollars, integer(whole, 1000));
  LAB_TRY(const auto micros, integer(decimals, 999'999));
  return dollars * 1'000'000 + micros;
}

Result<double> fraction(std::string_view text) {
  double value = 0;
  const auto [end, failed] =
    std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size()
      || !(value >= 0 && value <= 3))
    return fail(Errc::invalid_input, "a number from 0 to 3 is needed, not '"
                                       + std::string{text} + "'");
  return value;
}

Result<void> set_dialect(Options& options, const std::string& value) {
  if (value == "openai")
    options.dialect = Dialect::openai;
  else if (value == "anthropic")
    options.dialect = Dialect::anthropic;
  else if (value == "ollama")
    options.dialect = Dialect::ollama;
  else
    return fail(Errc::invalid_input,
                "openai, anthropic or ollama, not '" + value + "'");
  return {};
}

Result<void> set_fsync(Options& options, const std::string& value) {
  if (value != "group" && value != "off")
    return fail(Errc::invalid_input, "group or off, not '" + value + "'");
  options.fsync = value == "group" ? Fsync::group : Fsync::off;
  return {};
}

Result<void> set(Options& options, const std::string& name,
                 const std::string& value) {
  constexpr auto any = std::numeric_limits<std::int64_t>::max();
  if (name == "--dialect")
    return set_dialect(options, value);
  if (name == "--fsync")
    return set_fsync(options, value);
  if (name == "--port") {
    LAB_TRY(const auto port, integer(value, 65535));
    options.port = static_cast<std::uint16_t>(port);
  } else if (name == "--log") {
    options.log = value;
  } else if (name == "--faults") {
    options.faults = value;
  } else if (name == "--api-key") {
    options.api_key = value;
  } else if (name == "--models") {
    options.models = split(value, ',');
  } else if (name == "--usd-per-mtok-in") {
    LAB_TRY(options.prices.input, micro_usd(value));
  } else if (name == "--usd-per-mtok-out") {
    LAB_TRY(options.prices.output, micro_usd(value));
  } else if (name == "--latency-ms") {
    LAB_TRY(options.latency_ms, integer(value, 3'600'000));
  } else if (name == "--jitter") {
    LAB_TRY(options.jitter, fraction(value));
  } else if (name == "--seed") {
    LAB_TRY(const auto seed, integer(value, any));
    options.seed = static_cast<std::uint64_t>(seed);
  } else if (name == "--slots") {
    LAB_TRY(options.slots, integer(value, 1'000'000));
  } else if (name == "--tokens-out") {
    LAB_TRY(options.tokens_out, integer(value, 1'000'000));
  } else if (name == "--max-requests") {
    LAB_TRY(const auto count, integer(value, any));
    options.max_requests = static_cast<std::uint64_t>(count);
  } else {
    return fail(Errc::invalid_input, "unknown option; see --help");
  }
  return {};
}

} // namespace

Result<Options> parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    const auto& name = arguments[i];
    if (i + 1 == arguments.size())
      return fail(Errc::invalid_input, name + ": a value is missing");
    if (auto done = set(options, name, arguments[i + 1]); !done)
      return fail(Errc::invalid_input, name + ": " + done.error().context);
  }
  return options;
}

std::string usage() {
  return R"(usage: fake_provider [OPTION VALUE]...

A language-model server on 127.0.0.1 that thinks nothing, bills by its own
rules and can be told to misbehave. Prints "port N" and serves until SIGTERM.

  --port N               0 (default): any free port
  --dialect NAME         openai (default), anthropic or ollama
  --log FILE             appends one JSON line for each request, before the
                         reply is sent
  --fsync group|off      group (default): the log is on the disk first
  --usd-per-mtok-in USD  default 0.15
  --usd-per-mtok-out USD default 0.60
  --latency-ms N         mean time to a reply; default 0
  --jitter SIGMA         log-normal spread of that time; default 0
  --seed N               of latencies and fault rates; default 1
  --slots N              requests worked on at once, the rest wait; 0: any
  --tokens-out N         length of free-text replies; default 60
  --faults FILE          what goes wrong, and when; see tools/dev/README.md
  --max-requests N       ends after N answers; 0 (default): never
  --models A,B           what Ollama's list of models has, with digests
  --api-key KEY          answers 401 to any other key
)";
}

} // namespace lab::tools::fake

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lab::sweeps {

/// What an expression, or a part of one, can be.
enum class Type : std::uint8_t {
  truth,    // yes or no
  number,   //
  text,     //
  duration, // a length of time
  moment,   // a point in time
  sample,   // a metric's values, one a run
  runs,     // a group of runs
  word,     // one of the words that its place allows: `continue`, `total`
};

/// "a number", "the values of a metric".
std::string_view describe(Type type);

struct Duration {
  double seconds = 0;
};

struct Moment {
  double seconds = 0; // since 1970-01-01 00:00 UTC
};

/// A metric's values over runs, in the order in which the runs ended.
struct Sample {
  std::vector<double> values;
};

/// Some of all runs that are looked at: `failed`, `trust > 5`.
struct Runs {
  std::int64_t matching = 0;
  std::int64_t all = 0;
};

/// A value; `monostate` where there is none yet: a metric that no run has, a
/// mean of nothing, a division by zero. Words are texts.
using Value = std::variant<std::monostate, bool, double, std::string, Duration,
                           Moment, Sample, Runs>;

/// Seconds of "90s", "1.5m", "2h", "1d"; nothing for anything else.
std::optional<double> parse_duration(std::string_view text);

inline bool is_known(const Value& value) {
  return !std::holds_alternative<std::monostate>(value);
}

} // namespace lab::sweeps

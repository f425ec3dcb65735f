#include "llm/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/text.hpp"

namespace lab::llm {

namespace {

constexpr double year_ms = 366.0 * 24 * 3600 * 1000;
constexpr double ms_per_second = 1000;

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  // A number too large for a double is out of range, not a mistake.
  if (error == std::errc::result_out_of_range && stop == end
      && !text.starts_with('-'))
    return year_ms;
  if (error != std::errc{} || stop != end || value != value)
    return std::nullopt;
  return value;
}

std::optional<int> integer(std::string_view text) {
  int value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || value < 0)
    return std::nullopt;
  return value;
}

std::optional<unsigned> month(std::string_view text) {
  constexpr std::array<std::string_view, 12> names{"jan", "feb", "mar", "apr",
                                                   "may", "jun", "jul", "aug",
                                                   "sep", "oct", "nov", "dec"};
  const auto found = std::find(names.begin(), names.end(), to_lower(text));
  if (found == names.end())
    return std::nullopt;
  return static_cast<unsigned>(found - names.begin()) + 1;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" or
/// "Sun Nov  6 08:49:37 1994": the order of the parts tells them apart.
std::optional<UnixMs> http_date(std::string_view text) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : std::string{text} + " ") {
    if (c != ' ' && c != ',' && c != '-' && c != ':') {
      part += c;
    } else if (!part.empty()) {
      parts.push_back(std::move(part));
      part.clear();
    }
  }
  if (parts.size() < 7)
    return std::nullopt;
  const bool asctime = month(parts[1]).has_value();
  const auto name = month(parts[asctime ? 1 : 2]);
  const auto day = integer(parts[asctime ? 2 : 1]);
  auto year = integer(parts[asctime ? 6 : 3]);
  const std::size_t clock = asctime ? 3 : 4;
  const auto hour = integer(parts[clock]);
  const auto minute = integer(parts[clock + 1]);
  const auto second = integer(parts[clock + 2]);
  if (!name || !day || !year || !hour || !minute || !second || *hour > 23
      || *minute > 59 || *second > 60)
    return std::nullopt;
  if (*year < 100)
    *year += *year < 70 ? 2000 : 1900;
  const std::chrono::year_month_day date{
    std::chrono::year{*year}, std::chrono::month{*name},
    std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok())
    return std::nullopt;
  const auto at = std::chrono::sys_days{date} + std::chrono::hours{*hour}
                  + std::chrono::minutes{*minute}
                  + std::chrono::seconds{*second};
  return std::chrono::duration_cast<std::chrono::milliseconds>(
           at.time_since_epoch())
    .count();
}

RetryAfter judged(double ms) {
  if (!(ms > 0))
    return {};
  const auto kind = ms <= static_cast<double>(retry_after_ms_max)
                      ? RetryAfter::Kind::wait
                      : RetryAfter::Kind::too_long;
  // Rounded up: a server that says 0.2 ms means "not at once".
  const auto whole = static_cast<std::int64_t>(std::min(ms, year_ms));
  return {kind, whole + (static_cast<double>(whole) < ms && ms < year_ms)};
}

} // namespace

RetryAfter parse_retry_after(std::string_view retry_after,
                             std::string_view retry_after_ms, UnixMs now) {
  if (const auto ms = number(trim(retry_after_ms)); ms && *ms > 0)
    return judged(*ms);
  const auto text = trim(retry_after);
  if (const auto seconds = number(text))
    return judged(*seconds * ms_per_second);
  if (const auto at = http_date(text))
    return judged(static_cast<double>(*at) - static_cast<double>(now));
  return {};
}

} // namespace lab::llm

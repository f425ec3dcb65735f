#include "runtime/base/day_window.hpp"

#include <cstdio>
#include <ctime>

namespace lab {

namespace {

constexpr UnixMs ms_per_second = 1'000;
constexpr UnixMs ms_per_minute = 60'000;
constexpr UnixMs minutes_per_day = 1'440;
constexpr UnixMs ms_per_day = minutes_per_day * ms_per_minute;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

UnixMs offset_ms(const UtcOffset& offset, UnixMs at) {
  return offset(at) * ms_per_second;
}

/// The first instant in (before, after] whose offset is that of `after`.
UnixMs transition(const UtcOffset& offset, UnixMs before, UnixMs after) {
  const auto wanted = offset(after);
  while (after - before > 1) {
    const auto middle = before + (after - before) / 2;
    (offset(middle) == wanted ? after : before) = middle;
  }
  return after;
}

/// The instant at which clocks show `local`, milliseconds since 1970 as they
/// would be in UTC.
UnixMs instant_of(UnixMs local, const UtcOffset& offset) {
  // No zone changes twice within two days.
  const auto before = offset_ms(offset, local - ms_per_day);
  const auto after = offset_ms(offset, local + ms_per_day);
  if (offset_ms(offset, local - before) == before)
    return local - before; // of two such instants the first
  if (offset_ms(offset, local - after) == after)
    return local - after;
  return transition(offset, local - ms_per_day, local + ms_per_day);
}

std::string clock_text(std::int32_t minutes) {
  char text[24] = {};
  std::snprintf(text, sizeof text, "%02d:%02d", minutes / 60, minutes % 60);
  return text;
}

} // namespace

std::string to_string(const DayWindow& window) {
  return clock_text(window.open) + " to " + clock_text(window.close);
}

std::int64_t local_utc_offset(UnixMs at) {
  const auto seconds = static_cast<std::time_t>(floor_div(at, ms_per_second));
  std::tm local{};
  return localtime_r(&seconds, &local) == nullptr ? 0 : local.tm_gmtoff;
}

Opening opening_at(const DayWindow& window, UnixMs now,
                   const UtcOffset& offset) {
  const auto today = floor_div(now + offset_ms(offset, now), ms_per_day);
  const auto minute_of = [&](std::int64_t day, std::int32_t minute) {
    return instant_of(day * ms_per_day + minute * ms_per_minute, offset);
  };
  const auto next_day = window.close <= window.open ? 1 : 0;
  // From yesterday's, which may hold past midnight; no clocks skip two nights.
  Opening opening;
  for (auto day = today - 1; day <= today + 3; ++day) {
    opening = {minute_of(day, window.open),
               minute_of(day + next_day, window.close)};
    if (opening.close > now && opening.close > opening.open)
      break;
  }
  return opening;
}

} // namespace lab

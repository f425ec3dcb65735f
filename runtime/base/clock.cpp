#include "runtime/base/clock.hpp"

#include <cstdio>
#include <ctime>

#include <date/date.h>

namespace lab {

namespace {

date::sys_time<std::chrono::milliseconds> time_point(UnixMs at) {
  return date::sys_time<std::chrono::milliseconds>{
    std::chrono::milliseconds{at}};
}

} // namespace

UnixMs SystemClock::now_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
           std::chrono::system_clock::now().time_since_epoch())
    .count();
}

std::chrono::steady_clock::time_point SystemClock::steady() const {
  return std::chrono::steady_clock::now();
}

// On the path of every call, so without streams.
std::string utc_day(UnixMs at) {
  const date::year_month_day day{date::floor<date::days>(time_point(at))};
  char text[24] = {};
  const int size = std::snprintf(
    text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()),
    static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return {text, static_cast<std::size_t>(size)};
}

std::string utc_week(UnixMs at) {
  // ISO 8601: a week belongs to the year that holds its Thursday.
  const auto day = date::floor<date::days>(time_point(at));
  const auto monday = day - (date::weekday{day} - date::Monday);
  const auto thursday = monday + date::days{3};
  const auto year = date::year_month_day{thursday}.year();
  const auto week =
    (thursday - date::sys_days{year / date::January / 1}).count() / 7 + 1;
  char text[24] = {};
  const int size =
    std::snprintf(text, sizeof text, "%04d-W%02d", static_cast<int>(year),
                  static_cast<int>(week));
  return {text, static_cast<std::size_t>(size)};
}

std::string utc_text(UnixMs at) {
  return date::format("%FT%T", time_point(at)) + "Z";
}

std::string local_text(UnixMs at) {
  const std::time_t seconds = at / 1000;
  std::tm local{};
  localtime_r(&seconds, &local);
  char text[40] = {};
  const auto size =
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &local);
  std::string out{text, size};
  // strftime writes +0100; ISO 8601's extended form wants +01:00.
  return out.insert(out.size() - 2, ":");
}

} // namespace lab

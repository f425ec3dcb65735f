#include "runtime/base/clock.hpp"

#include <date/date.h>

#include <ctime>

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

std::string utc_day(UnixMs at) {
  return date::format("%F", date::floor<date::days>(time_point(at)));
}

std::string utc_week(UnixMs at) {
  return date::format("%G-W%V", date::floor<date::days>(time_point(at)));
}

std::string utc_text(UnixMs at) {
  return date::format("%FT%T", time_point(at)) + "Z";
}

std::string local_text(UnixMs at) {
  const std::time_t seconds = at / 1000;
  std::tm local{};
  localtime_r(&seconds, &local);
  char text[40] = {};
  const auto size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z",
                                  &local);
  std::string out{text, size};
  // strftime writes +0100; ISO 8601's extended form wants +01:00.
  return out.insert(out.size() - 2, ":");
}

} // namespace lab

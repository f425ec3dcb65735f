#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "runtime/base/clock.hpp"

namespace lab {

/// Hours of every local day, such as 22:30 to 07:30.
struct DayWindow {
  std::int32_t open = 0;  // minutes after midnight
  std::int32_t close = 0; // not after `open`: on the next day

  friend bool operator==(const DayWindow&, const DayWindow&) = default;
};

/// "22:30 to 07:30"
std::string to_string(const DayWindow& window);

/// From when until when a window is open.
struct Opening {
  UnixMs open = 0;
  UnixMs close = 0; // no longer open then

  friend bool operator==(const Opening&, const Opening&) = default;
};

/// How far local time is ahead of UTC at an instant, in seconds.
using UtcOffset = std::function<std::int64_t(UnixMs)>;

/// This machine's time zone.
std::int64_t local_utc_offset(UnixMs at);

/// The opening that holds at `now`, else the next one.
///
/// A minute that the clocks skip is the instant at which they were put
/// forward; of a minute that comes twice the first one counts. So a window is
/// open for as many hours as its night has, and a night that skips all of it
/// has none.
Opening opening_at(const DayWindow& window, UnixMs now,
                   const UtcOffset& offset = local_utc_offset);

} // namespace lab

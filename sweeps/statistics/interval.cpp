#include "sweeps/statistics/interval.hpp"

#include <algorithm>

namespace lab::sweeps::statistics {

std::string_view to_string(Method method) {
  switch (method) {
  case Method::none:
    return "none";
  case Method::student_t:
    return "t";
  case Method::student_t_clipped:
    return "t, cut to the range";
  case Method::welch:
    return "Welch's t";
  case Method::wilson:
    return "Wilson";
  case Method::percentile:
    return "percentile bootstrap";
  case Method::bca:
    return "BCa bootstrap";
  case Method::delta:
    return "delta method";
  case Method::jackknife:
    return "jackknife";
  case Method::least_squares:
    return "least squares";
  case Method::betting:
    return "betting confidence sequence";
  case Method::t_mixture:
    return "t-mixture confidence sequence";
  }
  return "none";
}

Interval clipped(Interval interval, const Interval& bounds) {
  interval.low = std::clamp(interval.low, bounds.low, bounds.high);
  interval.high = std::clamp(interval.high, bounds.low, bounds.high);
  return interval;
}

} // namespace lab::sweeps::statistics

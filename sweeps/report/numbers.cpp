#include "sweeps/report/numbers.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace lab::sweeps::report {

namespace {

using statistics::Interval;

std::string end_text(double end, int decimals) {
  if (std::isfinite(end))
    return fixed_text(end, decimals);
  return "no bound";
}

} // namespace

std::string fixed_text(double number, int decimals) {
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", decimals, number);
  const std::string out{text};
  if (out.front() == '-' && out.find_first_of("123456789") == std::string::npos)
    return out.substr(1);
  return out;
}

std::string significant_text(double number, int digits) {
  if (number == 0 || !std::isfinite(number))
    return number == 0 ? "0" : "-";
  const double size = std::abs(number);
  if (size < 1e-5 || size >= 1e15) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*g", digits, number);
    return text;
  }
  const int before = static_cast<int>(std::floor(std::log10(size))) + 1;
  auto out = fixed_text(number, std::max(0, digits - before));
  if (out.find('.') != std::string::npos) {
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.')
      out.pop_back();
  }
  return out;
}

int decimals_for(double width) {
  if (!(width > 0) || !std::isfinite(width))
    return 2;
  return std::clamp(1 - static_cast<int>(std::floor(std::log10(width))), 0, 6);
}

std::string estimate_text(std::optional<double> value,
                          const std::optional<Interval>& interval) {
  if (!value)
    return "-";
  if (!interval)
    return significant_text(*value);
  const int decimals = decimals_for(interval->half_width());
  return fixed_text(*value, decimals) + " (" + end_text(interval->low, decimals)
         + " to " + end_text(interval->high, decimals) + ")";
}

std::string estimate_text(const statistics::Estimate& estimate) {
  return estimate_text(estimate.value, estimate.interval);
}

std::string interval_text(const std::optional<Interval>& interval) {
  if (!interval)
    return "-";
  const int decimals = decimals_for(interval->half_width());
  return end_text(interval->low, decimals) + " to "
         + end_text(interval->high, decimals);
}

std::string p_text(std::optional<double> p) {
  if (!p)
    return "-";
  if (*p < 0.001)
    return "< 0.001";
  return fixed_text(*p, *p < 0.1 ? 3 : 2);
}

std::string percent_text(double share) {
  const double percent = share * 100;
  return fixed_text(percent, percent != 0 && std::abs(percent) < 10 ? 1 : 0)
         + " %";
}

std::string grouped_text(std::int64_t number) {
  auto out = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (auto i = static_cast<std::ptrdiff_t>(out.size()) - 3;
       i > static_cast<std::ptrdiff_t>(first); i -= 3)
    out.insert(static_cast<std::size_t>(i), ",");
  return out;
}

std::string counted(std::int64_t count, const std::string& noun) {
  return grouped_text(count) + " " + noun + (count == 1 ? "" : "s");
}

} // namespace lab::sweeps::report

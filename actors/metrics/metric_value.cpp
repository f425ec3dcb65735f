#include "actors/metrics/metric_value.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

constexpr std::size_t text_bytes_max = 200;

std::optional<double> plain_number(std::string_view text) {
  text = trim(text);
  if (!text.empty() && text.front() == '+')
    text.remove_prefix(1);
  // `from_chars` would read "inf" and "nan"; a sign may stand once.
  if (text.find_first_not_of("0123456789.eE+-") != std::string_view::npos)
    return std::nullopt;
  double number = 0;
  const auto [end, error] =
    std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()
      || !std::isfinite(number))
    return std::nullopt;
  return number;
}

/// "1,250,000.5" without its marks; nothing unless each group has three digits.
std::optional<std::string> without_marks(std::string_view text) {
  const auto whole = text.substr(0, text.find('.'));
  const auto groups = split(whole, ',');
  std::string out;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto sign = i == 0 && !groups[i].empty()
                      && (groups[i][0] == '-' || groups[i][0] == '+');
    const auto digits = groups[i].size() - (sign ? 1 : 0);
    if (i == 0 ? digits < 1 || digits > 3 : digits != 3)
      return std::nullopt;
    out += groups[i];
  }
  return out.append(text.substr(whole.size()));
}

std::optional<bool> truth_in(std::string_view text) {
  const auto word = to_lower(trim(text));
  for (const auto* yes : {"true", "yes", "1", "on"})
    if (word == yes)
      return true;
  for (const auto* no : {"false", "no", "0", "off"})
    if (word == no)
      return false;
  return std::nullopt;
}

std::optional<double> category_in(const MetricSpec& metric,
                                  std::string_view text) {
  const auto word = to_lower(trim(text));
  for (std::size_t i = 0; i < metric.categories.size(); ++i)
    if (to_lower(trim(metric.categories[i])) == word)
      return static_cast<double>(i);
  return std::nullopt;
}

std::optional<double> converted(const MetricSpec& metric,
                                std::string_view found) {
  switch (metric.type) {
  case MetricType::boolean:
    if (const auto truth = truth_in(found))
      return *truth ? 1.0 : 0.0;
    return std::nullopt;
  case MetricType::categorical:
    return category_in(metric, found);
  case MetricType::integer:
    if (const auto number = number_in(found);
        number && std::trunc(*number) == *number)
      return number;
    return std::nullopt;
  case MetricType::continuous:
  case MetricType::text:
    break;
  }
  return number_in(found);
}

MetricStatus status_of(const MetricSpec& metric, double number) {
  const bool outside =
    metric.range
    && (number < metric.range->first || number > metric.range->second);
  return outside ? MetricStatus::out_of_range : MetricStatus::value;
}

std::string short_text(std::string_view found) {
  return std::string{trim(printable(found.substr(0, text_bytes_max)))};
}

} // namespace

std::optional<double> number_in(std::string_view text) {
  text = trim(text);
  if (!text.empty() && text.back() == '%')
    text.remove_suffix(1);
  if (const auto caret = text.find('^'); caret != std::string_view::npos) {
    const auto base = plain_number(text.substr(0, caret));
    const auto exponent = plain_number(text.substr(caret + 1));
    if (!base || !exponent)
      return std::nullopt;
    const double power = std::pow(*base, *exponent);
    return std::isfinite(power) ? std::optional{power} : std::nullopt;
  }
  if (text.find(',') == std::string_view::npos)
    return plain_number(text);
  const auto digits = without_marks(text);
  return digits ? plain_number(*digits) : std::nullopt;
}

MetricValue value_of(const MetricSpec& metric, std::string_view found,
                     bool any_match_is_true) {
  MetricValue value;
  value.metric = metric.name;
  value.text = short_text(found);
  if (metric.type == MetricType::text
      || (metric.type == MetricType::categorical
          && metric.categories.empty())) {
    value.status = MetricStatus::value;
    return value;
  }
  value.number = metric.type == MetricType::boolean && any_match_is_true
                   ? std::optional{1.0}
                   : converted(metric, found);
  value.status =
    value.number ? status_of(metric, *value.number) : MetricStatus::unparseable;
  return value;
}

MetricValue value_of(const MetricSpec& metric, double number) {
  MetricValue value;
  value.metric = metric.name;
  value.number = number;
  value.status = status_of(metric, number);
  std::array<char, 32> text{};
  const auto [end, error] =
    std::to_chars(text.data(), text.data() + text.size(), number);
  value.text.assign(text.data(), error == std::errc{} ? end : text.data());
  return value;
}

MetricLevel level_of(const MetricSpec& metric, const MetricValue& value) {
  if (value.status != MetricStatus::value || !value.number)
    return MetricLevel::normal;
  const auto& warning = metric.warning_threshold;
  const auto& critical = metric.critical_threshold;
  const bool falling = warning && critical && *critical < *warning;
  const auto past = [&](const std::optional<double>& threshold) {
    return threshold
           && (falling ? *value.number <= *threshold
                       : *value.number >= *threshold);
  };
  if (past(critical))
    return MetricLevel::critical;
  return past(warning) ? MetricLevel::warning : MetricLevel::normal;
}

} // namespace lab::actors

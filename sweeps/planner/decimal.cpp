#include "sweeps/planner/decimal.hpp"

namespace lab::sweeps {

namespace {

constexpr std::size_t places = 9;
constexpr std::size_t whole_digits_max = 9;
constexpr std::int64_t one = 1'000'000'000;

bool all_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// `text` holds at most 18 digits.
std::int64_t digits_value(std::string_view text) {
  std::int64_t value = 0;
  for (const char digit : text)
    value = value * 10 + (digit - '0');
  return value;
}

} // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+'))
    text.remove_prefix(1);
  const auto point = text.find('.');
  auto whole = text.substr(0, point);
  const auto part = point == std::string_view::npos ? std::string_view{}
                                                    : text.substr(point + 1);
  if (whole.empty() || !all_digits(whole) || !all_digits(part)
      || (part.empty() && point != std::string_view::npos)
      || part.size() > places)
    return std::nullopt;
  while (whole.size() > 1 && whole.front() == '0')
    whole.remove_prefix(1);
  if (whole.size() > whole_digits_max)
    return std::nullopt;
  std::string padded{part};
  padded.resize(places, '0');
  const auto units = digits_value(whole) * one + digits_value(padded);
  return Decimal{negative ? -units : units};
}

std::string to_string(Decimal number) {
  const auto size = number.units < 0 ? -number.units : number.units;
  std::string text = std::to_string(size / one);
  if (const auto rest = size % one; rest != 0) {
    // The leading one keeps the zeros behind the point.
    std::string part = std::to_string(one + rest).substr(1);
    part.erase(part.find_last_not_of('0') + 1);
    text += "." + part;
  }
  return number.units < 0 ? "-" + text : text;
}

std::optional<std::int64_t> parse_count(std::string_view text) {
  std::int64_t factor = 1;
  if (!text.empty()) {
    switch (text.back()) {
    case 'k':
      factor = 1'000;
      break;
    case 'M':
      factor = 1'000'000;
      break;
    case 'G':
      factor = 1'000'000'000;
      break;
    default:
      break;
    }
  }
  if (factor > 1)
    text.remove_suffix(1);
  const auto number = parse_decimal(text);
  if (!number || number->units < 0)
    return std::nullopt;
  // Split, because units times the factor can leave 64 bits.
  const auto rest = number->units % one * factor;
  if (rest % one != 0)
    return std::nullopt;
  return number->units / one * factor + rest / one;
}

} // namespace lab::sweeps

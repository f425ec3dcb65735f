#include "runtime/base/money.hpp"

#include "runtime/base/check.hpp"

namespace lab {

namespace {

constexpr std::int64_t pico_per_usd = 1'000'000'000'000;
constexpr int decimals_max = 12;

/// 1e-12 USD digits after the point, padded to 12.
std::string fraction_digits(std::int64_t pico) {
  auto digits = std::to_string(pico);
  return std::string(static_cast<std::size_t>(decimals_max) - digits.size(),
                     '0')
         + digits;
}

} // namespace

Money operator+(Money a, Money b) {
  Money sum;
  LAB_CHECK(!__builtin_add_overflow(a.pico_usd, b.pico_usd, &sum.pico_usd),
            "money overflow");
  return sum;
}

Money operator-(Money a, Money b) {
  Money difference;
  LAB_CHECK(
    !__builtin_sub_overflow(a.pico_usd, b.pico_usd, &difference.pico_usd),
    "money overflow");
  return difference;
}

Result<Money> multiply(Money price, std::int64_t count) {
  Money product;
  if (__builtin_mul_overflow(price.pico_usd, count, &product.pico_usd))
    return fail(Errc::invalid_input,
                "amount out of range: " + std::to_string(price.pico_usd)
                  + " pico-USD x " + std::to_string(count));
  return product;
}

Result<Money> parse_usd(std::string_view text) {
  const auto refuse = [&](std::string_view why) {
    return fail(Errc::invalid_input,
                "'" + std::string{text}
                  + "' is not an amount in USD: " + std::string{why});
  };
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto fraction = point == std::string_view::npos
                          ? std::string_view{}
                          : text.substr(point + 1);
  if (whole.empty() || (point != std::string_view::npos && fraction.empty()))
    return refuse("write it like 5 or 0.40");
  if (fraction.size() > decimals_max)
    return refuse("at most 12 decimals");
  std::int64_t value = 0;
  const auto push = [&value](char digit) {
    return digit >= '0' && digit <= '9'
           && !__builtin_mul_overflow(value, 10, &value)
           && !__builtin_add_overflow(value, digit - '0', &value);
  };
  for (const char digit : whole)
    if (!push(digit))
      return refuse("digits and one point only, below 9 million");
  for (std::size_t i = 0; i < decimals_max; ++i)
    if (!push(i < fraction.size() ? fraction[i] : '0'))
      return refuse("digits and one point only, below 9 million");
  return Money{value};
}

std::string to_decimal(Money amount) {
  const bool negative = amount.pico_usd < 0;
  // The magnitude of the smallest value does not fit; it cannot arise from sums
  // of parsed amounts.
  const auto magnitude = negative ? -amount.pico_usd : amount.pico_usd;
  auto text = std::to_string(magnitude / pico_per_usd);
  auto fraction = fraction_digits(magnitude % pico_per_usd);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  if (!fraction.empty())
    text += "." + fraction;
  return negative ? "-" + text : text;
}

std::string to_display(Money amount) {
  if (amount.pico_usd < 0)
    return "-" + to_display(Money{-amount.pico_usd});
  constexpr auto cent = pico_per_usd / 100;
  if (amount.pico_usd == 0 || amount.pico_usd >= cent) {
    const auto cents =
      amount.pico_usd / cent + (amount.pico_usd % cent >= cent / 2 ? 1 : 0);
    const auto rest = std::to_string(cents % 100);
    return "$" + std::to_string(cents / 100) + "."
           + std::string(2 - rest.size(), '0') + rest;
  }
  auto fraction = fraction_digits(amount.pico_usd);
  const auto first = fraction.find_first_not_of('0');
  return "$0." + fraction.substr(0, std::min<std::size_t>(first + 2, 12));
}

} // namespace lab

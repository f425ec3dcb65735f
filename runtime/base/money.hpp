#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/base/error.hpp"

namespace lab {

/// An amount of money in pico-US-dollars (1e-12 USD), signed and exact.
///
/// A price of X micro-dollars per million tokens is exactly X pico-dollars per
/// token, so `tokens * price` never rounds. Range: +-9.2 million USD.
struct Money {
  std::int64_t pico_usd = 0;

  friend auto operator<=>(const Money&, const Money&) = default;
};

/// Sums and differences stop the program on overflow: an amount outside the
/// range is our bug, never a user's input (`parse_usd` refuses those).
Money operator+(Money a, Money b);
Money operator-(Money a, Money b);
inline Money& operator+=(Money& a, Money b) { return a = a + b; }
inline Money& operator-=(Money& a, Money b) { return a = a - b; }

/// @errors invalid_input when the product leaves the range
Result<Money> multiply(Money price, std::int64_t count);

/// Reads a plain non-negative decimal such as "0.40", digit by digit.
/// Refused: signs, exponents, "inf", more than 12 decimals, thousands marks.
/// @errors invalid_input
Result<Money> parse_usd(std::string_view text);

/// The shortest exact decimal: "0", "5", "0.0123". For JSON and files.
std::string to_decimal(Money amount);

/// For people: "$19.43", "$0.0053", "$0.000012". Two decimals from one cent
/// on, else two significant digits.
std::string to_display(Money amount);

} // namespace lab

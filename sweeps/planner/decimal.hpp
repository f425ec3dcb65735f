#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lab::sweeps {

/// A decimal number as people write it, exact: `units` / 10^9.
struct Decimal {
  std::int64_t units = 0;

  friend auto operator<=>(const Decimal&, const Decimal&) = default;

  /// The shortest text: "0", "0.3", "-2.5". A friend only, so that it hides no
  /// other `to_string`.
  friend std::string to_string(Decimal number);
};

/// Reads an optional sign, digits and at most 9 decimals; nothing for anything
/// else, and nothing from 10^9 on.
std::optional<Decimal> parse_decimal(std::string_view text);

/// Reads a count such as "250", "400k", "1.5M" or "2G" that comes out whole.
std::optional<std::int64_t> parse_count(std::string_view text);

} // namespace lab::sweeps

#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace lab::tools {

/// The whole number in a cell of `Queries::sql`; 0 for what is none.
inline std::int64_t number_in(const std::optional<std::string>& cell) {
  std::int64_t value = 0;
  if (cell)
    std::from_chars(cell->data(), cell->data() + cell->size(), value);
  return value;
}

} // namespace lab::tools

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/price.hpp"

namespace lab::llm {

/// A price that needs no settings file.
struct BuiltinPrice {
  std::string slug;   // OpenRouter's id: "anthropic/claude-3.5-haiku"
  std::string direct; // the vendor's own name for it; empty: not sold directly
  PriceRow row;
};

/// Rows carry the month they were written down as their source; a settings
/// file overrides them.
const std::vector<BuiltinPrice>& builtin_prices();

/// The row of the model that `vendor` or openrouter calls `name`, or nullptr.
const BuiltinPrice* builtin_by_vendor(std::string_view vendor,
                                      std::string_view name);

} // namespace lab::llm

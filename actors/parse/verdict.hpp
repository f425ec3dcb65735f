#pragma once

#include <optional>
#include <string_view>

#include "runtime/base/json.hpp"

// Internal to actors/parse: short answers in words.

namespace lab::actors {

/// What "yes", "No.", "**true**" or "ja, gern" says. Nothing for a template
/// that was left as it stood ("yes/no") and for anything else.
std::optional<bool> yes_or_no(std::string_view text);

/// Whether an answer to an offer accepts it. Only what is accepted without a
/// "not" or an "if" counts as accepted; nothing when it cannot be told.
std::optional<bool> acceptance(std::string_view text);

/// The same of JSON values, where truth values and 0 and 1 speak plainly.
std::optional<bool> yes_or_no_in(const json::Value& value);
std::optional<bool> acceptance_in(const json::Value& value);

/// "none", "N/A", "-" and the like: a field that was filled with nothing.
bool says_none(std::string_view text);

} // namespace lab::actors

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/error.hpp"

// Columns that hold lists or maps of texts do so as JSON.

namespace lab::storage {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

/// `["a","b"]`
std::string json_list(const std::vector<std::string>& texts);
/// `{"key":"value"}`, keys in the order given.
std::string json_object(const TextPairs& pairs);
/// `[{"key":"value"}]`
std::string json_objects(const std::vector<TextPairs>& objects);

/// @errors journal_corrupt: not what the function above wrote
Result<std::vector<std::string>> list_from(std::string_view text);
Result<TextPairs> pairs_from(std::string_view text);
Result<std::vector<TextPairs>> objects_from(std::string_view text);

} // namespace lab::storage

#pragma once

#include <string>

#include "storage/queries.hpp"

namespace lab::tools {

/// A run as a story: the world, what was said, decided and measured, by turn.
/// Text of models is stripped of whatever could act on a terminal.
std::string story_text(const storage::RunDetail& run);
std::string story_json(const storage::RunDetail& run);

} // namespace lab::tools

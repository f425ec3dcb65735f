#pragma once

#include <string>
#include <string_view>

namespace lab::actors {

/// A prompt as a person reads it: records stand as words under the name of
/// who said them, set in so that they look like nothing of ours, and what only
/// a model needs (how to write the answer) is left out. May hold characters
/// that a terminal must not see.
std::string for_people(std::string_view prompt);

} // namespace lab::actors

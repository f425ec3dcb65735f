#pragma once

#include <string>

namespace lab {

/// The difference of two texts as a unified diff of their lines, with a few
/// lines around each change; empty when they are equal. A last line without a
/// line end is marked as usual, so that `patch` takes it.
std::string unified_diff(const std::string& before, const std::string& after,
                         const std::string& before_name,
                         const std::string& after_name);

} // namespace lab

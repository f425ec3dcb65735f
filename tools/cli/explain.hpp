#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lab::tools {

/// docs/errors.md as it was when the program was built.
std::string_view error_index();

/// The codes that an index explains, in its order.
std::vector<std::string> explained_codes(std::string_view index);

/// The section of a code; empty when there is none.
std::string explanation_of(std::string_view index, const std::string& code);

} // namespace lab::tools

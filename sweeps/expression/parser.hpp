#pragma once

#include <string_view>

#include "sweeps/expression/tree.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// Reads and checks a text by recursive descent.
tl::expected<Expression::Tree, ExpressionError>
parse_tree(std::string_view text, const Scope& scope, const Wanted& wanted);

} // namespace lab::sweeps

#pragma once

#include <string>
#include <string_view>

#include "runtime/base/diagnostic.hpp"
#include "runtime/base/yaml.hpp"

namespace lab::yaml {

/// Turns the place where a parser gave up into the place where the writer went
/// wrong: the bracket or the quote that was never closed, the tab, the colon
/// inside an unquoted text.
///
/// @param document  file name and lines; its root is not read
/// @param what      the parser's own words, used when nothing better is known
/// @param where     where the parser stopped
Diagnostic explain_syntax_error(const Document& document, std::string_view what,
                                Mark where);

} // namespace lab::yaml

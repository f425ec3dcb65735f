#pragma once

#include <optional>
#include <string_view>

#include "runtime/model/turn_state.hpp"

namespace lab {

// The one name of each enumerator: in the journal, tables, files and JSON.

std::string_view to_string(Control control);
std::string_view to_string(EventType type);
std::string_view to_string(MetricStatus status);
std::string_view to_string(MetricLevel level);
std::string_view to_string(CheckKind kind);
std::string_view to_string(CheckVerdict verdict);
std::string_view to_string(IssueSeverity severity);

/// The enumerator of this name, for the types above.
template <class E>
std::optional<E> enum_from(std::string_view name);

} // namespace lab

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sweeps/expression/value.hpp"

// Internal to this folder: which operators take which types.

namespace lab::sweeps {

/// The type of `left sign right`; nothing when they do not go together.
std::optional<Type> arithmetic_type(Type left, std::string_view sign,
                                    Type right);
std::optional<Type> comparison_type(Type left, std::string_view sign,
                                    Type right);

/// The value, of the type that the above says. Not finite is not known.
Value arithmetic(const Value& left, char sign, const Value& right);
Value compare(const Value& left, std::string_view sign, const Value& right);

/// Whether a value is of this type.
bool is_of(const Value& value, Type type);

/// Turns what is not finite into what is not known.
Value checked(Value value);

} // namespace lab::sweeps

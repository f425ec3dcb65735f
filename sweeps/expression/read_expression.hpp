#pragma once

#include <optional>
#include <string>

#include "runtime/base/yaml.hpp"
#include "sweeps/expression/expression.hpp"

namespace lab::sweeps {

/// Parses the text of a YAML value. What is wrong becomes a finding of this
/// code at the very piece of the text where it stands on one line.
/// @param path  dotted, of the value
std::optional<Expression>
read_expression(const yaml::Document& document, const yaml::Node& node,
                const Scope& scope, const Wanted& wanted,
                const std::string& code, const std::string& path,
                Findings& findings);

/// A finding at bytes `begin` to `end` of the text of a YAML value.
Diagnostic at_piece(const yaml::Document& document, const yaml::Node& node,
                    std::size_t begin, std::size_t end, std::string code,
                    std::string message);

} // namespace lab::sweeps

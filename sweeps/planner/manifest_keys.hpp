#pragma once

#include <string>

#include "runtime/base/yaml_reader.hpp"

// What the readers of a manifest's parts share. Internal to this folder.

namespace lab::sweeps {

/// Warns of each key that the manifest format has and nothing acts on yet, so
/// that nobody takes silence for consent.
void warn_of_no_effect(const yaml::Document& document, Findings& findings);

/// Refuses addresses and keys of providers anywhere in a manifest, which may
/// come from a stranger and would carry the user's key to a server of theirs.
void refuse_provider_secrets(const yaml::Document& document,
                             Findings& findings);

/// A finding at `node`, with its dotted path.
Diagnostic& error_at(const yaml::Document& document, const yaml::Node& node,
                     Findings& findings, std::string code, std::string message,
                     std::string path);

/// A value as people see it in tables: "0.3", "binding", "[0, 10]".
std::string value_text(const yaml::Node& node);

} // namespace lab::sweeps

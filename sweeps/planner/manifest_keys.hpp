#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

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

/// Reads one key of a map by `read`, and puts `help` into whatever was found.
///
///   read_with_help(reader, "points", findings, "add `points: 64`",
///                  [](auto& map) { return map.integer("points"); })
template <class Read>
auto read_with_help(yaml::MapReader& reader, std::string_view key,
                    Findings& findings, const std::string& help, Read read) {
  auto where = reader.path_of(key);
  where.resize(where.size() - std::min(where.size(), key.size() + 1));
  Findings found;
  yaml::MapReader map{reader.document(), reader.map(), where, "S", found};
  auto value = read(map);
  reader.allow(key);
  for (auto finding : found.all()) {
    finding.help.push_back(help);
    findings.add(std::move(finding));
  }
  return value;
}

/// A finding at `node`, with its dotted path.
Diagnostic& error_at(const yaml::Document& document, const yaml::Node& node,
                     Findings& findings, std::string code, std::string message,
                     std::string path);

/// A value as people see it in tables: "0.3", "binding", "[0, 10]".
std::string value_text(const yaml::Node& node);

} // namespace lab::sweeps

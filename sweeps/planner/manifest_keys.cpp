#include "sweeps/planner/manifest_keys.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "runtime/base/text.hpp"

namespace lab::sweeps {

namespace {

constexpr std::array<std::string_view, 5> secret_keys{
  "base_url", "api_key", "api_key_env", "api_token", "authorization"};

/// A key that the format has and nothing acts on.
struct KeyWithoutEffect {
  std::string_view path;
  std::string_view unless; // a value that says what happens anyway
  std::string_view instead;
};

constexpr std::array<KeyWithoutEffect, 3> keys_without_effect{{
  {"output.keep", "full", "everything is kept; remove `keep`"},
  {"providers",
   {},
   "lower `max_in_flight` and `requests_per_minute` of the "
   "provider in scenario-lab.yaml, or set `limits.calls`"},
  {"notify", {}, "write the command behind this one: sweep run … && …"},
}};

/// "a.b.base_url" -> "base_url": in `set`, keys are paths.
std::string_view last_segment(std::string_view path) {
  return path.substr(path.rfind('.') + 1);
}

bool is_secret(std::string_view key, bool in_providers) {
  return std::ranges::find(secret_keys, last_segment(key)) != secret_keys.end()
         || (in_providers && (key == "key" || key == "keys"));
}

Diagnostic secret_finding(Diagnostic place, std::string_view key,
                          std::string path) {
  place.label = "not in a manifest";
  place.path = std::move(path);
  place.help.push_back("write it into scenario-lab.yaml, under "
                       "`providers.<name>."
                       + std::string{last_segment(key)} + "`");
  place.notes.emplace_back("manifests are passed on: one from a stranger could "
                           "carry your key to a server of theirs");
  return place;
}

class SecretSearch {
public:
  SecretSearch(const yaml::Document& document, Findings& findings)
    : document_(document), findings_(findings) {}

  void visit(const yaml::Node& node, const std::string& path,
             bool in_providers) {
    for (std::size_t i = 0; i < node.items.size(); ++i)
      visit(node.items[i], path + "." + std::to_string(i), in_providers);
    for (const auto& entry : node.entries) {
      const auto place = path.empty() ? entry.key : path + "." + entry.key;
      if (is_secret(entry.key, in_providers))
        findings_.add(secret_finding(
          yaml::at_key(document_, entry, "S402",
                       "a manifest cannot hold a provider's `"
                         + std::string{last_segment(entry.key)} + "`"),
          entry.key, place));
      else
        visit(entry.value, place, in_providers || place == "providers");
    }
  }

private:
  const yaml::Document& document_;
  Findings& findings_;
};

} // namespace

void warn_of_no_effect(const yaml::Document& document, Findings& findings) {
  for (const auto& key : keys_without_effect) {
    const auto* map = &document.root;
    const auto dot = key.path.find('.');
    if (dot != std::string_view::npos)
      map = map->find(key.path.substr(0, dot));
    if (map == nullptr || map->kind != yaml::Kind::map)
      continue;
    const auto last = last_segment(key.path);
    const auto entry = std::ranges::find(map->entries, last, &yaml::Entry::key);
    if (entry == map->entries.end() || entry->value.kind == yaml::Kind::null
        || (!key.unless.empty() && entry->value.scalar == key.unless))
      continue;
    auto finding =
      yaml::at_key(document, *entry, "S424",
                   "nothing acts on `" + std::string{last} + "` yet");
    finding.severity = Severity::warning;
    finding.path = key.path;
    finding.label = "without effect";
    finding.help.emplace_back(key.instead);
    findings.add(std::move(finding));
  }
}

void refuse_provider_secrets(const yaml::Document& document,
                             Findings& findings) {
  SecretSearch{document, findings}.visit(document.root, {}, false);
}

Diagnostic& error_at(const yaml::Document& document, const yaml::Node& node,
                     Findings& findings, std::string code, std::string message,
                     std::string path) {
  auto finding = yaml::at(document, node, std::move(code), std::move(message));
  finding.path = std::move(path);
  return findings.add(std::move(finding));
}

std::string value_text(const yaml::Node& node) {
  std::vector<std::string> parts;
  switch (node.kind) {
  case yaml::Kind::null:
    return "null";
  case yaml::Kind::scalar:
    return node.scalar;
  case yaml::Kind::list:
    for (const auto& item : node.items)
      parts.push_back(value_text(item));
    return "[" + join(parts, ", ") + "]";
  case yaml::Kind::map:
    for (const auto& entry : node.entries)
      parts.push_back(entry.key + ": " + value_text(entry.value));
    return "{" + join(parts, ", ") + "}";
  }
  return {};
}

} // namespace lab::sweeps

#include "sweeps/planner/inheritance.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/text.hpp"
#include "sweeps/planner/manifest_keys.hpp"

namespace lab::sweeps {

namespace {

namespace fs = std::filesystem;
using yaml::Kind;
using yaml::Node;

/// What a factor's values can be; one excludes the others.
constexpr std::array<std::string_view, 5> value_kinds{
  "values", "range", "levels", "files", "draw"};
constexpr std::array<std::string_view, 3> of_range{"step", "int", "scale"};

template <std::size_t N>
bool is_among(const std::array<std::string_view, N>& keys,
              std::string_view key) {
  return std::ranges::find(keys, key) != keys.end();
}

/// Moves all marks of a node behind `lines` lines.
void shift(Node& node, int lines) {
  for (auto* mark : {&node.mark, &node.end})
    if (mark->line > 0)
      mark->line += lines;
  for (auto& item : node.items)
    shift(item, lines);
  for (auto& entry : node.entries) {
    if (entry.key_mark.line > 0)
      entry.key_mark.line += lines;
    shift(entry.value, lines);
  }
}

/// An heir that says how its factor varies in another way does not want what
/// belongs to the old way.
void drop_other_values(Node& parent, const Node& own) {
  const auto kind =
    std::ranges::find_if(own.entries, [](const yaml::Entry& entry) {
      return is_among(value_kinds, entry.key) && entry.value.kind != Kind::null;
    });
  if (kind == own.entries.end())
    return;
  std::erase_if(parent.entries, [&](const yaml::Entry& entry) {
    return (is_among(value_kinds, entry.key) && entry.key != kind->key)
           || (is_among(of_range, entry.key) && kind->key != "range");
  });
}

void drop_other_designs(Node& parent) {
  std::erase_if(parent.entries,
                [](const yaml::Entry& entry) { return entry.key != "seed"; });
}

/// Puts `own` over `parent`.
void merge(Node& parent, const Node& own, const std::string& path) {
  if (path == "design")
    drop_other_designs(parent);
  if (path.starts_with("factors.")
      && path.find('.', std::string_view{"factors."}.size())
           == std::string::npos)
    drop_other_values(parent, own);
  for (const auto& entry : own.entries) {
    const auto found =
      std::ranges::find(parent.entries, entry.key, &yaml::Entry::key);
    if (found == parent.entries.end()) {
      parent.entries.push_back(entry);
    } else if (entry.value.kind == Kind::null) {
      parent.entries.erase(found);
    } else if (entry.value.kind == Kind::map
               && found->value.kind == Kind::map) {
      merge(found->value, entry.value,
            path.empty() ? entry.key : path + "." + entry.key);
    } else {
      *found = entry;
    }
  }
  // Findings about the whole map point at the heir's.
  parent.mark = own.mark;
  parent.end = own.end;
}

class Inheritance {
public:
  explicit Inheritance(Findings& findings) : findings_(findings) {}

  std::optional<yaml::Document> complete(yaml::Document document) {
    const auto* named = document.root.find("extends");
    if (named == nullptr || named->kind == Kind::null)
      return document;
    chain_.push_back(identity(document.file));
    auto parent = parent_of(document, *named);
    chain_.pop_back();
    if (!parent)
      return std::nullopt;
    return joined(std::move(document), std::move(*parent));
  }

private:
  static std::string identity(const std::string& file) {
    std::error_code code;
    auto path = fs::weakly_canonical(file, code);
    return code ? file : path.string();
  }

  std::optional<yaml::Document> parent_of(const yaml::Document& document,
                                          const Node& named) {
    if (named.kind != Kind::scalar || named.scalar.empty())
      return refuse(document, named, "`extends` names one file",
                    "write it like screening.yaml");
    const auto file = (fs::path{document.file}.parent_path() / named.scalar)
                        .lexically_normal()
                        .string();
    if (std::ranges::find(chain_, identity(file)) != chain_.end())
      return refuse(document, named,
                    "`" + named.scalar + "` extends this file in turn",
                    "a circle of manifests has no beginning: remove one "
                    "`extends`");
    if (chain_.size() >= static_cast<std::size_t>(manifests_max))
      return refuse(document, named,
                    "more than " + std::to_string(manifests_max)
                      + " manifests extend each other",
                    "put what they share into one");
    std::error_code code;
    if (!fs::is_regular_file(file, code))
      return refuse(document, named, "there is no file `" + named.scalar + "`",
                    "it is looked for from the folder of " + document.file);
    auto parent = yaml::load(file, findings_);
    if (!parent)
      return std::nullopt;
    const auto* schema = parent->root.find("schema");
    if (schema == nullptr || schema->scalar != "sweep/1")
      return refuse(document, named,
                    "`" + named.scalar + "` is no sweep manifest",
                    "it must begin with `schema: sweep/1`; scenario-lab "
                    "upgrade makes one of an old batch file");
    return complete(std::move(*parent));
  }

  std::optional<yaml::Document> refuse(const yaml::Document& document,
                                       const Node& node, std::string message,
                                       std::string help) {
    error_at(document, node, findings_, "S422", std::move(message), "extends")
      .help.push_back(std::move(help));
    return std::nullopt;
  }

  static yaml::Document joined(yaml::Document own, yaml::Document parent) {
    for (const auto* key : {"extends", "name"})
      parent.root.erase(key);
    own.root.erase("extends");
    own.lines.push_back("# --- extends " + parent.file);
    const auto before = static_cast<int>(own.lines.size());
    shift(parent.root, before);
    own.parts.push_back({parent.file, before + 1});
    for (const auto& part : parent.parts)
      own.parts.push_back({part.file, part.first_line + before});
    own.lines.insert(own.lines.end(),
                     std::make_move_iterator(parent.lines.begin()),
                     std::make_move_iterator(parent.lines.end()));
    merge(parent.root, own.root, {});
    own.root = std::move(parent.root);
    return own;
  }

  Findings& findings_;
  std::vector<std::string> chain_; // files on the way here
};

} // namespace

std::optional<yaml::Document> with_parents(yaml::Document document,
                                           Findings& findings) {
  if (document.root.kind != Kind::map)
    return document;
  return Inheritance{findings}.complete(std::move(document));
}

} // namespace lab::sweeps

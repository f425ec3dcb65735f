#include "sweeps/planner/design_reader.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/planner/leaf_reader.hpp"
#include "sweeps/planner/manifest.hpp"
#include "sweeps/planner/manifest_keys.hpp"

namespace lab::sweeps {

namespace {

/// A design, or a part of one, with what its surroundings must know.
struct Part {
  std::vector<Block> blocks; // empty after an error
  FactorSet uses;
  Meetings meetings;
};

std::int64_t size_of(const std::vector<Block>& blocks) {
  std::int64_t sum = 0;
  for (const auto& block : blocks)
    sum += block.size;
  return sum;
}

class DesignReader {
public:
  DesignReader(const yaml::Document& document, std::uint64_t seed,
               std::vector<FactorEntry>& factors, Findings& findings)
    : document_(document), seed_(Seed{seed}.child("design")), factors_(factors),
      book_(factors, findings), findings_(findings) {}

  std::unique_ptr<Design> read(const yaml::Node& node) {
    auto part = read_part(node, "design", seed_);
    for (const auto index : part.uses)
      factors_[index].used = true;
    bool sound = !part.blocks.empty();
    for (const auto& [first, second] : part.meetings)
      sound = check_meeting(factors_[first], factors_[second]) && sound;
    if (!sound)
      return nullptr;
    return std::make_unique<Design>(factors_.size(), std::move(part.blocks));
  }

private:
  /// @param seed  of the block that the part belongs to
  Part read_part(const yaml::Node& node, const std::string& where,
                 const Seed& seed, bool named = false) {
    yaml::MapReader reader{document_, node, where, "S", findings_};
    if (node.kind != yaml::Kind::map)
      return {};
    auto kinds = leaf_keys();
    kinds.insert(kinds.end(), {"cross", "union"});
    std::vector<std::string> given;
    for (const auto& kind : kinds)
      if (reader.node(kind) != nullptr)
        given.push_back(kind);
    if (where == "design")
      reader.allow("seed");
    if (named)
      reader.allow("name");
    const auto before = findings_.all().size();
    refuse_outer_where(reader, given);
    reader.finish();
    if (given.size() != 1) {
      // A misspelt kind was reported just now.
      if (given.size() > 1 || findings_.all().size() == before)
        report_kinds(node, where, kinds);
      return {};
    }
    const auto& kind = given.front();
    const auto& inner = *reader.node(kind);
    const auto path = where + "." + kind;
    if (kind == "cross")
      return read_cross(inner, path, seed);
    if (kind == "union")
      return read_union(inner, path, seed);
    return whole(
      read_leaf(document_, kind, inner, path, seed, book_, findings_));
  }

  void refuse_outer_where(yaml::MapReader& reader,
                          const std::vector<std::string>& given) {
    if (reader.node("where") == nullptr)
      return;
    const auto kind = given.empty() ? std::string{"grid"} : given.front();
    reader.error("where", "S431", "`where` stands inside a part of the design")
      .help.push_back(
        kind == "list"
          ? "write it beside the points: list: {points: […], where: …}"
        : kind == "cross" || kind == "union"
          ? "write it into one of the parts of `" + kind + "`"
          : "write it into `" + kind + "`, beside `factors`");
  }

  void report_kinds(const yaml::Node& node, const std::string& where,
                    const std::vector<std::string>& kinds) {
    auto& finding =
      error_at(document_, node, findings_, "S411",
               "`" + where + "` needs exactly one kind of design", where);
    finding.help.emplace_back("combine several under `cross` (every "
                              "combination) or `union` (one after the other)");
    finding.notes.push_back("kinds: " + join(kinds, ", "));
  }

  static Part whole(LeafPart leaf) {
    Part part;
    part.uses = std::move(leaf.uses);
    part.meetings = std::move(leaf.meetings);
    if (leaf.leaf == nullptr)
      return part;
    auto& block = part.blocks.emplace_back();
    block.size = leaf.leaf->size();
    block.leaves.push_back(std::move(leaf.leaf));
    return part;
  }

  bool check_parts(const yaml::Node& node, const std::string& where,
                   const std::string& kind, std::string example) {
    if (node.kind == yaml::Kind::list && !node.items.empty())
      return true;
    error_at(document_, node, findings_, "S411",
             "`" + kind + "` must be a list of designs", where)
      .help.push_back("write it like " + std::move(example));
    return false;
  }

  Part read_cross(const yaml::Node& node, const std::string& where,
                  const Seed& seed) {
    if (!check_parts(node, where, "cross", "[grid: {factors: [a]}, list: […]]"))
      return {};
    Part made;
    std::vector<std::vector<Block>> parts;
    std::int64_t size = 1;
    bool sound = true;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const auto path = where + "." + std::to_string(i);
      auto part = read_part(node.items[i], path, seed);
      for (const auto index : part.uses)
        if (made.uses.contains(index)) {
          error_at(document_, node.items[i], findings_, "S414",
                   "the factor `" + factors_[index].factor.name
                     + "` is in two parts of this cross",
                   path)
            .help.emplace_back("use each factor in one part only");
          sound = false;
        }
      meet(made.meetings, made.uses, part.uses);
      made.meetings.merge(part.meetings);
      made.uses.merge(part.uses);
      if (part.blocks.empty()) {
        sound = false;
        continue;
      }
      size *= size_of(part.blocks);
      if (size > runs_planned_max) {
        report_points(document_, node, where, findings_);
        return {};
      }
      parts.push_back(std::move(part.blocks));
    }
    if (sound)
      made.blocks = crossed(parts);
    return made;
  }

  Part read_union(const yaml::Node& node, const std::string& where,
                  const Seed& seed) {
    if (!check_parts(node, where, "union",
                     "[{name: wide, sobol: {…}}, {name: stories, list: […]}]"))
      return {};
    Part made;
    std::set<std::string> names;
    bool sound = true;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const auto path = where + "." + std::to_string(i);
      const auto name = read_name(node.items[i], path, names);
      auto part = read_part(node.items[i], path,
                            seed.child("block").child(name.value_or("")), true);
      made.meetings.merge(part.meetings);
      made.uses.merge(part.uses);
      sound = sound && name && !part.blocks.empty();
      for (auto& block : part.blocks) {
        block.name =
          name.value_or("") + (block.name.empty() ? "" : "." + block.name);
        made.blocks.push_back(std::move(block));
      }
    }
    if (size_of(made.blocks) > runs_planned_max) {
      report_points(document_, node, where, findings_);
      sound = false;
    }
    if (!sound)
      made.blocks.clear();
    return made;
  }

  /// Blocks are known by name to `analyse` and `more`.
  std::optional<std::string> read_name(const yaml::Node& node,
                                       const std::string& where,
                                       std::set<std::string>& names) {
    constexpr std::string_view letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    if (node.kind != yaml::Kind::map)
      return std::nullopt;
    const auto* given = node.find("name");
    const auto refuse = [&](const yaml::Node& place, std::string message,
                            std::string help) {
      error_at(document_, place, findings_, "S436", std::move(message),
               where + ".name")
        .help.push_back(std::move(help));
      return std::nullopt;
    };
    if (given == nullptr)
      return refuse(node, "a part of a union needs a name",
                    "add `name: stories`, or what it is for");
    if (given->kind != yaml::Kind::scalar || given->scalar.empty()
        || given->scalar.find_first_not_of(letters) != std::string::npos)
      return refuse(*given,
                    "a part of a union cannot be named `" + value_text(*given)
                      + "`",
                    "use letters, digits, `_` and `-`");
    if (!names.insert(given->scalar).second)
      return refuse(*given, "the name `" + given->scalar + "` stands twice",
                    "give each part a name of its own");
    return given->scalar;
  }

  /// Two factors that write one place would overwrite each other in silence.
  bool check_meeting(const FactorEntry& first, const FactorEntry& second) {
    for (const auto& a : first.factor.paths)
      for (const auto& b : second.factor.paths)
        if (overlap(a, b)) {
          auto finding =
            yaml::at_key(document_, *second.place, "S415",
                         "the factors `" + first.factor.name + "` and `"
                           + second.factor.name + "` write the same place");
          finding.path = "factors." + second.factor.name;
          finding.notes.push_back(a == b
                                    ? "both write `" + a + "`"
                                    : "`" + a + "` and `" + b + "` overlap");
          finding.help.emplace_back("give one value to both with a list of "
                                    "paths in one factor, or drop one");
          findings_.add(std::move(finding));
          return false;
        }
    return true;
  }

  const yaml::Document& document_;
  Seed seed_;
  std::vector<FactorEntry>& factors_;
  FactorBook book_;
  Findings& findings_;
};

} // namespace

std::unique_ptr<Design> read_design(const yaml::Document& document,
                                    const yaml::Node& design,
                                    std::uint64_t seed,
                                    std::vector<FactorEntry>& factors,
                                    Findings& findings) {
  return DesignReader{document, seed, factors, findings}.read(design);
}

} // namespace lab::sweeps

#include "sweeps/planner/design_reader.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "runtime/base/text.hpp"
#include "runtime/base/yaml_reader.hpp"
#include "sweeps/planner/manifest_keys.hpp"

namespace lab::sweeps {

namespace {

using FactorSet = std::set<std::size_t>;
using FactorPair = std::pair<std::size_t, std::size_t>; // first < second

/// Pairs of factors that have a value at the same point.
using Meetings = std::set<FactorPair>;

void meet(Meetings& meetings, const FactorSet& left, const FactorSet& right) {
  for (const auto a : left)
    for (const auto b : right)
      if (a != b)
        meetings.insert(std::minmax(a, b));
}

/// A design, or a part of one, with what its surroundings must know.
struct Part {
  std::unique_ptr<Design> design; // null after an error
  FactorSet uses;
  Meetings meetings;
};

class DesignReader {
public:
  DesignReader(const yaml::Document& document,
               std::vector<FactorEntry>& factors, Findings& findings)
    : document_(document), factors_(factors), findings_(findings) {
    for (const auto& entry : factors_)
      names_.push_back(entry.factor.name);
  }

  std::unique_ptr<Design> read(const yaml::Node& node) {
    auto part = read_part(node, "design");
    for (const auto index : part.uses)
      factors_[index].used = true;
    bool sound = part.design != nullptr;
    for (const auto& [first, second] : part.meetings)
      sound = check_meeting(factors_[first], factors_[second]) && sound;
    return sound ? std::move(part.design) : nullptr;
  }

private:
  Part read_part(const yaml::Node& node, const std::string& where) {
    yaml::MapReader reader{document_, node, where, "S", findings_};
    if (node.kind != yaml::Kind::map)
      return {};
    const auto* grid = reader.node("grid");
    const auto* list = reader.node("list");
    const auto* cross = reader.node("cross");
    if (where == "design")
      reader.allow("seed");
    const auto before = findings_.all().size();
    refuse_later_keys(reader, findings_,
                      {"union", "zip", "random", "latin-hypercube", "sobol",
                       "saltelli", "morris", "one-at-a-time", "where", "name"});
    reader.finish();
    const int kinds =
      int{grid != nullptr} + int{list != nullptr} + int{cross != nullptr};
    if (kinds != 1) {
      // A misspelt or later kind was reported just now.
      if (kinds > 1 || findings_.all().size() == before)
        error_at(document_, node, findings_, "S411",
                 "`" + where
                   + "` needs exactly one of `grid`, `list` and "
                     "`cross`",
                 where)
          .help.emplace_back("combine several under `cross`");
      return {};
    }
    if (grid != nullptr)
      return read_grid(*grid, where + ".grid");
    if (list != nullptr)
      return read_list(*list, where + ".list");
    return read_cross(*cross, where + ".cross");
  }

  Part read_grid(const yaml::Node& node, const std::string& where) {
    yaml::MapReader reader{document_, node, where, "S", findings_};
    const auto* place = reader.required("factors");
    const auto names = reader.texts("factors");
    refuse_later_keys(reader, findings_, {"where"});
    reader.finish();
    if (!names)
      return {};
    if (names->empty()) {
      reader.error("factors", "S411", "this grid has no factors");
      return {};
    }
    Part part;
    std::vector<GridAxis> axes;
    std::int64_t size = 1;
    bool sound = true;
    for (std::size_t i = 0; i < names->size(); ++i) {
      const bool listed = place->kind == yaml::Kind::list;
      const auto& at = listed ? place->items[i] : *place;
      const auto path =
        where + ".factors" + (listed ? "." + std::to_string(i) : "");
      const auto axis = read_axis(at, (*names)[i], path, part.uses);
      if (!axis) {
        sound = false;
        continue;
      }
      size *= static_cast<std::int64_t>(axis->values.size());
      if (size > runs_planned_max) {
        report_size(node, where);
        return {};
      }
      axes.push_back(*axis);
    }
    meet(part.meetings, part.uses, part.uses);
    if (sound)
      part.design = make_grid(factors_.size(), std::move(axes));
    return part;
  }

  std::optional<GridAxis> read_axis(const yaml::Node& at,
                                    const std::string& name,
                                    const std::string& path, FactorSet& uses) {
    const auto index = factor_named(name);
    if (!index) {
      report_unknown(
        yaml::at(document_, at, "S409", "there is no factor `" + name + "`"),
        name, path);
      return std::nullopt;
    }
    if (!uses.insert(*index).second) {
      error_at(document_, at, findings_, "S414",
               "the factor `" + name + "` stands twice in this grid", path);
      return std::nullopt;
    }
    const auto& entry = factors_[*index];
    if (entry.factor.levels.empty()) {
      // Anything but a range without a step was reported where it stands.
      if (entry.range)
        error_at(document_, at, findings_, "S412",
                 "a grid needs to know which values of `" + name + "` to visit",
                 path)
          .help.push_back("add `step` to the range of `" + name + "`");
      return std::nullopt;
    }
    return GridAxis{*index, entry.factor.levels};
  }

  Part read_list(const yaml::Node& node, const std::string& where) {
    if (node.kind != yaml::Kind::list || node.items.empty()) {
      error_at(document_, node, findings_, "S411",
               "`list` must hold at least one point", where)
        .help.emplace_back(
          "write a point like {label: calm start, trust: 0.8}");
      return {};
    }
    Part part;
    std::vector<DesignPoint> points;
    bool sound = true;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      FactorSet uses;
      auto point =
        read_point(node.items[i], where + "." + std::to_string(i), uses);
      meet(part.meetings, uses, uses);
      part.uses.merge(uses);
      sound = sound && point.has_value();
      if (point)
        points.push_back(std::move(*point));
    }
    if (sound)
      part.design = make_list(std::move(points));
    return part;
  }

  std::optional<DesignPoint> read_point(const yaml::Node& node,
                                        const std::string& where,
                                        FactorSet& uses) {
    if (node.kind != yaml::Kind::map) {
      error_at(document_, node, findings_, "S101",
               "a point must be a map of factors and values, not "
                 + yaml::describe(node),
               where);
      return std::nullopt;
    }
    DesignPoint point;
    point.values.resize(factors_.size());
    bool sound = true;
    for (const auto& entry : node.entries) {
      const auto path = where + "." + entry.key;
      if (entry.key == "label") {
        sound = read_label(entry.value, path, point) && sound;
        continue;
      }
      const auto index = factor_named(entry.key);
      if (!index) {
        report_unknown(yaml::at_key(document_, entry, "S409",
                                    "there is no factor `" + entry.key + "`"),
                       entry.key, path);
        sound = false;
        continue;
      }
      uses.insert(*index);
      point.values[*index] = chosen(factors_[*index], entry.value, path);
      sound = sound && point.values[*index].has_value();
    }
    return sound ? std::optional{std::move(point)} : std::nullopt;
  }

  bool read_label(const yaml::Node& node, const std::string& path,
                  DesignPoint& point) {
    if (node.kind == yaml::Kind::scalar) {
      point.label = node.scalar;
      return true;
    }
    error_at(document_, node, findings_, "S101",
             "`label` must be a text, not " + yaml::describe(node), path);
    return false;
  }

  /// The value of a hand-made point: a level, or any number of a range.
  std::optional<FactorValue> chosen(const FactorEntry& entry,
                                    const yaml::Node& value,
                                    const std::string& path) {
    const auto& levels = entry.factor.levels;
    const auto wanted = comparable(value);
    if (entry.range) {
      const auto number = value.kind == yaml::Kind::scalar
                            ? parse_decimal(value.scalar)
                            : std::nullopt;
      if (number && *number >= entry.range->first
          && *number <= entry.range->second)
        return FactorValue{value, to_string(*number)};
      error_at(document_, value, findings_, "S413",
               "`" + value_text(value) + "` is not in the range of `"
                 + entry.factor.name + "`",
               path)
        .notes.push_back("it goes from " + to_string(entry.range->first)
                         + " to " + to_string(entry.range->second));
      return std::nullopt;
    }
    for (const auto& level : levels)
      if (comparable(level.value) == wanted) {
        // The level itself, so that a hand-made point and a grid's are one.
        auto made = level;
        made.value.mark = value.mark;
        made.value.end = value.end;
        return made;
      }
    if (!levels.empty())
      report_level(entry, value, path);
    return std::nullopt;
  }

  void report_level(const FactorEntry& entry, const yaml::Node& value,
                    const std::string& path) {
    constexpr std::size_t shown_max = 10;
    std::vector<std::string> texts;
    for (const auto& level : entry.factor.levels)
      texts.push_back(level.text);
    auto& finding = error_at(document_, value, findings_, "S413",
                             "`" + value_text(value) + "` is not a value of `"
                               + entry.factor.name + "`",
                             path);
    if (const auto near = closest(value_text(value), texts))
      finding.help.push_back("did you mean `" + *near + "`?");
    if (texts.size() <= shown_max)
      finding.notes.push_back("values of `" + entry.factor.name
                              + "`: " + join(texts, ", "));
  }

  Part read_cross(const yaml::Node& node, const std::string& where) {
    if (node.kind != yaml::Kind::list || node.items.empty()) {
      error_at(document_, node, findings_, "S411",
               "`cross` must be a list of designs", where)
        .help.emplace_back("write it like [grid: {factors: [a]}, list: […]]");
      return {};
    }
    Part whole;
    std::vector<std::unique_ptr<Design>> parts;
    std::int64_t size = 1;
    bool sound = true;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const auto path = where + "." + std::to_string(i);
      auto part = read_part(node.items[i], path);
      for (const auto index : part.uses)
        if (whole.uses.contains(index)) {
          error_at(document_, node.items[i], findings_, "S414",
                   "the factor `" + names_[index]
                     + "` is in two parts of this cross",
                   path)
            .help.emplace_back("use each factor in one part only");
          sound = false;
        }
      meet(whole.meetings, whole.uses, part.uses);
      whole.meetings.merge(part.meetings);
      whole.uses.merge(part.uses);
      if (part.design == nullptr) {
        sound = false;
        continue;
      }
      size *= part.design->size();
      if (size > runs_planned_max) {
        report_size(node, where);
        return {};
      }
      parts.push_back(std::move(part.design));
    }
    if (sound)
      whole.design = make_cross(std::move(parts));
    return whole;
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

  std::optional<std::size_t> factor_named(const std::string& name) const {
    const auto found = std::ranges::find(names_, name);
    if (found == names_.end())
      return std::nullopt;
    return static_cast<std::size_t>(found - names_.begin());
  }

  void report_unknown(Diagnostic finding, const std::string& name,
                      std::string path) {
    finding.path = std::move(path);
    if (const auto near = closest(name, names_))
      finding.help.push_back("did you mean `" + *near + "`?");
    finding.notes.push_back(names_.empty() ? "this manifest has no factors"
                                           : "factors: " + join(names_, ", "));
    findings_.add(std::move(finding));
  }

  void report_size(const yaml::Node& node, const std::string& where) {
    error_at(document_, node, findings_, "S416",
             "this design has more than " + std::to_string(runs_planned_max)
               + " points",
             where)
      .help.emplace_back("use fewer factors or fewer values of each");
  }

  const yaml::Document& document_;
  std::vector<FactorEntry>& factors_;
  Findings& findings_;
  std::vector<std::string> names_;
};

} // namespace

std::unique_ptr<Design> read_design(const yaml::Document& document,
                                    const yaml::Node& design,
                                    std::vector<FactorEntry>& factors,
                                    Findings& findings) {
  return DesignReader{document, factors, findings}.read(design);
}

} // namespace lab::sweeps

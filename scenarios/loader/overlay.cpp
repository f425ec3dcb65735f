#include "scenarios/loader/overlay.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <tuple>

#include "runtime/base/text.hpp"
#include "runtime/base/yaml_reader.hpp"
#include "scenarios/loader/keys.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::Node;

std::optional<std::size_t> index_in(std::string_view text) {
  std::size_t index = 0;
  const auto [end, problem] =
    std::from_chars(text.data(), text.data() + text.size(), index);
  if (problem != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return index;
}

/// The item of a list by its `name`.
Node* named_item(Node& list, std::string_view name) {
  for (auto& item : list.items) {
    const auto* found = item.find("name");
    if (found != nullptr && found->kind == Kind::scalar
        && found->scalar == name)
      return &item;
  }
  return nullptr;
}

std::vector<std::string> keys_of(const Node& map) {
  std::vector<std::string> keys;
  for (const auto& entry : map.entries)
    keys.push_back(entry.key);
  return keys;
}

bool is_at_or_below(std::string_view path, std::string_view root) {
  return path.substr(0, root.size()) == root
         && (path.size() == root.size() || path[root.size()] == '.');
}

using Segments = std::vector<std::string>;

/// Whether writing `value` below `scenario_length` leaves the number of turns
/// to the other keys.
bool leaves_turns(const Segments& segments, const Node& value) {
  if (segments.front() != "scenario_length")
    return false;
  const auto names_turns = [](std::string_view key) {
    return key == "turns" || key == "max_turns";
  };
  if (segments.size() > 1)
    return !names_turns(segments[1]);
  return std::none_of(
    value.entries.begin(), value.entries.end(),
    [&](const yaml::Entry& entry) { return names_turns(entry.key); });
}

/// The number of turns leaves `scenario_length`; its condition stays.
bool keep_condition(Node& map) {
  auto* length = map.find("scenario_length");
  if (length == nullptr || length->find("condition") == nullptr)
    return false;
  length->erase("turns");
  length->erase("max_turns");
  return true;
}

/// Leaves the first of `segments` as the only spelling of its setting. A path
/// that goes into a list finds the list, whichever name it had.
void settle_aliases(Node& map, const Segments& segments, const Node& value) {
  const auto& key = segments.front();
  if (leaves_turns(segments, value))
    return;
  for (const auto alias : aliases_of(key)) {
    if (alias == key || (alias == "scenario_length" && keep_condition(map)))
      continue;
    auto* other = map.find(alias);
    if (other != nullptr && other->kind == Kind::list
        && map.find(key) == nullptr) {
      auto list = std::move(*other);
      map.set(key, std::move(list));
    }
    map.erase(alias);
  }
}

/// The same for keys that `features` can set as well.
void settle_features(Node& scenario, const Segments& segments) {
  for (const auto& alias : feature_aliases()) {
    if (segments.size() == 1 && segments[0] == alias.key) {
      auto* features = scenario.find("features");
      auto* feature =
        features == nullptr ? nullptr : features->find(alias.feature);
      if (feature != nullptr)
        feature->erase(alias.part);
    } else if (segments.size() == 3 && segments[0] == "features"
               && segments[1] == alias.feature && segments[2] == alias.part) {
      scenario.erase(alias.key);
    }
  }
}

} // namespace

void Overlay::apply(const Assignment& assignment) {
  const auto segments = split(assignment.path, '.');
  const bool has_gap =
    std::any_of(segments.begin(), segments.end(),
                [](const std::string& segment) { return segment.empty(); });
  if (has_gap) {
    report(assignment, "S212",
           "`" + assignment.path + "` is no path: a name is missing");
    return;
  }
  for (std::size_t i = 0; i < segments.size(); ++i)
    if (segments[i] == "*" && !(i == 1 && segments[0] == "actors")) {
      report(assignment, "S211", "`*` may only stand for all participants")
        .help.emplace_back("write it like `actors.*.llm_model`");
      return;
    }
  const auto& head = segments.front();
  if (head == "params" || head == "parameters")
    apply_to_parameter(assignment, segments);
  else if (head == "actors" && segments.size() > 1)
    apply_to_actors(assignment, segments);
  else if (head == "metrics")
    apply_to_metric(assignment, segments);
  else if (head == "events")
    apply_to_event(assignment, segments);
  else if (head == "validation")
    apply_to_validation(assignment, segments);
  else
    apply_to_scenario(assignment, segments);
}

void Overlay::apply_to_parameter(const Assignment& assignment,
                                 const Segments& segments) {
  auto* block = tree_.scenario.find("parameters");
  const auto known = block == nullptr ? Segments{} : keys_of(*block);
  if (segments.size() < 2) {
    report(assignment, "S212", "`" + assignment.path + "` names no parameter");
    return;
  }
  auto* entry = block == nullptr ? nullptr : block->find(segments[1]);
  if (entry == nullptr) {
    report_missing(assignment, "parameter", segments[1], known);
    return;
  }
  if (segments.size() > 2) {
    report(assignment, "S212",
           "a parameter has no part `" + segments[2] + "` to set")
      .help.push_back("set the parameter itself: params." + segments[1]);
    return;
  }
  const auto path = "parameters." + segments[1] + ".default";
  if (entry->kind != Kind::map)
    return; // reported where the block is read
  entry->set("default", assignment.value);
  written_.push_back({path, &assignment});
}

void Overlay::apply_to_actors(const Assignment& assignment,
                              const Segments& segments) {
  if (segments.size() < 3) {
    report(assignment, "S212",
           "`" + assignment.path + "` names a participant, not a key of it");
    return;
  }
  const auto& wanted = segments[1];
  const auto ids = listed_actors(tree_.scenario);
  bool matched = false;
  for (const auto& id : ids) {
    const auto found = tree_.actors.find(id);
    if ((wanted != "*" && wanted != id) || found == tree_.actors.end())
      continue;
    matched = true;
    write(assignment, segments, 2, found->second, "actors." + id,
          names_of(actor_keys()));
  }
  if (matched || (!files_.complete && wanted != "*"))
    return;
  if (wanted == "*")
    report(assignment, "S211", "`*` matches no participant");
  else
    report_missing(assignment, "actor", wanted, ids);
}

void Overlay::apply_to_metric(const Assignment& assignment,
                              const Segments& segments) {
  if (segments.size() < 3) {
    report(assignment, "S212",
           "`" + assignment.path + "` names no key of a metric");
    return;
  }
  auto* metric = find_metric(tree_.metrics, segments[1]);
  if (metric == nullptr) {
    report_missing(assignment, "metric", segments[1],
                   metric_names(tree_.metrics));
    return;
  }
  write(assignment, segments, 2, *metric, "metrics." + segments[1],
        names_of(metric_keys()));
}

void Overlay::apply_to_event(const Assignment& assignment,
                             const Segments& segments) {
  if (segments.size() < 3) {
    report(assignment, "S212",
           "`" + assignment.path + "` names no key of an event");
    return;
  }
  auto* event = find_event(tree_.events, segments[1]);
  if (event == nullptr) {
    report_missing(assignment, "event", segments[1], event_names(tree_.events));
    return;
  }
  write(assignment, segments, 2, *event, "events." + segments[1],
        names_of(event_keys()));
}

void Overlay::apply_to_validation(const Assignment& assignment,
                                  const Segments& segments) {
  if (segments.size() < 2) {
    report(assignment, "S212", "`validation` names no key to set");
    return;
  }
  if (!files_.validation) {
    report(assignment, "S210",
           "this path is not in the scenario: it has no validation-rules.yaml")
      .notes.push_back("path: " + assignment.path);
    return;
  }
  write(assignment, segments, 1, tree_.validation, "validation",
        names_of(validation_keys()));
}

void Overlay::apply_to_scenario(const Assignment& assignment,
                                const Segments& segments) {
  auto known = names_of(scenario_keys());
  for (const auto* other : {"params", "metrics", "events", "validation"})
    known.emplace_back(other);
  settle_features(tree_.scenario, segments);
  write(assignment, segments, 0, tree_.scenario, "", known);
}

void Overlay::write(const Assignment& assignment, const Segments& segments,
                    std::size_t first, Node& root, const std::string& root_path,
                    const Segments& known) {
  auto path = root_path;
  auto* node = &root;
  const auto& key = segments[first];
  if (node->find(key) == nullptr
      && std::find(known.begin(), known.end(), key) == known.end()) {
    report_missing(assignment, "key", key, known);
    return;
  }
  settle_aliases(*node,
                 Segments{segments.begin() + static_cast<std::ptrdiff_t>(first),
                          segments.end()},
                 assignment.value);
  for (std::size_t i = first; i < segments.size(); ++i) {
    auto segment = segments[i];
    node = step(assignment, *node, segment, i + 1 == segments.size());
    if (node == nullptr)
      return;
    path += (path.empty() ? "" : ".") + segment;
  }
  *node = assignment.value;
  written_.push_back({path, &assignment});
}

/// One name further. A map gets the key when it lacks it; a list never grows
/// but by `+`. Leaves the item's index in `segment`.
Node* Overlay::step(const Assignment& assignment, Node& node,
                    std::string& segment, bool is_last) {
  if (segment == "+") {
    if (!is_last) {
      report(assignment, "S212", "`+` may only stand at the end of a path");
      return nullptr;
    }
    if (node.kind == Kind::null)
      node.kind = Kind::list;
    if (node.kind != Kind::list) {
      report(assignment, "S212",
             "`" + assignment.path + "` adds to a list, but here is "
               + yaml::describe(node));
      return nullptr;
    }
    segment = std::to_string(node.items.size());
    node.items.emplace_back();
    return &node.items.back();
  }
  if (node.kind == Kind::list) {
    const auto index = index_in(segment);
    if (index && *index < node.items.size())
      return &node.items[*index];
    if (auto* item = named_item(node, segment)) {
      segment = std::to_string(item - node.items.data());
      return item;
    }
    report(assignment, "S210",
           "this path is not in the scenario: no item `" + segment + "`")
      .notes.push_back("the list has " + std::to_string(node.items.size())
                       + (node.items.size() == 1 ? " item" : " items")
                       + ", counted from 0; add one with `+`");
    return nullptr;
  }
  if (node.kind == Kind::scalar) {
    report(assignment, "S212",
           "`" + assignment.path + "` goes into " + yaml::describe(node)
             + ", which has no parts");
    return nullptr;
  }
  if (auto* found = node.find(segment))
    return found;
  return &node.set(segment, Node{});
}

Diagnostic& Overlay::report(const Assignment& assignment, std::string code,
                            std::string message) {
  Diagnostic finding;
  if (manifest_ != nullptr && assignment.value.mark.line > 0) {
    finding = yaml::at(*manifest_, assignment.value, std::move(code),
                       std::move(message));
  } else {
    finding.code = std::move(code);
    finding.message = std::move(message);
  }
  finding.path = assignment.path;
  return findings_.add(std::move(finding));
}

void Overlay::report_missing(const Assignment& assignment,
                             std::string_view noun, const std::string& name,
                             const Segments& known) {
  auto& finding = report(assignment, "S210",
                         "this path is not in the scenario: no "
                           + std::string{noun} + " `" + name + "`");
  const auto near = closest(name, known);
  if (near)
    finding.help.push_back("did you mean `" + *near + "`?");
  finding.help.push_back("`scenario-lab paths " + files_.folder
                         + "` lists every path that a sweep can set");
  constexpr std::size_t listed_max = 16;
  if (!known.empty() && known.size() <= listed_max)
    finding.notes.push_back(std::string{noun} + "s: " + join(known, ", "));
  finding.notes.push_back("path: " + assignment.path);
}

void Overlay::relocate(const std::vector<Diagnostic>& found,
                       Findings& into) const {
  std::set<std::tuple<int, int, std::string, std::string>> told;
  for (auto finding : found) {
    // The last assignment to a place is the one that counts.
    const auto written = std::find_if(
      written_.rbegin(), written_.rend(), [&finding](const Written& candidate) {
        return is_at_or_below(finding.path, candidate.path)
               // A key that the assignment made on its way.
               || (finding.code == "S104"
                   && is_at_or_below(candidate.path, finding.path));
      });
    if (written == written_.rend()) {
      into.add(std::move(finding));
      continue;
    }
    const auto& assignment = *written->assignment;
    // Old files may carry what nobody knows; an override that adds it is a
    // slip. Such a key has no place but that of the assignment.
    const bool is_added = finding.code == "S104" && finding.line == 0;
    if (is_added)
      finding.severity = Severity::error;
    finding.notes.push_back("set by `" + assignment.path + "`");
    if (manifest_ != nullptr && assignment.value.mark.line > 0) {
      if (is_added) {
        const auto here = yaml::at(*manifest_, assignment.value, "", "");
        finding.end_column = here.end_column;
        finding.label.clear();
        yaml::place_at(*manifest_, assignment.value.mark, finding);
      } else {
        // Line and column are the manifest's: they came with the value.
        yaml::place_at(*manifest_, {finding.line, finding.column}, finding);
      }
    } else {
      finding.file.clear();
      finding.line = 0;
      finding.column = 0;
      finding.end_column = 0;
      finding.source.clear();
    }
    // A star writes one value to many places; what is wrong with it is one
    // finding.
    if (told
          .emplace(finding.line, finding.column, finding.code, finding.message)
          .second)
      into.add(std::move(finding));
  }
}

} // namespace lab::scenarios

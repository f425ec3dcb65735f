#include "scenarios/loader/scenario_tree.hpp"

#include <algorithm>
#include <array>

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::Node;

template <class Map>
auto* item_named(Map& list, std::string_view name) {
  for (auto& item : list.items) {
    const auto* found = item.find("name");
    if (found != nullptr && found->kind == Kind::scalar
        && found->scalar == name)
      return &item;
  }
  return static_cast<decltype(list.items.data())>(nullptr);
}

void add_names(const Node& list, std::vector<std::string>& names) {
  for (const auto& item : list.items)
    if (const auto* name = item.find("name");
        name != nullptr && name->kind == Kind::scalar)
      names.push_back(name->scalar);
}

/// Keys that the first version did not know. What it ignored without knowing,
/// such as `max_communications_per_turn`, says that its author knew better.
constexpr std::array later_keys{
  // ours
  "parameters", "phases", "sim", "compat", "output_caps", "temperature",
  "pauses", "background", "summaries", "summary_model",
  // V2's
  "num_turns", "context_window", "features", "enable_public_statements",
  "max_communications_per_turn"};

bool is_written(const Node& map, std::string_view key) {
  const auto* node = map.find(key);
  return node != nullptr && node->kind != Kind::null;
}

} // namespace

std::vector<std::string> listed_actors(const Node& scenario) {
  std::vector<std::string> ids;
  if (const auto* list = scenario.find("actors"); list != nullptr)
    for (const auto& item : list->items)
      if (item.kind == Kind::scalar)
        ids.push_back(item.scalar);
  return ids;
}

Node* find_metric(Node& metrics, std::string_view name) {
  auto* all = metrics.find("metrics");
  if (all == nullptr)
    return nullptr;
  return all->kind == Kind::list ? item_named(*all, name) : all->find(name);
}

std::vector<std::string> metric_names(const Node& metrics) {
  std::vector<std::string> names;
  const auto* all = metrics.find("metrics");
  if (all == nullptr)
    return names;
  for (const auto& entry : all->entries)
    names.push_back(entry.key);
  add_names(*all, names);
  return names;
}

const std::vector<std::string_view>& event_lists() {
  static const std::vector<std::string_view> lists{
    "exogenous_events", "trends", "scheduled_events", "random_events",
    "conditional_events"};
  return lists;
}

Node* find_event(Node& events, std::string_view name) {
  for (const auto key : event_lists())
    if (auto* list = events.find(key))
      if (auto* found = item_named(*list, name))
        return found;
  return nullptr;
}

std::vector<std::string> event_names(const Node& events) {
  std::vector<std::string> names;
  for (const auto key : event_lists())
    if (const auto* list = events.find(key))
      add_names(*list, names);
  return names;
}

bool is_first_version(const Node& scenario) {
  // It refused a scenario without this, and nobody else needs it.
  if (!is_written(scenario, "turn_duration"))
    return false;
  const auto* version = scenario.find("schema_version");
  if (version != nullptr && version->kind == Kind::scalar) {
    const auto& text = version->scalar;
    const auto major =
      yaml::as_int(Node::plain(text.substr(0, text.find('.'))));
    if (!major || *major >= 2)
      return false;
  }
  return std::none_of(
    later_keys.begin(), later_keys.end(),
    [&scenario](const char* key) { return is_written(scenario, key); });
}

} // namespace lab::scenarios

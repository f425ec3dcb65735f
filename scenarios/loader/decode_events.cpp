#include <algorithm>

#include "runtime/base/text.hpp"
#include "scenarios/loader/decode.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::MapReader;

/// Whether every metric that the event waits for is measured.
bool is_measured(const EventSpec& event, const ScenarioSpec& spec) {
  return std::all_of(event.conditions.begin(), event.conditions.end(),
                     [&spec](const EventCondition& condition) {
                       return condition.metric.empty()
                              || std::any_of(
                                spec.metrics.begin(), spec.metrics.end(),
                                [&condition](const MetricSpec& metric) {
                                  return metric.name == condition.metric;
                                });
                     });
}

class EventsDecoder {
public:
  EventsDecoder(const Decoding& decoding, const ScenarioSpec& spec)
    : decoding_(decoding), spec_(spec), document_(*decoding.files.events) {}

  std::vector<EventSpec> decode() {
    const auto& top = decoding_.tree.events;
    MapReader reader{document_, top, "", "S", decoding_.findings};
    if (top.kind != Kind::map)
      return {};
    bool any = false;
    for (const auto list : event_lists()) {
      reader.allow(list);
      any = any || top.find(list) != nullptr;
      if (const auto* items = reader.node(list))
        decode_list(reader, list, *items);
    }
    reader.allow("events");
    reader.allow("schema_version");
    if (reader.has("events"))
      refuse_prose(reader);
    else if (!any)
      reader.error("", "S120", "this file lists no events")
        .help.emplace_back("list them below `exogenous_events:`");
    reader.finish(Severity::warning);
    return std::move(events_);
  }

private:
  /// The third shape was a proposal on paper. Its conditions are prose.
  void refuse_prose(MapReader& reader) {
    const auto& entries = reader.map().entries;
    const auto entry =
      std::find_if(entries.begin(), entries.end(),
                   [](const yaml::Entry& one) { return one.key == "events"; });
    auto finding =
      yaml::at_key(document_, *entry, "S120",
                   "events below `events:` are a draft that nothing ever "
                   "played");
    finding.help.emplace_back(
      "list them below `exogenous_events:`, each with `type`, `name`, "
      "`description`");
    finding.help.emplace_back(
      "and: `turn: 3` if scheduled; `probability: 0.2` if random; `frequency: "
      "2` if a trend; `conditions: {tension: \">= 5\"}` if conditional");
    decoding_.findings.add(std::move(finding));
  }

  void decode_list(MapReader& reader, std::string_view list,
                   const yaml::Node& items) {
    if (items.kind != Kind::list) {
      reader.error(list, "S101",
                   "`" + std::string{list} + "` must be a list of events, not "
                     + yaml::describe(items));
      return;
    }
    for (std::size_t i = 0; i < items.items.size(); ++i)
      decode_item(list, items.items[i], std::to_string(i));
  }

  void decode_item(std::string_view list, const yaml::Node& item,
                   const std::string& index) {
    MapReader reader{document_, item,
                     "events." + std::string{list} + "." + index, "S",
                     decoding_.findings};
    if (item.kind != Kind::map && item.kind != Kind::null)
      return;
    const auto name = filled_text(reader, "name");
    if (trim(name).empty())
      return;
    for (auto& event : decode_event(decoding_, spec_, list, item, name))
      add(std::move(event), *item.find("name"));
  }

  void add(EventSpec event, const yaml::Node& name) {
    const bool again = std::any_of(
      events_.begin(), events_.end(),
      [&event](const EventSpec& other) { return other.name == event.name; });
    if (again) {
      auto finding = yaml::at(document_, name, "S109",
                              "the event `" + event.name + "` stands twice");
      finding.path = "events." + name.scalar + ".name";
      finding.help.emplace_back("give each event a name of its own: chance and "
                                "memory go by it");
      decoding_.findings.add(std::move(finding));
      return;
    }
    // Reported with its conditions.
    if (is_measured(event, spec_))
      events_.push_back(std::move(event));
  }

  const Decoding& decoding_;
  const ScenarioSpec& spec_;
  const yaml::Document& document_;
  std::vector<EventSpec> events_;
};

} // namespace

std::vector<EventSpec> decode_events(const Decoding& decoding,
                                     const ScenarioSpec& spec) {
  if (!decoding.files.events)
    return {};
  return EventsDecoder{decoding, spec}.decode();
}

void drop_unmeasured(const Decoding& decoding, ScenarioSpec& spec) {
  MapReader scenario{decoding.files.scenario, decoding.tree.scenario, "", "S",
                     decoding.findings};
  std::vector<EventSpec> kept;
  for (auto& event : spec.events) {
    if (is_measured(event, spec))
      kept.push_back(std::move(event));
    else
      scenario.warning("features", "S314",
                       "the event `" + event.name
                         + "` never happens: metrics are switched off");
  }
  spec.events = std::move(kept);
}

} // namespace lab::scenarios

#include <algorithm>
#include <array>

#include "runtime/base/text.hpp"
#include "scenarios/loader/decode.hpp"

namespace lab::scenarios {

namespace {

using yaml::Kind;
using yaml::MapReader;

// Two shapes are played (docs/formats/scenario.md): one list of events that
// name their type, and a list for each type. One reader takes each fact from
// whichever place the item has it.

constexpr std::int64_t frequency_max = 100'000;

struct TypeName {
  std::string_view name; // of the type
  std::string_view list; // of the second shape
  EventType type;
  std::string_view noun;
  std::vector<std::string_view> keys; // beside those of every type
};

const std::vector<TypeName>& all_types() {
  static const std::vector<TypeName> types{
    {"trend",
     "trends",
     EventType::trend,
     "a trend",
     {"frequency", "probability", "probability_per_turn", "turn_range",
      "effects"}},
    {"scheduled",
     "scheduled_events",
     EventType::scheduled,
     "scheduled",
     {"turn", "turns", "schedule"}},
    {"random",
     "random_events",
     EventType::random,
     "random",
     {"probability", "turn_range"}},
    {"conditional",
     "conditional_events",
     EventType::conditional,
     "conditional",
     {"conditions", "turn_range"}}};
  return types;
}

constexpr std::array common_keys{"name", "description", "type", "once",
                                 "effect"};

const TypeName* type_of_list(std::string_view list) {
  for (const auto& one : all_types())
    if (one.list == list)
      return &one;
  return nullptr;
}

/// Old files hold an effect as text, list or map; models read texts.
std::optional<std::string> words_of(const yaml::Node& node) {
  std::vector<std::string> parts;
  const auto take = [&parts](const std::string& key, const yaml::Node& value) {
    if (value.kind != Kind::scalar)
      return false;
    parts.push_back(key + value.scalar);
    return true;
  };
  bool sound = true;
  for (const auto& item : node.items)
    sound = take("", item) && sound;
  for (const auto& entry : node.entries)
    sound = take(entry.key + ": ", entry.value) && sound;
  if (node.kind == Kind::scalar)
    sound = take("", node);
  if (!sound || parts.empty())
    return std::nullopt;
  return join(parts, "; ");
}

void append(std::string& text, std::string_view more) {
  const auto words = trim(more);
  if (words.empty())
    return;
  text = std::string{trim(text)};
  text += (text.empty() ? "" : " ") + std::string{words};
}

class EventDecoder {
public:
  EventDecoder(const Decoding& decoding, const ScenarioSpec& spec,
               const yaml::Node& item, std::string name, const TypeName* type)
    : decoding_(decoding), spec_(spec), name_(std::move(name)), type_(type),
      reader_(*decoding.files.events, item, "events." + name_, "S",
              decoding.findings) {}

  /// More than one when a trend of the second shape has several effects.
  std::vector<EventSpec> decode() {
    EventSpec event;
    event.name = name_;
    reader_.allow("name");
    decode_type();
    if (type_ == nullptr)
      return {};
    event.type = type_->type;
    decode_description(event);
    const auto once = reader_.boolean("once");
    // A scheduled event has its turns; a trend repeats whatever a file says.
    event.once = event.type != EventType::trend
                 && event.type != EventType::scheduled && once.value_or(true);
    decode_by_type(event);
    auto events = with_effects(event);
    warn_of_foreign_keys();
    allow_keys(reader_, event_keys());
    reader_.finish(Severity::warning);
    return events;
  }

private:
  void decode_type() {
    std::vector<std::string> names;
    for (const auto& one : all_types())
      names.emplace_back(one.name);
    const auto written = reader_.one_of("type", names);
    if (type_ != nullptr) {
      if (written && *written != type_->name)
        warn_of_no_effect(reader_, "type",
                          "every event of the list `" + std::string{type_->list}
                            + "` is " + std::string{type_->noun});
      return;
    }
    if (!written && reader_.has("type"))
      return; // reported
    // The first version took an event without a type for a scheduled one.
    const auto name = written.value_or("scheduled");
    for (const auto& one : all_types())
      if (one.name == name)
        type_ = &one;
  }

  void decode_description(EventSpec& event) {
    const auto* effect = reader_.node("effect");
    if (effect == nullptr) {
      event.description =
        std::string{trim(filled_text(reader_, "description"))};
      return;
    }
    event.description = reader_.text("description").value_or("");
    add_words(reader_, "effect", event.description);
  }

  void add_words(MapReader& reader, std::string_view key, std::string& text) {
    const auto* node = reader.node(key);
    if (node == nullptr)
      return;
    if (const auto words = words_of(*node))
      append(text, *words);
    else
      reader.error(key, "S101",
                   "`" + std::string{key}
                     + "` must be a text, or a list or map of texts");
  }

  void decode_by_type(EventSpec& event) {
    switch (event.type) {
    case EventType::trend:
      decode_range(reader_, event);
      event.every = static_cast<std::int32_t>(
        whole_number(reader_, "frequency", {1, frequency_max}).value_or(1));
      event.probability = decode_probability(false);
      break;
    case EventType::scheduled:
      event.turns = decode_turns();
      break;
    case EventType::random:
      decode_range(reader_, event);
      event.probability = decode_probability(true);
      break;
    case EventType::conditional:
      decode_range(reader_, event);
      event.conditions = decode_conditions(decoding_, spec_, reader_);
      break;
    }
  }

  void decode_range(MapReader& reader, EventSpec& event) {
    const auto range = turn_range(reader, "turn_range");
    if (!range)
      return;
    event.first_turn = range->first;
    event.last_turn = range->second;
    if (spec_.turns > 0 && range->first > spec_.turns)
      warn_of_never(reader, "turn_range", range->first);
  }

  void warn_of_never(MapReader& reader, std::string_view key,
                     std::int64_t turn) {
    reader.warning(key, "S314",
                   "turn " + std::to_string(turn)
                     + " never comes: the scenario has "
                     + std::to_string(spec_.turns)
                     + (spec_.turns == 1 ? " turn" : " turns"));
  }

  double decode_probability(bool required) {
    const auto* key =
      reader_.has("probability_per_turn") && !reader_.has("probability")
        ? "probability_per_turn"
        : "probability";
    if (required)
      needed(reader_, "probability", "add `probability: 0.2`, from 0 to 1");
    const auto number = reader_.number(key);
    if (!number)
      return 1;
    if (*number >= 0 && *number <= 1)
      return *number;
    auto& finding =
      reader_.error(key, "S102",
                    "`" + std::string{key} + "` must be from 0 to 1, not "
                      + number_text(*number));
    if (*number > 1 && *number <= 100)
      finding.help.push_back("for " + number_text(*number) + " percent write "
                             + number_text(*number / 100));
    return 1;
  }

  /// `turn: 3`, `turns: [3, 5]` or `schedule: {turns: [3, 5]}`.
  std::vector<std::int32_t> decode_turns() {
    std::vector<std::int32_t> turns;
    reader_.allow("turns");
    reader_.allow("schedule");
    if (const auto* schedule = reader_.node("schedule")) {
      MapReader block{reader_.document(), *schedule,
                      reader_.path_of("schedule"), "S", decoding_.findings};
      if (schedule->kind == Kind::map
          && needed(block, "turns", "write it like `schedule: {turns: [3, 5]}`")
               != nullptr)
        add_turns(block, "turns", turns);
      block.finish(Severity::warning);
    } else if (reader_.has("turns")) {
      add_turns(reader_, "turns", turns);
    } else if (needed(reader_, "turn", "add `turn: 3`, or `turns: [3, 5]`")
               != nullptr) {
      add_turns(reader_, "turn", turns);
    }
    std::sort(turns.begin(), turns.end());
    turns.erase(std::unique(turns.begin(), turns.end()), turns.end());
    return turns;
  }

  void add_turns(MapReader& reader, std::string_view key,
                 std::vector<std::int32_t>& turns) {
    const auto* node = reader.node(key);
    if (node->kind != Kind::list) {
      if (const auto turn = whole_number(reader, key, {1, turns_max}))
        add_turn(reader, key, *turn, turns);
      return;
    }
    for (std::size_t i = 0; i < node->items.size(); ++i) {
      // Read as a key of its own, so that each item is told at its place.
      const auto& item = node->items[i];
      const auto turn = item.kind == Kind::scalar
                          ? yaml::as_int(yaml::Node::plain(item.scalar))
                          : std::nullopt;
      if (turn && *turn >= 1 && *turn <= turns_max) {
        add_turn(reader, key, *turn, turns);
        continue;
      }
      auto finding = yaml::at(reader.document(), item, "S102",
                              "each item of `" + std::string{key}
                                + "` must be a turn, counted from 1");
      finding.path = reader.path_of(key) + "." + std::to_string(i);
      decoding_.findings.add(std::move(finding));
    }
  }

  void add_turn(MapReader& reader, std::string_view key, std::int64_t turn,
                std::vector<std::int32_t>& turns) {
    turns.push_back(static_cast<std::int32_t>(turn));
    if (spec_.turns > 0 && turn > spec_.turns)
      warn_of_never(reader, key, turn);
  }

  /// Each effect of a trend has its own turns and words.
  std::vector<EventSpec> with_effects(const EventSpec& event) {
    const auto* list = reader_.node("effects");
    if (list == nullptr || event.type != EventType::trend)
      return {event};
    if (list->kind != Kind::list) {
      reader_.error("effects", "S101",
                    "`effects` must be a list, not " + yaml::describe(*list));
      return {event};
    }
    std::vector<EventSpec> events;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      MapReader effect{reader_.document(), list->items[i],
                       reader_.path_of("effects") + "." + std::to_string(i),
                       "S", decoding_.findings};
      if (list->items[i].kind != Kind::map)
        continue;
      auto one = event;
      if (list->items.size() > 1)
        one.name += " (" + std::to_string(i + 1) + ")";
      decode_range(effect, one);
      add_words(effect, "description", one.description);
      add_words(effect, "impact", one.description);
      effect.finish(Severity::warning);
      events.push_back(std::move(one));
    }
    return list->items.empty() ? std::vector{event} : events;
  }

  void warn_of_foreign_keys() {
    for (const auto& key : event_keys()) {
      const auto is = [&key](std::string_view own) { return own == key.name; };
      if (reader_.has(key.name)
          && std::none_of(common_keys.begin(), common_keys.end(), is)
          && std::none_of(type_->keys.begin(), type_->keys.end(), is))
        warn_of_no_effect(reader_, key.name,
                          "the event is " + std::string{type_->noun});
    }
  }

  const Decoding& decoding_;
  const ScenarioSpec& spec_;
  std::string name_;
  const TypeName* type_; // null until known
  MapReader reader_;
};

} // namespace

std::vector<EventSpec> decode_event(const Decoding& decoding,
                                    const ScenarioSpec& spec,
                                    std::string_view list,
                                    const yaml::Node& item,
                                    const std::string& name) {
  return EventDecoder{decoding, spec, item, name, type_of_list(list)}.decode();
}

} // namespace lab::scenarios

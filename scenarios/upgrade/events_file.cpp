#include <algorithm>
#include <array>
#include <optional>

#include "runtime/base/text.hpp"
#include "scenarios/upgrade/file_upgrades.hpp"

// A list for each type of event becomes one list whose events name their type.
// Those parts of the file are written anew: each event's comments stand before
// it.

namespace lab::scenarios {

namespace {

using yaml::Entry;
using yaml::Kind;
using yaml::Node;

struct Section {
  std::string_view list;
  std::string_view type;
};

/// In the order in which the loader reads them: which event is drawn first
/// depends on it.
constexpr std::array sections{Section{"trends", "trend"},
                              Section{"scheduled_events", "scheduled"},
                              Section{"random_events", "random"},
                              Section{"conditional_events", "conditional"}};
constexpr std::string_view today = "exogenous_events";
constexpr int list_indent = 2;

bool is_section(std::string_view key) {
  return std::any_of(sections.begin(), sections.end(),
                     [key](const Section& one) { return one.list == key; });
}

/// An effect as one text: models read texts.
std::string words_of(const Node& node) {
  std::vector<std::string> parts;
  for (const auto& item : node.items)
    parts.push_back(item.scalar);
  for (const auto& entry : node.entries)
    parts.push_back(entry.key + ": " + entry.value.scalar);
  return node.kind == Kind::scalar ? node.scalar : join(parts, "; ");
}

std::string joined(const std::string& text, const Node* more) {
  const auto words = more == nullptr ? std::string{} : words_of(*more);
  if (trim(words).empty())
    return text;
  const auto begin = std::string{trim(text)};
  return begin + (begin.empty() ? "" : " ") + std::string{trim(words)};
}

/// The events that one item of a section stands for.
std::vector<Node> events_of(const Node& item, std::string_view type) {
  auto event = Node::map();
  event.set("type", Node::plain(std::string{type}));
  event.set("name", Node::text(item.find("name")->scalar));
  const auto* description = item.find("description");
  event.set("description",
            Node::text(joined(description == nullptr ? "" : description->scalar,
                              item.find("effect"))));
  for (const auto& entry : item.entries) {
    if (entry.key == "name" || entry.key == "description"
        || entry.key == "effect" || entry.key == "effects"
        || entry.key == "type")
      continue;
    const auto* turns =
      entry.key == "schedule" ? entry.value.find("turns") : nullptr;
    if (turns != nullptr)
      event.set("turns", *turns);
    else if (entry.key != "probability_per_turn")
      event.set(entry.key, entry.value);
    else if (item.find("probability") == nullptr)
      event.set("probability", entry.value);
  }
  const auto* effects = item.find("effects");
  if (effects == nullptr || effects->items.empty())
    return {event};
  std::vector<Node> events;
  for (std::size_t i = 0; i < effects->items.size(); ++i) {
    const auto& effect = effects->items[i];
    auto one = event;
    if (effects->items.size() > 1)
      one.set("name", Node::text(event.find("name")->scalar + " ("
                                 + std::to_string(i + 1) + ")"));
    auto text = one.find("description")->scalar;
    text = joined(text, effect.find("description"));
    one.set("description", Node::text(joined(text, effect.find("impact"))));
    if (const auto* range = effect.find("turn_range"))
      one.set("turn_range", *range);
    events.push_back(std::move(one));
  }
  return events;
}

/// Whether every item is such that its meaning is known.
bool is_sound(const Node& list) {
  return list.kind == Kind::list
         && std::all_of(list.items.begin(), list.items.end(),
                        [](const Node& item) {
                          const auto* name = item.find("name");
                          return name != nullptr && name->kind == Kind::scalar;
                        });
}

class EventsUpgrade {
public:
  explicit EventsUpgrade(FileEditor& file)
    : file_(file), text_(file.text), root_(file.root()) {}

  void run() {
    const auto lines = entry_lines(text_, root_);
    for (const auto& [list, type] : sections)
      for (std::size_t i = 0; i < lines.size(); ++i)
        if (root_.entries[i].key == list)
          if (!take(root_.entries[i], lines[i], type))
            return;
    if (events_.empty())
      return;
    std::string block;
    for (const auto& line : events_)
      block += (block.empty() ? "" : "\n") + line;
    place(lines, block);
    file_.note("the lists of events by type are one list, and each event says "
               "its type");
  }

private:
  bool take(const Entry& section, const EntryLines& lines,
            std::string_view type) {
    const auto& list = section.value;
    if (list.kind == Kind::null)
      return true;
    if (!is_sound(list))
      return false;
    int at = lines.first;
    for (const auto& item : list.items) {
      const int last = end_of(text_, item).line;
      add_comments(at, last, item);
      at = last + 1;
      for (const auto& event : events_of(item, type))
        events_.push_back(
          map_text(event, list_indent + 2).replace(list_indent, 1, "-"));
    }
    return true;
  }

  /// Lines within a text of several lines hold no comments.
  void add_comments(int first, int last, const Node& item) {
    std::vector<std::pair<int, int>> texts;
    collect_texts(item, texts);
    for (int line = first; line <= last; ++line)
      if (std::none_of(texts.begin(), texts.end(), [line](const auto& text) {
            return line > text.first && line <= text.second;
          }))
        for (const auto& comment : comments_in(text_, line, line))
          events_.push_back(std::string(list_indent, ' ') + comment);
  }

  static void collect_texts(const Node& node,
                            std::vector<std::pair<int, int>>& texts) {
    if (node.kind == Kind::scalar && node.end.line > node.mark.line)
      texts.emplace_back(node.mark.line, node.end.line);
    for (const auto& item : node.items)
      collect_texts(item, texts);
    for (const auto& entry : node.entries)
      collect_texts(entry.value, texts);
  }

  void place(const std::vector<EntryLines>& lines, const std::string& block) {
    const auto* others = root_.find(today);
    const bool joins = others != nullptr && others->kind == Kind::list
                       && !others->items.empty() && !is_flow(text_, *others);
    bool placed = false;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto& key = root_.entries[i].key;
      if (joins && key == today) {
        file_.edits.insert_lines(lines[i].last + 1, at_dashes(*others, block));
      } else if (is_section(key) && !joins && !placed) {
        placed = true;
        file_.edits.replace_lines(lines[i].first, lines[i].last,
                                  std::string{today} + ":\n" + block);
      } else if (is_section(key)) {
        file_.edits.erase_lines(lines[i].first, lines[i].last);
      }
    }
  }

  /// The block with its dashes below those that are there.
  std::string at_dashes(const Node& list, const std::string& block) const {
    const auto indent = text_.indent(list.mark.line);
    std::string out;
    for (const auto& line : split(block, '\n')) {
      const auto rest = line.substr(std::min<std::size_t>(
        list_indent, line.find_first_not_of(' ') == std::string::npos
                       ? line.size()
                       : line.find_first_not_of(' ')));
      out += (out.empty() ? "" : "\n")
             + (rest.empty()
                  ? rest
                  : std::string(static_cast<std::size_t>(indent), ' ') + rest);
    }
    return out;
  }

  FileEditor& file_;
  const SourceText& text_;
  const Node& root_;
  std::vector<std::string> events_; // and their comments; a block each
};

} // namespace

void upgrade_events_file(FileEditor& file) { EventsUpgrade{file}.run(); }

} // namespace lab::scenarios

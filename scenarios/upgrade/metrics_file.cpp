#include <algorithm>
#include <optional>

#include "runtime/base/text.hpp"
#include "scenarios/upgrade/file_upgrades.hpp"

// Four older shapes become the list of today (docs/formats/scenario.md):
//
//   metrics:                          metrics:
//     trust:            # of all   ->   - name: trust            # of all
//       type: float                       type: continuous
//       extraction_method: regex          extraction:
//       pattern: 'Trust: (\d+)'             type: pattern
//                                           pattern: 'Trust: (\d+)'
//
// Lines keep their places. Only what is written in braces, or has no line of
// its own for its first key, is written anew.

namespace lab::scenarios {

namespace {

using yaml::Entry;
using yaml::Kind;
using yaml::Mark;
using yaml::Node;

constexpr std::string_view extraction_keys[]{
  "extraction_method", "extraction_type", "pattern",
  "patterns",          "keywords",        "prompt",
  "extraction_prompt", "model",           "scoring"};

bool is_extraction_key(std::string_view key) {
  return std::find(std::begin(extraction_keys), std::end(extraction_keys), key)
         != std::end(extraction_keys);
}

std::string_view key_in_extraction(std::string_view key) {
  if (key == "extraction_method" || key == "extraction_type")
    return "type";
  return key == "extraction_prompt" ? "prompt" : key;
}

std::string word_of(MetricType type) {
  switch (type) {
  case MetricType::continuous:
    return "continuous";
  case MetricType::integer:
    return "integer";
  case MetricType::boolean:
    return "boolean";
  case MetricType::categorical:
    return "categorical";
  case MetricType::text:
    break;
  }
  return "text";
}

std::string word_of(Extraction extraction) {
  switch (extraction) {
  case Extraction::pattern:
    return "pattern";
  case Extraction::keyword:
    return "keyword";
  case Extraction::llm:
    return "llm";
  case Extraction::manual:
    break;
  }
  return "manual";
}

std::string blanks(int count) {
  return std::string(static_cast<std::size_t>(std::max(count, 0)), ' ');
}

std::string number_of(const Node& node) { return scalar_text(node); }

/// What the old shapes keep elsewhere and today's keeps in the metric itself.
struct Extra {
  std::vector<std::pair<std::string, std::string>> item; // key, value as text
  std::vector<std::pair<std::string, std::string>> extraction;
};

class MetricsUpgrade {
public:
  MetricsUpgrade(FileEditor& file, const ScenarioSpec& meaning)
    : file_(file), text_(file.text), root_(file.root()), meaning_(meaning) {}

  void run() {
    const auto* all = root_.find("metrics");
    if (all == nullptr || root_.kind != Kind::map)
      return;
    if (all->kind == Kind::map && is_flow(text_, *all))
      write_anew(*all);
    else if (all->kind == Kind::map)
      list_of_map(*all);
    else
      for (const auto& item : all->items)
        if (const auto* spec = spec_of(name_in(item)))
          upgrade_item(item, *spec);
    for (const auto* key : {"extraction_model", "thresholds"})
      if (root_.find(key) != nullptr)
        file_.drop(root_, key);
  }

private:
  static std::string name_in(const Node& item) {
    const auto* name = item.find("name");
    return name != nullptr && name->kind == Kind::scalar ? name->scalar : "";
  }

  const MetricSpec* spec_of(const std::string& name) const {
    for (const auto& metric : meaning_.metrics)
      if (metric.name == name)
        return &metric;
    return nullptr;
  }

  // --- A map becomes a list. ------------------------------------------------

  void list_of_map(const Node& all) {
    if (all.entries.empty())
      return;
    // All dashes stand in one column, left of every item's keys.
    int dash = all.entries.front().key_mark.column;
    for (const auto& entry : all.entries)
      if (const auto column = column_of_keys(entry))
        dash = std::min(dash, *column - 2);
    for (const auto& entry : all.entries)
      if (const auto* spec = spec_of(entry.key))
        item_of_entry(entry, *spec, dash);
    file_.note("`metrics` is a list, and each metric says how it is extracted");
  }

  /// Where the keys of an item stand that has a line for each.
  std::optional<int> column_of_keys(const Entry& entry) const {
    const auto& item = entry.value;
    if (item.kind != Kind::map || item.entries.empty() || is_flow(text_, item))
      return std::nullopt;
    return item.entries.front().key_mark.column;
  }

  void item_of_entry(const Entry& entry, const MetricSpec& spec, int dash) {
    const auto key = key_text(text_, entry);
    const auto column = column_of_keys(entry);
    if (!column) {
      write_item_anew(entry.key_mark.line, entry.value, spec, dash);
      return;
    }
    auto behind = key.colon;
    ++behind.column;
    file_.edits.replace({entry.key_mark.line, 1}, behind,
                        blanks(dash - 1) + "-" + blanks(*column - dash - 1)
                          + "name: " + name_text(entry, key));
    if (entry.value.find("name") != nullptr)
      file_.drop(entry.value, "name");
    upgrade_item(entry.value, spec);
  }

  /// The name as the file writes it, quotes and all.
  std::string name_text(const Entry& entry, const KeyText& key) const {
    const auto from = text_.offset(entry.key_mark);
    auto written = std::string{
      trim(text_.bytes().substr(from, text_.offset(key.colon) - from))};
    return to_lower(written) == "null" || written == "~"
             ? quoted_text(entry.key)
             : written;
  }

  // --- One metric. ----------------------------------------------------------

  Extra extra_of(const Node& item, const MetricSpec& spec) const {
    Extra extra;
    const auto* thresholds = root_.find("thresholds");
    const auto* own =
      thresholds == nullptr ? nullptr : thresholds->find(spec.name);
    for (const auto* level : {"warning", "critical"}) {
      const auto key = std::string{level} + "_threshold";
      const auto* value = own == nullptr ? nullptr : own->find(level);
      if (value != nullptr && value->kind == Kind::scalar
          && item.find(key) == nullptr)
        extra.item.emplace_back(key, number_of(*value));
    }
    if (spec.reads_actions && item.find("reads_actions") == nullptr)
      extra.item.emplace_back("reads_actions", "true");
    const auto* shared = root_.find("extraction_model");
    if (shared != nullptr && shared->kind == Kind::scalar && !has_model(item)
        && !spec.model.empty())
      extra.extraction.emplace_back("model", quoted_text(shared->scalar));
    return extra;
  }

  static bool has_model(const Node& item) {
    const auto* block = item.find("extraction");
    return (block == nullptr ? item : *block).find("model") != nullptr;
  }

  void upgrade_item(const Node& item, const MetricSpec& spec) {
    const bool is_old =
      item.find("extraction") == nullptr
      && std::any_of(item.entries.begin(), item.entries.end(),
                     [](const Entry& e) { return is_extraction_key(e.key); });
    if (is_old && (is_flow(text_, item) || first_shares_its_line(item))) {
      write_item_anew(item.mark.line, item, spec, dash_before(item));
      return;
    }
    const auto extra = extra_of(item, spec);
    set_type(item, spec);
    if (item.find("aggregation") != nullptr)
      file_.drop(item, "aggregation");
    if (is_old)
      gather_extraction(item, spec, extra);
    else
      amend_extraction(item, spec, extra);
    if (!is_flow(text_, item))
      for (const auto& [key, value] : extra.item)
        file_.edits.insert_lines(end_of(text_, item).line + 1,
                                 indent_of(item) + key + ": " + value);
  }

  std::string indent_of(const Node& item) const {
    return blanks(item.entries.front().key_mark.column - 1);
  }

  /// `- pattern: …`: the first key stands behind the dash.
  bool first_shares_its_line(const Node& item) const {
    const auto& first = item.entries.front();
    return is_extraction_key(first.key)
           && text_.indent(first.key_mark.line) + 1 < first.key_mark.column;
  }

  int dash_before(const Node& item) const {
    return text_.indent(item.mark.line) + 1;
  }

  void set_type(const Node& item, const MetricSpec& spec) {
    const auto word = word_of(spec.type);
    const bool is_draft = item.find("data_type") != nullptr;
    if (is_draft && item.find("type") != nullptr)
      file_.drop(item, "type");
    for (const auto& entry : item.entries) {
      if (entry.key != (is_draft ? "data_type" : "type")
          || entry.value.kind != Kind::scalar)
        continue;
      if (entry.key == "data_type" && file_.rename(entry, "type"))
        file_.note("`data_type` is called `type`");
      if (entry.value.scalar != word) {
        file_.set_scalar(entry.value, word);
        file_.note("the type `" + entry.value.scalar + "` is called `" + word
                   + "`");
      }
      return;
    }
    // Without a word, the first version took a text and today's a number.
    if (spec.type != MetricType::continuous && !is_flow(text_, item))
      file_.edits.insert_lines(end_of(text_, item).line + 1,
                               indent_of(item) + "type: " + word);
  }

  /// Moves the keys of the extraction together and below `extraction:`.
  void gather_extraction(const Node& item, const MetricSpec& spec,
                         const Extra& extra) {
    constexpr int deeper = 2;
    const auto lines = entry_lines(text_, item);
    const auto indent = indent_of(item);
    std::string block;
    std::optional<EntryLines> place;
    bool has_type = false;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto& entry = item.entries[i];
      if (!is_extraction_key(entry.key))
        continue;
      TextEdits moved{text_};
      moved.shift(lines[i].first, lines[i].last, deeper);
      const auto key = key_text(text_, entry);
      const auto name = key_in_extraction(entry.key);
      if (name != entry.key)
        moved.replace(key.begin, key.end, std::string{name});
      if (name == "type") {
        has_type = true;
        if (entry.value.scalar != word_of(spec.extraction))
          moved.replace(entry.value.mark, entry.value.end,
                        word_of(spec.extraction));
      }
      block += "\n" + moved.apply_to(lines[i].first, lines[i].last);
      if (!place)
        place = lines[i];
      else
        file_.edits.erase_lines(lines[i].first, lines[i].last);
    }
    std::string head = indent + "extraction:";
    if (!has_type)
      head +=
        "\n" + indent + blanks(deeper) + "type: " + word_of(spec.extraction);
    for (const auto& [key, value] : extra.extraction)
      block += "\n" + indent + blanks(deeper) + key + ": " + value;
    // Line ends are put in anew by the edit.
    std::erase(block, '\r');
    file_.edits.replace_lines(place->first, place->last, head + block);
    if (item.find("extraction_method") == nullptr)
      file_.note("`" + spec.name
                 + "` says in `extraction` how it is extracted");
  }

  /// Today's shape with a word or a key of an older one.
  void amend_extraction(const Node& item, const MetricSpec& spec,
                        const Extra& extra) {
    const auto* block = item.find("extraction");
    if (block == nullptr || block->kind != Kind::map)
      return;
    const auto word = word_of(spec.extraction);
    const auto* type = block->find("type");
    if (type != nullptr && type->kind == Kind::scalar && type->scalar != word) {
      file_.set_scalar(*type, word);
      file_.note("the extraction `" + type->scalar + "` is called `" + word
                 + "`");
    }
    for (const auto& [key, value] : extra.extraction) {
      const auto end = end_of(text_, *block);
      if (is_flow(text_, *block)) {
        const Mark bracket{end.line, end.column - 1};
        file_.edits.replace(bracket, bracket, ", " + key + ": " + value);
      } else {
        file_.edits.insert_lines(end.line + 1,
                                 indent_of(*block) + key + ": " + value);
      }
    }
  }

  // --- Written anew. --------------------------------------------------------

  /// The metric in today's shape.
  Node today(const Node& item, const MetricSpec& spec) const {
    auto out = Node::map();
    auto extraction = Node::map();
    out.set("name", Node::text(spec.name));
    for (const auto& entry : item.entries) {
      if (entry.key == "name" || entry.key == "aggregation"
          || entry.key == "data_type" || entry.key == "type")
        continue;
      if (is_extraction_key(entry.key))
        extraction.set(std::string{key_in_extraction(entry.key)}, entry.value);
      else
        out.set(entry.key, entry.value);
    }
    out.set("type", Node::plain(word_of(spec.type)));
    if (!extraction.entries.empty()) {
      extraction.set("type", Node::plain(word_of(spec.extraction)));
      if (!extra_of(item, spec).extraction.empty())
        extraction.set("model", *root_.find("extraction_model"));
      out.set("extraction", std::move(extraction));
    }
    for (const auto& [key, value] : extra_of(item, spec).item)
      out.set(key, Node::plain(value));
    return out;
  }

  std::string item_text(const Node& item, const MetricSpec& spec,
                        int dash) const {
    auto lines = map_text(today(item, spec), dash + 1);
    lines[static_cast<std::size_t>(dash) - 1] = '-';
    return lines;
  }

  void write_item_anew(int first, const Node& item, const MetricSpec& spec,
                       int dash) {
    const int last = std::max(first, end_of(text_, item).line);
    std::string lines;
    for (const auto& comment : comments_in(text_, first, last))
      lines += blanks(dash - 1) + comment + "\n";
    file_.edits.replace_lines(first, last, lines + item_text(item, spec, dash));
  }

  void write_anew(const Node& all) {
    const auto* entry = &root_.entries.front();
    for (const auto& each : root_.entries)
      if (each.key == "metrics")
        entry = &each;
    const int last = std::max(entry->key_mark.line, end_of(text_, all).line);
    std::string lines;
    for (const auto& comment : comments_in(text_, entry->key_mark.line, last))
      lines += comment + "\n";
    lines += "metrics:";
    for (const auto& each : all.entries)
      if (const auto* spec = spec_of(each.key))
        lines += "\n" + item_text(each.value, *spec, 3);
    file_.edits.replace_lines(entry->key_mark.line, last, lines);
    file_.note("`metrics` is a list, and each metric says how it is extracted");
  }

  FileEditor& file_;
  const SourceText& text_;
  const Node& root_;
  const ScenarioSpec& meaning_;
};

} // namespace

void upgrade_metrics_file(FileEditor& file, const ScenarioSpec& meaning) {
  MetricsUpgrade{file, meaning}.run();
}

} // namespace lab::scenarios

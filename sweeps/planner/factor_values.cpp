#include "sweeps/planner/factor_values.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "runtime/base/text.hpp"
#include "sweeps/planner/factor_reader.hpp"
#include "sweeps/planner/manifest_files.hpp"
#include "sweeps/planner/manifest_keys.hpp"

namespace lab::sweeps {

namespace {

constexpr std::size_t file_bytes_max = std::size_t{256} << 10U;
constexpr std::int64_t one = 1'000'000'000; // units of a Decimal

class ValuesReader {
public:
  ValuesReader(yaml::MapReader& reader, const yaml::Entry& entry,
               Factor& factor, Findings& findings)
    : reader_(reader), document_(reader.document()), entry_(entry),
      factor_(factor), findings_(findings), where_("factors." + entry.key) {}

  bool read() {
    const auto before = findings_.all().size();
    std::vector<std::string> given;
    for (const auto* kind : kinds)
      if (reader_.node(kind) != nullptr)
        given.emplace_back(kind);
    if (given.size() != 1) {
      report_kinds(given);
      return false;
    }
    const auto& kind = given.front();
    const auto& node = *reader_.node(kind);
    factor_.mark = node.mark;
    factor_.end = node.end;
    read_companions(kind);
    if (kind == "values")
      read_values(node);
    else if (kind == "range")
      read_range(node);
    else if (kind == "levels")
      read_bundle(node);
    else if (kind == "files")
      read_files(node);
    else
      read_draw(document_, node, where_ + ".draw", whole_, factor_, findings_);
    for (auto i = before; i < findings_.all().size(); ++i)
      if (findings_.all()[i].severity == Severity::error)
        return false;
    return true;
  }

private:
  static constexpr std::array<const char*, 5> kinds{"values", "range", "levels",
                                                    "files", "draw"};

  void report_kinds(const std::vector<std::string>& given) {
    auto finding = yaml::at_key(
      document_, entry_, "S405",
      "the factor `" + entry_.key + "` needs "
        + (given.empty()
             ? "`values`, `range`, `levels`, `files` or `draw`"
             : "one of `" + join(given, "` and `") + "`, not both"));
    finding.path = where_;
    finding.help.emplace_back(
      given.empty() ? "write what it can be, as in values: [none, binding]"
                    : "keep the one that you mean");
    findings_.add(std::move(finding));
    for (const auto* key : {"step", "int", "scale"})
      reader_.allow(key);
  }

  /// `step`, `int` and `scale` belong to some kinds only.
  void read_companions(const std::string& kind) {
    step_ = reader_.node("step");
    if (step_ != nullptr && kind != "range")
      reader_.error("step", "S406", "`step` goes with `range` only")
        .help.emplace_back("remove it: `" + kind + "` says which values");
    if (const auto whole = reader_.boolean("int"))
      whole_ = *whole;
    if (reader_.has("int") && kind != "range" && kind != "draw")
      reader_.error("int", "S406", "`int` goes with `range` and `draw` only")
        .help.emplace_back("remove it: `" + kind + "` says which values");
    if (const auto scale = reader_.one_of("scale", {"linear", "log"}))
      log_ = *scale == "log";
    if (reader_.has("scale") && kind != "range")
      reader_.error("scale", "S406", "`scale` goes with `range` only")
        .help.emplace_back("remove it: `" + kind
                           + "` says how its values spread");
  }

  bool read_items(const yaml::Node& node, std::string_view key,
                  std::string example) {
    if (node.kind != yaml::Kind::list || node.items.empty()) {
      reader_
        .error(key, "S405",
               "`" + std::string{key}
                 + "` must be a list of at least one value, not "
                 + (node.kind == yaml::Kind::list ? std::string{"an empty one"}
                                                  : yaml::describe(node)))
        .help.push_back("write it like " + std::move(example));
      return false;
    }
    return !too_many(node.items.size(), key);
  }

  bool too_many(std::size_t count, std::string_view key) {
    if (count <= levels_max)
      return false;
    reader_
      .error(key, "S416",
             "the factor `" + entry_.key + "` has " + std::to_string(count)
               + " values; at most " + std::to_string(levels_max)
               + " can be planned")
      .help.emplace_back("a sampler such as sobol needs no `step`");
    return true;
  }

  /// False when an earlier value is the same.
  bool is_new(const std::string& value, const yaml::Node& node,
              const std::string& path) {
    if (seen_.insert(value).second)
      return true;
    error_at(document_, node, findings_, "S407",
             "the value `" + value_text(node) + "` of `" + entry_.key
               + "` stands twice",
             path)
      .help.emplace_back("keep one; `replicates.count` repeats runs");
    return false;
  }

  void report_empty(const yaml::Node& value, const std::string& path) {
    error_at(document_, value, findings_, "S405",
             "a value of `" + entry_.key + "` is empty", path)
      .help.emplace_back("write \"\" for an empty text");
  }

  void read_values(const yaml::Node& values) {
    if (!read_items(values, "values", "[none, voluntary, binding]"))
      return;
    for (std::size_t i = 0; i < values.items.size(); ++i) {
      const auto& value = values.items[i];
      const auto path = where_ + ".values." + std::to_string(i);
      if (value.kind == yaml::Kind::null)
        report_empty(value, path);
      else if (is_new(comparable(value), value, path))
        factor_.levels.push_back({value, value_text(value)});
    }
  }

  void read_files(const yaml::Node& files) {
    if (!read_items(files, "files", "[openings/calm.md, openings/tense.md]"))
      return;
    for (std::size_t i = 0; i < files.items.size(); ++i) {
      const auto& name = files.items[i];
      const auto path = where_ + ".files." + std::to_string(i);
      auto text =
        read_manifest_file(document_, name, file_bytes_max, path, findings_);
      if (!text || !is_new(name.scalar, name, path))
        continue;
      auto value = yaml::Node::text(std::move(*text));
      value.mark = name.mark;
      value.end = name.end;
      factor_.levels.push_back({std::move(value), name.scalar});
    }
  }

  void read_bundle(const yaml::Node& levels) {
    factor_.bundle = true;
    if (levels.kind != yaml::Kind::map || levels.entries.empty()) {
      reader_
        .error("levels", "S405",
               "`levels` must be a map of names to what each sets, not "
                 + (levels.kind == yaml::Kind::map ? std::string{"an empty one"}
                                                   : yaml::describe(levels)))
        .help.emplace_back("write it like {as-written: {}, hawks: "
                           "{params.caution: 0.1}}");
      return;
    }
    if (too_many(levels.entries.size(), "levels"))
      return;
    for (const auto& level : levels.entries)
      read_level(level);
    if (factor_.paths.empty() && !findings_.has_errors())
      reader_
        .error("levels", "S408",
               "the factor `" + entry_.key + "` writes no place")
        .help.emplace_back("let at least one level set something, as in "
                           "hawks: {params.caution: 0.1}");
  }

  void read_level(const yaml::Entry& level) {
    const auto path = where_ + ".levels." + level.key;
    auto value = level.value;
    if (value.kind == yaml::Kind::null) {
      value = yaml::Node::map();
      value.mark = level.value.mark;
    }
    if (value.kind != yaml::Kind::map) {
      error_at(document_, level.value, findings_, "S405",
               "the level `" + level.key
                 + "` must be a map of paths and values, not "
                 + yaml::describe(value),
               path)
        .help.emplace_back("write it like {params.caution: 0.1}; {} leaves "
                           "everything as it is");
      return;
    }
    for (const auto& place : value.entries) {
      if (!check_path(document_, key_node(place), place.key,
                      path + "." + place.key, findings_))
        continue;
      if (place.value.kind == yaml::Kind::null)
        report_empty(place.value, path + "." + place.key);
      if (std::ranges::find(factor_.paths, place.key) == factor_.paths.end())
        factor_.paths.push_back(place.key);
    }
    factor_.levels.push_back({std::move(value), level.key});
  }

  void read_range(const yaml::Node& range) {
    if (range.kind != yaml::Kind::list || range.items.size() != 2) {
      reader_
        .error("range", "S406",
               "`range` must be a list of two numbers, the lowest and the "
               "highest")
        .help.emplace_back("write it like [0, 1]");
      return;
    }
    const auto low = bound(range.items[0], where_ + ".range.0");
    const auto high = bound(range.items[1], where_ + ".range.1");
    std::optional<Decimal> by;
    if (step_ != nullptr)
      by = bound(*step_, where_ + ".step");
    if (low && high && *low >= *high) {
      error_at(document_, range.items[1], findings_, "S406",
               "the range of `" + entry_.key + "` ends at " + to_string(*high)
                 + ", not above its start " + to_string(*low),
               where_ + ".range.1")
        .help.emplace_back("write the lowest number first");
      return;
    }
    if (by && by->units <= 0)
      reader_.error("step", "S406", "`step` must be above zero")
        .help.emplace_back("write it like 0.25");
    check_scale(range, low);
    if (!low || !high || (log_ && low->units <= 0))
      return;
    factor_.distribution = log_ ? Distribution::log_uniform(*low, *high)
                                : Distribution::uniform(*low, *high);
    if (whole_)
      factor_.distribution = factor_.distribution->whole();
    if (by && by->units > 0 && !log_)
      fill_levels(range, *low, *high, *by);
  }

  std::optional<Decimal> bound(const yaml::Node& node,
                               const std::string& path) {
    auto number = read_decimal(document_, node, "a range", path, findings_);
    if (!number || !whole_ || number->units % one == 0)
      return number;
    error_at(document_, node, findings_, "S406",
             "with `int: true` a range is made of whole numbers, not `"
               + node.scalar + "`",
             path)
      .help.emplace_back("write a whole number, or remove `int`");
    return std::nullopt;
  }

  void check_scale(const yaml::Node& range, std::optional<Decimal> low) {
    if (!log_)
      return;
    if (low && low->units <= 0)
      error_at(document_, range.items[0], findings_, "S406",
               "a logarithmic range must begin above zero, not at "
                 + to_string(*low),
               where_ + ".range.0")
        .help.emplace_back("begin above zero, or remove `scale: log`");
    if (step_ != nullptr)
      reader_.error("step", "S406", "`step` does not go with `scale: log`")
        .help.emplace_back("list the numbers as `values: [1, 10, 100]`, or "
                           "remove `step` and use a sampler");
  }

  void fill_levels(const yaml::Node& range, Decimal low, Decimal high,
                   Decimal by) {
    const auto span = high.units - low.units;
    const auto last = static_cast<std::size_t>(span / by.units);
    if (too_many(last + 1, "step"))
      return;
    for (std::size_t i = 0; i <= last; ++i) {
      auto text =
        to_string(Decimal{low.units + static_cast<std::int64_t>(i) * by.units});
      // Whatever is wrong with a level, people find it at the range.
      const auto& end = range.items[i == last && i > 0 ? 1 : 0];
      auto value = yaml::Node::plain(text);
      value.mark = end.mark;
      value.end = end.end;
      factor_.levels.push_back({std::move(value), std::move(text)});
    }
    if (span % by.units != 0)
      reader_
        .warning("step", "S406",
                 "the last value of `" + entry_.key + "` is "
                   + factor_.levels.back().text + ": " + to_string(high)
                   + " is no whole number of steps from " + to_string(low))
        .help.emplace_back("change `step` or the range so that they meet");
  }

  yaml::MapReader& reader_;
  const yaml::Document& document_;
  const yaml::Entry& entry_;
  Factor& factor_;
  Findings& findings_;
  std::string where_;
  const yaml::Node* step_ = nullptr;
  bool whole_ = false;
  bool log_ = false;
  std::set<std::string> seen_;
};

} // namespace

bool read_factor_values(yaml::MapReader& reader, const yaml::Entry& entry,
                        Factor& factor, Findings& findings) {
  return ValuesReader{reader, entry, factor, findings}.read();
}

std::optional<Decimal> read_decimal(const yaml::Document& document,
                                    const yaml::Node& node,
                                    std::string_view what,
                                    const std::string& path,
                                    Findings& findings) {
  if (node.kind == yaml::Kind::scalar)
    if (const auto number = parse_decimal(node.scalar))
      return number;
  auto& finding =
    error_at(document, node, findings, "S406",
             std::string{what} + " is made of plain decimal numbers, not "
               + (node.kind == yaml::Kind::scalar ? "`" + node.scalar + "`"
                                                  : yaml::describe(node)),
             path);
  finding.help.emplace_back("write it like 0.25: at most 9 digits before the "
                            "point and 9 behind it");
  return std::nullopt;
}

std::string comparable(const yaml::Node& value) {
  if (value.kind == yaml::Kind::scalar && !value.quoted)
    if (const auto number = parse_decimal(value.scalar))
      return to_string(*number);
  return value_text(value);
}

} // namespace lab::sweeps

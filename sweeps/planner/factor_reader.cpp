#include "sweeps/planner/factor_reader.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "runtime/base/text.hpp"
#include "runtime/base/yaml_reader.hpp"
#include "sweeps/planner/manifest_keys.hpp"

namespace lab::sweeps {

namespace {

/// Reads one entry of `factors`.
class FactorReader {
public:
  FactorReader(const yaml::Document& document, const yaml::Entry& entry,
               Findings& findings)
    : document_(document), entry_(entry), findings_(findings),
      where_("factors." + entry.key),
      reader_(document, entry.value, where_, "S", findings) {}

  FactorEntry read() {
    made_.place = &entry_;
    made_.factor.name = entry_.key;
    made_.factor.label = entry_.key;
    check_name();
    if (entry_.value.kind == yaml::Kind::null)
      error_at(document_, entry_.value, findings_, "S405",
               "the factor `" + entry_.key + "` is empty", where_)
        .help.emplace_back("give it `path` and `values`, or remove it");
    if (entry_.value.kind != yaml::Kind::map)
      return std::move(made_);
    read_paths();
    if (auto label = reader_.text("label"))
      made_.factor.label = *label;
    if (auto unit = reader_.text("unit"))
      made_.factor.unit = *unit;
    read_levels();
    refuse_later_keys(reader_, findings_,
                      {"int", "scale", "levels", "files", "draw"});
    reader_.finish();
    return std::move(made_);
  }

private:
  void check_name() {
    constexpr std::string_view letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    constexpr std::size_t bytes_max = 64;
    const auto& name = entry_.key;
    const bool well_formed =
      !name.empty() && name.size() <= bytes_max
      && name.find_first_not_of(letters) == std::string::npos;
    if (well_formed && name != "label")
      return;
    auto finding = yaml::at_key(document_, entry_, "S404",
                                "a factor cannot be named `" + name + "`");
    finding.path = where_;
    finding.help.emplace_back(
      name == "label" ? "hand-made points use `label` for their own name"
                      : "use 1 to 64 letters, digits, `_` and `-`");
    findings_.add(std::move(finding));
  }

  void read_paths() {
    const auto* node = reader_.required("path");
    const auto paths = reader_.texts("path");
    if (!paths)
      return;
    for (std::size_t i = 0; i < paths->size(); ++i) {
      const bool listed = node->kind == yaml::Kind::list;
      const auto dotted =
        where_ + ".path" + (listed ? "." + std::to_string(i) : "");
      if (check_path(document_, listed ? node->items[i] : *node, (*paths)[i],
                     dotted, findings_))
        made_.factor.paths.push_back((*paths)[i]);
    }
    if (paths->empty())
      reader_.error("path", "S408",
                    "the factor `" + entry_.key + "` writes no place");
  }

  void read_levels() {
    const auto* values = reader_.node("values");
    const auto* range = reader_.node("range");
    const auto* step = reader_.node("step");
    if ((values != nullptr) == (range != nullptr)) {
      if (values == nullptr && has_later_kind())
        return;
      auto finding =
        yaml::at_key(document_, entry_, "S405",
                     "the factor `" + entry_.key + "` needs "
                       + (values != nullptr ? "`values` or `range`, not both"
                                            : "`values` or `range`"));
      finding.path = where_;
      findings_.add(std::move(finding));
      return;
    }
    if (values != nullptr) {
      read_values(*values);
      if (step != nullptr)
        reader_.error("step", "S406", "`step` goes with `range` only");
    } else {
      read_range(*range, step);
    }
  }

  bool has_later_kind() const {
    return reader_.has("levels") || reader_.has("files") || reader_.has("draw");
  }

  void read_values(const yaml::Node& values) {
    if (values.kind != yaml::Kind::list || values.items.empty()) {
      reader_
        .error("values", "S405",
               "`values` must be a list of at least one value, not "
                 + (values.items.empty() && values.kind == yaml::Kind::list
                      ? std::string{"an empty one"}
                      : yaml::describe(values)))
        .help.emplace_back("write it like [none, voluntary, binding]");
      return;
    }
    if (too_many(values.items.size(), "values"))
      return;
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < values.items.size(); ++i) {
      const auto& value = values.items[i];
      const auto path = where_ + ".values." + std::to_string(i);
      if (value.kind == yaml::Kind::null) {
        error_at(document_, value, findings_, "S405",
                 "a value of `" + entry_.key + "` is empty", path)
          .help.emplace_back("write \"\" for an empty text");
        continue;
      }
      const auto [first, fresh] = seen.emplace(comparable(value), i);
      if (!fresh) {
        error_at(document_, value, findings_, "S407",
                 "the value `" + value_text(value) + "` of `" + entry_.key
                   + "` stands twice",
                 path)
          .help.emplace_back("keep one; `replicates.count` repeats runs");
        continue;
      }
      made_.factor.levels.push_back({value, value_text(value)});
    }
  }

  bool too_many(std::size_t count, std::string_view key) {
    if (count <= levels_max)
      return false;
    reader_.error(key, "S416",
                  "the factor `" + entry_.key + "` has " + std::to_string(count)
                    + " values; at most " + std::to_string(levels_max)
                    + " can be planned");
    return true;
  }

  std::optional<Decimal> decimal_of(const yaml::Node& node,
                                    const std::string& path) {
    if (node.kind == yaml::Kind::scalar)
      if (const auto number = parse_decimal(node.scalar))
        return number;
    auto& finding =
      error_at(document_, node, findings_, "S406",
               "a range is made of plain decimal numbers, not "
                 + (node.kind == yaml::Kind::scalar ? "`" + node.scalar + "`"
                                                    : yaml::describe(node)),
               path);
    finding.help.emplace_back("write it like 0.25: at most 9 digits before the "
                              "point and 9 behind it");
    return std::nullopt;
  }

  void read_range(const yaml::Node& range, const yaml::Node* step) {
    if (range.kind != yaml::Kind::list || range.items.size() != 2) {
      reader_
        .error("range", "S406",
               "`range` must be a list of two numbers, the lowest and the "
               "highest")
        .help.emplace_back("write it like [0, 1]");
      return;
    }
    const auto low = decimal_of(range.items[0], where_ + ".range.0");
    const auto high = decimal_of(range.items[1], where_ + ".range.1");
    std::optional<Decimal> by;
    if (step != nullptr)
      by = decimal_of(*step, where_ + ".step");
    if (low && high && *low >= *high) {
      error_at(document_, range.items[1], findings_, "S406",
               "the range of `" + entry_.key + "` ends at " + to_string(*high)
                 + ", not above its start " + to_string(*low),
               where_ + ".range.1")
        .help.emplace_back("write the lowest number first");
      return;
    }
    if (by && by->units <= 0)
      reader_.error("step", "S406", "`step` must be above zero");
    if (!low || !high)
      return;
    made_.range.emplace(*low, *high);
    if (by && by->units > 0)
      fill_levels(range, *low, *high, *by);
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
      made_.factor.levels.push_back({std::move(value), std::move(text)});
    }
    if (span % by.units != 0)
      reader_
        .warning("step", "S406",
                 "the last value of `" + entry_.key + "` is "
                   + made_.factor.levels.back().text + ": " + to_string(high)
                   + " is no whole number of steps from " + to_string(low))
        .help.emplace_back("change `step` or the range so that they meet");
  }

  const yaml::Document& document_;
  const yaml::Entry& entry_;
  Findings& findings_;
  std::string where_;
  yaml::MapReader reader_;
  FactorEntry made_;
};

} // namespace

std::vector<FactorEntry> read_factors(const yaml::Document& document,
                                      const yaml::Node& factors,
                                      Findings& findings) {
  std::vector<FactorEntry> made;
  if (factors.kind != yaml::Kind::map) {
    error_at(document, factors, findings, "S101",
             "`factors` must be a map of names, not " + yaml::describe(factors),
             "factors");
    return made;
  }
  for (const auto& entry : factors.entries)
    made.push_back(FactorReader{document, entry, findings}.read());
  return made;
}

std::string comparable(const yaml::Node& value) {
  if (value.kind == yaml::Kind::scalar && !value.quoted)
    if (const auto number = parse_decimal(value.scalar))
      return to_string(*number);
  return value_text(value);
}

bool check_path(const yaml::Document& document, const yaml::Node& place,
                const std::string& path, const std::string& dotted,
                Findings& findings) {
  const auto segments = split(path, '.');
  const auto refuse = [&](std::string message, std::string help) {
    error_at(document, place, findings, "S408", std::move(message), dotted)
      .help.push_back(std::move(help));
    return false;
  };
  if (path.find_first_of("[]/ \t") != std::string::npos)
    return refuse("`" + path + "` is not a path",
                  "separate names and numbers with dots, as in "
                  "actors.eu.goals.0");
  if (std::ranges::any_of(segments, &std::string::empty))
    return refuse("the path `" + path + "` has an empty part",
                  "write it like params.caution, without a dot at either end");
  if (std::ranges::find(segments, "+") < segments.end() - 1)
    return refuse("`+` must be the last part of the path `" + path + "`",
                  "it appends to a list, as in actors.eu.goals.+");
  return true;
}

bool overlap(const std::string& a, const std::string& b) {
  const auto left = split(a, '.');
  const auto right = split(b, '.');
  const auto shared = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < shared; ++i)
    if (left[i] != right[i] && left[i] != "*" && right[i] != "*")
      return false;
  // Two items appended to one list stand beside each other.
  return !(left.size() == right.size() && left.back() == "+"
           && right.back() == "+");
}

} // namespace lab::sweeps

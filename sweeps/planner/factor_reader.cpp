#include "sweeps/planner/factor_reader.hpp"

#include <algorithm>
#include <string_view>

#include "runtime/base/text.hpp"
#include "runtime/base/yaml_reader.hpp"
#include "sweeps/planner/factor_values.hpp"
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
    made_.sound = read_factor_values(reader_, entry_, made_.factor, findings_);
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
    if (reader_.has("levels")) {
      if (reader_.has("path"))
        reader_.error("path", "S408", "`path` does not go with `levels`")
          .help.emplace_back("remove it: each level says which places it sets");
      reader_.allow("path");
      return;
    }
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

yaml::Node key_node(const yaml::Entry& entry) {
  auto key = yaml::Node::text(entry.key);
  key.mark = entry.key_mark;
  key.end = {entry.key_mark.line,
             entry.key_mark.column + static_cast<int>(entry.key.size())};
  return key;
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

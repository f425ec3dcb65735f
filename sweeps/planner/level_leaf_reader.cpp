#include <algorithm>
#include <optional>

#include "sweeps/planner/leaf_context.hpp"
#include "sweeps/planner/leaf_reader.hpp"
#include "sweeps/planner/manifest_keys.hpp"

namespace lab::sweeps {

namespace {

class LevelLeafReader {
public:
  LevelLeafReader(const LeafContext& context, bool& sound,
                  std::int64_t points_max)
    : context_(context), document_(context.document), key_(context.key),
      node_(context.node), where_(context.where), book_(context.book),
      findings_(context.findings), reader_(context.reader),
      factors_(context.factors), sound_(sound), points_max_(points_max) {}

  std::unique_ptr<Leaf> read() {
    if (key_ == "grid")
      read_grid();
    else if (key_ == "zip")
      read_zip();
    else
      read_one_at_a_time();
    return std::move(leaf_);
  }

private:
  /// The levels of each factor; nothing when some factor has none.
  std::optional<std::vector<LevelAxis>> level_axes() {
    if (!sound_)
      return std::nullopt;
    std::vector<LevelAxis> axes;
    for (std::size_t i = 0; i < factors_.size(); ++i) {
      const auto& factor = book_.at(factors_[i]).factor;
      if (factor.levels.empty())
        report_open(factor, i);
      axes.push_back({factors_[i], factor.levels});
    }
    return sound_ ? std::optional{std::move(axes)} : std::nullopt;
  }

  void report_open(const Factor& factor, std::size_t position) {
    const auto [node, path] = name_place(position);
    error_at(document_, node, findings_, "S412",
             "a " + key_ + " needs to know which values of `" + factor.name
               + "` to visit",
             path)
      .help.push_back("add `step` to the range of `" + factor.name
                      + "`, or give it `values`");
    sound_ = false;
  }

  std::pair<const yaml::Node&, std::string> name_place(std::size_t i) const {
    return context_.name_place(i);
  }

  void read_grid() {
    auto axes = level_axes();
    if (!axes)
      return;
    std::int64_t size = 1;
    for (const auto& axis : *axes) {
      size *= static_cast<std::int64_t>(axis.levels.size());
      if (size > points_max_) {
        report_points(document_, node_, where_, findings_);
        return;
      }
    }
    leaf_ = make_grid_leaf(std::move(*axes));
  }

  void read_zip() {
    auto axes = level_axes();
    if (!axes)
      return;
    for (std::size_t i = 1; i < axes->size(); ++i) {
      const auto first = axes->front().levels.size();
      const auto other = (*axes)[i].levels.size();
      if (other == first)
        continue;
      const auto [node, path] = name_place(i);
      error_at(document_, node, findings_, "S435",
               "a zip joins factors of equal length, but `"
                 + book_.at(factors_[0]).factor.name + "` has "
                 + std::to_string(first) + " values and `"
                 + book_.at(factors_[i]).factor.name + "` has "
                 + std::to_string(other),
               path)
        .help.emplace_back("give both as many values, or use `grid` for every "
                           "combination");
      return;
    }
    leaf_ = make_zip_leaf(std::move(*axes));
  }

  void read_one_at_a_time() {
    const auto* given =
      read_with_help(*reader_, "baseline", findings_,
                     "add `baseline` with a value for each factor",
                     [](auto& map) { return map.required("baseline"); });
    auto axes = level_axes();
    if (given == nullptr || !axes)
      return;
    if (given->kind != yaml::Kind::map) {
      reader_
        ->error("baseline", "S101",
                "`baseline` must be a map of factors and values, not "
                  + yaml::describe(*given))
        .help.emplace_back("write it like {trust: 0.5, rule: none}");
      return;
    }
    std::vector<std::size_t> baseline;
    for (const auto index : factors_)
      if (const auto level = baseline_level(*given, book_.at(index)))
        baseline.push_back(*level);
    refuse_strangers(*given);
    if (baseline.size() == factors_.size() && sound_)
      leaf_ = make_one_at_a_time_leaf(std::move(*axes), std::move(baseline));
  }

  std::optional<std::size_t> baseline_level(const yaml::Node& given,
                                            const FactorEntry& entry) {
    const auto path = where_ + ".baseline";
    const auto& name = entry.factor.name;
    if (const auto* value = given.find(name))
      return chosen_level(document_, entry, *value, path + "." + name,
                          findings_);
    error_at(document_, given, findings_, "S435",
             "the baseline does not say which value `" + name + "` has", path)
      .help.push_back("add " + name + ": " + entry.factor.levels.front().text);
    return std::nullopt;
  }

  /// Names in the baseline that are not among the factors.
  void refuse_strangers(const yaml::Node& given) {
    for (const auto& entry : given.entries) {
      const auto path = where_ + ".baseline." + entry.key;
      const auto index =
        book_.find(entry.key,
                   yaml::at_key(document_, entry, "S409",
                                "there is no factor `" + entry.key + "`"),
                   path);
      sound_ = sound_ && index;
      if (!index || std::ranges::find(factors_, *index) != factors_.end())
        continue;
      error_at(document_, key_node(entry), findings_, "S435",
               "the factor `" + entry.key
                 + "` is in the baseline and not among the factors",
               path)
        .help.push_back("add it to `factors`, or remove it here");
      sound_ = false;
    }
  }

  const LeafContext& context_;
  const yaml::Document& document_;
  const std::string& key_;
  const yaml::Node& node_;
  const std::string& where_;
  const FactorBook& book_;
  Findings& findings_;
  yaml::MapReader* reader_;
  const std::vector<std::size_t>& factors_;
  bool& sound_;
  std::int64_t points_max_;
  std::unique_ptr<Leaf> leaf_;
};

} // namespace

std::pair<const yaml::Node&, std::string>
LeafContext::name_place(std::size_t position) const {
  const auto& names = *reader->node("factors");
  if (names.kind == yaml::Kind::list)
    return {names.items[position],
            where + ".factors." + std::to_string(position)};
  return {names, where + ".factors"};
}

std::unique_ptr<Leaf> read_level_leaf(LeafContext& context,
                                      std::int64_t points_max) {
  return LevelLeafReader{context, context.sound, points_max}.read();
}

} // namespace lab::sweeps

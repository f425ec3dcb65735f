#include "sweeps/planner/leaf_reader.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>

#include "sweeps/designs/sobol_sequence.hpp"
#include "sweeps/planner/manifest.hpp"
#include "sweeps/planner/manifest_keys.hpp"
#include "sweeps/planner/point_reader.hpp"
#include "sweeps/planner/where_filter.hpp"

namespace lab::sweeps {

namespace {

class LeafReader {
public:
  LeafReader(const yaml::Document& document, std::string key,
             const yaml::Node& node, std::string where, const Seed& seed,
             const FactorBook& book, Findings& findings)
    : document_(document), key_(std::move(key)), node_(node),
      where_(std::move(where)), seed_(seed.child(key_)), book_(book),
      findings_(findings) {}

  LeafPart read() {
    if (key_ == "list")
      read_list();
    else
      read_map();
    if (leaf_ != nullptr && leaf_->size() > points_max()) {
      report_points(document_, node_, where_, findings_);
      leaf_ = nullptr;
    }
    if (leaf_ != nullptr && filter_ != nullptr)
      leaf_ = filter_leaf(document_, *filter_, where_ + ".where",
                          std::move(leaf_), book_, findings_);
    if (leaf_ != nullptr && leaf_->size() > runs_planned_max) {
      report_points(document_, node_, where_, findings_);
      leaf_ = nullptr;
    }
    part_.leaf = std::move(leaf_);
    return std::move(part_);
  }

private:
  std::int64_t points_max() const {
    return filter_ != nullptr ? where_points_max : runs_planned_max;
  }

  void read_list() {
    auto list =
      read_point_list(document_, node_, where_, book_, filter_, findings_);
    for (auto& named : list.named) {
      meet(part_.meetings, named, named);
      part_.uses.merge(named);
    }
    leaf_ = std::move(list.leaf);
  }

  void read_map() {
    yaml::MapReader reader{document_, node_, where_, "S", findings_};
    if (node_.kind != yaml::Kind::map)
      return;
    reader_ = &reader;
    const auto names = book_.read_names(reader);
    if (names)
      factors_ = *names;
    part_.uses.insert(factors_.begin(), factors_.end());
    meet(part_.meetings, part_.uses, part_.uses);
    sound_ = names && std::ranges::all_of(factors_, [&](auto index) {
               return book_.at(index).sound;
             });
    read_where();
    if (key_ == "grid")
      read_grid();
    else if (key_ == "zip")
      read_zip();
    else if (key_ == "one-at-a-time")
      read_one_at_a_time();
    else if (key_ == "random")
      read_random();
    else if (key_ == "latin-hypercube")
      read_latin_hypercube();
    else if (key_ == "sobol")
      read_sobol();
    else if (key_ == "saltelli")
      read_saltelli();
    else
      read_morris();
    reader.finish();
    if (!sound_)
      leaf_ = nullptr;
  }

  void read_where() {
    const auto* condition = reader_->node("where");
    if (condition == nullptr)
      return;
    if (key_ == "zip" || key_ == "one-at-a-time" || key_ == "saltelli"
        || key_ == "morris") {
      reader_
        ->error("where", "S431",
                "`where` cannot remove points of `" + key_ + "`")
        .help.push_back(
          key_ == "zip"
            ? "leave the unwanted values out of its factors, or use `list`"
            : "its estimator needs every point; narrow the ranges of its "
              "factors, or use latin-hypercube or sobol");
      sound_ = false;
      return;
    }
    filter_ = condition;
  }

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

  std::pair<const yaml::Node&, std::string> name_place(std::size_t position) {
    const auto& names = *reader_->node("factors");
    if (names.kind == yaml::Kind::list)
      return {names.items[position],
              where_ + ".factors." + std::to_string(position)};
    return {names, where_ + ".factors"};
  }

  void read_grid() {
    auto axes = level_axes();
    if (!axes)
      return;
    std::int64_t size = 1;
    for (const auto& axis : *axes) {
      size *= static_cast<std::int64_t>(axis.levels.size());
      if (size > points_max()) {
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
    const auto* given = reader_->required("baseline");
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

  std::vector<Axis> axes() const {
    std::vector<Axis> made;
    for (const auto index : factors_)
      made.push_back({index, book_.at(index).factor});
    return made;
  }

  /// A required count of at least `least`.
  std::optional<std::int64_t> count(std::string_view key,
                                    std::int64_t least = 1) {
    if (reader_->required(key) == nullptr)
      return std::nullopt;
    return reader_->integer(key, {least, where_points_max});
  }

  void read_random() {
    if (const auto points = count("points"); points && sound_)
      leaf_ = make_random(axes(), *points, seed_);
  }

  void read_latin_hypercube() {
    const auto improve = reader_->one_of("improve", {"none", "maximin"});
    const bool maximin = improve == "maximin";
    const auto points = count("points", maximin ? 2 : 1);
    if (!points || !sound_ || (reader_->has("improve") && !improve))
      return;
    if (maximin && *points > maximin_points_max) {
      reader_
        ->error("improve", "S416",
                "`maximin` improves at most "
                  + std::to_string(maximin_points_max) + " points, not "
                  + std::to_string(*points))
        .help.emplace_back("remove `improve`, or use sobol: with so many "
                           "points it is as even");
      return;
    }
    leaf_ = maximin ? make_maximin(axes(), *points, seed_)
                    : make_latin_hypercube(axes(), *points, seed_);
  }

  void read_sobol() {
    const auto points = count("points");
    const bool scramble = reader_->boolean("scramble").value_or(true);
    if (!points || !sound_ || !check_dimensions(1)
        || !check_ends(!scramble, "a Sobol sequence that is not scrambled"))
      return;
    warn_of_imbalance("points", *points);
    leaf_ = make_sobol(axes(), *points, scramble, seed_);
  }

  void read_saltelli() {
    const auto base = count("base");
    const bool second = reader_->boolean("second_order").value_or(false);
    const bool scramble = reader_->boolean("scramble").value_or(true);
    if (!base || !sound_ || !check_dimensions(2)
        || !check_ends(!scramble, "a Saltelli sample that is not scrambled"))
      return;
    warn_of_imbalance("base", *base);
    leaf_ = make_saltelli(axes(), *base, second, scramble, seed_);
  }

  void read_morris() {
    constexpr std::int64_t levels_usual = 4;
    constexpr std::int64_t levels_most = 1'000;
    const auto trajectories = count("trajectories");
    const auto given = reader_->integer("levels", {2, levels_most});
    const auto levels = given.value_or(levels_usual);
    if (levels % 2 != 0) {
      reader_
        ->error("levels", "S435",
                "`levels` must be even, not " + std::to_string(levels))
        .help.push_back("write " + std::to_string(levels - 1) + " or "
                        + std::to_string(levels + 1)
                        + ": then every level is met equally often");
      return;
    }
    if (!trajectories || !sound_ || (reader_->has("levels") && !given)
        || !check_ends(true, "a Morris sample"))
      return;
    leaf_ = make_morris(axes(), *trajectories, levels, seed_);
  }

  /// A normal draw without bounds has no lowest and no highest number.
  bool check_ends(bool needed, const std::string& who) {
    for (std::size_t i = 0; needed && i < factors_.size(); ++i) {
      const auto& factor = book_.at(factors_[i]).factor;
      if (factor.has_ends())
        continue;
      const auto [node, path] = name_place(i);
      error_at(document_, node, findings_, "S435",
               who + " visits the ends of a factor, and `" + factor.name
                 + "` has none",
               path)
        .help.push_back("give the normal of `" + factor.name
                        + "` both `min` and `max`");
      sound_ = false;
    }
    return sound_;
  }

  bool check_dimensions(std::size_t each) {
    if (factors_.size() * each <= SobolSequence::dimensions_max)
      return true;
    reader_
      ->error("factors", "S416",
              "a Sobol sequence has at most "
                + std::to_string(SobolSequence::dimensions_max / each)
                + " factors here")
      .help.emplace_back("use random or latin-hypercube");
    return false;
  }

  void warn_of_imbalance(std::string_view key, std::int64_t number) {
    const auto count = static_cast<std::uint64_t>(number);
    if (std::has_single_bit(count))
      return;
    reader_
      ->warning(key, "S434",
                std::to_string(number)
                  + " is no power of two, so the sequence is cut off where it "
                    "is not balanced")
      .help.push_back("write " + std::to_string(std::bit_floor(count)) + " or "
                      + std::to_string(std::bit_ceil(count)));
  }

  const yaml::Document& document_;
  std::string key_;
  const yaml::Node& node_;
  std::string where_;
  Seed seed_;
  const FactorBook& book_;
  Findings& findings_;
  yaml::MapReader* reader_ = nullptr; // while the map is read
  std::vector<std::size_t> factors_;
  const yaml::Node* filter_ = nullptr; // `where`
  bool sound_ = true;
  std::unique_ptr<Leaf> leaf_;
  LeafPart part_;
};

} // namespace

void meet(Meetings& meetings, const FactorSet& left, const FactorSet& right) {
  for (const auto a : left)
    for (const auto b : right)
      if (a != b)
        meetings.insert(std::minmax(a, b));
}

const std::vector<std::string>& leaf_keys() {
  static const std::vector<std::string> keys = [] {
    std::vector<std::string> made;
    for (auto kind = LeafKind::grid; kind <= LeafKind::one_at_a_time;
         kind = static_cast<LeafKind>(static_cast<int>(kind) + 1))
      made.emplace_back(name_of(kind));
    return made;
  }();
  return keys;
}

LeafPart read_leaf(const yaml::Document& document, const std::string& key,
                   const yaml::Node& node, const std::string& where,
                   const Seed& seed, const FactorBook& book,
                   Findings& findings) {
  return LeafReader{document, key, node, where, seed, book, findings}.read();
}

void report_points(const yaml::Document& document, const yaml::Node& node,
                   const std::string& where, Findings& findings) {
  error_at(document, node, findings, "S416",
           "this design has more than " + std::to_string(runs_planned_max)
             + " points",
           where)
    .help.emplace_back("use fewer factors or fewer values of each");
}

} // namespace lab::sweeps

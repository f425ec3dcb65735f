#include <algorithm>
#include <bit>
#include <limits>
#include <optional>

#include "sweeps/designs/sobol_sequence.hpp"
#include "sweeps/planner/leaf_context.hpp"
#include "sweeps/planner/manifest.hpp"
#include "sweeps/planner/manifest_keys.hpp"
#include "sweeps/planner/where_filter.hpp"

namespace lab::sweeps {

namespace {

class SamplerReader {
public:
  SamplerReader(const LeafContext& context, bool& sound)
    : context_(context), document_(context.document), key_(context.key),
      book_(context.book), findings_(context.findings), reader_(context.reader),
      factors_(context.factors), sound_(sound), seed_(context.seed) {}

  std::unique_ptr<Leaf> read() {
    if (key_ == "random")
      read_random();
    else if (key_ == "latin-hypercube")
      read_latin_hypercube();
    else if (key_ == "sobol")
      read_sobol();
    else if (key_ == "saltelli")
      read_saltelli();
    else
      read_morris();
    return std::move(leaf_);
  }

private:
  std::pair<const yaml::Node&, std::string> name_place(std::size_t i) const {
    return context_.name_place(i);
  }

  std::vector<Axis> axes() const {
    std::vector<Axis> made;
    for (const auto index : factors_)
      made.push_back({index, book_.at(index).factor});
    return made;
  }

  /// A required count of at least `least`.
  std::optional<std::int64_t> count(const std::string& key,
                                    const std::string& example,
                                    std::int64_t least = 1) {
    const auto missing = !reader_->has(key);
    return read_with_help(*reader_, key, findings_,
                          missing
                            ? "add `" + key + "`, as in " + key + ": " + example
                            : "write it like " + key + ": " + example,
                          [&](auto& map) -> std::optional<std::int64_t> {
                            if (map.required(key) == nullptr)
                              return std::nullopt;
                            return map.integer(key, {least, where_points_max});
                          });
  }

  bool flag(const std::string& key, bool usual) {
    return read_with_help(*reader_, key, findings_,
                          "write true or false; without it, it is "
                            + std::string{usual ? "true" : "false"},
                          [&](auto& map) { return map.boolean(key); })
      .value_or(usual);
  }

  void read_random() {
    if (const auto points = count("points", "64"); points && sound_)
      leaf_ = make_random(axes(), *points, seed_);
  }

  void read_latin_hypercube() {
    const auto improve = reader_->one_of("improve", {"none", "maximin"});
    const bool maximin = improve == "maximin";
    const auto points = count("points", "64", maximin ? 2 : 1);
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
    const auto points = count("points", "64");
    const bool scramble = flag("scramble", true);
    if (!points || !sound_ || !check_dimensions(1)
        || !check_ends(!scramble, "a Sobol sequence that is not scrambled"))
      return;
    warn_of_imbalance("points", *points);
    leaf_ = make_sobol(axes(), *points, scramble, seed_);
  }

  void read_saltelli() {
    const auto base = count("base", "16");
    const bool second = flag("second_order", false);
    const bool scramble = flag("scramble", true);
    if (!base || !sound_ || !check_dimensions(2)
        || !check_ends(!scramble, "a Saltelli sample that is not scrambled"))
      return;
    warn_of_imbalance("base", *base);
    leaf_ = make_saltelli(axes(), *base, second, scramble, seed_);
  }

  void read_morris() {
    constexpr std::int64_t levels_usual = 4;
    constexpr std::int64_t levels_most = 1'000;
    const auto trajectories = count("trajectories", "10");
    const auto given = read_with_help(
      *reader_, "levels", findings_, "write it like levels: 4", [&](auto& map) {
        return map.integer("levels", {2, levels_most});
      });
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

  const LeafContext& context_;
  const yaml::Document& document_;
  const std::string& key_;
  const FactorBook& book_;
  Findings& findings_;
  yaml::MapReader* reader_;
  const std::vector<std::size_t>& factors_;
  bool& sound_;
  const Seed& seed_;
  std::unique_ptr<Leaf> leaf_;
};

} // namespace

std::unique_ptr<Leaf> read_sampler(LeafContext& context) {
  return SamplerReader{context, context.sound}.read();
}

} // namespace lab::sweeps

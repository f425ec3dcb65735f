#include <algorithm>
#include <cmath>
#include <string_view>

#include "runtime/base/text.hpp"
#include "sweeps/planner/factor_values.hpp"
#include "sweeps/planner/manifest_keys.hpp"

namespace lab::sweeps {

namespace {

constexpr std::int64_t one = 1'000'000'000; // units of a Decimal

class DrawReader {
public:
  DrawReader(const yaml::Document& document, const yaml::Node& draw,
             std::string where, bool whole, Factor& factor, Findings& findings)
    : document_(document), draw_(draw), where_(std::move(where)), whole_(whole),
      factor_(factor), findings_(findings) {}

  bool read() {
    const std::vector<std::string> kinds{"normal", "uniform", "triangular",
                                         "beta", "choice"};
    if (draw_.kind != yaml::Kind::map || draw_.entries.size() != 1) {
      error_at(document_, draw_, findings_, "S430",
               "`draw` must be a map of one distribution", where_)
        .help.emplace_back("write it like {normal: {mean: 0.5, sd: 0.1, "
                           "min: 0, max: 1}}");
      return false;
    }
    const auto& entry = draw_.entries.front();
    if (std::ranges::find(kinds, entry.key) == kinds.end()) {
      auto finding =
        yaml::at_key(document_, entry, "S430",
                     "there is no distribution `" + entry.key + "`");
      finding.path = where_;
      if (const auto near = closest(entry.key, kinds))
        finding.help.push_back("did you mean `" + *near + "`?");
      finding.notes.push_back("distributions: " + join(kinds, ", "));
      findings_.add(std::move(finding));
      return false;
    }
    kind_ = entry.key;
    if (kind_ == "choice")
      return read_choice(entry.value);
    return read_numbers(entry.value);
  }

private:
  bool read_numbers(const yaml::Node& node) {
    yaml::MapReader reader{document_, node, where_ + "." + kind_, "S",
                           findings_};
    const auto before = findings_.all().size();
    const bool bounded = kind_ == "uniform" || kind_ == "triangular";
    if (kind_ == "normal") {
      first_ = number(reader, "mean", true);
      second_ = number(reader, "sd", true);
      check_positive(reader, "sd", second_);
    } else if (kind_ == "beta") {
      first_ = number(reader, "alpha", true);
      second_ = number(reader, "beta", true);
      check_positive(reader, "alpha", first_);
      check_positive(reader, "beta", second_);
    }
    min_ = number(reader, "min", bounded);
    if (kind_ == "triangular")
      first_ = number(reader, "mode", true);
    max_ = number(reader, "max", bounded);
    reader.finish();
    if (findings_.all().size() != before)
      return false;
    return check_bounds(reader) && make();
  }

  std::optional<Decimal> number(yaml::MapReader& reader, std::string_view key,
                                bool required) {
    const auto* node = required ? reader.required(key) : reader.node(key);
    if (node == nullptr)
      return std::nullopt;
    const auto path = reader.path_of(key);
    const auto made =
      read_decimal(document_, *node, "a distribution", path, findings_);
    const bool is_bound = key == "min" || key == "max";
    if (made && whole_ && is_bound && made->units % one != 0)
      reader
        .error(key, "S430",
               "with `int: true` the bound `" + std::string{key}
                 + "` must be whole, not " + to_string(*made))
        .help.emplace_back("write a whole number, or remove `int`");
    return made;
  }

  void check_positive(yaml::MapReader& reader, std::string_view key,
                      std::optional<Decimal> value) {
    if (value && value->units <= 0)
      reader
        .error(key, "S430",
               "`" + std::string{key} + "` must be above zero, not "
                 + to_string(*value))
        .help.emplace_back(
          key == "sd" ? "to keep the factor at one number, use `values`"
                      : "shapes below 1 crowd the ends, 1 is even, above 1 "
                        "the middle");
  }

  /// `min` < `max`, with the mode and enough of the normal's weight between.
  bool check_bounds(yaml::MapReader& reader) {
    if (kind_ == "beta") {
      min_ = min_.value_or(Decimal{0});
      max_ = max_.value_or(Decimal{one});
    }
    if (min_ && max_ && *min_ >= *max_) {
      reader
        .error(reader.has("max") ? "max" : "min", "S430",
               "`max` is " + to_string(*max_) + ", not above `min`, "
                 + to_string(*min_))
        .help.emplace_back("write the lowest number as `min`");
      return false;
    }
    if (kind_ == "triangular" && (*first_ < *min_ || *first_ > *max_)) {
      reader
        .error("mode", "S430",
               "`mode` is " + to_string(*first_) + ", not between "
                 + to_string(*min_) + " and " + to_string(*max_))
        .help.emplace_back("the mode is the likeliest number");
      return false;
    }
    return kind_ != "normal" || check_weight(reader);
  }

  /// Eight standard deviations out there is nothing left to draw.
  bool check_weight(yaml::MapReader& reader) {
    constexpr double far = 8;
    const auto away = [&](Decimal bound) {
      return static_cast<double>(bound.units - first_->units)
             / static_cast<double>(second_->units);
    };
    const auto* key = min_ && away(*min_) > far    ? "min"
                      : max_ && away(*max_) < -far ? "max"
                                                   : nullptr;
    if (key == nullptr)
      return true;
    reader
      .error(
        key, "S430",
        "`" + std::string{key}
          + "` is more than 8 standard deviations from the mean and leaves "
            "nothing to draw")
      .help.emplace_back("check `mean`, `sd` and the bounds");
    return false;
  }

  bool make() {
    auto& made = factor_.distribution;
    if (kind_ == "normal")
      made = Distribution::normal(*first_, *second_, min_, max_);
    else if (kind_ == "uniform")
      made = Distribution::uniform(*min_, *max_);
    else if (kind_ == "triangular")
      made = Distribution::triangular(*min_, *first_, *max_);
    else
      made = Distribution::beta(*first_, *second_, *min_, *max_);
    if (whole_)
      made = made->whole();
    return true;
  }

  bool read_choice(const yaml::Node& node) {
    constexpr std::int64_t slack = 1'000; // a millionth
    const auto path = where_ + ".choice";
    if (whole_)
      error_at(document_, draw_, findings_, "S406",
               "`int` does not go with `choice`", where_)
        .help.emplace_back("remove it: `choice` names its values");
    if (node.kind != yaml::Kind::map || node.entries.empty()) {
      error_at(document_, node, findings_, "S430",
               "`choice` must be a map of values and their shares", path)
        .help.emplace_back("write it like {none: 0.7, binding: 0.3}");
      return false;
    }
    std::int64_t sum = 0;
    bool sound = true;
    for (const auto& entry : node.entries) {
      const auto share = read_decimal(document_, entry.value, "a share",
                                      path + "." + entry.key, findings_);
      sound = sound && share.has_value();
      if (!share)
        continue;
      if (share->units <= 0 || share->units > one) {
        error_at(document_, entry.value, findings_, "S430",
                 "the share of `" + entry.key
                   + "` must be above 0 and at most "
                     "1, not "
                   + to_string(*share),
                 path + "." + entry.key)
          .help.emplace_back("leave out what never happens");
        sound = false;
        continue;
      }
      sum += share->units;
      auto value = yaml::Node::plain(entry.key);
      value.mark = entry.key_mark;
      factor_.levels.push_back({std::move(value), entry.key});
      factor_.shares.push_back(static_cast<double>(share->units)
                               / static_cast<double>(one));
    }
    if (sound && std::abs(sum - one) > slack) {
      error_at(document_, node, findings_, "S430",
               "the shares add up to " + to_string(Decimal{sum}) + ", not to 1",
               path)
        .help.emplace_back("change them so that together they are 1");
      return false;
    }
    return sound && !whole_;
  }

  const yaml::Document& document_;
  const yaml::Node& draw_;
  std::string where_;
  bool whole_;
  Factor& factor_;
  Findings& findings_;
  std::string kind_;
  std::optional<Decimal> first_;  // mean, alpha, mode
  std::optional<Decimal> second_; // sd, beta
  std::optional<Decimal> min_;
  std::optional<Decimal> max_;
};

} // namespace

bool read_draw(const yaml::Document& document, const yaml::Node& draw,
               const std::string& where, bool whole, Factor& factor,
               Findings& findings) {
  return DrawReader{document, draw, where, whole, factor, findings}.read();
}

} // namespace lab::sweeps

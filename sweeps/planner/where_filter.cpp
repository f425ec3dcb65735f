#include "sweeps/planner/where_filter.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/expression/read_expression.hpp"
#include "sweeps/expression/scope.hpp"
#include "sweeps/planner/manifest_keys.hpp"

namespace lab::sweeps {

namespace {

bool is_number(const FactorValue& level) {
  return level.value.kind == yaml::Kind::scalar && !level.value.quoted
         && parse_decimal(level.text);
}

Type type_of(const Factor& factor) {
  return factor.distribution
             || (!factor.bundle
                 && std::ranges::all_of(factor.levels, is_number))
           ? Type::number
           : Type::text;
}

double number_of(const FactorValue& value) {
  const auto number = parse_decimal(value.text);
  return number ? static_cast<double>(number->units) / 1e9 : 0.0;
}

/// The values at one point.
class PointValues final : public Environment {
public:
  PointValues(const Leaf& leaf, const FactorBook& book) : leaf_(leaf) {
    for (std::size_t i = 0; i < leaf.factors().size(); ++i) {
      const auto& factor = book.at(leaf.factors()[i]).factor;
      places_[factor.name] = {i, type_of(factor)};
    }
  }

  void move_to(std::int64_t point) { point_ = point; }

  Value name(const std::string& name) const override {
    const auto found = places_.find(name);
    if (found == places_.end())
      return {};
    const auto value = leaf_.value(point_, found->second.position);
    if (!value)
      return {};
    if (found->second.type == Type::number)
      return number_of(*value);
    return value->text;
  }

  /// "trust=0.5, rule=none"
  std::string shown() const {
    std::vector<std::string> parts;
    for (const auto& [name, place] : places_) {
      const auto value = leaf_.value(point_, place.position);
      parts.push_back(name + "=" + (value ? value->text : "(not named)"));
    }
    return join(parts, ", ");
  }

private:
  struct Place {
    std::size_t position = 0;
    Type type = Type::text;
  };

  const Leaf& leaf_;
  std::map<std::string, Place> places_;
  std::int64_t point_ = 0;
};

Scope scope_of(const Leaf& leaf, const FactorBook& book) {
  Scope scope;
  add_number_functions(scope);
  for (const auto index : leaf.factors()) {
    const auto& factor = book.at(index).factor;
    scope.add(factor.name, type_of(factor));
  }
  return scope;
}

} // namespace

std::unique_ptr<Leaf> filter_leaf(const yaml::Document& document,
                                  const yaml::Node& where,
                                  const std::string& path,
                                  std::unique_ptr<Leaf> leaf,
                                  const FactorBook& book, Findings& findings) {
  const auto condition =
    read_expression(document, where, scope_of(*leaf, book), {Type::truth, {}},
                    "S431", path, findings);
  if (!condition)
    return nullptr;
  PointValues values{*leaf, book};
  std::vector<bool> kept(static_cast<std::size_t>(leaf->size()));
  bool any = false;
  for (std::int64_t i = 0; i < leaf->size(); ++i) {
    values.move_to(i);
    const auto holds = condition->holds(values);
    if (!holds) {
      auto& finding =
        error_at(document, where, findings, "S431",
                 "`where` says neither yes nor no at a point", path);
      finding.notes.push_back("first met at " + values.shown());
      finding.help.emplace_back("name the factors at every point, and do not "
                                "divide by what can be zero");
      return nullptr;
    }
    kept[static_cast<std::size_t>(i)] = *holds;
    any = any || *holds;
  }
  if (!any) {
    error_at(document, where, findings, "S431", "`where` leaves no points",
             path)
      .help.emplace_back("it keeps the points at which it holds; none of "
                         + std::to_string(leaf->size()) + " does");
    return nullptr;
  }
  return make_filtered_leaf(std::move(leaf), kept);
}

} // namespace lab::sweeps

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <utility>

#include "sweeps/expression/scope.hpp"

namespace lab::sweeps {

namespace {

using Arguments = std::vector<Value>;
using Numbers = std::span<const double>;

Parameter number(std::string name) { return {std::move(name), Type::number}; }
Parameter values() { return {"values", Type::sample}; }
Parameter runs() { return {"runs", Type::runs}; }

Parameter last() {
  auto made = number("last");
  made.optional = true;
  return made;
}

double number_of(const Value& value) { return std::get<double>(value); }

/// The sample's latest values, or all without a wish.
Numbers latest(const Value& sample, const Value& wish) {
  const Numbers all = std::get<Sample>(sample).values;
  const auto* count = std::get_if<double>(&wish);
  if (count == nullptr || *count >= static_cast<double>(all.size()))
    return all;
  return all.last(static_cast<std::size_t>(std::max(0.0, std::floor(*count))));
}

std::optional<double> mean(Numbers values) {
  if (values.empty())
    return std::nullopt;
  double mean = 0;
  double seen = 0;
  for (const auto value : values)
    mean += (value - mean) / ++seen;
  return mean;
}

/// sqrt(sum (x - mean)^2 / (n - 1)), in one pass.
/// @source Welford, Technometrics 4 (1962)
std::optional<double> deviation(Numbers values) {
  if (values.size() < 2)
    return std::nullopt;
  double mean = 0;
  double squares = 0;
  double seen = 0;
  for (const auto value : values) {
    const auto off = value - mean;
    mean += off / ++seen;
    squares += off * (value - mean);
  }
  return std::sqrt(squares / (seen - 1));
}

/// Linear between the two nearest: x at (n - 1) q, counted from 0.
/// @source Hyndman and Fan, The American Statistician 50 (1996), definition 7
std::optional<double> quantile(Numbers values, double share) {
  if (values.empty() || !(share >= 0 && share <= 1))
    return std::nullopt;
  std::vector<double> sorted{values.begin(), values.end()};
  std::ranges::sort(sorted);
  const auto at = share * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const auto high = std::min(low + 1, sorted.size() - 1);
  return sorted[low]
         + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

Value value_of(std::optional<double> number) {
  return number ? Value{*number} : Value{};
}

/// A function of a sample and how many of its latest values count.
Function of_sample(std::string name,
                   std::function<std::optional<double>(Numbers)> rule) {
  return {std::move(name),
          {values(), last()},
          Type::number,
          false,
          [rule = std::move(rule)](const Arguments& given) {
            return value_of(rule(latest(given[0], given[1])));
          }};
}

double least(double a, double b) { return std::min(a, b); }
double greatest(double a, double b) { return std::max(a, b); }

/// The least or greatest of several numbers.
Function of_numbers(std::string name, double (*better)(double, double)) {
  return {std::move(name),
          {number("a"), number("b")},
          Type::number,
          true,
          [better](const Arguments& given) {
            auto best = number_of(given[0]);
            for (const auto& each : given)
              best = better(best, number_of(each));
            return Value{best};
          }};
}

} // namespace

void add_number_functions(Scope& scope) {
  scope.add(
    {"abs", {number("x")}, Type::number, false, [](const Arguments& given) {
       return Value{std::abs(number_of(given[0]))};
     }});
  scope.add(of_numbers("min", least));
  scope.add(of_numbers("max", greatest));
}

void add_sample_functions(Scope& scope) {
  scope.add(of_sample("mean", mean));
  scope.add(of_sample("sd", deviation));
  scope.add(of_sample("min", [](Numbers of) -> std::optional<double> {
    if (of.empty())
      return std::nullopt;
    return *std::ranges::min_element(of);
  }));
  scope.add(of_sample("max", [](Numbers of) -> std::optional<double> {
    if (of.empty())
      return std::nullopt;
    return *std::ranges::max_element(of);
  }));
  scope.add({"quantile",
             {values(), number("q"), last()},
             Type::number,
             false,
             [](const Arguments& given) {
               return value_of(
                 quantile(latest(given[0], given[2]), number_of(given[1])));
             }});
  scope.add(of_sample("count", [](Numbers of) -> std::optional<double> {
    return static_cast<double>(of.size());
  }));
  scope.add(
    {"count", {runs()}, Type::number, false, [](const Arguments& given) {
       return Value{static_cast<double>(std::get<Runs>(given[0]).matching)};
     }});
  scope.add(
    {"share", {runs()}, Type::number, false, [](const Arguments& given) {
       const auto& group = std::get<Runs>(given[0]);
       return group.all == 0 ? Value{}
                             : Value{static_cast<double>(group.matching)
                                     / static_cast<double>(group.all)};
     }});
}

} // namespace lab::sweeps

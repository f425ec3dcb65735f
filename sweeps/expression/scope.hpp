#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sweeps/expression/value.hpp"

namespace lab::sweeps {

/// What a function takes at one place.
struct Parameter {
  std::string name; // as in `last=10`
  Type type = Type::number;
  bool optional = false;
  /// A name of this type is wanted for itself: the function gets its text and
  /// not its value, as the metric of `sobol_ci(trust, total)`.
  bool by_name = false;
  /// The words that a parameter of type `word` allows.
  std::vector<std::string> words = {};
};

/// One way to call a function; several may share a name.
struct Function {
  std::string name;
  std::vector<Parameter> parameters;
  Type result = Type::number;
  /// The last parameter may be given any number of times.
  bool repeats = false;
  /// Makes the result when it hangs on the arguments alone; without it the
  /// environment is asked. Arguments are in the order of the parameters, and
  /// `monostate` where an optional one was not given. Never called with an
  /// argument that is not known.
  std::function<Value(const std::vector<Value>&)> value;
};

/// The names and functions that an expression at one place may use.
class Scope {
public:
  /// Declares a name: a factor, a metric, `forecast.end`. What is no letter, no
  /// digit and no dot is written `_` in expressions, so that `lab-openness` is
  /// reached as `lab_openness`; the environment is asked for it as given here.
  void add(const std::string& name, Type type);

  /// Takes every other name without a dot as one of this type: the names of
  /// metrics, where no scenario is known yet. `Expression::names` lists them.
  void open(Type type) { open_ = type; }

  void add(Function function);

  struct Name {
    std::string key; // as declared
    Type type = Type::number;
    bool declared = true;
  };
  std::optional<Name> find(const std::string& written) const;
  /// Every way to call it; empty when there is no such function.
  std::vector<std::shared_ptr<const Function>>
  functions(std::string_view name) const;

  std::vector<std::string> names() const; // as written in expressions
  std::vector<std::string> function_names() const;

private:
  std::map<std::string, Name> names_;
  std::vector<std::shared_ptr<const Function>> functions_;
  std::optional<Type> open_;
};

/// A name as expressions write it: `Night sailing` as `Night_sailing`.
std::string expression_name(std::string_view name);

/// `abs`, `min`, `max` of numbers. Part of every scope.
void add_number_functions(Scope& scope);

/// `mean`, `sd`, `min`, `max`, `quantile`, `count` of a metric's values and
/// `count`, `share` of runs.
void add_sample_functions(Scope& scope);

} // namespace lab::sweeps

#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "sweeps/expression/scope.hpp"
#include "sweeps/expression/value.hpp"

namespace lab::sweeps {

/// What is wrong with an expression, and where in its text.
struct ExpressionError {
  std::size_t begin = 0; // bytes; 0 is the first
  std::size_t end = 0;   // one past the last marked
  std::string message;
  std::vector<std::string> help;
  std::vector<std::string> notes;
};

/// What an expression must come out as.
struct Wanted {
  Type type = Type::truth;
  std::vector<std::string> words = {}; // of type `word`: those allowed
};

/// Gives an expression its values.
class Environment {
public:
  virtual ~Environment() = default;
  /// The value of a name, as `Scope::add` got it; `monostate` when it has none.
  /// A value of another type than declared is none.
  virtual Value name(const std::string& name) const = 0;
  /// A function that the scope declares without a `value` of its own. Arguments
  /// as `Function::value` gets them. By default there is none.
  virtual Value call(const std::string& function,
                     const std::vector<Value>& arguments) const;
};

/// A checked expression of docs/formats/expression.md. Pure: no assignment, no
/// loop, no file, no clock; the same environment gives the same value. Every
/// evaluation ends, and none fails: what cannot be said is not known, and
/// spreads as in three-valued logic (`false and ?` is false).
///
///   Scope scope;
///   add_number_functions(scope);
///   scope.add("trust", Type::number);
///   auto made = Expression::parse("abs(trust - 5) < 2", scope, {Type::truth});
///   made->holds(environment);
///
/// Cheap to copy; copies share what was parsed.
class Expression {
public:
  /// Most bytes of a text; deeper nesting than 50 is refused.
  static constexpr std::size_t bytes_max = 4'000;

  static tl::expected<Expression, ExpressionError>
  parse(std::string_view text, const Scope& scope, const Wanted& wanted);

  const std::string& text() const;

  Value value(const Environment& environment) const;
  /// Of type `truth`. Nothing while it is not known.
  std::optional<bool> holds(const Environment& environment) const;
  /// Of type `number`. Finite.
  std::optional<double> number(const Environment& environment) const;
  /// Of type `word`.
  std::optional<std::string> word(const Environment& environment) const;

  struct NameUse {
    std::string name; // as declared, or as written when the scope was open
    std::size_t begin = 0;
    std::size_t end = 0;
    bool declared = true;
  };
  /// Every use of a name, in the order of the text.
  const std::vector<NameUse>& names() const;
  struct CallUse {
    std::string function;
    /// One a parameter, as `Function::value` gets them, where the text itself
    /// says the value; `monostate` where it is calculated or not given.
    std::vector<Value> arguments;
    std::vector<bool> given; // one a parameter
  };
  /// Every call of a function, in the order of the text's parts.
  std::vector<CallUse> calls() const;
  /// Whether it calls the function anywhere.
  bool calls(std::string_view function) const;

  struct Tree; // internal to this folder

private:
  explicit Expression(std::shared_ptr<const Tree> tree)
    : tree_(std::move(tree)) {}

  std::shared_ptr<const Tree> tree_;
};

} // namespace lab::sweeps

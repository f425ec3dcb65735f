#include "sweeps/expression/expression.hpp"

#include <algorithm>
#include <utility>

#include "sweeps/expression/parser.hpp"
#include "sweeps/expression/type_rules.hpp"

namespace lab::sweeps {

namespace {

class Evaluator {
public:
  Evaluator(const Expression::Tree& tree, const Environment& environment)
    : tree_(tree), environment_(environment) {}

  Value value(std::size_t index) const {
    const auto& node = tree_.nodes[index];
    switch (node.op) {
    case Op::constant:
      return node.constant;
    case Op::name:
      return typed(environment_.name(node.text), node.type);
    case Op::call:
      return call(node);
    case Op::negate:
      return negated(value(node.parts[0]));
    case Op::negation: {
      const auto truth = value(node.parts[0]);
      return is_known(truth) ? Value{!std::get<bool>(truth)} : Value{};
    }
    case Op::conjunction:
      return decided(node, false);
    case Op::disjunction:
      return decided(node, true);
    case Op::compare:
    case Op::arithmetic: {
      const auto left = value(node.parts[0]);
      const auto right = value(node.parts[1]);
      if (!is_known(left) || !is_known(right))
        return {};
      return node.op == Op::compare ? compare(left, node.text, right)
                                    : arithmetic(left, node.text[0], right);
    }
    case Op::choice: {
      const auto condition = value(node.parts[1]);
      if (!is_known(condition))
        return {};
      return value(node.parts[std::get<bool>(condition) ? 0 : 2]);
    }
    }
    return {};
  }

private:
  /// A value that an environment made: what is not as declared is not known.
  static Value typed(Value value, Type type) {
    return is_of(value, type) ? checked(std::move(value)) : Value{};
  }

  static Value negated(const Value& value) {
    if (const auto* duration = std::get_if<Duration>(&value))
      return Duration{-duration->seconds};
    const auto* number = std::get_if<double>(&value);
    return number == nullptr ? Value{} : Value{-*number};
  }

  /// `decisive or ?` is decided by one side alone, as `false and ?` is.
  Value decided(const TreeNode& node, bool decisive) const {
    const auto left = value(node.parts[0]);
    if (is_known(left) && std::get<bool>(left) == decisive)
      return decisive;
    const auto right = value(node.parts[1]);
    if (is_known(right) && std::get<bool>(right) == decisive)
      return decisive;
    return is_known(left) && is_known(right) ? Value{!decisive} : Value{};
  }

  Value call(const TreeNode& node) const {
    std::vector<Value> arguments;
    for (const auto part : node.parts) {
      if (part == TreeNode::absent) {
        arguments.emplace_back();
        continue;
      }
      arguments.push_back(value(part));
      if (!is_known(arguments.back()))
        return {};
    }
    const auto& function = *node.function;
    return typed(function.value ? function.value(arguments)
                                : environment_.call(function.name, arguments),
                 function.result);
  }

  const Expression::Tree& tree_;
  const Environment& environment_;
};

} // namespace

Value Environment::call(const std::string& /*function*/,
                        const std::vector<Value>& /*arguments*/) const {
  return {};
}

tl::expected<Expression, ExpressionError>
Expression::parse(std::string_view text, const Scope& scope,
                  const Wanted& wanted) {
  auto tree = parse_tree(text, scope, wanted);
  if (!tree)
    return tl::unexpected(std::move(tree.error()));
  return Expression{std::make_shared<const Tree>(std::move(*tree))};
}

const std::string& Expression::text() const { return tree_->text; }

Value Expression::value(const Environment& environment) const {
  return Evaluator{*tree_, environment}.value(tree_->root);
}

std::optional<bool> Expression::holds(const Environment& environment) const {
  const auto made = value(environment);
  const auto* truth = std::get_if<bool>(&made);
  return truth == nullptr ? std::nullopt : std::optional{*truth};
}

std::optional<double> Expression::number(const Environment& environment) const {
  const auto made = value(environment);
  const auto* number = std::get_if<double>(&made);
  return number == nullptr ? std::nullopt : std::optional{*number};
}

std::optional<std::string>
Expression::word(const Environment& environment) const {
  auto made = value(environment);
  auto* word = std::get_if<std::string>(&made);
  return word == nullptr ? std::nullopt : std::optional{std::move(*word)};
}

const std::vector<Expression::NameUse>& Expression::names() const {
  return tree_->names;
}

std::vector<Expression::CallUse> Expression::calls() const {
  std::vector<CallUse> uses;
  for (const auto& node : tree_->nodes) {
    if (node.op != Op::call)
      continue;
    auto& use = uses.emplace_back();
    use.function = node.text;
    for (const auto part : node.parts) {
      const bool given = part != TreeNode::absent;
      use.given.push_back(given);
      use.arguments.push_back(given && tree_->nodes[part].op == Op::constant
                                ? tree_->nodes[part].constant
                                : Value{});
    }
  }
  return uses;
}

bool Expression::calls(std::string_view function) const {
  return std::ranges::any_of(tree_->nodes, [&](const TreeNode& node) {
    return node.op == Op::call && node.text == function;
  });
}

} // namespace lab::sweeps

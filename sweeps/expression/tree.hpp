#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "sweeps/expression/expression.hpp"

// Internal to this folder.

namespace lab::sweeps {

enum class Op {
  constant,
  name,
  call,
  negate,
  negation, // `not`
  conjunction,
  disjunction,
  compare,
  arithmetic,
  choice, // value, condition, other value
};

/// A part of an expression. Parts refer to each other by index, so that a long
/// chain costs no stack when it is thrown away.
struct TreeNode {
  Op op = Op::constant;
  Type type = Type::number;
  Value constant;
  std::string text; // the name as declared, or the sign
  std::shared_ptr<const Function> function;
  /// Of a call: one a parameter, `absent` where none was given.
  std::vector<std::size_t> parts;
  std::size_t begin = 0; // in the text
  std::size_t end = 0;

  static constexpr std::size_t absent = static_cast<std::size_t>(-1);
};

struct Expression::Tree {
  std::string text;
  std::vector<TreeNode> nodes;
  std::size_t root = 0;
  std::vector<NameUse> names;
};

} // namespace lab::sweeps

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sweeps/expression/lexer.hpp"
#include "sweeps/expression/tree.hpp"

// Internal to this folder.

namespace lab::sweeps {

/// Makes the nodes of a tree and says what is wrong with them.
class TreeBuilder {
public:
  using Checked = tl::expected<void, ExpressionError>;

  /// The tree is kept by reference and has its text.
  explicit TreeBuilder(Expression::Tree& tree) : tree_(tree) {}

  Expression::Tree& tree() { return tree_; }
  TreeNode& node(std::size_t index) { return tree_.nodes[index]; }
  const TreeNode& node(std::size_t index) const { return tree_.nodes[index]; }
  /// The node that was made last.
  std::size_t newest() const { return tree_.nodes.size() - 1; }

  TreeNode& push(Op op, Type type, std::size_t begin, std::size_t end);
  std::size_t constant(const Token& token, Type type, Value value);
  std::size_t add(Op op, Type type, std::vector<std::size_t> parts);
  std::size_t add_signed(Op op, Type type, const std::string& sign,
                         std::size_t left, std::size_t right);

  Checked check_wanted(std::size_t root, const Wanted& wanted) const;
  Checked must_be(std::size_t part, Type type, const std::string& where) const;
  /// Where one number is wanted and a node is many.
  void help_with_sample(ExpressionError& error, std::size_t part) const;

  std::string_view within(std::size_t begin, std::size_t end) const;
  std::string shown(const Token& token) const;
  static tl::unexpected<ExpressionError>
  refuse(std::size_t begin, std::size_t end, std::string message);
  static tl::unexpected<ExpressionError> refuse(const Token& token,
                                                std::string message);
  static tl::unexpected<ExpressionError>
  refuse_unknown(const Token& token, std::string message,
                 const std::vector<std::string>& known,
                 const std::string& what);

private:
  Expression::Tree& tree_;
};

} // namespace lab::sweeps

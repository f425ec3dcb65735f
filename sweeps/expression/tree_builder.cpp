#include "sweeps/expression/tree_builder.hpp"

#include <utility>

#include "runtime/base/text.hpp"

namespace lab::sweeps {

TreeNode& TreeBuilder::push(Op op, Type type, std::size_t begin,
                            std::size_t end) {
  auto& made = tree_.nodes.emplace_back();
  made.op = op;
  made.type = type;
  made.begin = begin;
  made.end = end;
  return made;
}

std::size_t TreeBuilder::constant(const Token& token, Type type, Value value) {
  auto& made = push(Op::constant, type, token.begin, token.end);
  made.constant = std::move(value);
  made.text = token.text;
  return newest();
}

std::size_t TreeBuilder::add(Op op, Type type, std::vector<std::size_t> parts) {
  const auto begin = node(parts.front()).begin;
  const auto end = node(parts.back()).end;
  push(op, type, begin, end).parts = std::move(parts);
  return newest();
}

std::size_t TreeBuilder::add_signed(Op op, Type type, const std::string& sign,
                                    std::size_t left, std::size_t right) {
  const auto made = add(op, type, {left, right});
  node(made).text = sign;
  return made;
}

TreeBuilder::Checked TreeBuilder::check_wanted(std::size_t root,
                                               const Wanted& wanted) const {
  const auto& made = node(root);
  if (made.type == wanted.type)
    return {};
  auto error =
    refuse(made.begin, made.end,
           std::string{describe(wanted.type)} + " should stand here, not "
             + std::string{describe(made.type)});
  if (wanted.type == Type::truth && made.type == Type::number)
    error.value().help.emplace_back("compare it, as in `... > 0.5`");
  else if (wanted.type == Type::word)
    error.value().help.push_back("write one of " + join(wanted.words, ", "));
  else
    help_with_sample(error.value(), root);
  return error;
}

TreeBuilder::Checked TreeBuilder::must_be(std::size_t part, Type type,
                                          const std::string& where) const {
  const auto& made = node(part);
  if (made.type == type)
    return {};
  auto error = refuse(made.begin, made.end,
                      std::string{describe(type)} + " should stand " + where
                        + ", not " + std::string{describe(made.type)});
  if (type == Type::truth && made.type == Type::number)
    error.value().help.emplace_back("compare it, as in `... > 0.5`");
  help_with_sample(error.value(), part);
  return error;
}

void TreeBuilder::help_with_sample(ExpressionError& error,
                                   std::size_t part) const {
  const auto& made = node(part);
  if (made.type == Type::sample)
    error.help.push_back("make one number of it, as in mean(" + made.text
                         + ")");
  if (made.type == Type::runs)
    error.help.push_back("make one number of it, as in share("
                         + std::string{within(made.begin, made.end)} + ")");
}

std::string_view TreeBuilder::within(std::size_t begin, std::size_t end) const {
  return std::string_view{tree_.text}.substr(begin, end - begin);
}

std::string TreeBuilder::shown(const Token& token) const {
  return std::string{within(token.begin, token.end)};
}

tl::unexpected<ExpressionError>
TreeBuilder::refuse(std::size_t begin, std::size_t end, std::string message) {
  return tl::unexpected(
    ExpressionError{begin, end, std::move(message), {}, {}});
}

tl::unexpected<ExpressionError> TreeBuilder::refuse(const Token& token,
                                                    std::string message) {
  return refuse(token.begin, token.end, std::move(message));
}

tl::unexpected<ExpressionError>
TreeBuilder::refuse_unknown(const Token& token, std::string message,
                            const std::vector<std::string>& known,
                            const std::string& what) {
  constexpr std::size_t listed_max = 24;
  auto error = refuse(token, std::move(message));
  if (const auto near = closest(token.text, known))
    error.value().help.push_back("did you mean `" + *near + "`?");
  if (!known.empty() && known.size() <= listed_max)
    error.value().notes.push_back(what + ": " + join(known, ", "));
  return error;
}

} // namespace lab::sweeps

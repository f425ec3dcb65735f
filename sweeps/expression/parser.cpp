#include "sweeps/expression/parser.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/error.hpp"
#include "runtime/base/text.hpp"
#include "sweeps/expression/calls.hpp"
#include "sweeps/expression/lexer.hpp"
#include "sweeps/expression/token_reader.hpp"
#include "sweeps/expression/tree_builder.hpp"
#include "sweeps/expression/type_rules.hpp"

namespace lab::sweeps {

namespace {

constexpr int depth_max = 50;

bool is_comparison(const std::string& sign) {
  return sign == "<" || sign == "<=" || sign == ">" || sign == ">="
         || sign == "==" || sign == "!=";
}

bool is_keyword(const std::string& name) {
  return name == "and" || name == "or" || name == "not" || name == "if"
         || name == "else" || name == "true" || name == "false";
}

std::string both(Type left, Type right) {
  return std::string{describe(left)} + " and " + std::string{describe(right)};
}

/// One function a rule; the lowest binding stands first:
///
///   choice  = either ["if" either [","] "else" choice]
///   either  = all {"or" all}
///   all     = negated {"and" negated}
///   negated = "not" negated | compared
///   compared = sum [("<" | "<=" | "==" | "!=" | ">=" | ">") sum]
///   sum     = product {("+" | "-") product}
///   product = signed {("*" | "/") signed}
///   signed  = "-" signed | primary
///   primary = number | text | name | name "(" arguments ")" | "(" choice ")"
class Parser : private TokenReader, private TreeBuilder {
public:
  Parser(std::vector<Token> tokens, const Scope& scope, Expression::Tree& tree)
    : TokenReader(std::move(tokens)), TreeBuilder(tree), scope_(scope) {}

  tl::expected<std::size_t, ExpressionError> read(const Wanted& wanted) {
    words_ = wanted.type == Type::word ? &wanted.words : nullptr;
    LAB_TRY(const auto root, choice());
    if (here().kind != TokenKind::end)
      return refuse(here(), "`" + shown(here()) + "` does not belong here");
    LAB_CHECKED(check_wanted(root, wanted));
    return root;
  }

private:
  using Read = tl::expected<std::size_t, ExpressionError>;

  /// Counts how deep the rules stand within each other.
  class Deeper {
  public:
    explicit Deeper(int& depth) : depth_(depth) { ++depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    ~Deeper() { --depth_; }

  private:
    int& depth_;
  };

  Read choice() {
    const Deeper deeper{depth_};
    if (depth_ > depth_max)
      return refuse(here(), "this expression is nested more than "
                              + std::to_string(depth_max) + " deep");
    LAB_TRY(const auto first, either());
    if (!at_word("if"))
      return first;
    const auto mark = next();
    const auto* words = std::exchange(words_, nullptr);
    LAB_TRY(const auto condition, either());
    words_ = words;
    LAB_CHECKED(must_be(condition, Type::truth, "after `if`"));
    if (at_sign(",") && peek().kind == TokenKind::name && peek().text == "else")
      next();
    if (!at_word("else")) {
      auto error = refuse(mark, "this `if` has no `else`");
      error.value().help.emplace_back("write it like `1 if x > 2 else 0`");
      return error;
    }
    next();
    LAB_TRY(const auto second, choice());
    if (node(first).type != node(second).type)
      return refuse(node(first).begin, node(second).end,
                    "the two sides of `if` are "
                      + both(node(first).type, node(second).type));
    return add(Op::choice, node(first).type, {first, condition, second});
  }

  Read either() { return chain("or", Op::disjunction, &Parser::all); }
  Read all() { return chain("and", Op::conjunction, &Parser::negated); }

  Read chain(std::string_view word, Op op, Read (Parser::*part)()) {
    LAB_TRY(auto left, (this->*part)());
    while (at_word(word)) {
      const auto name = "beside `" + next().text + "`";
      LAB_TRY(const auto right, (this->*part)());
      LAB_CHECKED(must_be(left, Type::truth, name));
      LAB_CHECKED(must_be(right, Type::truth, name));
      left = add(op, Type::truth, {left, right});
    }
    return left;
  }

  Read negated() {
    if (!at_word("not"))
      return compared();
    const Deeper deeper{depth_};
    if (depth_ > depth_max)
      return refuse(here(), "too many `not` in a row");
    const auto mark = next();
    LAB_TRY(const auto part, negated());
    LAB_CHECKED(must_be(part, Type::truth, "after `not`"));
    const auto made = add(Op::negation, Type::truth, {part});
    node(made).begin = mark.begin;
    return made;
  }

  Read compared() {
    LAB_TRY(const auto left, sum());
    if (here().kind != TokenKind::sign || !is_comparison(here().text)) {
      if (at_sign("=")) {
        auto error = refuse(here(), "`=` compares nothing");
        error.value().help.emplace_back("write `==`");
        return error;
      }
      return left;
    }
    const auto sign = next();
    LAB_TRY(const auto right, sum());
    if (here().kind == TokenKind::sign && is_comparison(here().text)) {
      auto error = refuse(here(), "two comparisons in a row");
      error.value().help.emplace_back("write `1 < x and x < 5`");
      return error;
    }
    const auto type =
      comparison_type(node(left).type, sign.text, node(right).type);
    if (!type) {
      auto error = refuse(node(left).begin, node(right).end,
                          "`" + sign.text + "` cannot compare "
                            + both(node(left).type, node(right).type));
      help_with_sample(error.value(), left);
      help_with_sample(error.value(), right);
      return error;
    }
    return add_signed(Op::compare, *type, sign.text, left, right);
  }

  Read sum() { return calculation("+-", &Parser::product); }
  Read product() { return calculation("*/", &Parser::with_sign); }

  Read calculation(std::string_view signs, Read (Parser::*part)()) {
    LAB_TRY(auto left, (this->*part)());
    while (here().kind == TokenKind::sign && here().text.size() == 1
           && signs.find(here().text[0]) != std::string_view::npos) {
      const auto sign = next();
      LAB_TRY(const auto right, (this->*part)());
      const auto type =
        arithmetic_type(node(left).type, sign.text, node(right).type);
      if (!type) {
        auto error = refuse(node(left).begin, node(right).end,
                            "`" + sign.text + "` does not go with "
                              + both(node(left).type, node(right).type));
        help_with_sample(error.value(), left);
        help_with_sample(error.value(), right);
        return error;
      }
      left = add_signed(Op::arithmetic, *type, sign.text, left, right);
    }
    return left;
  }

  Read with_sign() {
    if (!at_sign("-"))
      return primary();
    const Deeper deeper{depth_};
    if (depth_ > depth_max)
      return refuse(here(), "too many `-` in a row");
    const auto mark = next();
    LAB_TRY(const auto part, with_sign());
    const auto type = node(part).type;
    if (type != Type::number && type != Type::duration)
      return refuse(mark.begin, node(part).end,
                    "`-` does not go with " + std::string{describe(type)});
    const auto made = add(Op::negate, type, {part});
    node(made).begin = mark.begin;
    return made;
  }

  Read primary() {
    const auto token = here();
    switch (token.kind) {
    case TokenKind::number:
      next();
      return constant(token, Type::number, token.number);
    case TokenKind::duration:
      next();
      return constant(token, Type::duration, Duration{token.number});
    case TokenKind::text:
      next();
      return constant(token, Type::text, token.text);
    case TokenKind::name:
      return named();
    case TokenKind::end:
      return refuse(token, "the expression ends where a value should stand");
    case TokenKind::sign:
      break;
    }
    if (token.text != "(")
      return refuse(token,
                    "a value should stand here, not `" + token.text + "`");
    next();
    LAB_TRY(const auto inner, choice());
    if (!at_sign(")")) {
      auto error = refuse(token, "this parenthesis is never closed");
      error.value().help.emplace_back("add `)`");
      return error;
    }
    node(inner).begin = token.begin;
    node(inner).end = next().end;
    return inner;
  }

  Read named() {
    const auto token = next();
    if (token.text == "true" || token.text == "false")
      return constant(token, Type::truth, token.text == "true");
    if (is_keyword(token.text))
      return refuse(token,
                    "a value should stand here, not `" + token.text + "`");
    if (at_sign("("))
      return call(token);
    if (words_ != nullptr) {
      if (std::ranges::find(*words_, token.text) != words_->end())
        return constant(token, Type::word, token.text);
      return refuse_unknown(token, "there is no word `" + token.text + "` here",
                            *words_, "words");
    }
    const auto name = scope_.find(token.text);
    if (!name)
      return refuse_name(token);
    tree().names.push_back({name->key, token.begin, token.end, name->declared});
    auto& made = push(Op::name, name->type, token.begin, token.end);
    made.text = name->key;
    return newest();
  }

  tl::unexpected<ExpressionError> refuse_name(const Token& token) const {
    if (!scope_.functions(token.text).empty()) {
      auto error = refuse(token, "`" + token.text + "` is a function");
      error.value().help.push_back("give it what it wants: "
                                   + spelled(*scope_.functions(token.text)[0]));
      return error;
    }
    auto error =
      refuse_unknown(token, "there is no name `" + token.text + "` here",
                     scope_.names(), "names");
    if (error.value().help.empty())
      error.value().help.push_back("if a text is meant, write it in quotes: '"
                                   + token.text + "'");
    return error;
  }

  Read call(const Token& name) {
    const auto ways = scope_.functions(name.text);
    if (ways.empty())
      return refuse_unknown(name, "there is no function `" + name.text + "`",
                            scope_.function_names(), "functions");
    const auto open = next();
    std::vector<Argument> given;
    while (!at_sign(")")) {
      if (!given.empty()) {
        if (!at_sign(","))
          return here().kind == TokenKind::end
                   ? Read{refuse(open, "this parenthesis is never closed")}
                   : Read{refuse(here(), "`" + shown(here())
                                           + "` does not belong here")};
        next();
      }
      LAB_TRY(auto argument, read_argument(ways, given.size()));
      given.push_back(std::move(argument));
    }
    const auto close = next();
    auto found = choose_way(name.text, ways, given, tree().nodes);
    if (!found) {
      if (found.error().end == 0) {
        found.error().begin = name.begin;
        found.error().end = close.end;
      }
      return tl::unexpected(std::move(found.error()));
    }
    auto& made = push(Op::call, found->function->result, name.begin, close.end);
    made.text = name.text;
    made.function = found->function;
    made.parts = std::move(found->parts);
    return newest();
  }

  tl::expected<Argument, ExpressionError>
  read_argument(const std::vector<std::shared_ptr<const Function>>& ways,
                std::size_t position) {
    Argument made;
    if (here().kind == TokenKind::name && peek().kind == TokenKind::sign
        && peek().text == "=") {
      made.name = next().text;
      next();
    }
    const auto words = words_at(ways, made.name, position);
    const bool bare = here().kind == TokenKind::name
                      && peek().kind == TokenKind::sign
                      && (peek().text == "," || peek().text == ")");
    const auto* outer =
      std::exchange(words_, bare && !words.empty() ? &words : nullptr);
    auto value = choice();
    words_ = outer;
    if (!value)
      return tl::unexpected(std::move(value.error()));
    made.value = *value;
    return made;
  }

  const Scope& scope_;
  int depth_ = 0;
  /// The words that a bare name can be here; null where names are values.
  const std::vector<std::string>* words_ = nullptr;
};

} // namespace

tl::expected<Expression::Tree, ExpressionError>
parse_tree(std::string_view text, const Scope& scope, const Wanted& wanted) {
  if (text.size() > Expression::bytes_max)
    return tl::unexpected(
      ExpressionError{0,
                      text.size(),
                      "an expression has at most "
                        + std::to_string(Expression::bytes_max) + " bytes",
                      {},
                      {}});
  if (trim(text).empty())
    return tl::unexpected(
      ExpressionError{0, text.size(), "this expression is empty", {}, {}});
  LAB_TRY(auto tokens, tokens_of(text));
  Expression::Tree tree;
  tree.text = std::string{text};
  LAB_TRY(tree.root, Parser(std::move(tokens), scope, tree).read(wanted));
  return tree;
}

} // namespace lab::sweeps

#include "sweeps/expression/parser.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/error.hpp"
#include "runtime/base/text.hpp"
#include "sweeps/expression/calls.hpp"
#include "sweeps/expression/lexer.hpp"
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
class Parser {
public:
  Parser(std::vector<Token> tokens, const Scope& scope, Expression::Tree& tree)
    : tokens_(std::move(tokens)), scope_(scope), tree_(tree) {}

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
  using Checked = tl::expected<void, ExpressionError>;

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
    tree_.names.push_back({name->key, token.begin, token.end, name->declared});
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
    auto found = choose_way(name.text, ways, given, tree_.nodes);
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

  Checked check_wanted(std::size_t root, const Wanted& wanted) const {
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

  Checked must_be(std::size_t part, Type type, const std::string& where) const {
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

  void help_with_sample(ExpressionError& error, std::size_t part) const {
    const auto& made = node(part);
    if (made.type == Type::sample)
      error.help.push_back("make one number of it, as in mean(" + made.text
                           + ")");
    if (made.type == Type::runs)
      error.help.push_back("make one number of it, as in share("
                           + std::string{within(made.begin, made.end)} + ")");
  }

  std::string_view within(std::size_t begin, std::size_t end) const {
    return std::string_view{tree_.text}.substr(begin, end - begin);
  }

  std::string shown(const Token& token) const {
    return std::string{within(token.begin, token.end)};
  }

  static tl::unexpected<ExpressionError>
  refuse(std::size_t begin, std::size_t end, std::string message) {
    return tl::unexpected(
      ExpressionError{begin, end, std::move(message), {}, {}});
  }

  static tl::unexpected<ExpressionError> refuse(const Token& token,
                                                std::string message) {
    return refuse(token.begin, token.end, std::move(message));
  }

  static tl::unexpected<ExpressionError>
  refuse_unknown(const Token& token, std::string message,
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

  // Tokens. The last is `end` and is never passed.
  const Token& here() const { return tokens_[at_]; }
  const Token& peek() const {
    return tokens_[std::min(at_ + 1, tokens_.size() - 1)];
  }
  Token next() {
    const auto& token = tokens_[at_];
    if (token.kind != TokenKind::end)
      ++at_;
    return token;
  }
  bool at_sign(std::string_view sign) const {
    return here().kind == TokenKind::sign && here().text == sign;
  }
  bool at_word(std::string_view word) const {
    return here().kind == TokenKind::name && here().text == word;
  }

  // Nodes.
  TreeNode& node(std::size_t index) { return tree_.nodes[index]; }
  const TreeNode& node(std::size_t index) const { return tree_.nodes[index]; }

  /// The node that `push` made last.
  std::size_t newest() const { return tree_.nodes.size() - 1; }

  TreeNode& push(Op op, Type type, std::size_t begin, std::size_t end) {
    auto& made = tree_.nodes.emplace_back();
    made.op = op;
    made.type = type;
    made.begin = begin;
    made.end = end;
    return made;
  }

  std::size_t constant(const Token& token, Type type, Value value) {
    auto& made = push(Op::constant, type, token.begin, token.end);
    made.constant = std::move(value);
    made.text = token.text;
    return newest();
  }

  std::size_t add(Op op, Type type, std::vector<std::size_t> parts) {
    const auto begin = node(parts.front()).begin;
    const auto end = node(parts.back()).end;
    push(op, type, begin, end).parts = std::move(parts);
    return newest();
  }

  std::size_t add_signed(Op op, Type type, const std::string& sign,
                         std::size_t left, std::size_t right) {
    const auto made = add(op, type, {left, right});
    node(made).text = sign;
    return made;
  }

  std::vector<Token> tokens_;
  const Scope& scope_;
  Expression::Tree& tree_;
  std::size_t at_ = 0;
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

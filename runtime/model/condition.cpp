#include "runtime/model/condition.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

#include <muParser.h>

#include "runtime/base/text.hpp"
#include "runtime/model/turn_state.hpp"

namespace lab {

namespace {

constexpr std::size_t text_max = 4'000; // characters
constexpr std::string_view turns_name = "turns";

/// A condition as muParser reads it. Names and numbers stand there as
/// variables of our own naming, so that its ideas of what a name or a number
/// is never meet a text from outside.
struct Expression {
  struct Name {
    std::string text; // as `condition_name` writes it
    std::size_t at = 0;
  };

  std::string code;
  std::vector<Name> names;     // variables n0, n1, …
  std::vector<double> numbers; // variables c0, c1, …
  /// Where the pieces of `code` stand in the text, in their order.
  std::vector<std::pair<std::size_t, std::size_t>> places;

  std::size_t place_of(std::size_t in_code) const {
    std::size_t place = 0;
    for (const auto& [from, to] : places)
      if (from <= in_code)
        place = to;
    return place;
  }
};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '_'
         || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

tl::unexpected<Error> refuse(const std::string& text, std::size_t at,
                             const std::string& why) {
  const auto before = std::string_view{text}.substr(0, at);
  const auto column = 1 + std::ranges::count_if(before, [](char c) {
                        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
                      });
  return fail(Errc::invalid_input, why + " (column " + std::to_string(column)
                                     + " of `" + text + "`)");
}

/// Takes a text to pieces and writes them anew for muParser.
class Translator {
public:
  explicit Translator(const std::string& text) : text_(text) {}

  Result<Expression> translate() {
    if (trim(text_).empty())
      return fail(Errc::invalid_input, "a condition without words");
    if (text_.size() > text_max)
      return fail(Errc::invalid_input, "a condition of more than "
                                         + std::to_string(text_max)
                                         + " characters");
    while (at_ < text_.size())
      LAB_CHECKED(step());
    return std::move(out_);
  }

private:
  /// What a parenthesis holds; the whole is the first.
  struct Level {
    bool call = false;     // of a function: commas may stand in it
    bool compared = false; // a comparison stands since the last and, or
  };

  Result<void> step() {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++at_;
      return {};
    }
    if (is_word(c) || c == '.')
      return is_digit(c) || c == '.' ? number() : word();
    return sign(c);
  }

  Result<void> number() {
    double value = 0;
    const auto* begin = text_.data() + at_;
    const auto* end = text_.data() + text_.size();
    const auto read = std::from_chars(begin, end, value);
    if (read.ec == std::errc{} && (read.ptr == end || !is_word(*read.ptr))
        && (read.ptr == end || *read.ptr != '.')) {
      emit("c" + std::to_string(out_.numbers.size()),
           static_cast<std::size_t>(read.ptr - begin));
      out_.numbers.push_back(value);
      return {};
    }
    // A metric may be called "2030_target".
    return is_digit(text_[at_])
             ? word()
             : Result<void>{refuse(text_, at_, "a lone dot")};
  }

  Result<void> word() {
    auto end = at_;
    while (end < text_.size() && is_word(text_[end]))
      ++end;
    const auto name = text_.substr(at_, end - at_);
    if (name == "and" || name == "or") {
      levels_.back().compared = false;
      emit(name == "and" ? "&&" : "||", name.size());
    } else if (name == "not") {
      emit("#", name.size());
    } else if (name == "true" || name == "false") {
      emit("c" + std::to_string(out_.numbers.size()), name.size());
      out_.numbers.push_back(name == "true" ? 1 : 0);
    } else if (opens_call(end)) {
      if (name != "abs" && name != "min" && name != "max")
        return refuse(text_, at_,
                      "there is no function `" + name
                        + "`; there are abs, min, max");
      call_ = true;
      emit(name, name.size());
      out_.code.pop_back(); // muParser wants the parenthesis to follow at once
    } else {
      out_.names.push_back({name, at_});
      emit("n" + std::to_string(out_.names.size() - 1), name.size());
    }
    return {};
  }

  bool opens_call(std::size_t at) const {
    while (at < text_.size() && text_[at] == ' ')
      ++at;
    return at < text_.size() && text_[at] == '(';
  }

  Result<void> sign(char c) {
    static constexpr std::array<std::string_view, 6> two{
      "<=", ">=", "==", "!=", "&&", "||"};
    const auto pair = std::string_view{text_}.substr(at_, 2);
    const bool is_pair = std::ranges::find(two, pair) != two.end();
    if (pair == "&&" || pair == "||") {
      levels_.back().compared = false;
      emit(std::string{pair}, 2);
      return {};
    }
    if (is_pair || c == '<' || c == '>')
      return comparison(is_pair ? std::string{pair} : std::string{c});
    switch (c) {
    case '=':
      return refuse(text_, at_, "`=` compares nothing; write `==`");
    case '\'':
    case '"':
      return refuse(text_, at_,
                    "only numbers can be compared; a category counts by its "
                    "place in the metric's list, from 0");
    case '(':
      levels_.push_back({std::exchange(call_, false), false});
      break;
    case ')':
      if (levels_.size() == 1)
        return refuse(text_, at_, "`)` closes nothing");
      levels_.pop_back();
      break;
    case ',':
      if (!levels_.back().call)
        return refuse(text_, at_, "a comma outside of a function");
      levels_.back().compared = false;
      break;
    case '+':
    case '-':
    case '*':
    case '/':
    case '^':
    case '!':
      break;
    default:
      return refuse(text_, at_,
                    "`" + std::string{c}
                      + "` means nothing here; there are + - * / ^ ( ) < <= "
                        "> >= == != and or not");
    }
    emit(std::string{c}, 1);
    return {};
  }

  Result<void> comparison(const std::string& spelled) {
    if (std::exchange(levels_.back().compared, true))
      return refuse(text_, at_,
                    "two comparisons in a row; join them with `and`");
    emit(spelled, spelled.size());
    return {};
  }

  void emit(const std::string& code, std::size_t length) {
    out_.places.emplace_back(out_.code.size(), at_);
    out_.code += code + " ";
    at_ += length;
  }

  const std::string& text_;
  std::size_t at_ = 0;
  bool call_ = false; // the next parenthesis is a function's
  std::vector<Level> levels_{Level{}};
  Expression out_;
};

double negate(double x) { return x == 0 ? 1 : 0; }

/// What muParser found, in words that know nothing of our variables.
std::string words_of(mu::EErrorCodes code) {
  switch (code) {
  case mu::ecUNEXPECTED_EOF:
    return "something is missing at the end";
  case mu::ecMISSING_PARENS:
    return "a `(` is not closed";
  case mu::ecUNEXPECTED_OPERATOR:
  case mu::ecUNASSIGNABLE_TOKEN:
    return "a number or a metric is missing here";
  case mu::ecUNEXPECTED_VAL:
  case mu::ecUNEXPECTED_VAR:
  case mu::ecUNEXPECTED_FUN:
    return "an operator is missing before this";
  case mu::ecUNEXPECTED_PARENS:
    return "this parenthesis stands at the wrong place";
  case mu::ecUNEXPECTED_ARG_SEP:
    return "this comma stands at the wrong place";
  case mu::ecTOO_MANY_PARAMS:
    return "too many values for this function";
  case mu::ecTOO_FEW_PARAMS:
    return "too few values for this function";
  default:
    return "this is no expression";
  }
}

/// Evaluates with a number for each name, in the order of the names.
Result<double> evaluate(const std::string& text, const Expression& expression,
                        std::vector<double> values) {
  auto numbers = expression.numbers;
  try {
    mu::Parser parser;
    // `!` binds as a sign does, `not` looser than every comparison.
    parser.DefineInfixOprt("!", negate, mu::prINFIX);
    parser.DefineInfixOprt("#", negate, mu::prLOGIC);
    for (std::size_t i = 0; i < values.size(); ++i)
      parser.DefineVar("n" + std::to_string(i), &values[i]);
    for (std::size_t i = 0; i < numbers.size(); ++i)
      parser.DefineVar("c" + std::to_string(i), &numbers[i]);
    parser.SetExpr(expression.code);
    return parser.Eval();
  } catch (const mu::ParserError& error) {
    const bool at_end = error.GetCode() == mu::ecUNEXPECTED_EOF
                        || error.GetCode() == mu::ecMISSING_PARENS;
    const auto position = error.GetPos();
    return refuse(text,
                  at_end || position < 0
                    ? text.size()
                    : expression.place_of(static_cast<std::size_t>(position)),
                  words_of(error.GetCode()));
  }
}

} // namespace

std::string condition_name(const std::string& metric_name) {
  auto name = metric_name;
  std::ranges::replace_if(
    name, [](char c) { return !is_word(c); }, '_');
  return name;
}

Result<void> check_condition(const std::string& text,
                             const std::vector<std::string>& metric_names) {
  LAB_TRY(const auto expression, Translator{text}.translate());
  std::vector<std::string> known{std::string{turns_name}};
  for (const auto& metric : metric_names)
    known.push_back(condition_name(metric));
  for (const auto& name : expression.names) {
    if (name.text == turns_name)
      continue;
    const auto count = std::ranges::count(known, name.text);
    if (count > 1)
      return refuse(text, name.at,
                    "`" + name.text
                      + "` may mean several metrics; rename one of them");
    if (count == 1)
      continue;
    const auto meant = closest(name.text, known);
    return refuse(text, name.at,
                  "no metric of the world is called `" + name.text + "`"
                    + (meant ? "; did you mean `" + *meant + "`?"
                             : "; there are " + join(known, ", ")));
  }
  LAB_TRY(const auto value,
          evaluate(text, expression,
                   std::vector<double>(expression.names.size(), 1)));
  static_cast<void>(value); // any number is well formed
  return {};
}

std::optional<bool>
condition_holds(const std::string& text,
                const std::map<std::string, double>& values) {
  const auto expression = Translator{text}.translate();
  if (!expression)
    return std::nullopt;
  std::map<std::string, double> by_name;
  for (const auto& [name, value] : values)
    by_name.emplace(condition_name(name), value);
  std::vector<double> of_names;
  for (const auto& name : expression->names) {
    const auto value = by_name.find(name.text);
    if (value == by_name.end())
      return std::nullopt;
    of_names.push_back(value->second);
  }
  const auto result = evaluate(text, *expression, std::move(of_names));
  if (!result || !std::isfinite(*result))
    return std::nullopt;
  return *result != 0;
}

bool ended_by_condition(const ScenarioSpec& scenario, const TurnState& state) {
  if (scenario.end_condition.empty() || state.current.turn == 0)
    return false;
  std::map<std::string, double> values;
  const auto take = [&values](const TurnRecord& turn) {
    for (const auto& metric : turn.metrics)
      if (metric.participant.empty() && metric.status == MetricStatus::value
          && metric.number)
        values[metric.metric] = *metric.number;
  };
  for (const auto& turn : state.history)
    take(*turn);
  take(state.current);
  values["turns"] = state.current.turn;
  return condition_holds(scenario.end_condition, values).value_or(false);
}

} // namespace lab

#include "sweeps/expression/type_rules.hpp"

#include <algorithm>
#include <cmath>

namespace lab::sweeps {

namespace {

/// The number behind a value that has one: of a duration its seconds.
std::optional<double> amount(const Value& value) {
  if (const auto* number = std::get_if<double>(&value))
    return *number;
  if (const auto* duration = std::get_if<Duration>(&value))
    return duration->seconds;
  if (const auto* moment = std::get_if<Moment>(&value))
    return moment->seconds;
  return std::nullopt;
}

template <class T>
bool ordered(const T& left, std::string_view sign, const T& right) {
  if (sign == "==")
    return left == right;
  if (sign == "!=")
    return left != right;
  if (sign == "<")
    return left < right;
  if (sign == "<=")
    return left <= right;
  return sign == ">" ? left > right : left >= right;
}

/// `5 < x` read from the other side: `x > 5`.
std::string_view mirrored(std::string_view sign) {
  if (sign == "<")
    return ">";
  if (sign == "<=")
    return ">=";
  if (sign == ">")
    return "<";
  return sign == ">=" ? "<=" : sign;
}

Value group(const Sample& sample, std::string_view sign, double number) {
  const auto matching = std::ranges::count_if(
    sample.values, [&](double each) { return ordered(each, sign, number); });
  return Runs{matching, static_cast<std::int64_t>(sample.values.size())};
}

} // namespace

std::optional<Type> arithmetic_type(Type left, std::string_view sign,
                                    Type right) {
  const bool adds = sign == "+" || sign == "-";
  if (left == Type::number && right == Type::number)
    return Type::number;
  if (left == Type::duration && right == Type::duration) {
    if (adds)
      return Type::duration;
    return sign == "/" ? std::optional{Type::number} : std::nullopt;
  }
  if (left == Type::moment && right == Type::duration && adds)
    return Type::moment;
  if (left == Type::moment && right == Type::moment && sign == "-")
    return Type::duration;
  if (left == Type::duration && right == Type::number && !adds)
    return Type::duration;
  if (left == Type::number && right == Type::duration && sign == "*")
    return Type::duration;
  return std::nullopt;
}

std::optional<Type> comparison_type(Type left, std::string_view sign,
                                    Type right) {
  const bool equality = sign == "==" || sign == "!=";
  if ((left == Type::sample && right == Type::number)
      || (left == Type::number && right == Type::sample))
    return Type::runs;
  if (left != right)
    return std::nullopt;
  switch (left) {
  case Type::number:
  case Type::duration:
  case Type::moment:
    return Type::truth;
  case Type::text:
  case Type::truth:
    return equality ? std::optional{Type::truth} : std::nullopt;
  default:
    return std::nullopt;
  }
}

Value checked(Value value) {
  const auto number = amount(value);
  return number && !std::isfinite(*number) ? Value{} : value;
}

Value arithmetic(const Value& left, char sign, const Value& right) {
  const auto a = amount(left);
  const auto b = amount(right);
  if (!a || !b)
    return {};
  double made = 0;
  switch (sign) {
  case '+':
    made = *a + *b;
    break;
  case '-':
    made = *a - *b;
    break;
  case '*':
    made = *a * *b;
    break;
  default:
    made = *a / *b;
  }
  const bool left_moment = std::holds_alternative<Moment>(left);
  if (left_moment && std::holds_alternative<Duration>(right))
    return checked(Moment{made});
  if (left_moment)
    return checked(Duration{made});
  const bool left_time = std::holds_alternative<Duration>(left);
  const bool right_time = std::holds_alternative<Duration>(right);
  const bool ratio = left_time && right_time && sign == '/';
  if ((left_time || right_time) && !ratio)
    return checked(Duration{made});
  return checked(made);
}

Value compare(const Value& left, std::string_view sign, const Value& right) {
  if (const auto* sample = std::get_if<Sample>(&left))
    return group(*sample, sign, std::get<double>(right));
  if (const auto* sample = std::get_if<Sample>(&right))
    return group(*sample, mirrored(sign), std::get<double>(left));
  if (const auto* text = std::get_if<std::string>(&left))
    return ordered(*text, sign, std::get<std::string>(right));
  if (const auto* truth = std::get_if<bool>(&left))
    return ordered(*truth, sign, std::get<bool>(right));
  return ordered(*amount(left), sign, *amount(right));
}

bool is_of(const Value& value, Type type) {
  switch (type) {
  case Type::truth:
    return std::holds_alternative<bool>(value);
  case Type::number:
    return std::holds_alternative<double>(value);
  case Type::text:
  case Type::word:
    return std::holds_alternative<std::string>(value);
  case Type::duration:
    return std::holds_alternative<Duration>(value);
  case Type::moment:
    return std::holds_alternative<Moment>(value);
  case Type::sample:
    return std::holds_alternative<Sample>(value);
  case Type::runs:
    return std::holds_alternative<Runs>(value);
  }
  return false;
}

} // namespace lab::sweeps

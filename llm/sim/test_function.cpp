#include "llm/sim/test_function.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <numbers>
#include <optional>

#include "llm/sim/chance.hpp"
#include "llm/sim/metric_rule.hpp"
#include "runtime/base/text.hpp"

namespace lab::llm {

namespace {

struct FunctionName {
  std::string_view name;
  TestFunctionKind kind;
};
constexpr std::array names{FunctionName{"linear", TestFunctionKind::linear},
                           FunctionName{"step", TestFunctionKind::step},
                           FunctionName{"ishigami", TestFunctionKind::ishigami},
                           FunctionName{"g", TestFunctionKind::g},
                           FunctionName{"morris", TestFunctionKind::morris}};

constexpr std::size_t morris_inputs = 20;
constexpr std::size_t ishigami_inputs = 3;

/// What each draw of a question is for.
enum Draw : std::uint64_t {
  draw_noise,
  draw_scatter,
  draw_fail,
};

/// Constants of the sources; `given` replaces them from the first on.
std::vector<double> constants_of(const TestFunctionKnobs& knobs) {
  const auto usual = [&]() -> std::vector<double> {
    switch (knobs.kind) {
    case TestFunctionKind::linear:
      return {1, 2, 3};
    case TestFunctionKind::step:
      return {0.5, 1}; // where, how high
    case TestFunctionKind::ishigami:
      return {7, 0.1};
    case TestFunctionKind::g:
      return {0, 1, 4.5, 9, 99, 99, 99, 99};
    case TestFunctionKind::morris:
      break;
    }
    return {};
  };
  return knobs.constants.empty() ? usual() : knobs.constants;
}

/// An angle of a full turn round zero.
double angle(double input) { return (2 * input - 1) * std::numbers::pi; }

double sign_of(std::size_t place) { return place % 2 == 0 ? 1 : -1; }

/// Places count from 1, as in the source.
double morris(const std::vector<double>& inputs) {
  std::array<double, morris_inputs + 1> w{};
  for (std::size_t i = 1; i <= morris_inputs; ++i) {
    const auto x = inputs[i - 1];
    const bool curved = i == 3 || i == 5 || i == 7;
    w.at(i) = 2 * ((curved ? 1.1 * x / (x + 0.1) : x) - 0.5);
  }
  double sum = 0;
  for (std::size_t i = 1; i <= morris_inputs; ++i)
    sum += (i <= 10 ? 20 : sign_of(i)) * w.at(i);
  for (std::size_t i = 1; i <= morris_inputs; ++i)
    for (std::size_t j = i + 1; j <= morris_inputs; ++j)
      sum += (j <= 6 ? -15 : sign_of(i + j)) * w.at(i) * w.at(j);
  for (std::size_t i = 1; i <= 5; ++i)
    for (std::size_t j = i + 1; j <= 5; ++j)
      for (std::size_t k = j + 1; k <= 5; ++k)
        sum += -10 * w.at(i) * w.at(j) * w.at(k);
  return sum + 5 * w[1] * w[2] * w[3] * w[4];
}

/// The place of a question, without its ordinal: a repair has the luck of what
/// it repairs.
Chance chance_of(const ChatRequest& request, const Brief& brief) {
  return Chance{request.seed}
    .child(static_cast<std::uint64_t>(brief.turn))
    .child(brief.phase)
    .child(brief.participant);
}

Chance with_inputs(Chance chance, const std::vector<double>& inputs) {
  for (const double input : inputs)
    chance = chance.child(std::bit_cast<std::uint64_t>(input));
  return chance;
}

/// The shortest digits that read back as the same number.
std::string digits_of(double value) {
  std::array<char, 32> digits{};
  const auto [end, error] =
    std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} ? std::string{digits.data(), end} : "nan";
}

/// One line for each metric that is a number; each has noise of its own.
std::string told(const TestFunctionKnobs& knobs, const Brief& brief,
                 const std::vector<double>& inputs, const Chance& chance) {
  const auto value = value_of(knobs, inputs);
  std::string text;
  for (std::size_t i = 0; i < brief.metrics.size(); ++i) {
    const auto& metric = brief.metrics[i];
    if (metric.type != Brief::MetricType::continuous
        || !metric.keywords.empty())
      continue;
    const auto own = chance.child(i);
    auto with_noise = value + knobs.noise * own.normal(draw_noise);
    if (knobs.scatter > 0)
      with_noise +=
        knobs.scatter * with_inputs(own, inputs).normal(draw_scatter);
    text += text.empty() ? "" : "\n";
    text += line_of(metric, digits_of(with_noise));
  }
  return text;
}

} // namespace

bool test_function_named(std::string_view name, TestFunctionKind& out) {
  for (const auto& known : names)
    if (known.name == name) {
      out = known.kind;
      return true;
    }
  return false;
}

std::string test_function_names() {
  std::vector<std::string> all;
  for (const auto& known : names)
    all.emplace_back(known.name);
  return join(all, ", ");
}

std::size_t inputs_needed(const TestFunctionKnobs& knobs) {
  switch (knobs.kind) {
  case TestFunctionKind::step:
    return 1;
  case TestFunctionKind::ishigami:
    return ishigami_inputs;
  case TestFunctionKind::morris:
    return morris_inputs;
  case TestFunctionKind::linear:
  case TestFunctionKind::g:
    break;
  }
  return constants_of(knobs).size();
}

double value_of(const TestFunctionKnobs& knobs,
                const std::vector<double>& inputs) {
  const auto constants = constants_of(knobs);
  const auto constant = [&](std::size_t i) {
    return i < constants.size() ? constants[i] : 0;
  };
  double value = 0;
  switch (knobs.kind) {
  case TestFunctionKind::linear:
    for (std::size_t i = 0; i < constants.size(); ++i)
      value += constants[i] * inputs[i];
    return value;
  case TestFunctionKind::step:
    return inputs[0] >= constant(0) ? constant(1) : 0;
  case TestFunctionKind::ishigami: {
    const auto first = std::sin(angle(inputs[0]));
    const auto second = std::sin(angle(inputs[1]));
    return first + constant(0) * second * second
           + constant(1) * std::pow(angle(inputs[2]), 4) * first;
  }
  case TestFunctionKind::g:
    value = 1;
    for (std::size_t i = 0; i < constants.size(); ++i)
      value *=
        (std::abs(4 * inputs[i] - 2) + constants[i]) / (1 + constants[i]);
    return value;
  case TestFunctionKind::morris:
    return morris(inputs);
  }
  return value;
}

std::vector<double> inputs_of(const Brief& brief) {
  std::vector<double> inputs;
  for (;;) {
    const auto wanted = "x" + std::to_string(inputs.size() + 1);
    const auto found =
      std::ranges::find_if(brief.parameters, [&](const auto& parameter) {
        return parameter.first == wanted;
      });
    if (found == brief.parameters.end())
      return inputs;
    inputs.push_back(found->second);
  }
}

Result<std::string> TestFunction::answer(const TestFunctionKnobs& knobs,
                                         const ChatRequest& request) {
  LAB_TRY(const Brief brief, parse_brief(request.brief));
  if (brief.kind != Brief::Kind::world)
    return persona_.answer(request, Manner::minimal);
  const auto inputs = inputs_of(brief);
  if (inputs.size() < inputs_needed(knobs))
    return fail(Errc::invalid_input,
                "sim/testfn: this function reads x1 to x"
                  + std::to_string(inputs_needed(knobs))
                  + ", and the scenario has "
                  + (inputs.empty()
                       ? "no numeric parameter x1"
                       : "x1 to x" + std::to_string(inputs.size()) + " only"));
  Answer answer;
  answer.kind = Answer::Kind::world;
  answer.state = "Turn " + std::to_string(brief.turn)
                 + ". A function of the inputs, and no world.\n\n"
                 + told(knobs, brief, inputs, chance_of(request, brief));
  answer.changes.emplace_back("The value of the function");
  answer.consequences.emplace_back("None");
  if (request.schema.empty())
    return labelled(answer);
  return schemas_.write(request.schema, answer);
}

Result<bool> TestFunction::fails(const TestFunctionKnobs& knobs,
                                 const ChatRequest& request) {
  if (knobs.fail <= 0)
    return false;
  LAB_TRY(const Brief brief, parse_brief(request.brief));
  // A repair (an odd ordinal) is asked only of what was refused.
  if (brief.ordinal % 2 == 1)
    return true;
  const auto chance = with_inputs(chance_of(request, brief), inputs_of(brief));
  return chance.unit(draw_fail) < knobs.fail;
}

} // namespace lab::llm

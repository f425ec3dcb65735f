#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "llm/sim/answer.hpp"
#include "llm/sim/brief.hpp"
#include "llm/sim/persona.hpp"
#include "runtime/base/error.hpp"
#include "runtime/model/chat.hpp"

namespace lab::llm {

/// Functions whose effects and indices are known in closed form. Inputs are
/// numbers from 0 to 1; docs/sim.md has the formulas.
enum class TestFunctionKind : std::uint8_t {
  linear,
  step,
  ishigami,
  g,
  morris,
};

/// The knobs of `sim/testfn`.
struct TestFunctionKnobs {
  TestFunctionKind kind = TestFunctionKind::linear;
  /// The function's constants; empty: those of its source.
  std::vector<double> constants;
  /// Standard deviation of what is added by seed and place: runs with equal
  /// seeds share it.
  double noise = 0;
  /// The same by seed, place and inputs: it differs between points.
  double scatter = 0;
  /// Share of questions that are refused for good, by seed, place and inputs.
  double fail = 0;
};

/// The function's name in a model id; nothing for an unknown one.
bool test_function_named(std::string_view name, TestFunctionKind& out);
/// "linear, step, …"
std::string test_function_names();

/// How many inputs the function reads, with these constants; further inputs
/// have no effect.
std::size_t inputs_needed(const TestFunctionKnobs& knobs);

/// The function without noise.
/// @param inputs  at least `inputs_needed(knobs)`
/// @source ishigami: Ishigami, Homma, An importance quantification technique
///         in uncertainty analysis for computer models, 1990;
///         g: Sobol, Sensitivity estimates for nonlinear mathematical models,
///         1993; morris: Morris, Factorial sampling plans for preliminary
///         computational experiments, 1991, with (-1)^i and (-1)^(i+j) for the
///         coefficients that it draws
double value_of(const TestFunctionKnobs& knobs,
                const std::vector<double>& inputs);

/// The parameters `x1`, `x2`, … of a brief, as far as they go without a gap.
std::vector<double> inputs_of(const Brief& brief);

/// Answers requests with the value of a function: whoever writes the world
/// says every number of the brief's metrics, in full digits. What has no metric
/// to tell is answered as a persona that keeps still.
class TestFunction {
public:
  /// @errors invalid_input: a brief or schema that cannot be read, too few
  ///         inputs
  Result<std::string> answer(const TestFunctionKnobs& knobs,
                             const ChatRequest& request);

  /// Whether this question, its repair included, is one of those that fail.
  /// @errors invalid_input: a brief that cannot be read
  static Result<bool> fails(const TestFunctionKnobs& knobs,
                            const ChatRequest& request);

private:
  SchemaWriter schemas_;
  Persona persona_;
};

} // namespace lab::llm

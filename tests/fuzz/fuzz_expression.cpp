#include <cstddef>
#include <cstdint>
#include <string_view>

#include "runtime/base/check.hpp"
#include "sweeps/expression/sweep_scopes.hpp"

// Any text is an expression with a value, or a refusal at a piece of the text;
// never a crash, and the same again when asked again.

namespace {

using namespace lab::sweeps;

/// Knows half of what it is asked.
class Half final : public Environment {
public:
  Value name(const std::string& name) const override {
    if (name.size() % 2 == 0)
      return {};
    if (name == "failed" || name == "finished")
      return Runs{3, 7};
    if (name == "elapsed" || name == "forecast.time")
      return Duration{90};
    if (name == "window.close")
      return Moment{1e9};
    return as_number_ ? Value{2.5} : Value{Sample{{1, 2, 3}}};
  }
  Value call(const std::string& function,
             const std::vector<Value>& /*arguments*/) const override {
    const bool many = function == "sobol_ci" || function.starts_with("morris_");
    return many ? Value{Sample{{0.1}}} : Value{0.5};
  }

  explicit Half(bool as_number) : as_number_(as_number) {}

private:
  bool as_number_;
};

void check(std::string_view text, const Scope& scope, const Wanted& wanted,
           bool as_number) {
  const auto made = Expression::parse(text, scope, wanted);
  if (!made) {
    LAB_CHECK(!made.error().message.empty(), "a refusal without words");
    LAB_CHECK(made.error().begin <= made.error().end
                && made.error().end <= text.size(),
              "a refusal outside of its text");
    return;
  }
  for (const auto& use : made->names())
    LAB_CHECK(use.begin < use.end && use.end <= text.size(), use.name);
  for (const auto& use : made->calls()) {
    LAB_CHECK(made->calls(use.function), use.function);
    LAB_CHECK(use.arguments.size() == use.given.size(), use.function);
  }
  const Half environment{as_number};
  LAB_CHECK(made->holds(environment) == made->holds(environment),
            "another answer the second time");
  LAB_CHECK(made->number(environment) == made->number(environment),
            "another number the second time");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  check(text, stop_scope(), {Type::truth}, false);
  check(text, until_scope(), {Type::truth}, false);
  check(text, derived_scope(), {Type::number}, true);
  check(text, pilot_scope(), {Type::word, pilot_actions()}, false);
  return 0;
}

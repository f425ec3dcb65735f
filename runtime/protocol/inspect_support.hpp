#pragma once

#include <optional>
#include <utility>
#include <variant>

#include <caf/all.hpp>

// CAF 0.17 serialises neither std::optional nor std::variant. Found through
// argument-dependent look-up: the inspector is a CAF type.
namespace caf {

template <class Inspector, class T>
typename Inspector::result_type inspect(Inspector& f, std::optional<T>& x) {
  if constexpr (Inspector::reads_state) {
    bool has = x.has_value();
    if (has)
      return f(has, *x);
    return f(has);
  } else {
    bool has = false;
    if (auto error = f(has))
      return error;
    x.reset();
    if (!has)
      return none;
    T value{};
    if (auto error = f(value))
      return error;
    x = std::move(value);
    return none;
  }
}

template <class Inspector, class... Ts>
typename Inspector::result_type inspect(Inspector& f, std::variant<Ts...>& x) {
  if constexpr (Inspector::reads_state) {
    auto index = static_cast<std::uint8_t>(x.index());
    return std::visit([&](auto& value) { return f(index, value); }, x);
  } else {
    std::uint8_t index = 0;
    if (auto error = f(index))
      return error;
    error result = sec::invalid_argument;
    std::uint8_t at = 0;
    const auto try_load = [&]<class T>() {
      if (at++ != index)
        return;
      T value{};
      result = f(value);
      if (!result)
        x = std::move(value);
    };
    (try_load.template operator()<Ts>(), ...);
    return result;
  }
}

} // namespace caf

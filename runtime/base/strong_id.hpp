#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace lab {

/// A value that cannot be mistaken for another kind of id: a `RunId` is not a
/// `SweepId`. The default value means "none".
template <class Tag, class Rep>
struct StrongId {
  Rep value{};

  explicit operator bool() const { return value != Rep{}; }
  friend auto operator<=>(const StrongId&, const StrongId&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, StrongId& x) {
    return f(x.value);
  }
};

} // namespace lab

template <class Tag, class Rep>
struct std::hash<lab::StrongId<Tag, Rep>> {
  std::size_t operator()(const lab::StrongId<Tag, Rep>& id) const noexcept {
    return std::hash<Rep>{}(id.value);
  }
};

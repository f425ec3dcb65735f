#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <caf/error.hpp>

#include "runtime/base/seed.hpp"

namespace lab {

/// An inspector that fills whatever it visits with random content. It takes a
/// value apart exactly as CAF's deserializer does, so it knows every message
/// without being told: a new one is covered by the day it gets its `inspect`.
class RandomFiller {
public:
  using result_type = caf::error;
  static constexpr bool reads_state = false;
  static constexpr bool writes_state = true;

  explicit RandomFiller(Seed seed) : seed_(seed) {}

  template <class... Ts>
  caf::error operator()(Ts&... values) {
    (fill(values), ...);
    return caf::none;
  }

private:
  std::uint64_t draw() { return seed_.bits(drawn_++); }

  void fill(bool& value) { value = draw() % 2 == 1; }
  void fill(double& value) { value = seed_.unit(drawn_++) * 1e6 - 5e5; }

  template <std::integral T>
  void fill(T& value) {
    // The ends of the range are where encodings break.
    switch (draw() % 8) {
    case 0:
      value = std::numeric_limits<T>::min();
      break;
    case 1:
      value = std::numeric_limits<T>::max();
      break;
    default:
      value = static_cast<T>(draw());
    }
  }

  template <class T>
  requires std::is_enum_v<T>
  void fill(T& value) { value = static_cast<T>(draw() % 5); }

  void fill(std::string& value) {
    value.clear();
    for (auto left = draw() % 12; left > 0; --left)
      value += static_cast<char>(draw()); // zero bytes and broken UTF-8 too
  }

  template <class T>
  void fill(std::vector<T>& values) {
    values.resize(draw() % 4);
    for (auto& value : values)
      fill(value);
  }

  template <class T, std::size_t N>
  void fill(std::array<T, N>& values) {
    for (auto& value : values)
      fill(value);
  }

  template <class A, class B>
  void fill(std::pair<A, B>& value) {
    fill(value.first);
    fill(value.second);
  }

  template <class K, class V>
  void fill(std::map<K, V>& values) {
    values.clear();
    for (auto left = draw() % 4; left > 0; --left) {
      std::pair<K, V> entry;
      fill(entry);
      values.insert(std::move(entry));
    }
  }

  template <class T>
  void fill(std::optional<T>& value) {
    value.reset();
    if (draw() % 2 == 1)
      fill(value.emplace());
  }

  template <class... Ts>
  void fill(std::variant<Ts...>& value) {
    const auto chosen = draw() % sizeof...(Ts);
    std::size_t at = 0;
    const auto fill_if_chosen = [&]<class T>() {
      if (at++ == chosen)
        fill(value.template emplace<T>());
    };
    (fill_if_chosen.template operator()<Ts>(), ...);
  }

  template <class T>
  void fill(T& value) {
    inspect(*this, value);
  }

  Seed seed_;
  std::uint64_t drawn_ = 0;
};

/// A value of `T` that depends on the seed alone.
template <class T>
T random_value(Seed seed) {
  RandomFiller filler{seed};
  T value{};
  filler(value);
  return value;
}

} // namespace lab

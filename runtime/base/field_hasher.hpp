#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "runtime/base/digest.hpp"

namespace lab {

/// Walks values through their `inspect`, so that a field added to a value is
/// part of the hash without anybody thinking of it.
class FieldHasher {
public:
  using result_type = void;

  template <class... Fields>
  void operator()(const Fields&... fields) {
    (add(fields), ...);
  }

  Digest256 finish256() { return hasher_.finish256(); }
  Digest128 finish128() { return hasher_.finish128(); }

private:
  void add(const std::string& text) { hasher_.add(text); }
  void add(const Digest256& digest) { hasher_.add(digest); }

  /// As the shortest text that reads back as the same number.
  void add(double number) {
    std::array<char, 32> digits{};
    const auto [end, problem] =
      std::to_chars(digits.data(), digits.data() + digits.size(), number);
    hasher_.add(problem == std::errc{} ? std::string_view(digits.data(), end)
                                       : std::string_view{"0"});
  }

  template <class T>
  void add(const std::vector<T>& items) {
    hasher_.add(static_cast<std::int64_t>(items.size()));
    for (const auto& item : items)
      add(item);
  }

  template <class T>
  void add(const std::map<std::string, T>& items) {
    hasher_.add(static_cast<std::int64_t>(items.size()));
    for (const auto& item : items)
      add(item);
  }

  template <class A, class B>
  void add(const std::pair<A, B>& both) {
    add(both.first);
    add(both.second);
  }

  template <class T>
  void add(const std::optional<T>& value) {
    hasher_.add(std::int64_t{value ? 1 : 0});
    if (value)
      add(*value);
  }

  template <class T>
  void add(const T& value) {
    if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      hasher_.add(static_cast<std::int64_t>(value));
    } else {
      // Inspectors that write need a mutable value; this one only reads.
      auto copy = value;
      inspect(*this, copy);
    }
  }

  Hasher hasher_;
};

} // namespace lab

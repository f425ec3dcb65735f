#include "scenarios/loader/content_hash.hpp"

#include <type_traits>

#include "scenarios/loader/parameters.hpp"

namespace lab::scenarios {

namespace {

/// Walks values through their `inspect`, so that a field added to a value is
/// part of the hash without anybody thinking of it.
class ContentHasher {
public:
  using result_type = void;

  template <class... Fields>
  void operator()(const Fields&... fields) {
    (add(fields), ...);
  }

  Digest256 finish() { return hasher_.finish256(); }

private:
  void add(const std::string& text) { hasher_.add(text); }
  void add(double number) { hasher_.add(number_text(number)); }
  void add(const Digest256& digest) { hasher_.add(digest); }

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

} // namespace

Digest256 content_of(const ScenarioSpec& spec) {
  auto without = spec;
  without.content = {};
  ContentHasher hasher;
  inspect(hasher, without);
  return hasher.finish();
}

} // namespace lab::scenarios

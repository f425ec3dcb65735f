#include "scenarios/loader/content_hash.hpp"

#include <fstream>
#include <iterator>
#include <type_traits>

#include "runtime/base/text.hpp"
#include "runtime/model/run_spec.hpp"
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

std::string content_of_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The path in `sim/script?file=PATH`; empty for any other model.
std::string script_of(const std::string& model) {
  const auto question = model.find('?');
  if (model.substr(0, question) != "sim/script"
      || question == std::string::npos)
    return {};
  for (const auto& knob :
       split(std::string_view{model}.substr(question + 1), '&'))
    if (knob.starts_with("file="))
      return knob.substr(5);
  return {};
}

} // namespace

Digest256 content_of(const ScenarioSpec& spec) {
  auto without = spec;
  without.content = {};
  ContentHasher hasher;
  inspect(hasher, without);
  Hasher scripts;
  bool any = false;
  for (const auto& model : models_of(spec))
    if (const auto path = script_of(model); !path.empty()) {
      scripts.add(content_of_file(path));
      any = true;
    }
  const auto content = hasher.finish();
  return any ? scripts.add(content).finish256() : content;
}

} // namespace lab::scenarios

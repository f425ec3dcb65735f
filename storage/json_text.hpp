#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "runtime/base/digest.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/strong_id.hpp"
#include "runtime/model/account.hpp"
#include "runtime/model/ids.hpp"

// Compact JSON for the journal: one description of a struct's fields serves
// writing and reading, so the two cannot differ.
//
//   template <class Fields>
//   void describe(Fields& f, Decision& x) { f("action", x.action)(…); }
//
// A field that is zero or empty is left out, and one that is absent reads as
// zero or empty. Fields stand in the order of their description; a reader that
// meets a key it does not know refuses the text. A whole fact costs little over
// a microsecond either way.

namespace lab::storage {

/// Describes how an enumeration is named: specialise `names` with a function
/// `static std::string_view text(E)` and `static std::optional<E> value(name)`.
template <class E>
struct EnumText;

class JsonWriter {
public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  /// Writes `x` as an object.
  template <class T>
  void object(const T& x) {
    out_ += '{';
    const bool outer = std::exchange(first_, true);
    // Descriptions take their object by reference to serve readers too.
    describe(*this, const_cast<T&>(x));
    first_ = outer;
    out_ += '}';
  }

  template <class T>
  JsonWriter& operator()(std::string_view key, T& value) {
    if (is_empty(value))
      return *this;
    if (!std::exchange(first_, false))
      out_ += ',';
    out_ += '"';
    out_ += key;
    out_ += "\":";
    write(value);
    return *this;
  }

private:
  template <class T>
  static bool is_empty(const T& value) {
    if constexpr (requires(T & x) { x.clear(); })
      return value.empty();
    else if constexpr (requires { value.has_value(); })
      return !value.has_value();
    else if constexpr (!std::is_enum_v<T> && requires { value == T{}; })
      return value == T{};
    else
      return false;
  }

  void write(bool value) { out_ += value ? "true" : "false"; }
  void write(std::int32_t value) { write(std::int64_t{value}); }
  void write(std::int64_t value);
  void write(std::uint64_t value);
  void write(double value);
  void write(std::string_view value);
  void write(const std::string& value) { write(std::string_view{value}); }
  void write(const Digest128& value);
  void write(const Digest256& value);
  void write(Money value) { write(value.pico_usd); }
  void write(RunId value) { write(to_string(value)); }
  void write(SweepId value) { write(to_string(value)); }
  template <class Tag>
  void write(const StrongId<Tag, Digest128>& value) {
    write(value.value);
  }
  void write(const AccountId& value) { write(to_string(value)); }
  template <class A, class B>
  void write(const std::pair<A, B>& value) {
    out_ += '[';
    write(value.first);
    out_ += ',';
    write(value.second);
    out_ += ']';
  }
  template <class T>
  void write(const std::optional<T>& value) {
    write(*value);
  }
  template <class T>
  void write(const std::vector<T>& values) {
    out_ += '[';
    const char* separator = "";
    for (const auto& value : values) {
      out_ += std::exchange(separator, ",");
      write(value);
    }
    out_ += ']';
  }
  template <class T>
  void write(const std::map<std::string, T>& values) {
    out_ += '{';
    const char* separator = "";
    for (const auto& [key, value] : values) {
      out_ += std::exchange(separator, ",");
      write(key);
      out_ += ':';
      write(value);
    }
    out_ += '}';
  }
  template <class T>
  void write(const T& value) {
    if constexpr (std::is_enum_v<T>)
      write(EnumText<T>::text(value));
    else
      object(value);
  }

  std::string& out_;
  bool first_ = true;
};

/// Reads what `JsonWriter` wrote. After the first problem every read gives
/// empty values; `error` tells what it was.
class JsonReader {
public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  /// Reads the whole text as one object.
  template <class T>
  void document(T& x) {
    read(x);
    if (at_ != text_.size())
      problem("trailing characters");
  }

  template <class T>
  JsonReader& operator()(std::string_view key, T& value) {
    if (key_ == key && has_key_) {
      read(value);
      next_key();
    } else {
      value = T{};
    }
    return *this;
  }

  /// Empty: all is well.
  const std::string& error() const { return error_; }

private:
  /// True and one on when the next character is `c`.
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c)
      return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c))
      problem(std::string{"no '"} + c + "'");
  }
  void problem(std::string_view what);
  /// After a value, or at the beginning: the next key, or the object's end.
  void next_key();
  void read_key();
  template <class Number>
  void read_number(Number& value);
  /// A string without escapes, where ids and names stand.
  std::string_view plain_text();

  void read(bool& value);
  void read(std::int32_t& value);
  void read(std::int64_t& value);
  void read(std::uint64_t& value);
  void read(double& value);
  void read(std::string& value);
  void read(Digest128& value);
  void read(Digest256& value);
  void read(Money& value) { read(value.pico_usd); }
  void read(RunId& value);
  void read(SweepId& value);
  template <class Tag>
  void read(StrongId<Tag, Digest128>& value) {
    read(value.value);
  }
  void read(AccountId& value);
  template <class A, class B>
  void read(std::pair<A, B>& value) {
    expect('[');
    read(value.first);
    expect(',');
    read(value.second);
    expect(']');
  }
  template <class T>
  void read(std::optional<T>& value) {
    read(value.emplace());
  }
  template <class T>
  void read(std::vector<T>& values) {
    values.clear();
    expect('[');
    if (take(']'))
      return;
    do {
      read(values.emplace_back());
    } while (error_.empty() && take(','));
    expect(']');
  }
  template <class T>
  void read(std::map<std::string, T>& values) {
    values.clear();
    expect('{');
    if (take('}'))
      return;
    do {
      std::string key;
      read(key);
      expect(':');
      read(values[key]);
    } while (error_.empty() && take(','));
    expect('}');
  }
  template <class T>
  void read(T& value) {
    if constexpr (std::is_enum_v<T>) {
      const auto found = EnumText<T>::value(plain_text());
      if (found)
        value = *found;
      else
        problem("a name that is none of this version");
    } else {
      read_object(value);
    }
  }
  template <class T>
  void read_object(T& value) {
    const auto outer_key = key_;
    const bool outer_has = has_key_;
    expect('{');
    if (take('}'))
      has_key_ = false;
    else
      read_key();
    describe(*this, value);
    if (has_key_)
      problem("unknown key '" + std::string{key_} + "'");
    key_ = outer_key;
    has_key_ = outer_has;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string_view key_;
  bool has_key_ = false;
  std::string error_;
};

} // namespace lab::storage

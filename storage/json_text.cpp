#include "storage/json_text.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "runtime/base/text.hpp"

namespace lab::storage {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

void append_escape(std::string& out, unsigned code) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4)
    out += hex_digits[code >> static_cast<unsigned>(shift) & 15U];
}

/// Length of the well-formed character at `at`; 0 when there is none.
std::size_t character_size(std::string_view text, std::size_t at) {
  for (std::size_t size = 1; size <= 4 && at + size <= text.size(); ++size)
    if (is_utf8(text.substr(at, size)))
      return size;
  return 0;
}

/// A byte that is no UTF-8 is kept as a lone surrogate U+DC80 to U+DCFF, so
/// that any text comes back byte by byte.
constexpr unsigned stray_byte = 0xDC00;

void append_quoted(std::string& out, std::string_view text) {
  bool ascii = true;
  for (const char c : text)
    ascii = ascii && static_cast<unsigned char>(c) < 0x80;
  const bool clean = ascii || is_utf8(text);

  out += '"';
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool stray = byte >= 0x80 && !clean;
    if (byte >= 0x20 && byte != '"' && byte != '\\' && !stray)
      continue;
    if (stray) {
      const auto size = character_size(text, i);
      if (size > 0) {
        i += size - 1;
        continue;
      }
    }
    out += text.substr(copied, i - copied);
    copied = i + 1;
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += static_cast<char>(byte);
    } else if (byte == '\n') {
      out += "\\n";
    } else {
      append_escape(out, stray ? stray_byte + byte : byte);
    }
  }
  out += text.substr(copied);
  out += '"';
}

template <class Number>
void append_number(std::string& out, Number value) {
  char digits[32] = {};
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

std::optional<unsigned> hex_value(char c) {
  if (c >= '0' && c <= '9')
    return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f')
    return static_cast<unsigned>(c - 'a') + 10U;
  return std::nullopt;
}

} // namespace

void JsonWriter::write(std::int64_t value) { append_number(out_, value); }
void JsonWriter::write(std::uint64_t value) { append_number(out_, value); }

void JsonWriter::write(double value) {
  // JSON has no other numbers.
  if (std::isfinite(value))
    append_number(out_, value);
  else
    out_ += "null";
}

void JsonWriter::write(std::string_view value) { append_quoted(out_, value); }

void JsonWriter::write(const Digest128& value) {
  out_ += '"';
  out_ += to_string(value);
  out_ += '"';
}

void JsonWriter::write(const Digest256& value) {
  out_ += '"';
  out_ += to_string(value);
  out_ += '"';
}

void JsonReader::problem(std::string_view what) {
  if (!error_.empty())
    return;
  error_ = std::string{what} + " at byte " + std::to_string(at_);
  // Nothing after this is worth reading: every `take` fails from here on.
  text_ = {};
  at_ = 0;
  has_key_ = false;
}

void JsonReader::next_key() {
  if (take(','))
    return read_key();
  has_key_ = false;
  expect('}');
}

void JsonReader::read_key() {
  has_key_ = true;
  key_ = plain_text();
  expect(':');
}

std::string_view JsonReader::plain_text() {
  expect('"');
  const auto end = text_.find('"', at_);
  if (end == std::string_view::npos) {
    problem("a text without its end");
    return {};
  }
  const auto text = text_.substr(at_, end - at_);
  at_ = end + 1;
  return text;
}

template <class Number>
void JsonReader::read_number(Number& value) {
  value = {};
  const char* begin = text_.data() + at_;
  const auto [end, failed] =
    std::from_chars(begin, text_.data() + text_.size(), value);
  if (failed != std::errc{})
    return problem("no number");
  at_ += static_cast<std::size_t>(end - begin);
}

void JsonReader::read(std::int32_t& value) { read_number(value); }
void JsonReader::read(std::int64_t& value) { read_number(value); }
void JsonReader::read(std::uint64_t& value) { read_number(value); }

void JsonReader::read(double& value) {
  constexpr std::string_view no_number = "null";
  if (!text_.substr(at_).starts_with(no_number))
    return read_number(value);
  at_ += no_number.size();
  value = std::numeric_limits<double>::quiet_NaN();
}

void JsonReader::read(bool& value) {
  const auto rest = text_.substr(at_);
  value = rest.starts_with("true");
  if (!value && !rest.starts_with("false"))
    return problem("neither true nor false");
  at_ += value ? 4 : 5;
}

void JsonReader::read(std::string& value) {
  value.clear();
  expect('"');
  for (;;) {
    auto stop = at_;
    while (stop < text_.size() && text_[stop] != '"' && text_[stop] != '\\')
      ++stop;
    if (stop == text_.size())
      return problem("a text without its end");
    value += text_.substr(at_, stop - at_);
    at_ = stop + 1;
    if (text_[stop] == '"')
      return;
    if (take('n')) {
      value += '\n';
    } else if (take('"')) {
      value += '"';
    } else if (take('\\')) {
      value += '\\';
    } else if (take('u')) {
      unsigned code = 0;
      for (int i = 0; i < 4; ++i) {
        const auto digit =
          at_ < text_.size() ? hex_value(text_[at_]) : std::nullopt;
        if (!digit)
          return problem("an escape without its digits");
        code = code << 4U | *digit;
        ++at_;
      }
      // Only control characters and stray bytes are ever written this way.
      if (code >= 0x20
          && (code < stray_byte + 0x80 || code > stray_byte + 0xFF))
        return problem("an escape that is never written");
      value += static_cast<char>(code < 0x20 ? code : code - stray_byte);
    } else {
      return problem("an unknown escape");
    }
  }
}

void JsonReader::read(Digest128& value) {
  const auto digest = digest128_from(plain_text());
  if (!digest)
    return problem("no digest");
  value = *digest;
}

void JsonReader::read(Digest256& value) {
  const auto text = plain_text();
  if (text.size() != 64)
    return problem("no digest");
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto high = hex_value(text[2 * i]);
    const auto low = hex_value(text[2 * i + 1]);
    if (!high || !low)
      return problem("no digest");
    value[i] = static_cast<std::uint8_t>(*high << 4U | *low);
  }
}

void JsonReader::read(RunId& value) {
  const auto id = run_id_from(plain_text());
  if (!id)
    return problem("no run id");
  value = *id;
}

void JsonReader::read(SweepId& value) {
  const auto id = sweep_id_from(plain_text());
  if (!id)
    return problem("no sweep id");
  value = *id;
}

void JsonReader::read(AccountId& value) {
  std::string text;
  read(text);
  const auto id = account_id_from(text);
  if (!id)
    return problem("no account");
  value = *id;
}

} // namespace lab::storage

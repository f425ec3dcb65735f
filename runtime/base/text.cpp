#include "runtime/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace lab {

namespace {

struct Decoded {
  std::uint32_t code = 0;
  std::size_t size = 0; // 0: malformed
};

Decoded decode(std::string_view text, std::size_t at) {
  auto byte = [&](std::size_t i) -> std::uint32_t {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0;
  };
  auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const auto lead = byte(0);
  if (lead < 0x80)
    return {lead, 1};
  if (lead >= 0xC2 && lead <= 0xDF && tail(1))
    return {(lead & 0x1FU) << 6U | (byte(1) & 0x3FU), 2};
  if (lead >= 0xE0 && lead <= 0xEF && tail(1) && tail(2)) {
    const auto code =
      (lead & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
    if (code >= 0x800 && (code < 0xD800 || code > 0xDFFF))
      return {code, 3};
  }
  if (lead >= 0xF0 && lead <= 0xF4 && tail(1) && tail(2) && tail(3)) {
    const auto code = (lead & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U
                      | (byte(2) & 0x3FU) << 6U | (byte(3) & 0x3FU);
    if (code >= 0x10000 && code <= 0x10FFFF)
      return {code, 4};
  }
  return {};
}

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_unprintable(std::uint32_t code) {
  return (code < 0x20 && code != '\n' && code != '\t')
         || (code >= 0x7F && code < 0xA0)
         || (code >= 0x200B && code <= 0x200F) // zero width, marks
         || (code >= 0x2028 && code <= 0x202E) // separators, overrides
         || (code >= 0x2060 && code <= 0x206F) // invisible operators
         || code == 0xFEFF || (code >= 0xE0000 && code <= 0xE0FFF);
}

/// The end of the run of plain ASCII that begins at `at`. Prompts are made of
/// little else, and every call takes them through here several times.
std::size_t plain_end(std::string_view text, std::size_t at) {
  while (at < text.size()
         && ((text[at] >= 0x20 && text[at] < 0x7F) || text[at] == '\n'
             || text[at] == '\t'))
    ++at;
  return at;
}

/// The same for what stands in a JSON string as it is.
std::size_t unescaped_end(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != '"' && text[at] != '\\'
         && static_cast<unsigned char>(text[at]) >= 0x20 && text[at] != 0x7F)
    ++at;
  return at;
}

} // namespace

bool is_utf8(std::string_view text) {
  for (auto at = plain_end(text, 0); at < text.size();
       at = plain_end(text, at)) {
    const auto next = decode(text, at);
    if (next.size == 0)
      return false;
    at += next.size;
  }
  return true;
}

std::string to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto plain = plain_end(text, at);
    out += text.substr(at, plain - at);
    at = plain;
    if (at == text.size())
      break;
    const auto next = decode(text, at);
    out += next.size == 0 ? replacement : text.substr(at, next.size);
    at += std::max<std::size_t>(next.size, 1);
  }
  return out;
}

std::string json_quote(std::string_view text) {
  static constexpr std::string_view hex = "0123456789abcdef";
  if (!is_utf8(text))
    return json_quote(to_utf8(text));
  std::string out = "\"";
  out.reserve(text.size() + 2);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto plain = unescaped_end(text, at);
    out += text.substr(at, plain - at);
    at = plain;
    if (at == text.size())
      break;
    const char c = text[at];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += "\\u00";
      out += hex[byte >> 4U];
      out += hex[byte & 15U];
    }
  }
  return out + '"';
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto plain = plain_end(text, at);
    out += text.substr(at, plain - at);
    at = plain;
    if (at == text.size())
      break;
    const auto next = decode(text, at);
    if (next.size == 0)
      out += replacement;
    else if (!is_unprintable(next.code))
      out += text.substr(at, next.size);
    at += std::max<std::size_t>(next.size, 1);
  }
  return out;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string to_lower(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos)
      return parts;
    text.remove_prefix(at + 1);
  }
}

std::string join(const std::vector<std::string>& parts,
                 std::string_view separator) {
  std::string out;
  for (const auto& part : parts) {
    if (&part != &parts.front())
      out += separator;
    out += part;
  }
  return out;
}

std::optional<double> finite_number(std::string_view text) {
  double number = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end || !std::isfinite(number))
    return std::nullopt;
  return number;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Damerau's restricted distance, three rows.
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t differs = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + differs});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::optional<std::string> closest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  const auto folded = to_lower(word);
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  bool tied = false;
  for (const auto& candidate : candidates) {
    const auto distance = edit_distance(folded, to_lower(candidate));
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
      tied = false;
    } else if (best && distance == best_distance && candidate != *best) {
      tied = true;
    }
  }
  return tied ? std::nullopt : best;
}

} // namespace lab

#include "actors/parse/reply_text.hpp"

#include <algorithm>

#include "runtime/base/text.hpp"

namespace lab::actors {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool says_something(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || static_cast<unsigned char>(c) >= 0x80;
  });
}

std::string_view first_chars(std::string_view text, std::size_t count) {
  std::size_t chars = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool starts = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
    if (starts && chars++ == count)
      return text.substr(0, at);
  }
  return text;
}

/// Length of "- ", "* ", "• ", "3. " or "3) " at the start; 0 without one.
std::size_t bullet_size(std::string_view line) {
  for (const std::string_view bullet : {"- ", "* ", "+ ", "\u2022", "\u2013 "})
    if (line.substr(0, bullet.size()) == bullet)
      return bullet.size();
  std::size_t digits = 0;
  while (digits < line.size() && is_digit(line[digits]))
    ++digits;
  const bool numbered = digits > 0 && digits <= 2 && digits + 1 < line.size()
                        && (line[digits] == '.' || line[digits] == ')')
                        && line[digits + 1] == ' ';
  return numbered ? digits + 2 : 0;
}

bool is_nothing(std::string_view item) {
  const auto word = to_lower(trim(item));
  return !says_something(word) || word == "none" || word == "none."
         || word == "n/a";
}

} // namespace

std::string field_text(std::string_view text, std::size_t chars_max) {
  const auto clean = printable(text);
  const auto field = trim(first_chars(trim(clean), chars_max));
  return says_something(field) ? std::string{field} : std::string{};
}

std::vector<std::string> list_items(std::string_view text) {
  std::vector<std::string> items;
  bool bulleted = false;
  for (const auto& raw : split(text, '\n')) {
    const auto line = trim(raw);
    if (line.empty())
      continue;
    const auto bullet = bullet_size(line);
    if (bullet == 0 && bulleted) {
      items.back() += ' ' + std::string{line};
      continue;
    }
    bulleted = bulleted || bullet > 0;
    items.emplace_back(trim(line.substr(bullet)));
  }
  std::erase_if(items, is_nothing);
  return items;
}

std::vector<std::string> field_texts(const std::vector<std::string>& texts,
                                     std::size_t count_max,
                                     std::size_t chars_max) {
  std::vector<std::string> fields;
  for (const auto& text : texts) {
    if (fields.size() == count_max)
      break;
    if (auto field = field_text(text, chars_max); !field.empty())
      fields.push_back(std::move(field));
  }
  return fields;
}

std::string_view without_thoughts(std::string_view text) {
  constexpr std::string_view end = "</think>";
  const auto at = text.rfind(end);
  return at == std::string_view::npos ? text : text.substr(at + end.size());
}

} // namespace lab::actors

#include "tools/cli/text_table.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/check.hpp"

namespace lab::tools {

namespace {

constexpr std::size_t gap = 2; // blanks between columns

bool is_tail(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::string one_decimal(std::int64_t number, std::int64_t unit) {
  const auto tenths = (number * 10 + unit / 2) / unit;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

} // namespace

TextTable::TextTable(std::vector<std::pair<std::string, Align>> columns) {
  std::vector<std::string> head;
  for (auto& [name, align] : columns) {
    headed_ = headed_ || !name.empty();
    head.push_back(std::move(name));
    align_.push_back(align);
  }
  if (headed_)
    rows_.push_back(std::move(head));
}

void TextTable::row(std::vector<std::string> cells) {
  LAB_CHECK(cells.size() == align_.size(),
            "cells=" + std::to_string(cells.size()));
  rows_.push_back(std::move(cells));
}

std::string TextTable::text(std::string_view indent) const {
  std::vector<std::size_t> widths(align_.size(), 0);
  for (const auto& cells : rows_)
    for (std::size_t i = 0; i < cells.size(); ++i)
      widths[i] = std::max(widths[i], width_of(cells[i]));
  std::string out;
  for (const auto& cells : rows_) {
    std::string line{indent};
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0)
        line.append(gap, ' ');
      line += pad(cells[i], widths[i], align_[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::size_t width_of(std::string_view text) {
  const auto tails = std::count_if(text.begin(), text.end(), is_tail);
  return text.size() - static_cast<std::size_t>(tails);
}

std::string pad(std::string text, std::size_t width, Align align) {
  const auto have = width_of(text);
  if (have >= width)
    return text;
  const std::string blanks(width - have, ' ');
  return align == Align::left ? text + blanks : blanks + text;
}

std::string shorten(std::string_view text, std::size_t width) {
  if (width_of(text) <= width)
    return std::string{text};
  std::size_t end = 0;
  for (std::size_t kept = 0; end < text.size(); ++end)
    if (!is_tail(text[end]) && ++kept == width)
      break;
  return std::string{text.substr(0, end)} + "…";
}

std::string grouped(std::int64_t number) {
  auto digits = std::to_string(number);
  const auto first = static_cast<std::size_t>(number < 0 ? 1 : 0);
  for (auto at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string compact(std::int64_t number) {
  constexpr std::int64_t thousand = 1000;
  if (number < thousand)
    return std::to_string(number);
  if (number < thousand * thousand)
    return one_decimal(number, thousand) + "k";
  if (number < thousand * thousand * thousand)
    return one_decimal(number, thousand * thousand) + "M";
  return one_decimal(number, thousand * thousand * thousand) + "B";
}

std::string duration_text(std::int64_t seconds) {
  if (seconds < 120)
    return std::to_string(seconds) + " s";
  const auto minutes = (seconds + 30) / 60;
  if (minutes < 60)
    return std::to_string(minutes) + " min";
  const auto hours = minutes / 60;
  if (hours < 48)
    return std::to_string(hours) + " h " + std::to_string(minutes % 60)
           + " min";
  return std::to_string(hours / 24) + " d " + std::to_string(hours % 24) + " h";
}

std::string count_of(std::int64_t count, std::string_view noun) {
  return grouped(count) + " " + std::string{noun} + (count == 1 ? "" : "s");
}

} // namespace lab::tools

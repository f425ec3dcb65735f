#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lab::tools {

enum class Align : std::uint8_t { left, right };

/// Rows of text as columns that line up. Widths count characters, not bytes.
class TextTable {
public:
  /// @param columns  heading and alignment; headings may all be empty
  explicit TextTable(std::vector<std::pair<std::string, Align>> columns);

  /// As many cells as columns.
  void row(std::vector<std::string> cells);

  /// Each line begins with `indent` and ends without blanks.
  std::string text(std::string_view indent = "") const;

private:
  std::vector<Align> align_;
  std::vector<std::vector<std::string>> rows_;
  bool headed_ = false;
};

/// Number of characters.
std::size_t width_of(std::string_view text);

/// `text` with blanks up to `width` characters.
std::string pad(std::string text, std::size_t width, Align align = Align::left);

/// At most `width` characters; a cut one ends in "…".
std::string shorten(std::string_view text, std::size_t width);

/// "14,092": groups of three digits.
std::string grouped(std::int64_t number);

/// "950", "12.4k", "3.9M", "1.2B": for token counts.
std::string compact(std::int64_t number);

/// "14 s", "12 min", "7 h 20 min", "2 d 4 h".
std::string duration_text(std::int64_t seconds);

/// "1 run", "24 runs".
std::string count_of(std::int64_t count, std::string_view noun);

} // namespace lab::tools

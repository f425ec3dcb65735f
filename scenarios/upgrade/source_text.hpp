#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/yaml.hpp"

namespace lab::scenarios {

/// A file's bytes, and the places in them that marks of the parsed file name.
/// A byte-order mark and the ends of lines stay as they are.
class SourceText {
public:
  explicit SourceText(std::string bytes);

  const std::string& bytes() const { return bytes_; }
  int line_count() const { return static_cast<int>(lines_.size()); }
  /// Without its end; empty outside of the file.
  std::string_view line(int number) const;
  /// Columns of blanks before the first letter.
  int indent(int number) const;
  bool is_blank(int number) const;
  /// Nothing but a comment.
  bool is_comment(int number) const;

  std::size_t offset(yaml::Mark mark) const;
  /// Of the line's first byte; the file's size behind the last line.
  std::size_t line_begin(int number) const;
  char at(yaml::Mark mark) const;
  /// How the file ends its lines: "\n" or "\r\n".
  const std::string& line_end() const { return line_end_; }
  bool ends_with_line_end() const;

private:
  struct Line {
    std::size_t begin = 0;
    std::size_t end = 0; // before the line's end
  };

  std::string bytes_;
  std::vector<Line> lines_;
  std::string line_end_ = "\n";
};

/// Changes to a file, none of which touches another's bytes. Everything that
/// no change names stays byte by byte.
class TextEdits {
public:
  explicit TextEdits(const SourceText& text) : text_(text) {}

  void replace(yaml::Mark from, yaml::Mark to, std::string with);
  /// Puts whole lines before line `number`, or at the end of the file.
  /// @param lines  without the last one's end
  void insert_lines(int number, const std::string& lines);
  void replace_lines(int first, int last, const std::string& lines);
  void erase_lines(int first, int last);
  /// Makes lines comments at the column of the first. Comments stay.
  void comment_out(int first, int last);
  /// Moves lines to the right, or to the left where columns are negative.
  void shift(int first, int last, int columns);

  bool empty() const { return edits_.empty(); }
  /// Two changes claim the same bytes: the file is laid out in a way that
  /// cannot be edited, and `apply` would leave one of them out.
  bool overlap() const;
  std::string apply() const;
  /// The changed text of some lines, without the last one's end. Changes must
  /// not reach out of them.
  std::string apply_to(int first, int last) const;

private:
  struct Edit {
    std::size_t begin = 0;
    std::size_t end = 0;
    int rank = 1; // whole lines (0) stand before changes of the line behind
    std::string text;
  };

  std::vector<Edit> in_order() const;
  std::string with_line_ends(const std::string& lines) const;
  std::string apply_between(std::size_t begin, std::size_t end) const;

  const SourceText& text_;
  std::vector<Edit> edits_;
};

} // namespace lab::scenarios

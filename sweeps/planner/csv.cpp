#include "sweeps/planner/csv.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/text.hpp"
#include "sweeps/planner/manifest_keys.hpp"

namespace lab::sweeps {

namespace {

/// Takes the text to pieces: cells are scalars with their places.
class CsvReader {
public:
  CsvReader(std::string_view text, yaml::Document& document, Findings& findings)
    : text_(text), document_(document), findings_(findings) {}

  /// Rows of cells; nothing after an error.
  std::optional<std::vector<std::vector<yaml::Node>>> read() {
    std::vector<std::vector<yaml::Node>> rows;
    while (at_ < text_.size() && sound_) {
      auto row = read_row();
      const bool blank =
        row.size() == 1 && row.front().scalar.empty() && !row.front().quoted;
      if (!blank)
        rows.push_back(std::move(row));
    }
    if (!sound_)
      return std::nullopt;
    return rows;
  }

private:
  bool at_line_end() const {
    return at_ >= text_.size() || text_[at_] == '\n' || is_crlf();
  }
  bool is_crlf() const {
    return text_[at_] == '\r'
           && (at_ + 1 == text_.size() || text_[at_ + 1] == '\n');
  }

  void step() {
    if (text_[at_++] == '\n') {
      ++mark_.line;
      mark_.column = 1;
    } else {
      ++mark_.column;
    }
  }

  std::vector<yaml::Node> read_row() {
    std::vector<yaml::Node> row;
    row.push_back(read_cell());
    while (sound_ && at_ < text_.size() && text_[at_] == ',') {
      step();
      row.push_back(read_cell());
    }
    while (sound_ && at_ < text_.size() && at_line_end()) {
      const bool last = text_[at_] == '\n';
      step();
      if (last)
        break;
    }
    return row;
  }

  yaml::Node read_cell() {
    auto cell = yaml::Node::plain({});
    cell.mark = mark_;
    if (at_ < text_.size() && text_[at_] == '"') {
      read_quoted(cell);
      return cell;
    }
    while (!at_line_end() && text_[at_] != ',') {
      if (text_[at_] == '"') {
        refuse(cell, "a quote stands in a cell that does not begin with one",
               "put the whole cell into quotes and write \"\" for each inside");
        return cell;
      }
      cell.scalar += text_[at_];
      step();
    }
    cell.end = mark_;
    return cell;
  }

  void read_quoted(yaml::Node& cell) {
    cell.quoted = true;
    step();
    while (at_ < text_.size()) {
      if (text_[at_] == '"') {
        step();
        if (at_ >= text_.size() || text_[at_] != '"') {
          cell.end = mark_;
          if (!at_line_end() && text_[at_] != ',')
            refuse(cell, "something follows the closing quote of a cell",
                   "write \"\" for a quote inside the cell");
          return;
        }
      }
      cell.scalar += text_[at_];
      step();
    }
    cell.end = {cell.mark.line, cell.mark.column + 1};
    refuse(cell, "the quote of this cell is never closed",
           "close it with another \"");
  }

  void refuse(yaml::Node cell, std::string message, std::string help) {
    if (cell.end.line == 0)
      cell.end = {cell.mark.line, cell.mark.column + 1};
    error_at(document_, cell, findings_, "S433", std::move(message), {})
      .help.push_back(std::move(help));
    sound_ = false;
  }

  std::string_view text_;
  yaml::Document& document_;
  Findings& findings_;
  std::size_t at_ = 0;
  yaml::Mark mark_{1, 1};
  bool sound_ = true;
};

bool check_header(const yaml::Document& document,
                  const std::vector<yaml::Node>& header, Findings& findings) {
  std::vector<std::string> seen;
  for (const auto& cell : header) {
    const auto problem = cell.scalar.empty()
                           ? std::string{"a column has no name"}
                         : std::ranges::find(seen, cell.scalar) != seen.end()
                           ? "the column `" + cell.scalar + "` stands twice"
                           : std::string{};
    seen.push_back(cell.scalar);
    if (problem.empty())
      continue;
    error_at(document, cell, findings, "S433", problem, {})
      .help.emplace_back("the first row names a factor, or `label`, in each "
                         "column");
    return false;
  }
  return true;
}

} // namespace

std::optional<yaml::Document>
read_csv(std::string_view text, const std::string& file, Findings& findings) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark))
    text.remove_prefix(byte_order_mark.size());
  yaml::Document document;
  document.file = file;
  document.lines = split(text, '\n');
  for (auto& line : document.lines)
    if (line.ends_with('\r'))
      line.pop_back();
  document.root = yaml::Node::list({});
  const auto rows = CsvReader{text, document, findings}.read();
  if (!rows)
    return std::nullopt;
  if (rows->empty()) {
    document.root.mark = {1, 1};
    error_at(document, document.root, findings, "S433", "this file has no rows",
             {})
      .help.emplace_back("the first row names the factors, each other row is "
                         "a point");
    return std::nullopt;
  }
  const auto& header = rows->front();
  if (!check_header(document, header, findings))
    return std::nullopt;
  bool sound = true;
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const auto& row = (*rows)[i];
    if (row.size() != header.size()) {
      error_at(document, row.front(), findings, "S433",
               "this row has " + std::to_string(row.size())
                 + " cells, the first one " + std::to_string(header.size()),
               {})
        .help.emplace_back("leave a cell empty where a factor keeps the "
                           "scenario's value, but write its comma");
      sound = false;
      continue;
    }
    auto& point = document.root.items.emplace_back(yaml::Node::map());
    point.mark = row.front().mark;
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (row[c].scalar.empty())
        continue;
      auto cell = row[c];
      cell.quoted = false; // quotes are CSV's, not the value's
      point.entries.push_back({header[c].scalar, header[c].mark, cell});
    }
  }
  if (!sound)
    return std::nullopt;
  return document;
}

} // namespace lab::sweeps

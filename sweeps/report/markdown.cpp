#include "runtime/base/text.hpp"
#include "sweeps/report/document.hpp"

namespace lab::sweeps::report {

namespace {

/// Stands for itself in running text and in a cell.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '\n' || c == '\t') {
      out += ' ';
      continue;
    }
    if (c == '\\' || c == '`' || c == '*' || c == '_' || c == '[' || c == ']'
        || c == '<' || c == '>' || c == '|' || c == '#')
      out += '\\';
    out += c;
  }
  return out;
}

struct ToMarkdown {
  std::string out;

  void operator()(const Heading& x) {
    out += std::string(static_cast<std::size_t>(x.level), '#') + " "
           + escaped(x.text) + "\n\n";
  }
  void operator()(const Paragraph& x) { out += escaped(x.text) + "\n\n"; }
  void operator()(const Notice& x) {
    out += "> **" + escaped(x.text) + "**\n\n";
  }
  void operator()(const Bullets& x) {
    for (const auto& item : x.items)
      out += "- " + escaped(item) + "\n";
    out += "\n";
  }
  void operator()(const Table& x) {
    if (!x.caption.empty())
      out += escaped(x.caption) + "\n\n";
    out += "|";
    for (const auto& column : x.columns)
      out += " " + escaped(column.title) + " |";
    out += "\n|";
    for (const auto& column : x.columns)
      out += column.is_number ? "---:|" : "---|";
    out += "\n";
    for (const auto& row : x.rows) {
      out += "|";
      for (const auto& cell : row)
        out += " " + escaped(cell) + " |";
      out += "\n";
    }
    out += "\n";
  }
  void operator()(const Figures& x) {
    for (const auto& figure : x.each)
      out += "*Figure, in report.html: " + escaped(figure.caption) + "*\n\n";
  }
  void operator()(const Verbatim& x) {
    out += escaped(x.caption) + "\n\n";
    for (const auto& line : split(printable(x.text), '\n'))
      out += line.empty() ? "\n" : "    " + line + "\n";
    out += "\n";
  }
};

} // namespace

std::string to_markdown(const Document& document) {
  ToMarkdown writer;
  writer.out = "# " + escaped(document.title) + "\n\n";
  for (const auto& block : document.blocks)
    std::visit(writer, block);
  while (writer.out.ends_with("\n\n"))
    writer.out.pop_back();
  return std::move(writer.out);
}

} // namespace lab::sweeps::report

#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

// A report as blocks of plain text, tables and drawings, written once and shown
// as Markdown and as HTML. Texts are data: each form escapes them its own way.

namespace lab::sweeps::report {

struct Heading {
  int level = 2; // 2 to 4
  std::string text;
};

struct Paragraph {
  std::string text;
};

/// Must be seen: "SIMULATED", "half finished".
struct Notice {
  std::string text;
};

struct Bullets {
  std::vector<std::string> items;
};

struct TableColumn {
  std::string title;
  bool is_number = false; // right-aligned
};

struct Table {
  std::string caption;
  std::vector<TableColumn> columns;
  std::vector<std::vector<std::string>> rows; // as many cells as columns
};

/// A drawing. Markdown shows its caption alone: what it draws stands in a table
/// of its section too.
struct Figure {
  std::string caption;
  std::string svg; // an <svg> element, well-formed
};

/// Drawings side by side where there is room.
struct Figures {
  std::vector<Figure> each;
};

/// Code or a file, as it is.
struct Verbatim {
  std::string caption;
  std::string text;
};

using Block =
  std::variant<Heading, Paragraph, Notice, Bullets, Table, Figures, Verbatim>;

struct Document {
  std::string title;
  std::vector<Block> blocks;

  void add(Block block) { blocks.push_back(std::move(block)); }
};

/// CommonMark with pipe tables.
std::string to_markdown(const Document& document);

/// One XHTML-conformant HTML5 page that needs no network and prints well.
std::string to_html(const Document& document);

/// `text` inside an element or a quoted attribute. Characters that no XML
/// document may hold are left out.
std::string escape_xml(const std::string& text);

} // namespace lab::sweeps::report

#include "runtime/base/text.hpp"
#include "sweeps/report/document.hpp"

namespace lab::sweeps::report {

namespace {

// Black on white, as it will be printed. Blue and orange of Okabe and Ito
// (2008) stay apart for colour-blind readers, and shapes differ as well.
constexpr const char* style = R"(
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.5rem 4rem;
  background: #fff; color: #111;
  font: 16px/1.5 system-ui, "Segoe UI", "Helvetica Neue", "Liberation Sans",
    Arial, sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .6rem; }
h2 { font-size: 1.35rem; margin: 2.4rem 0 .6rem; padding-top: .5rem;
  border-top: 1px solid #bbb; }
h3 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
h4 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
p { margin: .5rem 0; max-width: 46rem; }
ul { margin: .5rem 0; padding-left: 1.3rem; max-width: 46rem; }
li { margin: .25rem 0; }
.notice { border: 2px solid #111; padding: .5rem .8rem; margin: .8rem 0;
  font-weight: 600; max-width: none; }
.wide { overflow-x: auto; margin: .8rem 0 1.2rem; }
table { border-collapse: collapse; font-size: .9rem;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .2rem 0 .4rem; color: #333; }
th, td { padding: .25rem .7rem .25rem 0; text-align: left;
  vertical-align: top; border-bottom: 1px solid #ddd; }
th { border-bottom: 1.5px solid #111; font-weight: 600; }
td.n, th.n { text-align: right; white-space: nowrap; }
.figures { display: flex; flex-wrap: wrap; gap: 1.2rem; margin: .8rem 0; }
figure { margin: 0; max-width: 100%; }
/* As wide as its drawing, whatever it says. */
figcaption { font-size: .85rem; color: #333; margin: 0 0 .3rem;
  width: 0; min-width: 100%; }
svg { display: block; max-width: 100%; height: auto; }
pre { background: #f6f6f6; border: 1px solid #ddd; padding: .7rem;
  overflow-x: auto; font-size: .8rem; line-height: 1.35; }
svg text { font-family: system-ui, "Segoe UI", "Helvetica Neue",
  "Liberation Sans", Arial, sans-serif; fill: #111; }
@page { margin: 16mm 14mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; color: #000; }
  h2, h3, h4, caption, thead { break-after: avoid; }
  figure, tr, li, .notice { break-inside: avoid; }
  thead { display: table-header-group; }
  .wide { overflow: visible; }
  pre { white-space: pre-wrap; overflow: visible; }
}
)";

std::string cell(const char* tag, bool is_number, const std::string& text) {
  return std::string{"<"} + tag + (is_number ? " class=\"n\">" : ">")
         + escape_xml(text) + "</" + tag + ">";
}

struct ToHtml {
  std::string out;

  void operator()(const Heading& x) {
    const auto tag = "h" + std::to_string(x.level);
    out += "<" + tag + ">" + escape_xml(x.text) + "</" + tag + ">\n";
  }
  void operator()(const Paragraph& x) {
    out += "<p>" + escape_xml(x.text) + "</p>\n";
  }
  void operator()(const Notice& x) {
    out += "<p class=\"notice\" role=\"note\">" + escape_xml(x.text) + "</p>\n";
  }
  void operator()(const Bullets& x) {
    out += "<ul>\n";
    for (const auto& item : x.items)
      out += "<li>" + escape_xml(item) + "</li>\n";
    out += "</ul>\n";
  }
  void operator()(const Table& x) {
    out += "<div class=\"wide\"><table>\n";
    if (!x.caption.empty())
      out += "<caption>" + escape_xml(x.caption) + "</caption>\n";
    out += "<thead><tr>";
    for (const auto& column : x.columns)
      out += cell("th", column.is_number, column.title);
    out += "</tr></thead>\n<tbody>\n";
    for (const auto& row : x.rows) {
      out += "<tr>";
      for (std::size_t i = 0; i < row.size(); ++i)
        out += cell("td", x.columns[i].is_number, row[i]);
      out += "</tr>\n";
    }
    out += "</tbody></table></div>\n";
  }
  void operator()(const Figures& x) {
    out += "<div class=\"figures\">\n";
    for (const auto& figure : x.each)
      out += "<figure><figcaption>" + escape_xml(figure.caption)
             + "</figcaption>\n" + figure.svg + "\n</figure>\n";
    out += "</div>\n";
  }
  void operator()(const Verbatim& x) {
    out += "<p>" + escape_xml(x.caption) + "</p>\n<pre>" + escape_xml(x.text)
           + "</pre>\n";
  }
};

} // namespace

std::string escape_xml(const std::string& text) {
  std::string out;
  for (const char c : printable(to_utf8(text))) {
    switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default:
      out += c;
    }
  }
  return out;
}

std::string to_html(const Document& document) {
  ToHtml writer;
  writer.out =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
    "<meta charset=\"utf-8\"/>\n"
    "<meta name=\"viewport\" content=\"width=device-width, "
    "initial-scale=1\"/>\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
    "&#39;none&#39;; style-src &#39;unsafe-inline&#39;\"/>\n"
    "<title>"
    + escape_xml(document.title) + "</title>\n<style>" + style
    + "</style>\n</head>\n<body>\n<main>\n<h1>" + escape_xml(document.title)
    + "</h1>\n";
  for (const auto& block : document.blocks)
    std::visit(writer, block);
  return writer.out + "</main>\n</body>\n</html>\n";
}

} // namespace lab::sweeps::report

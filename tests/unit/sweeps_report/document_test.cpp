#include <gtest/gtest.h>

#include "sweeps/report/document.hpp"
#include "tests/unit/sweeps_report/xml_check.hpp"

namespace lab::sweeps::report {

namespace {

using testing::xml_fault;

Document everything(const std::string& text) {
  Document document;
  document.title = text;
  document.add(Heading{2, text});
  document.add(Paragraph{text});
  document.add(Notice{text});
  document.add(Bullets{{text, text}});
  document.add(Table{text, {{text, false}, {"n", true}}, {{text, "1"}}});
  document.add(Figures{{{text, "<svg width=\"1\"><g/></svg>"}}});
  document.add(Verbatim{text, text + "\n\n" + text});
  return document;
}

TEST(ReportDocument, MarkdownHoldsEveryBlock) {
  EXPECT_EQ(to_markdown(everything("word")),
            "# word\n\n"
            "## word\n\n"
            "word\n\n"
            "> **word**\n\n"
            "- word\n- word\n\n"
            "word\n\n"
            "| word | n |\n|---|---:|\n| word | 1 |\n\n"
            "*Figure, in report.html: word*\n\n"
            "word\n\n"
            "    word\n\n    word\n");
}

TEST(ReportDocument, TextsStandForThemselvesInMarkdown) {
  const auto text =
    to_markdown(everything("a|b *c* <script> [x](y) `z`\nnew line # 1_2"));

  EXPECT_NE(
    text.find("| a\\|b \\*c\\* \\<script\\> \\[x\\](y) \\`z\\` new line "
              "\\# 1\\_2 | 1 |"),
    std::string::npos)
    << text;
}

TEST(ReportDocument, PagesAreWellFormedWhateverTextsHold) {
  for (const std::string text :
       {"word", "<script>alert('x')</script>", "a & b \"c\" 'd'",
        "]]> --> <!--", "bad \xFF utf-8 \x01 \x0B", "Zürich 調 🌊"}) {
    const auto page = to_html(everything(text));
    EXPECT_EQ(xml_fault(page), "") << text;
    EXPECT_EQ(page.find("<script"), std::string::npos);
    EXPECT_EQ(page.find('\x01'), std::string::npos);
  }
}

TEST(ReportDocument, PagesNeedNoNetworkAndPrintInBlack) {
  const auto page = to_html(everything("word"));

  for (const auto* outside : {"src=", "href=", "@import", "url(", "<link"})
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
  // Names of namespaces are no addresses.
  auto rest = page;
  for (const std::string name :
       {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"})
    for (std::size_t at = 0; (at = rest.find(name)) != std::string::npos;)
      rest.erase(at, name.size());
  EXPECT_EQ(rest.find("://"), std::string::npos);
  EXPECT_NE(page.find("@media print"), std::string::npos);
  EXPECT_NE(page.find("default-src &#39;none&#39;"), std::string::npos);
}

TEST(ReportDocument, TheCheckOfTheseTestsFindsFaults) {
  EXPECT_NE(xml_fault("<p>a"), "");
  EXPECT_NE(xml_fault("<p>a & b</p>"), "");
  EXPECT_NE(xml_fault("<p><b></p></b>"), "");
  EXPECT_NE(xml_fault("<p title=\"a & b\"/>"), "");
  EXPECT_NE(xml_fault("<p>1 < 2</p>"), "");
  EXPECT_EQ(xml_fault("<p title=\"a &gt; b\">c<br/></p>"), "");
}

} // namespace

} // namespace lab::sweeps::report

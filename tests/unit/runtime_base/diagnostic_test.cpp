#include <gtest/gtest.h>

#include "runtime/base/diagnostic.hpp"

namespace lab {
namespace {

Diagnostic misspelt_key() {
  Diagnostic finding;
  finding.code = "S104";
  finding.message = "unknown key `on_exhaused` in `budget`";
  finding.file = "sweeps/x.yaml";
  finding.line = 51;
  finding.column = 3;
  finding.end_column = 14;
  finding.source = "  on_exhaused: pause";
  finding.label = "not a budget key";
  finding.help = {"did you mean `on_exhausted`?"};
  return finding;
}

TEST(Diagnostic, ShowsThePlaceTheLineAndTheHelp) {
  EXPECT_EQ(render(misspelt_key()),
            "error[S104]: unknown key `on_exhaused` in `budget`\n"
            "  --> sweeps/x.yaml:51:3\n"
            "   |\n"
            "51 |   on_exhaused: pause\n"
            "   |   ^^^^^^^^^^^ not a budget key\n"
            "   |\n"
            "   = help: did you mean `on_exhausted`?\n");
}

TEST(Diagnostic, WithoutAPlacePrintsNoExcerpt) {
  Diagnostic finding;
  finding.severity = Severity::warning;
  finding.code = "P310";
  finding.message = "no answer";
  finding.notes = {"needed by: eu"};

  EXPECT_EQ(render(finding), "warning[P310]: no answer\n"
                             "   = note: needed by: eu\n");
}

TEST(Diagnostic, AlignsCaretsBehindTabsAndLettersOfManyBytes) {
  auto finding = misspelt_key();
  finding.line = 5;
  finding.source = "\tgröße: é!";
  finding.column = 11; // behind tab, 5 letters of 7 bytes, colon and blank
  finding.end_column = 13;
  finding.label.clear();
  finding.help.clear();

  EXPECT_EQ(render(finding), "error[S104]: unknown key `on_exhaused` in "
                             "`budget`\n"
                             " --> sweeps/x.yaml:5:11\n"
                             "  |\n"
                             "5 | \tgröße: é!\n"
                             "  | \t       ^\n");
}

TEST(Diagnostic, ShowsAWindowOfAVeryLongLine) {
  auto finding = misspelt_key();
  finding.source = std::string(5000, 'x') + "MARK" + std::string(5000, 'y');
  finding.column = 5001;
  finding.end_column = 5005;

  const auto text = render(finding);

  EXPECT_LT(text.size(), 600U);
  EXPECT_NE(text.find("51 | …xxxx"), std::string::npos) << text;
  EXPECT_NE(text.find("xMARKy"), std::string::npos) << text;
  EXPECT_NE(text.find("^^^^ not"), std::string::npos) << text;
  EXPECT_EQ(text.find("^^^^^"), std::string::npos) << text;
}

TEST(Diagnostic, SurvivesAColumnBehindTheLine) {
  auto finding = misspelt_key();
  finding.column = 900;
  finding.end_column = 905;

  EXPECT_NE(render(finding).find("^ not a budget key"), std::string::npos);
}

TEST(Diagnostic, KeepsControlCharactersOffTheTerminal) {
  auto finding = misspelt_key();
  finding.message = "bad \x1b[31mkey";

  EXPECT_EQ(render(finding).find('\x1b'), std::string::npos);
}

TEST(Diagnostic, BecomesOneJsonObject) {
  auto finding = misspelt_key();
  finding.path = "budget.on_exhaused";

  EXPECT_EQ(to_json(finding),
            R"({"code":"S104","severity":"error",)"
            R"("message":"unknown key `on_exhaused` in `budget`",)"
            R"("file":"sweeps/x.yaml","line":51,"column":3,"end_column":14,)"
            R"("path":"budget.on_exhaused",)"
            R"("help":["did you mean `on_exhausted`?"],"notes":[]})");
}

TEST(Findings, AreOrderedByFileThenPlace) {
  Findings findings;
  for (const int line : {9, 2, 5}) {
    auto finding = misspelt_key();
    finding.line = line;
    findings.add(finding);
  }
  auto earlier = misspelt_key();
  earlier.file = "a.yaml";
  findings.add(earlier);

  findings.sort();

  std::vector<int> lines;
  for (const auto& finding : findings.all())
    lines.push_back(finding.line);
  EXPECT_EQ(lines, (std::vector{51, 2, 5, 9}));
}

TEST(Findings, BeyondTheFirstTwentyAreCounted) {
  Findings findings;
  for (int i = 0; i < 23; ++i) {
    auto finding = misspelt_key();
    finding.severity = i < 21 ? Severity::error : Severity::warning;
    findings.add(finding);
  }

  const auto text = render(findings);

  EXPECT_NE(text.find("\nand 3 more findings, 1 error among them\n"),
            std::string::npos)
    << text;
}

TEST(Findings, HaveErrorsOnlyWhenOneIsAnError) {
  Findings findings;
  auto finding = misspelt_key();
  finding.severity = Severity::warning;
  findings.add(finding);
  EXPECT_FALSE(findings.has_errors());

  findings.add(misspelt_key());

  EXPECT_TRUE(findings.has_errors());
}

} // namespace
} // namespace lab

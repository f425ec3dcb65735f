#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "tools/cli/explain.hpp"

namespace lab::tools {
namespace {

namespace fs = std::filesystem;

/// Every finding code that stands in a source file as a whole literal.
std::set<std::string> codes_in_sources() {
  std::set<std::string> codes;
  const std::regex code{"\"([YSBPRU][0-9]{3})\""};
  for (const auto* room : {"runtime", "actors", "llm", "storage", "scenarios",
                           "sweeps", "tools/cli", "tools/wiring"})
    for (const auto& entry :
         fs::recursive_directory_iterator{fs::path{LAB_SOURCE_DIR} / room}) {
      if (entry.path().extension() != ".cpp")
        continue;
      std::ostringstream text;
      text << std::ifstream{entry.path()}.rdbuf();
      const auto source = text.str();
      for (std::sregex_iterator hit{source.begin(), source.end(), code}, end;
           hit != end; ++hit)
        codes.insert((*hit)[1]);
    }
  return codes;
}

TEST(Explain, EveryCodeThatTheProgramCanShowIsExplained) {
  const auto codes = codes_in_sources();

  EXPECT_GT(codes.size(), 80U);
  for (const auto& code : codes)
    EXPECT_FALSE(explanation_of(error_index(), code).empty())
      << "docs/errors.md needs a section `### " << code << " …`";
}

TEST(Explain, NoCodeIsExplainedTwice) {
  const auto codes = explained_codes(error_index());

  EXPECT_EQ(std::set(codes.begin(), codes.end()).size(), codes.size());
}

TEST(Explain, ASectionIsToldWithoutItsNeighbours) {
  EXPECT_EQ(explanation_of("## Codes\n\n### A1 one\nFirst.\n\n### A12 two\n"
                           "Second.\n\n## End\nx\n",
                           "A1"),
            "A1 one\nFirst.");
}

TEST(Explain, AnUnknownCodeHasNoSection) {
  EXPECT_EQ(explanation_of(error_index(), "X999"), "");
}

} // namespace
} // namespace lab::tools

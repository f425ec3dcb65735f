#include <gtest/gtest.h>

#include "sweeps/expression/read_expression.hpp"
#include "sweeps/expression/sweep_scopes.hpp"

namespace lab::sweeps {
namespace {

std::string findings_of(const std::string& yaml) {
  Findings findings;
  const auto document = yaml::parse(yaml, "x.yaml", findings);
  if (document)
    read_expression(*document, *document->root.find("when"), stop_scope(),
                    {Type::truth}, "S430", "when", findings);
  return render(findings);
}

TEST(ReadExpression, MarksThePieceInQuotes) {
  EXPECT_EQ(findings_of("a: 1\nwhen: \"meen(trust) < 3\"\n"),
            "error[S430]: there is no function `meen`\n"
            " --> x.yaml:2:8\n"
            "  |\n"
            "2 | when: \"meen(trust) < 3\"\n"
            "  |        ^^^^\n"
            "  |\n"
            "  = help: did you mean `mean`?\n"
            "  = note: functions: abs, ci_halfwidth, count, max, mean, min, "
            "morris_ci, morris_mu, provider.error_rate, quantile, sd, share, "
            "sobol_ci\n");
}

TEST(ReadExpression, MarksThePieceWithoutQuotes) {
  EXPECT_EQ(findings_of("when: mean(trust) < 3s\n"),
            "error[S430]: `<` cannot compare a number and a length of time\n"
            " --> x.yaml:1:7\n"
            "  |\n"
            "1 | when: mean(trust) < 3s\n"
            "  |       ^^^^^^^^^^^^^^^^\n");
}

TEST(ReadExpression, SaysWhereItIsInATextOverSeveralLines) {
  const auto found = findings_of("when: >\n  mean(trust)\n  < = 3\n");

  EXPECT_NE(found.find("a value should stand here, not `=`"), std::string::npos)
    << found;
  EXPECT_NE(found.find("at byte 15 of the expression"), std::string::npos)
    << found;
}

TEST(ReadExpression, RefusesWhatIsNoText) {
  EXPECT_NE(findings_of("when: [a, b]\n")
              .find("an expression should stand here, not a list"),
            std::string::npos);
}

} // namespace
} // namespace lab::sweeps

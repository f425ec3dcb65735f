#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tools/dev/fake_provider/faults.hpp"

namespace lab::tools::fake {
namespace {

FaultScript script_of(std::string_view text, std::uint64_t seed = 1) {
  auto script = FaultScript::parse(text, seed);
  EXPECT_TRUE(script) << script.error().context;
  return script ? std::move(*script) : FaultScript{};
}

Received request(std::uint64_t index, std::string_view body = "{}",
                 std::string_view header = {}) {
  Received received;
  received.index = index;
  received.body = body;
  received.header = [header](std::string_view name) {
    return name == "x-fault" ? header : std::string_view{};
  };
  return received;
}

TEST(FaultScript, ARuleStrikesTheRequestsItNames) {
  auto script = script_of(R"({"rules": [
    {"index": 2, "fault": "hang"},
    {"from": 10, "to": 16, "every": 3, "fault": "empty"},
    {"header": "x-fault", "value": "html", "fault": "html"},
    {"contains": "poison", "times": 1, "fault": "reset"}]})");

  EXPECT_EQ(script.pick(request(1)), nullptr);
  EXPECT_EQ(script.pick(request(2))->kind, FaultKind::hang);
  std::vector<std::uint64_t> struck;
  for (std::uint64_t i = 9; i < 20; ++i)
    if (script.pick(request(i)))
      struck.push_back(i);
  EXPECT_EQ(struck, (std::vector<std::uint64_t>{10, 13, 16}));
  EXPECT_EQ(script.pick(request(30, "{}", "html"))->kind, FaultKind::html);
  EXPECT_EQ(script.pick(request(31, "a poisoned well"))->kind,
            FaultKind::reset);
  EXPECT_EQ(script.pick(request(32, "a poisoned well")), nullptr);
}

TEST(FaultScript, ARateIsKeptAndDoesNotDependOnTheOrderOfRequests) {
  constexpr auto text = R"({"rules": [{"rate": 0.2, "fault": "hang"}]})";
  auto forwards = script_of(text);
  auto backwards = script_of(text);
  std::set<std::string> struck;
  std::set<std::string> struck_backwards;

  for (int i = 0; i < 5000; ++i)
    if (const auto body = std::to_string(i); forwards.pick(request(0, body)))
      struck.insert(body);
  for (int i = 4999; i >= 0; --i)
    if (const auto body = std::to_string(i); backwards.pick(request(0, body)))
      struck_backwards.insert(body);

  EXPECT_EQ(struck, struck_backwards);
  EXPECT_NEAR(static_cast<double>(struck.size()), 1000, 120);
}

TEST(FaultScript, ARepeatedRequestIsDrawnAnew) {
  auto script = script_of(R"({"rules": [{"rate": 0.5, "fault": "hang"}]})");
  int struck = 0;

  for (int i = 0; i < 200; ++i)
    struck += script.pick(request(0, "the same")) ? 1 : 0;

  EXPECT_GT(struck, 60);
  EXPECT_LT(struck, 140);
}

TEST(FaultScript, AMistakeIsNamedWithItsRule) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases{
    {R"({"rules": [{"fault": "explode"}]})", "rule 1: unknown fault"},
    {R"({"rules": [{"fault": "hang"}, {}]})", "rule 2: 'fault' is missing"},
    {R"({"rules": [{"fault": "hang", "status": 500}]})", "means nothing"},
    {R"({"rules": [{"fault": "status", "status": 200}]})", "400 to 599"},
    {R"({"rules": [{"fault": "usage", "variant": "odd"}]})", "unknown variant"},
    {R"({"rules": [{"fault": "hang", "index": "3"}]})", "'index' must be"},
    {R"({"rules": [{"fault": "hang", "every": 0}]})", "'every' must be"},
    {R"({"rule": []})", "the script must be"},
    {"not json", ""},
  };

  for (const auto& [text, expected] : cases) {
    const auto script = FaultScript::parse(text, 1);

    ASSERT_FALSE(script) << text;
    EXPECT_NE(script.error().context.find(expected), std::string::npos)
      << script.error().context;
  }
}

} // namespace
} // namespace lab::tools::fake

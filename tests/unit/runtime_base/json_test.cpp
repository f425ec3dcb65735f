#include <string>

#include <gtest/gtest.h>

#include "runtime/base/json.hpp"

namespace lab::json {
namespace {

TEST(Json, ReadsWhatItWrote) {
  const auto value = parse(R"({"a":[1,-2,0.5,"x",null,true],"b":{}})");

  ASSERT_TRUE(value);
  EXPECT_EQ(dump(*value), R"({"a":[1,-2,0.5,"x",null,true],"b":{}})");
}

TEST(Json, RefusesAKeyThatStandsTwice) {
  const auto value = parse(R"({"a":1,"b":{"a":2},"a":3})");

  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().context, "JSON key 'a' stands twice");
}

TEST(Json, TheSameKeyInTwoObjectsIsFine) {
  EXPECT_TRUE(parse(R"([{"a":1},{"a":2}])"));
}

TEST(Json, BoundsDepthAndSize) {
  const std::string deep(100, '[');

  EXPECT_FALSE(parse(deep + std::string(100, ']')));
  EXPECT_FALSE(parse("[1]", 64, 2));
}

TEST(Json, RefusesBrokenTextWithoutAnException) {
  for (const auto* text : {"", "{", "[1,]", "{\"a\":}", "nul", "1 2", "\xFF",
                           "\"\x01\"", "[NaN]"}) {
    const auto value = parse(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().code, Errc::invalid_input);
  }
}

TEST(Json, WritesMalformedUtf8AsReplacement) {
  EXPECT_EQ(dump(Value("a\xFF")), "\"a\xEF\xBF\xBD\"");
}

TEST(Json, TypedReadsNeverConvert) {
  const auto value = *parse(R"({"u":7,"n":-1,"f":1.5,"t":"7"})");

  EXPECT_EQ(unsigned_at(value, "u"), 7U);
  EXPECT_EQ(unsigned_at(value, "n"), std::nullopt);
  EXPECT_EQ(unsigned_at(value, "f"), std::nullopt);
  EXPECT_EQ(unsigned_at(value, "t"), std::nullopt);
  EXPECT_EQ(unsigned_at(value, "absent"), std::nullopt);
  EXPECT_EQ(text_at(value, "t"), "7");
  EXPECT_EQ(text_at(value, "u"), std::nullopt);
  EXPECT_EQ(member(Value(3), "u"), nullptr);
}

} // namespace
} // namespace lab::json

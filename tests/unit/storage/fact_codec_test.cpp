#include <set>

#include <caf/all.hpp>
#include <gtest/gtest.h>

#include "storage/compression.hpp"
#include "storage/fact_codec.hpp"
#include "tests/unit/storage/facts.hpp"

namespace lab::storage {

namespace {

using testing::RandomFacts;

constexpr std::size_t kinds = std::variant_size_v<Fact>;

std::string encoded(const Fact& fact) {
  std::string text;
  encode_fact(fact, text);
  return text;
}

/// Every field, as the actors' own messages carry it.
template <class T>
std::vector<char> bytes_of(T value) {
  std::vector<char> bytes;
  caf::binary_serializer sink{nullptr, bytes};
  EXPECT_FALSE(sink(value));
  return bytes;
}

TEST(FactCodec, EveryKindOfFactComesBackAsItWas) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      RandomFacts random{seed * 100 + kind};
      const auto fact = random.fact(kind);
      const auto text = encoded(fact);
      const auto find =
        [&](const Digest256& content) -> Result<Shared<ScenarioSpec>> {
        const auto& wanted = std::get<RunPlanned>(fact).spec.scenario;
        EXPECT_EQ(content, wanted->content);
        return wanted;
      };

      const auto back = decode_fact(kind_of(fact), text, find);

      ASSERT_TRUE(back) << to_string(back.error()) << "\n" << text;
      EXPECT_EQ(bytes_of(*back), bytes_of(fact)) << text;
    }
  }
}

TEST(FactCodec, RepliesAndScenariosComeBackByteByByte) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    RandomFacts random{seed};
    const auto reply = random.reply();
    const auto scenario = random.scenario();

    const auto reply_back = decode_reply(encode_reply(reply));
    const auto scenario_back = decode_scenario(encode_scenario(scenario));

    ASSERT_TRUE(reply_back);
    EXPECT_EQ(*reply_back, reply);
    ASSERT_TRUE(scenario_back) << to_string(scenario_back.error());
    EXPECT_EQ(bytes_of(*scenario_back), bytes_of(scenario));
  }
}

TEST(FactCodec, KeysAreReadableAndEmptyFieldsTakeNoRoom) {
  CallResolved fact;
  fact.attempt = AttemptId{{1, 2}};
  fact.resolution = Resolution::voided;
  fact.reason = "never_sent";

  EXPECT_EQ(encoded(fact), R"({"attempt":"00000000000000010000000000000002",)"
                           R"("resolution":"voided","reason":"never_sent"})");
}

TEST(FactCodec, WhatIsNotOursIsRefused) {
  const std::vector<std::string> wrong{
    "",
    "{",
    "null",
    R"({"run":"r-00"})",
    R"({"run":"r-0000000000000001"}x)",
    R"({"run":"r-0000000000000001","later":1})",
    R"({"run":1})",
    R"({"run":"r-0000000000000001)",
  };
  for (const auto& text : wrong) {
    const auto fact = decode_fact(FactKind::run_started, text, {});

    ASSERT_FALSE(fact) << text;
    EXPECT_EQ(fact.error().code, Errc::journal_corrupt) << text;
  }
}

TEST(FactCodec, EveryCutOfAFactIsRefusedWithoutHarm) {
  RandomFacts random{5};
  const auto text = encoded(random.fact(8));
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(decode_fact(FactKind::turn_completed,
                             std::string_view{text}.substr(0, size), {}))
      << size;
}

TEST(FactCodec, EveryKindHasItsOwnName) {
  std::set<std::string_view> names;
  for (int kind = 1; kind <= static_cast<int>(kinds); ++kind)
    names.insert(to_string(static_cast<FactKind>(kind)));

  EXPECT_EQ(names.size(), kinds);
  EXPECT_FALSE(names.contains(""));
  EXPECT_EQ(to_string(static_cast<FactKind>(0)), "");
  EXPECT_EQ(to_string(static_cast<FactKind>(kinds + 1)), "");
}

TEST(Compression, AFrameComesBackAndADamagedOneIsRefused) {
  const std::string text(5'000, 'x');
  auto frame = compress(text);

  EXPECT_LT(frame.size(), text.size() / 10);
  EXPECT_EQ(*decompress(frame), text);
  EXPECT_EQ(*decompress(compress("")), "");

  frame.resize(frame.size() - 1);
  EXPECT_FALSE(decompress(frame));
  EXPECT_FALSE(decompress("no frame"));
}

} // namespace

} // namespace lab::storage

#include <gtest/gtest.h>

#include "tools/dev/fake_provider/options.hpp"

namespace lab::tools::fake {
namespace {

TEST(FakeProviderOptions, APriceIsReadDigitByDigit) {
  const auto options =
    parse_options({"--usd-per-mtok-in", "0.15", "--usd-per-mtok-out", "15"});

  ASSERT_TRUE(options);
  EXPECT_EQ(options->prices.input, 150'000);
  EXPECT_EQ(options->prices.output, 15'000'000);
}

TEST(FakeProviderOptions, WhatCannotBeUsedIsRefusedByName) {
  const std::vector<std::vector<std::string>> cases{
    {"--port", "65536"},      {"--port", "-1"},
    {"--port", "80x"},        {"--dialect", "gemini"},
    {"--fsync", "sometimes"}, {"--usd-per-mtok-in", "1e3"},
    {"--jitter", "nan"},      {"--usd-per-mtok-in", "0.1234567"},
    {"--speed", "9"},         {"--log"},
  };

  for (const auto& arguments : cases) {
    const auto options = parse_options(arguments);

    ASSERT_FALSE(options) << arguments.front();
    EXPECT_EQ(options.error().code, Errc::invalid_input);
    EXPECT_TRUE(options.error().context.starts_with(arguments.front()))
      << options.error().context;
  }
}

} // namespace
} // namespace lab::tools::fake

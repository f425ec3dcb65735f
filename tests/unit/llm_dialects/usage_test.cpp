#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "llm/dialects/usage.hpp"

namespace lab::llm {
namespace {

/// One usage as a provider may send it, and what it must be read as: four
/// numbers (plain input, cached, cache-written, output) or the word that the
/// complaint holds.
struct Row {
  std::string_view name;
  std::string_view json;
  std::string_view expected;
};

std::string shown(const UsageReading& reading) {
  if (!reading.usage)
    return reading.problem;
  const auto& u = *reading.usage;
  return std::to_string(u.input) + " " + std::to_string(u.cached_input) + " "
         + std::to_string(u.cache_write) + " " + std::to_string(u.output);
}

bool is_numbers(std::string_view expected) {
  return expected.find_first_not_of("0123456789 ") == std::string_view::npos;
}

void check(const std::vector<Row>& rows,
           UsageReading (*read)(const json::Value&), bool in_usage) {
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto body = in_usage ? R"({"usage":)" + std::string{row.json} + "}"
                               : std::string{row.json};
    const auto value = json::parse(body);
    ASSERT_TRUE(value) << "the row itself is no JSON";

    const auto reading = read(*value);

    if (is_numbers(row.expected)) {
      EXPECT_EQ(shown(reading), row.expected);
    } else {
      EXPECT_NE(shown(reading).find(row.expected), std::string::npos)
        << shown(reading);
    }
  }
}

TEST(OpenAiUsage, EveryRowIsReadAsWritten) {
  check(
    {
      {"plain",
       R"({"prompt_tokens":9,"completion_tokens":3,"total_tokens":12})",
       "9 0 0 3"},
      {"no total", R"({"prompt_tokens":9,"completion_tokens":3})", "9 0 0 3"},
      {"null total",
       R"({"prompt_tokens":9,"completion_tokens":3,"total_tokens":null})",
       "9 0 0 3"},
      {"zero is a value",
       R"({"prompt_tokens":0,"completion_tokens":0,"total_tokens":0})",
       "0 0 0 0"},
      {"zero output", R"({"prompt_tokens":9,"completion_tokens":0})",
       "9 0 0 0"},
      {"cached is within the prompt",
       R"({"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":4}})",
       "5 4 0 3"},
      {"all cached",
       R"({"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":9}})",
       "0 9 0 3"},
      {"cache-written is within the prompt",
       R"({"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":2,"cache_write_tokens":3}})",
       "4 2 3 3"},
      {"null details",
       R"({"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":null,"completion_tokens_details":null})",
       "9 0 0 3"},
      {"empty details",
       R"({"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{}})",
       "9 0 0 3"},
      {"null cached",
       R"({"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":null}})",
       "9 0 0 3"},
      {"reasoning is within the output",
       R"({"prompt_tokens":9,"completion_tokens":30,"completion_tokens_details":{"reasoning_tokens":25}})",
       "9 0 0 30"},
      {"other details are ignored",
       R"({"prompt_tokens":9,"completion_tokens":3,"completion_tokens_details":{"audio_tokens":0,"accepted_prediction_tokens":0}})",
       "9 0 0 3"},
      {"unknown fields are ignored",
       R"({"prompt_tokens":9,"completion_tokens":3,"cost":0.01,"queue_time":1.5})",
       "9 0 0 3"},
      {"the largest plausible",
       R"({"prompt_tokens":1000000000,"completion_tokens":0})",
       "1000000000 0 0 0"},
      {"above 10^9", R"({"prompt_tokens":1000000001,"completion_tokens":3})",
       "above"},
      {"2^53", R"({"prompt_tokens":9007199254740993,"completion_tokens":3})",
       "above"},
      {"2^64",
       R"({"prompt_tokens":18446744073709551616,"completion_tokens":3})",
       "no unsigned integer"},
      {"1e400 has no value", R"({"prompt_tokens":-1e3,"completion_tokens":3})",
       "no unsigned integer"},
      {"negative prompt", R"({"prompt_tokens":-1,"completion_tokens":3})",
       "no unsigned integer"},
      {"negative output", R"({"prompt_tokens":9,"completion_tokens":-3})",
       "no unsigned integer"},
      {"float", R"({"prompt_tokens":9.0,"completion_tokens":3})",
       "no unsigned integer"},
      {"exponent", R"({"prompt_tokens":9e3,"completion_tokens":3})",
       "no unsigned integer"},
      {"text", R"({"prompt_tokens":"9","completion_tokens":3})",
       "no unsigned integer"},
      {"bool", R"({"prompt_tokens":true,"completion_tokens":3})",
       "no unsigned integer"},
      {"list", R"({"prompt_tokens":[9],"completion_tokens":3})",
       "no unsigned integer"},
      {"no prompt", R"({"completion_tokens":3,"total_tokens":3})", "missing"},
      {"no output", R"({"prompt_tokens":9,"total_tokens":9})", "missing"},
      {"only a total", R"({"total_tokens":12})", "missing"},
      {"null prompt", R"({"prompt_tokens":null,"completion_tokens":3})",
       "missing"},
      {"empty", R"({})", "missing"},
      {"null", R"(null)", "missing"},
      {"a number", R"(12)", "missing"},
      {"total too large",
       R"({"prompt_tokens":9,"completion_tokens":3,"total_tokens":13})",
       "not the sum"},
      {"total too small",
       R"({"prompt_tokens":9,"completion_tokens":3,"total_tokens":0})",
       "not the sum"},
      {"negative total",
       R"({"prompt_tokens":9,"completion_tokens":3,"total_tokens":-12})",
       "total_tokens"},
      {"reasoning beside the output",
       R"({"prompt_tokens":9,"completion_tokens":3,"completion_tokens_details":{"reasoning_tokens":25}})",
       "reasoning"},
      {"more cached than sent",
       R"({"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":10}})",
       "cached"},
      {"negative cached",
       R"({"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":-4}})",
       "cached_tokens"},
      {"details are a text",
       R"({"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":"4"})",
       "no object"},
    },
    openai_usage, true);
}

TEST(AnthropicUsage, EveryRowIsReadAsWritten) {
  check(
    {
      {"plain", R"({"input_tokens":9,"output_tokens":3})", "9 0 0 3"},
      {"cached is beside the input",
       R"({"input_tokens":9,"output_tokens":3,"cache_read_input_tokens":4})",
       "9 4 0 3"},
      {"written is beside the input",
       R"({"input_tokens":9,"output_tokens":3,"cache_creation_input_tokens":5})",
       "9 0 5 3"},
      {"both",
       R"({"input_tokens":9,"output_tokens":3,"cache_read_input_tokens":4,"cache_creation_input_tokens":5})",
       "9 4 5 3"},
      {"null caches",
       R"({"input_tokens":9,"output_tokens":3,"cache_read_input_tokens":null,"cache_creation_input_tokens":null})",
       "9 0 0 3"},
      {"zero caches",
       R"({"input_tokens":9,"output_tokens":3,"cache_read_input_tokens":0,"cache_creation_input_tokens":0})",
       "9 0 0 3"},
      {"all cached",
       R"({"input_tokens":0,"output_tokens":3,"cache_read_input_tokens":900})",
       "0 900 0 3"},
      {"zero is a value", R"({"input_tokens":0,"output_tokens":0})", "0 0 0 0"},
      {"zero output", R"({"input_tokens":9,"output_tokens":0})", "9 0 0 0"},
      {"the split of cache writes is not counted twice",
       R"({"input_tokens":9,"output_tokens":3,"cache_creation_input_tokens":5,"cache_creation":{"ephemeral_5m_input_tokens":5,"ephemeral_1h_input_tokens":0}})",
       "9 0 5 3"},
      {"service tier",
       R"({"input_tokens":9,"output_tokens":3,"service_tier":"standard"})",
       "9 0 0 3"},
      {"server tools are ignored",
       R"({"input_tokens":9,"output_tokens":3,"server_tool_use":null})",
       "9 0 0 3"},
      {"the largest plausible",
       R"({"input_tokens":1000000000,"output_tokens":1})", "1000000000 0 0 1"},
      {"above 10^9", R"({"input_tokens":9,"output_tokens":1000000001})",
       "above"},
      {"cache above 10^9",
       R"({"input_tokens":9,"output_tokens":3,"cache_read_input_tokens":9999999999})",
       "above"},
      {"2^64", R"({"input_tokens":18446744073709551616,"output_tokens":3})",
       "no unsigned integer"},
      {"negative input", R"({"input_tokens":-9,"output_tokens":3})",
       "no unsigned integer"},
      {"negative output", R"({"input_tokens":9,"output_tokens":-3})",
       "no unsigned integer"},
      {"negative cache",
       R"({"input_tokens":9,"output_tokens":3,"cache_read_input_tokens":-4})",
       "cache_read_input_tokens"},
      {"float", R"({"input_tokens":9.5,"output_tokens":3})",
       "no unsigned integer"},
      {"text", R"({"input_tokens":9,"output_tokens":"3"})",
       "no unsigned integer"},
      {"cache is a text",
       R"({"input_tokens":9,"output_tokens":3,"cache_creation_input_tokens":"5"})",
       "no unsigned integer"},
      {"bool", R"({"input_tokens":9,"output_tokens":false})",
       "no unsigned integer"},
      {"object", R"({"input_tokens":{"n":9},"output_tokens":3})",
       "no unsigned integer"},
      {"no input", R"({"output_tokens":3})", "missing"},
      {"no output", R"({"input_tokens":9})", "missing"},
      {"null output", R"({"input_tokens":9,"output_tokens":null})", "missing"},
      {"the other dialect's names",
       R"({"prompt_tokens":9,"completion_tokens":3})", "missing"},
      {"empty", R"({})", "missing"},
      {"null", R"(null)", "missing"},
      {"a list", R"([9,3])", "missing"},
    },
    anthropic_usage, true);
}

TEST(OllamaUsage, EveryRowIsReadAsWritten) {
  check(
    {
      {"plain", R"({"prompt_eval_count":9,"eval_count":3})", "9 0 0 3"},
      {"as the server sends it",
       R"({"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"x"},"done":true,"done_reason":"stop","total_duration":5,"load_duration":1,"prompt_eval_count":26,"prompt_eval_duration":2,"eval_count":298,"eval_duration":2})",
       "26 0 0 298"},
      {"zero is a value", R"({"prompt_eval_count":0,"eval_count":0})",
       "0 0 0 0"},
      {"zero output", R"({"prompt_eval_count":9,"eval_count":0})", "9 0 0 0"},
      {"zero input", R"({"prompt_eval_count":0,"eval_count":3})", "0 0 0 3"},
      {"one token each", R"({"prompt_eval_count":1,"eval_count":1})",
       "1 0 0 1"},
      {"durations do not matter",
       R"({"prompt_eval_count":9,"eval_count":3,"total_duration":-1})",
       "9 0 0 3"},
      {"a usage object does not matter",
       R"({"prompt_eval_count":9,"eval_count":3,"usage":{"prompt_tokens":1}})",
       "9 0 0 3"},
      {"the largest plausible",
       R"({"prompt_eval_count":1000000000,"eval_count":1000000000})",
       "1000000000 0 0 1000000000"},
      {"input above 10^9", R"({"prompt_eval_count":1000000001,"eval_count":3})",
       "above"},
      {"output above 10^9",
       R"({"prompt_eval_count":9,"eval_count":4294967296})", "above"},
      {"2^63", R"({"prompt_eval_count":9223372036854775808,"eval_count":3})",
       "above"},
      {"2^64", R"({"prompt_eval_count":9,"eval_count":18446744073709551616})",
       "no unsigned integer"},
      {"negative input", R"({"prompt_eval_count":-9,"eval_count":3})",
       "no unsigned integer"},
      {"negative output", R"({"prompt_eval_count":9,"eval_count":-1})",
       "no unsigned integer"},
      {"float input", R"({"prompt_eval_count":9.0,"eval_count":3})",
       "no unsigned integer"},
      {"float output", R"({"prompt_eval_count":9,"eval_count":3.14})",
       "no unsigned integer"},
      {"exponent", R"({"prompt_eval_count":9,"eval_count":3e0})",
       "no unsigned integer"},
      {"text input", R"({"prompt_eval_count":"9","eval_count":3})",
       "no unsigned integer"},
      {"text output", R"({"prompt_eval_count":9,"eval_count":"3"})",
       "no unsigned integer"},
      {"bool", R"({"prompt_eval_count":true,"eval_count":3})",
       "no unsigned integer"},
      {"list", R"({"prompt_eval_count":[],"eval_count":3})",
       "no unsigned integer"},
      {"object", R"({"prompt_eval_count":9,"eval_count":{}})",
       "no unsigned integer"},
      {"no input", R"({"eval_count":3})", "missing"},
      {"no output", R"({"prompt_eval_count":9})", "missing"},
      {"null input", R"({"prompt_eval_count":null,"eval_count":3})", "missing"},
      {"null output", R"({"prompt_eval_count":9,"eval_count":null})",
       "missing"},
      {"not the last part", R"({"model":"m","done":false})", "missing"},
      {"the other dialect's names",
       R"({"usage":{"prompt_tokens":9,"completion_tokens":3}})", "missing"},
      {"empty", R"({})", "missing"},
      {"a list", R"([1,2])", "missing"},
    },
    ollama_usage, false);
}

} // namespace
} // namespace lab::llm

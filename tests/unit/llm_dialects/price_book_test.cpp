#include <map>
#include <string>

#include <gtest/gtest.h>

#include "llm/price_book.hpp"

namespace lab::llm {
namespace {

Environment with(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](
           const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt
                                    : std::optional{found->second};
  };
}

PriceBook book(std::map<std::string, std::string> variables = {},
               std::vector<ProviderSettings> configured = {}) {
  return PriceBook{
    merge_providers(builtin_providers(with(variables)), std::move(configured))};
}

PriceRow row(std::int64_t input, std::int64_t output) {
  PriceRow out;
  out.input.pico_usd = input;
  out.output.pico_usd = output;
  out.source = "scenario-lab.yaml:7";
  return out;
}

ProviderSettings bench() {
  ProviderSettings out;
  out.name = "bench";
  out.base_url = "http://127.0.0.1:8081/v1";
  out.models["tiny"] = row(150'000, 600'000);
  out.models["free"] = row(0, 0);
  out.models["half-free"] = row(0, 600'000);
  return out;
}

std::string leads_to(const PriceBook& prices, const std::string& model) {
  const auto route = prices.route(model);
  return route ? route->provider + " | " + route->wire_model
               : std::string{to_string(route.error().code)};
}

TEST(PriceBook, IdsLeadWhereTheirPrefixSays) {
  const auto prices = book({}, {bench()});

  EXPECT_EQ(leads_to(prices, "bench/tiny"), "bench | tiny");
  EXPECT_EQ(leads_to(prices, "ollama/llama3.1:8b"), "ollama | llama3.1:8b");
  EXPECT_EQ(leads_to(prices, "local/llama3.1:8b"), "ollama | llama3.1:8b");
  EXPECT_EQ(leads_to(prices, "sim/persona?latency_ms=5"),
            "sim | persona?latency_ms=5");
  EXPECT_EQ(leads_to(prices, "openrouter/openai/gpt-4o"),
            "openrouter | openai/gpt-4o");
}

TEST(PriceBook, OtherPrefixesLeadToOpenrouterWithTheWholeId) {
  EXPECT_EQ(leads_to(book(), "google/gemini-1.5-pro"),
            "openrouter | google/gemini-1.5-pro");
  EXPECT_EQ(leads_to(book(), "meta-llama/llama-3.3-70b-instruct"),
            "openrouter | meta-llama/llama-3.3-70b-instruct");
}

TEST(PriceBook, VendorsAreAskedDirectlyWhenTheyHaveAKey) {
  const auto keyed =
    book({{"OPENAI_API_KEY", "a"}, {"ANTHROPIC_API_KEY", "b"}});

  EXPECT_EQ(leads_to(book(), "openai/gpt-4o-mini"),
            "openrouter | openai/gpt-4o-mini");
  EXPECT_EQ(leads_to(keyed, "openai/gpt-4o-mini"), "openai | gpt-4o-mini");
  EXPECT_EQ(leads_to(book(), "anthropic/claude-3-haiku"),
            "openrouter | anthropic/claude-3-haiku");
  EXPECT_EQ(leads_to(keyed, "anthropic/claude-3-haiku"),
            "anthropic | claude-3-haiku-20240307");
}

TEST(PriceBook, AVendorWithAnAddressOfItsOwnNeedsNoKey) {
  auto own = *builtin_provider("openai", with({}));
  own.base_url = "http://127.0.0.1:9/v1";

  EXPECT_EQ(leads_to(book({}, {own}), "openai/gpt-4o-mini"),
            "openai | gpt-4o-mini");
}

TEST(PriceBook, EachSellerIsAskedByItsOwnNameOfAModel) {
  const auto keyed = book({{"ANTHROPIC_API_KEY", "b"}});

  EXPECT_EQ(leads_to(keyed, "anthropic/claude-haiku-4.5"),
            "anthropic | claude-haiku-4-5");
  EXPECT_EQ(leads_to(book(), "anthropic/claude-haiku-4-5"),
            "openrouter | anthropic/claude-haiku-4.5");
  EXPECT_EQ(leads_to(book(), "anthropic/claude-3-5-sonnet-20241022"),
            "openrouter | anthropic/claude-3.5-sonnet");
}

TEST(PriceBook, BuiltInPricesAreThoseOfTheLists) {
  struct Row {
    const char* model;
    const char* input;
    const char* output;
  };
  // USD per million tokens.
  for (const auto& wanted :
       {Row{"openai/gpt-4o", "2.50", "10"},
        Row{"openai/gpt-4o-mini", "0.15", "0.60"},
        Row{"openai/gpt-4-turbo", "10", "30"},
        Row{"openai/gpt-3.5-turbo", "0.50", "1.50"},
        Row{"anthropic/claude-sonnet-4", "3", "15"},
        Row{"anthropic/claude-3.5-sonnet", "3", "15"},
        Row{"anthropic/claude-3-5-sonnet-20241022", "3", "15"},
        Row{"anthropic/claude-3.5-haiku", "0.80", "4"},
        Row{"anthropic/claude-3-opus", "15", "75"},
        Row{"anthropic/claude-3-haiku", "0.25", "1.25"},
        Row{"google/gemini-2.0-flash", "0.10", "0.40"},
        Row{"google/gemini-1.5-pro", "1.25", "5"},
        Row{"deepseek/deepseek-chat", "0.14", "0.28"},
        Row{"deepseek/deepseek-r1", "0.55", "2.19"},
        Row{"meta-llama/llama-3.3-70b-instruct", "0.30", "0.30"},
        Row{"meta-llama/llama-3-70b-instruct", "0.59", "0.79"}}) {
    SCOPED_TRACE(wanted.model);
    const auto route = book().route(wanted.model);
    ASSERT_TRUE(route) << to_string(route.error());
    EXPECT_EQ(route->price.input.pico_usd * 1'000'000,
              parse_usd(wanted.input)->pico_usd);
    EXPECT_EQ(route->price.output.pico_usd * 1'000'000,
              parse_usd(wanted.output)->pico_usd);
    EXPECT_EQ(route->price.source, "built in, 2025-11");
    EXPECT_EQ(route->price_id, price_id_of(route->price));
  }
}

TEST(PriceBook, TheLongTierAndTheCachePricesComeWithTheRow) {
  const auto price = book().route("anthropic/claude-sonnet-4")->price;

  EXPECT_EQ(price.long_threshold, 200'000);
  EXPECT_EQ(price.long_input.pico_usd, 6'000'000);
  EXPECT_EQ(price.long_output.pico_usd, 22'500'000);
  EXPECT_EQ(price.cached_input.pico_usd, 300'000);
  EXPECT_EQ(price.cache_write.pico_usd, 3'750'000);
  EXPECT_EQ(price.tokenizer, Tokenizer::unknown);
}

TEST(PriceBook, AConfiguredRowWins) {
  auto openrouter = *builtin_provider("openrouter", with({}));
  openrouter.models["openai/gpt-4o"] = row(1, 2);

  const auto route = book({}, {openrouter}).route("openai/gpt-4o");

  ASSERT_TRUE(route);
  EXPECT_EQ(route->price.input.pico_usd, 1);
  EXPECT_EQ(route->price.source, "scenario-lab.yaml:7");
}

TEST(PriceBook, ARowWithoutCachePricesCountsCachedTokensInFull) {
  const auto price = book({}, {bench()}).route("bench/tiny")->price;

  EXPECT_EQ(price.cached_input, price.input);
  EXPECT_EQ(price.cache_write, price.input);
}

TEST(PriceBook, AnUnknownModelIsRefusedWithTheLinesToAdd) {
  const auto route = book().route("acme/rocket-1");

  ASSERT_FALSE(route);
  EXPECT_EQ(route.error().code, Errc::model_not_priced);
  EXPECT_NE(route.error().context.find(
              "providers:\n  openrouter:\n    models:\n      "
              "\"acme/rocket-1\": {input_usd_per_mtok: \"USD\", "
              "output_usd_per_mtok: \"USD\"}"),
            std::string::npos)
    << route.error().context;
}

TEST(PriceBook, AMistypedModelIsRefusedWithASuggestion) {
  const auto route = book().route("openai/gpt-4o-mnii");

  ASSERT_FALSE(route);
  EXPECT_NE(route.error().context.find("did you mean `openai/gpt-4o-mini`"),
            std::string::npos);
}

TEST(PriceBook, FreeModelsNeedARowOfTheirOwn) {
  EXPECT_EQ(
    book().route("alibaba/tongyi-deepresearch-30b-a3b:free").error().code,
    Errc::model_not_priced);
  EXPECT_EQ(book().route("openai/gpt-4o:free").error().code,
            Errc::model_not_priced);
}

TEST(PriceBook, ZeroIsTakenOnlyFromLocalProviders) {
  auto hosted = bench();
  auto local = bench();
  local.local = true;

  for (const auto* model : {"bench/free", "bench/half-free"}) {
    SCOPED_TRACE(model);
    const auto refused = book({}, {hosted}).route(model);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::model_not_priced);
    EXPECT_NE(refused.error().context.find("local: true"), std::string::npos);
    EXPECT_TRUE(book({}, {local}).route(model));
  }
}

TEST(PriceBook, ZeroMustBeWrittenDownEvenLocally) {
  auto local = bench();
  local.local = true;

  const auto route = book({}, {local}).route("bench/unheard-of");

  ASSERT_FALSE(route);
  EXPECT_EQ(route.error().code, Errc::model_not_priced);
  EXPECT_NE(route.error().context.find("input_usd_per_mtok: \"0\""),
            std::string::npos);
}

TEST(PriceBook, OllamaIsFreeAndBoundByItsContext) {
  const auto route = book().route("ollama/anything:7b");

  ASSERT_TRUE(route);
  EXPECT_EQ(route->price.input, Money{});
  EXPECT_TRUE(route->price.local);
  EXPECT_EQ(route->price.context_window, 8'192);
}

TEST(PriceBook, OllamaModelsThatRunElsewhereAreNotFree) {
  EXPECT_FALSE(book().route("ollama/gpt-oss:120b-cloud"));
  EXPECT_FALSE(book().route("ollama/deepseek-v3.1:cloud"));
}

TEST(PriceBook, AnAliasCannotMakeAHostedModelFree) {
  // An unknown prefix is openrouter's, never a local one.
  EXPECT_EQ(book().route("Ollama/llama3.1").error().code,
            Errc::model_not_priced);
  EXPECT_EQ(book().route("locale/llama3.1").error().code,
            Errc::model_not_priced);
  EXPECT_EQ(book().route("llama3.1").error().code, Errc::model_not_priced);
}

TEST(PriceBook, SimulatedModelsCostPlayMoneyWhenTheyNameAPrice) {
  const auto free = book().route("sim/persona?latency_ms=500");
  const auto priced = book().route("sim/persona?usd_per_mtok=1.50");

  ASSERT_TRUE(free && priced);
  EXPECT_EQ(free->price.input, Money{});
  EXPECT_EQ(priced->price.input.pico_usd, 1'500'000);
  EXPECT_EQ(priced->price.output.pico_usd, 1'500'000);
  EXPECT_TRUE(priced->price.local);
  EXPECT_NE(free->price_id, priced->price_id);
}

TEST(PriceBook, MistakesInIdsAreNamed) {
  for (const auto* bad : {"", "/", "openai/", "/gpt-4o"})
    EXPECT_EQ(book().route(bad).error().code, Errc::invalid_input) << bad;
  const auto knob = book().route("sim/persona?latncy_ms=5");
  ASSERT_FALSE(knob);
  EXPECT_EQ(knob.error().code, Errc::invalid_input);
  EXPECT_NE(knob.error().context.find("did you mean `latency_ms`"),
            std::string::npos);
}

TEST(PriceBook, PricesWhatAReplySaysServedIt) {
  const auto prices = book({}, {bench()});

  EXPECT_TRUE(prices.row("bench", "tiny"));
  EXPECT_FALSE(prices.row("bench", "huge"));
  EXPECT_TRUE(prices.row("openrouter", "openai/gpt-4o"));
  EXPECT_FALSE(prices.row("nobody", "tiny"));
}

TEST(BuiltinProviders, ReadTheUsualVariables) {
  const auto variables =
    with({{"OPENAI_API_KEY", "a"}, {"OLLAMA_HOST", "10.0.0.5:9999"}});

  EXPECT_EQ(builtin_provider("openai", variables)->api_key, "a");
  EXPECT_EQ(builtin_provider("anthropic", variables)->api_key, "");
  EXPECT_EQ(builtin_provider("ollama", variables)->base_url,
            "http://10.0.0.5:9999");
  EXPECT_FALSE(builtin_provider("bench", variables));
}

TEST(BuiltinProviders, UnderstandEveryFormOfOllamasAddress) {
  const auto url = [](const char* host) {
    return builtin_provider("ollama", with({{"OLLAMA_HOST", host}}))->base_url;
  };
  EXPECT_EQ(builtin_provider("ollama", with({}))->base_url,
            "http://127.0.0.1:11434");
  EXPECT_EQ(url("box"), "http://box:11434");
  EXPECT_EQ(url("box:80"), "http://box:80");
  EXPECT_EQ(url(":8080"), "http://127.0.0.1:8080");
  EXPECT_EQ(url("0.0.0.0:11434"), "http://127.0.0.1:11434");
  EXPECT_EQ(url("http://box:80/"), "http://box:80");
  EXPECT_EQ(url("https://box.example/ollama"), "https://box.example/ollama");
  EXPECT_EQ(url("[::1]:11434"), "http://[::1]:11434");
  EXPECT_EQ(
    builtin_provider("ollama", with({{"OLLAMA_BASE_URL", "http://old:1"},
                                     {"OLLAMA_HOST", "new"}}))
      ->base_url,
    "http://old:1");
}

TEST(BuiltinProviders, AConfiguredOneTakesThePlaceAndKeepsTheOldRows) {
  auto own = *builtin_provider("ollama", with({}));
  own.base_url = "http://gpu:11434";
  own.models["pro"] = row(5, 5);

  const auto merged = merge_providers(builtin_providers(with({})), {own});
  const PriceBook prices{merged};

  EXPECT_EQ(prices.provider("ollama")->base_url, "http://gpu:11434");
  EXPECT_EQ(prices.route("ollama/pro")->price.input.pico_usd, 5);
  EXPECT_EQ(prices.route("ollama/other")->price.input.pico_usd, 0);
  EXPECT_EQ(prices.providers().size(), 6U);
}

TEST(BuiltinProviders, SayWhichKeyIsMissing) {
  const auto missing = missing_key(*builtin_provider("openrouter", with({})));

  ASSERT_TRUE(missing);
  EXPECT_NE(missing->context.find("OPENROUTER_API_KEY"), std::string::npos);
  EXPECT_FALSE(missing_key(*builtin_provider("ollama", with({}))));
  EXPECT_FALSE(missing_key(*builtin_provider("sim", with({}))));
  EXPECT_FALSE(missing_key(bench()));
}

} // namespace
} // namespace lab::llm

#include "llm/price_book.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "llm/builtin_prices.hpp"
#include "llm/sim/model_id.hpp"
#include "runtime/base/text.hpp"
#include "runtime/model/chat.hpp"
#include "runtime/model/human_model.hpp"

namespace lab::llm {

namespace {

constexpr std::string_view any_model = "*";
constexpr std::string_view built_in = "built in";
constexpr std::string_view openrouter = "openrouter";
constexpr std::string_view openai_url = "https://api.openai.com/v1";
constexpr std::string_view anthropic_url = "https://api.anthropic.com/v1";
constexpr std::string_view openrouter_url = "https://openrouter.ai/api/v1";
constexpr std::string_view ollama_url = "http://127.0.0.1:11434";
constexpr std::string_view ollama_port = "11434";

/// OLLAMA_HOST may be a host, host:port or URL, and 0.0.0.0 when it was set for
/// the server.
std::string ollama_base_url(const Environment& environment) {
  if (auto url = environment("OLLAMA_BASE_URL"))
    return *url;
  const auto host = environment("OLLAMA_HOST");
  if (!host)
    return std::string{ollama_url};
  auto rest = std::string{trim(*host)};
  std::string scheme = "http://";
  if (const auto at = rest.find("://"); at != std::string::npos) {
    scheme = rest.substr(0, at + 3);
    rest.erase(0, at + 3);
  }
  while (rest.ends_with('/'))
    rest.pop_back();
  auto name_end = rest.find_first_of(":/");
  if (rest.starts_with('['))
    name_end =
      rest.find(']') == std::string::npos ? rest.size() : rest.find(']') + 1;
  auto name = rest.substr(0, name_end);
  auto tail = name_end < rest.size() ? rest.substr(name_end) : std::string{};
  if (name.empty() || name == "0.0.0.0" || name == "[::]")
    name = "127.0.0.1";
  if (!tail.starts_with(':') && scheme == "http://")
    tail = ":" + std::string{ollama_port} + tail;
  return scheme + name + tail;
}

ProviderSettings hosted(std::string name, Dialect dialect, std::string_view url,
                        const char* key_variable,
                        const Environment& environment) {
  ProviderSettings out;
  out.name = std::move(name);
  out.dialect = dialect;
  out.base_url = url;
  out.api_key_env = key_variable;
  out.api_key = environment(key_variable).value_or("");
  out.origin = built_in;
  return out;
}

ProviderSettings ollama(const Environment& environment) {
  using namespace std::chrono_literals;
  ProviderSettings out;
  out.name = "ollama";
  out.dialect = Dialect::ollama;
  out.base_url = ollama_base_url(environment);
  out.local = true;
  out.max_in_flight = 8;
  // A model that has to be loaded first takes minutes on a workstation.
  out.call_timeout = 600s;
  PriceRow free;
  free.source = "built in, 2025-11: models on one's own machine cost nothing";
  out.models.emplace(any_model, free);
  out.origin = built_in;
  return out;
}

ProviderSettings sim() {
  ProviderSettings out;
  out.name = "sim";
  out.dialect = Dialect::sim;
  out.local = true;
  out.max_in_flight = 4096;
  out.origin = built_in;
  return out;
}

/// People: no server, no price, as many questions as there are.
ProviderSettings human() {
  ProviderSettings out;
  out.name = human_provider;
  out.dialect = Dialect::human;
  out.local = true;
  out.call_timeout = std::chrono::milliseconds{0};
  out.origin = built_in;
  return out;
}

/// One row for all of them.
PriceRow human_price() {
  PriceRow row;
  row.model = std::string{human_provider} + "/person";
  row.tokenizer = Tokenizer::byte_level;
  row.local = true;
  row.source = "built in: people are not paid by the token";
  return row;
}

/// Fills what a row leaves open, always at the dearer side.
PriceRow completed(PriceRow row, const ProviderSettings& provider,
                   const std::string& wire_model) {
  row.model = provider.name + "/" + wire_model;
  row.local = provider.local;
  if (row.cached_input == Money{})
    row.cached_input = row.input;
  if (row.cache_write == Money{})
    row.cache_write = row.input;
  if (row.long_threshold > 0) {
    row.long_input = std::max(row.long_input, row.input);
    row.long_output = std::max(row.long_output, row.output);
  }
  // The server holds no more than we ask it to.
  if (provider.dialect == Dialect::ollama
      && (row.context_window == 0 || row.context_window > provider.num_ctx))
    row.context_window = provider.num_ctx;
  return row;
}

bool runs_elsewhere(const ProviderSettings& provider,
                    std::string_view wire_model) {
  return provider.dialect == Dialect::ollama
         && (wire_model.ends_with("-cloud") || wire_model.ends_with(":cloud"));
}

/// The built-in row of a model as `provider` or openrouter calls it.
const BuiltinPrice* builtin_at(const ProviderSettings& provider,
                               const std::string& wire_model) {
  if (provider.name != openrouter)
    return builtin_by_vendor(provider.name, wire_model);
  const auto slash = wire_model.find('/');
  return slash == std::string::npos
           ? nullptr
           : builtin_by_vendor(wire_model.substr(0, slash),
                               wire_model.substr(slash + 1));
}

std::string wire_name(const BuiltinPrice& price,
                      const ProviderSettings& provider,
                      const std::string& wire_model) {
  if (provider.name == openrouter)
    return price.slug;
  return price.direct.empty() ? wire_model : price.direct;
}

/// What to add so that `model` has a price at `provider`.
std::string lines_to_add(const std::string& provider, const std::string& model,
                         bool local) {
  const std::string price = local ? "\"0\"" : "\"USD\"";
  return "add to scenario-lab.yaml (prices in USD per million tokens):\n"
         "providers:\n"
         "  "
         + provider
         + ":\n"
           "    models:\n"
           "      "
         + json_quote(model) + ": {input_usd_per_mtok: " + price
         + ", output_usd_per_mtok: " + price + "}";
}

std::string did_you_mean(const std::string& model) {
  std::vector<std::string> slugs;
  for (const auto& price : builtin_prices())
    slugs.push_back(price.slug);
  const auto near = closest(model, slugs);
  return near ? "; did you mean `" + *near + "`?" : "";
}

} // namespace

Environment process_environment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe)
    if (value == nullptr || *value == '\0')
      return std::nullopt;
    return value;
  };
}

std::vector<ProviderSettings>
builtin_providers(const Environment& environment) {
  return {sim(),
          human(),
          ollama(environment),
          hosted("openrouter", Dialect::openai, openrouter_url,
                 "OPENROUTER_API_KEY", environment),
          hosted("openai", Dialect::openai, openai_url, "OPENAI_API_KEY",
                 environment),
          hosted("anthropic", Dialect::anthropic, anthropic_url,
                 "ANTHROPIC_API_KEY", environment)};
}

std::optional<ProviderSettings>
builtin_provider(const std::string& name, const Environment& environment) {
  for (auto& provider : builtin_providers(environment))
    if (provider.name == name)
      return std::move(provider);
  return std::nullopt;
}

std::vector<ProviderSettings>
merge_providers(std::vector<ProviderSettings> builtin,
                std::vector<ProviderSettings> configured) {
  for (auto& one : configured) {
    const auto same = std::find_if(
      builtin.begin(), builtin.end(),
      [&](const ProviderSettings& other) { return other.name == one.name; });
    if (same == builtin.end()) {
      builtin.push_back(std::move(one));
      continue;
    }
    one.models.merge(same->models);
    *same = std::move(one);
  }
  return builtin;
}

std::optional<Error> missing_key(const ProviderSettings& provider) {
  if (!provider.api_key.empty() || provider.api_key_env.empty()
      || provider.local)
    return std::nullopt;
  return Error{Errc::provider_refused, "no key for provider `" + provider.name
                                         + "`: set " + provider.api_key_env};
}

PriceBook::PriceBook(std::vector<ProviderSettings> providers) {
  for (auto& provider : providers) {
    auto name = provider.name;
    providers_.insert_or_assign(std::move(name), std::move(provider));
  }
}

const ProviderSettings* PriceBook::provider(const std::string& name) const {
  const auto found = providers_.find(name);
  return found == providers_.end() ? nullptr : &found->second;
}

PriceBook::Target PriceBook::target_of(const std::string& model) const {
  const auto slash = model.find('/');
  if (slash == std::string::npos)
    return {provider(std::string{openrouter}), model};
  const auto prefix = model.substr(0, slash);
  auto rest = model.substr(slash + 1);
  const auto* named = provider(prefix);
  if (named == nullptr && prefix == "local")
    named = provider("ollama");
  if (named != nullptr) {
    // Without a key of its own, a vendor's model is bought at openrouter, as
    // the first version did for all of them.
    const bool vendor = prefix == "openai" || prefix == "anthropic";
    const bool usable =
      !named->api_key.empty()
      || (named->base_url != openai_url && named->base_url != anthropic_url);
    if (!vendor || usable)
      return {named, std::move(rest)};
  }
  return {provider(std::string{openrouter}), model};
}

std::optional<PriceRow> PriceBook::row(const std::string& provider_name,
                                       const std::string& wire_model) const {
  const auto* at = provider(provider_name);
  if (at == nullptr || at->dialect == Dialect::sim
      || at->dialect == Dialect::human)
    return std::nullopt;
  if (const auto own = at->models.find(wire_model); own != at->models.end())
    return completed(own->second, *at, wire_model);
  if (const auto* builtin = builtin_at(*at, wire_model))
    return completed(builtin->row, *at, wire_name(*builtin, *at, wire_model));
  const auto any = at->models.find(std::string{any_model});
  if (any != at->models.end() && !runs_elsewhere(*at, wire_model))
    return completed(any->second, *at, wire_model);
  return std::nullopt;
}

Result<Route> PriceBook::route(const std::string& model) const {
  const auto shown = "`" + printable(model) + "`";
  if (model.empty() || model.ends_with('/') || model.starts_with('/'))
    return fail(Errc::invalid_input, shown
                                       + " is no model; write "
                                         "`provider/model`");
  const auto target = target_of(model);
  if (target.provider == nullptr)
    return fail(Errc::model_not_priced,
                shown + ": no provider of that name, and no openrouter to ask; "
                  + lines_to_add(provider_of(model),
                                 model.substr(model.find('/') + 1), false));
  const auto& at = *target.provider;
  Route route{at.name, target.model, {}, {}};
  if (at.dialect == Dialect::sim) {
    LAB_TRY(const SimModel sim_model, parse_sim_model(target.model));
    route.price = sim_price(sim_model);
    route.price_id = price_id_of(route.price);
    return route;
  }

  if (at.dialect == Dialect::human) {
    LAB_CHECKED(parse_human_model(model));
    route.price = human_price();
    route.price_id = price_id_of(route.price);
    return route;
  }

  auto price = row(at.name, target.model);
  if (!price)
    return fail(Errc::model_not_priced,
                shown + " has no price at " + at.name + did_you_mean(model)
                  + "; " + lines_to_add(at.name, target.model, at.local));
  if (!at.local && (price->input == Money{} || price->output == Money{}))
    return fail(Errc::model_not_priced,
                shown
                  + ": a price of 0 is taken only from a provider with "
                    "`local: true`, which "
                  + at.name + " is not; "
                  + lines_to_add(at.name, target.model, false));
  route.price = std::move(*price);
  route.price_id = price_id_of(route.price);
  // Scenarios may use openrouter's name where the vendor has its own.
  route.wire_model = route.price.model.substr(at.name.size() + 1);
  return route;
}

} // namespace lab::llm

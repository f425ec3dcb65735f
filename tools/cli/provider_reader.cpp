#include "tools/cli/provider_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "runtime/base/text.hpp"
#include "runtime/base/yaml_reader.hpp"
#include "runtime/model/human_model.hpp"

namespace lab::tools {

namespace {

using yaml::MapReader;

/// Names under which people try to write a key down.
constexpr std::array literal_key_names{"api_key", "apikey",       "key",
                                       "token",   "secret",       "password",
                                       "auth",    "authorization"};

constexpr std::int64_t tokens_per_price = 1'000'000;
constexpr yaml::IntRange count_range{0, 1'000'000'000};

std::string place(const yaml::Document& document, const yaml::Node& node) {
  return document.file + ":" + std::to_string(node.mark.line);
}

bool is_variable_name(const std::string& text) {
  return !text.empty() && (text.front() < '0' || text.front() > '9')
         && std::all_of(text.begin(), text.end(), [](char c) {
              return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
                     || (c >= '0' && c <= '9') || c == '_';
            });
}

/// "120s", "500ms", "2m": a whole number and its unit.
std::optional<std::chrono::milliseconds> duration_from(std::string_view text) {
  const auto digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos || digits > 9)
    return std::nullopt;
  const auto unit = text.substr(digits);
  const auto count = std::stoll(std::string{text.substr(0, digits)});
  if (unit == "ms")
    return std::chrono::milliseconds{count};
  if (unit == "s")
    return std::chrono::seconds{count};
  if (unit == "m")
    return std::chrono::minutes{count};
  return std::nullopt;
}

void read_duration(MapReader& block, const char* key,
                   std::chrono::milliseconds& into) {
  const auto text = block.text(key);
  if (!text)
    return;
  const auto value = duration_from(*text);
  if (value && value->count() > 0)
    into = *value;
  else
    block.error(key, "S101",
                "`" + std::string{key}
                  + "` must be a duration such as 120s, 500ms or 2m");
}

/// Dollars per million tokens are pico-dollars per token times a million, so
/// every price with at most six decimals is exact; finer ones are refused.
std::optional<Money> read_price(MapReader& row, const char* key) {
  const auto amount = row.usd(key);
  if (!amount)
    return std::nullopt;
  if (amount->pico_usd % tokens_per_price == 0)
    return Money{amount->pico_usd / tokens_per_price};
  row
    .error(key, "S102",
           "`" + std::string{key}
             + "` is finer than a micro-dollar per million tokens")
    .help.emplace_back("write at most six decimals");
  return std::nullopt;
}

Money required_price(MapReader& row, const char* key) {
  if (row.required(key) == nullptr)
    return {};
  return read_price(row, key).value_or(Money{});
}

Tokenizer tokenizer_from(const std::string& name) {
  if (name == "byte_level")
    return Tokenizer::byte_level;
  return name == "nfc" ? Tokenizer::nfc : Tokenizer::unknown;
}

class ProviderReader {
public:
  ProviderReader(const yaml::Document& document,
                 const llm::Environment& environment, Findings& findings)
    : document_(document), environment_(environment), findings_(findings) {}

  llm::ProviderSettings read(const yaml::Entry& entry) {
    const auto builtin = llm::builtin_provider(entry.key, environment_);
    auto provider = builtin.value_or(llm::ProviderSettings{});
    provider.name = entry.key;
    provider.origin = place(document_, entry.value);
    MapReader block{document_, entry.value, "providers." + entry.key, "S",
                    findings_};
    if (entry.key == human_provider) {
      block.error("", "S102", "`human` stands for people and takes no settings")
        .help.emplace_back("give the provider another name");
      return provider;
    }
    read_wire(block, provider, builtin.has_value());
    read_key(block, provider);
    read_limits(block, provider);
    if (const auto* models = block.node("models"))
      read_models(*models, provider);
    block.finish();
    return provider;
  }

  /// Keys found in the file, so that no finding shows them.
  const std::vector<std::string>& secrets() const { return secrets_; }

private:
  void read_wire(MapReader& block, llm::ProviderSettings& provider,
                 bool known) {
    if (!known)
      block.required("dialect");
    if (const auto dialect =
          block.one_of("dialect", {"openai", "anthropic", "ollama", "sim"})) {
      if (*dialect == "openai")
        provider.dialect = llm::Dialect::openai;
      else if (*dialect == "anthropic")
        provider.dialect = llm::Dialect::anthropic;
      else if (*dialect == "ollama")
        provider.dialect = llm::Dialect::ollama;
      else
        provider.dialect = llm::Dialect::sim;
    }
    // What is simulated is known by its name, on every surface.
    if ((provider.dialect == llm::Dialect::sim) != (provider.name == "sim"))
      block.error("dialect", "S102",
                  "simulated models are called `sim/…`, and only they");
    if (!known)
      block.required("base_url");
    if (const auto url = block.text("base_url")) {
      if (url->rfind("http://", 0) != 0 && url->rfind("https://", 0) != 0)
        block.error("base_url", "S102",
                    "`base_url` must begin with http:// or https://");
      if (url->find('@') != std::string::npos)
        refuse_literal_key(block, "base_url", *block.node("base_url"));
      provider.base_url = *url;
    }
    if (const auto local = block.boolean("local"))
      provider.local = *local;
    if (const auto proof = block.boolean("void_5xx_envelope"))
      provider.void_5xx_envelope = *proof;
    if (const auto file = block.text("ca_file"))
      provider.ca_file = *file;
    if (const auto size = block.integer("num_ctx", {256, 1 << 24}))
      provider.num_ctx = *size;
    if (const auto keep = block.text("keep_alive"))
      provider.keep_alive = *keep;
  }

  void read_key(MapReader& block, llm::ProviderSettings& provider) {
    for (const auto* name : literal_key_names)
      if (const auto* written = block.node(name))
        refuse_literal_key(block, name, *written);
    const auto variable = block.text("api_key_env");
    if (!variable)
      return;
    if (!is_variable_name(*variable)) {
      refuse_literal_key(block, "api_key_env", *block.node("api_key_env"));
      return;
    }
    provider.api_key_env = *variable;
    provider.api_key = environment_(variable->c_str()).value_or("");
  }

  void refuse_literal_key(MapReader& block, const char* name,
                          const yaml::Node& written) {
    if (!written.scalar.empty())
      secrets_.push_back(written.scalar);
    auto& finding = block.error(name, "P104",
                                "keys are never written into a file: `"
                                  + std::string{name} + "`");
    finding.help = {"take it out, put it into an environment variable, and "
                    "name that here: `api_key_env: MY_KEY`"};
    finding.notes = {"whoever could read the file may have the key: replace "
                     "it at the provider"};
  }

  void read_limits(MapReader& block, llm::ProviderSettings& provider) {
    if (const auto ceiling = block.integer("max_in_flight", {1, 100'000}))
      provider.max_in_flight = *ceiling;
    if (const auto rate = block.integer("requests_per_minute", count_range))
      provider.requests_per_minute = *rate;
    read_duration(block, "call_timeout", provider.call_timeout);
    read_duration(block, "connect_timeout", provider.connect_timeout);
    read_duration(block, "idle_close", provider.idle_close);
  }

  void read_models(const yaml::Node& models, llm::ProviderSettings& provider) {
    if (models.kind != yaml::Kind::map) {
      findings_.add(yaml::at(document_, models, "S101",
                             "`models` must be a map of models, not "
                               + yaml::describe(models)));
      return;
    }
    for (const auto& entry : models.entries)
      provider.models.insert_or_assign(entry.key, read_model(entry, provider));
  }

  PriceRow read_model(const yaml::Entry& entry,
                      const llm::ProviderSettings& provider) {
    MapReader row{document_, entry.value,
                  "providers." + provider.name + ".models." + entry.key, "S",
                  findings_};
    PriceRow price;
    price.model = provider.name + "/" + entry.key;
    price.input = required_price(row, "input_usd_per_mtok");
    price.output = required_price(row, "output_usd_per_mtok");
    // Without a word about caches, a cached token costs what any other does.
    price.cached_input =
      read_price(row, "cached_input_usd_per_mtok").value_or(price.input);
    price.cache_write =
      read_price(row, "cache_write_usd_per_mtok").value_or(price.input);
    price.fee = row.usd("usd_per_call").value_or(Money{});
    price.long_threshold =
      row.integer("long_threshold", count_range).value_or(0);
    price.long_input =
      read_price(row, "long_input_usd_per_mtok").value_or(price.input);
    price.long_output =
      read_price(row, "long_output_usd_per_mtok").value_or(price.output);
    price.context_window =
      row.integer("context_window", count_range).value_or(0);
    price.max_output = row.integer("max_output", count_range).value_or(0);
    price.tokenizer =
      tokenizer_from(row.one_of("tokenizer", {"byte_level", "nfc", "unknown"})
                       .value_or("unknown"));
    price.reasoning_outside_cap =
      row.boolean("reasoning_outside_cap").value_or(false);
    price.valid_from = row.text("valid_from").value_or("");
    price.local = provider.local;
    price.source = place(document_, entry.value);
    row.finish();
    return price;
  }

  const yaml::Document& document_;
  const llm::Environment& environment_;
  Findings& findings_;
  std::vector<std::string> secrets_;
};

void mask(std::string& text, const std::string& secret) {
  for (auto at = text.find(secret); at != std::string::npos;
       at = text.find(secret, at + 3))
    text.replace(at, secret.size(), "***");
}

/// A finding shows its line, and a key may stand on it.
Findings without_secrets(const Findings& findings,
                         const std::vector<std::string>& secrets) {
  Findings masked;
  for (auto finding : findings.all()) {
    for (const auto& secret : secrets) {
      mask(finding.source, secret);
      mask(finding.message, secret);
      finding.end_column = std::min(
        finding.end_column, static_cast<int>(finding.source.size()) + 1);
    }
    masked.add(std::move(finding));
  }
  return masked;
}

} // namespace

std::vector<llm::ProviderSettings>
read_providers(const yaml::Document& document, const yaml::Node& providers,
               const llm::Environment& environment, Findings& findings) {
  std::vector<llm::ProviderSettings> result;
  if (providers.kind != yaml::Kind::map) {
    findings.add(yaml::at(document, providers, "S101",
                          "`providers` must be a map of providers, not "
                            + yaml::describe(providers)));
    return result;
  }
  Findings own;
  ProviderReader reader{document, environment, own};
  for (const auto& entry : providers.entries)
    result.push_back(reader.read(entry));
  findings.append(without_secrets(own, reader.secrets()));
  return result;
}

} // namespace lab::tools

#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "llm/provider_settings.hpp"
#include "runtime/base/error.hpp"
#include "runtime/model/price.hpp"

namespace lab::llm {

/// Looks a variable up; tests hand in a map.
using Environment = std::function<std::optional<std::string>(const char*)>;
/// The process's own; an empty variable counts as unset.
Environment process_environment();

/// The providers that need no settings file: sim, human, ollama, openrouter,
/// openai and anthropic. Keys come from OPENROUTER_API_KEY, OPENAI_API_KEY and
/// ANTHROPIC_API_KEY, Ollama's address from OLLAMA_BASE_URL or OLLAMA_HOST.
std::vector<ProviderSettings> builtin_providers(const Environment& environment);

/// The built-in provider of that name, the start for reading a settings block
/// which names it; nothing for other names.
std::optional<ProviderSettings>
builtin_provider(const std::string& name, const Environment& environment);

/// `builtin` with each configured provider in place of the one of its name.
/// Price rows of both are kept; the configured row of a model wins.
std::vector<ProviderSettings>
merge_providers(std::vector<ProviderSettings> builtin,
                std::vector<ProviderSettings> configured);

/// Why a request to `provider` cannot be sent at all: a hosted provider without
/// its key. Nothing when it can.
std::optional<Error> missing_key(const ProviderSettings& provider);

/// Where a model id leads and what it costs there.
struct Route {
  std::string provider;   // name in the settings: "openrouter"
  std::string wire_model; // as that provider calls it
  PriceRow price;
  std::string price_id;
};

/// Knows every provider and price of a process. Immutable, so any thread may
/// ask it.
class PriceBook {
public:
  explicit PriceBook(std::vector<ProviderSettings> providers);

  /// Routes an id by the part before its first '/': a provider's name ("local"
  /// is ollama); `openai` and `anthropic` only when they have a key or an
  /// address of their own; anything else is a model at openrouter.
  /// @errors model_not_priced: no row, or a zero that may not be; the context
  ///         ends in the lines to add to a settings file. invalid_input: no
  ///         model, or a `sim/` or `human/` id with a knob that is not one.
  Result<Route> route(const std::string& model) const;

  /// The row of a model as `provider` calls it: to price what a reply says
  /// served it. Nothing when there is none.
  std::optional<PriceRow> row(const std::string& provider,
                              const std::string& wire_model) const;

  /// nullptr for an unknown name.
  const ProviderSettings* provider(const std::string& name) const;
  const std::map<std::string, ProviderSettings>& providers() const {
    return providers_;
  }

private:
  struct Target {
    const ProviderSettings* provider = nullptr;
    std::string model; // without the provider's prefix
  };
  Target target_of(const std::string& model) const;

  std::map<std::string, ProviderSettings> providers_;
};

} // namespace lab::llm

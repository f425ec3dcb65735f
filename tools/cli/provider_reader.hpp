#pragma once

#include <vector>

#include "llm/price_book.hpp"
#include "llm/provider_settings.hpp"
#include "runtime/base/diagnostic.hpp"
#include "runtime/base/yaml.hpp"

namespace lab::tools {

/// Decodes the `providers:` block of a settings file. A block that names a
/// built-in provider starts from it and changes what it says. Keys come from
/// the environment alone: one written into the file is an error, and its text
/// appears in no finding.
std::vector<llm::ProviderSettings>
read_providers(const yaml::Document& document, const yaml::Node& providers,
               const llm::Environment& environment, Findings& findings);

} // namespace lab::tools

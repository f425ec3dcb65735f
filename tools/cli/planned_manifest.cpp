#include "tools/cli/planned_manifest.hpp"

namespace lab::tools {

std::optional<sweeps::Manifest> planned_manifest(storage::Queries& tables,
                                                 SweepId sweep) {
  const auto text = tables.manifest(sweep);
  if (!text || text->empty())
    return std::nullopt;
  Findings findings;
  return sweeps::read_manifest(*text, "manifest", findings);
}

} // namespace lab::tools

#pragma once

#include <string>
#include <vector>

#include "runtime/base/yaml_reader.hpp"
#include "sweeps/planner/manifest.hpp"

// Readers of the parts of a manifest. Internal to this folder. Each reads one
// key of the manifest's map into `made`; every problem becomes a finding.

namespace lab::sweeps {

/// `measure`. Needs `factors` and `design`, which may be missing after errors.
void read_measure(yaml::MapReader& manifest, Manifest& made,
                  Findings& findings);

/// `more` of `replicates`.
void read_more(yaml::MapReader& replicates, Manifest& made, Findings& findings);
void read_schedule(yaml::MapReader& manifest, Manifest& made,
                   Findings& findings);
void read_stop(yaml::MapReader& manifest, Manifest& made, Findings& findings);
void read_sentinel(yaml::MapReader& manifest, Manifest& made,
                   Findings& findings);

void read_budget(yaml::MapReader& manifest, Manifest& made, Findings& findings);
void read_limits(yaml::MapReader& manifest, Manifest& made, Findings& findings);
void read_output(yaml::MapReader& manifest, Manifest& made, Findings& findings);
void read_retry(yaml::MapReader& manifest, Manifest& made, Findings& findings);
void read_providers(yaml::MapReader& manifest, Manifest& made,
                    Findings& findings);
void read_notify(yaml::MapReader& manifest, Manifest& made, Findings& findings);

/// Needs `replicates`.
void read_wording(yaml::MapReader& manifest, Manifest& made,
                  Findings& findings);

/// Reports a block that the design does not have.
void check_block(yaml::MapReader& reader, const std::string& name,
                 const Manifest& made, Findings& findings);

/// `relative` as seen from the folder of the file that `node` stands in.
std::string beside(const yaml::Document& document, const yaml::Node& node,
                   const std::string& relative);

} // namespace lab::sweeps

#pragma once

#include <optional>

#include "runtime/base/yaml.hpp"

namespace lab::sweeps {

/// Whether this is a batch file of one of the first two versions: it has
/// `base_scenario`, `experiment_name` or `variations`, and no `schema`.
bool is_batch_file(const yaml::Document& document);

/// What a batch file says as a manifest. Every value keeps its place in the
/// file, so that findings about it point there. What had no effect then or has
/// none now is a warning; what would have run nothing in silence, such as an
/// empty list of values, is an error (S437).
/// @returns nothing after an error
std::optional<yaml::Document> manifest_of_batch(const yaml::Document& batch,
                                                Findings& findings);

} // namespace lab::sweeps

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "sweeps/report/report_input.hpp"

namespace lab::sweeps::report::testing {

/// What a run of a synthetic sweep gives; nothing: it failed.
using Response = std::function<std::optional<double>(
  const std::map<std::string, std::string>& factors, std::int32_t replicate)>;

/// A sweep as tables would tell it: every run of the manifest's design, with
/// one metric `y` from 0 to 10. Replies differ between runs. No chance, no
/// clock.
ReportInput synthetic(const std::string& manifest, const Response& response);

/// A number in a run's factors.
double number(const std::map<std::string, std::string>& factors,
              const std::string& name);

/// The same "random" number between -1 and 1 for the same place.
double noise(std::int64_t place);

/// Two rules times three trusts, four seeds each.
extern const std::string grid_manifest;
/// Rule +2, trust +1 from end to end, noise of at most 0.4.
std::optional<double> talks(const std::map<std::string, std::string>& factors,
                            std::int32_t replicate);

} // namespace lab::sweeps::report::testing

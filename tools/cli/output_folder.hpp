#pragma once

#include <string>

#include "runtime/base/error.hpp"

namespace lab::tools {

/// Makes `<base>/run-001`, or the next number that is free. Making a folder
/// either succeeds or finds it there, so two processes never get the same.
/// @errors disk_failed
Result<std::string> claim_run_folder(const std::string& base);

} // namespace lab::tools

#pragma once

#include <string>
#include <string_view>

#include "runtime/base/error.hpp"

namespace lab::storage {

/// One zstd frame that knows its size.
std::string compress(std::string_view bytes);

/// @errors journal_corrupt: no frame, damaged, or above 256 MiB
Result<std::string> decompress(std::string_view frame);

} // namespace lab::storage

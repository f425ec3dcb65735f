#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lab::actors {

/// Why a person gave no answer of its own.
enum class Declined : std::uint8_t {
  timeout, // the deadline passed
  ai,      // the participant's model shall answer this once
  skip,    // nothing is said or done this once
};

/// What stands instead of an answer in the reply of a person:
/// `{"declined":"ai"}`. Nothing for any other text.
std::optional<Declined> declined_in(std::string_view reply);

} // namespace lab::actors

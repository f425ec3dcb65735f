#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lab::actors {

// Wording that several prompts share.

/// "turn 3 of 10"; "turn 3" when a scenario has no last turn.
std::string turn_of(std::int32_t turn, std::int32_t turns);

/// The first lines of a user message.
std::string heading(const std::string& scenario, std::int32_t turn,
                    std::int32_t turns, const std::string& turn_duration);

/// How every line begins that holds words of others (data_block.hpp).
inline constexpr std::string_view record_opening = "{\"from\":";

/// Says, once a prompt, what the JSON lines are.
std::string data_notice();

} // namespace lab::actors

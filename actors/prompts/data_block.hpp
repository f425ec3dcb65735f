#pragma once

#include <string>
#include <vector>

#include "actors/prompts/view.hpp"

namespace lab::actors {

// Words of others reach a prompt as JSON, one object a line, with their
// provenance. Encoded text cannot end its line, so it cannot forge another
// line, a heading or an instruction of ours.

/// `{"from":"Isle","turn":2,"channel":"action","text":"…"}`
std::string data_line(const Utterance& utterance);
std::string data_lines(const std::vector<Utterance>& utterances);
/// `{"from":"Isle","turn":2,"channel":"goals","long_term":[…],…}`
std::string data_line(const std::string& from, const StatedGoals& goals);

} // namespace lab::actors
